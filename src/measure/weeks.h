/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A sum of each creator's, week by week, for the last eight whole weeks. A week ends every
 * seventh simulated day; a creator's first whole week is the one after the week in which it
 * joined. "A month" is four weeks here.
 */
#ifndef MEASURE_WEEKS_H
#define MEASURE_WEEKS_H

#include "measure/metric.h"

#define WEEKS_KEPT 8

/* Of one shard's creators, by row. */
struct weeks {
    int64_t *total;              /* owned; the sum at the end of the last week */
    int64_t (*week)[WEEKS_KEPT]; /* owned; newest first */
    uint8_t *known;              /* owned; whole weeks, at most WEEKS_KEPT */
    size_t count, capacity;
};

/* The whole of a creator's sum so far: income, impressions. */
typedef int64_t (*weeks_sum)(const struct creator *creator);

/* Called at the end of each day: a week is added when one ends. `self` is an array of
 * shards.count. */
enum status weeks_day(struct weeks *self, const struct metric_view *view,
                      weeks_sum sum) MUST_CHECK;

/* How uncertain a creator's sum is from week to week: its coefficient of variation over the
 * weeks kept, in the mean over creators here with four weeks or more who earned; and over all
 * their weeks the expected shortfall, what the worst 5 % of weeks bring against a creator's
 * mean week (Rockafellar & Uryasev 2000). -1 = nothing at all. */
struct weeks_risk {
    size_t creators; /* 0: the others are not known */
    double cv, cvar5;
};
#define WEEKS_LEAST 4
#define WEEKS_ALL -1 /* in the place of a cohort */
enum status weeks_risk(const struct weeks *self, const struct world *world, int32_t cohort,
                       struct weeks_risk *out) MUST_CHECK;
void weeks_visit(struct weeks *self, uint32_t shards, struct visitor *v);
void weeks_free(struct weeks *self, uint32_t shards);

#endif
