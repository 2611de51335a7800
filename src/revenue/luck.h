/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whether an offer meets somebody: one word of the viewer and the occasion, held against a rate
 * that grows with the match. Every impression asks, so most of them are turned down before the
 * growth is computed.
 *
 * A viewer's impressions come one after the other: a block of four words serves four of them.
 * The last block is kept; it is what stream_block would give again, so it is no state of the
 * run.
 */
#ifndef REVENUE_LUCK_H
#define REVENUE_LUCK_H

#include "revenue/stream.h"

struct luck {
    struct stream_key key;
    uint64_t name;
    uint32_t four; /* occasion / 4 */
    struct stream_words words;
    double slope, growth_most; /* growth at LUCK_MATCH_HIGH, or a little more, for this slope */
};

#define LUCK_MATCH_HIGH 4.0f /* hardly any match is above */

static inline void luck_open(struct luck *self, struct seed seed, const struct purpose *purpose)
{
    self->key = stream_key(seed, purpose);
    self->words = stream_block(self->key, 0, 0, 0);
    self->slope = -1;
}

/* Uniform in (0, 1) to 2^-32, of this viewer's birth name and occasion. */
static inline double luck_uniform(struct luck *self, uint64_t name, uint32_t occasion)
{
    if (self->name != name || self->four != occasion / 4) {
        self->name = name;
        self->four = occasion / 4;
        self->words = stream_block(self->key, name, occasion / 4, 0);
    }
    return ((double)self->words.word[occasion % 4] + 0.5) * 0x1p-32;
}

/* Whether uniform < rate * e^(slope (match - 1)); slope >= 0. The growth is looked at only when
 * the word could pass at a high match. */
static inline bool luck_passes(struct luck *self, double uniform, double rate, double slope,
                               float match)
{
    if (self->slope != slope) {
        self->slope = slope;
        self->growth_most = 1.0001 * maths_exp(slope * ((double)LUCK_MATCH_HIGH - 1));
    }
    if (match <= LUCK_MATCH_HIGH && uniform >= rate * self->growth_most) return false;
    return uniform < rate * (double)maths_expf((float)slope * (match - 1.0f));
}

#endif
