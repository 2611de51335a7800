/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What several strategies read off their view alike.
 */
#ifndef CREATORS_OUTLOOK_H
#define CREATORS_OUTLOOK_H

#include "creators/strategy.h"

/* Money and the worth of attention, currency an hour worked, of the period. */
double outlook_reward(const struct strategy_view *view);
/* What was bought at the last review, whose reach this period brought: currency an hour worked
 * of the period. */
double outlook_spent(const struct strategy_view *view);
/* An amount of this period in units of what the creator hopes for in the same hours: 1 = as it
 * hoped. No unit of currency is left in it. */
double outlook_hoped(const struct strategy_view *view, double amount);
/* The topics that a creator may take up: home, then those nearest to its expertise, ties to the
 * lower; with fewer topics than n, home again. As floats, for a strategy's memory. */
void outlook_topics(const struct strategy_view *view, uint8_t home, int n, float *topic);
/* So many videos a week in the hours there are: a quicker pace means less effort a video. */
void outlook_pace(const struct strategy_view *view, float videos_per_week,
                  struct creator_plan *plan);

#endif
