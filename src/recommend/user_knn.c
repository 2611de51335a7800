/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Users like this one (Resnick et al. 1994; neighbours.h). A score is the sum over the most
 * similar users v of s_uv r_vi.
 */
#include <string.h>

#include "neighbours.h"
#include "recommenders.h"

static const struct schema_row rows[] = {
    NEIGHBOURS_ROWS("40", "40", "\"cosine\"", "0", "Surprise 1.1, KNNBaseline")};
static const struct schema_table table = {.prefix = "evaluate.user_knn",
                                          .size = sizeof(struct neighbours_parameters),
                                          SCHEMA_ROWS(rows)};

static enum status train(void *state, const void *parameters, const struct interactions *log,
                         const struct training *how)
{
    return neighbours_init(state, log, BY_USER, parameters, how->threads);
}

static float predict(const void *state, uint32_t user, uint32_t item)
{
    return neighbours_value(state, user, item);
}

static void score(const void *state, uint32_t user, float *out)
{
    const struct neighbours *self = state;
    const struct interaction_index *nearest = &self->nearest, *met = &self->own;

    memset(out, 0, met->others * sizeof(*out));
    for (size_t n = nearest->offset[user]; n < nearest->offset[user + 1]; n++) {
        uint32_t v = nearest->other[n];
        for (size_t k = met->offset[v]; k < met->offset[v + 1]; k++)
            out[met->other[k]] += nearest->value[n] * (self->values ? met->value[k] : 1.0f);
    }
}

static void release(void *state) { neighbours_free(state); }

const struct recommender recommend_user_knn = {
    .about = {.name = "user_knn",
              .doc = "what similar users met, nearest neighbours of users",
              .reference = "Resnick et al. 1994, doi 10.1145/192844.192905",
              .parameters = &table,
              .state_size = sizeof(struct neighbours)},
    .ratings = true,
    .train = train,
    .predict = predict,
    .score = score,
    .free = release,
};
