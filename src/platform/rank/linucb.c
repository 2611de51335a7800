/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * LinUCB: the reward that a linear model of this viewer expects of the video's features, plus
 * alpha standard deviations of that expectation, plus what the video's own audience made of it.
 * Directions that the viewer was never shown are the uncertain ones.
 */
#include "arm.h"

struct linucb_parameters {
    double alpha, quality;
};

static const struct schema_row rows[] = {
    {.path = "alpha",
     .type = SCHEMA_FLOAT,
     .unit = "sd",
     .low = 0,
     .high = 100,
     .initial = "0.3",
     .meaning = "standard deviations of an expected reward that are added to it",
     .source = "Li et al. 2010: best from 0.2 to 0.4",
     .plausible_low = 0.1,
     .plausible_high = 1,
     .when = SCHEMA_WINDOW,
     .split = SCHEMA_SPLIT_VIEWER,
     .moves = "topic_entropy",
     .sign = 1,
     .from = "0",
     .to = "10",
     .needs = "platform.ranker=linucb platform.rerankers=[\"no_repeats\"]",
     .offset = offsetof(struct linucb_parameters, alpha)},
    {.path = "quality",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 100,
     .initial = "1",
     .meaning = "weight of the share of long views beside the expected reward",
     .source = "A",
     .plausible_low = 0.2,
     .plausible_high = 5,
     .when = SCHEMA_START,
     .moves = "r videos.quality,impressions",
     .sign = 1,
     .from = "0",
     .to = "10",
     .needs = "platform.ranker=linucb",
     .offset = offsetof(struct linucb_parameters, quality)},
};
static const struct schema_table table = {.prefix = "platform.rank.linucb",
                                          .size = sizeof(struct linucb_parameters),
                                          SCHEMA_ROWS(rows)};

static float bias(const void *parameters, const struct item_facts *facts)
{
    const struct linucb_parameters *p = parameters;
    return (float)p->quality * arm_lead(facts->counters);
}

/* One standard deviation of the expected reward of features x. */
static float deviation(const float *variance, const float *x)
{
    float square[VECTOR_DIM];
    for (int k = 0; k < VECTOR_DIM; k++) square[k] = x[k] * x[k];
    return sqrtf(vector_dot(variance, square));
}

static void score(const void *parameters, const struct request *request, const uint32_t *place,
                  size_t n, float *out)
{
    const struct linucb_parameters *p = parameters;
    const struct item *item = request->snapshot->item;
    const float *mean = request->session, *precision = mean + VECTOR_DIM;
    float alpha = (float)p->alpha, variance[VECTOR_DIM];
    if (!request->personal) { /* nothing is known, or may be: every direction is as uncertain */
        for (size_t i = 0; i < n; i++) out[i] = item[place[i]].bias;
        return;
    }
    for (int k = 0; k < VECTOR_DIM; k++) variance[k] = 1.0f / precision[k];
    for (size_t i = 0; i < n; i++) {
        float x[VECTOR_DIM];
        vector_unpack(x, &item[place[i]].vector);
        out[i] = item[place[i]].bias + vector_dot(mean, x) + alpha * deviation(variance, x);
    }
}

static float uncertain(const void *parameters, const struct request *request, uint32_t place,
                       float given)
{
    const struct linucb_parameters *p = parameters;
    const float *precision = request->session + VECTOR_DIM;
    float x[VECTOR_DIM], variance[VECTOR_DIM];
    (void)given;
    if (!request->personal) return 0;
    for (int k = 0; k < VECTOR_DIM; k++) variance[k] = 1.0f / precision[k];
    vector_unpack(x, &request->snapshot->item[place].vector);
    return (float)p->alpha * deviation(variance, x);
}

const struct ranker rank_linucb = {
    .about = {.name = "linucb",
              .doc = "contextual bandit: expected reward plus its uncertainty for this viewer",
              .reference = "Li, Chu, Langford & Schapire 2010, doi 10.1145/1772690.1772758",
              .parameters = &table},
    .learner = "linucb",
    .bias = bias,
    .score = score,
    .uncertain = uncertain,
};
