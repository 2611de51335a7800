/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Paid boost: a creator buys impressions of its newest video at a fixed price, or bids for them
 * against the advertisers. The money waits in escrow: each impression that is served moves its
 * price to the platform, what is left at the end goes back. The platform deals an order's
 * impressions to viewer shards at the close and none at or after its end; an order is kept two
 * windows longer, so that all that were dealt are counted.
 *
 * Where ads are sold by auction (world/ad_market.h) a video that is paid for is shown in the
 * place of an ad, to a viewer for whom the order's bid is above those of all segments and the
 * reserve. The order pays the highest of these as it is when the video is shown, and never more
 * than it bid: so what it holds is always enough for what has been dealt. Its pace is that of
 * the dealing. Orders do not outbid each other.
 */
#include "base/memory.h"
#include "growth/channel.h"
#include "growth/posts.h"

struct paid_boost_parameters {
    double cpm, premium, bid, min_spend, hours;
    bool targeted;
};

struct paid_boost_state {
    uint32_t *order; /* owned; [rows] position of the video's order + 1; 0 = none */
    uint64_t rows;   /* video rows at the last close */
    size_t room;
};

#define AT(member) .offset = offsetof(struct paid_boost_parameters, member)
/* Creators who earn well and spend all of it, four times a day. */
#define BOOSTS                                                                                 \
    "growth.channels=[\"paid_boost\"] creators.boost=1.0 creators.review_days=0.25 "           \
    "growth.paid_boost.min_spend=0.0 revenue.ads.cpm=100.0 revenue.ads.min_followers=0 "       \
    "revenue.ads.min_views=0"
#define NEEDS .needs = BOOSTS

static const struct schema_row rows[] = {
    {.path = "cpm",
     .type = SCHEMA_FLOAT,
     .unit = "currency/1000",
     .low = 0.001,
     .high = 1e6,
     .initial = "20.0",
     .meaning = "price of 1000 promoted impressions",
     .source = "V2 DOU (100 yuan = 5,000 plays)",
     .plausible_low = 10,
     .plausible_high = 60,
     .when = SCHEMA_WINDOW,
     .moves = "impressions_promoted",
     .sign = -1,
     .from = "10.0",
     .to = "60.0",
     NEEDS,
     AT(cpm)},
    {.path = "targeted",
     .type = SCHEMA_BOOL,
     .unit = "1",
     .initial = "false",
     .meaning = "orders go only to viewers with an interest in the video's topic",
     .source = "A",
     .when = SCHEMA_WINDOW,
     .moves = "impressions_promoted",
     .sign = -1,
     .from = "false",
     .to = "true",
     NEEDS,
     AT(targeted)},
    {.path = "premium",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 100,
     .initial = "0.35",
     .meaning = "what targeting adds to the price",
     .source = "V2 DOU (20 to 50 %)",
     .plausible_low = 0.2,
     .plausible_high = 0.5,
     .when = SCHEMA_WINDOW,
     .moves = "impressions_promoted",
     .sign = -1,
     .from = "0.0",
     .to = "3.0",
     .needs = BOOSTS " growth.paid_boost.targeted=true platform.retrieve.promoted.share=0.5",
     AT(premium)},
    {.path = "bid",
     .type = SCHEMA_FLOAT,
     .unit = "currency/1000",
     .low = 0.001,
     .high = 1e6,
     .initial = "20.0",
     .meaning =
         "where ads are sold by auction (revenue.ads.market): what an order bids for 1000 "
         "impressions, in the place of cpm and premium; it keeps the bid that it was made "
         "with",
     .source = "A (the fixed price)",
     .plausible_low = 5,
     .plausible_high = 60,
     .when = SCHEMA_WINDOW,
     .moves = "impressions_promoted",
     .sign = 1,
     .from = "2.0",
     .to = "40.0",
     .needs = BOOSTS " revenue.ads.market=\"auction\" revenue.ads.segments[0].value=40 "
                     "revenue.ads.segments[1].value=40",
     AT(bid)},
    {.path = "min_spend",
     .type = SCHEMA_FLOAT,
     .unit = "currency",
     .low = 0,
     .high = 1e6,
     .initial = "10.0",
     .meaning = "the smallest order",
     .source = "A (DOU+ 100, V2: 5,000 plays; a tenth for small audiences, as "
               "revenue.ads.min_views)",
     .plausible_low = 1,
     .plausible_high = 100,
     .when = SCHEMA_WINDOW,
     .moves = "impressions_promoted",
     .sign = -1,
     .from = "0.0",
     .to = "50.0",
     NEEDS,
     AT(min_spend)},
    {.path = "hours",
     .type = SCHEMA_FLOAT,
     .unit = "h",
     .low = 0.25,
     .high = 8760,
     .initial = "24.0",
     .meaning = "how long an order may take",
     .source = "V2 DOU (2, 6, 12 or 24 h)",
     .plausible_low = 2,
     .plausible_high = 24,
     .when = SCHEMA_WINDOW,
     .moves = "impressions_promoted",
     .sign = 1,
     .from = "0.25",
     .to = "24.0",
     NEEDS,
     AT(hours)},
};
static const struct schema_table table = {.prefix = "growth.paid_boost",
                                          .size = sizeof(struct paid_boost_parameters),
                                          SCHEMA_ROWS(rows)};

