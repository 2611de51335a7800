/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Subscription: viewers pay a creator by the month, perhaps after a free trial, for one of a
 * few tiers; in return they see the videos that others do not (VIDEO_EXCLUSIVE).
 *
 * A subscription is a relation of the viewer; its kind says how far it has come (trial, first
 * month, renewed). It comes up for renewal as an event of the viewer's. Then it ends with a
 * chance that falls with tenure, with the viewer's habit and with the share of exclusive videos
 * the creator promises; so it does when the purse is too small, or when the creator has gone.
 *
 * A viewer goes by what it is asked against what is usual for its tier (demand.h): the chance
 * to subscribe falls with it, that to leave rises alike. Creators who decide about prices
 * (creators.levers.of) ask a multiple of the tiers.
 *
 * Where first payments may be taken back (refund_days) they wait in ESCROW until that time is
 * over. Who will regret it is decided when it pays, by the same habit and promise, and stands
 * with the payment; such a subscription ends when the time does, and all of it goes back.
 *
 * What a creator promises stands on its page. Pages are published at the close of each day and
 * read in all shards: nobody subscribes on the first day.
 */
#include "base/memory.h"
#include "revenue/demand.h"
#include "revenue/luck.h"
#include "revenue/payouts.h"

struct subscription_parameters {
    double rate, slope, followed, pitch, pull, price_response;
    struct float_list tiers, price_ordinary;
    double period, upgrade, trial, trial_days, convert;
    double churn_first, churn_later, loyalty, platform_cut, refund;
    int64_t min_followers, most, payout_days, refund_days;
};

enum subscription_detail { PAYMENT_FIRST = 4 }; /* beside DUE_REFUND */

struct subscription_state {
    struct luck luck;
    struct demand_bound demand;
    struct stream_key join, tier, renew, regret;
    uint8_t *page; /* owned; [count] share of exclusive videos, units of 1/255 */
    size_t count, room;
    struct dues firsts; /* first payments that may yet be taken back */
    struct payouts payouts;
};

#define AT(member) .offset = offsetof(struct subscription_parameters, member)
#define SOLD                                                                                   \
    "revenue.streams=[\"subscription\"] revenue.subscription.min_followers=0 "                 \
    "revenue.subscription.rate=0.01 "
#define NEEDS .needs = SOLD
#define PAID SOLD "revenue.subscription.trial=0.0 viewers.purse.month=1000.0 "
#define DEAR PAID "revenue.subscription.tiers=[60.0]"
#define REFUNDED SOLD "revenue.subscription.trial=0.0 revenue.subscription.refund_days=1 "
#define RENEWALS .needs = SOLD "revenue.subscription.period=0.25 revenue.subscription.trial=0.0"

