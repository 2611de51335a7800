/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Recommenders that learn from a log and are judged offline: `reelsim evaluate`.
 *
 * A recommender is one file of src/recommend/ with one const struct: parameters (schema rows
 * under "evaluate.<name>"), a state, and four functions. `train` fills the state from the rows
 * of a log; predict and score only read it, so several threads may ask at once. Both know every
 * user and item that the log counts, also those without a row in it: they get what is known of
 * the other side. All numbers are finite.
 *
 * A state is a function of (parameters, log in its order, seed): the same bits for any number
 * of threads.
 */
#ifndef RECOMMEND_RECOMMENDER_H
#define RECOMMEND_RECOMMENDER_H

#include <stdbool.h>

#include "base/member.h"
#include "engine/stream.h"
#include "recommend/interactions.h"

/* How to train. */
struct training {
    struct seed seed;
    uint32_t threads; /* >= 1 */
};

struct recommender {
    struct member about; /* state_size bytes, zeroed by the caller before `train` */
    bool ratings;        /* predict is in the unit of the log's values: RMSE means something */
    /* The log's users ascend; it outlives the state, which may read its rows. An empty log is
     * fine. On failure `free` is due all the same. */
    enum status (*train)(void *state, const void *parameters, const struct interactions *log,
                         const struct training *how);
    /* Expected value (clipped to the range of the training log's values) where `ratings`; else
     * the score. */
    float (*predict)(const void *state, uint32_t user, uint32_t item);
    /* out[items]: the higher the sooner it is recommended. Items that the user has met are
     * scored like others. */
    void (*score)(const void *state, uint32_t user, float *out);
    /* Works on a zeroed or half-trained state. */
    void (*free)(void *state);
};

/* All of them, ended by NULL; in alphabetical order. */
extern const struct recommender *const recommenders[];
/* NULL when there is none of this name. */
const struct recommender *recommender_find(const char *name);
/* A zeroed state of its size, trained. `*state` is set also on failure (NULL when there was no
 * memory) and is given back with recommender_drop. */
enum status recommender_train(const struct recommender *self, const void *parameters,
                              const struct interactions *log, const struct training *how,
                              void **state) MUST_CHECK;
void recommender_drop(const struct recommender *self, void *state);

#endif
