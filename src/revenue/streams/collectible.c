/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Collectibles: a share of the creators issues numbered pieces, one on offer at a time. When
 * all are sold, owners put theirs up again at what they paid times a lognormal factor. Buyers
 * pay into ESCROW; at the close of the window the first by (time, name) has the piece and the
 * others their money. Of a first sale the store has its fee, the platform its cut, the creator
 * the rest; of a resale the platform has its cut, the creator a royalty if the market it was
 * sold on honours it, and the seller's purse the rest. What is the creator's it has at once, or
 * some days later (payouts.h). Fewer want a dear piece at its first sale (demand.h); what an
 * owner asks meets purses only.
 */
#include "base/memory.h"
#include "revenue/demand.h"
#include "revenue/luck.h"
#include "revenue/orders.h"
#include "revenue/payouts.h"

#define PIECES_MOST (UINT64_C(1) << 32)
#define ASK_MOST 1e9 /* currency */

struct collectible_parameters {
    double offered, buy, slope, price, price_ordinary, price_response, platform_cut;
    double resale, gain, gain_sigma, royalty, compliance;
    int64_t editions, min_followers, payout_days;
};

/* What a creator has issued, and what of it is on offer. */
struct issue {
    int64_t ask;    /* micro-units; 0 = nothing is on offer */
    uint32_t piece; /* number + 1 of the piece of this shard that is; 0 = the next edition */
    uint32_t sold;  /* editions */
    uint32_t asked; /* owners of these so far today; within a close */
};

struct piece {
    int64_t paid;     /* by its owner, micro-units */
    uint32_t creator; /* row in this shard */
    uint32_t owner;   /* viewer's number */
};

struct collectible_state {
    struct luck luck;
    struct demand_bound demand;
    struct stream_key offer_key, resale_key, royalty_key;
    struct issue *issue; /* owned; [issues], by row of the creator */
    size_t issues, issue_room;
    struct piece *piece; /* owned; in order of first sale */
    size_t pieces, piece_room;
    struct orders orders;
    struct payouts payouts;
};

#define AT(member) .offset = offsetof(struct collectible_parameters, member)
#define ISSUES                                                                                 \
    "revenue.streams=[\"collectible\"] revenue.collectible.min_followers=0 "                   \
    "revenue.collectible.offered=1.0 viewers.purse.month=1000.0 "
#define BUY "revenue.collectible.buy=0.5 "
#define RESALES                                                                                \
    ISSUES BUY "run.days=4 revenue.collectible.editions=1 revenue.collectible.resale=1.0 "
#define NEEDS .needs = ISSUES BUY

