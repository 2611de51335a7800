/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Statistics of replications: what a comparison of arms says, and how sure it is.
 *
 * Replication r of every arm meets the same people and the same luck (common random numbers),
 * so arms are compared by their differences in pairs. A value that a failed replication did not
 * give is NaN; a pair with one is left out.
 *
 * Level of all intervals: PAIRED_LEVEL. Intervals speak of luck alone, not of the assumptions.
 */
#ifndef EXPERIMENT_PAIRED_H
#define EXPERIMENT_PAIRED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

#define PAIRED_LEVEL 0.95
#define PAIRED_RESAMPLES 2000 /* of the bootstrap */
#define PAIRED_LEAST 10       /* replications before a sequential rule may stop */
#define PAIRED_ARMS 64        /* a set of arms is a word of bits */

/* A mean with its t interval: mean -+ t(0.975, n - 1) sd / sqrt(n). NaN where n is too small:
 * the mean below 1, the rest below 2. */
struct estimate {
    size_t n;
    double mean, sd, low, high;
};
struct estimate paired_estimate(const double *value, size_t n);

struct paired {
    struct estimate difference; /* arm minus baseline */
    double p;                   /* two-sided, of the t test that the mean difference is 0; 1
                                   when all differences are 0, 0 when all are the same else */
    double boot_low, boot_high; /* bootstrap interval of the mean difference */
    double reduction;           /* (var arm + var baseline) / var difference: how many times the
                                   replications independent seeds would need for the same
                                   interval; infinite when the differences do not vary */
};
/* `arm` and `base` have n values. STATUS_NO_MEMORY. */
enum status paired_compare(const double *arm, const double *base, size_t n,
                           struct paired *out) MUST_CHECK;
/* The test alone: p of paired_compare. */
double paired_p(const double *arm, const double *base, size_t n);

/* Percentile bootstrap of a mean with its percentiles moved out so that small samples are not
 * too sure: at Phi(-sqrt(n / (n - 1)) t(0.975, n - 1)) and its mirror (Hesterberg 2015, Am.
 * Stat. 69(4), "expanded percentile"). Numbers are drawn by name: the same values give the same
 * interval. NaN below two values. STATUS_NO_MEMORY. */
enum status paired_bootstrap(const double *value, size_t n, double interval[2]) MUST_CHECK;

/* Holm's step-down correction (Holm 1979, Scand. J. Stat. 6): p becomes the adjusted p, which
 * may be compared with 0.05 for the whole family. NaN are no tests and stay. STATUS_NO_MEMORY.
 */
enum status paired_holm(double *p, size_t n) MUST_CHECK;

/* Sequential stopping at a relative precision: is the interval's half width at most gamma /
 * (1 + gamma) of |scale|, which bounds the error relative to the true value by gamma (Law &
 * Kelton 2000, 9.4.1)? Never before PAIRED_LEAST replications. Stopping when the sample happens
 * to look calm makes the interval cover a little less than it says, the less so the smaller
 * gamma (Glynn & Whitt 1992, Ann. Appl. Probab. 2(1)). */
bool paired_precise(const struct estimate *estimate, double scale, double gamma);

/* Groups of arms that cannot be told apart (Piepho 2004, J. Comp. Graph. Stat. 13, insert and
 * absorb): two arms share a group just when the pair is not told apart. `apart` is arms x arms,
 * symmetric; bit a of group[g] = arm a; ordered by their first arm in `order`. Returns how many
 * groups, at most `most`; 0 when there would be more. */
size_t paired_groups(const bool *apart, const uint32_t *order, uint32_t arms, uint64_t *group,
                     size_t most);

/* The value below which a share of n sorted values lies, between two of them in proportion. */
double paired_quantile(const double *sorted, size_t n, double share);
/* Spearman's rank correlation of n pairs without NaN, ties at their mean rank; NaN when one
 * side does not vary. STATUS_NO_MEMORY. */
enum status paired_rank_correlation(const double *x, const double *y, size_t n,
                                    double *rho) MUST_CHECK;
/* Two-sided p of a rank correlation, by Student's t with n - 2 degrees; NaN below n = 4. */
double paired_rank_p(double rho, size_t n);
/* |rho| that the strongest of m >= 1 independent correlations of n pairs, all 0 in truth,
 * exceeds as often as not, by the same t; 1 below n = 4. */
double paired_rank_strongest(size_t m, size_t n);

#endif
