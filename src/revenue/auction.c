/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "auction.h"

#include "base/maths.h"

#define PACE_LEAST 1e-3
#define PACE_GAIN 0.2 /* of the relative error of a window's spending, in ln(pace) */

#define AT(member) .offset = offsetof(struct ad_segment, member)
#define TWO                                                                                    \
    "revenue.streams=[\"ads\"] revenue.ads.market=\"auction\" "                                \
    "revenue.ads.segments[0].value=40 revenue.ads.segments[1].value=40"
#define NEEDS .needs = TWO

static const struct schema_row rows[] = {
    {.path = "value",
     .type = SCHEMA_FLOAT,
     .unit = "currency/1000",
     .low = 0,
     .high = 1e6,
     .initial = "30.0",
     .meaning = "what 1000 impressions are worth to its advertisers at most; each place is "
                "worth a uniform share of it, times the topic's factor",
     .source = "A (three of them at 30 pay 15 on average; 14 is D KS+KR)",
     .plausible_low = 10,
     .plausible_high = 60,
     .when = SCHEMA_WINDOW,
     .moves = "revenue_ads",
     .sign = 1,
     .from = "10",
     .to = "40",
     .needs = "revenue.streams=[\"ads\"] revenue.ads.market=\"auction\" "
              "revenue.ads.segments[1].value=40",
     AT(value)},
    {.path = "budget",
     .type = SCHEMA_FLOAT,
     .unit = "currency/d",
     .low = 0,
     .high = 1e9,
     .initial = "1000.0",
     .meaning = "what its advertisers spend a day at most",
     .source = "A",
     .plausible_low = 10,
     .plausible_high = 1e5,
     .when = SCHEMA_WINDOW,
     .moves = "revenue_ads",
     .sign = 1,
     .from = "0.1",
     .to = "1000",
     NEEDS,
     AT(budget)},
    {.path = "topic",
     .type = SCHEMA_INT,
     .unit = "1",
     .low = -1,
     .high = 255,
     .initial = "-1",
     .meaning = "number of the topic whose videos it wants, -1 = any",
     .source = "scenario",
     .when = SCHEMA_WINDOW,
     .moves = "revenue_ads",
     .sign = -1,
     .from = "-1",
     .to = "0",
     NEEDS,
     AT(topic)},
};
const struct schema_table auction_table = {.prefix = "revenue.ads.segments",
                                           .size = sizeof(struct ad_segment),
                                           .most = SEGMENTS_MOST,
                                           SCHEMA_ROWS(rows)};

static int64_t rounded(double amount) { return (int64_t)(amount + 0.5); }

struct auction_sale auction_run(const struct auction_bids *bids, const int64_t *left,
                                double reserve)
{
    struct auction_sale sale = {.winner = -1};
    double best = 0, second = reserve;
    for (int32_t i = 0; i < bids->count; i++) {
        double bid = bids->bid[i];
        if (!(bid > 0) || bid < reserve || rounded(bid) > left[i]) continue;
        if (sale.winner < 0 || bid > best) {
            if (sale.winner >= 0 && best > second) second = best;
            best = bid;
            sale.winner = i;
        } else if (bid > second) {
            second = bid;
        }
    }
    sale.price = sale.winner < 0 ? 0 : rounded(second);
    return sale;
}

int64_t auction_part(int64_t amount, uint32_t parts, uint32_t first, uint32_t s)
{
    int64_t rest = amount % parts;
    uint32_t place = s >= first ? s - first : s + parts - first;
    return amount / parts + (place < rest);
}

double auction_pace(double pace, int64_t spent, double due)
{
    double error = due > 0 ? 1 - (double)spent / due : 0;
    if (error < -1) error = -1;
    pace *= maths_exp(PACE_GAIN * error);
    return pace > 1 ? 1 : pace < PACE_LEAST ? PACE_LEAST : pace;
}
