/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What was counted in an interval, summed over all shards: the raw material of series.csv and
 * of metrics that are ratios of counts.
 */
#ifndef MEASURE_INTERVAL_H
#define MEASURE_INTERVAL_H

#include "world/activity.h"
#include "world/creator.h"
#include "world/viewer.h"

#define INTERVAL_ACTS 14     /* bits of enum act */
#define INTERVAL_COHORTS 64  /* creator cohorts, SCHEMA_NAMES_MAX */
#define RETENTION_AGES 61    /* ages 0..60 days */
#define RETENTION_INITIAL -1 /* the "joining day" of those who were here at the start */

/* The money of an interval, as the books have it; micro-units. */
struct money_figures {
    int64_t gross[LEDGER_STREAMS_MAX];                  /* by revenue stream in use */
    int64_t creators, platform, fees, refunds, payable; /* gross sums to these five */
    int64_t serving, fund;                              /* the platform's costs */
    int64_t promotion; /* the platform's income from paid reach */
};

/* Cascades of shares that were closed in an interval. */
struct cascade_sums {
    uint64_t count, size, depth; /* of them; sums of sharers and of depths */
    double virality;             /* sum of structural viralities */
};

/* What moderation has done since the start, and who is barred when an interval ends. */
struct moderation_figures {
    uint64_t removed, wrong, reinstated; /* videos; of those removed: broke no rule */
    uint64_t suspended, closed;          /* creators */
};

/* What waits at the platform when an interval ends, and what it has served since the start. */
struct queue_figures {
    uint64_t open, late; /* videos that are owed impressions; of those: past their time */
    uint64_t moderation; /* videos that wait for a human */
    uint64_t done;       /* first pools' guarantees served in full */
    double hours;        /* sum of what they took */
    struct moderation_figures moderated;
};

struct interval {
    double days; /* its length */
    uint64_t impressions, watch_ms;
    uint64_t act[INTERVAL_ACTS]; /* impressions with it; interval_acts() reads it */
    uint64_t source[SOURCES];    /* impressions by where they came from */
    uint64_t cohort_impressions[INTERVAL_COHORTS], cohort_watch_ms[INTERVAL_COHORTS];
    uint64_t cohort_completions[INTERVAL_COHORTS], cohort_hides[INTERVAL_COHORTS];
    int64_t cohort_pleasure[INTERVAL_COHORTS]; /* 1 / RECEPTION_UNIT of a unit of match */
    struct reception_count cohort_viewers[INTERVAL_COHORTS];
    struct viewer_day viewers;
    struct creator_day creators;
    uint64_t active_videos, active_creators, viewers_ever; /* at its end */
    uint64_t viewers_lost; /* at its end: have given up, and not come back */
    double dau;            /* mean over the days that ended in it, or of its day so far */
    uint64_t wau, mau;     /* distinct in the trailing 7 and 30 days, at its end */
    struct money_figures money;
    struct cascade_sums cascades;
    struct queue_figures queues;
};

/* How many impressions had an act. */
static inline uint64_t interval_acts(const struct interval *self, enum act act)
{
    return self->act[__builtin_ctz((unsigned)act)];
}

/* Micro-units over all streams. */
static inline int64_t interval_gross(const struct interval *self)
{
    int64_t sum = 0;
    for (int i = 0; i < LEDGER_STREAMS_MAX; i++) sum += self->money.gross[i];
    return sum;
}

/* Who came back: complete days only. A cohort is those who joined on one day. */
struct retention {
    int32_t days;             /* joining days RETENTION_INITIAL..days-1 are known */
    const uint32_t *joined;   /* [joining day + 1] viewers of the cohort */
    const uint32_t *returned; /* [joining day + 1][age] of those: with a session on that day */
};

static inline uint32_t retention_joined(const struct retention *self, int32_t day)
{
    return day >= RETENTION_INITIAL && day < self->days ? self->joined[day + 1] : 0;
}

/* 0 when that day has not been lived through. */
static inline uint32_t retention_returned(const struct retention *self, int32_t day,
                                          int32_t age)
{
    bool known = day >= RETENTION_INITIAL && age >= 0 && age < RETENTION_AGES &&
                 day + age < self->days;
    return known ? self->returned[(size_t)(day + 1) * RETENTION_AGES + (size_t)age] : 0;
}

#endif
