/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What anybody can see of the other creators: for each topic how much it is watched, how many
 * make videos for it, and what its most-played creator does. Counted at the close of a day from
 * public figures (plays, topics, pace, how much is sold), never from quality, taste or money.
 */
#ifndef CREATORS_CHARTS_H
#define CREATORS_CHARTS_H

#include "engine/time.h"
#include "world/topics.h"

/* Nobody: name = 0 and all the rest 0. */
struct star {
    uint64_t name;
    float plays; /* a week, smoothed over creators.life.memory_days */
    float videos_per_week, commercial, exclusive;
    float live;   /* h a week, where creators decide it */
    int8_t price; /* as in struct creator_plan */
};

struct chart {
    uint64_t plays; /* a week, of all its creators */
    uint32_t creators;
    struct star star; /* its most-played creator; of equal ones the lower name */
};

struct charts {
    sim_time at; /* of the count; TIME_NEVER = not yet */
    struct chart topic[TOPICS_MAX];
};

#endif
