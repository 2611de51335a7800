/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The inside of creators/, shared by its files.
 */
#ifndef CREATORS_PARTS_H
#define CREATORS_PARTS_H

#include "creators/creators.h"
#include "creators/strategy.h"

struct creators_parameters {
    int64_t count;
    double skill, skill_sd;
    double hours, hours_sigma;
    double followers, followers_sigma;
    double videos_per_week, videos_sigma;
    double commercial, boost, aspiration;
    double backlog_days, review_days, follower_elasticity;
    char strategy[SCHEMA_TEXT_SIZE];
};

struct cohort_parameters {
    char name[SCHEMA_TEXT_SIZE], topic[SCHEMA_TEXT_SIZE], strategy[SCHEMA_TEXT_SIZE];
    int64_t count;
    double skill, hours, followers, videos_per_week, commercial, boost, aspiration;
};

struct production_parameters {
    double effort_scale, quality_sd, duration_median, duration_sigma, violations, ai_share, spread;
};

struct life_parameters {
    double exit_new, exit_established, established_days, fall_factor;
    double morale_gain, burnout, attention_value;
    double entry_rate, entry_elasticity;
};

struct creators {
    struct world *world;
    struct creators_services services;
    const struct creators_parameters *p;
    const struct production_parameters *production;
    const struct life_parameters *life;
    const double *transparency; /* policy.transparency */
    int32_t cohort_count;       /* at least 1 */
    const struct cohort_parameters *cohorts; /* NULL: one cohort, "all", made of p */
    const struct strategy *strategy[SCHEMA_NAMES_MAX]; /* of each cohort */
    const void *strategy_parameters[SCHEMA_NAMES_MAX];
    int32_t cohort_topic[SCHEMA_NAMES_MAX]; /* -1 = any */
    struct stream_key birth, make, gap, review, exit, entry;
    int32_t entry_cohort; /* the first that publishes: entrants are of its kind */
    uint64_t entrants;    /* of the arrival process so far */
};

/* What a cohort is made of, whether it was listed or is the one of the scalars. */
struct cohort_parameters cohort_of(const struct creators *self, int32_t cohort);

/* birth.c: a new creator of a cohort under a name, with its first events from `when`. */
enum status creators_birth(struct creators *self, int32_t cohort, uint64_t name,
                           sim_time when) MUST_CHECK;

/* production.c: quality of a video that took `effort` hours: skill (1 - exp(-effort / scale)),
 * before the spread of luck. */
double production_quality(double skill, double effort, double scale);
/* Makes the creator's next video, as of `when`; ENTITY_NONE = no memory. */
uint32_t production_make(struct creators *self, uint32_t shard, uint32_t row, sim_time when);
/* Time from one video to the next, by the plan, at least a minute; TIME_NEVER when it makes none. */
sim_time production_gap(const struct creators *self, const struct creator *creator);

static inline uint32_t creator_entity(const struct world *w, uint32_t row, uint32_t shard)
{
    return entity_number(w->shards, row, shard) | ENTITY_CREATOR;
}

#endif
