/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The loops that gain most from AVX2, in two machine codes chosen at run time by the CPU, with
 * the same bits out of both. REELSIM_KERNELS=baseline in the environment forces the one for any
 * x86-64.
 *
 * The release program exists twice as a whole (src/cli/start.c). This table gives the other
 * build modes, the library and the tests the same choice, and holds the two codes against each
 * other over random inputs (tests/base/test_kernels.c).
 */
#ifndef BASE_KERNELS_H
#define BASE_KERNELS_H

#include <stddef.h>
#include <stdint.h>

#include "base/vector16.h"

struct score_terms {
    const struct packed16 *query;
    const struct packed16 *table; /* the first row's vector, */
    const float *bias;            /* and its bias; */
    size_t stride;                /* bytes from a row to the next */
    float scale;                  /* of products in units of 2^-28 */
};

struct kernels {
    const char *name; /* "baseline" or "avx2" */
    /* out[i] = dot(query, row[i]) in units of 2^-28, i < n. Any n; rows are contiguous. */
    void (*dot_rows)(const struct packed16 *query, const struct packed16 *row, size_t n,
                     int32_t *out);
    /* score[i] = scale * dot(query, vector) + bias of row index[i], i < n: rows scattered in a
     * table. */
    void (*score_gather)(const struct score_terms *terms, const uint32_t *index, size_t n,
                         float *score);
    /* score[i] = scale * dot[i] + bias[i] */
    void (*scale_add)(const int32_t *dot, float scale, const float *bias, size_t n,
                      float *score);
    /* The k best of n scores (k <= n <= 1024; finite, > -3e38), best first, ties to the lower
     * index: writes indices to out and destroys score. */
    void (*top_k)(float *score, size_t n, uint32_t *out, size_t k);
    /* Philox4x32-10 on eight counters: lane i of word k in and out is counter[k][i]. */
    void (*philox_eight)(const uint32_t key[2], uint32_t counter[4][8]);
    /* y[i] = exp(x[i]), log(x[i]), sigmoid(x[i]): the bits of base/maths.h. For tests: they
     * hold the compiler's vector forms of those functions against the scalar ones. */
    void (*exp_n)(const float *x, size_t n, float *y);
    void (*log_n)(const float *x, size_t n, float *y);
    void (*sigmoid_n)(const float *x, size_t n, float *y);
};

/* The best kernels of this CPU, or those that the environment asks for. Never NULL. */
const struct kernels *kernels_choose(void);
/* One of them by name, for tests; NULL when unknown or not supported here. */
const struct kernels *kernels_named(const char *name);

#endif
