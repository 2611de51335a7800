/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Commerce: a video that sells brings clicks on the product, clicks bring orders, shops pay a
 * commission, and some of it all is sent back.
 *
 * Goods are paid for out of the household's other money: what people buy in a month is many
 * times the purse that tips come from (FACTS 5: 8 to 11 RMB a DAU-day). So an order goes from
 * OUTSIDE to SHOPS; only the commission is revenue. Until goods can no longer be sent back it
 * is held in PAYABLE, then the platform takes its cut and the creator has the rest; a return
 * sends the order's value back OUTSIDE and the commission to the shop.
 */
#include "base/memory.h"
#include "revenue/dues.h"
#include "revenue/luck.h"

#define BASKET_MOST 1e9 /* currency an order */

struct commerce_parameters {
    double click, slope, order, price_response;
    double basket, basket_ordinary, sigma, returns;
    double commission, platform_cut;
    int64_t hold_days, min_followers;
};

enum order_detail { ORDER_RETURNED = 1 };

struct commerce_state {
    struct luck luck;
    struct stream_key order_key;
    struct dues dues;
};

#define AT(member) .offset = offsetof(struct commerce_parameters, member)
#define SELLING                                                                                \
    "revenue.streams=[\"commerce\"] revenue.commerce.min_followers=0 "                         \
    "revenue.commerce.click=1.0 revenue.commerce.order=0.3 revenue.commerce.hold_days=0 "
#define NEEDS .needs = SELLING