static const struct schema_row rows[] = {
    {.path = "rate",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0.00002",
     .meaning = "chance that an impression of a creator not followed, at a match of 1, makes a "
                "subscriber",
     .source = "A (2 % of engaged followers: V2 PATR)",
     .plausible_low = 0.000002,
     .plausible_high = 0.0002,
     .when = SCHEMA_WINDOW,
     .moves = "revenue_subscription",
     .sign = 1,
     .from = "0.0",
     .to = "0.01",
     NEEDS,
     AT(rate)},
    {.path = "slope",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 10,
     .initial = "1.0",
     .meaning = "growth of the chance with the match: e^(slope (match - 1))",
     .source = "A",
     .plausible_low = 0.3,
     .plausible_high = 2,
     .when = SCHEMA_WINDOW,
     .moves = "revenue_subscription",
     .sign = -1,
     .from = "0.0",
     .to = "3.0",
     NEEDS,
     AT(slope)},
    {.path = "followed",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1000,
     .initial = "10.0",
     .meaning = "multiplies the chance for creators whom the viewer follows",
     .source = "A (memberships are sold to followers: V2 PATR)",
     .plausible_low = 3,
     .plausible_high = 50,
     .when = SCHEMA_WINDOW,
     .moves = "revenue_subscription",
     .sign = 1,
     .from = "0.0",
     .to = "100.0",
     NEEDS,
     AT(followed)},
    {.path = "pitch",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 100,
     .initial = "1.0",
     .meaning = "how much a video's commercial intensity adds: the chance is multiplied by 1 + "
                "pitch m",
     .source = "A",
     .plausible_low = 0,
     .plausible_high = 4,
     .when = SCHEMA_WINDOW,
     .moves = "revenue_subscription",
     .sign = 1,
     .from = "0.0",
     .to = "50.0",
     .needs = SOLD "revenue.subscription.rate=0.001",
     AT(pitch)},
    {.path = "pull",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 100,
     .initial = "2.0",
     .meaning = "what exclusive videos are worth: a share e of them multiplies the chance to "
                "subscribe by 1 + pull e, that to leave by e^(-pull e)",
     .source = "A",
     .plausible_low = 0,
     .plausible_high = 5,
     .when = SCHEMA_WINDOW,
     .moves = "revenue_subscription",
     .sign = 1,
     .from = "0.0",
     .to = "50.0",
     .needs = SOLD "revenue.subscription.rate=0.001 creators.exclusive=0.3",
     AT(pull)},
    {.path = "price_response",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 20,
     .initial = "1.0",
     .meaning = "how a price of x times the ordinary one is answered: the chance to subscribe "
                "is multiplied by e^(-price_response s (x - 1)), that to leave divided by it; "
                "s = the viewer's price sensitivity",
     .source = "A (at a mean s of .5 an elasticity of .5; Netflix 2014, 12.5 % dearer and 23 % "
               "fewer new subscribers: 1.8, M)",
     .plausible_low = 0.5,
     .plausible_high = 3,
     .when = SCHEMA_WINDOW,
     .moves = "rows money",
     .sign = -1,
     .from = "0.0",
     .to = "3.0",
     .needs = DEAR,
     AT(price_response)},
    {.path = "tiers",
     .type = SCHEMA_FLOATS,
     .unit = "currency",
     .low = 0.000001,
     .high = 1e6,
     .initial = "[10.6, 30.0, 98.0]",
     .meaning = "list prices of the tiers, the cheapest first",
     .source = "V ZH (RMB 10.6 a payer and month); higher ones A",
     .plausible_low = 5,
     .plausible_high = 40,
     .when = SCHEMA_WINDOW,
     .moves = "rows money",
     .sign = -1,
     .from = "[10.6]",
     .to = "[60.0]",
     .needs = PAID,
     AT(tiers)},
    {.path = "price_ordinary",
     .type = SCHEMA_FLOATS,
     .unit = "currency",
     .low = 0.000001,
     .high = 1e6,
     .initial = "[10.6, 30.0, 98.0]",
     .meaning = "what is usual for each tier, the last for all above: the price at which the "
                "chances to subscribe and to leave are what they are said to be",
     .source = "V ZH (RMB 10.6 a payer and month); higher ones A",
     .plausible_low = 5,
     .plausible_high = 40,
     .when = SCHEMA_WINDOW,
     .moves = "rows money",
     .sign = 1,
     .from = "[2.0]",
     .to = "[60.0]",
     .needs = PAID,
     AT(price_ordinary)},
    {.path = "period",
     .type = SCHEMA_FLOAT,
     .unit = "d",
     .low = 0.01,
     .high = 366,
     .initial = "30",
     .meaning = "what one payment is for",
     .source = "V ZH (monthly)",
     .when = SCHEMA_WINDOW,
     .moves = "revenue_subscription",
     .sign = -1,
     .from = "0.25",
     .to = "30",
     NEEDS,
     AT(period)},
    {.path = "upgrade",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0.15",
     .meaning = "chance that a subscriber of a tier takes the next one instead",
     .source = "A",
     .plausible_low = 0.05,
     .plausible_high = 0.3,
     .when = SCHEMA_WINDOW,
     .moves = "revenue_subscription",
     .sign = 1,
     .from = "0.0",
     .to = "0.9",
     .needs = SOLD "viewers.purse.month=1000.0",
     AT(upgrade)},
    {.path = "trial",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0.3",
     .meaning = "share of subscriptions that begin with a free trial",
     .source = "A",
     .plausible_low = 0,
     .plausible_high = 0.7,
     .when = SCHEMA_WINDOW,
     .moves = "revenue_subscription",
     .sign = -1,
     .from = "0.0",
     .to = "1.0",
     NEEDS,
     AT(trial)},
    {.path = "trial_days",
     .type = SCHEMA_FLOAT,
     .unit = "d",
     .low = 0.01,
     .high = 90,
     .initial = "7",
     .meaning = "how long a trial is free",
     .source = "A",
     .plausible_low = 3,
     .plausible_high = 30,
     .when = SCHEMA_WINDOW,
     .moves = "revenue_subscription",
     .sign = -1,
     .from = "0.01",
     .to = "80",
     .needs = SOLD "revenue.subscription.trial=1.0",
     AT(trial_days)},
    {.path = "convert",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0.5",
     .meaning = "share of trials that go on against money",
     .source = "A",
     .plausible_low = 0.25,
     .plausible_high = 0.6,
     .when = SCHEMA_WINDOW,
     .moves = "revenue_subscription",
     .sign = 1,
     .from = "0.05",
     .to = "1.0",
     .needs = SOLD "revenue.subscription.trial=1.0 revenue.subscription.trial_days=0.1",
     AT(convert)},
    {.path = "churn_first",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0.3",
     .meaning = "chance to leave after the first paid period, at a habit of 1",
     .source = "A split of V2 PATR (a stay of about 3 months)",
     .plausible_low = 0.2,
     .plausible_high = 0.5,
     .when = SCHEMA_WINDOW,
     .moves = "revenue_subscription",
     .sign = -1,
     .from = "0.0",
     .to = "1.0",
     RENEWALS,
     AT(churn_first)},
    {.path = "churn_later",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0.08",
     .meaning = "chance to leave after each later period, at a habit of 1",
     .source = "A split of V2 PATR; streaming video about 5 %: M",
     .plausible_low = 0.04,
     .plausible_high = 0.15,
     .when = SCHEMA_WINDOW,
     .moves = "revenue_subscription",
     .sign = -1,
     .from = "0.0",
     .to = "1.0",
     .needs = SOLD "revenue.subscription.period=0.1 revenue.subscription.churn_first=0.0",
     AT(churn_later)},
    {.path = "loyalty",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 10,
     .initial = "1.0",
     .meaning = "how much a habit of 2 keeps: the chance to leave is multiplied by "
                "e^(-loyalty (habit - 1))",
     .source = "A",
     .plausible_low = 0,
     .plausible_high = 2,
     .when = SCHEMA_WINDOW,
     .moves = "revenue_subscription",
     .sign = -1, /* most habits are below 1 */
     .from = "0.0",
     .to = "10.0",
     RENEWALS " run.days=4",
     AT(loyalty)},
    {.path = "platform_cut",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0.3",
     .meaning = "share of a payment, less the store's fee, that the platform keeps",
     .source = "M (YouTube .3, Twitch .5, Patreon .08 to .12)",
     .plausible_low = 0.08,
     .plausible_high = 0.5,
     .when = SCHEMA_WINDOW,
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
     .initial = "500",
     .meaning = "followers from which a creator may offer subscriptions",
     .source = "V YPP (fan funding)",
     .when = SCHEMA_WINDOW,
     .moves = "creator_income",
     .sign = -1,
     .from = "0",
     .to = "1000000",
     .needs = "revenue.streams=[\"subscription\"] revenue.subscription.rate=0.01",
     AT(min_followers)},
    {.path = "most",
     .type = SCHEMA_INT,
     .unit = "1",
     .low = 1,
     .high = 100,
     .initial = "8",
     .meaning = "subscriptions that one viewer may have at a time",
     .source = "A",
     .plausible_low = 3,
     .plausible_high = 20,
     .when = SCHEMA_WINDOW,
     .moves = "revenue_subscription",
     .sign = 1,
     .from = "1",
     .to = "20",
     .needs = SOLD "viewers.purse.month=1000.0",
     AT(most)},
    {.path = "refund_days",
     .type = SCHEMA_INT,
     .unit = "d",
     .low = 0,
     .high = DUES_DAYS_MOST,
     .initial = "0",
     .meaning =
         "whole days within which a first payment is given back, and before which nobody "
         "has a part of it; 0 = never, and at once",
     .source = "A (Google Play: two days; China: seven days for what is sold online)",
     .plausible_low = 0,
     .plausible_high = 14,
     .when = SCHEMA_START,
     .moves = "creator_income",
     .sign = -1,
     .from = "0",
     .to = "30",
     NEEDS,
     AT(refund_days)},
    {.path = "refund",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0.03",
     .meaning = "with refund_days: chance that a first payment is asked back, at a habit of 1; "
                "habit and exclusive videos lower it as they do churn",
     .source = "A (sellers of app subscriptions: about 3 to 5 %)",
     .plausible_low = 0.01,
     .plausible_high = 0.1,
     .when = SCHEMA_WINDOW,
     .moves = "refunds",
     .sign = 1,
     .from = "0.0",
     .to = "0.9",
     .needs = REFUNDED "run.days=3",
     AT(refund)},
    PAYOUTS_ROW(struct subscription_parameters, SOLD),
};
static const struct schema_table table = {.prefix = "revenue.subscription",
                                          .size = sizeof(struct subscription_parameters),
                                          SCHEMA_ROWS(rows)};

