/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Maximal marginal relevance: the next pick is the best of score - weight * (likeness to the
 * most alike of those already picked). Likeness is 1 for the same topic and 0 otherwise, or the
 * cosine of the vectors; the weight is in standard deviations of the list's scores, so it means
 * the same under every ranker.
 */
#include "platform/reranker.h"

enum likeness { LIKENESS_TOPIC, LIKENESS_FEATURES };

struct diversity_parameters {
    double weight;
    int32_t by; /* enum likeness */
};

static const struct schema_row rows[] = {
    {.path = "weight",
     .type = SCHEMA_FLOAT,
     .unit = "sd",
     .low = 0,
     .high = 100,
     .initial = "0.5",
     .meaning = "what likeness to a picked video costs, in sd of scores",
     .source = "A",
     .plausible_low = 0,
     .plausible_high = 2,
     .when = SCHEMA_WINDOW,
     .split = SCHEMA_SPLIT_VIEWER,
     .moves = "topic_entropy",
     .sign = 1,
     .from = "0",
     .to = "20",
     .offset = offsetof(struct diversity_parameters, weight)},
    {.path = "by",
     .type = SCHEMA_CHOICE,
     .unit = "1",
     .initial = "\"topic\"",
     .choices = "topic|features",
     .meaning = "what likeness goes by",
     .source = "A",
     .when = SCHEMA_WINDOW,
     .split = SCHEMA_SPLIT_VIEWER,
     .moves = "completion_rate",
     .sign = -1,
     .needs = "platform.rerank.diversity.weight=20.0 creators.count=150",
     .from = "\"topic\"",
     .to = "\"features\"",
     .offset = offsetof(struct diversity_parameters, by)},
};
static const struct schema_table table = {.prefix = "platform.rerank.diversity",
                                          .size = sizeof(struct diversity_parameters),
                                          SCHEMA_ROWS(rows)};

static void lower_features(struct shortlist *list, const struct item *item, uint32_t chosen,
                           float cost)
{
    for (uint32_t i = 0; i < list->count; i++) {
        float likeness = (float)packed_dot(&item[chosen].vector, &item[list->place[i]].vector) *
                         0x1p-28f;
        float lowered = list->rank[i] - cost * likeness;
        list->score[i] = lowered < list->score[i] ? lowered : list->score[i];
    }
}

static bool limit(const void *parameters, struct pick_limits *limits)
{
    const struct diversity_parameters *p = parameters;
    float cost = (float)p->weight;
    if (p->by != LIKENESS_TOPIC) return false;
    if (cost > limits->topic_cost) limits->topic_cost = cost;
    return true;
}

/* By features. Score <= rank - weight * spread * (largest likeness): lowering it for each pick
 * in turn keeps the largest. By topic the limit says the same. */
static void chosen(const void *parameters, const struct request *request,
                   const struct picks *picks, uint32_t latest, struct shortlist *list)
{
    const struct diversity_parameters *p = parameters;
    lower_features(list, request->snapshot->item, picks->place[latest],
                   (float)p->weight * list->spread);
}

const struct reranker rerank_diversity = {
    .about = {.name = "diversity",
              .doc = "maximal marginal relevance over topics or features",
              .reference = "Carbonell & Goldstein 1998, doi 10.1145/290941.291025",
              .parameters = &table},
    .limit = limit,
    .chosen = chosen,
};
