/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Ads: advertisers pay a fixed price a thousand impressions, by the topic of the video that the
 * ad is shown with. Places that nobody buys (`fill`) show an ad of the house, which takes as
 * long and brings nothing. Creators who pass the gates have a share of it, the rest is the
 * platform's. Creators are paid at once, or some days later (payouts.h).
 *
 * Or segments of advertisers bid for each place (world/ad_market.h, auction.h). What a place is
 * worth to one is uniform up to its value; it bids that times a multiplier that paces its
 * budget over the day, moved at each close (Balseiro & Gur 2019 adapt it by a like rule). What
 * a budget may spend in a window is set aside before: it lies in the account of the
 * advertisers, whose purse it is, and who has none left in a shard does not bid there.
 */
#include "revenue/auction.h"
#include "revenue/payouts.h"

enum ads_market { MARKET_CPM, MARKET_AUCTION };

struct ads_parameters {
    double cpm, fill, creator_share, reserve;
    int64_t min_followers, min_views, payout_days;
    int32_t market;
};

/* Paces and what was spent today are those of the first shard's, the rest a shard's own. */
struct ads_state {
    struct stream_key fill;
    struct payouts payouts;
    double pace[SEGMENTS_MOST];
    int64_t today[SEGMENTS_MOST]; /* spent since the day began, before this window */
    int64_t left[SEGMENTS_MOST];  /* set aside for this window */
    int64_t spent[SEGMENTS_MOST]; /* in this window */
    int64_t before;               /* what `left` came to, within a close */
};

#define AT(member) .offset = offsetof(struct ads_parameters, member)

static const struct schema_row rows[] = {
    {.path = "cpm",
     .type = SCHEMA_FLOAT,
     .unit = "currency/1000",
     .low = 0,
     .high = 1e6,
     .initial = "14.0",
     .meaning = "what advertisers pay for 1000 ad impressions",
     .source = "D KS+KR (RMB 14 at a load of 8 %; 7 to 22 at 15 to 5 %)",
     .plausible_low = 7.2,
     .plausible_high = 21.7,
     .when = SCHEMA_WINDOW,
     .moves = "revenue_ads",
     .sign = 1,
     .from = "7.2",
     .to = "21.7",
     .needs = "revenue.streams=[\"ads\"]",
     AT(cpm)},
    {.path = "market",
     .type = SCHEMA_CHOICE,
     .unit = "1",
     .low = 0,
     .initial = "\"cpm\"",
     .choices = "cpm|auction",
     .meaning = "a fixed price, or a second-price auction among revenue.ads.segments (none: "
                "nobody buys)",
     .source = "scenario",
     .when = SCHEMA_START,
     .moves = "revenue_ads",
     .sign = -1,
     .from = "\"cpm\"",
     .to = "\"auction\"",
     .needs = "revenue.streams=[\"ads\"] revenue.ads.segments[0].value=10 "
              "revenue.ads.segments[1].value=10",
     AT(market)},
    {.path = "reserve",
     .type = SCHEMA_FLOAT,
     .unit = "currency/1000",
     .low = 0,
     .high = 1e6,
     .initial = "0.0",
     .meaning = "in the auction: what 1000 impressions cost at least, or nobody has them",
     .source = "A",
     .plausible_low = 0,
     .plausible_high = 10,
     .when = SCHEMA_WINDOW,
     .moves = "revenue_ads",
     .sign = 1,
     .from = "0",
     .to = "10",
     .needs = "revenue.streams=[\"ads\"] revenue.ads.market=\"auction\" "
              "revenue.ads.segments[0].value=20",
     AT(reserve)},
    {.path = "fill",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "1.0",
     .meaning =
         "share of ads that an advertiser pays for; a boycott by part of them is a dated "
         "fall of it",
     .source = "A",
     .plausible_low = 0.7,
     .plausible_high = 1,
     .when = SCHEMA_WINDOW,
     .moves = "revenue_ads",
     .sign = 1,
     .from = "0.2",
     .to = "1",
     .needs = "revenue.streams=[\"ads\"]",
     AT(fill)},
    {.path = "creator_share",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0.45",
     .meaning = "share of an ad's price that goes to the creator",
     .source = "V YPP (45 % Shorts, 55 % long videos)",
     .when = SCHEMA_WINDOW,
     .split = SCHEMA_SPLIT_CREATOR,
     .moves = "creator_income",
     .sign = 1,
     .from = "0.1",
     .to = "0.9",
     .needs = "revenue.streams=[\"ads\"] revenue.ads.min_followers=0 revenue.ads.min_views=0",
     AT(creator_share)},
    {.path = "min_followers",
     .type = SCHEMA_INT,
     .unit = "followers",
     .low = 0,
     .high = 1e9,
     .initial = "1000",
     .meaning = "followers from which a creator has a share",
     .source = "V YPP (1,000); TikTok 10,000 V2",
     .when = SCHEMA_WINDOW,
     .split = SCHEMA_SPLIT_CREATOR,
     .moves = "creator_income",
     .sign = -1,
     .from = "0",
     .to = "1000000",
     .needs = "revenue.streams=[\"ads\"] revenue.ads.min_views=0",
     AT(min_followers)},
    {.path = "min_views",
     .type = SCHEMA_INT,
     .unit = "views",
     .low = 0,
     .high = 4e9,
     .initial = "10000",
     .meaning = "qualified views in 30 days from which a creator has a share",
     .source = "A (TikTok 100,000 V2, scaled to small audiences)",
     .plausible_low = 1000,
     .plausible_high = 100000,
     .when = SCHEMA_WINDOW,
     .split = SCHEMA_SPLIT_CREATOR,
     .moves = "creator_income",
     .sign = -1,
     .from = "0",
     .to = "4000000000",
     .needs = "revenue.streams=[\"ads\"] revenue.ads.min_followers=0",
     AT(min_views)},
    PAYOUTS_ROW(
        struct ads_parameters,
        "revenue.streams=[\"ads\"] revenue.ads.min_followers=0 revenue.ads.min_views=0"),
};
static const struct schema_table table = {
    .prefix = "revenue.ads", .size = sizeof(struct ads_parameters), SCHEMA_ROWS(rows)};

