/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rows of a cohort about orders of reach, which growth/ reads: part of COHORT_ROWS
 * (parameters.c).
 */
#ifndef CREATORS_BOOST_ROWS_H
#define CREATORS_BOOST_ROWS_H

#include "base/schema.h"

#define BOOST_ROWS(at)                                                                         \
    {.path = "bid",                                                                            \
     .type = SCHEMA_FLOAT,                                                                     \
     .unit = "currency/1000",                                                                  \
     .low = 0,                                                                                 \
     .high = 1e6,                                                                              \
     .initial = "0",                                                                           \
     .meaning = "what they bid for 1000 promoted impressions where ads are sold by "           \
                "auction; 0 = growth.paid_boost.bid",                                          \
     .source = "A (the fixed price is 20)",                                                    \
     .plausible_low = 0,                                                                       \
     .plausible_high = 60,                                                                     \
     .moves = "impressions_promoted",                                                          \
     .sign = 1,                                                                                \
     .from = "2",                                                                              \
     .to = "40",                                                                               \
     .needs = "growth.channels=[\"paid_boost\"] creators.boost=1.0 "                           \
              "creators.review_days=0.25 growth.paid_boost.min_spend=0.0 "                     \
              "revenue.ads.min_followers=0 revenue.ads.min_views=0 "                           \
              "revenue.ads.market=\"auction\" revenue.ads.segments[0].value=40 "               \
              "revenue.ads.segments[1].value=40",                                              \
     .offset = at(bid)},                                                                       \
        {.path = "target",                                                                     \
         .type = SCHEMA_CHOICE,                                                                \
         .unit = "1",                                                                          \
         .choices = "channel|all|topic|new",                                                   \
         .initial = "\"channel\"",                                                             \
         .meaning = "whom promoted impressions go to: as growth.paid_boost.targeted says, "    \
                    "everybody, viewers with an interest in the video's topic, or viewers of " \
                    "whom the platform knows nothing yet, though it may",                      \
         .source = "scenario",                                                                 \
         .moves = "impressions_promoted",                                                      \
         .sign = -1,                                                                           \
         .from = "\"all\"",                                                                    \
         .to = "\"new\"",                                                                      \
         .needs = "growth.channels=[\"paid_boost\"] creators.boost=1.0 "                       \
                  "creators.review_days=0.25 growth.paid_boost.min_spend=0.0 "                 \
                  "revenue.ads.cpm=100.0 revenue.ads.min_followers=0 "                         \
                  "revenue.ads.min_views=0",                                                   \
         .offset = at(target)},

#endif
