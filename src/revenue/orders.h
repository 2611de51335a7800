/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Orders of what there is not enough of, paid into ESCROW: one list a shard, that of the
 * creator. At the close of a window they are looked at creator by creator, by (time, name).
 */
#ifndef REVENUE_ORDERS_H
#define REVENUE_ORDERS_H

#include "revenue/stream.h"

struct order {
    int64_t amount;
    sim_time at;
    uint64_t name;    /* of the viewer */
    uint32_t creator; /* row in this shard */
    uint32_t viewer;  /* number */
    uint32_t ios;     /* 1 = paid through an app store */
};

struct orders {
    struct order *row; /* owned */
    size_t count, room;
};

/* A stream's `payment`: the money goes from VIEWERS to ESCROW. A fault of the till without
 * memory. */
void orders_add(struct stream_desk *desk, struct orders *self, const struct payment *payment);
/* At the close: hands the n orders of each creator to `close`, which must see to all their
 * money and then returns true, or leaves them all and returns false. */
void orders_close(struct stream_desk *desk, struct orders *self,
                  bool (*close)(struct stream_desk *desk, const struct order *order, size_t n));
/* One that is filled, to be dealt out of ESCROW. */
static inline struct sale orders_sale(const struct order *order)
{
    return (struct sale){order->amount, ACCOUNT_ESCROW, order->creator, order->ios};
}
int64_t orders_held(const struct orders *self);
/* Loading: every row is checked against the world. */
void orders_visit(const struct stream_desk *desk, struct orders *self, struct visitor *v);

#endif
