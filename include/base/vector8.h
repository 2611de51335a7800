/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Eight lanes at a time: one register where the machine has AVX2, else two of vector16.h's four
 * lanes. Values of these types are passed by address, as what holds one in a call depends on
 * the machine.
 */
#ifndef BASE_VECTOR8_H
#define BASE_VECTOR8_H

#include "base/vector16.h"

typedef float vector8 __attribute__((vector_size(32)));
typedef int32_t vector8_bits __attribute__((vector_size(32)));

/* `other` in lanes where the outcome holds, else what is there: of whole numbers, and of
 * floats. */
static inline void vector8_where_bits(const vector8_bits *outcome, const vector8_bits *other,
                                      vector8_bits *self)
{
#ifdef __AVX2__
    *self = (vector8_bits)__builtin_ia32_blendvps256((vector8)*self, (vector8)*other,
                                                     (vector8)*outcome);
#else
    *self = (*other & *outcome) | (*self & ~*outcome);
#endif
}

static inline void vector8_where(const vector8_bits *outcome, const vector8 *other,
                                 vector8 *self)
{
    const vector8_bits from = (vector8_bits)*other;
    vector8_bits bits = (vector8_bits)*self;

    vector8_where_bits(outcome, &from, &bits);
    *self = (vector8)bits;
}

/* What is there becomes the lower of each lane, and the higher. */
static inline void vector8_least(const vector8 *other, vector8 *self)
{
#ifdef __AVX__
    *self = __builtin_ia32_minps256(*other, *self);
#else
    const vector8_bits lower = *other < *self;

    vector8_where(&lower, other, self);
#endif
}

static inline void vector8_most(const vector8 *other, vector8 *self)
{
#ifdef __AVX__
    *self = __builtin_ia32_maxps256(*other, *self);
#else
    const vector8_bits higher = *other > *self;

    vector8_where(&higher, other, self);
#endif
}

/* The lower or higher four of eight lanes. */
static inline vector_four vector8_half(const vector8 *from, int half)
{
    vector_four four;

    memcpy(&four, (const char *)from + 16 * half, sizeof four);
    return four;
}

static inline vector_four_bits vector8_half_bits(const vector8_bits *from, int half)
{
    vector_four_bits four;

    memcpy(&four, (const char *)from + 16 * half, sizeof four);
    return four;
}

/* Bit i of the result is lane i of a comparison's outcome. */
static inline unsigned vector8_mask(const vector8_bits *outcome)
{
#ifdef __AVX__
    return (unsigned)__builtin_ia32_movmskps256((vector8)*outcome);
#else
    return vector_mask(vector8_half_bits(outcome, 0)) |
           vector_mask(vector8_half_bits(outcome, 1)) << 4;
#endif
}

#endif
