/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How good a trained recommender is on rows that it has not seen.
 *
 * Ratings: RMSE and MAE of its predictions over the test rows. Ranking: for each user with a
 * relevant test item, all items of the log but those of the user's training rows (and of
 * `known`, validation rows that are past when the test comes, as in RecBole) are put in the
 * order of their scores (no sampled negatives: Krichene & Rendle 2020 show what those do);
 * equal scores in a pseudo-random order of the items, the same for all users. Relevant are the
 * distinct items of the user's test rows whose value is at least `relevant_from`.
 *
 * With R the relevant items, hits those of them among the first k, the rank of a hit from 1:
 *   hit rate   1 if there is a hit
 *   precision  hits / k                            recall  hits / |R|
 *   MAP        sum over hits of (hits so far / rank), by min(|R|, k)
 *   MRR        1 / rank of the first hit, 0 without
 *   NDCG       sum over hits of 1 / log2(rank + 1), by the same of min(|R|, k) hits in front
 *   AUC        chance that a relevant item is put before one that is not, ties half; all items,
 *              whatever k
 *   novelty    mean over the first k of log2(users / users who met the item in training), bits
 *              (Zhou et al. 2010, PNAS 107(10))
 * each a mean over users (these are RecBole's definitions); and of all lists together
 *   coverage   share of the log's items that are in some user's first k
 *   Gini       inequality over items of the number of lists that they are in
 *
 * With `graded`, NDCG is LensKit's (0.14): a hit counts its value, discounted by max(1,
 * log2(rank)), by the same of all of the user's test items in the order of their values.
 *
 * Intervals are percentiles of the bootstrap over users (Efron 1979): users are drawn with all
 * that they have in all folds. Coverage and Gini have none: drawing users twice lowers them by
 * itself.
 */
#ifndef MEASURE_EVALUATION_H
#define MEASURE_EVALUATION_H

#include "engine/team.h"
#include "recommend/recommender.h"

#define EVALUATION_DEPTHS 16 /* values of k in one go */
#define EVALUATION_DEEPEST 1000

/* Of test rows; of users, for each k; of all lists, for each k. */
#define EVALUATION_LIST(X)                                                                     \
    X(EVALUATION_RMSE, "rmse")                                                                 \
    X(EVALUATION_MAE, "mae")                                                                   \
    X(EVALUATION_HIT_RATE, "hit_rate")                                                         \
    X(EVALUATION_PRECISION, "precision")                                                       \
    X(EVALUATION_RECALL, "recall")                                                             \
    X(EVALUATION_MAP, "map")                                                                   \
    X(EVALUATION_MRR, "mrr")                                                                   \
    X(EVALUATION_NDCG, "ndcg")                                                                 \
    X(EVALUATION_AUC, "auc")                                                                   \
    X(EVALUATION_NOVELTY, "novelty")                                                           \
    X(EVALUATION_COVERAGE, "coverage")                                                         \
    X(EVALUATION_GINI, "gini")

enum evaluation_metric {
#define EVALUATION_ENUM(id, name) id,
    EVALUATION_LIST(EVALUATION_ENUM)
#undef EVALUATION_ENUM
        EVALUATION_METRICS
};
#define EVALUATION_OF_USERS EVALUATION_HIT_RATE /* from here to before coverage */
#define EVALUATION_USER_METRICS (EVALUATION_COVERAGE - EVALUATION_HIT_RATE)

extern const char *const evaluation_name[EVALUATION_METRICS];

struct evaluation_options {
    uint32_t depth[EVALUATION_DEPTHS]; /* the values of k, each 1..EVALUATION_DEEPEST */
    size_t depths;
    float relevant_from;
    bool graded;
};

/* What one fold gave. */
struct evaluation {
    size_t depths, judged;     /* values of k; users with a relevant item */
    size_t testing;            /* users with a test row */
    uint32_t *user;            /* owned; [testing] ascending */
    float *of_user;            /* owned; [testing][depths][EVALUATION_USER_METRICS]; NaN
                                  for a user who was not judged */
    double *square, *absolute; /* owned; [testing] sums over the user's test rows; NULL
                                  when the recommender predicts no values */
    uint32_t *rows;            /* owned; [testing] test rows */
    double of_lists[EVALUATION_DEPTHS][2]; /* coverage, Gini */
};

/* A trained recommender and the log it was trained on. `train` and `test` are parts of one log
 * (recommend/split.h), each sorted; so is `known`. */
struct evaluation_of {
    const struct recommender *recommender;
    const void *state;
    const struct interactions *train, *test;
    const struct interactions *known; /* more rows that the users are past; NULL = none */
};

struct estimate {
    double value, low, high; /* NaN when there is none */
};

/* Tests it. The same bits for any number of threads. On failure evaluation_free is due. */
enum status evaluation_run(struct evaluation *self, const struct evaluation_of *of,
                           const struct evaluation_options *options,
                           struct team *team) MUST_CHECK;
/* Works on a zeroed object. */
void evaluation_free(struct evaluation *self);

/* The mean over folds of each metric at each k (rows of the first two are equal for all k),
 * with 95 % intervals from `resamples` draws (0 = none): out[depths][EVALUATION_METRICS]. */
enum status evaluation_estimate(const struct evaluation *fold, size_t folds, uint32_t resamples,
                                struct team *team,
                                struct estimate (*out)[EVALUATION_METRICS]) MUST_CHECK;

#endif
