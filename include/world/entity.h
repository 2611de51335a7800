/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Entity numbers. A viewer, creator or video is (row, shard): number = row << bits | shard,
 * with 2^bits shards; the row is an index into its shard's table. Numbers are places, not
 * origins: they never feed a draw (birth names do, engine/stream.h) and never break a tie that
 * a reader can see.
 *
 * To the engine viewers and creators are both entities; creators carry the top bit, so a
 * window's viewers run first (phase one), its creators after the videos have been looked at
 * (phase three). A video lives in its creator's shard. An entity is dealt to a shard by its
 * name, so one more of a kind moves nobody else.
 */
#ifndef WORLD_ENTITY_H
#define WORLD_ENTITY_H

#include <stddef.h>
#include <stdint.h>

#define ENTITY_NONE UINT32_MAX
#define ENTITY_CREATOR UINT32_C(0x80000000)
#define ENTITY_VIEWER_LAST UINT32_C(0x7fffffff)

struct shards {
    uint32_t count; /* power of two */
    uint32_t bits;
};

static inline uint32_t entity_number(struct shards s, uint32_t row, uint32_t shard)
{
    return row << s.bits | shard;
}
static inline uint32_t entity_row(struct shards s, uint32_t number)
{
    return (number & ~ENTITY_CREATOR) >> s.bits;
}
static inline uint32_t entity_shard(struct shards s, uint32_t number)
{
    return number & (s.count - 1);
}
static inline uint32_t entity_home(struct shards s, uint64_t name)
{
    return (uint32_t)(name >> 32) & (s.count - 1);
}
/* Rows that a shard's table may need for n entities, dealt by their names: some 4 standard
 * deviations above the mean. */
static inline size_t entity_room(struct shards s, size_t n)
{
    return n / s.count + n / s.count / 32 + 96;
}

#endif
