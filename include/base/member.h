/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What every swappable thing has in common: its name, its doc, where it comes from, its
 * parameters. It is the first member of each kind's struct: ranker, retriever,
 * reranker, learner, strategy, stream, channel, choice, metric, recommender.
 */
#ifndef BASE_MEMBER_H
#define BASE_MEMBER_H

#include "base/schema.h"

struct member {
    const char *name;                      /* "trending" */
    const char *doc;                       /* one line */
    const char *reference;                 /* paper or "none" */
    const struct schema_table *parameters; /* or NULL; prefix "platform.ranker.trending" */
    size_t state_size; /* bytes of its own state, zeroed before open; 0 = none */
};

#endif
