/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Calibration to taste: topics come in the proportions p in which the viewer's profile looks
 * at them. Of the slate's topics q, smoothed as (1 - a) q + a p, the divergence from p falls,
 * by one more video of a topic that `count` picks have already, by
 *     p ln((count + 1 + s) / (count + s)),   s = a p size / (1 - a)
 * as long as the slate's size is what counts are divided by. That is added to the score, in
 * units of `weight` standard deviations; as scores may only fall, the greatest gain there can
 * be is taken off everything.
 *
 * p is what the profile's cosine with each topic's vector is above 0, squared: only where
 * vectors are features. Viewers without a profile are left alone.
 */
#include "platform/reranker.h"

#define SMOOTHING 0.01f /* a: Steck's */

struct calibration_parameters {
    double weight;
};

static const struct schema_row rows[] = {
    {.path = "weight",
     .type = SCHEMA_FLOAT,
     .unit = "sd",
     .low = 0,
     .high = 1000,
     .initial = "1",
     .meaning = "weight of a slate's fit to the viewer's topics beside the scores, in sd",
     .source = "A",
     .plausible_low = 0,
     .plausible_high = 10,
     .when = SCHEMA_WINDOW,
     .split = SCHEMA_SPLIT_VIEWER,
     .moves = "topic_entropy",
     .sign = 1,
     .from = "0",
     .to = "100",
     .needs = "platform.rerankers=[\"no_repeats\",\"calibration\"] creators.count=150",
     .offset = offsetof(struct calibration_parameters, weight)},
};
static const struct schema_table table = {.prefix = "platform.rerank.calibration",
                                          .size = sizeof(struct calibration_parameters),
                                          SCHEMA_ROWS(rows)};

/* Shares of the topics in the profile; false = it looks at none. */
static bool shares_of(const struct request *request, float share[TOPICS_MAX])
{
    float taste[VECTOR_DIM], sum = 0;
    uint32_t topics = (uint32_t)request->topics->count;
    if (!request->personal || !request->feature_space) return false;
    vector_unpack(taste, request->query);
    for (uint32_t t = 0; t < topics; t++) {
        float cosine = vector_dot(taste, request->topics->topic[t].vector);
        share[t] = cosine > 0 ? cosine * cosine : 0;
        sum += share[t];
    }
    for (uint32_t t = 0; t < topics; t++) share[t] /= sum > 0 ? sum : 1.0f;
    return sum > 0;
}

static float gain(float share, float count, float size)
{
    float smooth = SMOOTHING * share * size / (1.0f - SMOOTHING) + 1e-6f;
    return share * maths_logf((count + 1.0f + smooth) / (count + smooth));
}

/* Before anything is picked: what each topic gains less than the best one. */
static void screen(const void *parameters, const struct request *request, const uint32_t *place,
                   size_t n, float *score)
{
    const struct calibration_parameters *p = parameters;
    const struct item *item = request->snapshot->item;
    float share[TOPICS_MAX], first[TOPICS_MAX], best = 0;
    float cost = (float)p->weight * request->spread, size = (float)request->size;
    if (!shares_of(request, share)) return;
    for (int32_t t = 0; t < request->topics->count; t++) {
        first[t] = gain(share[t], 0, size);
        best = first[t] > best ? first[t] : best;
    }
    for (size_t i = 0; i < n; i++) score[i] -= cost * (best - first[item[place[i]].topic]);
}

/* The gain of the topic that was picked has fallen. */
static void chosen(const void *parameters, const struct request *request,
                   const struct picks *picks, uint32_t latest, struct shortlist *list)
{
    const struct calibration_parameters *p = parameters;
    float share[TOPICS_MAX], count = 0, size = (float)request->size;
    uint32_t topic = picks->topic[latest];
    if (!shares_of(request, share)) return;
    for (uint32_t i = 0; i <= latest; i++) count += picks->topic[i] == topic;
    float lost = gain(share[topic], 0, size) - gain(share[topic], count, size);
    for (uint32_t i = 0; i < list->count; i++) {
        if (list->topic[i] != topic) continue;
        float lowered = list->rank[i] - (float)p->weight * list->spread * lost;
        list->score[i] = lowered < list->score[i] ? lowered : list->score[i];
    }
}

const struct reranker rerank_calibration = {
    .about = {.name = "calibration",
              .doc = "topics in the proportions of the viewer's profile",
              .reference = "Steck 2018, doi 10.1145/3240323.3240372",
              .parameters = &table},
    .screen = screen,
    .chosen = chosen,
};
