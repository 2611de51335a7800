/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sponsors: each brand has a budget a round (a week) and spends it on the creators who promise
 * most for the money: near its topic, willing to sell, with followers who still listen. What a
 * deal costs goes by followers; a creator takes one a round. The money is held in ESCROW while
 * the deal runs; a creator who posted meanwhile has it, less the platform's cut, else it goes
 * back to the brand. No brand ever spends more than its budget.
 *
 * What a deal does to viewers is the creator's commercial intensity, which costs match: who
 * does not sell has no sponsors.
 */
#include <stdlib.h>

#include "base/memory.h"
#include "revenue/dues.h"

#define BRANDS_MOST 10000
#define PRICE_MOST 1e9 /* currency a deal */

struct sponsor_parameters {
    int64_t brands;
    double budget, per_mille, fit, fade, luck, platform_cut;
    int64_t days, min_followers;
};

/* A creator who may have a deal in this round. */
struct candidate {
    double worth, score; /* ln(value for the money): to any brand, to the one that chooses */
    uint64_t name;
    int64_t price;
    uint32_t shard, row;
    bool taken;
};

struct sponsor_state {
    struct stream_key topic_key, luck_key;
    struct dues dues;
    struct candidate *candidate; /* owned; of the first shard, within a round */
    size_t room;
};

struct round {
    struct stream_desk *desks;
    uint32_t shards;
    struct candidate *candidate;
    size_t count;
    uint32_t number; /* of the day */
};

#define AT(member) .offset = offsetof(struct sponsor_parameters, member)
#define DEALS                                                                                  \
    "revenue.streams=[\"sponsor\"] revenue.sponsor.min_followers=0 revenue.sponsor.days=1 "    \
    "creators.videos_per_week=14.0 "
#define SHORT DEALS "revenue.sponsor.brands=1 revenue.sponsor.budget=10.0 "
/* Two groups of creators, alike but for what a brand may look at; the second has the later
 * numbers. */
#define GROUPS                                                                                 \
    DEALS                                                                                      \
    "revenue.sponsor.brands=10 revenue.sponsor.budget=1.0 creators.followers_sigma=0.0 "       \
    "creators.cohorts[0].name=\"a\" creators.cohorts[0].count=20 "                             \
    "creators.cohorts[1].name=\"b\" creators.cohorts[1].count=20 viewers.count=100 "
#define NEEDS .needs = DEALS

static const struct schema_row rows[] = {
    {.path = "brands",
     .type = SCHEMA_INT,
     .unit = "1",
     .low = 0,
     .high = BRANDS_MOST,
     .initial = "10",
     .meaning = "brands that look for creators",
     .source = "A",
     .plausible_low = 3,
     .plausible_high = 100,
     .when = SCHEMA_WINDOW,
     .moves = "revenue_sponsor",
     .sign = 1,
     .from = "1",
     .to = "30",
     .needs = DEALS "revenue.sponsor.budget=10.0",
     AT(brands)},
    {.path = "budget",
     .type = SCHEMA_FLOAT,
     .unit = "currency",
     .low = 0,
     .high = 1e9,
     .initial = "2000.0",
     .meaning = "what each brand may spend a round",
     .source = "A",
     .plausible_low = 500,
     .plausible_high = 20000,
     .when = SCHEMA_WINDOW,
     .moves = "revenue_sponsor",
     .sign = 1,
     .from = "5.0",
     .to = "200.0",
     NEEDS,
     AT(budget)},
    {.path = "per_mille",
     .type = SCHEMA_FLOAT,
     .unit = "currency/1000",
     .low = 0,
     .high = 1e6,
     .initial = "140.0",
     .meaning = "price of a deal by 1000 followers of the creator",
     .source = "V2 BR ($20-25, macro up to 50)",
     .plausible_low = 70,
     .plausible_high = 350,
     .when = SCHEMA_WINDOW,
     .moves = "revenue_sponsor",
     .sign = 1,
     .from = "10.0",
     .to = "350.0",
     NEEDS,
     AT(per_mille)},
    {.path = "fit",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 100,
     .initial = "3.0",
     .meaning =
         "growth of ln(worth of a deal) with the cosine of the brand's and the creator's "
         "topics",
     .source = "A",
     .plausible_low = 1,
     .plausible_high = 10,
     .when = SCHEMA_WINDOW,
     .moves = "r creators.creator,income_sponsor",
     .sign = 1,
     .from = "0.0",
     .to = "10.0",
     .needs = GROUPS "creators.cohorts[0].topic=\"programming\" "
                     "creators.cohorts[1].topic=\"cooking\" topics.zipf=3.0",
     AT(fit)},
    {.path = "fade",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 2,
     .initial = "0.1",
     .meaning = "a follower's worth falls with their number to minus this power",
     .source = "D BR (engagement 10.3, 8.1, 6.3, 5.5, 4.9 % by tier)",
     .plausible_low = 0.05,
     .plausible_high = 0.2,
     .when = SCHEMA_WINDOW,
     .moves = "revenue_sponsor",
     .sign = -1,
     .from = "0.0",
     .to = "2.0",
     .needs = SHORT,
     AT(fade)},
    {.path = "luck",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 10,
     .initial = "0.5",
     .meaning = "spread of what a brand takes ln(worth) for",
     .source = "A",
     .plausible_low = 0.2,
     .plausible_high = 1,
     .when = SCHEMA_WINDOW,
     .moves = "r creators.creator,income_sponsor",
     .sign = 1,
     .from = "0.0",
     .to = "10.0",
     .needs = GROUPS "creators.cohorts[0].commercial=0.9 creators.cohorts[1].commercial=0.1 "
                     "revenue.sponsor.fit=0.0",
     AT(luck)},
    {.path = "platform_cut",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0.1",
     .meaning = "share of a deal that the platform's market keeps",
     .source = "A (Xingtu, Huahuo: some 5 to 10 %)",
     .plausible_low = 0,
     .plausible_high = 0.3,
     .when = SCHEMA_WINDOW,
     .moves = "creator_income",
     .sign = -1,
     .from = "0.05",
     .to = "0.95",
     NEEDS,
     AT(platform_cut)},
    {.path = "days",
     .type = SCHEMA_INT,
     .unit = "d",
     .low = 1,
     .high = DUES_DAYS_MOST,
     .initial = "7",
     .meaning = "days of a round: budgets are spent on the first and deals paid after the last",
     .source = "A",
     .plausible_low = 7,
     .plausible_high = 30,
     .when = SCHEMA_WINDOW,
     .moves = "creator_income",
     .sign = -1,
     .from = "1",
     .to = "30",
     .needs = "revenue.streams=[\"sponsor\"] revenue.sponsor.min_followers=0 "
              "creators.videos_per_week=14.0",
     AT(days)},
    {.path = "min_followers",
     .type = SCHEMA_INT,
     .unit = "followers",
     .low = 0,
     .high = 1e9,
     .initial = "1000",
     .meaning = "followers from which brands look at a creator",
     .source = "V2 BR (nano: from 1,000)",
     .plausible_low = 1000,
     .plausible_high = 10000,
     .when = SCHEMA_WINDOW,
     .moves = "revenue_sponsor",
     .sign = -1,
     .from = "0",
     .to = "1000000",
     NEEDS,
     AT(min_followers)},
};
static const struct schema_table table = {
    .prefix = "revenue.sponsor", .size = sizeof(struct sponsor_parameters), SCHEMA_ROWS(rows)};

