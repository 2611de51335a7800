/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Creators' parts that the platform pays out so many days later. Meanwhile they lie in PAYABLE:
 * those of a day are added up by creator, and the sum is due at the close of a later day
 * (dues.h). One list a shard, that of the creators.
 */
#ifndef REVENUE_PAYOUTS_H
#define REVENUE_PAYOUTS_H

#include "revenue/dues.h"

struct payouts {
    int64_t *today; /* owned; [count] earned since the day began, by row of the creator */
    size_t count, room;
    struct dues dues;
};

/* The row of a stream whose parameters have an int64_t payout_days. It holds for a whole run:
 * without a delay there is no state. */
#define PAYOUTS_ROW(parameters, needs_) PAYOUTS_ROW_OF(parameters, "creator_income", needs_)
#define PAYOUTS_ROW_OF(parameters, moves_, needs_)                                             \
    {                                                                                          \
        .path = "payout_days", .type = SCHEMA_INT, .unit = "d", .low = 0,                      \
        .high = DUES_DAYS_MOST, .initial = "0",                                                \
        .meaning = "whole days until a creator has its part of what a day brought; 0 = at "    \
                   "once",                                                                     \
        .source = "A (monthly payments: 20 to 60)", .plausible_low = 0, .plausible_high = 60,  \
        .when = SCHEMA_START, .moves = moves_, .sign = -1, .from = "0", .to = "30",            \
        .needs = needs_, .offset = offsetof(parameters, payout_days)                           \
    }

struct payout {
    int64_t amount;           /* >= 0 */
    int64_t days;             /* until it is paid */
    enum ledger_account from; /* where it lies: see struct sale, or ADVERTISERS */
    uint32_t creator;         /* row of this shard */
};

void payouts_free(struct payouts *self);
/* Pays at once when days = 0, else later. A fault of the till without memory. */
void payouts_pay(struct stream_desk *desk, struct payouts *self, struct payout payout);
/* Of a sale: store and platform have their parts at once. */
void payouts_share(struct stream_desk *desk, struct payouts *self, struct sale sale,
                   double platform_cut, int64_t days);
/* At the close of a day: what was earned is due `days` later, what is due is paid. */
void payouts_day(struct stream_desk *desk, struct payouts *self, int64_t days);
int64_t payouts_held(const struct payouts *self);
/* Not to be called without a delay. Loading: all is checked against the world. */
void payouts_visit(const struct stream_desk *desk, struct payouts *self, struct visitor *v);

#endif
