/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Group buys: a creator opens a group lesson, of so many seats, that takes place when enough
 * have ordered. Orders go into ESCROW. At the close of the window in which there are enough the
 * seats are given by (time, name) and who found none has the money back in the same batch; a
 * group that runs out of time gives everything back. A viewer sees the groups of the last
 * close; an order for one that fills up meanwhile is such a one without a seat. Fewer order
 * what is dear (demand.h). Of the seats the creator is paid at once, or some days later
 * (payouts.h).
 */
#include "base/memory.h"
#include "revenue/demand.h"
#include "revenue/luck.h"
#include "revenue/orders.h"
#include "revenue/payouts.h"

struct group_parameters {
    double offered, join, slope, price, price_ordinary, price_response, hours, platform_cut;
    int64_t threshold, seats, min_followers, payout_days;
};

/* A creator's open group. */
struct group {
    int64_t price; /* micro-units; 0 = none is open */
    sim_time ends;
};

struct group_state {
    struct luck luck;
    struct demand_bound demand;
    struct stream_key offer_key;
    struct group *group; /* owned; [groups], by row of the creator */
    size_t groups, group_room;
    struct orders orders;
    struct payouts payouts;
};

#define AT(member) .offset = offsetof(struct group_parameters, member)
#define GROUPS                                                                                 \
    "revenue.streams=[\"group_buy\"] revenue.group_buy.min_followers=0 "                       \
    "revenue.group_buy.offered=1.0 revenue.group_buy.threshold=3 "                             \
    "viewers.purse.month=1000.0 "
#define JOIN "revenue.group_buy.join=0.1 "
#define NEEDS .needs = GROUPS JOIN

static const struct schema_row rows[] = {
    {.path = "offered",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0.1",
     .meaning = "share of creators who open groups, one at a time",
     .source = "A",
     .plausible_low = 0.02,
     .plausible_high = 0.3,
     .when = SCHEMA_WINDOW,
     .moves = "revenue_group_buy",
     .sign = 1,
     .from = "0.1",
     .to = "1.0",
     NEEDS,
     AT(offered)},
    {.path = "join",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0.005",
     .meaning = "orders an impression of a video that does nothing but sell, at a match of 1, "
                "while a group is open",
     .source = "A (click times order of commerce: .05 * .05, a low price doubles it)",
     .plausible_low = 0.001,
     .plausible_high = 0.02,
     .when = SCHEMA_WINDOW,
     .moves = "revenue_group_buy",
     .sign = 1,
     .from = "0.001",
     .to = "0.1",
     .needs = GROUPS,
     AT(join)},
    {.path = "slope",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 10,
     .initial = "1.39",
     .meaning = "growth of ln(join) with the match",
     .source = "A (that of likes: ln 4, KR-A)",
     .plausible_low = 0.5,
     .plausible_high = 2,
     .when = SCHEMA_WINDOW,
     .moves = "revenue_group_buy",
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
     .initial = "20.0",
     .meaning = "price of a seat",
     .source = "A",
     .plausible_low = 5,
     .plausible_high = 60,
     .when = SCHEMA_WINDOW,
     .moves = "rows money",
     .sign = -1,
     .from = "20.0",
     .to = "100.0",
     NEEDS,
     AT(price)},
    {.path = "price_ordinary",
     .type = SCHEMA_FLOAT,
     .unit = "currency",
     .low = 0.000001,
     .high = 1e6,
     .initial = "20.0",
     .meaning = "price at which `join` holds",
     .source = "A",
     .plausible_low = 5,
     .plausible_high = 60,
     .when = SCHEMA_WINDOW,
     .moves = "rows money",
     .sign = 1,
     .from = "4.0",
     .to = "100.0",
     NEEDS,
     AT(price_ordinary)},
    DEMAND_RESPONSE_ROW(struct group_parameters, GROUPS JOIN "revenue.group_buy.price=60.0"),
    {.path = "threshold",
     .type = SCHEMA_INT,
     .unit = "1",
     .low = 1,
     .high = 1e6,
     .initial = "10",
     .meaning = "orders from which a group takes place",
     .source = "A",
     .plausible_low = 2,
     .plausible_high = 50,
     .when = SCHEMA_WINDOW,
     .moves = "creator_income",
     .sign = -1,
     .from = "1",
     .to = "1000000",
     NEEDS,
     AT(threshold)},
    {.path = "seats",
     .type = SCHEMA_INT,
     .unit = "1",
     .low = 1,
     .high = 1e6,
     .initial = "15",
     .meaning = "the most that a group takes",
     .source = "A",
     .plausible_low = 10,
     .plausible_high = 100,
     .when = SCHEMA_WINDOW,
     .moves = "refunds",
     .sign = -1,
     .from = "1",
     .to = "100",
     NEEDS,
     AT(seats)},
    {.path = "hours",
     .type = SCHEMA_FLOAT,
     .unit = "h",
     .low = 0.25,
     .high = 8760,
     .initial = "24.0",
     .meaning = "how long a group waits for its orders",
     .source = "A (Pinduoduo: 24 h)",
     .plausible_low = 6,
     .plausible_high = 72,
     .when = SCHEMA_WINDOW,
     .moves = "revenue_group_buy",
     .sign = 1,
     .from = "1.0",
     .to = "24.0",
     NEEDS,
     AT(hours)},
    {.path = "platform_cut",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0.2",
     .meaning = "share of the price, less the store's fee, that the platform keeps",
     .source = "M (knowledge communities 5-20 %)",
     .plausible_low = 0.05,
     .plausible_high = 0.5,
     .when = SCHEMA_WINDOW,
     .moves = "creator_income",
     .sign = -1,
     .from = "0.05",
     .to = "0.95",
     NEEDS,
     AT(platform_cut)},
    {.path = "min_followers",
     .type = SCHEMA_INT,
     .unit = "followers",
     .low = 0,
     .high = 1e9,
     .initial = "1000",
     .meaning = "followers from which a creator may open groups",
     .source = "A",
     .plausible_low = 0,
     .plausible_high = 10000,
     .when = SCHEMA_WINDOW,
     .moves = "revenue_group_buy",
     .sign = -1,
     .from = "0",
     .to = "1000000",
     NEEDS,
     AT(min_followers)},
    PAYOUTS_ROW(struct group_parameters, GROUPS JOIN),
};
static const struct schema_table table = {
    .prefix = "revenue.group_buy", .size = sizeof(struct group_parameters), SCHEMA_ROWS(rows)};