static enum status open_state(struct stream_desk *desk)
{
    static const struct purpose luck = {"revenue.subscription", PURPOSE_LUCK};
    static const struct purpose join = {"revenue.subscription.join", PURPOSE_LUCK};
    static const struct purpose tier = {"revenue.subscription.tier", PURPOSE_LUCK};
    static const struct purpose renew = {"revenue.subscription.renew", PURPOSE_LUCK};
    static const struct purpose regret = {"revenue.subscription.regret", PURPOSE_LUCK};
    struct subscription_state *state = desk->state;
    luck_open(&state->luck, desk->world->seed, &luck);
    state->join = stream_key(desk->world->seed, &join);
    state->tier = stream_key(desk->world->seed, &tier);
    state->renew = stream_key(desk->world->seed, &renew);
    state->regret = stream_key(desk->world->seed, &regret);
    return STATUS_OK;
}

static void release(struct stream_desk *desk)
{
    struct subscription_state *state = desk->state;
    memory_free(state->page);
    memory_free(state->firsts.row);
    payouts_free(&state->payouts);
}

static bool eligible(const void *parameters, const struct creator *creator)
{
    const struct subscription_parameters *p = parameters;
    return creator->followers >= p->min_followers && creator->left == TIME_NEVER;
}

/* ------------------------------------------------------------------------------------- pages
 */

