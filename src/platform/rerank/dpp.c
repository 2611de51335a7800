/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Determinantal point process, greedy MAP: the next pick is the one that adds most to the log
 * determinant of the slate's kernel. With q = e^rank in the diagonal and the likeness
 * (1 + cosine) / 2 beside it that is
 *     rank + weight ln d^2,   d^2 = what of the item's vector the picks do not span.
 * The vector is (1, x) / sqrt(2), x the item's own at unit length, so d^2 is got by
 * orthogonalising the picks (Gram-Schmidt) instead of by Chen's Cholesky rows: the same
 * number, and nothing is kept from pick to pick. The weight is in standard deviations of the
 * list's scores. Other than with `diversity` a pick counts that is like none of the picks but
 * like two of them together.
 */
#include "platform/reranker.h"

#define DIM (VECTOR_DIM + 1) /* 17: lane 16 is the constant */
#define LEAST 1e-6f          /* d^2 below it is rounding */

struct dpp_parameters {
    double weight;
};

static const struct schema_row rows[] = {
    {.path = "weight",
     .type = SCHEMA_FLOAT,
     .unit = "sd",
     .low = 0,
     .high = 100,
     .initial = "0.5",
     .meaning = "what e times less volume costs, in sd of scores",
     .source = "A",
     .plausible_low = 0,
     .plausible_high = 2,
     .when = SCHEMA_WINDOW,
     .split = SCHEMA_SPLIT_VIEWER,
     .moves = "topic_entropy",
     .sign = 1,
     .from = "0",
     .to = "20",
     .needs = "platform.rerankers=[\"no_repeats\",\"dpp\"]",
     .offset = offsetof(struct dpp_parameters, weight)},
};
static const struct schema_table table = {
    .prefix = "platform.rerank.dpp", .size = sizeof(struct dpp_parameters), SCHEMA_ROWS(rows)};

/* (1, x) / sqrt(2) with x at unit length. */
static void unfold(const struct packed16 *packed, float out[DIM])
{
    vector_unpack(out, packed);
    vector_normalise(out);
    vector_scale(out, 0.70710678f);
    out[VECTOR_DIM] = 0.70710678f;
}

static float product(const float *a, const float *b)
{
    return vector_dot(a, b) + a[VECTOR_DIM] * b[VECTOR_DIM];
}

/* An orthonormal basis of what the picks up to the latest span; returns its size. */
static uint32_t span(const struct item *item, const struct picks *picks, uint32_t latest,
                     float basis[SLATE_MAX][DIM])
{
    uint32_t n = 0;
    for (uint32_t i = 0; i <= latest; i++) {
        float *x = basis[n];
        unfold(&item[picks->place[i]].vector, x);
        for (uint32_t k = 0; k < n; k++) {
            float along = product(x, basis[k]);
            vector_add(x, -along, basis[k]);
            x[VECTOR_DIM] -= along * basis[k][VECTOR_DIM];
        }
        float square = product(x, x);
        if (square < LEAST) continue; /* nothing new */
        vector_scale(x, 1.0f / sqrtf(square));
        x[VECTOR_DIM] /= sqrtf(square);
        n++;
    }
    return n;
}

/* More picks span more: d^2 never grows, so a score never does. */
static void chosen(const void *parameters, const struct request *request,
                   const struct picks *picks, uint32_t latest, struct shortlist *list)
{
    const struct dpp_parameters *p = parameters;
    const struct item *item = request->snapshot->item;
    float basis[SLATE_MAX][DIM], x[DIM], cost = (float)p->weight * list->spread;
    uint32_t n = span(item, picks, latest, basis);
    for (uint32_t i = 0; i < list->count; i++) {
        if (list->score[i] <= SCORE_NEVER) continue;
        unfold(&item[list->place[i]].vector, x);
        float left = product(x, x);
        for (uint32_t k = 0; k < n; k++) {
            float along = product(x, basis[k]);
            left -= along * along;
        }
        left = left < LEAST ? LEAST : left < 1.0f ? left : 1.0f;
        float lowered = list->rank[i] + cost * maths_logf(left);
        list->score[i] = lowered < list->score[i] ? lowered : list->score[i];
    }
}

const struct reranker rerank_dpp = {
    .about = {.name = "dpp",
              .doc = "determinantal point process over the items' vectors, greedy",
              .reference = "Chen, Zhang & Zhou 2018 (NeurIPS), arXiv 1709.05135",
              .parameters = &table},
    .chosen = chosen,
};
