/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "entropy.h"

#include <math.h>

#include "base/maths.h"

#define MIXED 0.01 /* Steck 2018 */

static double sum_of(const double *weight, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += weight[i];
    return sum;
}

double entropy_of(const double *weight, size_t n)
{
    double total = sum_of(weight, n), entropy = 0;
    if (!(total > 0)) return (double)NAN;
    for (size_t i = 0; i < n; i++) {
        double share = weight[i] / total;
        if (share > 0) entropy -= share * maths_log(share);
    }
    return entropy;
}

double entropy_divergence(const double *p, const double *q, size_t n)
{
    double all_p = sum_of(p, n), all_q = sum_of(q, n), sum = 0;
    if (!(all_p > 0) || !(all_q > 0)) return (double)NAN;
    for (size_t i = 0; i < n; i++) {
        double is = p[i] / all_p, seen = q[i] / all_q;
        if (is > 0) sum += is * maths_log(is / ((1 - MIXED) * seen + MIXED * is));
    }
    return sum;
}