/* What yesterday's page said of a creator (number): share of exclusive videos in [0, 1], or -1
 * when it offers no subscription. */
static double promised(struct stream_desk *desk, uint32_t creator)
{
    struct shards shards = desk->world->shards;
    uint32_t row = entity_row(shards, creator);
    const struct subscription_state *state = desk_of(desk, entity_shard(shards, creator))
                                                 ->state;
    if (row >= state->count || !desk_earns(desk, creator)) return -1;
    return state->page[row] / 255.0;
}

static enum status publish(struct stream_desk *desk)
{
    struct subscription_state *state = desk->state;
    const struct creator_shard *creators = &desk->world->creators[desk->shard];
    enum status status = memory_grow(&state->page, &state->room, creators->count,
                                     sizeof(*state->page));
    if (status) return status;
    state->count = creators->count;
    for (size_t r = 0; r < state->count; r++)
        state->page[r] = (uint8_t)maths_whole(255 * creators->row[r].plan.exclusive + 0.5f, 0,
                                              255);
    return STATUS_OK;
}

static void settle_first(struct stream_desk *desk, const struct due *due)
{
    const struct subscription_parameters *p = desk->parameters;
    struct subscription_state *state = desk->state;
    struct sale sale;
    if (dues_sale(desk, due, &sale))
        payouts_share(desk, &state->payouts, sale, p->platform_cut, p->payout_days);
}

