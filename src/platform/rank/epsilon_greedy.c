/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Epsilon-greedy: each place of a slate goes, with probability epsilon, to a candidate drawn
 * at random, otherwise to the one whose share of long views among the viewer's group is
 * highest. What explores comes first, in the order in which it was drawn.
 */
#include "arm.h"

struct epsilon_parameters {
    double epsilon, prior;
};

static const struct schema_row rows[] = {
    {.path = "epsilon",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0.1",
     .meaning = "share of places that go to random candidates",
     .source = "A (Sutton & Barto 2018: 0.1)",
     .plausible_low = 0.01,
     .plausible_high = 0.2,
     .when = SCHEMA_WINDOW,
     .split = SCHEMA_SPLIT_VIEWER,
     .moves = "r videos.quality,impressions",
     .sign = -1,
     .from = "0",
     .to = "1",
     .needs = "platform.ranker=epsilon_greedy",
     .offset = offsetof(struct epsilon_parameters, epsilon)},
    {.path = "prior",
     .type = SCHEMA_FLOAT,
     .unit = "impressions",
     .low = 0.1,
     .high = 1e6,
     .initial = "10",
     .meaning = "impressions with the usual share of long views that every video begins with",
     .source = "A",
     .plausible_low = 1,
     .plausible_high = 100,
     .when = SCHEMA_START,
     .moves = "gini_views",
     .sign = -1,
     .needs = "platform.ranker=epsilon_greedy",
     .offset = offsetof(struct epsilon_parameters, prior)},
};
static const struct schema_table table = {.prefix = "platform.rank.epsilon_greedy",
                                          .size = sizeof(struct epsilon_parameters),
                                          SCHEMA_ROWS(rows)};

static float bias(const void *parameters, const struct item_facts *facts)
{
    const struct epsilon_parameters *p = parameters;
    return arm_mean(facts->counters, (float)p->prior);
}

#define EXPLORES 2.0f /* above every share; less for each that explores */

/* A candidate that is drawn twice explores once: with many candidates that is rare. */
static void score(const void *parameters, const struct request *request, const uint32_t *place,
                  size_t n, float *out)
{
    const struct epsilon_parameters *p = parameters;
    const int group = arms_group(request);
    for (size_t i = 0; i < n; i++)
        out[i] = arm_mean_at(request->snapshot, place[i], group, (float)p->prior);
    for (uint32_t at = 0; n > 0 && at < request->size; at++)
        if (word_uniformf(stream_word(request->draw)) < (float)p->epsilon)
            out[stream_below(request->draw, (uint32_t)n)] = EXPLORES - 0.01f * (float)at;
}

static float uncertain(const void *parameters, const struct request *request, uint32_t place,
                       float given)
{
    const struct epsilon_parameters *p = parameters;
    return given - arm_mean_at(request->snapshot, place, arms_group(request), (float)p->prior);
}

const struct ranker rank_epsilon_greedy = {
    .about =
        {.name = "epsilon_greedy",
         .doc = "highest share of long views in the viewer's group, but for random candidates",
         .reference = "Watkins 1989; Sutton & Barto 2018, Reinforcement learning, 2.2",
         .parameters = &table},
    .learner = "arms",
    .bias = bias,
    .score = score,
    .uncertain = uncertain,
};
