/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/exchange.h"

#include <stdalign.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>

#include "base/memory.h"
#include "engine/slab.h"

/* Most lanes carry a handful of rows in a phase and some carry thousands: the first chunk of a
 * lane is small, the others are large. */
#define CHUNK_SMALL 256
#define CHUNK_LARGE 2112

/* Rows follow. Every chunk of a lane but the last is full. */
struct exchange_chunk {
    struct exchange_chunk *next;
};

enum chunk_class { SMALL, LARGE, CHUNK_CLASSES };

/* The chunks of one source. `free` is touched by the source's owner alone; destinations push
 * what they have consumed onto `returned`, from where the owner takes all at once when `free`
 * is empty. Which chunk serves where depends on the threads' timing, the rows in it do not. */
struct exchange_pool {
    alignas(64) struct exchange_chunk *free[CHUNK_CLASSES];
    struct slabs slabs;
    size_t cut; /* bytes of all chunks that were cut from them */
    alignas(64) _Atomic(struct exchange_chunk *) returned[CHUNK_CLASSES];
};

static uint32_t chunk_room(size_t row_size, enum chunk_class class)
{
    size_t room = (class == SMALL ? CHUNK_SMALL : CHUNK_LARGE) - sizeof(struct exchange_chunk);
    size_t least = class == SMALL ? 1 : 8, rows = room / row_size;
    return (uint32_t)(rows > least ? rows : least);
}

static size_t chunk_bytes(const struct exchange *self, enum chunk_class class)
{
    size_t bytes = sizeof(struct exchange_chunk) + self->room[class] * self->row_size;
    return (bytes + 7) & ~(size_t)7;
}

static char *chunk_data(struct exchange_chunk *chunk) { return (char *)(chunk + 1); }

enum status exchange_init(struct exchange *self, uint32_t shards, size_t row_size)
{
    size_t lanes = (size_t)shards * shards;

    require(shards >= 1 && shards <= 4096 && (shards & (shards - 1)) == 0);
    require(row_size >= 4 && row_size % 4 == 0);
    *self = (struct exchange){.shards = shards, .row_size = row_size};
    for (unsigned c = 0; c < CHUNK_CLASSES; c++) self->room[c] = chunk_room(row_size, c);
    self->written = memory_alloc(lanes, sizeof *self->written);
    self->delivered = memory_alloc(lanes, sizeof *self->delivered);
    self->pools = memory_alloc(shards, sizeof *self->pools);
    if (self->written && self->delivered && self->pools) return STATUS_OK;
    exchange_free(self);
    return STATUS_NO_MEMORY;
}

void exchange_free(struct exchange *self)
{
    for (uint32_t s = 0; self->pools && s < self->shards; s++)
        slabs_free(&self->pools[s].slabs);
    memory_free(self->pools);
    memory_free(self->written);
    memory_free(self->delivered);
    *self = (struct exchange){0};
}

static struct exchange_chunk *pool_take(struct exchange *self, uint32_t source,
                                        enum chunk_class class)
{
    struct exchange_pool *pool = &self->pools[source];
    if (!pool->free[class])
        pool->free[class] = atomic_exchange_explicit(&pool->returned[class], NULL,
                                                     memory_order_acquire);
    struct exchange_chunk *chunk = pool->free[class];
    if (!chunk) {
        chunk = slabs_take(&pool->slabs, chunk_bytes(self, class));
        pool->cut += chunk ? chunk_bytes(self, class) : 0;
        return chunk;
    }
    pool->free[class] = chunk->next;
    return chunk;
}

void *exchange_append_slow(struct exchange *self, uint32_t source, uint32_t destination)
{
    struct exchange_lane *lane = &self->written[(size_t)source * self->shards + destination];
    enum chunk_class class = lane->first ? LARGE : SMALL;
    struct exchange_chunk *chunk = pool_take(self, source, class), *last = lane->last;

    if (!chunk) return NULL;
    chunk->next = NULL;
    if (last) {
        last->next = chunk;
        lane->full += self->room[last == lane->first ? SMALL : LARGE];
    } else {
        lane->first = chunk;
    }
    lane->last = chunk;
    lane->next = chunk_data(chunk) + self->row_size;
    lane->end = chunk_data(chunk) + self->room[class] * self->row_size;
    return chunk_data(chunk);
}

