/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tips: now and then a viewer gives money to the creator of what it watches. Few viewers do it,
 * a heavy tail of them often; the amounts are lognormal with a floor, limited by the purse. The
 * app store takes its fee first, then the platform its cut; the creator has the rest at once,
 * or some days later (payouts.h).
 */
#include "revenue/luck.h"
#include "revenue/payouts.h"

struct tips_parameters {
    double rate, slope, followed;
    double median, sigma, least;
    double platform_cut;
    int64_t min_followers, payout_days;
};

struct tips_state {
    struct luck luck;
    struct stream_key amount_key;
    struct payouts payouts;
};

#define AT(member) .offset = offsetof(struct tips_parameters, member)
#define NEEDS                                                                                  \
    .needs = "revenue.streams=[\"tips\"] revenue.tips.rate=0.01 revenue.tips.sigma=0.5"

static const struct schema_row rows[] = {
    {.path = "rate",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "8e-5",
     .meaning = "tips an impression of a match of 1, by the mean viewer",
     .source = "D KL+KS (.15 % of live clicks; set so that ads : tips is 4 : 2.7)",
     .plausible_low = 1e-5,
     .plausible_high = 2e-4,
     .when = SCHEMA_WINDOW,
     .moves = "revenue_tips",
     .sign = 1,
     .from = "1e-4",
     .to = "1e-2",
     NEEDS,
     AT(rate)},
    {.path = "slope",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 10,
     .initial = "1.39",
     .meaning = "growth of ln(rate) with the match",
     .source = "A (that of likes: ln 4, KR-A)",
     .plausible_low = 0.5,
     .plausible_high = 2,
     .when = SCHEMA_WINDOW,
     .moves = "revenue_tips",
     .sign = -1,
     .from = "0.0",
     .to = "3.0",
     .needs = "revenue.streams=[\"tips\"] revenue.tips.rate=0.1 revenue.tips.sigma=0.5 "
              "viewers.purse.month=1000.0",
     AT(slope)},
    {.path = "followed",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1000,
     .initial = "2.0",
     .meaning = "multiplies the rate for creators whom the viewer follows",
     .source = "A (sign: V ZAN)",
     .plausible_low = 1,
     .plausible_high = 5,
     .when = SCHEMA_WINDOW,
     .moves = "revenue_tips",
     .sign = 1,
     .from = "0.0",
     .to = "100.0",
     NEEDS,
     AT(followed)},
    {.path = "median",
     .type = SCHEMA_FLOAT,
     .unit = "currency",
     .low = 0,
     .high = 1e6,
     .initial = "2.0",
     .meaning = "median of a tip before floor and purse",
     .source = "V KL",
     .when = SCHEMA_WINDOW,
     .moves = "revenue_tips",
     .sign = 1,
     .from = "0.5",
     .to = "20.0",
     NEEDS,
     AT(median)},
    {.path = "sigma",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 5,
     .initial = "2.8",
     .meaning = "spread of ln(tip)",
     .source = "D KL (2.7 to 3.0)",
     .when = SCHEMA_WINDOW,
     .moves = "sd creators.income_tips",
     .sign = 1,
     .from = "0.5",
     .to = "3.0",
     NEEDS,
     AT(sigma)},
    {.path = "least",
     .type = SCHEMA_FLOAT,
     .unit = "currency",
     .low = 0.000001,
     .high = 1e6,
     .initial = "1.0",
     .meaning = "the smallest tip",
     .source = "V KL (44 % of gifts cost 1)",
     .when = SCHEMA_WINDOW,
     .moves = "revenue_tips",
     .sign = 1,
     .from = "0.01",
     .to = "5.0",
     NEEDS,
     AT(least)},
    {.path = "platform_cut",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0.5",
     .meaning = "share of a tip, less the store's fee, that the platform keeps",
     .source = "V2 (TikTok about .5); M (Douyin, Kuaishou .5)",
     .plausible_low = 0.3,
     .plausible_high = 0.7,
     .when = SCHEMA_WINDOW,
     .split = SCHEMA_SPLIT_CREATOR,
     .moves = "creator_income",
     .sign = -1,
     .from = "0.1",
     .to = "0.9",
     NEEDS,
     AT(platform_cut)},
    {.path = "min_followers",
     .type = SCHEMA_INT,
     .unit = "followers",
     .low = 0,
     .high = 1e9,
     .initial = "0",
     .meaning = "followers from which a creator may take tips; 0 = everybody from the start",
     .source = "A (TikTok asks live hosts for 1,000)",
     .plausible_low = 0,
     .plausible_high = 1000,
     .when = SCHEMA_WINDOW,
     .moves = "revenue_tips",
     .sign = -1,
     .from = "0",
     .to = "1000000",
     NEEDS,
     AT(min_followers)},
    PAYOUTS_ROW(struct tips_parameters,
                "revenue.streams=[\"tips\"] revenue.tips.rate=0.01 revenue.tips.sigma=0.5"),
};
static const struct schema_table table = {
    .prefix = "revenue.tips", .size = sizeof(struct tips_parameters), SCHEMA_ROWS(rows)};