static enum status open_state(struct stream_desk *desk)
{
    static const struct purpose topic = {"revenue.sponsor.topic", PURPOSE_POPULATION};
    static const struct purpose luck = {"revenue.sponsor", PURPOSE_LUCK};
    struct sponsor_state *state = desk->state;
    state->topic_key = stream_key(desk->world->seed, &topic);
    state->luck_key = stream_key(desk->world->seed, &luck);
    return STATUS_OK;
}

static void release(struct stream_desk *desk)
{
    struct sponsor_state *state = desk->state;
    memory_free(state->dues.row);
    memory_free(state->candidate);
}

static bool eligible(const void *parameters, const struct creator *creator)
{
    const struct sponsor_parameters *p = parameters;
    return creator->followers >= p->min_followers;
}

/* -------------------------------------------------------------------------------- who may be
 * had */

static bool may_be_had(const struct stream_desk *desk, uint32_t row)
{
    const struct creator *c = &desk->world->creators[desk->shard].row[row];
    return desk_eligible(desk, row) && c->left == TIME_NEVER && c->followers > 0 &&
           c->plan.commercial > 0;
}

static int64_t price_of(const struct sponsor_parameters *p, uint32_t followers)
{
    double money = p->per_mille * followers / 1000;
    return (int64_t)((money < PRICE_MOST ? money : PRICE_MOST) * (double)MICRO + 0.5);
}

/* The price goes by followers, so value for the money is by the follower. */
static struct candidate candidate_of(const struct stream_desk *desk, uint32_t row)
{
    const struct sponsor_parameters *p = desk->parameters;
    const struct creator *c = &desk->world->creators[desk->shard].row[row];
    return (struct candidate){.worth = maths_log((double)c->plan.commercial) -
                                       p->fade * maths_log((double)c->followers),
                              .name = c->name,
                              .price = price_of(p, c->followers),
                              .shard = desk->shard,
                              .row = row};
}

/* False, and a fault of the till, without memory. */
static bool list_candidates(struct round *round)
{
    struct sponsor_state *state = round->desks[0].state;
    size_t most = 0;
    for (uint32_t s = 0; s < round->shards; s++) most += round->desks[s].till->creators;
    enum status status = memory_grow(&state->candidate, &state->room, most,
                                     sizeof(*state->candidate));
    if (status) {
        round->desks[0].till->fault = status;
        return false;
    }
    round->candidate = state->candidate;
    for (uint32_t s = 0; s < round->shards; s++)
        for (uint32_t row = 0; row < round->desks[s].till->creators; row++)
            if (may_be_had(&round->desks[s], row))
                round->candidate[round->count++] = candidate_of(&round->desks[s], row);
    return true;
}

/* --------------------------------------------------------------------------------- choosing */