static const struct schema_row rows[] = {
    {.path = "offered",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0.02",
     .meaning = "share of creators who issue pieces",
     .source = "A",
     .plausible_low = 0.005,
     .plausible_high = 0.1,
     .when = SCHEMA_WINDOW,
     .moves = "revenue_collectible",
     .sign = 1,
     .from = "0.05",
     .to = "1.0",
     NEEDS,
     AT(offered)},
    {.path = "buy",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0.001",
     .meaning = "orders an impression of a video that does nothing but sell, at a match of 1, "
                "while a piece is on offer",
     .source = "A",
     .plausible_low = 0.0001,
     .plausible_high = 0.01,
     .when = SCHEMA_WINDOW,
     .moves = "revenue_collectible",
     .sign = 1,
     .from = "0.001",
     .to = "0.5",
     .needs = ISSUES,
     AT(buy)},
    {.path = "slope",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 10,
     .initial = "1.39",
     .meaning = "growth of ln(buy) with the match",
     .source = "A (that of likes: ln 4, KR-A)",
     .plausible_low = 0.5,
     .plausible_high = 2,
     .when = SCHEMA_WINDOW,
     .moves = "revenue_collectible",
     .sign = -1,
     .from = "0.0",
     .to = "3.0",
     NEEDS,
     AT(slope)},
    {.path = "price",
     .type = SCHEMA_FLOAT,
     .unit = "currency",
     .low = 0.000001,
     .high = 1e6,
     .initial = "50.0",
     .meaning = "price of a piece at its first sale",
     .source = "A",
     .plausible_low = 10,
     .plausible_high = 500,
     .when = SCHEMA_WINDOW,
     .moves = "rows money",
     .sign = -1,
     .from = "50.0",
     .to = "250.0",
     NEEDS,
     AT(price)},
    {.path = "price_ordinary",
     .type = SCHEMA_FLOAT,
     .unit = "currency",
     .low = 0.000001,
     .high = 1e6,
     .initial = "50.0",
     .meaning = "price at which `buy` holds",
     .source = "A",
     .plausible_low = 10,
     .plausible_high = 500,
     .when = SCHEMA_WINDOW,
     .moves = "rows money",
     .sign = 1,
     .from = "10.0",
     .to = "250.0",
     NEEDS,
     AT(price_ordinary)},
    DEMAND_RESPONSE_ROW(struct collectible_parameters,
                        ISSUES BUY "revenue.collectible.price=150.0"),
    {.path = "editions",
     .type = SCHEMA_INT,
     .unit = "1",
     .low = 0,
     .high = 1e6,
     .initial = "20",
     .meaning = "pieces that a creator issues in all",
     .source = "A",
     .plausible_low = 1,
     .plausible_high = 100,
     .when = SCHEMA_WINDOW,
     .moves = "revenue_collectible",
     .sign = 1,
     .from = "0",
     .to = "100",
     NEEDS,
     AT(editions)},
    {.path = "platform_cut",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0.1",
     .meaning = "share of every sale that the platform keeps",
     .source = "A (marketplaces 2.5 %, first sales up to 15 %)",
     .plausible_low = 0.02,
     .plausible_high = 0.3,
     .when = SCHEMA_WINDOW,
     .moves = "creator_income",
     .sign = -1,
     .from = "0.05",
     .to = "0.95",
     NEEDS,
     AT(platform_cut)},
    {.path = "resale",
     .type = SCHEMA_FLOAT,
     .unit = "1/d",
     .low = 0,
     .high = 1,
     .initial = "0.1",
     .meaning = "probability that one of a sold-out creator's pieces is put up again, a day",
     .source = "A",
     .plausible_low = 0.01,
     .plausible_high = 0.5,
     .when = SCHEMA_WINDOW,
     .moves = "revenue_collectible",
     .sign = 1,
     .from = "0.0",
     .to = "1.0",
     .needs = RESALES,
     AT(resale)},
    {.path = "gain",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = -5,
     .high = 5,
     .initial = "0.0",
     .meaning = "median of ln(what an owner asks / what it paid)",
     .source = "A",
     .plausible_low = -0.5,
     .plausible_high = 0.5,
     .when = SCHEMA_WINDOW,
     .moves = "revenue_collectible",
     .sign = 1,
     .from = "-2.0",
     .to = "0.0",
     .needs = RESALES,
     AT(gain)},
    {.path = "gain_sigma",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 3,
     .initial = "0.5",
     .meaning = "spread of ln(what an owner asks / what it paid)",
     .source = "A",
     .plausible_low = 0.2,
     .plausible_high = 1,
     .when = SCHEMA_WINDOW,
     .moves = "revenue_collectible",
     .sign = 1,
     .from = "0.0",
     .to = "1.0",
     .needs = RESALES,
     AT(gain_sigma)},
    {.path = "royalty",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 0.5,
     .initial = "0.05",
     .meaning = "share of a resale that the creator is due",
     .source = "M (2.5-10 % nominal)",
     .plausible_low = 0.025,
     .plausible_high = 0.1,
     .when = SCHEMA_WINDOW,
     .moves = "creator_income",
     .sign = 1,
     .from = "0.0",
     .to = "0.5",
     .needs = RESALES "revenue.collectible.compliance=1.0 revenue.collectible.price=20.0",
     AT(royalty)},
    {.path = "compliance",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0.2",
     .meaning = "share of resales of which the royalty is paid",
     .source = "M (effective about 1 % since it is optional, 2023)",
     .plausible_low = 0.1,
     .plausible_high = 1,
     .when = SCHEMA_WINDOW,
     .moves = "creator_income",
     .sign = 1,
     .from = "0.0",
     .to = "1.0",
     .needs = RESALES "revenue.collectible.royalty=0.5 revenue.collectible.price=20.0",
     AT(compliance)},
    {.path = "min_followers",
     .type = SCHEMA_INT,
     .unit = "followers",
     .low = 0,
     .high = 1e9,
     .initial = "1000",
     .meaning = "followers from which a creator may issue pieces",
     .source = "A",
     .plausible_low = 0,
     .plausible_high = 10000,
     .when = SCHEMA_WINDOW,
     .moves = "revenue_collectible",
     .sign = -1,
     .from = "0",
     .to = "1000000",
     NEEDS,
     AT(min_followers)},
    PAYOUTS_ROW(struct collectible_parameters, ISSUES BUY),
};
static const struct schema_table table = {.prefix = "revenue.collectible",
                                          .size = sizeof(struct collectible_parameters),
                                          SCHEMA_ROWS(rows)};

