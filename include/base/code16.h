/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A number in (0, 1] in 16 bits: the upper bits of an IEEE float, 2048 steps to each halving,
 * counted so that 1.0 is 65535. It reaches down to 2^-32 (1 + 2^-10) = 2.33e-10, smaller ones
 * are taken for that; in between the error is at most 2^-12 of the value (0.025 %). Monotonic.
 * For tables whose rows are many; numbers up to another bound are divided by it first.
 */
#ifndef BASE_CODE16_H
#define BASE_CODE16_H

#include <stdint.h>
#include <string.h>

#define CODE16_SHIFT 12                             /* bits of a float that are dropped */
#define CODE16_BASE ((UINT32_C(127) << 11) - 65535) /* 127 = the exponent of 1.0 */

/* The nearest code; from 1 up that of 1. 0 only for what is not above 0. */
static inline uint16_t code16_encode(float x)
{
    uint32_t bits;

    if (!(x > 0)) return 0;
    if (x >= 1) return 65535;
    memcpy(&bits, &x, sizeof bits);
    bits = (bits + (1u << (CODE16_SHIFT - 1))) >> CODE16_SHIFT;
    return bits > CODE16_BASE ? (uint16_t)(bits - CODE16_BASE) : 1;
}

/* In (0, 1]; 0 for 0. decode(encode(x)) = x for powers of two to 2^-31. */
static inline float code16_decode(uint16_t code)
{
    uint32_t bits = (code + CODE16_BASE) << CODE16_SHIFT;
    float x;

    if (code == 0) return 0;
    memcpy(&x, &bits, sizeof x);
    return x;
}

#endif
