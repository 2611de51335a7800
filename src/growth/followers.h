/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who follows a creator, of one shard's viewers: what a publish or the start of a room is
 * expanded from, which are one record each and never a message a follower.
 *
 * Read off the relations at the start and at the close of each day, and only where a channel in
 * use asks for it: who began to follow since is told from the next day on, who gave up is still
 * listed and must be left out by whoever tells. Four bytes a creator and a follow; part of the
 * state, since relations move on within a day.
 */
#ifndef GROWTH_FOLLOWERS_H
#define GROWTH_FOLLOWERS_H

#include "world/world.h"

struct followers {
    uint32_t *base;   /* owned; [shards + 1]: creators known in the shards before one */
    uint32_t *first;  /* owned; [known creators + 1], shard by shard: where each list begins */
    uint32_t *viewer; /* owned; rows of this shard, ascending in each list */
    uint64_t shards, known, count;
    size_t shards_room, known_room, room;
};

void followers_free(struct followers *self);
size_t followers_bytes(const struct followers *self);
/* Reads the relations of a shard's viewers. Allocates. */
enum status followers_build(struct followers *self, const struct world *w,
                            uint32_t shard) MUST_CHECK;
/* Rows of the viewers who followed a creator (number); *count of them. */
const uint32_t *followers_of(const struct followers *self, struct shards shards,
                             uint32_t creator, uint32_t *count);
void followers_visit(struct followers *self, const struct world *w, uint32_t shard,
                     struct visitor *v);

/* Whether a viewer follows a creator now, and whether it subscribes to it. */
struct follower_tie {
    bool follows, subscribes;
};
struct follower_tie follower_tie(const struct viewer_shard *viewers,
                                 const struct viewer *viewer, uint32_t creator);

#endif
