/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Viewers: who they are (truth, written only by viewers/), one table a shard.
 *
 * At rest a viewer is 96 bytes; while a session is open it also has a slot in its shard's
 * session pool, where its vectors are floats. What the platform believes of a viewer lives in
 * platform/.
 */
#ifndef WORLD_VIEWER_H
#define WORLD_VIEWER_H

#include <stdbool.h>

#include "base/code16.h"
#include "base/vector16.h"
#include "base/visit.h"
#include "engine/time.h"
#include "world/entity.h"
#include "world/reception.h"
#include "world/relation.h"

enum viewer_flag {
    VIEWER_CONSENT = 1,     /* its acts may be learned from */
    VIEWER_IOS = 2,         /* pays through an app store that takes a fee */
    VIEWER_CHURNED = 4,     /* plans no session; may come back when something reaches it */
    VIEWER_NEWCOMER = 8,    /* joined during the run, not in the initial population */
    VIEWER_FEED_OPTOUT = 16 /* no personal feed */
};

/* Read and written by the functions below where a field says `code`. */
struct viewer {
    struct packed16 taste;          /* theta_u: unit vector */
    int8_t satiation[VECTOR_DIM];   /* units of 1/64; decays since last_end */
    int64_t purse;                  /* micro-units left to spend this month */
    uint32_t ordinal;               /* of its birth; see viewer_name */
    uint32_t last_end;              /* code; end of the last session */
    uint32_t session;               /* slot + 1 in the shard's session pool; 0 = closed */
    struct relation_list relations; /* 8 bytes */
    uint16_t rate;                  /* code; a_u: sessions a day at habit 1 */
    uint16_t tip_propensity;        /* code; multiplies revenue.tips.rate; mean 1 */
    uint16_t habit;                 /* code; stock that multiplies the rate, around 1 */
    int16_t expectation;            /* code; satisfaction an impression that it expects */
    uint16_t budget;      /* of time a session: multiplies the mean, units of 1/1024, mean 1 */
    int16_t joined_day;   /* negative or 0 for the initial population */
    int16_t last_day;     /* last day with a session; INT16_MIN = never */
    uint8_t day_sessions; /* sessions opened on last_day so far */
    uint8_t tolerance;    /* of commercial intensity, units of 1/255 */
    uint8_t price_sensitivity; /* units of 1/255 */
    uint8_t income;            /* class 0..4 */
    uint8_t topic;             /* strongest interest at birth */
    uint8_t flags;             /* enum viewer_flag */
};
_Static_assert(sizeof(struct viewer) == 96, "a viewer at rest is 96 bytes");

/* The birth name, 64 bits, that addresses a viewer's draws: of the ordinal-th of the initial
 * population or of the newcomers. */
uint64_t viewer_birth_name(uint32_t ordinal, bool newcomer);
/* Another shard's phase may ask for the name (whose bit never changes) while the viewer's own
 * writes the one that does: whole bytes, in no order. */
static inline uint8_t viewer_flags(const struct viewer *self)
{
    return __atomic_load_n(&self->flags, __ATOMIC_RELAXED);
}
static inline void viewer_set_churned(struct viewer *self, bool churned)
{
    uint8_t others = self->flags & (uint8_t)~VIEWER_CHURNED;
    __atomic_store_n(&self->flags, (uint8_t)(others | (churned ? VIEWER_CHURNED : 0)),
                     __ATOMIC_RELAXED);
}
static inline uint64_t viewer_name(const struct viewer *self)
{
    return viewer_birth_name(self->ordinal, (viewer_flags(self) & VIEWER_NEWCOMER) != 0);
}

/* Sessions a day: 0 or 7.7e-6 to 32768, error 0.025 %. */
#define VIEWER_RATE_MOST 0x1p15f
static inline float viewer_rate(const struct viewer *self)
{
    return VIEWER_RATE_MOST * code16_decode(self->rate);
}
static inline void viewer_set_rate(struct viewer *self, float rate)
{
    self->rate = code16_encode(rate * (1 / VIEWER_RATE_MOST));
}

