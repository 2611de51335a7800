/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A hand for creators whom staff have chosen ("heating"): their videos go up by `weight`.
 * Scores may only fall, so it is the others that go down.
 */
#include "platform/parameters.h"
#include "platform/reranker.h"

#define USED "platform.rerankers=[\"no_repeats\",\"staff_boost\"] run.days=3"
#define COHORTS                                                                                \
    " creators.cohorts[0].name=\"stars\" creators.cohorts[0].count=20"                         \
    " creators.cohorts[1].name=\"others\" creators.cohorts[1].count=20"                        \
    " platform.rerank.staff_boost.weight=10 platform.rerank.staff_boost.share=1"

static const struct schema_row rows[] = {
    {.path = "weight",
     .type = SCHEMA_FLOAT,
     .unit = "sd",
     .low = 0,
     .high = 100,
     .initial = "1",
     .meaning = "by how much videos of creators whom staff chose go up, in sd of scores",
     .source = "A",
     .plausible_low = 0,
     .plausible_high = 3,
     .when = SCHEMA_WINDOW,
     .split = SCHEMA_SPLIT_VIEWER,
     .moves = "top10_share_views",
     .sign = 1,
     .from = "0",
     .to = "10",
     .needs = USED " platform.rerank.staff_boost.share=0.2",
     .offset = offsetof(struct staff_parameters, weight)},
    {.path = "share",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0.05",
     .meaning = "share of creators whom staff choose; decided when a video comes out",
     .source = "A (heated videos have 1 to 2 % of views, V HEAT)",
     .plausible_low = 0.002,
     .plausible_high = 0.1,
     .when = SCHEMA_WINDOW,
     .moves = "gini_views",
     .sign = 1,
     .from = "0.05",
     .to = "0.5",
     .needs = USED " platform.rerank.staff_boost.weight=10",
     .offset = offsetof(struct staff_parameters, share)},
    {.path = "cohort",
     .type = SCHEMA_TEXT,
     .unit = "1",
     .initial = "\"\"",
     .meaning = "they choose among the creators of this group (creators.cohorts); empty = all",
     .source = "A",
     .when = SCHEMA_START,
     .moves = "r creators.creator,impressions",
     .sign = 1,
     .from = "\"stars\"",
     .to = "\"others\"",
     .needs = USED COHORTS,
     .offset = offsetof(struct staff_parameters, cohort)},
};
static const struct schema_table table = {.prefix = "platform.rerank.staff_boost",
                                          .size = sizeof(struct staff_parameters),
                                          SCHEMA_ROWS(rows)};

static void screen(const void *parameters, const struct request *request, const uint32_t *place,
                   size_t n, float *score)
{
    const struct staff_parameters *p = parameters;
    float cost = (float)p->weight * request->spread;
    for (size_t i = 0; i < n; i++)
        if (!(snapshot_counters(request->snapshot, place[i])->marks & VIDEO_LIFTED))
            score[i] -= cost;
}

const struct reranker rerank_staff_boost = {
    .about = {.name = "staff_boost",
              .doc = "lifts videos of creators whom the platform's own people chose",
              .reference = "none",
              .parameters = &table},
    .lifted = true,
    .screen = screen,
};