static enum status open_state(struct stream_desk *desk)
{
    static const struct purpose join = {"revenue.group_buy", PURPOSE_LUCK};
    static const struct purpose offer = {"revenue.group_buy.offer", PURPOSE_POPULATION};
    struct group_state *state = desk->state;
    luck_open(&state->luck, desk->world->seed, &join);
    state->offer_key = stream_key(desk->world->seed, &offer);
    return STATUS_OK;
}

static void release(struct stream_desk *desk)
{
    struct group_state *state = desk->state;
    memory_free(state->group);
    memory_free(state->orders.row);
    payouts_free(&state->payouts);
}

static bool eligible(const void *parameters, const struct creator *creator)
{
    const struct group_parameters *p = parameters;
    return creator->followers >= p->min_followers;
}

/* ----------------------------------------------------------------------------------- ordering
 */

/* The creator's open group, of any shard; NULL = none. */
static const struct group *group_of(struct stream_desk *desk, uint32_t creator)
{
    struct shards shards = desk->world->shards;
    const struct group_state *state = desk_of(desk, entity_shard(shards, creator))->state;
    uint32_t row = entity_row(shards, creator);
    return row < state->groups && state->group[row].price ? &state->group[row] : NULL;
}

static void offer(struct stream_desk *desk, struct moment *moment)
{
    const struct group_parameters *p = desk->parameters;
    struct group_state *state = desk->state;
    double join = p->join * (double)moment->video->commercial;
    double most = join * demand_most(&state->demand, p->price_response);
    double uniform = luck_uniform(&state->luck, moment->name, moment->occasion);
    if (!luck_passes(&state->luck, uniform, most, p->slope, moment->match)) return;
    const struct group *group = group_of(desk, moment->video->creator);
    if (!group || moment->at >= group->ends) return;
    double dear = (double)group->price / (p->price_ordinary * (double)MICRO);
    join *= demand_at(p->price_response, moment->viewer, dear);
    if (luck_passes(&state->luck, uniform, join, p->slope, moment->match))
        (void)desk_buy(desk, moment, group->price, 0);
}

static void payment(struct stream_desk *desk, const struct payment *paid)
{
    struct group_state *state = desk->state;
    orders_add(desk, &state->orders, paid);
}

/* ------------------------------------------------------------------------------------ closing
 */

