/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The preference that implicit least squares expects, plus the share of the video's audience
 * that watched it for long.
 */
#include "arm.h"

struct als_weights {
    double popularity;
};

static const struct schema_row rows[] = {
    {.path = "popularity",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 100,
     .initial = "1",
     .meaning = "weight of the share of long views beside the preference; 0 = as published",
     .source = "A",
     .plausible_low = 0,
     .plausible_high = 5,
     .when = SCHEMA_START,
     .moves = "r videos.quality,impressions",
     .sign = 1,
     .from = "0",
     .to = "10",
     .needs = "platform.ranker=als",
     .offset = offsetof(struct als_weights, popularity)},
};
static const struct schema_table table = {
    .prefix = "platform.rank.als", .size = sizeof(struct als_weights), SCHEMA_ROWS(rows)};

static float bias(const void *parameters, const struct item_facts *facts)
{
    const struct als_weights *p = parameters;
    return (float)p->popularity * arm_lead(facts->counters);
}

const struct ranker rank_als = {
    .about =
        {.name = "als",
         .doc = "implicit alternating least squares with conjugate gradients, learned online",
         .reference = "Hu, Koren & Volinsky 2008, doi 10.1109/ICDM.2008.22",
         .parameters = &table},
    .learner = "als",
    .bias = bias,
};