static enum status open_state(struct stream_desk *desk)
{
    static const struct purpose buy = {"revenue.collectible", PURPOSE_LUCK};
    static const struct purpose offer = {"revenue.collectible.offer", PURPOSE_POPULATION};
    static const struct purpose resale = {"revenue.collectible.resale", PURPOSE_LUCK};
    static const struct purpose royalty = {"revenue.collectible.royalty", PURPOSE_LUCK};
    struct collectible_state *state = desk->state;
    struct seed seed = desk->world->seed;
    luck_open(&state->luck, seed, &buy);
    state->offer_key = stream_key(seed, &offer);
    state->resale_key = stream_key(seed, &resale);
    state->royalty_key = stream_key(seed, &royalty);
    return STATUS_OK;
}

static void release(struct stream_desk *desk)
{
    struct collectible_state *state = desk->state;
    memory_free(state->issue);
    memory_free(state->piece);
    memory_free(state->orders.row);
    payouts_free(&state->payouts);
}

static bool eligible(const void *parameters, const struct creator *creator)
{
    const struct collectible_parameters *p = parameters;
    return creator->followers >= p->min_followers;
}

/* ----------------------------------------------------------------------------------- ordering
 */

/* What the viewer would pay for what of the creator's (number, of any shard) is on offer, and
 * what that multiplies its chance to buy by; 0 = nothing is, or it is the viewer's own. */
static int64_t asked(struct stream_desk *desk, const struct moment *moment, double *demand)
{
    const struct collectible_parameters *p = desk->parameters;
    struct shards shards = desk->world->shards;
    uint32_t creator = moment->video->creator, row = entity_row(shards, creator);
    const struct collectible_state *state = desk_of(desk, entity_shard(shards, creator))->state;
    *demand = 1;
    if (row >= state->issues) return 0;
    const struct issue *issue = &state->issue[row];
    if (issue->piece)
        return state->piece[issue->piece - 1].owner == moment->viewer_number ? 0 : issue->ask;
    double dear = (double)issue->ask / (p->price_ordinary * (double)MICRO);
    *demand = demand_at(p->price_response, moment->viewer, dear);
    return issue->ask;
}

static void offer(struct stream_desk *desk, struct moment *moment)
{
    const struct collectible_parameters *p = desk->parameters;
    struct collectible_state *state = desk->state;
    double buy = p->buy * (double)moment->video->commercial, demand;
    double most = buy * demand_most(&state->demand, p->price_response);
    double uniform = luck_uniform(&state->luck, moment->name, moment->occasion);
    if (!luck_passes(&state->luck, uniform, most, p->slope, moment->match)) return;
    int64_t ask = asked(desk, moment, &demand);
    if (ask && luck_passes(&state->luck, uniform, buy * demand, p->slope, moment->match))
        (void)desk_buy(desk, moment, ask, 0);
}

static void payment(struct stream_desk *desk, const struct payment *paid)
{
    struct collectible_state *state = desk->state;
    orders_add(desk, &state->orders, paid);
}

/* ------------------------------------------------------------------------------------ selling
 */

static int64_t first_price(const struct collectible_parameters *p)
{
    return (int64_t)(p->price * (double)MICRO + 0.5);
}

/* The next edition goes on offer at once. False without memory. */
static bool sell_first(struct stream_desk *desk, const struct order *order)
{
    const struct collectible_parameters *p = desk->parameters;
    struct collectible_state *state = desk->state;
    struct issue *issue = &state->issue[order->creator];
    enum status status = memory_grow(&state->piece, &state->piece_room, state->pieces + 1,
                                     sizeof(*state->piece));
    if (status) {
        desk->till->fault = status;
        return false;
    }
    state->piece[state->pieces++] = (struct piece){
        .paid = order->amount, .creator = order->creator, .owner = order->viewer};
    payouts_share(desk, &state->payouts, orders_sale(order), p->platform_cut, p->payout_days);
    issue->sold++;
    issue->ask = issue->sold < p->editions ? first_price(p) : 0;
    return true;
}

