/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rows of floats of any multiple of eight lanes: what factors are kept in.
 *
 * Written over groups of eight (the vector extension of gcc and clang): one register with AVX,
 * two without, and the same bits out of both, because sums have one fixed order: groups first
 * to last, then lane i with i + 4, 2 + 2, 1 + 1.
 */
#ifndef RECOMMEND_LANES_H
#define RECOMMEND_LANES_H

#include <stdint.h>

#define LANES 8

/* Aligned like a float, so that a group may lie at any row's start. */
typedef float lanes_eight __attribute__((vector_size(32), aligned(4), may_alias));

/* Lanes that hold n floats: the next multiple of eight. */
static inline uint32_t lanes_width(uint32_t n) { return (n + LANES - 1) / LANES * LANES; }

static inline float lanes_sum(const lanes_eight *x)
{
    lanes_eight sum = *x;

    sum += __builtin_shufflevector(sum, sum, 4, 5, 6, 7, 0, 1, 2, 3);
    sum += __builtin_shufflevector(sum, sum, 2, 3, 0, 1, 6, 7, 4, 5);
    return sum[0] + sum[1];
}

static inline float lanes_dot(const float *a, const float *b, uint32_t width)
{
    const lanes_eight *x = (const lanes_eight *)a, *y = (const lanes_eight *)b;
    lanes_eight sum = x[0] * y[0];

    for (uint32_t g = 1; g < width / LANES; g++) sum += x[g] * y[g];
    return lanes_sum(&sum);
}

/* y += scale x */
static inline void lanes_add(float *y, float scale, const float *x, uint32_t width)
{
    const lanes_eight *from = (const lanes_eight *)x;
    lanes_eight *to = (lanes_eight *)y;

    for (uint32_t g = 0; g < width / LANES; g++) to[g] += scale * from[g];
}

/* y = keep y + scale x */
static inline void lanes_mix(float *y, float keep, float scale, const float *x, uint32_t width)
{
    const lanes_eight *from = (const lanes_eight *)x;
    lanes_eight *to = (lanes_eight *)y;

    for (uint32_t g = 0; g < width / LANES; g++) to[g] = keep * to[g] + scale * from[g];
}

#endif