static void release(struct channel_desk *desk)
{
    struct paid_boost_state *state = desk->state;
    memory_free(state->order);
}

static enum status open_bids(struct channel_desk *desk)
{
    const struct paid_boost_parameters *p = desk->parameters;
    if (desk->shard == 0) desk->world->market.orders = &p->bid;
    return STATUS_OK;
}

/* A price, or a bid, is a whole number of micro-units, at least one. */
static int64_t price(const struct channel_desk *desk)
{
    const struct paid_boost_parameters *p = desk->parameters;
    double cpm = desk->world->market.open ? p->bid
                                          : p->cpm * (p->targeted ? 1 + p->premium : 1);
    double micro = cpm * ((double)MICRO / 1000);
    return micro < 1 ? 1 : (int64_t)(micro + 0.5);
}

/* --------------------------------------------------------------------------------- ordering */

static struct boost *order_of(const struct channel_desk *desk, uint32_t video_row)
{
    const struct paid_boost_state *state = desk->state;
    struct boost_shard *boosts = &desk->world->boosts[desk->shard];
    uint32_t at = video_row < state->rows ? state->order[video_row] : 0;
    return at ? &boosts->row[at - 1] : NULL;
}

/* The newest active video of a creator that has no order yet; ENTITY_NONE = none. A row that
 * came after the last close cannot be looked up yet and waits. */
static uint32_t video_to_promote(const struct channel_desk *desk, uint32_t creator)
{
    const struct paid_boost_state *state = desk->state;
    const struct world *world = desk->world;
    const struct creator *c = &world->creators[desk->shard].row[creator];
    for (size_t i = 0; i < POSTS; i++) {
        if (!posts_has(desk, creator, c->videos[i])) continue;
        uint32_t row = entity_row(world->shards, c->videos[i]);
        if (row < state->rows && !state->order[row]) return c->videos[i];
    }
    return ENTITY_NONE;
}

static int64_t promote(struct channel_desk *desk, uint32_t creator, int64_t budget)
{
    const struct paid_boost_parameters *p = desk->parameters;
    struct paid_boost_state *state = desk->state;
    struct world *world = desk->world;
    struct boost_shard *boosts = &world->boosts[desk->shard];
    int64_t each = price(desk), count = budget / each;
    uint32_t video = video_to_promote(desk, creator);
    if ((double)budget < p->min_spend * (double)MICRO || count < 1) return 0;
    if (video == ENTITY_NONE) return 0;
    if (count > UINT32_MAX) count = UINT32_MAX;
    uint32_t row = entity_row(world->shards, video);
    const struct video *truth = &world->videos[desk->shard].row[row];
    struct boost *boost = boost_add(boosts);
    if (!boost) {
        desk->fault = STATUS_NO_MEMORY;
        return 0;
    }
    *boost = (struct boost){.name = truth->name,
                            .video = video,
                            .creator = creator,
                            .price = each,
                            .escrow = each * count,
                            .left = (uint32_t)count,
                            .topic = p->targeted ? truth->topic : UINT32_MAX,
                            .ends = world->close + (sim_time)(p->hours * (double)TIME_HOUR),
                            .channel = desk->index};
    state->order[row] = (uint32_t)boosts->count;
    desk_spend(desk, creator, ACCOUNT_ESCROW, each * count);
    return each * count;
}

/* ---------------------------------------------------------------------------------- serving */

/* What this impression costs: at most the order's price. */
static int64_t cost(const struct channel_desk *desk, const struct boost *boost,
                    const struct impression *r)
{
    const struct world *w = desk->world;
    const struct video *video = world_video(w, r->video);
    if (!w->market.open) return boost->price;
    const struct ad_place place = {.viewer = world_viewer_name(w, r->viewer),
                                   .video = video->name,
                                   .topic = video->topic,
                                   .factor = w->topics.topic[video->topic].cpm_factor};
    double rival = ad_market_rival(&w->market, &place);
    return rival < (double)boost->price ? (int64_t)(rival + 0.5) : boost->price;
}

