/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What all factor models have: a row of lanes a user and an item, whose dot product is the
 * score. Biases, where a model has them, ride in the last lanes: the user's bias meets a 1 in
 * the item's row and the other way round, so that one dot product and one step serve them too.
 */
#ifndef RECOMMEND_FACTORS_H
#define RECOMMEND_FACTORS_H

#include <stdbool.h>

#include "engine/stream.h"
#include "lanes.h"
#include "recommend/interactions.h"

struct factors {
    uint32_t users, items;
    uint32_t factors, width; /* lanes: factors, the user's bias, the item's; zeros to width */
    bool biases;             /* else factors and zeros */
    float *user, *item;      /* owned; [users][width], [items][width] */
    float mean, low, high;   /* of the log's values; all 0 for an empty log */
};

/* Rows of zeros; the mean and range of the log's values. */
enum status factors_init(struct factors *self, const struct interactions *log, uint32_t factors,
                         bool biases) MUST_CHECK;
/* Factors normal with mean 0 and deviation `spread`, addressed by id; biases 0. */
void factors_draw(struct factors *self, struct stream_key key, float spread);
void factors_free(struct factors *self);

static inline float *factors_user(const struct factors *self, uint32_t user)
{
    return self->user + (size_t)user * self->width;
}

static inline float *factors_item(const struct factors *self, uint32_t item)
{
    return self->item + (size_t)item * self->width;
}

static inline float factors_dot(const struct factors *self, uint32_t user, uint32_t item)
{
    return lanes_dot(factors_user(self, user), factors_item(self, item), self->width);
}

/* Into [low, high]. */
static inline float factors_clip(const struct factors *self, float value)
{
    return value < self->low ? self->low : value > self->high ? self->high : value;
}

/* out[items]: the dot products of a user. */
void factors_score(const struct factors *self, uint32_t user, float *out);

/* weight[items], owned by the caller: (n_i / mean n)^-power with n_i the rows of an item and
 * the ratio clipped to [1/10, 10], scaled so that the mean over rows is 1; all 1 for power 0.
 * Inverse propensity by popularity, clipped: Schnabel et al. 2016, ICML. */
enum status factors_propensity(const struct interactions *log, double power,
                               float **weight) MUST_CHECK;

#endif
