/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Random numbers, counter-based: Philox4x32-10 (Salmon et al. 2011; Random123) addressed by
 * what they are for, so that one more video here shifts no draw there.
 *
 *   key     = bijection of (seed, replicate) for each purpose; a purpose is a dotted name
 *   counter = (birth name 64 bits, occasion 32, sub-draw 32)
 *
 * A birth name is an entity's origin, never its table row. The occasion is (day, session,
 * position) or another entity's name, never a running count. Hot code takes one block of four
 * words with stream_block; the rest opens a `struct stream` and draws from it as long as it
 * likes: samplers that reject take as many words as they need, the next occasion starts afresh.
 *
 * All samplers use base/maths.h, so the bits are the same on every x86-64 CPU. The block
 * function is written out here, not taken from Random123, because every hot file includes this
 * header; the tests hold it against Random123 and its known answers.
 */
#ifndef ENGINE_STREAM_H
#define ENGINE_STREAM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/maths.h"
#include "base/status.h"

/* `--worlds` varies luck only (same people, other luck); `--replications` varies both. */
enum purpose_mark { PURPOSE_POPULATION, PURPOSE_LUCK };

struct purpose {
    const char
        *name; /* "viewers.watch"; its hash, not its place in any list, goes into the key */
    enum purpose_mark mark;
};

struct seed {
    uint32_t seed, replicate, world;
};

struct stream_key {
    uint32_t word[2];
};

struct stream_words {
    uint32_t word[4];
};

struct stream {
    struct stream_key key;
    uint64_t name;
    uint32_t occasion, sub;
    uint32_t used; /* words of `buffer` already given out; 4 = empty */
    struct stream_words buffer;
};

/* The key of a purpose: a bijection of (seed, replicate) for each purpose and, where the
 * purpose is luck, for each world; population purposes do not see the world. */
struct stream_key stream_key(struct seed seed, const struct purpose *purpose);

/* Birth names. name_of hashes text and an ordinal (XXH3-64): an initial entity is
 * name_of(cohort, ordinal), an entrant name_of(arrival process, ordinal); name_child is a video
 * of its creator's name. */
uint64_t name_of(const char *origin, uint64_t ordinal);
uint64_t name_child(uint64_t parent, uint64_t ordinal);
/* 32 bits of a name, for use as an occasion (pair noise). */
static inline uint32_t name_fold(uint64_t name) { return (uint32_t)(name ^ name >> 32); }

/* One block: four words for (key, name, occasion, sub); about 10 ns, no state. */
static inline struct stream_words stream_block(struct stream_key key, uint64_t name,
                                               uint32_t occasion, uint32_t sub)
{
    uint32_t c0 = (uint32_t)name, c1 = (uint32_t)(name >> 32), c2 = occasion, c3 = sub;
    uint32_t k0 = key.word[0], k1 = key.word[1];
    for (int round = 0; round < 10; round++) {
        uint64_t a = UINT64_C(0xD2511F53) * c0, b = UINT64_C(0xCD9E8D57) * c2;
        c0 = (uint32_t)(b >> 32) ^ c1 ^ k0;
        c1 = (uint32_t)b;
        c2 = (uint32_t)(a >> 32) ^ c3 ^ k1;
        c3 = (uint32_t)a;
        k0 += UINT32_C(0x9E3779B9);
        k1 += UINT32_C(0xBB67AE85);
    }
    return (struct stream_words){{c0, c1, c2, c3}};
}

/* A stream that gives the words of blocks sub = 0, 1, 2... of one (name, occasion) in order. */
static inline struct stream stream_open(struct stream_key key, uint64_t name, uint32_t occasion)
{
    return (struct stream){.key = key, .name = name, .occasion = occasion, .used = 4};
}

/* Words to numbers: uniform in (0, 1), both ends open, symmetric about 1/2: the odd multiples
 * of 2^-24 and of 2^-53. */
