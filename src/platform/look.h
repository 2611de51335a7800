/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The passes over the candidates of a slate: each reads or writes all of them, several at a
 * time.
 */
#ifndef PLATFORM_LOOK_H
#define PLATFORM_LOOK_H

#include "slate.h"

/* For each set of eight lanes those that are in it, in order, and how many. */
struct look_lanes {
    uint8_t lane[256][8];
    uint8_t count[256];
};
void look_lanes_make(struct look_lanes *self);

/* Scores as a linear ranker gives them, by the request's query if it is personal, and what else
 * lists have of the candidates. */
void look_score(struct pool *pool, const struct request *request, float weight);
/* The second alone. */
void look_facts(struct pool *pool, const struct item *item);
/* Scores of those that may be listed: not of what was seen (NULL = all may). */
void look_open(struct pool *pool, const struct seen_view *seen);
/* Those that rank above `bar` and were not listed yet come on the list. */
void look_list(struct pool *pool, const struct look_lanes *lanes, float bar);

#endif
