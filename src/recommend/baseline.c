/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Mean and biases only: a user's and an item's level, nothing of who likes what. The same
 * order of items for everybody.
 */
#include "biases.h"
#include "recommenders.h"
#include "rows.h"

static const struct schema_row rows[] = {
    ROW_FLOAT(biases_parameters, damp_user, "15", 0, 1e6, 1, 50,
              "rows of value 0 that each user is thought to have", "Surprise 1.1, BaselineOnly",
              "rmse"),
    ROW_FLOAT(biases_parameters, damp_item, "10", 0, 1e6, 1, 50,
              "rows of value 0 that each item is thought to have", "Surprise 1.1, BaselineOnly",
              "rmse"),
    ROW_INT(biases_parameters, epochs, "10", 1, 1000, 2, 20, "alternations",
            "Surprise 1.1, BaselineOnly", "rmse"),
};
static const struct schema_table table = {
    .prefix = "evaluate.baseline", .size = sizeof(struct biases_parameters), SCHEMA_ROWS(rows)};

struct baseline {
    struct biases biases;
    uint32_t items;
};

static enum status train(void *state, const void *parameters, const struct interactions *log,
                         const struct training *how)
{
    struct baseline *self = state;

    (void)how;
    self->items = log->items;
    return biases_init(&self->biases, log, parameters);
}

static float predict(const void *state, uint32_t user, uint32_t item)
{
    const struct biases *biases = &((const struct baseline *)state)->biases;

    return biases_clip(biases, biases_level(biases, user, item));
}

static void score(const void *state, uint32_t user, float *out)
{
    const struct baseline *self = state;

    for (uint32_t i = 0; i < self->items; i++) out[i] = biases_level(&self->biases, user, i);
}

static void release(void *state) { biases_free(&((struct baseline *)state)->biases); }

const struct recommender recommend_baseline = {
    .about = {.name = "baseline",
              .doc = "mean and biases of users and items",
              .reference = "Koren 2010, doi 10.1145/1644873.1644874",
              .parameters = &table,
              .state_size = sizeof(struct baseline)},
    .ratings = true,
    .train = train,
    .predict = predict,
    .score = score,
    .free = release,
};