/* The orders of one group; false when it goes on. */
static bool close_group(struct stream_desk *desk, const struct order *order, size_t n)
{
    const struct group_parameters *p = desk->parameters;
    struct group_state *state = desk->state;
    struct group *group = &state->group[order->creator];
    bool enough = n >= (size_t)p->threshold;
    if (!enough && group->ends > desk->world->close) return false;
    for (size_t i = 0; i < n; i++) {
        if (enough && i < (size_t)p->seats)
            payouts_share(desk, &state->payouts, orders_sale(&order[i]), p->platform_cut,
                          p->payout_days);
        else
            desk_return(desk, order[i].viewer, ACCOUNT_ESCROW, order[i].amount);
    }
    group->price = 0;
    return true;
}

static void close_shard(struct stream_desk *desk)
{
    struct group_state *state = desk->state;
    orders_close(desk, &state->orders, close_group);
    for (size_t row = 0; row < state->groups; row++)
        if (state->group[row].ends <= desk->world->close) state->group[row].price = 0;
}

static void settle(struct stream_desk *desks, uint32_t shards)
{
    for (uint32_t s = 0; s < shards; s++) close_shard(&desks[s]);
}

/* ------------------------------------------------------------------------------------ opening
 */

static bool opens(const struct stream_desk *desk, uint32_t row)
{
    const struct group_parameters *p = desk->parameters;
    const struct group_state *state = desk->state;
    const struct creator *c = &desk->world->creators[desk->shard].row[row];
    struct stream_words words = stream_block(state->offer_key, c->name, 0, 0);
    return desk_eligible(desk, row) && c->left == TIME_NEVER && !state->group[row].price &&
           (double)word_uniformf(words.word[0]) < p->offered;
}

/* Once a day, who has none opens one at the price of the day. */
static void open_groups(struct stream_desk *desks, uint32_t shards)
{
    const struct group_parameters *p = desks[0].parameters;
    const struct group fresh = {.price = (int64_t)(p->price * (double)MICRO + 0.5),
                                .ends = desks[0].world->close +
                                        (sim_time)(p->hours * (double)TIME_HOUR)};
    for (uint32_t s = 0; s < shards; s++) {
        struct group_state *state = desks[s].state;
        size_t need = desks[s].till->creators;
        enum status status = memory_grow(&state->group, &state->group_room, need,
                                         sizeof(*state->group));
        if (status) {
            desks[s].till->fault = status;
            return;
        }
        for (; state->groups < need; state->groups++)
            state->group[state->groups] = (struct group){0};
        for (uint32_t row = 0; row < need; row++)
            if (opens(&desks[s], row)) state->group[row] = fresh;
    }
}

static void day(struct stream_desk *desks, uint32_t shards)
{
    const struct group_parameters *p = desks[0].parameters;
    open_groups(desks, shards);
    for (uint32_t s = 0; p->payout_days && s < shards; s++) {
        struct group_state *state = desks[s].state;
        payouts_day(&desks[s], &state->payouts, p->payout_days);
    }
}

/* ------------------------------------------------------------------------------------ the
 * state */

static void held(const struct stream_desk *desk, int64_t *escrow, int64_t *payable)
{
    const struct group_state *state = desk->state;
    *escrow = orders_held(&state->orders);
    *payable = payouts_held(&state->payouts);
}

/* Orders are for groups that there are. */
static bool sound(const struct group_state *state)
{
    for (size_t i = 0; i < state->groups; i++)
        if (state->group[i].price < 0) return false;
    for (size_t i = 0; i < state->orders.count; i++)
        if (state->orders.row[i].creator >= state->groups) return false;
    return true;
}

static void visit(struct stream_desk *desk, struct visitor *v)
{
    const struct group_parameters *p = desk->parameters;
    struct group_state *state = desk->state;
    uint64_t count = state->groups;
    visit_count(v, "revenue.group_buy.groups", &count,
                desk->world->creators[desk->shard].count);
    if (visit_loading(v) && !v->status)
        v->status = memory_grow(&state->group, &state->group_room, count,
                                sizeof(*state->group));
    if (v->status) return;
    state->groups = count;
    VISIT_MONEY(v, "revenue.group_buy.price", state->group, count, price);
    VISIT_FIELD(v, "revenue.group_buy.ends", state->group, count, ends);
    orders_visit(desk, &state->orders, v);
    if (visit_loading(v) && !v->status && !sound(state)) v->status = STATUS_BAD_INPUT;
    if (p->payout_days) payouts_visit(desk, &state->payouts, v);
}

const struct revenue_stream stream_group_buy = {
    .about = {.name = "group_buy",
              .doc = "group lessons that take place when enough have ordered, else money back",
              .reference = "Pinduoduo's terms of team purchases",
              .parameters = &table,
              .state_size = sizeof(struct group_state)},
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
