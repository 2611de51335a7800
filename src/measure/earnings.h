/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MEASURE_EARNINGS_H
#define MEASURE_EARNINGS_H

#include "parts.h"

struct earnings_spread {
    size_t creators; /* who were here for some of the interval */
    double mean, cv; /* micro-units; sd over mean, 0 when nobody earned */
    double cvar; /* micro-units: mean of the 5 % who earned least, of at least one creator */
};

/* Of n incomes, which are sorted. */
struct earnings_spread earnings_spread_of(int64_t *income, size_t n);
/* Of the running interval; out[cohorts]. */
enum status earnings_spread(const struct measure *self, struct earnings_spread *out) MUST_CHECK;
/* What a creator has made since the warm-up, in the intervals that summaries count; of one that
 * joined later, all. */
struct earnings_after {
    int64_t profit; /* micro-units: income less promotion and the making of videos */
    double worked;  /* h */
};
struct earnings_after earnings_after(const struct measure *self, uint32_t shard, size_t row);
/* A day ends, and with it perhaps a week. */
enum status earnings_day(struct measure *self) MUST_CHECK;
/* From here on an interval counts; and, when what was before does not, the profit. */
enum status earnings_mark(struct measure *self, bool warm) MUST_CHECK;
void earnings_free(struct measure *self);
void earnings_visit(struct measure *self, struct visitor *v);

#endif
