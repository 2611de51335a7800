/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ranking.h"

#include <math.h>

#include "base/maths.h"

/* Puts the `depth` largest of n scores first, ties to the lower index. */
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

/* Discounted cumulative gain of the first `depth`; their mean worth goes to *mean. */
static double gain_of(const float *truth, const uint32_t *top, size_t depth, double *mean)
{
    double gain = 0;
    *mean = 0;
    for (size_t k = 0; k < depth; k++) {
        double worth = (double)truth[top[k]];
        *mean += worth / (double)depth;
        if (worth > 0) gain += worth * maths_log(2.0) / maths_log((double)k + 2.0);
    }
    return gain;
}

/* Sorts indices by ascending score: a heap, since the score is not in a row with its index. */
static void sift(const float *score, uint32_t *order, size_t root, size_t n)
{
    uint32_t moved = order[root];
    for (size_t child; (child = 2 * root + 1) < n; root = child) {
        if (child + 1 < n && score[order[child]] < score[order[child + 1]]) child++;
        if (score[moved] >= score[order[child]]) break;
        order[root] = order[child];
    }
    order[root] = moved;
}

static void sort_ascending(const float *score, uint32_t *order, size_t n)
{
    for (size_t i = 0; i < n; i++) order[i] = (uint32_t)i;
    for (size_t i = n / 2; i-- > 0;) sift(score, order, i, n);
    for (size_t end = n; end-- > 1;) {
        uint32_t last = order[end];
        order[end] = order[0];
        order[0] = last;
        sift(score, order, 0, end);
    }
}

/* Mann-Whitney: from the sum of the (middle) ranks of what is worth something. */
static double auc_of(const float *score, const float *truth, size_t n, uint32_t *order)
{
    double ranks = 0, good = 0;
    sort_ascending(score, order, n);
    for (size_t i = 0, end; i < n; i = end) {
        for (end = i + 1; end < n && !(score[order[i]] < score[order[end]]); end++) continue;
        double middle = ((double)i + 1 + (double)end) / 2;
        for (size_t k = i; k < end; k++) {
            if (!(truth[order[k]] > 0)) continue;
            ranks += middle;
            good++;
        }
    }
    double bad = (double)n - good;
    return good > 0 && bad > 0 ? (ranks - good * (good + 1) / 2) / (good * bad) : (double)NAN;
}

struct ranking ranking_of(const float *score, const float *truth, size_t n, uint32_t *order)
{
    struct ranking result;
    size_t depth = n < RANKING_DEPTH ? n : RANKING_DEPTH;
    double best, reached;
    take_top(truth, n, order, depth);
    double ideal = gain_of(truth, order, depth, &best);
    take_top(score, n, order, depth);
    double gain = gain_of(truth, order, depth, &reached);
    result.ndcg = ideal > 0 ? gain / ideal : (double)NAN;
    result.regret = best - reached;
    result.auc = auc_of(score, truth, n, order);
    return result;
}
