/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How much a list of numbers varies, and how alike two lists are ordered.
 */
#ifndef MEASURE_VARIATION_H
#define MEASURE_VARIATION_H

#include <stddef.h>

#include "base/status.h"

/* Coefficient of variation: standard deviation (n - 1) over mean; NaN when n < 2 or the mean is
 * not above 0. {1, 3} gives 0.7071. */
double variation_of(const double *x, size_t n);

/* Expected shortfall: the mean of the lowest `share` of n values (Rockafellar & Uryasev 2000),
 * at least one of them, the last in part when share * n is no whole number. Sorts x. NaN when n
 * = 0. The lowest 5 % of 1..100 gives 3. */
double variation_shortfall(double *x, size_t n, double share);

/* Spearman's rank correlation, ties at their middle ranks (Spearman 1904): the correlation of
 * the ranks. {1, 2, 3, 4} and {1, 2, 4, 3} give 0.8. Replaces x and y by their ranks; NaN when
 * n < 2 or all of one list are alike. STATUS_NO_MEMORY leaves all as it was. */
enum status variation_rank_correlation(double *x, double *y, size_t n, double *out) MUST_CHECK;

#endif
