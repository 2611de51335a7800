/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A revenue stream: how money is made of what viewers do (docs/ODD.md 7.11).
 *
 * A stream acts phase by phase, always at a desk: the place of one stream in one shard. In the
 * viewer phase it may offer something to the viewer who watches and charge the viewer's purse;
 * in the video phase it earns on rows of the log and books the payments that arrived, both in
 * the shard of the creator whom they are about; at the close it may act across shards. Money
 * moves through the desk_* functions only: they keep books and stocks together, and amounts are
 * integers of micro-units that are split by largest remainder.
 *
 * Each posting leaves a row in money.csv.zst with the act behind it. The framework says what
 * it knows: a payment's viewer, creator, video and time; the creator whom desk_pay pays; else
 * only which phase it was. A stream that knows more sets it by desk_act before it posts, and
 * must where it moves money of a creator or viewer in any other way than by desk_pay and
 * `payment`: `reelsim audit` adds up their accounts from these rows.
 *
 * A stream keeps nothing derived from parameters: dated changes take effect by themselves.
 */
#ifndef REVENUE_STREAM_H
#define REVENUE_STREAM_H

#include "base/member.h"
#include "base/parameters.h"
#include "world/event_kinds.h"
#include "world/service.h"
#include "world/world.h"

struct revenue_parameters { /* "revenue" */
    struct name_list streams;
    double store_fee;
};

/* What one shard keeps for all streams. */
struct till {
    uint16_t *gates; /* owned; [creators]: bit i = the gates of stream i are open */
    uint32_t *views; /* owned; [creators]: qualified views of the running day */
    size_t creators; /* rows of both that are known */
    size_t gates_room, views_room;
    int64_t purses;                 /* what the purses of this shard's viewers must sum to */
    int64_t income_seen;            /* of the income postings in the book, what `purses` has */
    int64_t budgets, budgets_seen;  /* the same of what streams with `budgets` set aside */
    uint64_t impressions, watch_ms; /* served in this window */
    double carry;                   /* serving cost below one micro-unit, in [0, 1) */
    enum status fault;              /* the first failure inside a window */
    /* of a run that is split by viewer: paid by them or shown to them since last asked for */
    int64_t spent[ARMS][LEDGER_STREAMS_MAX];
    int64_t waiting[SCHEMA_NAMES_MAX]; /* what dues hold, by the creator's cohort */
    struct stock {                     /* sums over entities, within a check */
        int64_t balances, escrow, payable, purses, budgets;
    } stock;
};

struct stream_desk {
    const struct revenue_stream *stream;
    const void *parameters; /* values of stream->about.parameters; NULL when it has none */
    const void *other;      /* those of arm B; the same while there is one arm */
    const struct revenue_parameters *common;
    struct world *world;
    struct till *till;
    void *state; /* about.state_size bytes of this shard's own */
    uint32_t shard;
    uint8_t index; /* of the stream among those in use: in books, payments, creators' income */
    uint8_t planner; /* of the stream among those with `due`: in events */
};

#define STREAM_PLANNERS_MAX 8 /* 3 bits beside the number of a creator */

/* All functions are optional. Those that get one desk write only what belongs to its shard. */
struct revenue_stream {
    struct member about;
    enum status (*open)(struct stream_desk *desk); /* state is zeroed */
    void (*release)(struct stream_desk *desk);     /* frees what open and others allocated */
    /* Gates: may the creator earn here? Asked once a day; NULL = everybody may. */
    bool (*eligible)(const void *parameters, const struct creator *creator);
    /* Viewer phase, at the viewer's shard: one impression of a creator whose cohort uses the
     * stream. */
    void (*offer)(struct stream_desk *desk, struct moment *moment);
    /* Viewer phase: what desk_plan planned for this viewer is due. The moment's video names the
     * creator alone; there is no match, no act, no occasion. At most STREAM_PLANNERS_MAX
     * streams in use may have it. */
    void (*due)(struct stream_desk *desk, struct moment *moment);
    /* Video phase, at the videos' shard: a block of the log; payments of this stream. */
    void (*earn)(struct stream_desk *desk, const struct impression *rows, size_t n);
    void (*payment)(struct stream_desk *desk, const struct payment *payment);
    /* The close of each window and, after it, of each day: serial, `desks` has one a shard. */
    void (*settle)(struct stream_desk *desks, uint32_t shards);
    void (*day)(struct stream_desk *desks, uint32_t shards);
    /* What the stream holds in the accounts ESCROW and PAYABLE of this shard's book. */
    void (*held)(const struct stream_desk *desk, int64_t *escrow, int64_t *payable);
    /* What its buyers have set aside in account ADVERTISERS of this shard's book, out of which
     * they pay; -1, at all times, when they pay as they go. */
    int64_t (*budgets)(const struct stream_desk *desk);
    void (*visit)(struct stream_desk *desk, struct visitor *v); /* NULL: no state to keep */
    bool
        priced; /* asks creator_price: creators may decide what they take ("price" of levers) */
};

