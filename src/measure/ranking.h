/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How good an order of n things is against their true worth.
 */
#ifndef MEASURE_RANKING_H
#define MEASURE_RANKING_H

#include <stddef.h>
#include <stdint.h>

#define RANKING_DEPTH 10

/* One comparison of an order (by score, highest first, ties to the lower index) with the truth.
 */
struct ranking {
    double ndcg;   /* NDCG at 10, gain = truth above 0 (Järvelin & Kekäläinen 2002); NaN when
                      nothing is worth anything */
    double regret; /* mean truth of the best 10 less that of the first 10 */
    double auc;    /* chance that a thing of truth > 0 is put before one of truth <= 0, ties
                      count half (Hanley & McNeil 1982); NaN when all are of one kind */
};

/* `order` is scratch for n numbers. n >= 1. */
struct ranking ranking_of(const float *score, const float *truth, size_t n, uint32_t *order);

#endif
