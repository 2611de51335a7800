/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The level of values: a mean, and what a user and an item add to it (Koren 2010, TKDD 4(1),
 * section 2.1), by alternating least squares:
 *     b_i = sum over rows of i (r - mean - b_u) / (damp_item + n_i),     b_u likewise
 */
#ifndef RECOMMEND_BIASES_H
#define RECOMMEND_BIASES_H

#include "recommend/interactions.h"

struct biases {
    float mean, low, high; /* of the log's values */
    float *user, *item;    /* owned; [users], [items] */
};

struct biases_parameters {
    double damp_user,
        damp_item; /* rows of value 0 that each user and item is thought to have */
    int64_t epochs;
};

enum status biases_init(struct biases *self, const struct interactions *log,
                        const struct biases_parameters *parameters) MUST_CHECK;
void biases_free(struct biases *self);

static inline float biases_level(const struct biases *self, uint32_t user, uint32_t item)
{
    return self->mean + self->user[user] + self->item[item];
}

static inline float biases_clip(const struct biases *self, float value)
{
    return value < self->low ? self->low : value > self->high ? self->high : value;
}

#endif
