/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The number of a video's interactions, the same order for everybody: what personal
 * recommenders have to beat.
 */
#include "base/memory.h"
#include "recommenders.h"

struct popular {
    uint32_t items;
    float *count; /* owned; [items] */
};

static enum status train(void *state, const void *parameters, const struct interactions *log,
                         const struct training *how)
{
    struct popular *self = state;
    uint32_t *count = memory_alloc(log->items, sizeof(*count));

    (void)parameters;
    (void)how;
    self->items = log->items;
    self->count = memory_alloc(log->items, sizeof(*self->count));
    if (count && self->count) {
        for (size_t r = 0; r < log->count; r++) count[log->item[r]]++;
        for (uint32_t i = 0; i < log->items; i++) self->count[i] = (float)count[i];
    }
    memory_free(count);
    return count && self->count ? STATUS_OK : STATUS_NO_MEMORY;
}

static float predict(const void *state, uint32_t user, uint32_t item)
{
    const struct popular *self = state;

    (void)user;
    return self->count[item];
}

static void score(const void *state, uint32_t user, float *out)
{
    const struct popular *self = state;

    (void)user;
    memcpy(out, self->count, self->items * sizeof(*out));
}

static void release(void *state)
{
    struct popular *self = state;

    memory_free(self->count);
    self->count = NULL;
}

const struct recommender recommend_popular = {
    .about = {.name = "popular",
              .doc = "number of interactions of an item",
              .reference = "none",
              .state_size = sizeof(struct popular)},
    .train = train,
    .predict = predict,
    .score = score,
    .free = release,
};
