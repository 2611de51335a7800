/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the ranks of one world tell each other. One function describes both directions: it names
 * what each shard has to tell, and is run twice, first to pack what the shards of this rank
 * say, then to unpack what the others' say:
 *
 *     while (post_turn(post))
 *         for (uint32_t s = 0; s < shards; s++)
 *             post_bytes(post, s, &count[s], sizeof count[s]);
 *
 * After that every rank has the same in `count`. A post of NULL is that of a world that one
 * process runs alone: the loop is never entered. A letter is sent between the two turns, in
 * which all ranks take part.
 */
#ifndef ENGINE_POST_H
#define ENGINE_POST_H

#include <stdbool.h>

#include "base/status.h"
#include "base/visit.h"
#include "engine/ranks.h"

struct exchange;

struct post {
    struct ranks *ranks;         /* borrowed */
    uint32_t shards, first, end; /* this rank owns [first, end) */
    bool packing, reading;
    enum status status; /* the first failure: from then on nothing is packed or unpacked */
    char *mine, *all;   /* owned */
    size_t used, mine_room, all_room;
    uint64_t *bytes, *at; /* owned; [ranks]: of each letter; how far each has been read */
    uint64_t log_bytes;   /* of what was sent: rows of exchanges */
};

/* The letters of one turn together are no longer: counts of units are ints in MPI. */
#define POST_MOST ((uint64_t)INT32_MAX * RANKS_UNIT)

/* STATUS_BAD_INPUT when there are fewer shards than ranks. */
enum status post_init(struct post *self, struct ranks *ranks, uint32_t shards) MUST_CHECK;
void post_free(struct post *self); /* zeroed is fine */

/* True twice: to pack, to unpack. Whoever runs the windows looks at `status` after each: the
 * letters of a rank that failed are empty, so all see that something is wrong. STATUS_FAULT: a
 * letter says less or more than is read of it. */
bool post_turn(struct post *self);
/* The same; only rank 0 gets to unpack, and only there it is true twice. */
bool post_turn_first(struct post *self);
static inline bool post_owns(const struct post *self, uint32_t shard)
{
    return !self || (shard >= self->first && shard < self->end);
}
/* Within a turn: n bytes that shard's owner has and others get. */
void post_bytes(struct post *self, uint32_t shard, void *data, size_t n);
/* The same of a number of rows of `size` bytes, which are packed next; 0 once something has
 * failed. A letter that has no room for so many is a fault. */
uint64_t post_count(struct post *self, uint32_t shard, uint64_t n, size_t size);
/* A growing list: the address of the pointer to its rows, their number, the room, bytes of one.
 */
struct post_rows {
    void *rows;
    size_t *count, *room, size;
};
/* A list that shard's owner has; others' grows to its length. */
void post_list(struct post *self, uint32_t shard, const struct post_rows *list);
/* The rows that shard wrote since the last delivery; to_all = for every destination, else only
 * for those of the reader. */
void post_exchange(struct post *self, uint32_t shard, struct exchange *exchange, bool to_all);

/* Each of n numbers becomes its sum over all ranks. */
void post_sum(struct post *self, uint32_t *number, size_t n);

/* A part of the state that shard's owner has and others have not. Saving and hashing: `visit`
 * runs at the owner, and what it names reaches the visitor of rank 0. Loading: it runs
 * everywhere, and `visit` is left to drop what is not its own. */
typedef void (*post_part)(void *context, uint32_t shard, struct visitor *v);
void post_visit(struct post *self, uint32_t shard, struct visitor *v, post_part visit,
                void *context);
/* A visitor for the ranks other than 0, whose own parts go to rank 0: it does nothing. */
struct visitor post_witness(enum visit_mode mode);

#endif