/* 0 or 0.00024 to 1,048,576, heavy-tailed; error 0.025 %. */
#define VIEWER_TIPS_MOST 0x1p20f
static inline float viewer_tip_propensity(const struct viewer *self)
{
    return VIEWER_TIPS_MOST * code16_decode(self->tip_propensity);
}
static inline void viewer_set_tip_propensity(struct viewer *self, float propensity)
{
    self->tip_propensity = code16_encode(propensity * (1 / VIEWER_TIPS_MOST));
}

/* 0 to 4 in steps of 1/16384: a session moves it by a hundred of them. */
static inline float viewer_habit(const struct viewer *self)
{
    return (float)self->habit * 0x1p-14f;
}
static inline void viewer_set_habit(struct viewer *self, float habit)
{
    float steps = habit * 0x1p14f + 0.5f;
    self->habit = (uint16_t)(steps < 0 ? 0 : steps > 65535 ? 65535 : steps);
}

/* In units of match, -16 to 16 in steps of 1/2048: what pleases least, PLEASURE_MOST below 0
 * with the most expensive ad on top, and what habit.outside may be, lie within. */
static inline float viewer_expectation(const struct viewer *self)
{
    return (float)self->expectation * 0x1p-11f;
}
static inline void viewer_set_expectation(struct viewer *self, float expectation)
{
    float steps = expectation * 0x1p11f + (expectation < 0 ? -0.5f : 0.5f);
    self->expectation = (int16_t)(steps < -32767 ? -32767 : steps > 32767 ? 32767 : steps);
}

/* End of the last session, to the second before; before the first the time of joining. */
static inline sim_time viewer_last_end(const struct viewer *self)
{
    return (sim_time)self->last_end * TIME_SECOND;
}
static inline void viewer_set_last_end(struct viewer *self, sim_time when)
{
    self->last_end = (uint32_t)(when / TIME_SECOND);
}

/* Of a shard that another process runs (engine/post.h) there are `count` viewers, too, but here
 * they are only known by their origin. */
struct viewer_shard {
    struct viewer *row; /* owned; NULL when elsewhere */
    size_t count, capacity;
    bool elsewhere;
    uint32_t *origin; /* owned; elsewhere: ordinal, and ORIGIN_NEWCOMER */
    size_t origin_room;
    struct relation_pool relations;
    /* what happened in this shard on the current day; folded and cleared by measure/ */
    struct viewer_day {
        uint64_t sessions, active, new_viewers, churned, returned, shared_arrivals;
        uint64_t impressions, tips;
    } day;
    struct reception reception; /* of the running interval, likewise */
};

enum status viewer_shard_init(struct viewer_shard *self, size_t capacity) MUST_CHECK;
void viewer_shard_free(struct viewer_shard *self);
/* A zeroed new row; NULL = no memory. Rows move: keep numbers, not pointers. */
struct viewer *viewer_add(struct viewer_shard *self);
/* The same of a shard that is elsewhere: one more is there. */
enum status viewer_add_elsewhere(struct viewer_shard *self, uint32_t ordinal,
                                 bool newcomer) MUST_CHECK;
/* Whom a row is of: all that is known in every process. */
#define ORIGIN_NEWCOMER UINT32_C(0x80000000)
static inline uint32_t viewer_origin(const struct viewer_shard *self, size_t row)
{
    if (self->elsewhere) return self->origin[row];
    const struct viewer *v = &self->row[row];
    return v->ordinal | (viewer_flags(v) & VIEWER_NEWCOMER ? ORIGIN_NEWCOMER : 0);
}
/* What was loaded is of a shard that is elsewhere: origins are kept, the rest goes. */
enum status viewer_shard_leave(struct viewer_shard *self) MUST_CHECK;
void viewer_shard_visit(struct viewer_shard *self, struct visitor *v);

#endif