static const struct schema_row rows[] = {
    {.path = "click",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0.05",
     .meaning = "clicks on the product an impression of a video that does nothing but sell, at "
                "a match of 1",
     .source = "M (5-15 % of live viewers, 1 % of a video's)",
     .plausible_low = 0.01,
     .plausible_high = 0.15,
     .when = SCHEMA_WINDOW,
     .moves = "revenue_commerce",
     .sign = 1,
     .from = "0.05",
     .to = "1.0",
     NEEDS,
     AT(click)},
    {.path = "slope",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 10,
     .initial = "1.39",
     .meaning = "growth of ln(click) with the match",
     .source = "A (that of likes: ln 4, KR-A)",
     .plausible_low = 0.5,
     .plausible_high = 2,
     .when = SCHEMA_WINDOW,
     .moves = "revenue_commerce",
     .sign = -1,
     .from = "0.0",
     .to = "3.0",
     .needs = SELLING "revenue.commerce.click=0.3",
     AT(slope)},
    {.path = "order",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0.05",
     .meaning = "orders a click, for an ordinary basket or a viewer without price sensitivity",
     .source = "M (3-10 % live, 2 % of a video's clicks)",
     .plausible_low = 0.02,
     .plausible_high = 0.1,
     .when = SCHEMA_WINDOW,
     .moves = "revenue_commerce",
     .sign = 1,
     .from = "0.02",
     .to = "1.0",
     NEEDS,
     AT(order)},
    {.path = "price_response",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 20,
     .initial = "1.0",
     .meaning =
         "how much rarer orders with a dear basket are: power of basket / basket_ordinary, "
         "times the viewer's price sensitivity",
     .source = "A",
     .plausible_low = 0.5,
     .plausible_high = 3,
     .when = SCHEMA_WINDOW,
     .moves = "money.amount_micro",
     .sign = -1,
     .from = "0.0",
     .to = "20.0",
     NEEDS,
     AT(price_response)},
    {.path = "basket",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1000,
     .initial = "1.0",
     .meaning = "multiplies what an order of each topic comes to (about 90)",
     .source = "V2 (Taobao 120, Douyin 100, Kuaishou 70 yuan in 2020)",
     .plausible_low = 0.7,
     .plausible_high = 1.4,
     .when = SCHEMA_WINDOW,
     .moves = "revenue_commerce",
     .sign = 1,
     .from = "0.2",
     .to = "5.0",
     NEEDS,
     AT(basket)},
    {.path = "basket_ordinary",
     .type = SCHEMA_FLOAT,
     .unit = "currency",
     .low = 0.000001,
     .high = 1e6,
     .initial = "90.0",
     .meaning = "what an order comes to where `order` holds",
     .source = "V2 (Taobao 120, Douyin 100, Kuaishou 70 yuan in 2020)",
     .plausible_low = 60,
     .plausible_high = 130,
     .when = SCHEMA_WINDOW,
     .moves = "revenue_commerce",
     .sign = 1,
     .from = "20.0",
     .to = "400.0",
     NEEDS,
     AT(basket_ordinary)},
    {.path = "sigma",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 3,
     .initial = "0.7",
     .meaning = "spread of ln(order), whose mean stays",
     .source = "A",
     .plausible_low = 0.4,
     .plausible_high = 1,
     .when = SCHEMA_WINDOW,
     .moves = "sd money.amount_micro",
     .sign = 1,
     .from = "0.0",
     .to = "1.0",
     NEEDS,
     AT(sigma)},
    {.path = "returns",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0.2",
     .meaning = "share of orders that are sent back",
     .source = "V2 RETN (30-50 % live, 10-15 % else)",
     .plausible_low = 0.1,
     .plausible_high = 0.5,
     .when = SCHEMA_WINDOW,
     .moves = "refunds",
     .sign = 1,
     .from = "0.05",
     .to = "0.9",
     NEEDS,
     AT(returns)},
    {.path = "commission",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0.15",
     .meaning = "share of an order that the shop pays for having been shown",
     .source = "V2 AFF (beauty 13-30 %, electronics 5-10 %, health 16 %)",
     .plausible_low = 0.05,
     .plausible_high = 0.3,
     .when = SCHEMA_WINDOW,
     .moves = "revenue_commerce",
     .sign = 1,
     .from = "0.05",
     .to = "0.3",
     NEEDS,
     AT(commission)},
    {.path = "platform_cut",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0.08",
     .meaning = "share of the commission that the platform keeps",
     .source = "D KS (take 1.1-1.3 % of GMV at a commission of 15 %)",
     .plausible_low = 0.05,
     .plausible_high = 0.3,
     .when = SCHEMA_WINDOW,
     .moves = "creator_income",
     .sign = -1,
     .from = "0.05",
     .to = "0.95",
     NEEDS,
     AT(platform_cut)},
    {.path = "hold_days",
     .type = SCHEMA_INT,
     .unit = "d",
     .low = 0,
     .high = DUES_DAYS_MOST,
     .initial = "7",
     .meaning = "whole days after which an order can no longer be sent back and the commission "
                "is paid",
     .source = "A (China: seven days without a reason; TikTok Shop holds 30, V2 AFF)",
     .plausible_low = 7,
     .plausible_high = 30,
     .when = SCHEMA_WINDOW,
     .moves = "creator_income",
     .sign = -1,
     .from = "0",
     .to = "30",
     .needs = "revenue.streams=[\"commerce\"] revenue.commerce.min_followers=0 "
              "revenue.commerce.click=1.0 revenue.commerce.order=0.3",
     AT(hold_days)},
    {.path = "min_followers",
     .type = SCHEMA_INT,
     .unit = "followers",
     .low = 0,
     .high = 1e9,
     .initial = "1000",
     .meaning = "followers from which a creator may sell",
     .source = "A (Douyin 1,000, TikTok Shop 1,000 to 5,000)",
     .plausible_low = 0,
     .plausible_high = 5000,
     .when = SCHEMA_WINDOW,
     .moves = "revenue_commerce",
     .sign = -1,
     .from = "0",
     .to = "1000000",
     NEEDS,
     AT(min_followers)},
};
static const struct schema_table table = {.prefix = "revenue.commerce",
                                          .size = sizeof(struct commerce_parameters),
                                          SCHEMA_ROWS(rows)};

static enum status open_state(struct stream_desk *desk)
{
    static const struct purpose click = {"revenue.commerce", PURPOSE_LUCK};
    static const struct purpose order = {"revenue.commerce.order", PURPOSE_LUCK};
    struct commerce_state *state = desk->state;
    luck_open(&state->luck, desk->world->seed, &click);
    state->order_key = stream_key(desk->world->seed, &order);
    return STATUS_OK;
}

static void release(struct stream_desk *desk)
{
    struct commerce_state *state = desk->state;
    memory_free(state->dues.row);
}

static bool eligible(const void *parameters, const struct creator *creator)
{
    const struct commerce_parameters *p = parameters;
    return creator->followers >= p->min_followers;
}

/* ----------------------------------------------------------------------------------- ordering
 */

static bool wants(const struct commerce_parameters *p, const struct viewer *viewer,
                  double basket, double uniform)
{
    double power = p->price_response * viewer->price_sensitivity / 255;
    return uniform < p->order * maths_pow(basket / p->basket_ordinary, -power);
}