static bool honoured(const struct stream_desk *desk, const struct order *order)
{
    const struct collectible_parameters *p = desk->parameters;
    const struct collectible_state *state = desk->state;
    struct stream_words words = stream_block(state->royalty_key, order->name,
                                             name_fold((uint64_t)order->at), 0);
    return (double)word_uniformf(words.word[0]) < p->compliance;
}

static void sell_again(struct stream_desk *desk, const struct order *order)
{
    const struct collectible_parameters *p = desk->parameters;
    struct collectible_state *state = desk->state;
    struct issue *issue = &state->issue[order->creator];
    struct piece *piece = &state->piece[issue->piece - 1];
    double royalty = honoured(desk, order) ? p->royalty : 0;
    const double shares[3] = {0, p->platform_cut * (1 - royalty), royalty};
    int64_t parts[3];
    ledger_split(order->amount, shares, 3, parts);
    desk_return(desk, piece->owner, ACCOUNT_ESCROW, parts[0]);
    desk_move(desk, ACCOUNT_ESCROW, ACCOUNT_PLATFORM, parts[1]);
    if (parts[2])
        payouts_pay(desk, &state->payouts,
                    (struct payout){parts[2], p->payout_days, ACCOUNT_ESCROW, order->creator});
    piece->owner = order->viewer;
    piece->paid = order->amount;
    *issue = (struct issue){.sold = issue->sold};
}

/* The first has the piece that was on offer, the others their money. */
static bool close_issue(struct stream_desk *desk, const struct order *order, size_t n)
{
    struct collectible_state *state = desk->state;
    if (state->issue[order->creator].piece)
        sell_again(desk, order);
    else if (!sell_first(desk, order))
        return false;
    for (size_t i = 1; i < n; i++)
        desk_return(desk, order[i].viewer, ACCOUNT_ESCROW, order[i].amount);
    return true;
}

static void settle(struct stream_desk *desks, uint32_t shards)
{
    for (uint32_t s = 0; s < shards; s++) {
        struct collectible_state *state = desks[s].state;
        orders_close(&desks[s], &state->orders, close_issue);
    }
}

/* ----------------------------------------------------------------------------------- offering
 */

static bool issues(const struct stream_desk *desk, uint32_t row)
{
    const struct collectible_parameters *p = desk->parameters;
    const struct collectible_state *state = desk->state;
    const struct creator *c = &desk->world->creators[desk->shard].row[row];
    struct stream_words words = stream_block(state->offer_key, c->name, 0, 0);
    return desk_eligible(desk, row) && c->left == TIME_NEVER &&
           (double)word_uniformf(words.word[0]) < p->offered;
}

/* What an owner asks, in whole micro-units. */
static int64_t ask_of(const struct collectible_parameters *p, int64_t paid, double z)
{
    double money = (double)paid * maths_exp(p->gain + p->gain_sigma * z);
    double most = ASK_MOST * (double)MICRO;
    return money < 1 ? 1 : (int64_t)((money < most ? money : most) + 0.5);
}

/* Whether the owner of that piece puts it up today. Of a sold-out creator's pieces one is with
 * the chance `resale`, each as likely: n owners are asked in turn until one does, the k-th with
 * resale / (n - (k - 1) resale). */
static void put_up(struct stream_desk *desk, size_t number)
{
    const struct collectible_parameters *p = desk->parameters;
    struct collectible_state *state = desk->state;
    const struct piece *piece = &state->piece[number];
    struct issue *issue = &state->issue[piece->creator];
    if (issue->ask || issue->sold < p->editions) return;
    uint64_t name = name_child(desk->world->creators[desk->shard].row[piece->creator].name,
                               issue->asked); /* of the piece */
    struct stream luck = stream_open(state->resale_key, name, (uint32_t)world_day(desk->world));
    double others = p->resale * issue->asked++;
    if (!stream_bernoulli(&luck, p->resale / (issue->sold - others))) return;
    issue->ask = ask_of(p, piece->paid, stream_normal(&luck));
    issue->piece = (uint32_t)number + 1;
}

