/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Random numbers, counter-based: Philox4x32-10 (Salmon et al. 2011; Random123) addressed by what
 * they are for, so that one more video here shifts no draw there (DESIGN section 2).
 *
 *   key     = bijection of (seed, replicate) for each purpose; a purpose is a dotted name
 *   counter = (birth name 64 bits, occasion 32, sub-draw 32)
 *
 * A birth name is an entity's origin, never its table row. The occasion is (day, session, position)
 * or another entity's name, never a running count. Hot code takes one block of four words with
 * stream_block; the rest opens a `struct stream` and draws from it as long as it likes.
 *
 * All samplers use base/maths.h, so the bits are the same on every x86-64 CPU.
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
    const char *name; /* "viewers.watch"; its hash, not its place in any list, goes into the key */
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

struct stream_key stream_key(struct seed seed, const struct purpose *purpose);

/* Birth names. name_of hashes text and an ordinal: an initial entity is name_of(cohort, ordinal), an
 * entrant name_of(arrival process, ordinal); name_child is a video of its creator's name. */
uint64_t name_of(const char *origin, uint64_t ordinal);
uint64_t name_child(uint64_t parent, uint64_t ordinal);
/* 32 bits of a name, for use as an occasion (pair noise). */
static inline uint32_t name_fold(uint64_t name) { return (uint32_t)(name ^ name >> 32); }

static inline struct stream_words stream_block(struct stream_key key, uint64_t name,
                                               uint32_t occasion, uint32_t sub);
static inline struct stream stream_open(struct stream_key key, uint64_t name, uint32_t occasion);

/* Words to numbers: uniform in (0, 1), both ends open, 24 and 53 bits. */
static inline float word_uniformf(uint32_t word);
static inline double words_uniform(uint32_t high, uint32_t low);

static inline uint32_t stream_word(struct stream *s);
static inline double stream_uniform(struct stream *s); /* (0, 1), 53 bits */
static inline uint32_t stream_below(struct stream *s, uint32_t n); /* 0..n-1, unbiased (Lemire) */
static inline bool stream_bernoulli(struct stream *s, double p);
static inline double stream_exponential(struct stream *s); /* mean 1 */
static inline double stream_normal(struct stream *s);      /* by maths_normal_quantile */
static inline double stream_weibull(struct stream *s, double shape, double scale);
static inline double stream_lognormal(struct stream *s, double mu, double sigma);
double stream_gamma(struct stream *s, double shape); /* Marsaglia & Tsang 2000; scale 1 */
double stream_beta(struct stream *s, double a, double b);
uint64_t stream_poisson(struct stream *s, double mean); /* inversion < 10, PTRS (Hörmann 1993) above */
uint64_t stream_zipf(struct stream *s, double exponent, uint64_t n); /* 1..n, rejection-inversion */

/* Categorical by Walker's alias table (Vose 1991). */
struct categorical {
    uint32_t n;
    float *keep;     /* owned */
    uint32_t *alias; /* owned */
};
enum status categorical_init(struct categorical *self, const double *weight, uint32_t n) MUST_CHECK;
void categorical_free(struct categorical *self);
uint32_t categorical_draw(const struct categorical *self, struct stream *s);

#endif
