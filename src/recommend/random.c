/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A random number for each pair, the floor of every measure: a score uniform in (0, 1), and as
 * expected value a draw from the normal distribution with the log's mean and spread.
 */
#include "recommenders.h"

struct random_state {
    struct stream_key key;
    uint32_t items;
    float mean, spread, low, high;
};

static enum status train(void *state, const void *parameters, const struct interactions *log,
                         const struct training *how)
{
    static const struct purpose purpose = {"recommend.random", PURPOSE_LUCK};
    struct random_state *self = state;
    double sum = 0, square = 0, n = (double)log->count;

    (void)parameters;
    self->key = stream_key(how->seed, &purpose);
    self->items = log->items;
    for (size_t r = 0; r < log->count; r++) {
        sum += (double)log->value[r];
        square += (double)log->value[r] * (double)log->value[r];
        if (r == 0 || log->value[r] < self->low) self->low = log->value[r];
        if (r == 0 || log->value[r] > self->high) self->high = log->value[r];
    }
    if (log->count == 0) return STATUS_OK;
    self->mean = (float)(sum / n);
    square = square / n - sum / n * (sum / n);
    self->spread = square > 0 ? (float)sqrt(square) : 0.0f;
    return STATUS_OK;
}

static float predict(const void *state, uint32_t user, uint32_t item)
{
    const struct random_state *self = state;
    struct stream s = stream_open(self->key, user, item);
    float value = self->mean + self->spread * (float)stream_normal(&s);

    return value < self->low ? self->low : value > self->high ? self->high : value;
}

static void score(const void *state, uint32_t user, float *out)
{
    const struct random_state *self = state;

    for (uint32_t i = 0; i < self->items; i++)
        out[i] = word_uniformf(stream_block(self->key, user, i, 1).word[0]);
}

static void release(void *state) { (void)state; }

const struct recommender recommend_random = {
    .about = {.name = "random",
              .doc = "a random number for each pair of user and item",
              .reference = "none",
              .state_size = sizeof(struct random_state)},
    .ratings = true,
    .train = train,
    .predict = predict,
    .score = score,
    .free = release,
};