static void day(struct stream_desk *desks, uint32_t shards)
{
    const struct subscription_parameters *p = desks[0].parameters;
    for (uint32_t s = 0; s < shards; s++) {
        struct subscription_state *state = desks[s].state;
        enum status status = publish(&desks[s]);
        if (status && !desks[s].till->fault) desks[s].till->fault = status;
        dues_settle(&desks[s], &state->firsts, settle_first);
        if (p->payout_days) payouts_day(&desks[s], &state->payouts, p->payout_days);
    }
}

/* ---------------------------------------------------------------------------------- the bond
 */

static sim_time after_period(const struct subscription_parameters *p, sim_time at)
{
    return at + (sim_time)(p->period * (double)TIME_DAY);
}

static const struct creator *creator_of(const struct stream_desk *desk, uint32_t creator)
{
    return world_creator(desk->world, creator);
}

/* The tier that this viewer takes with this creator, always the same one. */
static int32_t tier_of(struct stream_desk *desk, const struct moment *moment,
                       const struct creator *seller)
{
    const struct subscription_parameters *p = desk->parameters;
    const struct subscription_state *state = desk->state;
    struct stream draw = stream_open(state->tier, moment->name, name_fold(seller->name));
    int32_t tier = 0;
    while (tier + 1 < p->tiers.count && stream_bernoulli(&draw, p->upgrade)) tier++;
    return tier;
}

/* What it costs, at the creator's price; micro-units. */
static int64_t price(struct stream_desk *desk, const struct moment *moment, uint32_t creator)
{
    const struct subscription_parameters *p = desk->parameters;
    const struct creator *seller = creator_of(desk, creator);
    int32_t tier = tier_of(desk, moment, seller);
    double list = p->tiers.count ? p->tiers.value[tier] * (double)MICRO : 0;
    return (int64_t)(list * creator_price(seller) + 0.5);
}

/* What that price multiplies this viewer's chance to subscribe by. */
static double demand(struct stream_desk *desk, const struct moment *moment, uint32_t creator)
{
    const struct subscription_parameters *p = desk->parameters;
    const struct float_list *ordinary = &p->price_ordinary;
    const struct creator *seller = creator_of(desk, creator);
    double list = 1;
    if (p->tiers.count && ordinary->count) {
        int32_t tier = tier_of(desk, moment, seller);
        int32_t like = tier < ordinary->count ? tier : ordinary->count - 1;
        list = p->tiers.value[tier] / ordinary->value[like];
    }
    return demand_at(p->price_response, moment->viewer, list * creator_price(seller));
}

static struct viewer_shard *home(struct stream_desk *desk)
{
    return &desk->world->viewers[desk->shard];
}

static uint32_t subscriptions(struct stream_desk *desk, const struct viewer *viewer)
{
    const struct relation *row = relation_rows(&home(desk)->relations, &viewer->relations);
    uint32_t n = 0;
    for (uint32_t i = 0; i < viewer->relations.count; i++)
        n += relation_subscribes(relation_kind(row[i]));
    return n;
}

/* The subscription begins or goes on as `kind` until `until`. */
static void bind(struct stream_desk *desk, struct moment *moment, struct relation what,
                 sim_time until)
{
    struct viewer_shard *shard = home(desk);
    enum status status = relation_add(&shard->relations, &moment->viewer->relations, what,
                                      RELATION_LIST_MOST, NULL);
    if (status) {
        desk->till->fault = status;
        return;
    }
    desk_plan(desk, moment, relation_other(what), until);
}

