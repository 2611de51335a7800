/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What stands between a viewer and somebody else: follow, friendship, later subscription,
 * loyalty.
 *
 * One pool a viewer shard holds lists of 8-byte rows in blocks of 4, 8, 12, 16, 24, 32, 48, ...
 * rows (quarter steps of memory are worth more than a few more free lists), recycled by size. A
 * list keeps the order of making; at `most` rows of a kind the oldest of that kind goes. Adding
 * and removing are linear in the length of the list, which is short.
 */
#ifndef WORLD_RELATION_H
#define WORLD_RELATION_H

#include "base/visit.h"

enum relation_kind { RELATION_FOLLOW, RELATION_FRIEND, RELATION_KINDS };

#define RELATION_SIZES 16       /* sizes of blocks */
#define RELATION_LIST_MOST 1024 /* rows of the largest */

struct relation {
    uint32_t other; /* creator or viewer number */
    uint16_t since_day;
    uint8_t kind;
    uint8_t value; /* strength, units of 1/255 */
};

struct relation_list { /* kept in the viewer's row; zeroed = empty */
    uint32_t first;    /* row in the pool */
    uint16_t count;
    uint16_t capacity; /* 0, 4, 8, 12, 16, 24, ... */
};

struct relation_pool {
    struct relation *row; /* owned */
    size_t count, capacity;
    uint32_t
        free_block[RELATION_SIZES]; /* by size: first free block + 1, linked through `other` */
};

void relation_pool_free(struct relation_pool *self);
/* Makes sure that `rows` more rows can be added without asking for memory: lists that grow in a
 * running window find room made at the close before. */
enum status relation_pool_reserve(struct relation_pool *self, size_t rows) MUST_CHECK;
/* Gives an empty list room for `count` rows (<= RELATION_LIST_MOST), exactly rather than by
 * doubling: for lists whose length is known. */
enum status relation_list_reserve(struct relation_pool *self, struct relation_list *list,
                                  uint32_t count) MUST_CHECK;
/* Adds at the end, or drops the oldest of that kind when there are `most` of it already; most =
 * 0 adds nothing. Adding what is there already changes nothing. *dropped (may be NULL) = who
 * was dropped, or ENTITY_NONE. A list of RELATION_LIST_MOST rows counts as full. Pointers into
 * the pool may move. */
enum status relation_add(struct relation_pool *self, struct relation_list *list,
                         struct relation what, uint32_t most, uint32_t *dropped) MUST_CHECK;
/* Order of the others is kept; false when it was not there. */
bool relation_remove(struct relation_pool *self, struct relation_list *list, uint32_t other,
                     enum relation_kind kind);
static inline const struct relation *relation_rows(const struct relation_pool *self,
                                                   const struct relation_list *list)
{
    return list->count ? self->row + list->first : 0;
}
bool relation_has(const struct relation_pool *self, const struct relation_list *list,
                  uint32_t other, enum relation_kind kind);
/* How many rows of a kind. */
uint32_t relation_count(const struct relation_pool *self, const struct relation_list *list,
                        enum relation_kind kind);
/* Whether a list lies within the pool: asked of every list that was read from a file. */
bool relation_list_valid(const struct relation_pool *self, const struct relation_list *list);
void relation_pool_visit(struct relation_pool *self, struct visitor *v);

#endif