/* Whether a creator (row of this shard) may earn from this stream today. */
static inline bool desk_eligible(const struct stream_desk *desk, uint32_t creator)
{
    return creator < desk->till->creators && (desk->till->gates[creator] >> desk->index & 1);
}

/* The stream's values for a creator (row of this shard): those of its arm, for rows that may be
 * split by creator. */
static inline const void *desk_rules(const struct stream_desk *desk, uint32_t creator)
{
    const struct creator *row = &desk->world->creators[desk->shard].row[creator];
    return world_creator_arm(desk->world, row) == ARM_B ? desk->other : desk->parameters;
}

/* Counts money that a viewer (number) brought, for arms.csv. */
static inline void desk_spent(struct stream_desk *desk, uint32_t viewer, int64_t amount)
{
    if (desk->world->arms.by != SCHEMA_SPLIT_VIEWER) return;
    int64_t *spent = &desk->till->spent[world_viewer_arm(desk->world, viewer)][desk->index];
    *spent = ledger_sum(*spent, amount);
}

/* What stands behind the postings that follow at this shard, until the framework's next. */
static inline void desk_act(struct stream_desk *desk, struct money_act act)
{
    book_act(&desk->world->creators[desk->shard].book, act);
}

/* Moves amount >= 0 between accounts that no entity keeps a stock of: platform, advertisers,
 * brands, shops, fees, refunds, costs. */
static inline void desk_move(struct stream_desk *desk, enum ledger_account debit,
                             enum ledger_account credit, int64_t amount)
{
    book_post(&desk->world->creators[desk->shard].book, desk->index, debit, credit, amount);
}

/* Pays amount >= 0 to a creator (row of this shard) from such an account, or from VIEWERS when
 * a payment arrived. */
static inline void desk_pay(struct stream_desk *desk, uint32_t creator,
                            enum ledger_account debit, int64_t amount)
{
    struct creator_shard *shard = &desk->world->creators[desk->shard];
    struct creator *c = &shard->row[creator];
    struct posting posting = {.act = money_act(MONEY_OTHER, 0),
                              .amount = amount,
                              .stream = desk->index,
                              .debit = (uint8_t)debit,
                              .credit = ACCOUNT_CREATORS};
    posting.act.creator = entity_number(desk->world->shards, creator, desk->shard);
    book_post_of(&shard->book, &posting);
    c->balance += amount;
    c->income[desk->index] += amount;
    c->period.income += amount;
}

/* The desk of this stream in another shard: desks stand in one array. In the viewer phase
 * others' tills may be read (gates change at the close only). */
static inline struct stream_desk *desk_of(struct stream_desk *desk, uint32_t shard)
{
    return desk - desk->shard + shard;
}

/* Whether a creator (number, of any shard) may earn from this stream today. */
static inline bool desk_earns(struct stream_desk *desk, uint32_t creator)
{
    struct shards shards = desk->world->shards;
    return desk_eligible(desk_of(desk, entity_shard(shards, creator)),
                         entity_row(shards, creator));
}

/* Sends an order of amount >= 1 to the creator's shard, where the stream's `payment` books it
 * in this window; `detail` is the stream's own. The purse is not asked: what is paid for out of
 * the household's other money, or by desk_charge. False without memory. */
