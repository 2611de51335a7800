/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Vectors of d = 16 floats, and their 16-bit form at rest.
 *
 * At rest a vector is 16 int16 in units of 2^-14 (range +-2): 32 bytes, half a cache line, and
 * a dot product of two of them is an exact integer, the same for every instruction set. In a
 * running session it is 16 floats. Sums over lanes have one fixed order: lane i with i + 8,
 * then 4 + 4, 2 + 2, 1 + 1. Vectors may lie at any address.
 *
 * The loops are written over groups of four lanes (the vector extension of gcc and clang),
 * which any x86-64 has in one register, other machines in some equivalent.
 */
#ifndef BASE_VECTOR16_H
#define BASE_VECTOR16_H

#include <stdint.h>
#include <string.h>

#define VECTOR_DIM 16
#define VECTOR_ONE 16384 /* 1.0 at rest */

struct packed16 {
    int16_t lane[VECTOR_DIM];
};

typedef float vector_four __attribute__((vector_size(16)));
typedef int32_t vector_four_bits __attribute__((vector_size(16)));
typedef int16_t vector_four_short __attribute__((vector_size(8)));

static inline vector_four vector_load_four(const float *from)
{
    vector_four four;

    memcpy(&four, from, sizeof four);
    return four;
}

static inline void vector_store_four(float *to, vector_four four)
{
    memcpy(to, &four, sizeof four);
}

/* Bit i of the result is lane i of a comparison's outcome. */
static inline unsigned vector_mask(vector_four_bits outcome)
{
#ifdef __SSE2__
    return (unsigned)__builtin_ia32_movmskps((vector_four)outcome);
#else
    unsigned mask = 0;

    for (int i = 0; i < 4; i++) mask |= (unsigned)(outcome[i] != 0) << i;
    return mask;
#endif
}

/* `other` in lanes where the outcome holds, else `self`. */
static inline vector_four vector_where(vector_four_bits outcome, vector_four other,
                                       vector_four self)
{
    return (vector_four)(((vector_four_bits)other & outcome) |
                         ((vector_four_bits)self & ~outcome));
}

static inline vector_four_bits vector_load_bits(const uint32_t *from)
{
    vector_four_bits four;

    memcpy(&four, from, sizeof four);
    return four;
}

/* Sum of the products of lanes; about 1e-6 relative to |a||b|. */
static inline float vector_dot(const float *a, const float *b)
{
    vector_four low = vector_load_four(a) * vector_load_four(b);
    vector_four high = vector_load_four(a + 4) * vector_load_four(b + 4);

    low += vector_load_four(a + 8) * vector_load_four(b + 8);
    high += vector_load_four(a + 12) * vector_load_four(b + 12);
    low += high;
    return (low[0] + low[2]) + (low[1] + low[3]);
}

/* out[i] = in->lane[i] / VECTOR_ONE, exact. */
static inline void vector_unpack(float *out, const struct packed16 *in)
{
    for (int i = 0; i < VECTOR_DIM; i++) out[i] = (float)in->lane[i] * (1.0f / VECTOR_ONE);
}

/* Four lanes to whole units of 2^-14: nearest, ties to even, saturated at +-32767; NaN to
 * -32767. */
static inline vector_four_bits vector_round_four(vector_four x)
{
    const vector_four most = {32767.0f, 32767.0f, 32767.0f, 32767.0f};
    const vector_four round = {0x1.8p23f, 0x1.8p23f, 0x1.8p23f, 0x1.8p23f};
    vector_four_bits bits, keep, zero;

    x = x * (float)VECTOR_ONE;
    keep = (vector_four_bits)(x > -most);
    x = (vector_four)(((vector_four_bits)x & keep) | ((vector_four_bits)-most & ~keep));
    keep = (vector_four_bits)(x < most);
    x = (vector_four)(((vector_four_bits)x & keep) | ((vector_four_bits)most & ~keep));
    bits = (vector_four_bits)(x + round);
    zero = (vector_four_bits)round;
    return bits - zero;
}

/* Rounds to nearest (ties to even) and saturates at +-32767; -32768 never appears at rest. */
static inline void vector_pack(struct packed16 *out, const float *in)
{
    for (int i = 0; i < VECTOR_DIM; i += 4) {
        vector_four_short four = __builtin_convertvector(
            vector_round_four(vector_load_four(in + i)), vector_four_short);

        memcpy(out->lane + i, &four, sizeof four);
    }
}

/* y += scale * x */
static inline void vector_add(float *y, float scale, const float *x)
{
    for (int i = 0; i < VECTOR_DIM; i += 4)
        vector_store_four(y + i, vector_load_four(y + i) + scale * vector_load_four(x + i));
}

/* y *= scale */
static inline void vector_scale(float *y, float scale)
{
    for (int i = 0; i < VECTOR_DIM; i += 4)
        vector_store_four(y + i, scale * vector_load_four(y + i));
}

/* Scales to unit length; leaves a vector shorter than 1e-6 alone. */
static inline void vector_normalise(float *y)
{
    float square = vector_dot(y, y);

    if (square >= 1e-12f) vector_scale(y, 1.0f / __builtin_sqrtf(square));
}

/* Exact dot product in units of 2^-28, as long as it fits 32 bits: |a||b| < 8, e.g. |a|, |b|
 * <= 2.8; beyond that it wraps around. */
static inline int32_t packed_dot(const struct packed16 *a, const struct packed16 *b)
{
    uint32_t sum = 0;

    for (int i = 0; i < VECTOR_DIM; i++) sum += (uint32_t)(a->lane[i] * b->lane[i]);
    return (int32_t)sum;
}

#endif
