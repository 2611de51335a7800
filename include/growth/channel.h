/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A growth channel: how spending or effort becomes arrivals or impressions (docs/ODD.md 7.11).
 *
 * A channel acts phase by phase, always at a desk: the place of one channel in one shard. What
 * it sends lands in a later window at the earliest. What it costs moves through the desk_*
 * functions below, which keep the books, the creator's balance and the spending by channel
 * together.
 *
 * A channel keeps nothing derived from parameters: dated changes take effect by themselves.
 */
#ifndef GROWTH_CHANNEL_H
#define GROWTH_CHANNEL_H

#include "base/member.h"
#include "base/parameters.h"
#include "world/service.h"
#include "world/world.h"

struct followers; /* growth/followers.h */

struct channel_desk {
    const struct channel *channel;
    const void *parameters; /* values of channel->about.parameters; NULL when it has none */
    struct world *world;
    const struct followers *followers; /* of this shard's viewers; NULL unless it `follows` */
    const uint16_t *uses; /* by creators' cohort: bit `index` = they use this channel */
    void *state;          /* about.state_size bytes of this shard's own */
    uint32_t shard;
    uint8_t index;     /* of the channel among those in use: in boosts, creators' spending */
    enum status fault; /* the first failure inside a window */
};

/* All functions are optional. Those that get one desk write only what belongs to its shard. */
struct channel {
    struct member about;
    bool follows; /* looks up who follows a creator: the desk has `followers` */
    enum status (*open)(struct channel_desk *desk); /* state is zeroed */
    void (*release)(struct channel_desk *desk);     /* frees what open and others allocated */
    /* Viewer phase, at the viewer's shard: the viewer shares the video it watched. */
    void (*shared)(struct channel_desk *desk, struct moment *moment);
    /* Video phase, at the videos' shard: a block of the log. */
    void (*rows)(struct channel_desk *desk, const struct impression *rows, size_t n);
    /* Creators phase: a creator (row of this shard) buys with at most `budget` micro-units,
     * never more than its balance. Returns what was spent. Only for those who use the channel
     * (desk_used): what a channel does for creators unasked it must leave out itself. */
    int64_t (*promote)(struct channel_desk *desk, uint32_t creator, int64_t budget);
    /* Hours a week that a creator (row of this shard) spends live by nature, and the most that
     * anybody can. It is live as its plan says instead once it has CREATOR_HOSTS. */
    double (*hours)(const struct channel_desk *desk, uint32_t creator, double *most);
    /* The close of each window: shard by shard in parallel, then serially, one desk a shard. */
    enum status (*settle)(struct channel_desk *desk);
    enum status (*close)(struct channel_desk *desks, uint32_t shards);
    /* Columns to keep; after loading, also what is derived from them. NULL: no state. */
    void (*visit)(struct channel_desk *desk, struct visitor *v);
};

/* Whether a creator's cohort uses the channel (`channels`). */
static inline bool desk_used(const struct channel_desk *desk, const struct creator *creator)
{
    return desk->uses[creator->cohort] >> desk->index & 1;
}

/* A posting of money that a creator (row of this shard) spends on this channel, without a word
 * yet of where it goes. */
static inline struct posting desk_posting(const struct channel_desk *desk, uint32_t creator,
                                          int64_t amount)
{
    struct posting posting = {
        .act = money_act(MONEY_OTHER, 0), .amount = amount, .stream = LEDGER_PROMOTION};
    posting.act.creator = entity_number(desk->world->shards, creator, desk->shard);
    posting.act.channel = desk->index;
    return posting;
}

/* Moves amount >= 0 of what a creator paid into ESCROW to PLATFORM: it has been served. */
static inline void desk_served(struct channel_desk *desk, uint32_t creator, int64_t amount)
{
    struct posting posting = desk_posting(desk, creator, amount);
    posting.debit = ACCOUNT_ESCROW;
    posting.credit = ACCOUNT_PLATFORM;
    book_post_of(&desk->world->creators[desk->shard].book, &posting);
}

/* Moves amount >= 0 from a creator (row of this shard) to an account: ESCROW when it may come
 * back, PLATFORM or PROMOTION when it is spent for good. Who called `promote` adds what it
 * returns to the creator's period. */
static inline void desk_spend(struct channel_desk *desk, uint32_t creator,
                              enum ledger_account credit, int64_t amount)
{
    struct creator_shard *shard = &desk->world->creators[desk->shard];
    struct creator *c = &shard->row[creator];
    struct posting posting = desk_posting(desk, creator, amount);
    posting.debit = ACCOUNT_CREATORS;
    posting.credit = (uint8_t)credit;
    book_post_of(&shard->book, &posting);
    c->balance -= amount;
    c->spend[desk->index] += amount;
}

/* Pays amount >= 0 for good, outside of `promote`: what is set aside for promotion is touched
 * last. Returns false, and pays nothing, where the money is not there. */
static inline bool desk_afford(struct channel_desk *desk, uint32_t creator, int64_t amount)
{
    struct creator *c = &desk->world->creators[desk->shard].row[creator];
    if (amount > c->balance) return false;
    if (amount > 0) desk_spend(desk, creator, ACCOUNT_PROMOTION, amount);
    c->period.spent += amount;
    if (c->saved > c->balance) c->saved = c->balance;
    return true;
}

/* Hours that a creator (row of this shard) works for it. */
static inline void desk_work(struct channel_desk *desk, uint32_t creator, double hours)
{
    struct creator *c = &desk->world->creators[desk->shard].row[creator];
    c->period.hours += (float)hours;
    c->worked += hours;
}

/* Gives amount >= 0 back to a creator out of ESCROW. */
static inline void desk_refund(struct channel_desk *desk, uint32_t creator, int64_t amount)
{
    struct creator_shard *shard = &desk->world->creators[desk->shard];
    struct creator *c = &shard->row[creator];
    struct posting posting = desk_posting(desk, creator, amount);
    posting.act.kind = MONEY_RETURNED;
    posting.debit = ACCOUNT_ESCROW;
    posting.credit = ACCOUNT_CREATORS;
    book_post_of(&shard->book, &posting);
    c->balance += amount;
    c->spend[desk->index] -= amount;
    c->period.spent -= amount;
}

#endif