static bool eligible(const void *parameters, const struct creator *creator)
{
    const struct ads_parameters *p = parameters;
    return creator->followers >= p->min_followers && creator->views_30d >= p->min_views;
}

/* A price is a whole number of micro-units: what an ad costs does not depend on the others. */
static int64_t price(const struct stream_desk *desk, uint8_t topic)
{
    const struct ads_parameters *p = desk->parameters;
    double micro = p->cpm * desk->world->topics.topic[topic].cpm_factor *
                   ((double)MICRO / 1000);
    return (int64_t)(micro + 0.5);
}

/* Whether an advertiser pays for the ad of this impression. */
static bool sold(const struct stream_desk *desk, const struct impression *r)
{
    const struct ads_parameters *p = desk->parameters;
    const struct ads_state *state = desk->state;
    if (p->fill >= 1) return true;
    uint64_t viewer = world_viewer_name(desk->world, r->viewer);
    uint32_t when = name_fold((uint64_t)(desk->world->now + (sim_time)r->at));
    struct stream_words words = stream_block(state->fill, viewer, when, 0);
    return words_uniform(words.word[0], words.word[1]) < p->fill;
}

/* ------------------------------------------------------------------------------- the auction
 */

static int64_t micro(double amount) { return (int64_t)(amount * (double)MICRO + 0.5); }

static int64_t set_aside(const struct ads_state *state)
{
    int64_t sum = 0;
    for (int i = 0; i < SEGMENTS_MOST; i++) sum = ledger_sum(sum, state->left[i]);
    return sum;
}

/* What of a day's budget may be spent in the window that begins at `from`: at most four times
 * an even part of what is left. */
#define CATCH_UP 4.0
static int64_t allowance(const struct world *w, sim_time from, int64_t left)
{
    double windows = (double)(TIME_DAY - from % TIME_DAY) / (double)w->window;
    double share = CATCH_UP / (windows > CATCH_UP ? windows : CATCH_UP);
    int64_t due = (int64_t)((double)left * share);
    return left <= 0 ? 0 : due < left ? due : left;
}

/* Who has no money for the window does not bid. */
static void publish(struct stream_desk *desks, uint32_t shards)
{
    struct ad_market *market = &desks[0].world->market;
    const struct ads_state *first = desks[0].state;
    for (int32_t i = 0; i < market->count; i++) {
        bool money = false;
        for (uint32_t s = 0; s < shards && !money; s++)
            money = ((const struct ads_state *)desks[s].state)->left[i] > 0;
        market->pace[i] = money ? first->pace[i] : 0;
    }
}

