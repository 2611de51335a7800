/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Moves fixed-size rows from source shards to destination shards between two phases.
 *
 * While a phase runs, the owner of source shard s appends rows for any destination. After
 * exchange_deliver (once, by one thread, between phases) the owner of destination shard d reads
 * what was sent to it, in (source shard, order of writing): never in order of arrival. A
 * delivery is a swap; where several processes run one world, each has written for the others'
 * shards what they told it (engine/post.h) by then, and no reader sees the difference.
 * Events, impression logs, postings and side records all travel this way.
 */
#ifndef ENGINE_EXCHANGE_H
#define ENGINE_EXCHANGE_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

struct exchange_chunk; /* rows in blocks from a pool, so that slack stays small */

struct exchange_lane { /* one (source, destination) pair */
    char *next, *end;  /* free room in the last chunk */
    struct exchange_chunk *first, *last;
    uint64_t full; /* rows in the chunks before the last */
};

struct exchange {
    uint32_t shards;
    size_t row_size;
    uint32_t room[2];                /* rows that a small and a large chunk hold */
    struct exchange_lane *written;   /* [source * shards + destination], this phase */
    struct exchange_lane *delivered; /* the same, readable */
    struct exchange_pool *pools;     /* one a source shard; owned */
    uint64_t rows, bytes;            /* delivered so far, for the cost report */
    uint64_t most;                   /* rows of the largest delivery */
};

/* shards is a power of two (1..4096), row_size a multiple of 4; rows are aligned to 8 bytes
 * when row_size is a multiple of 8, else to 4. STATUS_NO_MEMORY is the only failure. */
enum status exchange_init(struct exchange *self, uint32_t shards, size_t row_size) MUST_CHECK;
void exchange_free(struct exchange *self);

/* Room for one row from source to destination; the caller fills it at once. NULL = no memory.
 * Only the thread that works on `source` may call it. The slow path is exchange_append's own.
 */
void *exchange_append_slow(struct exchange *self, uint32_t source, uint32_t destination);
static inline void *exchange_append(struct exchange *self, uint32_t source,
                                    uint32_t destination)
{
    struct exchange_lane *lane = &self->written[(size_t)source * self->shards + destination];
    if (lane->next == lane->end) return exchange_append_slow(self, source, destination);
    char *row = lane->next;
    lane->next += self->row_size;
    __builtin_prefetch(lane->next + self->row_size, 1); /* for the next row but one */
    return row;
}

/* What was written becomes readable; what was readable is gone, consumed or not. */
void exchange_deliver(struct exchange *self);

/* Rows that wait for the next delivery, and a copy of them in the order of writing. */
uint64_t exchange_waiting(const struct exchange *self, uint32_t source, uint32_t destination);
void exchange_copy(const struct exchange *self, uint32_t source, uint32_t destination,
                   void *rows);

/* Walks what came to `destination`: `while ((rows = exchange_next(&cursor, &n)))` gives blocks
 * of n contiguous rows, sources in order, all rows of a block from one source (cursor.source).
 */
struct exchange_cursor {
    const struct exchange *exchange;
    uint32_t destination, source;
    const struct exchange_chunk *chunk;
    const char *row; /* of exchange_gather: what is left of the chunk */
    size_t left;
};
struct exchange_cursor exchange_read(const struct exchange *self, uint32_t destination);
const void *exchange_next(struct exchange_cursor *cursor, size_t *n);
/* The same rows copied together, `most` at a time; fewer: those were the last. Not on a cursor
 * that exchange_next has moved. */
size_t exchange_gather(struct exchange_cursor *cursor, void *rows, size_t most);
/* Rows that came to `destination`. */
uint64_t exchange_count(const struct exchange *self, uint32_t destination);
/* The last delivery to `destination` has been consumed: its chunks go back to the pools of
 * their sources. Destinations may do so in parallel, also while sources write. Without the call
 * the chunks go back at the next delivery. */
void exchange_consumed(struct exchange *self, uint32_t destination);
/* Whether the lanes' chains and counts agree and no chunk is in two places: NULL, or what is
 * wrong. For tests, between phases; O(chunks). */
const char *exchange_check(const struct exchange *self);
/* Memory held, in bytes: lanes and pools. Pools keep their peak. */
size_t exchange_held(const struct exchange *self);

#endif
