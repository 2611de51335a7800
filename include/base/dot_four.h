/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Products of one vector with four others, in the machine code of the file that includes this.
 */
#ifndef BASE_DOT_FOUR_H
#define BASE_DOT_FOUR_H

#ifdef __SSE2__
#include <immintrin.h>
#endif

#include "base/vector16.h"

/* Sums are exact integers, so each machine adds in the order that suits it. Four rows at a
 * time: then one shuffle works for two of them. */
#if defined(__AVX2__)

static inline __m256i dot_four_products(const struct packed16 *query,
                                        const struct packed16 *row)
{
    return _mm256_madd_epi16(_mm256_loadu_si256((const void *)query),
                             _mm256_loadu_si256((const void *)row));
}

static inline vector_four_bits dot_four(const struct packed16 *query,
                                        const struct packed16 *const row[4])
{
    __m256i low = _mm256_hadd_epi32(dot_four_products(query, row[0]),
                                    dot_four_products(query, row[1]));
    __m256i high = _mm256_hadd_epi32(dot_four_products(query, row[2]),
                                     dot_four_products(query, row[3]));
    __m256i sums = _mm256_hadd_epi32(low, high);

    return (vector_four_bits)_mm_add_epi32(_mm256_castsi256_si128(sums),
                                           _mm256_extracti128_si256(sums, 1));
}

#elif defined(__SSE2__)

static inline __m128i dot_four_products(const struct packed16 *query,
                                        const struct packed16 *row)
{
    const int16_t *q = query->lane, *r = row->lane;
    __m128i low = _mm_madd_epi16(_mm_loadu_si128((const void *)q),
                                 _mm_loadu_si128((const void *)r));
    __m128i high = _mm_madd_epi16(_mm_loadu_si128((const void *)(q + 8)),
                                  _mm_loadu_si128((const void *)(r + 8)));

    return _mm_add_epi32(low, high);
}

/* a0+a2, b0+b2, a1+a3, b1+b3 */
static inline __m128i dot_four_halves(__m128i a, __m128i b)
{
    return _mm_add_epi32(_mm_unpacklo_epi32(a, b), _mm_unpackhi_epi32(a, b));
}

static inline vector_four_bits dot_four(const struct packed16 *query,
                                        const struct packed16 *const row[4])
{
    __m128i low = dot_four_halves(dot_four_products(query, row[0]),
                                  dot_four_products(query, row[1]));
    __m128i high = dot_four_halves(dot_four_products(query, row[2]),
                                   dot_four_products(query, row[3]));

    return (vector_four_bits)_mm_add_epi32(_mm_unpacklo_epi64(low, high),
                                           _mm_unpackhi_epi64(low, high));
}

#else

static inline vector_four_bits dot_four(const struct packed16 *query,
                                        const struct packed16 *const row[4])
{
    vector_four_bits dot = {0};

    for (int i = 0; i < 4; i++) dot[i] = packed_dot(query, row[i]);
    return dot;
}

#endif

#endif