static void deal(struct stream_desk *desks, uint32_t shards, int32_t i)
{
    const struct world *w = desks[0].world;
    const struct ads_state *first = desks[0].state;
    int64_t budget = micro(w->market.segment[i].budget);
    int64_t all = allowance(w, w->close, budget - first->today[i]);
    uint32_t begin = (uint32_t)((uint64_t)(w->close / w->window) % shards);
    for (uint32_t s = 0; s < shards; s++) {
        struct ads_state *state = desks[s].state;
        state->left[i] = auction_part(all, shards, begin, s);
        state->spent[i] = 0;
    }
}

/* The window's spending moves the pace; what was not spent is dealt anew. */
static void settle_segment(struct stream_desk *desks, uint32_t shards, int32_t i)
{
    const struct world *w = desks[0].world;
    struct ads_state *first = desks[0].state;
    double windows = (double)(TIME_DAY - w->now % TIME_DAY) / (double)w->window;
    double due = (double)(micro(w->market.segment[i].budget) - first->today[i]) / windows;
    int64_t spent = 0;
    for (uint32_t s = 0; s < shards; s++)
        spent += ((const struct ads_state *)desks[s].state)->spent[i];
    first->pace[i] = auction_pace(first->pace[i], spent, due);
    first->today[i] = w->close / TIME_DAY > w->now / TIME_DAY ? 0 : first->today[i] + spent;
    deal(desks, shards, i);
}

/* What is set aside lies in the advertisers' account. */
static void settle(struct stream_desk *desks, uint32_t shards)
{
    const struct ad_market *market = &desks[0].world->market;
    if (!market->open) return;
    for (uint32_t s = 0; s < shards; s++) {
        struct ads_state *state = desks[s].state;
        state->before = set_aside(state);
    }
    for (int32_t i = 0; i < market->count; i++) settle_segment(desks, shards, i);
    for (uint32_t s = 0; s < shards; s++) {
        const struct ads_state *state = desks[s].state;
        int64_t more = set_aside(state) - state->before;
        if (more > 0) desk_move(&desks[s], ACCOUNT_OUTSIDE, ACCOUNT_ADVERTISERS, more);
        if (more < 0) desk_move(&desks[s], ACCOUNT_ADVERTISERS, ACCOUNT_OUTSIDE, -more);
    }
    publish(desks, shards);
}

/* What a segment pays for the ad of this impression; 0 = nobody has it. */
static int64_t sell(struct stream_desk *desk, const struct impression *r,
                    const struct video *video)
{
    const struct world *w = desk->world;
    const struct ad_market *market = &w->market;
    struct ads_state *state = desk->state;
    const struct ad_place place = {.viewer = world_viewer_name(w, r->viewer),
                                   .video = video->name,
                                   .topic = video->topic,
                                   .factor = w->topics.topic[video->topic].cpm_factor};
    struct auction_bids bids = {.count = market->count};
    for (int32_t i = 0; i < bids.count; i++) bids.bid[i] = ad_market_bid(market, &place, i);
    struct auction_sale sale = auction_run(&bids, state->left, ad_market_reserve(market));
    if (sale.winner < 0) return 0;
    state->left[sale.winner] -= sale.price;
    state->spent[sale.winner] += sale.price;
    return sale.price;
}

/* The first budgets are set aside at the first close. */
static void open_market(struct world *w, const struct ads_parameters *p)
{
    static const struct purpose bids = {"revenue.ads.bids", PURPOSE_LUCK};
    w->market = (struct ad_market){
        .open = true,
        .key = stream_key(w->seed, &bids),
        .segment = parameters_block(w->parameters, auction_table.prefix),
        .count = parameters_count(w->parameters, auction_table.prefix),
        .reserve = &p->reserve};
}

static enum status open_state(struct stream_desk *desk)
{
    static const struct purpose fill = {"revenue.ads.fill", PURPOSE_LUCK};
    const struct ads_parameters *p = desk->parameters;
    struct ads_state *state = desk->state;
    state->fill = stream_key(desk->world->seed, &fill);
    for (int i = 0; i < SEGMENTS_MOST; i++) state->pace[i] = 1;
    if (desk->shard == 0 && p->market == MARKET_AUCTION) open_market(desk->world, p);
    return STATUS_OK;
}

