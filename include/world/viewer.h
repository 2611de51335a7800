/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Viewers: who they are (truth, written only by viewers/), one table a shard.
 *
 * At rest a viewer is 112 bytes; while a session is open it also has a slot in its shard's
 * session pool, where its vectors are floats. What the platform believes of a viewer lives in
 * platform/.
 */
#ifndef WORLD_VIEWER_H
#define WORLD_VIEWER_H

#include "base/vector16.h"
#include "base/visit.h"
#include "engine/time.h"
#include "world/entity.h"
#include "world/relation.h"

enum viewer_flag {
    VIEWER_CONSENT = 1,     /* its acts may be learned from */
    VIEWER_IOS = 2,         /* pays through an app store that takes a fee */
    VIEWER_CHURNED = 4,     /* plans no session; may come back when something reaches it */
    VIEWER_NEWCOMER = 8,    /* joined during the run, not in the initial population */
    VIEWER_FEED_OPTOUT = 16 /* no personal feed */
};

struct viewer {
    struct packed16 taste;        /* theta_u: unit vector */
    int8_t satiation[VECTOR_DIM]; /* units of 1/64; decays since last_end */
    uint64_t name;
    int64_t purse;                  /* micro-units left to spend this month */
    sim_time last_end;              /* end of the last session; joining time before the first */
    float rate;                     /* a_u: sessions a day at habit 1 */
    float habit;                    /* stock that multiplies the rate, around 1 */
    float expectation;              /* satisfaction an impression that it has come to expect */
    float tip_propensity;           /* multiplies revenue.tips.rate; heavy-tailed, mean 1 */
    uint32_t session;               /* slot + 1 in the shard's session pool; 0 = closed */
    struct relation_list relations; /* 8 bytes */
    uint16_t budget;      /* of time a session: multiplies the mean, units of 1/1024, mean 1 */
    int16_t joined_day;   /* negative or 0 for the initial population */
    int16_t last_day;     /* last day with a session; INT16_MIN = never */
    uint8_t day_sessions; /* sessions opened on last_day so far, saturating */
    uint8_t tolerance;    /* of commercial intensity, units of 1/255 */
    uint8_t price_sensitivity; /* units of 1/255 */
    uint8_t income;            /* class 0..4 */
    uint8_t topic;             /* strongest interest at birth */
    uint8_t flags;             /* enum viewer_flag */
};
_Static_assert(sizeof(struct viewer) == 112, "a viewer at rest is 112 bytes");

struct viewer_shard {
    struct viewer *row; /* owned */
    size_t count, capacity;
    struct relation_pool relations;
    /* what happened in this shard on the current day; folded and cleared by measure/ */
    struct viewer_day {
        uint64_t sessions, active, new_viewers, churned, returned, shared_arrivals;
        uint64_t impressions, tips;
    } day;
};

enum status viewer_shard_init(struct viewer_shard *self, size_t capacity) MUST_CHECK;
void viewer_shard_free(struct viewer_shard *self);
/* A zeroed new row; NULL = no memory. Rows move: keep numbers, not pointers. */
struct viewer *viewer_add(struct viewer_shard *self);
void viewer_shard_visit(struct viewer_shard *self, struct visitor *v);

#endif
