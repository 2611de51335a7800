/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A place for an ad as a second-price auction among segments of advertisers, each with a budget
 * a day. Of a budget, so much as a window may spend is set aside at the close and dealt to the
 * shards: what a shard has been dealt is all that it can spend, so a budget is never exceeded.
 */
#ifndef REVENUE_AUCTION_H
#define REVENUE_AUCTION_H

#include "base/parameters.h"
#include "world/ad_market.h"

extern const struct schema_table auction_table; /* struct ad_segment */

struct auction_bids {
    double bid[SEGMENTS_MOST]; /* micro-units; <= 0 = none */
    int32_t count;
};

struct auction_sale {
    int32_t winner; /* -1 = nobody */
    int64_t price;  /* micro-units: the second bid or the reserve, what is more */
};

/* The highest bid that is at least the reserve and that its segment can pay, `left` being what
 * it may spend; of equal ones the first. Those who cannot pay their bid do not take part. */
struct auction_sale auction_run(const struct auction_bids *bids, const int64_t *left,
                                double reserve);
/* Part s of amount >= 0 in `parts` parts that differ by at most one and sum to it. The first
 * `amount % parts` of those from `first` on have one more. */
int64_t auction_part(int64_t amount, uint32_t parts, uint32_t first, uint32_t s);
/* The pacing multiplier after a window in which `spent` of `due` was spent: in [0.001, 1]. */
double auction_pace(double pace, int64_t spent, double due);

#endif
