/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One viewer's turn: everything that its handlers hand to one another while it runs in a
 * window.
 */
#ifndef VIEWERS_TURN_H
#define VIEWERS_TURN_H

#include "state.h"

/* The random words of four impressions in a row: lane i of word k is of impression i, the lanes
 * from 4 on are of its second block. Not state: drawn again by whoever needs them. */
struct luck {
    uint32_t occasion; /* of the first of the four; LUCK_NONE = not drawn yet */
    uint32_t word[4][8];
    float log_exponential[4]; /* ln(-ln u), u of word 0 */
};
#define LUCK_GROUP 4u
#define LUCK_NONE 1u /* no group begins there */

struct turn {
    struct viewers *self;
    struct scope *scope;
    struct viewer_shard *shard;
    struct session_pool *pool;
    struct viewer *viewer;
    struct session *session; /* NULL while none is open */
    uint32_t number, row, slot;
    uint32_t query; /* topic, + 1, of the question with which the app is opened; 0 = none */
    /* Bloom filter of one hash: every creator that the viewer follows, at least; with 40 of
     * them it lets one in thirteen of the others through. */
    uint64_t follows[8];
    struct feed feed;
    struct luck luck;
    float noise[SLATE_MAX]; /* of the viewer's pairs with the videos of the slate */
};

#define PLEASURE_MOST                                                                          \
    3.0f /* one video pleases or annoys no more than this, in units of match */

static inline uint32_t turn_follow_place(uint32_t creator)
{
    return creator * UINT32_C(0x9E3779B1) >> 23; /* of 512 bits */
}
static inline void turn_follow_note(struct turn *t, uint32_t creator)
{
    uint32_t place = turn_follow_place(creator);
    t->follows[place >> 6] |= UINT64_C(1) << (place & 63);
}
static inline bool turn_may_follow(const struct turn *t, uint32_t creator)
{
    uint32_t place = turn_follow_place(creator);
    return t->follows[place >> 6] >> (place & 63) & 1;
}

/* Keeps the first failure of a shard's window for viewers_close. */
static inline void turn_fault(struct turn *t, enum status status)
{
    if (t->pool->fault == STATUS_OK) t->pool->fault = status;
}

/* watch.c: makes ready for what is left of a slate, whose videos were prefetched: the noise of
 * its pairs, the first words. */
void watch_slate(struct turn *t);
/* watch.c: shows one video at time `at`: watching, acts, log row, change of mind, hooks.
 * Returns when the viewer is through with it; *stay = whether it wants another one. */
sim_time watch_video(struct turn *t, const struct slate_entry *entry, sim_time at, bool *stay);

/* visits.c: the live room that is shown before the next slate; ROOM_NONE = none. */
uint32_t visits_offered(struct turn *t, sim_time at);
/* visits.c: the viewer enters a live room (of the board) at `at`. Returns when it is through
 * with it; *stay = whether it goes on to something else. */
sim_time visits_enter(struct turn *t, uint32_t room, sim_time at, bool *stay);

/* follows.c: the viewer follows the creator of a video, or gives up one it follows. */
void follow_creator(struct turn *t, uint32_t creator);
void unfollow_creator(struct turn *t, uint32_t creator);
/* Gives up some of the followed after `days`, drawn from one block. */
void follows_fade(struct turn *t, double days, const struct stream_words *words);

/* plan.c: the next session after `from`, or churning. Drawn from one block. */
void plan_session(struct turn *t, sim_time from, const struct stream_words *words);
/* plan.c: the viewer's own next session is then; TIME_NEVER = it gives up. */
void plan_set(struct turn *t, sim_time next);

#endif