static void serve_one(struct channel_desk *desk, struct boost *boost,
                      const struct impression *r)
{
    if (boost->left == 0) {
        desk->fault = STATUS_FAULT; /* more was served than was paid for */
        return;
    }
    int64_t amount = cost(desk, boost, r);
    boost->escrow -= amount;
    boost->left = (uint32_t)(boost->escrow / boost->price);
    desk_served(desk, boost->creator, amount);
    if (boost->left == 0 && boost->ends > desk->world->close) boost->ends = desk->world->close;
}

static void serve(struct channel_desk *desk, const struct impression *impressions, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (impressions[i].source != SOURCE_PROMOTED) continue;
        struct boost *boost = order_of(desk,
                                       entity_row(desk->world->shards, impressions[i].video));
        if (boost) serve_one(desk, boost, &impressions[i]);
    }
}

/* ----------------------------------------------------------------------------------- ending */

static bool has_left(const struct world *world, const struct boost *boost)
{
    const struct video_shard *videos = &world
                                            ->videos[entity_shard(world->shards, boost->video)];
    uint32_t row = entity_row(world->shards, boost->video);
    return videos->counter[row].state != VIDEO_ACTIVE || videos->row[row].name != boost->name;
}

/* Orders whose last impressions have been counted go; their money goes back. */
static void end_orders(struct channel_desk *desk)
{
    struct world *world = desk->world;
    struct boost_shard *boosts = &world->boosts[desk->shard];
    size_t kept = 0;
    for (size_t i = 0; i < boosts->count; i++) {
        struct boost *boost = &boosts->row[i];
        bool mine = boost->channel == desk->index;
        if (mine && boost->ends > world->close && has_left(world, boost))
            boost->ends = world->close;
        if (mine && world->close >= boost->ends + 2 * world->window)
            desk_refund(desk, boost->creator, boost->escrow);
        else
            boosts->row[kept++] = *boost;
    }
    boosts->count = kept;
}

/* Looks orders up by video. Rows without one are 0 already. */
static enum status index_orders(struct channel_desk *desk)
{
    const struct world *world = desk->world;
    struct paid_boost_state *state = desk->state;
    const struct boost_shard *boosts = &world->boosts[desk->shard];
    enum status status = memory_grow(&state->order, &state->room,
                                     world->videos[desk->shard].count, sizeof(*state->order));
    if (status) return status;
    for (size_t i = 0; i < boosts->count; i++)
        if (boosts->row[i].channel == desk->index)
            state->order[entity_row(world->shards, boosts->row[i].video)] = (uint32_t)i + 1;
    return STATUS_OK;
}

static void forget_orders(struct channel_desk *desk)
{
    const struct world *world = desk->world;
    struct paid_boost_state *state = desk->state;
    const struct boost_shard *boosts = &world->boosts[desk->shard];
    for (size_t i = 0; i < boosts->count; i++) {
        uint32_t row = entity_row(world->shards, boosts->row[i].video);
        if (row < state->rows) state->order[row] = 0;
    }
}

/* Each creator has room for an order in the next window. */
static enum status make_room(struct channel_desk *desk)
{
    const struct world *world = desk->world;
    enum status status = boost_reserve(&world->boosts[desk->shard],
                                       world->creators[desk->shard].active);
    return status ? status : index_orders(desk);
}

static enum status settle(struct channel_desk *desk)
{
    struct paid_boost_state *state = desk->state;
    forget_orders(desk);
    end_orders(desk);
    enum status status = make_room(desk);
    if (!status) state->rows = desk->world->videos[desk->shard].count;
    return status;
}

/* An order holds what its impressions cost. */
static bool orders_sound(const struct channel_desk *desk)
{
    const struct boost_shard *boosts = &desk->world->boosts[desk->shard];
    for (size_t i = 0; i < boosts->count; i++) {
        const struct boost *boost = &boosts->row[i];
        if (boost->channel == desk->index && boost->escrow / boost->price != boost->left)
            return false;
    }
    return true;
}

static void visit(struct channel_desk *desk, struct visitor *v)
{
    struct paid_boost_state *state = desk->state;
    VISIT_VALUE(v, "paid_boost.rows", state->rows);
    if (!visit_loading(v) || v->status) return;
    if (state->rows > desk->world->videos[desk->shard].count) {
        v->status = STATUS_BAD_INPUT;
        return;
    }
    for (size_t i = 0; i < state->room; i++) state->order[i] = 0;
    v->status = orders_sound(desk) ? make_room(desk) : STATUS_BAD_INPUT;
}

const struct channel channel_paid_boost = {
    .about = {.name = "paid_boost",
              .doc = "creators buy impressions of their newest video",
              .reference = "DOU+ price lists (1984nian.com, mr010.com)",
              .parameters = &table,
              .state_size = sizeof(struct paid_boost_state)},
    .open = open_bids,
    .release = release,
    .rows = serve,
    .promote = promote,
    .settle = settle,
    .visit = visit,
};
