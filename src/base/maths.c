/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Elementary functions in double precision. Each reduces its argument to a short interval and
 * sums a Taylor series there, long enough that what is cut off is below 1e-17 of the result;
 * Horner's rule in a fixed order, no table, no fused multiply-add. Constants in two or three
 * parts (Cody & Waite 1980) keep the reduction exact.
 */
#include "base/maths.h"

#define LN2_HIGH 0x1.62e42feep-1 /* 33 bits: its product with an exponent is exact */
#define LN2_LOW 0x1.a39ef35793c76p-33
#define ROUND 0x1.8p52 /* adding it leaves the nearest integer in the low bits */

static double from_bits(uint64_t bits)
{
    double x;

    memcpy(&x, &bits, sizeof x);
    return x;
}

static uint64_t to_bits(double x)
{
    uint64_t bits;

    memcpy(&bits, &x, sizeof bits);
    return bits;
}

/* c[0] + c[1] x + ... + c[n-1] x^(n-1) */
static double polynomial(const double *c, int n, double x)
{
    double sum = c[n - 1];

    for (int i = n - 2; i >= 0; i--) sum = sum * x + c[i];
    return sum;
}

double maths_exp(double x)
{
    static const double c[] = {1.0 / 2,        1.0 / 6,         1.0 / 24,
                               1.0 / 120,      1.0 / 720,       1.0 / 5040,
                               1.0 / 40320,    1.0 / 362880,    1.0 / 3628800,
                               1.0 / 39916800, 1.0 / 479001600, 1.0 / 6227020800.0};
    double shift, n, high, low, r, lost;

    x = x > -708.0 ? x : -708.0;
    x = x < 709.0 ? x : 709.0;
    shift = x * 1.4426950408889634 + ROUND;
    n = shift - ROUND;
    high = x - n * LN2_HIGH;
    low = n * LN2_LOW;
    r = high - low;
    lost = high - r - low;
    x = 1.0 + (r + (lost + r * r * polynomial(c, 12, r)));
    return from_bits(to_bits(x) + (to_bits(shift) << 52));
}

/* x = 2^e m with m in [sqrt(1/2), sqrt(2)) */
static double split_exponent(double x, double *e)
{
    const uint64_t root = 0x3fe6a09e667f3bcd; /* sqrt(1/2) */
    uint64_t bits = to_bits(x) - root;

    *e = (double)((int64_t)bits >> 52);
    return from_bits((bits & 0xfffffffffffff) + root);
}

/* (ln(m) - 2 z) / z for z = (m - 1) / (m + 1), from square = z^2: 2 square (1/3 + square/5 +
 * ...) */
static double log_tail(double square)
{
    static const double c[] = {2.0 / 3,  2.0 / 5,  2.0 / 7,  2.0 / 9,  2.0 / 11,
                               2.0 / 13, 2.0 / 15, 2.0 / 17, 2.0 / 19, 2.0 / 21};

    return square * polynomial(c, 10, square);
}

/* With f = m - 1: 2 z = f - z f, so that the rounding of z weighs little. */
double maths_log(double x)
{
    double e, f = split_exponent(x, &e) - 1.0;
    double z = f / (2.0 + f);

    return e * LN2_HIGH + (f - (z * (f - log_tail(z * z)) - e * LN2_LOW));
}

/* A number as the sum of two doubles. */
struct pair {
    double high, low;
};

/* a * b exactly (Dekker 1971); |a|, |b| < 2^990. */
static struct pair pair_product(double a, double b)
{
    const double splitter = 0x1p27 + 1.0;
    double wide_a = splitter * a, wide_b = splitter * b;
    double a1 = wide_a - (wide_a - a), a2 = a - a1;
    double b1 = wide_b - (wide_b - b), b2 = b - b1;
    double p = a * b;

    return (struct pair){p, a2 * b2 - (p - a1 * b1 - a2 * b1 - a1 * b2)};
}

/* a + b exactly (Knuth). */
static struct pair pair_sum(double a, double b)
{
    double s = a + b, v = s - a;

    return (struct pair){s, (a - (s - v)) + (b - v)};
}

/* ln(x) to about 20 digits. */
static struct pair log_pair(double x)
{
    double e, m = split_exponent(x, &e);
    double f = m - 1.0, d = m + 1.0, d_low = m - (d - 1.0);
    double z = f / d;
    struct pair zd = pair_product(z, d);
    double z_low = (f - zd.high - zd.low - z * d_low) / d;
    struct pair sum = pair_sum(e * LN2_HIGH, 2.0 * z);
    double low = sum.low + (2.0 * z_low + (e * LN2_LOW + z * log_tail(z * z)));

    return pair_sum(sum.high, low);
}

double maths_pow(double x, double y)
{
    struct pair log = log_pair(x);
    struct pair product = pair_product(y, log.high);
    double power = maths_exp(product.high);

    return power + power * (product.low + y * log.low);
}

/* x - n pi/2 for the n nearest to x / (pi/2); returns n mod 4. */
static int quarter_turns(double x, double *r)
{
    double shift = x * 0.63661977236758134308 + ROUND;
    double n = shift - ROUND;

    *r = x - n * 0x1.921fb544p+0 - n * 0x1.0b4611a6p-34 - n * 0x1.3198a2e037073p-69;
    return (int)(to_bits(shift) & 3);
}

static double sin_short(double r)
{
    static const double c[] = {-1.0 / 6,
                               1.0 / 120,
                               -1.0 / 5040,
                               1.0 / 362880,
                               -1.0 / 39916800,
                               1.0 / 6227020800.0,
                               -1.0 / 1307674368000.0,
                               1.0 / 355687428096000.0};
    double square = r * r;

    return r + r * square * polynomial(c, 8, square);
}

static double cos_short(double r)
{
    static const double c[] = {1.0 / 24,
                               -1.0 / 720,
                               1.0 / 40320,
                               -1.0 / 3628800,
                               1.0 / 479001600,
                               -1.0 / 87178291200.0,
                               1.0 / 20922789888000.0,
                               -1.0 / 6402373705728000.0};
    double square = r * r;

    return 1.0 - (0.5 * square - square * square * polynomial(c, 8, square));
}

/* sin(r + turns pi/2) for |r| <= pi/4 */
static double sin_turned(double r, int turns)
{
    double y = turns & 1 ? cos_short(r) : sin_short(r);

    return turns & 2 ? -y : y;
}

double maths_sin(double x)
{
    double r;
    int turns = quarter_turns(x, &r);

    return sin_turned(r, turns);
}

double maths_cos(double x)
{
    double r;
    int turns = quarter_turns(x, &r);

    return sin_turned(r, turns + 1);
}
