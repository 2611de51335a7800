/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A fund: the platform sets aside so much a day, out of its own pocket, and deals it to the
 * creators past the gates by their qualified views of that day. The more there are to share it,
 * the less a view brings. They have it at once, or some days later: until then the platform has
 * set it aside in PAYABLE.
 */
#include <stdlib.h>

#include "base/memory.h"
#include "revenue/payouts.h"

__extension__ typedef unsigned __int128 wide; /* money times views */

struct fund_parameters {
    double pool;
    int64_t min_followers, min_views, payout_days;
};

/* Who has a part of the day's pool. */
struct claim {
    uint64_t rest; /* numerator of what is left of its exact part, over all views */
    uint64_t name;
    int64_t amount;
    uint32_t shard, row;
};

struct fund_state {
    struct dues dues;    /* set aside */
    struct claim *claim; /* owned; of the first shard, within a close */
    size_t room;
};

#define AT(member) .offset = offsetof(struct fund_parameters, member)
#define OPEN                                                                                   \
    "revenue.streams=[\"creator_fund\"] revenue.creator_fund.min_followers=0 "                 \
    "revenue.creator_fund.min_views=0"

static const struct schema_row rows[] = {
    {.path = "pool",
     .type = SCHEMA_FLOAT,
     .unit = "currency/d",
     .low = 0,
     .high = 1e9,
     .initial = "500.0",
     .meaning = "what the platform deals to creators a day",
     .source = "A (.2 yuan a thousand qualified views of 20,000 viewers; V2 RPM: TikTok's fund "
               "$.02-.04)",
     .plausible_low = 100,
     .plausible_high = 5000,
     .when = SCHEMA_WINDOW,
     .moves = "creator_fund",
     .sign = 1,
     .from = "100.0",
     .to = "5000.0",
     .needs = OPEN,
     AT(pool)},
    {.path = "min_followers",
     .type = SCHEMA_INT,
     .unit = "followers",
     .low = 0,
     .high = 1e9,
     .initial = "1000",
     .meaning = "followers from which a creator has a part",
     .source = "A (TikTok 10,000 V2, scaled to small audiences)",
     .plausible_low = 100,
     .plausible_high = 10000,
     .when = SCHEMA_WINDOW,
     .moves = "creator_fund",
     .sign = -1,
     .from = "0",
     .to = "1000000",
     .needs = OPEN,
     AT(min_followers)},
    {.path = "min_views",
     .type = SCHEMA_INT,
     .unit = "views",
     .low = 0,
     .high = 4e9,
     .initial = "10000",
     .meaning = "qualified views in 30 days from which a creator has a part",
     .source = "A (TikTok 100,000 V2, scaled to small audiences)",
     .plausible_low = 1000,
     .plausible_high = 100000,
     .when = SCHEMA_WINDOW,
     .moves = "creator_fund",
     .sign = -1,
     .from = "0",
     .to = "4000000000",
     .needs = OPEN,
     AT(min_views)},
    PAYOUTS_ROW_OF(struct fund_parameters, "creator_fund", OPEN),
};
static const struct schema_table table = {.prefix = "revenue.creator_fund",
                                          .size = sizeof(struct fund_parameters),
                                          SCHEMA_ROWS(rows)};

static void release(struct stream_desk *desk)
{
    struct fund_state *state = desk->state;
    memory_free(state->claim);
    memory_free(state->dues.row);
}

static bool eligible(const void *parameters, const struct creator *creator)
{
    const struct fund_parameters *p = parameters;
    return creator->followers >= p->min_followers && creator->views_30d >= p->min_views;
}

/* Views of the day that is ending, 0 for who may not have a part. */
static uint32_t claimed_views(const struct stream_desk *desk, uint32_t row)
{
    return desk_eligible(desk, row) ? desk->till->views[row] : 0;
}

static uint64_t count_claims(const struct stream_desk *desks, uint32_t shards, size_t *claims)
{
    uint64_t views = 0;
    *claims = 0;
    for (uint32_t s = 0; s < shards; s++)
        for (uint32_t row = 0; row < desks[s].till->creators; row++) {
            uint32_t mine = claimed_views(&desks[s], row);
            views += mine;
            *claims += mine > 0;
        }
    return views;
}

