/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * UCB1: a video's share of long views among the viewer's group plus what it may yet be,
 *     share + c sqrt(2 ln t / n),   n = its impressions among the group + 1, t = those of all
 * videos in the feed. Who has been tried little is given the benefit of the doubt.
 */
#include "arm.h"

struct ucb_parameters {
    double exploration, prior;
};

static const struct schema_row rows[] = {
    {.path = "exploration",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 100,
     .initial = "1",
     .meaning = "weight of the confidence bound; 1 = as in UCB1",
     .source = "A (Auer et al. 2002: 1)",
     .plausible_low = 0.1,
     .plausible_high = 1,
     .when = SCHEMA_WINDOW,
     .split = SCHEMA_SPLIT_VIEWER,
     .moves = "gini_views",
     .sign = -1,
     .from = "0",
     .to = "1",
     .needs = "platform.ranker=ucb",
     .offset = offsetof(struct ucb_parameters, exploration)},
    {.path = "prior",
     .type = SCHEMA_FLOAT,
     .unit = "impressions",
     .low = 0.1,
     .high = 1e6,
     .initial = "1",
     .meaning = "impressions with the usual share of long views that every video begins with",
     .source = "A",
     .plausible_low = 0.1,
     .plausible_high = 10,
     .when = SCHEMA_START,
     .moves = "gini_views",
     .sign = -1,
     .to = "100",
     .from = "1",
     .needs = "platform.ranker=ucb",
     .offset = offsetof(struct ucb_parameters, prior)},
};
static const struct schema_table table = {
    .prefix = "platform.rank.ucb", .size = sizeof(struct ucb_parameters), SCHEMA_ROWS(rows)};

static float bias(const void *parameters, const struct item_facts *facts)
{
    const struct ucb_parameters *p = parameters;
    return arm_mean(facts->counters, (float)p->prior);
}

static float spread(const void *parameters, const struct item_facts *facts)
{
    (void)parameters;
    return 1.0f / sqrtf((float)facts->counters->impressions + 1.0f);
}

static void score(const void *parameters, const struct request *request, const uint32_t *place,
                  size_t n, float *out)
{
    const struct ucb_parameters *p = parameters;
    const struct snapshot *snapshot = request->snapshot;
    float trials = maths_logf((float)snapshot->impressions + 1.0f);
    float width = (float)p->exploration * sqrtf(2.0f * trials);
    const int group = arms_group(request);
    for (size_t i = 0; i < n; i++) {
        const float all = snapshot->item[place[i]].bias;
        if (group == ARMS_NONE) {
            out[i] = all + width * snapshot->learned[place[i]];
            continue;
        }
        struct arms_count own = arms_count(snapshot, place[i], group);
        out[i] = arm_group_mean(own, all, (float)p->prior) + width / sqrtf(own.shown + 1.0f);
    }
}

static float uncertain(const void *parameters, const struct request *request, uint32_t place,
                       float given)
{
    const struct ucb_parameters *p = parameters;
    return given - arm_mean_at(request->snapshot, place, arms_group(request), (float)p->prior);
}

const struct ranker rank_ucb = {
    .about = {.name = "ucb",
              .doc = "UCB1: share of long views in the viewer's group plus what it may yet be",
              .reference = "Auer, Cesa-Bianchi & Fischer 2002, doi 10.1023/A:1013689704352",
              .parameters = &table},
    .learner = "arms",
    .bias = bias,
    .extra = spread,
    .score = score,
    .uncertain = uncertain,
};
