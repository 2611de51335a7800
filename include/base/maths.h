/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * exp, log, sigmoid and friends of our own.
 *
 * Nothing that feeds state calls libm's transcendental functions: one binary gives other bits
 * on machines with and without FMA. These are polynomials over + - * and one division, so they
 * give the same bits for scalar, SSE2 and AVX2 code (with -ffp-contract=off, without
 * -ffast-math). The float versions (Cephes, Moshier 1989) are inline and branch-free: loops
 * over them vectorise. Their error is at most 2 ulp on the range named with each. NaN gives
 * some number, never a trap: callers keep it out.
 */
#ifndef BASE_MATHS_H
#define BASE_MATHS_H

#include <math.h> /* only what is exact: sqrt, floor, fabs, isnan; never exp, log, pow, sin */
#include <stdint.h>
#include <string.h>

static inline float maths_from_bits(int32_t bits)
{
    float x;

    memcpy(&x, &bits, sizeof x);
    return x;
}

static inline int32_t maths_to_bits(float x)
{
    int32_t bits;

    memcpy(&bits, &x, sizeof bits);
    return bits;
}

/* `yes` where it holds, else `no`, without a branch: for what is as good as a coin toss. */
static inline float maths_where(int holds, float yes, float no)
{
    int32_t mask = -(int32_t)(holds != 0);

    return maths_from_bits((maths_to_bits(yes) & mask) | (maths_to_bits(no) & ~mask));
}

/* e^x for x in [-87, 88]; x outside is clamped to it (on the bits: float comparisons would keep
 * gcc from vectorising). e^x = 2^n e^r with |r| <= ln(2)/2. */
static inline float maths_expf(float x)
{
    const float round = 0x1.8p23f; /* adding it leaves the nearest integer in the low bits */
    uint32_t above = (uint32_t)maths_to_bits(x);
    int32_t below;
    float n, r, p, square, shift;

    above = above < 0xc2ae0000u ? above : 0xc2ae0000u;                 /* -87 */
    below = (int32_t)above < 0x42b00000 ? (int32_t)above : 0x42b00000; /* 88 */
    x = maths_from_bits(below);
    shift = x * 1.44269504088896341f + round;
    n = shift - round;
    r = x - n * 0.693359375f - n * -2.12194440e-4f;
    square = r * r;
    p = (1.9875691500e-4f * r + 1.3981999507e-3f) * square +
        (8.3334519073e-3f * r + 4.1665795894e-2f);
    p = p * square + (1.6666665459e-1f * r + 5.0000001201e-1f);
    p = p * square + r + 1.0f;
    return maths_from_bits(
        (int32_t)((uint32_t)maths_to_bits(p) + ((uint32_t)maths_to_bits(shift) << 23)));
}

/* ln(x) for normal x > 0 (anything else gives a meaningless number). x = 2^e m with m in
 * [sqrt(1/2), sqrt(2)); ln(x) = e ln(2) + ln(m). */
static inline float maths_logf(float x)
{
    int32_t bits = maths_to_bits(x) - 0x3f3504f3; /* sqrt(1/2) */
    float e = (float)(bits >> 23);
    float f = maths_from_bits((bits & 0x7fffff) + 0x3f3504f3) - 1.0f;
    float square = f * f, fourth = square * square;
    float low = (3.3333331174e-1f - 2.4999993993e-1f * f) +
                (2.0000714765e-1f - 1.6668057665e-1f * f) * square;
    float high = (1.4249322787e-1f - 1.2420140846e-1f * f) +
                 (1.1676998740e-1f - 1.1514610310e-1f * f) * square;
    float p = low + (high + 7.0376836292e-2f * fourth) * fourth;

    p = p * f * square + e * -2.12194440e-4f;
    p = p - 0.5f * square;
    return f + p + e * 0.693359375f;
}

/* 1 / (1 + e^-x) for any finite x, by e^-|x| so that nothing overflows; at least 1.6e-38.
 * What the sum 1 + e^-|x| lost to rounding is put back, with 1 / (1 + e) as a parabola in e. */
static inline float maths_sigmoidf(float x)
{
    uint32_t bits = (uint32_t)maths_to_bits(x);
    uint32_t negative = 0u - (bits >> 31); /* all ones or 0 */
    float e = maths_expf(maths_from_bits((int32_t)(bits | 0x80000000u)));
    float sum = 1.0f + e;
    float lost = e - (sum - 1.0f);
    uint32_t top = ((uint32_t)maths_to_bits(e) & negative) | (0x3f800000u & ~negative);
    float y = maths_from_bits((int32_t)top) / sum;

    return y - y * lost * (1.0f + e * (e * 0.3333f - 0.8333f));
}

/* Double precision, for set-up, creators and platform. Errors are relative unless said
 * otherwise (tests/base/test_maths.c measures them against long double). e^x, error <= 4e-16
 * for x in [-708, 709]; outside it x is clamped to that range. */
double maths_exp(double x);
/* ln(x), error <= 4e-16; x normal and > 0. */
double maths_log(double x);
/* x^y, x > 0 normal; error <= 1e-15 while |y ln x| <= 100, 4e-15 up to 708. */
double maths_pow(double x, double y);
/* |x| < 1e6; absolute error <= 2e-16. */
double maths_sin(double x);
double maths_cos(double x);
/* ln(Gamma(x)), 0 < x <= 1e15; error <= 2e-15, also beside its zeros at 1 and 2. */
double maths_lgamma(double x);
/* z with P(Z <= z) = p of the standard normal distribution, 0 < p < 1 (Wichura 1988, AS 241
 * PPND16), e.g. maths_normal_quantile(0.975) = 1.959963984540054. */
double maths_normal_quantile(double p);
/* P(Z <= x) (Cody 1969), error <= 2e-15 down to x = -37. */
double maths_normal_cdf(double x);

/* x towards 0 as an integer in [low, high]; NaN = low. Of any float, also one that comes from a
 * file. */
static inline int32_t maths_whole(float x, int32_t low, int32_t high)
{
    if (!(x > (float)low)) return low;
    return x < (float)high ? (int32_t)x : high;
}

#endif