/* The highest score first, of equal ones the lower name. */
static int by_score(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;
    if (x->score != y->score) return x->score > y->score ? -1 : 1;
    return (x->name > y->name) - (x->name < y->name);
}

static void score_all(const struct round *round, uint64_t brand)
{
    const struct stream_desk *desk = &round->desks[0];
    const struct sponsor_parameters *p = desk->parameters;
    const struct sponsor_state *state = desk->state;
    const struct topics *topics = &desk->world->topics;
    struct stream taste = stream_open(state->topic_key, brand, 0);
    const float *wanted = topics->topic[categorical_draw(&topics->by_audience, &taste)].vector;
    for (size_t i = 0; i < round->count; i++) {
        struct candidate *c = &round->candidate[i];
        const struct creator *creator = &desk->world->creators[c->shard].row[c->row];
        struct stream luck = stream_open(state->luck_key, name_child(c->name, brand),
                                         round->number);
        double near = (double)vector_dot(wanted, topics->topic[creator->plan.topic].vector);
        c->score = c->worth + p->fit * near + p->luck * stream_normal(&luck);
    }
    if (round->count)
        qsort(round->candidate, round->count, sizeof(*round->candidate), by_score);
}

static bool sign(struct stream_desk *desk, const struct candidate *candidate)
{
    const struct sponsor_parameters *p = desk->parameters;
    struct sponsor_state *state = desk->state;
    const struct due due = {
        .held = candidate->price,
        .value = candidate->price,
        .creator = candidate->row,
        .viewer = ENTITY_NONE,
        .day = dues_day(desk->world, p->days),
        .detail = desk->world->creators[desk->shard].row[candidate->row].posts};
    if (!dues_add(desk, &state->dues, due)) return false;
    desk_move(desk, ACCOUNT_BRANDS, ACCOUNT_ESCROW, candidate->price);
    return true;
}

/* One brand goes down its list as far as the money goes. */
static void spend(const struct round *round, uint64_t brand, int64_t budget)
{
    score_all(round, brand);
    for (size_t i = 0; i < round->count && budget > 0; i++) {
        struct candidate *c = &round->candidate[i];
        if (c->taken || c->price < 1 || c->price > budget) continue;
        if (!sign(&round->desks[c->shard], c)) return;
        budget -= c->price;
        c->taken = true;
    }
}

/* Brands take turns at being the first to choose. */
static void hold_round(struct stream_desk *desks, uint32_t shards)
{
    const struct sponsor_parameters *p = desks[0].parameters;
    int64_t budget = (int64_t)(p->budget * (double)MICRO + 0.5);
    struct round round = {
        .desks = desks, .shards = shards, .number = (uint32_t)world_day(desks[0].world)};
    if (p->brands < 1 || !list_candidates(&round)) return;
    for (int64_t b = 0; b < p->brands; b++) {
        int64_t brand = (b + round.number / p->days) % p->brands;
        spend(&round, name_of("brands", (uint64_t)brand), budget);
    }
}

/* --------------------------------------------------------------------------------- settling */

static void settle_one(struct stream_desk *desk, const struct due *due)
{
    const struct sponsor_parameters *p = desk->parameters;
    const struct creator *creator = &desk->world->creators[desk->shard].row[due->creator];
    const double shares[2] = {0, 1 - p->platform_cut};
    int64_t parts[2];
    if (creator->posts == due->detail) {
        desk_move(desk, ACCOUNT_ESCROW, ACCOUNT_BRANDS, due->held);
        return;
    }
    ledger_split(due->held, shares, 2, parts);
    desk_move(desk, ACCOUNT_ESCROW, ACCOUNT_PLATFORM, parts[0]);
    desk_pay(desk, due->creator, ACCOUNT_ESCROW, parts[1]);
}

static void day(struct stream_desk *desks, uint32_t shards)
{
    const struct sponsor_parameters *p = desks[0].parameters;
    for (uint32_t s = 0; s < shards; s++) {
        struct sponsor_state *state = desks[s].state;
        dues_settle(&desks[s], &state->dues, settle_one);
    }
    if (world_day(desks[0].world) % p->days == 0) hold_round(desks, shards);
}

static void held(const struct stream_desk *desk, int64_t *escrow, int64_t *payable)
{
    const struct sponsor_state *state = desk->state;
    (void)payable;
    *escrow = dues_held(&state->dues);
}

static void visit(struct stream_desk *desk, struct visitor *v)
{
    struct sponsor_state *state = desk->state;
    dues_visit(desk, &state->dues, v);
    if (visit_loading(v) && !v->status && !dues_sound(&state->dues, UINT32_MAX, false))
        v->status = STATUS_BAD_INPUT;
}

const struct revenue_stream stream_sponsor = {
    .about = {.name = "sponsor",
              .doc = "brands with budgets pay creators by fit and followers",
              .reference = "influencer price lists by tier (FACTS 5)",
              .parameters = &table,
              .state_size = sizeof(struct sponsor_state)},
    .open = open_state,
    .release = release,
    .eligible = eligible,
    .day = day,
    .held = held,
    .visit = visit,
};
