/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Users and items of a log as unit vectors: where a user's and an item's have a high cosine,
 * the user meets the item more often than the item's popularity alone lets expect.
 *
 * The factors are those of the recommender `bpr` (score = bias of the item + p_u . q_i), whose
 * item biases take up popularity. The mean of the q_i over the log's rows is taken off them:
 * it adds the same to all scores of a user. Then both sides are brought to unit length.
 */
#ifndef RECOMMEND_EMBEDDING_H
#define RECOMMEND_EMBEDDING_H

#include "base/vector16.h"
#include "recommend/recommender.h"

struct embedding {
    uint32_t users, items;
    struct packed16 *user, *item; /* owned; [users], [items] */
};

#define EMBEDDING_RECOMMENDER "bpr"

/* `parameters` are those of EMBEDDING_RECOMMENDER, with VECTOR_DIM factors. The same bits for
 * any number of threads. */
enum status embedding_learn(struct embedding *self, const void *parameters,
                            const struct interactions *log,
                            const struct training *how) MUST_CHECK;
void embedding_free(struct embedding *self); /* works when zeroed */
/* Mean cosine of the log's rows, and of as many pairs of a row's user with another row's item:
 * how much of who meets what is in the vectors. */
struct embedding_fit {
    double met, other;
};
struct embedding_fit embedding_judge(const struct embedding *self,
                                     const struct interactions *log);

#endif
