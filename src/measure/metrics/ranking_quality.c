/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How good the recommender is against the truth that it never sees: NDCG@10 and AUC of its
 * personalised ranking of the sampled videos, for the panel's viewers. Gain = expected match
 * above 0 (Järvelin & Kekäläinen 2002).
 */
#include "base/maths.h"
#include "base/memory.h"
#include "measure/metric.h"

#define DEPTH 10

static const struct column columns[] = {
    {"ndcg_true", "1",
     "NDCG@10 of the personalised ranking over sampled active videos, gain = match above 0"},
    {"regret_true", "1", "mean match of the true top 10 less that of the ranked top 10"},
};

/* Puts the `depth` largest of n scores first, ties to the lower index; n * depth steps. */
static void take_top(const float *score, size_t n, uint32_t *top, size_t depth)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        size_t at = kept;
        while (at > 0 && score[top[at - 1]] < score[i]) at--;
        if (at >= depth) continue;
        if (kept < depth) kept++;
        for (size_t k = kept - 1; k > at; k--) top[k] = top[k - 1];
        top[at] = (uint32_t)i;
    }
}

static double gain_of(const float *truth, const uint32_t *top, size_t depth, double *mean)
{
    double gain = 0;
    for (size_t k = 0; k < depth; k++) {
        double match = truth[top[k]];
        *mean += match / (double)depth;
        if (match > 0) gain += match * maths_log(2.0) / maths_log((double)k + 2.0);
    }
    return gain;
}

static void sample(void *states, const struct metric_view *view, struct cell *cells)
{
    (void)states;
    size_t n = view->sample_count, depth = n < DEPTH ? n : DEPTH;
    double ndcg = 0, regret = 0;
    size_t viewers = 0;
    float *score = memory_alloc(n, sizeof *score), *truth = memory_alloc(n, sizeof *truth);
    for (size_t p = 0; p < view->panel_count && score && truth && depth; p++) {
        uint32_t ranked[DEPTH], best[DEPTH];
        double mean_ranked = 0, mean_best = 0;
        view->rank.score(view->rank.self, view->panel[p], view->sample_videos, n, score);
        for (size_t i = 0; i < n; i++)
            truth[i] = view->truth.match(view->truth.self, view->panel[p],
                                         view->sample_videos[i]);
        take_top(score, n, ranked, depth);
        take_top(truth, n, best, depth);
        double ideal = gain_of(truth, best, depth, &mean_best);
        double got = gain_of(truth, ranked, depth, &mean_ranked);
        if (ideal <= 0) continue;
        ndcg += got / ideal;
        regret += mean_best - mean_ranked;
        viewers++;
    }
    memory_free(score);
    memory_free(truth);
    cells[0] = viewers ? cell_float(ndcg / (double)viewers) : cell_empty();
    cells[1] = viewers ? cell_float(regret / (double)viewers) : cell_empty();
}

const struct metric metric_ranking_quality = {
    .about = {.name = "ranking_quality",
              .doc = "NDCG@10 and regret of the ranking against the true match",
              .reference = "Järvelin & Kekäläinen 2002"},
    .columns = columns,
    .column_count = 2,
    .sample = sample,
};
