/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a stream holds until later: sales that may yet be sent back, deals that have yet to be
 * delivered. One list a shard, that of the creator; rows are settled at the close of the day
 * that they are due, in the order in which they came.
 */
#ifndef REVENUE_DUES_H
#define REVENUE_DUES_H

#include "revenue/stream.h"

struct due {
    int64_t held;     /* micro-units in ESCROW or PAYABLE */
    int64_t value;    /* of the order; the stream's own */
    uint32_t creator; /* row in this shard */
    uint32_t viewer;  /* number; ENTITY_NONE = nobody */
    int32_t day;      /* settled at the close of that day, or a later one */
    uint32_t detail;  /* the stream's own */
};

struct dues {
    struct due *row; /* owned */
    size_t count, room;
};

#define DUES_DAYS_MOST 3650 /* the longest that anything may be held */

/* The day that a sale of the running window is due when it is held for so many whole days. */
static inline int32_t dues_day(const struct world *world, int64_t days)
{
    return world_day(world) + (int32_t)days;
}
/* False, and a fault of the till, without memory. */
bool dues_add(struct stream_desk *desk, struct dues *self, struct due due);
/* At the close of a day: hands what is due to `settle`, which must see to all that is held, and
 * drops it. `settle` must not add. */
void dues_settle(struct stream_desk *desk, struct dues *self,
                 void (*settle)(struct stream_desk *desk, const struct due *due));
int64_t dues_held(const struct dues *self);
/* A payment that has just arrived waits in ESCROW for so many whole days; its detail has
 * DUE_REFUND when the viewer is going to ask for it back. A fault of the till without memory.
 */
enum due_detail { DUE_REFUND = 1, DUE_IOS = 2 };
#define DUE_DETAIL_MOST (DUE_REFUND | DUE_IOS)
void dues_wait(struct stream_desk *desk, struct dues *self, const struct payment *paid,
               int64_t days);
/* One that is due, at the close: true, and *sale is what there is to share; else the viewer has
 * its money back. */
bool dues_sale(struct stream_desk *desk, const struct due *due, struct sale *sale);
/* Whether every row says no more than `detail` may, and names a viewer where `viewers` pay. */
bool dues_sound(const struct dues *self, uint32_t detail_most, bool viewers);
/* Loading: every row is checked against the world. */
void dues_visit(const struct stream_desk *desk, struct dues *self, struct visitor *v);

#endif
