/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The kernels' one source, compiled once for any x86-64 and once for AVX2 (never with FMA, whose
 * fused bits would differ). KERNELS_NAME and KERNELS_TABLE are set by the including file.
 */
#include <stddef.h>
#include <stdint.h>

#ifdef __SSE2__
#include <immintrin.h>
#endif

#include "base/kernels.h"
#include "base/maths.h"

/* The exact integer sum does not depend on the order of lanes, so each machine adds as it likes. */
static inline int32_t dot_one(const struct packed16 *a, const struct packed16 *b)
{
#if defined(__AVX2__)
    __m256i x = _mm256_loadu_si256((const void *)a), y = _mm256_loadu_si256((const void *)b);
    __m256i pairs = _mm256_madd_epi16(x, y);
    __m128i four = _mm_add_epi32(_mm256_castsi256_si128(pairs), _mm256_extracti128_si256(pairs, 1));
#elif defined(__SSE2__)
    const char *p = (const void *)a, *q = (const void *)b;
    __m128i low = _mm_madd_epi16(_mm_loadu_si128((const void *)p),
                                 _mm_loadu_si128((const void *)q));
    __m128i high = _mm_madd_epi16(_mm_loadu_si128((const void *)(p + 16)),
                                  _mm_loadu_si128((const void *)(q + 16)));
    __m128i four = _mm_add_epi32(low, high);
#endif
#ifdef __SSE2__
    four = _mm_add_epi32(four, _mm_shuffle_epi32(four, 0x4e));
    four = _mm_add_epi32(four, _mm_shuffle_epi32(four, 0xb1));
    return _mm_cvtsi128_si32(four);
#else
    return packed_dot(a, b);
#endif
}

static void dot_rows(const struct packed16 *query, const struct packed16 *row, size_t n,
                     int32_t *out)
{
    const struct packed16 q = *query;
    for (size_t i = 0; i < n; i++) out[i] = dot_one(&q, row + i);
}

static void dot_gather(const struct packed16 *query, const struct packed16 *table,
                       const uint32_t *index, size_t n, int32_t *out)
{
    const struct packed16 q = *query;
    for (size_t i = 0; i < n; i++) {
        if (i + 8 < n) __builtin_prefetch(table + index[i + 8]);
        out[i] = dot_one(&q, table + index[i]);
    }
}

static void scale_add(const int32_t *dot, float scale, const float *bias, size_t n, float *score)
{
    for (size_t i = 0; i < n; i++) score[i] = scale * (float)dot[i] + bias[i];
}

#define TOP_BLOCK 16
#define TOP_NONE (-3.0e38f)

static inline float block_most(const float *score, size_t n)
{
    float most[4] = {TOP_NONE, TOP_NONE, TOP_NONE, TOP_NONE};
    size_t i = 0;
    for (; i + 4 <= n; i += 4)
        for (int k = 0; k < 4; k++) most[k] = score[i + (size_t)k] > most[k] ? score[i + (size_t)k] : most[k];
    for (; i < n; i++) most[0] = score[i] > most[0] ? score[i] : most[0];
    most[0] = most[0] > most[1] ? most[0] : most[1];
    most[2] = most[2] > most[3] ? most[2] : most[3];
    return most[0] > most[2] ? most[0] : most[2];
}

/* Two levels: the best of each block of 16, then the best of the blocks; after each pick only one
 * block is looked at again. */
static void top_k(float *score, size_t n, uint32_t *out, size_t k)
{
    float most[1024 / TOP_BLOCK];
    size_t blocks = (n + TOP_BLOCK - 1) / TOP_BLOCK;
    for (size_t b = 0; b < blocks; b++) {
        size_t at = b * TOP_BLOCK, rest = n - at;
        most[b] = block_most(score + at, rest < TOP_BLOCK ? rest : TOP_BLOCK);
    }
    for (size_t pick = 0; pick < k; pick++) {
        size_t best = 0;
        for (size_t b = 1; b < blocks; b++)
            if (most[b] > most[best]) best = b;
        size_t at = best * TOP_BLOCK, i = at, rest = n - at;
        while (i + 1 < n && score[i] != most[best]) i++;
        out[pick] = (uint32_t)i;
        score[i] = TOP_NONE;
        most[best] = block_most(score + at, rest < TOP_BLOCK ? rest : TOP_BLOCK);
    }
}

static void exp_n(const float *x, size_t n, float *y)
{
    for (size_t i = 0; i < n; i++) y[i] = maths_expf(x[i]);
}

static void log_n(const float *x, size_t n, float *y)
{
    for (size_t i = 0; i < n; i++) y[i] = maths_logf(x[i]);
}

static void sigmoid_n(const float *x, size_t n, float *y)
{
    for (size_t i = 0; i < n; i++) y[i] = maths_sigmoidf(x[i]);
}

const struct kernels KERNELS_TABLE = {KERNELS_NAME, dot_rows, dot_gather, scale_add,
                                      top_k,        exp_n,    log_n,      sigmoid_n};