static enum status open_state(struct stream_desk *desk)
{
    static const struct purpose purpose = {"revenue.tips", PURPOSE_LUCK};
    static const struct purpose amount = {"revenue.tips.amount", PURPOSE_LUCK};
    struct tips_state *state = desk->state;
    luck_open(&state->luck, desk->world->seed, &purpose);
    state->amount_key = stream_key(desk->world->seed, &amount);
    return STATUS_OK;
}

static bool eligible(const void *parameters, const struct creator *creator)
{
    const struct tips_parameters *p = parameters;
    return creator->followers >= p->min_followers;
}

static double rate(const struct tips_parameters *p, const struct stream_desk *desk,
                   const struct moment *moment)
{
    double tips = p->rate * (double)viewer_tip_propensity(moment->viewer) *
                  desk->world->topics.topic[moment->video->topic].gift_factor;
    return moment->acts & ACT_FOLLOWED ? tips * p->followed : tips;
}

/* In micro-units; 0 when the purse is too small for the smallest tip. */
static int64_t tip(const struct tips_parameters *p, int64_t purse, double uniform)
{
    double most = (double)purse / (double)MICRO;
    double money = p->median * maths_exp(p->sigma * maths_normal_quantile(uniform));
    if (money < p->least) money = p->least;
    if (most < p->least) return 0;
    return money >= most ? purse : (int64_t)(money * (double)MICRO + 0.5);
}

static void offer(struct stream_desk *desk, struct moment *moment)
{
    const struct tips_parameters *p = desk->parameters;
    struct tips_state *state = desk->state;
    double uniform = luck_uniform(&state->luck, moment->name, moment->occasion);
    if (!luck_passes(&state->luck, uniform, rate(p, desk, moment), p->slope, moment->match))
        return;
    if (p->min_followers && !desk_earns(desk, moment->video->creator)) return;
    struct stream_words words = stream_block(state->amount_key, moment->name, moment->occasion,
                                             0);
    int64_t amount = tip(p, moment->viewer->purse, words_uniform(words.word[0], words.word[1]));
    if (amount > 0 && desk_charge(desk, moment, amount)) moment->acts |= ACT_TIP;
}

static void payment(struct stream_desk *desk, const struct payment *paid)
{
    const struct tips_parameters *p = desk_rules(
        desk, entity_row(desk->world->shards, paid->creator));
    struct tips_state *state = desk->state;
    payouts_share(desk, &state->payouts, desk_sale(desk, paid), p->platform_cut,
                  p->payout_days);
}

static void release(struct stream_desk *desk)
{
    struct tips_state *state = desk->state;
    payouts_free(&state->payouts);
}

static void day(struct stream_desk *desks, uint32_t shards)
{
    const struct tips_parameters *p = desks[0].parameters;
    for (uint32_t s = 0; p->payout_days && s < shards; s++) {
        struct tips_state *state = desks[s].state;
        payouts_day(&desks[s], &state->payouts, p->payout_days);
    }
}

static void held(const struct stream_desk *desk, int64_t *escrow, int64_t *payable)
{
    const struct tips_state *state = desk->state;
    (void)escrow;
    *payable = payouts_held(&state->payouts);
}

static void visit(struct stream_desk *desk, struct visitor *v)
{
    const struct tips_parameters *p = desk->parameters;
    struct tips_state *state = desk->state;
    if (p->payout_days) payouts_visit(desk, &state->payouts, v);
}

const struct revenue_stream stream_tips = {
    .about = {.name = "tips",
              .doc = "gifts from viewers, rare and heavy-tailed",
              .reference = "KuaiLive (arXiv 2508.05633)",
              .parameters = &table,
              .state_size = sizeof(struct tips_state)},
    .open = open_state,
    .release = release,
    .eligible = eligible,
    .offer = offer,
    .payment = payment,
    .day = day,
    .held = held,
    .visit = visit,
};
