/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What stands between a viewer and somebody else: follow, friendship, later subscription, loyalty.
 *
 * One pool a viewer shard holds lists of 8-byte rows in blocks of 4, 8, 16, ... rows, recycled by
 * size. A list keeps the order of making; at `most` rows of a kind the oldest of that kind goes.
 */
#ifndef WORLD_RELATION_H
#define WORLD_RELATION_H

#include "base/visit.h"

enum relation_kind { RELATION_FOLLOW, RELATION_FRIEND, RELATION_KINDS };

struct relation {
    uint32_t other;     /* creator or viewer number */
    uint16_t since_day;
    uint8_t kind;
    uint8_t value;      /* strength, units of 1/255 */
};

struct relation_list { /* kept in the viewer's row; zeroed = empty */
    uint32_t first;    /* row in the pool */
    uint16_t count;
    uint16_t capacity; /* 0, 4, 8, 16, ... */
};

struct relation_pool {
    struct relation *row; /* owned */
    size_t count, capacity;
    uint32_t free_block[16]; /* by log2 of size: first free block + 1, linked through `other` */
};

void relation_pool_free(struct relation_pool *self);
/* Adds at the end, or drops the oldest of that kind when there are `most` of it already. Adding what
 * is there already changes nothing. *dropped (may be NULL) = who was dropped, or ENTITY_NONE. */
enum status relation_add(struct relation_pool *self, struct relation_list *list,
                         struct relation what, uint32_t most, uint32_t *dropped) MUST_CHECK;
/* Order of the others is kept; false when it was not there. */
bool relation_remove(struct relation_pool *self, struct relation_list *list, uint32_t other,
                     enum relation_kind kind);
static inline const struct relation *relation_rows(const struct relation_pool *self,
                                                   const struct relation_list *list)
{
    return self->row + list->first;
}
bool relation_has(const struct relation_pool *self, const struct relation_list *list,
                  uint32_t other, enum relation_kind kind);
void relation_pool_visit(struct relation_pool *self, struct visitor *v);

#endif