/* New creators come in, editions are added, owners put pieces up. */
static void day_shard(struct stream_desk *desk)
{
    const struct collectible_parameters *p = desk->parameters;
    struct collectible_state *state = desk->state;
    size_t need = desk->till->creators;
    enum status status = memory_grow(&state->issue, &state->issue_room, need,
                                     sizeof(*state->issue));
    if (status) {
        desk->till->fault = status;
        return;
    }
    for (; state->issues < need; state->issues++)
        state->issue[state->issues] = (struct issue){0};
    for (uint32_t row = 0; row < need; row++) {
        struct issue *issue = &state->issue[row];
        if (!issue->ask && issue->sold < p->editions && issues(desk, row))
            issue->ask = first_price(p);
        issue->asked = 0;
    }
    for (size_t i = 0; i < state->pieces; i++) put_up(desk, i);
}

static void day(struct stream_desk *desks, uint32_t shards)
{
    const struct collectible_parameters *p = desks[0].parameters;
    for (uint32_t s = 0; s < shards; s++) {
        struct collectible_state *state = desks[s].state;
        day_shard(&desks[s]);
        if (p->payout_days) payouts_day(&desks[s], &state->payouts, p->payout_days);
    }
}

/* ------------------------------------------------------------------------------------ the
 * state */

static void held(const struct stream_desk *desk, int64_t *escrow, int64_t *payable)
{
    const struct collectible_state *state = desk->state;
    *escrow = orders_held(&state->orders);
    *payable = payouts_held(&state->payouts);
}

static bool piece_sound(const struct stream_desk *desk, const struct piece *piece)
{
    const struct collectible_state *state = desk->state;
    const struct world *world = desk->world;
    return piece->paid > 0 && piece->creator < state->issues &&
           state->issue[piece->creator].sold > 0 && piece->owner <= ENTITY_VIEWER_LAST &&
           entity_row(world->shards, piece->owner) <
               world->viewers[entity_shard(world->shards, piece->owner)].count;
}

static bool sound(const struct stream_desk *desk)
{
    const struct collectible_state *state = desk->state;
    uint64_t sold = 0;
    for (size_t i = 0; i < state->pieces; i++)
        if (!piece_sound(desk, &state->piece[i])) return false;
    for (size_t i = 0; i < state->issues; i++) {
        const struct issue *issue = &state->issue[i];
        sold += issue->sold;
        if (issue->ask < 0 || issue->piece > state->pieces) return false;
        if (issue->piece && state->piece[issue->piece - 1].creator != i) return false;
    }
    for (size_t i = 0; i < state->orders.count; i++)
        if (state->orders.row[i].creator >= state->issues) return false;
    return sold == state->pieces;
}

static void visit(struct stream_desk *desk, struct visitor *v)
{
    const struct collectible_parameters *p = desk->parameters;
    struct collectible_state *state = desk->state;
    uint64_t issued = state->issues, pieces = state->pieces;
    visit_count(v, "revenue.collectible.issues", &issued,
                desk->world->creators[desk->shard].count);
    visit_count(v, "revenue.collectible.pieces", &pieces, PIECES_MOST);
    if (visit_loading(v) && !v->status)
        v->status = memory_grow(&state->issue, &state->issue_room, issued,
                                sizeof(*state->issue));
    if (visit_loading(v) && !v->status)
        v->status = memory_grow(&state->piece, &state->piece_room, pieces,
                                sizeof(*state->piece));
    if (v->status) return;
    state->issues = issued;
    state->pieces = pieces;
    VISIT_MONEY(v, "revenue.collectible.ask", state->issue, issued, ask);
    VISIT_FIELD(v, "revenue.collectible.piece", state->issue, issued, piece);
    VISIT_FIELD(v, "revenue.collectible.sold", state->issue, issued, sold);
    VISIT_MONEY(v, "revenue.collectible.paid", state->piece, pieces, paid);
    VISIT_FIELD(v, "revenue.collectible.creator", state->piece, pieces, creator);
    VISIT_FIELD(v, "revenue.collectible.owner", state->piece, pieces, owner);
    orders_visit(desk, &state->orders, v);
    if (visit_loading(v) && !v->status && !sound(desk)) v->status = STATUS_BAD_INPUT;
    if (p->payout_days) payouts_visit(desk, &state->payouts, v);
}

const struct revenue_stream stream_collectible = {
    .about = {.name = "collectible",
              .doc = "numbered pieces: first sales, and royalties on resales",
              .reference = "marketplaces' terms of NFT royalties",
              .parameters = &table,
              .state_size = sizeof(struct collectible_state)},
    .open = open_state,
    .release = release,
    .eligible = eligible,
    .offer = offer,
    .payment = payment,
    .settle = settle,
    .day = day,
    .held = held,
    .visit = visit,
};
