/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "variation.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/memory.h"

double variation_of(const double *x, size_t n)
{
    double mean = 0, squares = 0;
    for (size_t i = 0; i < n; i++) mean += x[i] / (double)n;
    if (n < 2 || !(mean > 0)) return (double)NAN;
    for (size_t i = 0; i < n; i++) squares += (x[i] - mean) * (x[i] - mean);
    return sqrt(squares / (double)(n - 1)) / mean;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double variation_shortfall(double *x, size_t n, double share)
{
    double want = share * (double)n, sum = 0, left;
    if (n == 0) return (double)NAN;
    qsort(x, n, sizeof *x, ascending);
    if (want < 1) want = 1;
    left = want;
    for (size_t i = 0; i < n && left > 0; i++, left--) sum += left < 1 ? left * x[i] : x[i];
    return sum / want;
}

struct ranked {
    double value;
    size_t at;
};

static int by_value(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    if (x->value != y->value) return x->value < y->value ? -1 : 1;
    return (x->at > y->at) - (x->at < y->at);
}

static void to_ranks(double *x, size_t n, struct ranked *scratch)
{
    for (size_t i = 0; i < n; i++) scratch[i] = (struct ranked){x[i], i};
    qsort(scratch, n, sizeof *scratch, by_value);
    for (size_t i = 0, end; i < n; i = end) {
        for (end = i + 1; end < n && !(scratch[i].value < scratch[end].value);) end++;
        for (size_t k = i; k < end; k++) x[scratch[k].at] = ((double)i + 1 + (double)end) / 2;
    }
}

enum status variation_rank_correlation(double *x, double *y, size_t n, double *out)
{
    double xx = 0, yy = 0, xy = 0, mean = ((double)n + 1) / 2;
    struct ranked *scratch = memory_alloc(n, sizeof *scratch);
    if (!scratch) return STATUS_NO_MEMORY;
    to_ranks(x, n, scratch);
    to_ranks(y, n, scratch);
    memory_free(scratch);
    for (size_t i = 0; i < n; i++) {
        xx += (x[i] - mean) * (x[i] - mean);
        yy += (y[i] - mean) * (y[i] - mean);
        xy += (x[i] - mean) * (y[i] - mean);
    }
    *out = xx > 0 && yy > 0 ? xy / sqrt(xx * yy) : (double)NAN;
    return STATUS_OK;
}
