/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From a real log of interactions to an audience: what `reelsim fit` learns.
 *
 * - Taste and content: unit vectors of an offline factorisation (recommend/embedding.h).
 * - Activity: a user's rows against the median user's, split into how often and how long. A
 *   session ends where a user is silent for `gap_min`; rows a session are drawn in to the mean
 *   by FIT_SESSIONS sessions of it (a user seen once has one session, whose length says
 *   little). activity x budget is in proportion to the rows. Without times all is activity.
 * - Quality: the mean value of an item's rows, drawn in by FIT_ROWS rows of the log's mean, as
 * a place in the range of the log's values; 1/2 where they are all the same.
 * - Popularity: an item's rows, its first and its last.
 */
#ifndef EXPERIMENT_FIT_H
#define EXPERIMENT_FIT_H

#include "io/log.h"
#include "recommend/embedding.h"
#include "world/audience.h"

#define FIT_SESSIONS 2.0
#define FIT_ROWS 10.0

struct fit_options {
    const void *embedding; /* parameters of EMBEDDING_RECOMMENDER */
    struct training how;
    double gap_min; /* of silence end a session */
};

/* `log` is finished (log_finish) and comes back sorted. The caller frees `out` whatever comes.
 */
enum status fit_learn(struct log *log, const struct fit_options *options, struct audience *out,
                      struct embedding_fit *judged) MUST_CHECK;

#endif
