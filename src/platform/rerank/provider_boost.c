/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A hand for creators who are seen least: videos whose creator's record was in the bottom 40 %
 * when they came out go up by `weight`, or those of all but the top 20 %; with either, those of
 * creators who are too new to have one. Scores may only fall, so it is the others that go down.
 */
#include "platform/reranker.h"

struct boost_parameters {
    double weight;
    int32_t whom; /* enum lifted */
};

static const struct schema_row rows[] = {
    {.path = "weight",
     .type = SCHEMA_FLOAT,
     .unit = "sd",
     .low = 0,
     .high = 100,
     .initial = "0.5",
     .meaning = "by how much videos of creators who are seen little go up, in sd of scores",
     .source = "A",
     .plausible_low = 0,
     .plausible_high = 2,
     .when = SCHEMA_WINDOW,
     .split = SCHEMA_SPLIT_VIEWER,
     .moves = "sd creators.impressions",
     .sign = -1,
     .from = "0",
     .to = "2",
     .needs = "platform.rerankers=[\"no_repeats\",\"provider_boost\"] run.days=14",
     .offset = offsetof(struct boost_parameters, weight)},
    {.path = "whom",
     .type = SCHEMA_CHOICE,
     .unit = "1",
     .initial = "\"low\"",
     .choices = "low|middle",
     .meaning =
         "the grades that go up: the lowest, or all but the highest; with either who has "
         "published fewer than three videos",
     .source = "A",
     .when = SCHEMA_WINDOW,
     .split = SCHEMA_SPLIT_VIEWER,
     .moves = "gini_views",
     .sign = -1,
     .from = "\"low\"",
     .to = "\"middle\"",
     .needs = "platform.rerankers=[\"no_repeats\",\"provider_boost\"] run.days=14 "
              "platform.rerank.provider_boost.weight=10",
     .offset = offsetof(struct boost_parameters, whom)},
};
static const struct schema_table table = {.prefix = "platform.rerank.provider_boost",
                                          .size = sizeof(struct boost_parameters),
                                          SCHEMA_ROWS(rows)};

static void screen(const void *parameters, const struct request *request, const uint32_t *place,
                   size_t n, float *score)
{
    const struct boost_parameters *p = parameters;
    float cost = (float)p->weight * request->spread;
    for (size_t i = 0; i < n; i++) {
        const struct video_counters *c = snapshot_counters(request->snapshot, place[i]);
        int32_t grade = c->marks >> VIDEO_GRADE_SHIFT & 3;
        if (grade > p->whom && grade != VIDEO_GRADE_NEW) score[i] -= cost;
    }
}

const struct reranker rerank_provider_boost = {
    .about = {.name = "provider_boost",
              .doc = "lifts videos of the creators who are seen least",
              .reference = "Mehrotra et al. 2018, doi 10.1145/3269206.3272027",
              .parameters = &table},
    .graded = true,
    .screen = screen,
};