/* Each claim is rounded down; returns what is left of the pool, less than one each. */
static int64_t round_down(const struct stream_desk *desks, uint32_t shards, int64_t pool,
                          uint64_t views, struct claim *claim)
{
    int64_t left = pool;
    for (uint32_t s = 0; s < shards; s++)
        for (uint32_t row = 0; row < desks[s].till->creators; row++) {
            wide part = (wide)(uint64_t)pool * claimed_views(&desks[s], row);
            if (!part) continue;
            *claim = (struct claim){.rest = (uint64_t)(part % views),
                                    .name = desks[s].world->creators[s].row[row].name,
                                    .amount = (int64_t)(part / views),
                                    .shard = s,
                                    .row = row};
            left -= claim++->amount;
        }
    return left;
}

/* The largest rest first, of equal ones the lower name. */
static int by_rest(const void *a, const void *b)
{
    const struct claim *x = a, *y = b;
    if (x->rest != y->rest) return x->rest > y->rest ? -1 : 1;
    return (x->name > y->name) - (x->name < y->name);
}

static void grant(struct stream_desk *desk, const struct claim *claim, int64_t amount)
{
    const struct fund_parameters *p = desk->parameters;
    struct fund_state *state = desk->state;
    const struct due due = {.held = amount,
                            .creator = claim->row,
                            .viewer = ENTITY_NONE,
                            .day = dues_day(desk->world, p->payout_days)};
    if (!p->payout_days)
        desk_pay(desk, claim->row, ACCOUNT_PLATFORM, amount);
    else if (dues_add(desk, &state->dues, due))
        desk_move(desk, ACCOUNT_PLATFORM, ACCOUNT_PAYABLE, amount);
}

/* What was set aside is the platform's again and paid out of its pocket: like all that the fund
 * pays it is no part of what streams brought creators. */
static void pay(struct stream_desk *desk, const struct due *due)
{
    desk_move(desk, ACCOUNT_PAYABLE, ACCOUNT_PLATFORM, due->held);
    desk_pay(desk, due->creator, ACCOUNT_PLATFORM, due->held);
}

static void deal(struct stream_desk *desks, uint32_t shards)
{
    const struct fund_parameters *p = desks[0].parameters;
    struct fund_state *state = desks[0].state;
    int64_t pool = (int64_t)(p->pool * (double)MICRO + 0.5);
    size_t claims;
    uint64_t views = count_claims(desks, shards, &claims);
    if (!views || !pool) return;
    enum status status = memory_grow(&state->claim, &state->room, claims,
                                     sizeof(*state->claim));
    if (status) {
        desks[0].till->fault = status;
        return;
    }
    int64_t left = round_down(desks, shards, pool, views, state->claim);
    qsort(state->claim, claims, sizeof(*state->claim), by_rest);
    for (size_t i = 0; i < claims; i++) {
        const struct claim *claim = &state->claim[i];
        int64_t amount = claim->amount + ((int64_t)i < left);
        if (amount) grant(&desks[claim->shard], claim, amount);
    }
}

static void day(struct stream_desk *desks, uint32_t shards)
{
    deal(desks, shards);
    for (uint32_t s = 0; s < shards; s++) {
        struct fund_state *state = desks[s].state;
        dues_settle(&desks[s], &state->dues, pay);
    }
}

static void held(const struct stream_desk *desk, int64_t *escrow, int64_t *payable)
{
    const struct fund_state *state = desk->state;
    (void)escrow;
    *payable = dues_held(&state->dues);
}

static void visit(struct stream_desk *desk, struct visitor *v)
{
    const struct fund_parameters *p = desk->parameters;
    struct fund_state *state = desk->state;
    if (!p->payout_days) return;
    dues_visit(desk, &state->dues, v);
    if (visit_loading(v) && !v->status && !dues_sound(&state->dues, 0, false))
        v->status = STATUS_BAD_INPUT;
}

const struct revenue_stream stream_creator_fund = {
    .about = {.name = "creator_fund",
              .doc = "a fixed pool a day from the platform, by qualified views",
              .reference = "TikTok Creator Fund (2020-2023)",
              .parameters = &table,
              .state_size = sizeof(struct fund_state)},
    .release = release,
    .eligible = eligible,
    .day = day,
    .held = held,
    .visit = visit,
};