/* Pushes a chain whole. No pop of single chunks exists, so a chunk can't come back under the
 * push (the ABA problem). */
static void pool_return(struct exchange_pool *pool, enum chunk_class class,
                        struct exchange_chunk *first, struct exchange_chunk *last)
{
    struct exchange_chunk *head = atomic_load_explicit(&pool->returned[class],
                                                       memory_order_relaxed);
    do {
        last->next = head;
    } while (!atomic_compare_exchange_weak_explicit(
        &pool->returned[class], &head, first, memory_order_release, memory_order_relaxed));
}

static void lane_return(struct exchange_pool *pool, struct exchange_lane *lane)
{
    if (!lane->first) return;
    if (lane->first != lane->last) pool_return(pool, LARGE, lane->first->next, lane->last);
    pool_return(pool, SMALL, lane->first, lane->first);
    *lane = (struct exchange_lane){0};
}

static size_t last_rows(const struct exchange *self, const struct exchange_lane *lane)
{
    return (size_t)(lane->next - chunk_data(lane->last)) / self->row_size;
}

static uint64_t lane_rows(const struct exchange *self, const struct exchange_lane *lane)
{
    return lane->last ? lane->full + last_rows(self, lane) : 0;
}

void exchange_deliver(struct exchange *self)
{
    struct exchange_lane *readable = self->written;
    uint64_t rows = 0;

    for (uint32_t source = 0; source < self->shards; source++) {
        size_t first = (size_t)source * self->shards;
        for (size_t i = first; i < first + self->shards; i++) {
            struct exchange_lane *lane = &self->written[i];
            lane_return(&self->pools[source], &self->delivered[i]);
            rows += lane_rows(self, lane);
        }
    }
    self->written = self->delivered;
    self->delivered = readable;
    self->rows += rows;
    if (rows > self->most) self->most = rows;
    self->bytes += rows * self->row_size;
}

uint64_t exchange_waiting(const struct exchange *self, uint32_t source, uint32_t destination)
{
    return lane_rows(self, &self->written[(size_t)source * self->shards + destination]);
}

void exchange_copy(const struct exchange *self, uint32_t source, uint32_t destination,
                   void *rows)
{
    const struct exchange_lane
        *lane = &self->written[(size_t)source * self->shards + destination];
    char *to = rows;
    for (struct exchange_chunk *chunk = lane->first; chunk; chunk = chunk->next) {
        size_t n = chunk == lane->last ? last_rows(self, lane)
                                       : self->room[chunk == lane->first ? SMALL : LARGE];
        memcpy(to, chunk_data(chunk), n * self->row_size);
        to += n * self->row_size;
    }
}

struct exchange_cursor exchange_read(const struct exchange *self, uint32_t destination)
{
    /* One before source 0, modulo 2^32. */
    return (struct exchange_cursor){
        .exchange = self, .destination = destination, .source = UINT32_MAX};
}

static const struct exchange_lane *lane_from(const struct exchange_cursor *cursor,
                                             uint32_t source)
{
    const struct exchange *self = cursor->exchange;
    return &self->delivered[(size_t)source * self->shards + cursor->destination];
}

/* Asks the cache for what comes after the chunk: the lane's next one, else the first one of the
 * next lane, and the lane after that. */
static void fetch_ahead(const struct exchange_cursor *cursor,
                        const struct exchange_chunk *chunk)
{
    const struct exchange_chunk *next = chunk->next;
    uint32_t source = cursor->source + 1, shards = cursor->exchange->shards;
    if (!next && source < shards) next = lane_from(cursor, source)->first;
    if (source + 1 < shards) __builtin_prefetch(lane_from(cursor, source + 1));
    if (!next) return;
    for (int line = 0; line < CHUNK_SMALL; line += 64)
        __builtin_prefetch((const char *)next + line);
}

const void *exchange_next(struct exchange_cursor *cursor, size_t *n)
{
    const struct exchange *self = cursor->exchange;
    const struct exchange_chunk *chunk = cursor->chunk ? cursor->chunk->next : NULL;

    while (!chunk && cursor->source + 1 < self->shards)
        chunk = lane_from(cursor, ++cursor->source)->first;
    cursor->chunk = chunk;
    *n = 0;
    if (!chunk) return NULL;
    const struct exchange_lane *lane = lane_from(cursor, cursor->source);
    *n = chunk == lane->last ? last_rows(self, lane)
                             : self->room[chunk == lane->first ? SMALL : LARGE];
    fetch_ahead(cursor, chunk);
    return chunk + 1;
}

