/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Items like those that the user met (Sarwar et al. 2001; Deshpande & Karypis 2004, TOIS 22(1);
 * neighbours.h). A score is the sum over the items j met of s_ij r_uj, where j is one of the
 * most similar of i.
 */
#include <string.h>

#include "neighbours.h"
#include "recommenders.h"

static const struct schema_row rows[] = {
    NEIGHBOURS_ROWS("40", "200", "\"cosine\"", "0", "Surprise 1.1, KNNBaseline")};
static const struct schema_table table = {.prefix = "evaluate.item_knn",
                                          .size = sizeof(struct neighbours_parameters),
                                          SCHEMA_ROWS(rows)};

struct item_knn {
    struct neighbours base;
    struct interaction_index voted; /* item -> items that it is one of the nearest of; owned */
};

static enum status train(void *state, const void *parameters, const struct interactions *log,
                         const struct training *how)
{
    struct item_knn *self = state;
    enum status status = neighbours_init(&self->base, log, BY_ITEM, parameters, how->threads);

    if (!status) status = interaction_index_transpose(&self->base.nearest, &self->voted);
    return status;
}

static float predict(const void *state, uint32_t user, uint32_t item)
{
    return neighbours_value(&((const struct item_knn *)state)->base, item, user);
}

static void score(const void *state, uint32_t user, float *out)
{
    const struct item_knn *self = state;
    const struct interaction_index *voted = &self->voted;
    const struct span_source source = {.postings = &self->base.across};
    struct span met;

    memset(out, 0, voted->rows * sizeof(*out));
    for (span_open(&met, &source, user); span_next(&met);)
        for (uint32_t k = 0; k < met.count; k++) {
            uint32_t j = met.other[k];
            float value = self->base.values ? met.value[k] : 1.0f;
            for (size_t n = voted->offset[j]; n < voted->offset[j + 1]; n++)
                out[voted->other[n]] += voted->value[n] * value;
        }
}

static void release(void *state)
{
    struct item_knn *self = state;

    neighbours_free(&self->base);
    interaction_index_free(&self->voted);
}

const struct recommender recommend_item_knn = {
    .about = {.name = "item_knn",
              .doc = "items like those met, nearest neighbours of items",
              .reference = "Deshpande & Karypis 2004, doi 10.1145/963770.963776",
              .parameters = &table,
              .state_size = sizeof(struct item_knn)},
    .ratings = true,
    .train = train,
    .predict = predict,
    .score = score,
    .free = release,
};