/* Names what a viewer decides about a creator at that minute. */
static uint32_t decision(struct stream_desk *desk, const struct moment *moment)
{
    uint64_t creator = creator_of(desk, moment->video->creator)->name;
    return name_fold(name_child(creator, (uint64_t)(moment->at / TIME_MINUTE)));
}

/* What makes every chance to leave smaller: habit, and exclusive videos. */
static double patience(const struct subscription_parameters *p, const struct viewer *viewer,
                       double exclusive)
{
    double keeps = p->loyalty * ((double)viewer_habit(viewer) - 1) + p->pull * exclusive;
    return maths_exp(-keeps);
}

/* Whether a payment of this viewer to this creator will go back. Who waits for that does not
 * subscribe again, so it is that of the subscription that there is. */
static bool goes_back(struct stream_desk *desk, const struct moment *moment)
{
    const struct subscription_parameters *p = desk->parameters;
    struct shards shards = desk->world->shards;
    uint32_t creator = moment->video->creator;
    const struct subscription_state *state = desk_of(desk, entity_shard(shards, creator))
                                                 ->state;
    const struct dues *firsts = &state->firsts;
    for (size_t i = 0; p->refund_days && i < firsts->count; i++)
        if (firsts->row[i].detail & DUE_REFUND &&
            firsts->row[i].viewer == moment->viewer_number &&
            firsts->row[i].creator == entity_row(shards, creator))
            return true;
    return false;
}

static bool regrets(struct stream_desk *desk, const struct moment *moment, double exclusive)
{
    const struct subscription_parameters *p = desk->parameters;
    const struct subscription_state *state = desk->state;
    struct stream draw = stream_open(state->regret, moment->name, decision(desk, moment));
    return stream_bernoulli(&draw, p->refund * patience(p, moment->viewer, exclusive));
}

/* The first payment; without the money nothing happens. */
static void pay_first(struct stream_desk *desk, struct moment *moment, double exclusive)
{
    const struct subscription_parameters *p = desk->parameters;
    uint32_t creator = moment->video->creator;
    sim_time until = after_period(p, moment->at);
    sim_time back = moment->at + (sim_time)p->refund_days * TIME_DAY;
    bool regret = p->refund_days && regrets(desk, moment, exclusive);
    uint32_t detail = p->refund_days ? PAYMENT_FIRST : 0;
    if (regret) detail |= DUE_REFUND;
    if (!desk_buy(desk, moment, price(desk, moment, creator), detail)) return;
    bind(desk, moment, relation_make(RELATION_FIRST, creator),
         regret && back < until ? back : until);
}

static void offer(struct stream_desk *desk, struct moment *moment)
{
    const struct subscription_parameters *p = desk->parameters;
    struct subscription_state *state = desk->state;
    uint32_t creator = moment->video->creator;
    double uniform = luck_uniform(&state->luck, moment->name, moment->occasion);
    double rate = p->rate * (1 + p->pitch * (double)moment->video->commercial);
    if (moment->acts & ACT_FOLLOWED) rate *= p->followed;
    double most = rate * (1 + p->pull) * demand_most(&state->demand, p->price_response);
    if (!luck_passes(&state->luck, uniform, most, p->slope, moment->match)) return;
    double exclusive = promised(desk, creator);
    if (exclusive < 0) return;
    rate *= (1 + p->pull * exclusive) * demand(desk, moment, creator);
    if (!luck_passes(&state->luck, uniform, rate, p->slope, moment->match)) return;
    const struct relation_list *list = &moment->viewer->relations;
    if (list->count == RELATION_LIST_MOST ||
        relation_subscribed(relation_rows(&home(desk)->relations, list), list->count,
                            creator) ||
        subscriptions(desk, moment->viewer) >= (uint32_t)p->most || goes_back(desk, moment))
        return;
    struct stream draw = stream_open(state->join, moment->name, moment->occasion);
    if (stream_bernoulli(&draw, p->trial))
        bind(desk, moment, relation_make(RELATION_TRIAL, creator),
             moment->at + (sim_time)(p->trial_days * (double)TIME_DAY));
    else
        pay_first(desk, moment, exclusive);
}

