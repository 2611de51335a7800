/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "recommend/embedding.h"

#include "base/memory.h"
#include "factors.h"

/* The mean of the items' factors over the rows. */
static void mean_of(const struct factors *base, const struct interactions *log,
                    float mean[VECTOR_DIM])
{
    double sum[VECTOR_DIM] = {0};

    for (size_t r = 0; r < log->count; r++) {
        const float *q = factors_item(base, log->item[r]);
        for (int f = 0; f < VECTOR_DIM; f++) sum[f] += (double)q[f];
    }
    for (int f = 0; f < VECTOR_DIM; f++)
        mean[f] = log->count ? (float)(sum[f] / (double)log->count) : 0;
}

static void take(const float *row, float scale, const float *mean, struct packed16 *out)
{
    float x[VECTOR_DIM];

    memcpy(x, row, sizeof x);
    vector_add(x, scale, mean);
    vector_normalise(x);
    vector_pack(out, x);
}

static void take_all(struct embedding *self, const struct factors *base,
                     const struct interactions *log)
{
    float mean[VECTOR_DIM];

    mean_of(base, log, mean);
    for (uint32_t u = 0; u < self->users; u++)
        take(factors_user(base, u), 0, mean, &self->user[u]);
    for (uint32_t i = 0; i < self->items; i++)
        take(factors_item(base, i), -1, mean, &self->item[i]);
}

enum status embedding_learn(struct embedding *self, const void *parameters,
                            const struct interactions *log, const struct training *how)
{
    const struct recommender *recommender = recommender_find(EMBEDDING_RECOMMENDER);
    void *state = NULL;

    *self = (struct embedding){.users = log->users, .items = log->items};
    self->user = memory_alloc(self->users, sizeof *self->user);
    self->item = memory_alloc(self->items, sizeof *self->item);
    enum status status = self->user && self->item ? STATUS_OK : STATUS_NO_MEMORY;
    if (!status) status = recommender_train(recommender, parameters, log, how, &state);
    if (!status) {
        const struct factors *base = state;
        require(base->factors == VECTOR_DIM);
        take_all(self, base, log);
    }
    recommender_drop(recommender, state);
    return status;
}

void embedding_free(struct embedding *self)
{
    memory_free(self->user);
    memory_free(self->item);
    *self = (struct embedding){0};
}

static double cosine(const struct embedding *self, uint32_t user, uint32_t item)
{
    return (double)packed_dot(&self->user[user], &self->item[item]) * 0x1p-28;
}

/* Rows half the log apart are of other users, but for whoever has half of it. */
struct embedding_fit embedding_judge(const struct embedding *self,
                                     const struct interactions *log)
{
    struct embedding_fit fit = {0, 0};

    for (size_t r = 0; r < log->count; r++) {
        size_t far = (r + log->count / 2) % log->count;
        fit.met += cosine(self, log->user[r], log->item[r]) / (double)log->count;
        fit.other += cosine(self, log->user[r], log->item[far]) / (double)log->count;
    }
    return fit;
}