static inline bool desk_order(struct stream_desk *desk, const struct moment *moment,
                              int64_t amount, uint32_t detail)
{
    struct world *world = desk->world;
    struct payment *payment = (struct payment *)exchange_append(
        &world->payments, desk->shard, entity_shard(world->shards, moment->video->creator));
    if (!payment) {
        desk->till->fault = STATUS_NO_MEMORY;
        return false;
    }
    *payment = (struct payment){.amount = amount,
                                .viewer = moment->viewer_number,
                                .creator = moment->video->creator,
                                .video = moment->video_number,
                                .at = (uint32_t)(moment->at - world->now),
                                .stream = desk->index,
                                .flags = moment->viewer->flags & VIEWER_IOS ? PAYMENT_IOS : 0,
                                .detail = detail};
    return true;
}

/* The same, and takes the amount from the viewer's purse. False, and nothing happened, when
 * amount is not in [1, purse] or there is no memory. */
static inline bool desk_buy(struct stream_desk *desk, struct moment *moment, int64_t amount,
                            uint32_t detail)
{
    if (amount < 1 || amount > moment->viewer->purse) return false;
    if (!desk_order(desk, moment, amount, detail)) return false;
    moment->viewer->purse -= amount;
    desk->till->purses -= amount;
    return true;
}
static inline bool desk_charge(struct stream_desk *desk, struct moment *moment, int64_t amount)
{
    return desk_buy(desk, moment, amount, 0);
}

/* In the viewer phase: `due` is called for the moment's viewer and this creator at `when`. */
static inline void desk_plan(struct stream_desk *desk, const struct moment *moment,
                             uint32_t creator, sim_time when)
{
    scope_send(moment->scope, moment->viewer_number, when, EVENT_DUE,
               (uint32_t)desk->planner << RELATION_OTHER_BITS | creator);
}

/* What a viewer paid, to be dealt out. */
struct sale {
    int64_t amount;
    enum ledger_account from; /* where it lies: VIEWERS when a payment arrived, or ESCROW */
    uint32_t creator;         /* row of this shard */
    bool ios;
};

/* The store's fee on iOS and the platform's cut of what is left go to them; returns the rest,
 * which is the creator's. */
static inline int64_t desk_cut(struct stream_desk *desk, struct sale sale, double platform_cut)
{
    double fee = sale.ios ? desk->common->store_fee : 0;
    const double shares[3] = {0, fee, (1 - fee) * (1 - platform_cut)};
    int64_t parts[3];
    ledger_split(sale.amount, shares, 3, parts);
    desk_move(desk, sale.from, ACCOUNT_PLATFORM, parts[0]);
    desk_move(desk, sale.from, ACCOUNT_FEES, parts[1]);
    return parts[2];
}

/* The same, and the creator has its part. */
static inline void desk_share(struct stream_desk *desk, struct sale sale, double platform_cut)
{
    desk_pay(desk, sale.creator, sale.from, desk_cut(desk, sale, platform_cut));
}

/* A payment that has just arrived. */
static inline struct sale desk_sale(const struct stream_desk *desk, const struct payment *paid)
{
    return (struct sale){paid->amount, ACCOUNT_VIEWERS,
                         entity_row(desk->world->shards, paid->creator),
                         (paid->flags & PAYMENT_IOS) != 0};
}
static inline void desk_share_payment(struct stream_desk *desk, const struct payment *paid,
                                      double platform_cut)
{
    desk_share(desk, desk_sale(desk, paid), platform_cut);
}

/* Gives amount >= 0 back to a viewer (number) out of an account of this shard's book. At the
 * close only: the viewer may live in another shard. */
static inline void desk_return(struct stream_desk *desk, uint32_t viewer,
                               enum ledger_account debit, int64_t amount)
{
    struct world *world = desk->world;
    struct posting posting = {.act = money_act(MONEY_OTHER, 0),
                              .amount = amount,
                              .stream = desk->index,
                              .debit = (uint8_t)debit,
                              .credit = ACCOUNT_VIEWERS};
    posting.act.viewer = viewer;
    book_post_of(&world->creators[desk->shard].book, &posting);
    if (!world->viewers[entity_shard(world->shards, viewer)].elsewhere)
        world_viewer(world, viewer)->purse += amount;
    desk_of(desk, entity_shard(world->shards, viewer))->till->purses += amount;
}

#endif
