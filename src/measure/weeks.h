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
void weeks_visit(struct weeks *self, uint32_t shards, struct visitor *v);
void weeks_free(struct weeks *self, uint32_t shards);

#endif
