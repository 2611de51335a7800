/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One viewer's turn: everything that its handlers hand to one another while it runs in a
 * window.
 */
#ifndef VIEWERS_TURN_H
#define VIEWERS_TURN_H

#include "state.h"

struct turn {
    struct viewers *self;
    struct scope *scope;
    struct viewer_shard *shard;
    struct session_pool *pool;
    struct viewer *viewer;
    struct session *session; /* NULL while none is open */
    uint32_t number, row, slot;
    uint64_t follows; /* turn_follow_bit of every creator that the viewer follows, at least */
    struct feed feed;
};

/* Bloom filter of one hash: the bit of a creator. */
static inline uint64_t turn_follow_bit(uint32_t creator)
{
    return UINT64_C(1) << (creator * UINT32_C(0x9E3779B1) >> 26);
}

/* Keeps the first failure of a shard's window for viewers_close. */
static inline void turn_fault(struct turn *t, enum status status)
{
    if (t->pool->fault == STATUS_OK) t->pool->fault = status;
}

/* watch.c: shows one video at time `at`: watching, acts, log row, change of mind, hooks.
 * Returns when the viewer is through with it; *stay = whether it wants another one. */
sim_time watch_video(struct turn *t, const struct slate_entry *entry, sim_time at, bool *stay);

/* follows.c: the viewer follows the creator of a video, or gives up one it follows. */
void follow_creator(struct turn *t, uint32_t creator);
void unfollow_creator(struct turn *t, uint32_t creator);
/* Gives up some of the followed after `days`, drawn from one block. */
void follows_fade(struct turn *t, double days, const struct stream_words *words);

/* plan.c: the next session after `from`, or churning. Drawn from one block. */
void plan_session(struct turn *t, sim_time from, const struct stream_words *words);

#endif