/* Lognormal around the topic's basket, in micro-units. */
static int64_t order_value(const struct commerce_parameters *p, double basket, double uniform)
{
    double z = maths_normal_quantile(uniform);
    double money = basket * maths_exp(p->sigma * (z - p->sigma / 2));
    return (int64_t)((money < BASKET_MOST ? money : BASKET_MOST) * (double)MICRO + 0.5);
}

static void offer(struct stream_desk *desk, struct moment *moment)
{
    const struct commerce_parameters *p = desk->parameters;
    struct commerce_state *state = desk->state;
    double click = p->click * (double)moment->video->commercial;
    double uniform = luck_uniform(&state->luck, moment->name, moment->occasion);
    if (!luck_passes(&state->luck, uniform, click, p->slope, moment->match)) return;
    if (!desk_earns(desk, moment->video->creator)) return;
    double basket = desk->world->topics.topic[moment->video->topic].basket * p->basket;
    struct stream_words words = stream_block(state->order_key, moment->name, moment->occasion,
                                             0);
    if (!wants(p, moment->viewer, basket, (double)word_uniformf(words.word[0]))) return;
    int64_t value = order_value(p, basket, words_uniform(words.word[1], words.word[2]));
    bool returned = (double)word_uniformf(words.word[3]) < p->returns;
    if (value > 0) (void)desk_order(desk, moment, value, returned ? ORDER_RETURNED : 0);
}

/* ----------------------------------------------------------------------------------- settling
 */

static void payment(struct stream_desk *desk, const struct payment *order)
{
    const struct commerce_parameters *p = desk->parameters;
    struct commerce_state *state = desk->state;
    const double shares[2] = {0, p->commission};
    int64_t parts[2];
    ledger_split(order->amount, shares, 2, parts);
    const struct due due = {.held = parts[1],
                            .value = order->amount,
                            .creator = entity_row(desk->world->shards, order->creator),
                            .viewer = order->viewer,
                            .day = dues_day(desk->world, p->hold_days),
                            .detail = order->detail};
    if (!dues_add(desk, &state->dues, due)) return;
    desk_move(desk, ACCOUNT_OUTSIDE, ACCOUNT_SHOPS, order->amount);
    desk_move(desk, ACCOUNT_SHOPS, ACCOUNT_PAYABLE, parts[1]);
}

static void settle_one(struct stream_desk *desk, const struct due *due)
{
    const struct commerce_parameters *p = desk->parameters;
    const double shares[2] = {0, 1 - p->platform_cut};
    int64_t parts[2];
    if (due->detail & ORDER_RETURNED) {
        desk_move(desk, ACCOUNT_SHOPS, ACCOUNT_OUTSIDE, due->value);
        desk_move(desk, ACCOUNT_PAYABLE, ACCOUNT_SHOPS, due->held);
        return;
    }
    ledger_split(due->held, shares, 2, parts);
    desk_move(desk, ACCOUNT_PAYABLE, ACCOUNT_PLATFORM, parts[0]);
    desk_pay(desk, due->creator, ACCOUNT_PAYABLE, parts[1]);
}

static void day(struct stream_desk *desks, uint32_t shards)
{
    for (uint32_t s = 0; s < shards; s++) {
        struct commerce_state *state = desks[s].state;
        dues_settle(&desks[s], &state->dues, settle_one);
    }
}

static void held(const struct stream_desk *desk, int64_t *escrow, int64_t *payable)
{
    const struct commerce_state *state = desk->state;
    (void)escrow;
    *payable = dues_held(&state->dues);
}

static void visit(struct stream_desk *desk, struct visitor *v)
{
    struct commerce_state *state = desk->state;
    dues_visit(desk, &state->dues, v);
    if (visit_loading(v) && !v->status && !dues_sound(&state->dues, ORDER_RETURNED, true))
        v->status = STATUS_BAD_INPUT;
}

const struct revenue_stream stream_commerce = {
    .about = {.name = "commerce",
              .doc = "commissions on goods that viewers order",
              .reference = "TikTok Shop affiliate terms; Kuaishou annual reports",
              .parameters = &table,
              .state_size = sizeof(struct commerce_state)},
    .open = open_state,
    .release = release,
    .eligible = eligible,
    .offer = offer,
    .payment = payment,
    .day = day,
    .held = held,
    .visit = visit,
};
