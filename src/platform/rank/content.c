/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Cosine of the viewer's profile and the video's extracted features, plus what the video's own
 * audience made of it: its share of long views, shrunk towards a prior as long as few have seen
 * it.
 */
#include "arm.h"

struct content_parameters {
    double quality, prior;
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
     .offset = offsetof(struct content_parameters, quality)},
    {.path = "prior",
     .type = SCHEMA_FLOAT,
     .unit = "impressions",
     .low = 0.1,
     .high = 1e6,
     .initial = "50",
     .meaning = "impressions after which a video's own share counts half",
     .source = "A",
     .plausible_low = 10,
     .plausible_high = 300,
     .when = SCHEMA_START,
     .moves = "auc_true",
     .sign = -1,
     .offset = offsetof(struct content_parameters, prior)},
};
static const struct schema_table table = {.prefix = "platform.rank.content",
                                          .size = sizeof(struct content_parameters),
                                          SCHEMA_ROWS(rows)};

static float bias(const void *parameters, const struct item_facts *facts)
{
    const struct content_parameters *p = parameters;
    return (float)p->quality * (arm_mean(facts->counters, (float)p->prior) - LONG_VIEWS);
}

const struct ranker rank_content = {
    .about = {.name = "content",
              .doc = "cosine of profile and features, plus the video's share of long views",
              .reference = "Pazzani & Billsus 2007, Content-based recommendation systems",
              .parameters = &table},
    .learner = "content",
    .bias = bias,
};
