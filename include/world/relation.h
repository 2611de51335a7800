/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What stands between a viewer and somebody else: follow, friendship, subscription.
 *
 * One pool a viewer shard holds lists of 4-byte rows (kind and number of the other) in blocks
 * of 2, 4, 6, ..., 16, 20, ..., 32, 40, ... rows: an eighth to a quarter of a block is the most
 * that stands empty. Blocks are recycled by size. A list keeps the order of making; at `most`
 * rows of a kind the oldest of that kind goes. Adding and removing are linear in the length of
 * the list, which is short.
 */
#ifndef WORLD_RELATION_H
#define WORLD_RELATION_H

#include "base/visit.h"

enum relation_kind {
    RELATION_FOLLOW,
    RELATION_FRIEND,
    RELATION_TRIAL,   /* a subscription that has not been paid for yet */
    RELATION_FIRST,   /* one in its first paid month */
    RELATION_RENEWED, /* one that was renewed */
    RELATION_KINDS
};

static inline bool relation_subscribes(enum relation_kind kind)
{
    return kind >= RELATION_TRIAL && kind <= RELATION_RENEWED;
}

#define RELATION_SIZES 32       /* sizes of blocks */
#define RELATION_LIST_MOST 1024 /* rows of the largest */
#define RELATION_PIECE 4096     /* rows of a piece of the pool */
#define RELATION_OTHER_BITS 29
#define RELATION_OTHER_LAST ((UINT32_C(1) << RELATION_OTHER_BITS) - 1)

struct relation {
    uint32_t word; /* kind << RELATION_OTHER_BITS | number */
};

/* `other`: creator or viewer number, at most RELATION_OTHER_LAST: whoever gives out numbers
 * keeps to that (viewers.count and creators.count have lower bounds). */
static inline struct relation relation_make(enum relation_kind kind, uint32_t other)
{
    require(other <= RELATION_OTHER_LAST);
    return (struct relation){(uint32_t)kind << RELATION_OTHER_BITS | other};
}
static inline enum relation_kind relation_kind(struct relation r)
{
    return (enum relation_kind)(r.word >> RELATION_OTHER_BITS);
}
static inline uint32_t relation_other(struct relation r)
{
    return r.word & RELATION_OTHER_LAST;
}

struct relation_list { /* kept in the viewer's row; zeroed = empty */
    uint32_t first;    /* row in the pool */
    uint16_t count;
    uint16_t capacity; /* 0, or a size of blocks */
};

struct relation_pool {       /* in pieces: growing copies nothing and leaves no holes */
    struct relation **piece; /* owned, as are the pieces of RELATION_PIECE rows */
    size_t pieces, room;     /* how many, and room in the list of them */
    size_t count, capacity;  /* rows given out so far, and rows in all pieces */
    uint32_t
        free_block[RELATION_SIZES]; /* by size: first free block + 1, linked through `word` */
};

/* A row by its number; a block lies within one piece. */
static inline struct relation *relation_at(const struct relation_pool *self, uint32_t row)
{
    return &self->piece[row / RELATION_PIECE][row % RELATION_PIECE];
}
void relation_pool_free(struct relation_pool *self);
/* Makes sure that `rows` more rows can be added without asking for memory: lists that grow in a
 * running window find room made at the close before. */
enum status relation_pool_reserve(struct relation_pool *self, size_t rows) MUST_CHECK;
/* Gives an empty list `count` rows, all different, and room for `room` (count <= room <=
 * RELATION_LIST_MOST): to measure, for lists whose length is known. */
enum status relation_list_fill(struct relation_pool *self, struct relation_list *list,
                               const struct relation *row, uint32_t count,
                               uint32_t room) MUST_CHECK;
/* Adds at the end, or drops the oldest of that kind when there are `most` of it already; most =
 * 0 adds nothing. Adding what is there already changes nothing. *dropped (may be NULL) = the
 * number of who was dropped, or ENTITY_NONE. A list of RELATION_LIST_MOST rows counts as full.
 * Pointers into the pool may move. */
enum status relation_add(struct relation_pool *self, struct relation_list *list,
                         struct relation what, uint32_t most, uint32_t *dropped) MUST_CHECK;
/* Order of the others is kept; false when it was not there. */
bool relation_remove(struct relation_pool *self, struct relation_list *list,
                     struct relation what);
static inline const struct relation *relation_rows(const struct relation_pool *self,
                                                   const struct relation_list *list)
{
    return list->count ? relation_at(self, list->first) : 0;
}
bool relation_has(const struct relation_pool *self, const struct relation_list *list,
                  struct relation what);
/* Whether one of n rows is a subscription to that creator. */
static inline bool relation_subscribed(const struct relation *row, uint32_t n, uint32_t creator)
{
    for (uint32_t i = 0; i < n; i++)
        if (relation_other(row[i]) == creator && relation_subscribes(relation_kind(row[i])))
            return true;
    return false;
}
/* How many rows of a kind. */
uint32_t relation_count(const struct relation_pool *self, const struct relation_list *list,
                        enum relation_kind kind);
/* Whether a list lies within the pool: asked of every list that was read from a file. */
bool relation_list_valid(const struct relation_pool *self, const struct relation_list *list);
void relation_pool_visit(struct relation_pool *self, struct visitor *v);

#endif