static inline float word_uniformf(uint32_t word)
{
    return ((float)(word >> 9) + 0.5f) * 0x1p-23f;
}
static inline double words_uniform(uint32_t high, uint32_t low)
{
    uint64_t bits = ((uint64_t)high << 32 | low) >> 12;
    return ((double)bits + 0.5) * 0x1p-52;
}

/* The next 32 random bits. */
static inline uint32_t stream_word(struct stream *s)
{
    if (s->used == 4) {
        s->buffer = stream_block(s->key, s->name, s->occasion, s->sub++);
        s->used = 0;
    }
    return s->buffer.word[s->used++];
}

/* Uniform in (0, 1), 53 bits. Takes two words. */
static inline double stream_uniform(struct stream *s)
{
    uint32_t high = stream_word(s);
    return words_uniform(high, stream_word(s));
}

/* Uniform in 0..n-1, n >= 1, unbiased (Lemire 2019, TOMACS 29(1)). */
static inline uint32_t stream_below(struct stream *s, uint32_t n)
{
    uint64_t product = (uint64_t)stream_word(s) * n;
    if ((uint32_t)product < n) {
        uint32_t floor = (0u - n) % n;
        while ((uint32_t)product < floor) product = (uint64_t)stream_word(s) * n;
    }
    return (uint32_t)(product >> 32);
}

/* True with probability p; p <= 0 is never, p >= 1 always. */
static inline bool stream_bernoulli(struct stream *s, double p)
{
    return stream_uniform(s) < p;
}

/* Exponential with mean 1, by inversion; at most 36.7. */
static inline double stream_exponential(struct stream *s)
{
    return -maths_log(stream_uniform(s));
}

/* Standard normal, by inversion: monotone in its uniform, so pairs stay coupled. */
static inline double stream_normal(struct stream *s)
{
    return maths_normal_quantile(stream_uniform(s));
}

/* Weibull: P(X > x) = exp(-(x / scale)^shape), shape and scale > 0. */
static inline double stream_weibull(struct stream *s, double shape, double scale)
{
    return scale * maths_pow(stream_exponential(s), 1.0 / shape);
}

/* exp(mu + sigma z): mu and sigma are those of the logarithm. */
static inline double stream_lognormal(struct stream *s, double mu, double sigma)
{
    return maths_exp(mu + sigma * stream_normal(s));
}

/* Gamma with scale 1, shape > 0 (Marsaglia & Tsang 2000, TOMS 26(3)). Mean = variance = shape.
 */
double stream_gamma(struct stream *s, double shape);
/* Beta, a and b > 0; mean a / (a + b). Ratio of gammas, or Jöhnk (1964) when both are below 1.
 */
double stream_beta(struct stream *s, double a, double b);
/* Poisson, 0 <= mean <= 1e9: inversion below 10, PTRS (Hörmann 1993) from there. */
uint64_t stream_poisson(struct stream *s, double mean);
/* Zipf: P(k) proportional to k^-exponent for k in 1..n, exponent > 0, n >= 1
 * (rejection-inversion: Hörmann & Derflinger 1996, TOMACS 6(3)). */
uint64_t stream_zipf(struct stream *s, double exponent, uint64_t n);

/* Categorical by the alias method (Walker 1977; Vose 1991): set-up O(n), a draw O(1). */
struct categorical {
    uint32_t n;
    float *keep;     /* owned */
    uint32_t *alias; /* owned */
};
/* n >= 1 weights, finite, >= 0, not all 0 (else STATUS_BAD_INPUT); need not sum to 1. */
enum status categorical_init(struct categorical *self, const double *weight,
                             uint32_t n) MUST_CHECK;
void categorical_free(struct categorical *self);
/* An index in 0..n-1 with probability weight[i] / sum, to about 2^-24 of 1/n. */
uint32_t categorical_draw(const struct categorical *self, struct stream *s);

#endif
