/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/stream.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/memory.h"

/* Seeds of the hashes of this file, one a use, so that no name is ever also a child's name. */
#define HASH_PURPOSE 1
#define HASH_NAME 2
#define HASH_CHILD 3
#define HASH_WORLD 4

/* The finaliser of SplitMix64 (Steele, Lea & Flood 2014): a bijection of 64 bits. */
static uint64_t mix(uint64_t x)
{
    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

/* Seeds are never added to one another: each goes through a mixing round of its own, or
 * replicate 1 of seed 100 would be replicate 0 of seed 101. */
struct stream_key stream_key(struct seed seed, const struct purpose *purpose)
{
    uint64_t name = XXH3_64bits_withSeed(purpose->name, strlen(purpose->name), HASH_PURPOSE);
    uint64_t x = mix(((uint64_t)seed.seed << 32 | seed.replicate) ^ name);
    if (purpose->mark == PURPOSE_LUCK)
        x ^= XXH3_64bits_withSeed(&seed.world, sizeof seed.world, HASH_WORLD);
    x = mix(x ^ mix(name));
    return (struct stream_key){{(uint32_t)x, (uint32_t)(x >> 32)}};
}

static uint64_t hash_pair(uint64_t first, uint64_t second, uint64_t use)
{
    uint64_t both[2] = {first, second};
    return XXH3_64bits_withSeed(both, sizeof both, use);
}

uint64_t name_of(const char *origin, uint64_t ordinal)
{
    return hash_pair(XXH3_64bits(origin, strlen(origin)), ordinal, HASH_NAME);
}

uint64_t name_child(uint64_t parent, uint64_t ordinal)
{
    return hash_pair(parent, ordinal, HASH_CHILD);
}

double stream_gamma(struct stream *s, double shape)
{
    assert(shape > 0);
    if (shape < 1) { /* gamma(shape) = gamma(shape + 1) U^(1/shape) */
        double above = stream_gamma(s, shape + 1);
        return above * maths_exp(maths_log(stream_uniform(s)) / shape);
    }
    double d = shape - 1.0 / 3, c = 1 / sqrt(9 * d);
    for (;;) {
        double x = stream_normal(s), v = 1 + c * x;
        if (v <= 0) continue;
        v = v * v * v;
        double u = stream_uniform(s), square = x * x;
        if (u < 1 - 0.0331 * square * square) return d * v;
        if (maths_log(u) < 0.5 * square + d * (1 - v + maths_log(v))) return d * v;
    }
}

/* Jöhnk's method in logarithms: with small a and b the powers themselves underflow. */
static double beta_johnk(struct stream *s, double a, double b)
{
    for (;;) {
        double x = maths_log(stream_uniform(s)) / a, y = maths_log(stream_uniform(s)) / b;
        double top = x > y ? x : y;
        double ex = maths_exp(x - top), ey = maths_exp(y - top);
        /* accept when e^x + e^y <= 1 */
        if (top + maths_log(ex + ey) <= 0) return ex / (ex + ey);
    }
}

double stream_beta(struct stream *s, double a, double b)
{
    assert(a > 0 && b > 0);
    if (a < 1 && b < 1) return beta_johnk(s, a, b);
    double x = stream_gamma(s, a), y = stream_gamma(s, b);
    return x / (x + y);
}

static uint64_t poisson_inversion(struct stream *s, double mean)
{
    double u = stream_uniform(s), p = maths_exp(-mean);
    uint64_t k = 0;
    while (u > p && k < 1000) { /* the bound is past any u that 53 bits can give */
        u -= p;
        p *= mean / (double)++k;
    }
    return k;
}

/* PTRS: transformed rejection with squeeze. */
static uint64_t poisson_ptrs(struct stream *s, double mean)
{
    double log_mean = maths_log(mean);
    double b = 0.931 + 2.53 * sqrt(mean), a = -0.059 + 0.02483 * b;
    double inverse_alpha = 1.1239 + 1.1328 / (b - 3.4), v_r = 0.9277 - 3.6224 / (b - 2);
    for (;;) {
        double u = stream_uniform(s) - 0.5, v = stream_uniform(s), us = 0.5 - fabs(u);
        double k = floor((2 * a / us + b) * u + mean + 0.43);
        if (us >= 0.07 && v <= v_r) return (uint64_t)k;
        if (k < 0 || (us < 0.013 && v > us)) continue;
        if (maths_log(v * inverse_alpha / (a / (us * us) + b)) <=
            k * log_mean - mean - maths_lgamma(k + 1))
            return (uint64_t)k;
    }
}

uint64_t stream_poisson(struct stream *s, double mean)
{
    assert(mean >= 0 && mean <= 1e9);
    return mean < 10 ? poisson_inversion(s, mean) : poisson_ptrs(s, mean);
}

/* (e^x - 1) / x and ln(1 + x) / x, by their series where the difference would cancel. */
static double expm1_ratio(double x)
{
    if (fabs(x) > 1e-4) return (maths_exp(x) - 1) / x;
    return 1 + x / 2 * (1 + x / 3 * (1 + x / 4));
}

static double log1p_ratio(double x)
{
    if (fabs(x) > 1e-4) return maths_log(1 + x) / x;
    return 1 - x * (0.5 - x * (1.0 / 3 - x / 4));
}

/* H(x), the integral of t^-q from 1 to x; its inverse; and the density h(x) = x^-q. */
static double zipf_integral(double x, double q)
{
    double log_x = maths_log(x);
    return expm1_ratio((1 - q) * log_x) * log_x;
}

static double zipf_inverse(double y, double q)
{
    double t = y * (1 - q);
    if (t < -1 + 1e-15) t = -1 + 1e-15; /* rounding at the far end */
    return maths_exp(log1p_ratio(t) * y);
}

uint64_t stream_zipf(struct stream *s, double exponent, uint64_t n)
{
    assert(exponent > 0 && n >= 1);
    double first = zipf_integral(1.5, exponent) - 1;
    double last = zipf_integral((double)n + 0.5, exponent);
    double sure = 2 - zipf_inverse(zipf_integral(2.5, exponent) - maths_pow(2, -exponent),
                                   exponent);
    for (;;) {
        double u = last + stream_uniform(s) * (first - last);
        double x = zipf_inverse(u, exponent), k = floor(x + 0.5);
        if (k < 1) k = 1;
        if (k > (double)n) k = (double)n;
        if (k - x <= sure || u >= zipf_integral(k + 0.5, exponent) - maths_pow(k, -exponent))
            return (uint64_t)k;
    }
}

/* Weights must be finite, >= 0 and have a sum that is > 0 and finite. */
static double weights_sum(const double *weight, uint32_t n)
{
    double sum = 0;
    for (uint32_t i = 0; i < n; i++) {
        if (!(weight[i] >= 0)) return -1;
        sum += weight[i];
    }
    return sum <= 0x1p1000 ? sum : -1;
}

/* Vose's two work lists share `work`: small columns grow from the left, large from the right.
 */
static void alias_build(struct categorical *self, double *scaled, uint32_t *work)
{
    uint32_t small = 0, large = self->n;
    for (uint32_t i = 0; i < self->n; i++) {
        self->keep[i] = 1;
        self->alias[i] = i;
        if (scaled[i] < 1)
            work[small++] = i;
        else
            work[--large] = i;
    }
    while (small > 0 && large < self->n) {
        uint32_t less = work[--small], more = work[large];
        self->keep[less] = (float)scaled[less];
        self->alias[less] = more;
        scaled[more] -= 1 - scaled[less];
        if (scaled[more] < 1) {
            large++;
            work[small++] = more;
        }
    }
    /* What is left over differs from 1 by rounding only. */
}

enum status categorical_init(struct categorical *self, const double *weight, uint32_t n)
{
    enum status status = STATUS_NO_MEMORY;
    double sum = weights_sum(weight, n);
    double *scaled = NULL;
    uint32_t *work = NULL;

    *self = (struct categorical){.n = n};
    if (!(sum > 0)) return STATUS_BAD_INPUT;
    self->keep = memory_alloc(n, sizeof *self->keep);
    self->alias = memory_alloc(n, sizeof *self->alias);
    scaled = memory_alloc(n, sizeof *scaled);
    work = memory_alloc(n, sizeof *work);
    if (!self->keep || !self->alias || !scaled || !work) goto out;
    for (uint32_t i = 0; i < n; i++) scaled[i] = weight[i] / sum * n;
    alias_build(self, scaled, work);
    status = STATUS_OK;
out:
    memory_free(work);
    memory_free(scaled);
    if (status != STATUS_OK) categorical_free(self);
    return status;
}

void categorical_free(struct categorical *self)
{
    memory_free(self->keep);
    memory_free(self->alias);
    *self = (struct categorical){0};
}

uint32_t categorical_draw(const struct categorical *self, struct stream *s)
{
    uint32_t column = stream_below(s, self->n);
    return word_uniformf(stream_word(s)) < self->keep[column] ? column : self->alias[column];
}
