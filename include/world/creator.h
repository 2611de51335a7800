/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Creators, one table a shard. Rows are never used again (relations point at them); `left`
 * marks who has gone. Written by creators/ (life, plans), by revenue/ and growth/ (money
 * through the ledger only) and, in the video phase, by the owner of the shard (reach).
 */
#ifndef WORLD_CREATOR_H
#define WORLD_CREATOR_H

#include "base/maths.h"
#include "base/visit.h"
#include "engine/time.h"
#include "world/ledger.h"

/* What a strategy decides and production carries out until the next review. */
struct creator_plan {
    float videos_per_week;
    float effort;     /* hours a video */
    float commercial; /* intensity m in [0, 1] of new videos */
    float exclusive;  /* share of exclusive videos */
    float boost;      /* share of income spent on promotion */
    float live;       /* hours a week in live rooms, of CREATOR_HOSTS */
    uint8_t topic;    /* of new videos */
    int8_t price;     /* of what it sells: 64ths of a doubling above the list price */
    uint8_t padding[2];
};

/* Flag of creators who decide their hours in live rooms by themselves; the others have those
 * that they were born with. */
#define CREATOR_HOSTS 4

/* What happened to a creator between two reviews. */
struct creator_period {
    sim_time since;
    uint64_t impressions, watch_ms;
    uint32_t likes, follows, posts;
    int64_t income, spent; /* micro-units */
    float hours;           /* worked */
};

#define CREATOR_STRATEGY_FLOATS 40 /* a strategy's own memory; it names its use */

struct creator {
    uint64_t name;
    sim_time joined, left;   /* left = TIME_NEVER while here */
    float expertise[16];     /* where its videos lie within the topics; unit vector */
    float skill;             /* in (0, 1): the quality that unbounded effort reaches */
    float hours;             /* a week it can work */
    float aspiration;        /* income a week that it hopes for, currency */
    float morale;            /* 1 = content; burnout below a threshold */
    float elasticity;        /* response of output to attention */
    float drive;             /* factor on the plan's videos a week: response so far */
    float attention_mean;    /* impressions a video that it has come to expect */
    float income_mean;       /* smoothed weekly income, currency */
    float income_slow;       /* the same over a longer time */
    float reach_mean;        /* smoothed weekly impressions */
    uint32_t followers_base; /* followers at the first review: growth counts from there */
    uint8_t cohort;
    uint8_t topic;    /* home topic */
    uint8_t strategy; /* index in the strategies in use */
    uint8_t flags;
    uint32_t strikes;
    struct creator_plan plan;
    uint64_t impressions,
        watch_ms;                 /* totals, beside the period's: every impression counts in */
    struct creator_period period; /* since the last review; true figures */
    struct creator_period last;   /* the one before, as the creator saw it (noised) */
    float memory[CREATOR_STRATEGY_FLOATS];
    /* totals */
    uint32_t followers, posts;
    uint32_t unfollows;                 /* followers lost so far */
    double worked;                      /* h that went into videos so far */
    uint32_t next_video;                /* ordinal: name_child(name, next_video) */
    uint32_t videos[4];                 /* newest active ones first; ENTITY_NONE-padded */
    int64_t balance;                    /* micro-units: the CREATORS account's share */
    int64_t saved;                      /* of it: set aside for promotion */
    int64_t income[LEDGER_STREAMS_MAX]; /* net, by stream */
    int64_t spend[LEDGER_CHANNELS_MAX]; /* by growth channel */
    int64_t produced;                   /* spent on the making of videos, micro-units */
    uint32_t views_30d;                 /* qualified views of the trailing 30 days, for gates */
    sim_time posted;                    /* last publication, when posts > 0 */
    uint64_t impressions_seen;          /* totals at the last day of life: what came since is */
    int64_t income_seen;                /* that day's */
};

struct creator_shard {
    struct creator *row; /* owned */
    size_t count, capacity;
    size_t active;    /* not left */
    struct book book; /* this shard's postings */
    struct creator_day {
        uint64_t posts, joined, left;
    } day;
};

void creator_shard_free(struct creator_shard *self);
/* A zeroed new row that has not left, without videos; NULL = no memory. Counts as active. Rows
 * move: keep numbers, not pointers. */
struct creator *creator_add(struct creator_shard *self);
void creator_shard_visit(struct creator_shard *self, struct visitor *v);

/* What a creator asks against the list price, a quarter to four times. */
static inline double creator_price(const struct creator *self)
{
    return self->plan.price ? maths_exp((double)self->plan.price * (0.69314718055994531 / 64))
                            : 1;
}

/* Net income over all streams since the start, micro-units. */
static inline int64_t creator_income(const struct creator *self)
{
    int64_t sum = 0;
    for (int i = 0; i < LEDGER_STREAMS_MAX; i++) sum += self->income[i];
    return sum;
}

#endif