/* Chance that a subscription ends now. */
static double leaves(struct stream_desk *desk, const struct moment *moment,
                     enum relation_kind kind, double exclusive)
{
    const struct subscription_parameters *p = desk->parameters;
    if (kind == RELATION_TRIAL) return 1 - p->convert;
    if (kind == RELATION_FIRST && goes_back(desk, moment)) return 1;
    double churn = kind == RELATION_FIRST ? p->churn_first : p->churn_later;
    return churn * patience(p, moment->viewer, exclusive) /
           demand(desk, moment, moment->video->creator);
}

static void due(struct stream_desk *desk, struct moment *moment)
{
    const struct subscription_parameters *p = desk->parameters;
    const struct subscription_state *state = desk->state;
    uint32_t creator = moment->video->creator;
    struct viewer *viewer = moment->viewer;
    struct relation_pool *pool = &home(desk)->relations;
    for (int kind = RELATION_TRIAL; kind <= RELATION_RENEWED; kind++) {
        struct relation now = relation_make((enum relation_kind)kind, creator);
        if (!relation_remove(pool, &viewer->relations, now)) continue;
        double exclusive = promised(desk, creator);
        if (exclusive < 0) return;
        struct stream draw = stream_open(state->renew, moment->name, decision(desk, moment));
        if (stream_bernoulli(&draw, leaves(desk, moment, relation_kind(now), exclusive)))
            return;
        if (kind == RELATION_TRIAL)
            pay_first(desk, moment, exclusive);
        else if (desk_charge(desk, moment, price(desk, moment, creator)))
            bind(desk, moment, relation_make(RELATION_RENEWED, creator),
                 after_period(p, moment->at));
        return;
    }
}

static void payment(struct stream_desk *desk, const struct payment *paid)
{
    const struct subscription_parameters *p = desk->parameters;
    struct subscription_state *state = desk->state;
    if (paid->detail & PAYMENT_FIRST)
        dues_wait(desk, &state->firsts, paid, p->refund_days);
    else
        payouts_share(desk, &state->payouts, desk_sale(desk, paid), p->platform_cut,
                      p->payout_days);
}

static void held(const struct stream_desk *desk, int64_t *escrow, int64_t *payable)
{
    const struct subscription_state *state = desk->state;
    *escrow = dues_held(&state->firsts);
    *payable = payouts_held(&state->payouts);
}

static void visit(struct stream_desk *desk, struct visitor *v)
{
    const struct subscription_parameters *p = desk->parameters;
    struct subscription_state *state = desk->state;
    uint64_t count = state->count;
    visit_count(v, "revenue.subscription.count", &count,
                desk->world->creators[desk->shard].count);
    if (!v->status && visit_loading(v))
        v->status = memory_grow(&state->page, &state->room, count, sizeof(*state->page));
    if (v->status) return;
    state->count = count;
    VISIT_ARRAY(v, "revenue.subscription.page", state->page, state->count);
    if (p->payout_days) payouts_visit(desk, &state->payouts, v);
    if (!p->refund_days) return;
    dues_visit(desk, &state->firsts, v);
    if (visit_loading(v) && !v->status && !dues_sound(&state->firsts, DUE_DETAIL_MOST, true))
        v->status = STATUS_BAD_INPUT;
}

const struct revenue_stream stream_subscription = {
    .about = {.name = "subscription",
              .doc = "viewers pay a creator by the month, for videos that others do not see",
              .reference = "Fader & Hardie 2007, How to project customer retention (sBG)",
              .parameters = &table,
              .state_size = sizeof(struct subscription_state)},
    .open = open_state,
    .release = release,
    .eligible = eligible,
    .offer = offer,
    .due = due,
    .payment = payment,
    .day = day,
    .held = held,
    .visit = visit,
    .priced = true,
};