size_t exchange_gather(struct exchange_cursor *cursor, void *rows, size_t most)
{
    const size_t size = cursor->exchange->row_size;
    size_t n = 0;
    while (n < most) {
        if (cursor->left == 0) cursor->row = exchange_next(cursor, &cursor->left);
        if (!cursor->row) break;
        size_t take = cursor->left < most - n ? cursor->left : most - n;
        memcpy((char *)rows + n * size, cursor->row, take * size);
        cursor->row += take * size;
        cursor->left -= take;
        n += take;
    }
    return n;
}

uint64_t exchange_count(const struct exchange *self, uint32_t destination)
{
    uint64_t rows = 0;
    for (uint32_t source = 0; source < self->shards; source++)
        rows += lane_rows(self, &self->delivered[(size_t)source * self->shards + destination]);
    return rows;
}

void exchange_consumed(struct exchange *self, uint32_t destination)
{
    for (uint32_t source = 0; source < self->shards; source++)
        lane_return(&self->pools[source],
                    &self->delivered[(size_t)source * self->shards + destination]);
}

size_t exchange_held(const struct exchange *self)
{
    size_t lanes = (size_t)self->shards * self->shards;
    size_t bytes = 2 * lanes * sizeof *self->written + self->shards * sizeof *self->pools;
    for (uint32_t s = 0; s < self->shards; s++) bytes += self->pools[s].slabs.bytes;
    return bytes;
}

/* --------------------------------------------------------------------------------- checking */

/* Chunks of a chain; stops at `most`, so that a ring ends, too. */
static size_t chain_length(const struct exchange_chunk *chunk, size_t most)
{
    size_t n = 0;
    for (; chunk && n <= most; chunk = chunk->next) n++;
    return n;
}

static const char *check_lane(const struct exchange *self, const struct exchange_lane *lane)
{
    uint64_t full = 0;
    if (!lane->first) return lane->last || lane->next ? "an empty lane has room" : NULL;
    for (const struct exchange_chunk *c = lane->first; c; c = c->next) {
        enum chunk_class class = c == lane->first ? SMALL : LARGE;
        if ((c == lane->last) != !c->next)
            return "a lane's chain does not end at its last chunk";
        if (c->next) full += self->room[class];
    }
    if (lane->full != full) return "a lane does not know what its full chunks hold";
    size_t rows = last_rows(self, lane);
    if (rows == 0) return "a chunk has no rows";
    if (rows > self->room[lane->first == lane->last ? SMALL : LARGE])
        return "a chunk holds more than it has room for";
    return NULL;
}

/* All chunks of a source are in its lanes, free or returned, each once: together they are what
 * was cut from its slabs. */
static const char *check_pool(const struct exchange *self, uint32_t source)
{
    const struct exchange_pool *pool = &self->pools[source];
    size_t most = pool->slabs.bytes / sizeof(struct exchange_chunk), used = 0;
    for (unsigned c = 0; c < CHUNK_CLASSES; c++)
        used += chunk_bytes(self, c) * (chain_length(pool->free[c], most) +
                                        chain_length(atomic_load(&pool->returned[c]), most));
    for (size_t i = 0; i < 2 * (size_t)self->shards; i++) {
        const struct exchange_lane *lanes = i < self->shards ? self->written : self->delivered;
        const struct exchange_lane
            *lane = &lanes[(size_t)source * self->shards + i % self->shards];
        size_t n = chain_length(lane->first, most);
        if (n) used += chunk_bytes(self, SMALL) + (n - 1) * chunk_bytes(self, LARGE);
    }
    if (used < pool->cut) return "a chunk is lost";
    return used == pool->cut ? NULL : "a chunk is in two places";
}

const char *exchange_check(const struct exchange *self)
{
    const char *wrong = NULL;
    size_t lanes = (size_t)self->shards * self->shards;
    for (size_t i = 0; i < lanes && !wrong; i++) {
        wrong = check_lane(self, &self->written[i]);
        if (!wrong) wrong = check_lane(self, &self->delivered[i]);
    }
    for (uint32_t s = 0; s < self->shards && !wrong; s++) wrong = check_pool(self, s);
    return wrong;
}
