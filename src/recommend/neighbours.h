/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Nearest neighbours: the similarity of users by the items that they met, or of items by the
 * users that met them, and what follows for a pair. `own` is the side that is compared, `other`
 * what it is compared by; user_knn.c and item_knn.c are the two cases.
 *
 * Similarity of a and b, with r_ac the value of a's row with c (the sum of its rows with c
 * where it met c again and again), N the number of others, n those that both have:
 *   product   (1/N) sum over c of r_ac r_cb
 *   cosine    sum over c of r_ac r_cb / (|r_a| |r_b|)
 *   pearson   correlation of r_ac - level_ac over those that both have (Koren 2010)
 *   msd       1 / (1 + mean square of r_ac - r_bc over those that both have)
 * (the latter two and n go by pairs of rows) each times n / (n + shrinkage); what is not
 * positive is dropped, and of each one's list the `keep` most similar stay. Of a c with more
 * than `sample` rows so many, spread evenly, are
 * looked at, as if it had no others. Takes O(sum over c of min(n_c, sample)^2) time, 8 keep
 * bytes each, and the lists of postings.h once.
 *
 * A value: level_ac + sum over the `neighbours` most similar b that have c of s_ab (r_bc -
 * level_bc) / sum of s_ab, with the level that `centre` names.
 */
#ifndef RECOMMEND_NEIGHBOURS_H
#define RECOMMEND_NEIGHBOURS_H

#include "biases.h"
#include "postings.h"
#include "recommend/interactions.h"
#include "rows.h"

#define NEIGHBOURS_MOST 1000 /* that a value is made of */

enum similarity { SIMILARITY_PRODUCT, SIMILARITY_COSINE, SIMILARITY_PEARSON, SIMILARITY_MSD };
enum centre { CENTRE_NONE, CENTRE_MEAN, CENTRE_BASELINE };

struct neighbours_parameters {
    int64_t neighbours, score_neighbours, keep, sample;
    double shrinkage;
    int32_t similarity, centre;
    bool values;
    struct biases_parameters biases;
};

#define NEIGHBOURS_ROWS(count, votes, kind, shrink, tag)                                       \
    ROW_INT(neighbours_parameters, neighbours, count, 1, NEIGHBOURS_MOST, 10, 200,             \
            "the most similar that a value is made of", tag, "rmse"),                          \
        ROW_INT(neighbours_parameters, score_neighbours, votes, 1, 1e6, 10, 400,               \
                "the most similar that a score is made of, at most `keep`",                    \
                "scripts/tune_ranking.sh, validation rows of MovieLens-100K", "ndcg"),         \
        ROW_INT(neighbours_parameters, keep, "1000", 1, 1e6, 100, 2000,                        \
                "similar ones remembered of each, for values", "A", "rmse"),                   \
        ROW_INT(neighbours_parameters, sample, "1000", 2, 1e9, 200, 2000,                      \
                "rows of one of the other side by which likeness is told; of more, so many",   \
                "Mahout 0.9, maxPrefsPerUserInItemSimilarity", "rmse"),                        \
        ROW_CHOICE(neighbours_parameters, similarity, kind, "product|cosine|pearson|msd",      \
                   "product: (1/N) sum of products; cosine; correlation; mean square",         \
                   "scenario", "ndcg"),                                                        \
        ROW_FLOAT(neighbours_parameters, shrinkage, shrink, 0, 1e6, 0, 100,                    \
                  "common rows at which a similarity counts half", "Koren 2010", "rmse"),      \
        ROW_CHOICE(neighbours_parameters, centre, "\"baseline\"", "none|mean|baseline",        \
                   "level that values are counted from", "Koren 2010", "rmse"),                \
        ROW_BOOL(neighbours_parameters, values, "true",                                        \
                 "products and scores take a row's value, else 1", "scenario", "ndcg"),        \
        ROW_FLOAT(neighbours_parameters, biases.damp_user, "15", 0, 1e6, 1, 50,                \
                  "baseline: rows of value 0 that each user is thought to have",               \
                  "Surprise 1.1, BaselineOnly", "rmse"),                                       \
        ROW_FLOAT(neighbours_parameters, biases.damp_item, "10", 0, 1e6, 1, 50,                \
                  "baseline: rows of value 0 that each item is thought to have",               \
                  "Surprise 1.1, BaselineOnly", "rmse"),                                       \
        ROW_INT(neighbours_parameters, biases.epochs, "10", 1, 1000, 2, 20,                    \
                "baseline: alternations", "Surprise 1.1, BaselineOnly", "rmse")

struct neighbours {
    enum interaction_side side; /* of `own` */
    int64_t neighbours;
    enum centre centre;
    bool values;                      /* else a row counts 1 in scores; all below is owned */
    struct interaction_index own;     /* BY_USER: own -> others, the log's columns */
    struct postings across;           /* other -> own */
    struct interaction_index similar; /* own -> own, ascending: at most `keep` each */
    struct interaction_index nearest; /* own -> own, ascending: `score_neighbours` each */
    struct biases biases;             /* of users and items; `centre` in another form: */
    float *level;                     /* [own]: means */
};

/* On failure neighbours_free is due. */
enum status neighbours_init(struct neighbours *self, const struct interactions *log,
                            enum interaction_side side,
                            const struct neighbours_parameters *parameters,
                            uint32_t threads) MUST_CHECK;
void neighbours_free(struct neighbours *self);
/* The value of a pair, clipped to the log's range. */
float neighbours_value(const struct neighbours *self, uint32_t own, uint32_t other);

#endif