static int64_t budgets(const struct stream_desk *desk)
{
    return desk->world->market.open ? set_aside(desk->state) : -1;
}

static bool sound(const struct ads_state *state, int32_t segments)
{
    for (int32_t i = 0; i < segments; i++)
        if (!(state->pace[i] > 0 && state->pace[i] <= 1) || state->today[i] < 0 ||
            state->left[i] < 0)
            return false;
    return true;
}

/* Between windows nothing of `spent` is left. */
static void visit_market(struct stream_desk *desk, struct visitor *v)
{
    const struct ad_market *market = &desk->world->market;
    const uint32_t shards = desk->world->shards.count;
    struct ads_state *state = desk->state;
    size_t n = (size_t)market->count;
    VISIT_ARRAY(v, "ads.pace", state->pace, n);
    visit_money(v, "ads.today", state->today, sizeof(int64_t), sizeof(int64_t), n);
    visit_money(v, "ads.left", state->left, sizeof(int64_t), sizeof(int64_t), n);
    if (!visit_loading(v) || v->status) return;
    if (!sound(state, market->count)) v->status = STATUS_BAD_INPUT;
    if (desk->shard == shards - 1) publish(desk_of(desk, 0), shards);
}

static void visit(struct stream_desk *desk, struct visitor *v)
{
    const struct ads_parameters *p = desk->parameters;
    struct ads_state *state = desk->state;
    if (p->payout_days) payouts_visit(desk, &state->payouts, v);
    if (desk->world->market.open) visit_market(desk, v);
}

/* --------------------------------------------------------------------------------- earning
 */

static void earn_one(struct stream_desk *desk, const struct video *video,
                     const struct impression *r)
{
    uint32_t creator = entity_row(desk->world->shards, video->creator);
    const struct ads_parameters *p = desk_rules(desk, creator);
    struct ads_state *state = desk->state;
    const double shares[2] = {0, desk_eligible(desk, creator) ? p->creator_share : 0};
    struct money_act act = money_act(MONEY_SHOWN, desk->world->close);
    int64_t parts[2],
        paid = desk->world->market.open ? sell(desk, r, video) : price(desk, video->topic);
    act.creator = video->creator;
    desk_act(desk, act);
    ledger_split(paid, shares, 2, parts);
    desk_spent(desk, r->viewer, parts[0] + parts[1]);
    desk_move(desk, ACCOUNT_ADVERTISERS, ACCOUNT_PLATFORM, parts[0]);
    if (parts[1])
        payouts_pay(desk, &state->payouts,
                    (struct payout){parts[1], p->payout_days, ACCOUNT_ADVERTISERS, creator});
}

static void earn(struct stream_desk *desk, const struct impression *impressions, size_t n)
{
    const struct video *videos = desk->world->videos[desk->shard].row;
    for (size_t i = 0; i < n; i++)
        if (impressions[i].acts & ACT_AD && sold(desk, &impressions[i]))
            earn_one(desk, &videos[entity_row(desk->world->shards, impressions[i].video)],
                     &impressions[i]);
}

static void release(struct stream_desk *desk)
{
    struct ads_state *state = desk->state;
    payouts_free(&state->payouts);
}

static void day(struct stream_desk *desks, uint32_t shards)
{
    const struct ads_parameters *p = desks[0].parameters;
    for (uint32_t s = 0; p->payout_days && s < shards; s++) {
        struct ads_state *state = desks[s].state;
        payouts_day(&desks[s], &state->payouts, p->payout_days);
    }
}

static void held(const struct stream_desk *desk, int64_t *escrow, int64_t *payable)
{
    const struct ads_state *state = desk->state;
    (void)escrow;
    *payable = payouts_held(&state->payouts);
}

const struct revenue_stream stream_ads = {
    .about = {.name = "ads",
              .doc = "a share of what advertisers pay for impressions",
              .reference = "none",
              .parameters = &table,
              .state_size = sizeof(struct ads_state)},
    .open = open_state,
    .release = release,
    .eligible = eligible,
    .earn = earn,
    .settle = settle,
    .day = day,
    .held = held,
    .budgets = budgets,
    .visit = visit,
};
