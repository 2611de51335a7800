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

/* A world in which to see what strategies learn, as settings of effect rows: every impression
 * of a video that sells may sell; a few creators, of whom each has so many viewers and videos a
 * day that what a day brought says what its plan is worth. */
#define OUTLOOK_EARNING                                                                        \
    "creators.review_days=1 creators.production.commercial_sd=0 creators.videos_per_week=40 "  \
    "creators.videos_sigma=0 creators.backlog_days=1 platform.catalogue.days=0.5 "             \
    "revenue.streams=[\"collectible\"] revenue.collectible.min_followers=0 "                   \
    "revenue.collectible.offered=1 revenue.collectible.buy=0.4 revenue.collectible.slope=0 "   \
    "revenue.collectible.price=1 revenue.collectible.editions=100000 "                         \
    "viewers.purse.month=60000 viewers.count=40 creators.count=8"

#endif
