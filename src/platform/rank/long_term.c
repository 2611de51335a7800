/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a video is worth now, as `content` has it, and what it adds to the value of the state
 * that it leaves the viewer in: sessions to come. The learned part shifts how much match,
 * quality and length count.
 */
#include "platform/learn/long_term.h"

#include "arm.h"

struct long_term_weights {
    double quality, value;
};

static const struct schema_row rows[] = {
    {.path = "quality",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 100,
     .initial = "1",
     .meaning = "weight of the share of long views beside the cosine",
     .source = "A",
     .plausible_low = 0.2,
     .plausible_high = 5,
     .when = SCHEMA_START,
     .moves = "r videos.quality,impressions",
     .sign = 1,
     .from = "0",
     .to = "10",
     .needs = "platform.ranker=long_term",
     .offset = offsetof(struct long_term_weights, quality)},
    {.path = "value",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1000,
     .initial = "1",
     .meaning = "worth of one session to come, in cosines; 0 = only what a video is worth now",
     .source = "A",
     .plausible_low = 0,
     .plausible_high = 10,
     .when = SCHEMA_START,
     .moves = "r videos.duration_s,impressions",
     .sign = 1,
     .from = "0",
     .to = "10",
     .needs = "platform.ranker=long_term",
     .offset = offsetof(struct long_term_weights, value)},
};
static const struct schema_table table = {.prefix = "platform.rank.long_term",
                                          .size = sizeof(struct long_term_weights),
                                          SCHEMA_ROWS(rows)};

static float extra(const void *parameters, const struct item_facts *facts)
{
    (void)parameters;
    return arm_mean(facts->counters, ARM_PRIOR);
}

static float bias(const void *parameters, const struct item_facts *facts)
{
    const struct long_term_weights *p = parameters;
    float share = arm_lead(facts->counters);
    float ahead = long_term_worth(facts->common, LONG_TERM_SHARE) * share +
                  long_term_worth(facts->common, LONG_TERM_LENGTH) *
                      long_term_length(facts->duration_ms);
    return (float)p->quality * share + (float)p->value * ahead;
}

static float weight(const void *parameters, const float *common)
{
    const struct long_term_weights *p = parameters;
    return 1.0f + (float)p->value * long_term_worth(common, LONG_TERM_MATCH);
}

const struct ranker rank_long_term = {
    .about = {.name = "long_term",
              .doc = "match and quality now, plus a learned value of the viewer coming back",
              .reference = "Zou et al. 2019, doi 10.1145/3292500.3330668; Cai et al. 2023",
              .parameters = &table},
    .learner = "long_term",
    .weight = weight,
    .bias = bias,
    .extra = extra,
};
