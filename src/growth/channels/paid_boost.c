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
 * reserve. Of orders that contend for a place the highest bid has it. The order pays the next
 * bid: the highest of the segments' as it is when the video is shown, and of the orders' below
 * its own that want the same viewers, as of the last close (generalised second price, Edelman,
 * Ostrovsky & Schwarz 2007, AER 97(1)); and never more than it bid: so what it holds is always
 * enough for what has been dealt. Of orders that bid the same none outbids the other: between
 * them it is the ranker who chooses. Their pace is that of the dealing.
 *
 * A cohort of creators may bid and aim as it likes (creators.bid, creators.target); the others
 * do as the parameters here say.
 */
#include <stdlib.h>

#include "base/memory.h"
#include "growth/channel.h"
#include "growth/posts.h"
#include "world/boost_target.h"

struct paid_boost_parameters {
    double cpm, premium, bid, min_spend, hours;
    bool targeted;
};

struct paid_boost_state {
    uint32_t *order; /* owned; [rows] position of the video's order + 1; 0 = none */
    uint64_t rows;   /* video rows at the last close */
    size_t room;
    /* of the first shard's state only */
    struct next_bid *next; /* owned; by video */
    size_t nexts, next_room;
    struct rung *rung; /* owned, within a close */
    size_t rung_room;
    double bids[SCHEMA_NAMES_MAX];    /* by creators' cohort; 0 = growth.paid_boost.bid */
    int32_t target[SCHEMA_NAMES_MAX]; /* enum boost_target */
};

/* The highest that orders with a lower bid than this video's offer for viewers whom it wants,
 * too; micro-units an impression. */
struct next_bid {
    uint32_t video;
    int64_t next;
};

/* An order among those that bid now. */
struct rung {
    int64_t bid;
    uint32_t topic, video;
    bool bids; /* false: it has ended, and only what was dealt is still shown */
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
         "impressions, in the place of cpm and premium, unless its cohort has a bid of its "
         "own (creators.bid); it keeps the bid that it was made with",
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
     .meaning = "the least that is put into an order, which is then for as many whole "
                "impressions as that pays for",
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
    memory_free(state->next);
    memory_free(state->rung);
}

/* What cohorts of creators want. */
static enum status open_bids(struct channel_desk *desk)
{
    const struct parameters *parameters = desk->world->parameters;
    const struct paid_boost_parameters *p = desk->parameters;
    struct paid_boost_state *state = desk->state;
    struct parameter all;
    if (desk->shard > 0) return STATUS_OK;
    desk->world->market.orders = &p->bid;
    if (!parameters_find(parameters, "creators.bid", &all)) return STATUS_OK;
    int32_t count = parameters_count(parameters, "creators.cohorts");
    for (int32_t k = 0; k < (count ? count : 1); k++) {
        struct parameter bid = parameters_inherited(parameters, "creators.cohorts", k, "bid"),
                         target = parameters_inherited(parameters, "creators.cohorts", k,
                                                       "target");
        state->bids[k] = *(const double *)bid.value;
        state->target[k] = *(const int32_t *)target.value;
    }
    return STATUS_OK;
}

/* Where wants and bids are kept. */
static const struct paid_boost_state *first_of(const struct channel_desk *desk)
{
    return desk[-(ptrdiff_t)desk->shard].state;
}

/* Whom an order of this creator goes to. */
static uint32_t audience(const struct channel_desk *desk, const struct creator *creator,
                         uint32_t topic)
{
    const struct paid_boost_parameters *p = desk->parameters;
    int32_t target = first_of(desk)->target[creator->cohort];
    if (target == BOOST_TO_NEW) return BOOST_NEW;
    if (target == BOOST_AS_SET) target = p->targeted ? BOOST_TO_TOPIC : BOOST_TO_ALL;
    return target == BOOST_TO_TOPIC ? topic : BOOST_ANYONE;
}

/* A price, or a bid, is a whole number of micro-units, at least one. */
static int64_t price(const struct channel_desk *desk, const struct creator *creator)
{
    const struct paid_boost_parameters *p = desk->parameters;
    double own = first_of(desk)->bids[creator->cohort],
           premium = audience(desk, creator, 0) == BOOST_ANYONE ? 0 : p->premium,
           cpm = p->cpm * (1 + premium);
    if (desk->world->market.open) cpm = own > 0 ? own : p->bid;
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
        if (world_video(world, c->videos[i])->flags & VIDEO_EXCLUSIVE) continue;
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
    const struct creator *c = &world->creators[desk->shard].row[creator];
    int64_t each = price(desk, c), count = budget / each;
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
                            .topic = audience(desk, c, truth->topic),
                            .ends = world->close + (sim_time)(p->hours * (double)TIME_HOUR),
                            .channel = desk->index};
    state->order[row] = (uint32_t)boosts->count;
    desk_spend(desk, creator, ACCOUNT_ESCROW, each * count);
    return each * count;
}

/* ---------------------------------------------------------------------------------- serving */

static int by_video(const void *a, const void *b)
{
    const struct next_bid *x = a, *y = b;
    return (x->video > y->video) - (x->video < y->video);
}

/* What the orders below the one for this video bid; 0 = nothing. */
static int64_t next_of(const struct channel_desk *desk, uint32_t video)
{
    const struct paid_boost_state *first = first_of(desk);
    const struct next_bid key = {.video = video}, *found = NULL;
    if (first->nexts)
        found = bsearch(&key, first->next, first->nexts, sizeof(*first->next), by_video);
    return found ? found->next : 0;
}

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
    double rival = ad_market_rival(&w->market, &place), next = (double)next_of(desk, r->video);
    if (next > rival) rival = next;
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

/* ---------------------------------------------------------------------------------- bidding */

/* The lowest bid first. */
static int by_bid(const void *a, const void *b)
{
    const struct rung *x = a, *y = b;
    if (x->bid != y->bid) return x->bid < y->bid ? -1 : 1;
    return (x->video > y->video) - (x->video < y->video);
}

/* The orders of all shards; those that end by `now` do not bid any more. */
static enum status collect(struct channel_desk *desks, uint32_t shards, sim_time now, size_t *n)
{
    struct paid_boost_state *first = desks[0].state;
    const struct world *w = desks[0].world;
    *n = 0;
    for (uint32_t s = 0; s < shards; s++) {
        const struct boost_shard *boosts = &w->boosts[s];
        enum status status = memory_grow(&first->rung, &first->rung_room, *n + boosts->count,
                                         sizeof(*first->rung));
        if (status) return status;
        for (size_t i = 0; i < boosts->count; i++) {
            const struct boost *boost = &boosts->row[i];
            if (boost->channel != desks[0].index) continue;
            first->rung[(*n)++] = (struct rung){.bid = boost->price,
                                                .topic = boost->topic,
                                                .video = boost->video,
                                                .bids = boost->left > 0 && boost->ends > now};
        }
    }
    return memory_grow(&first->next, &first->next_room, *n, sizeof(*first->next));
}

/* The highest bids so far, from below, by whom they want. Who is new is known to like no topic
 * yet. */
struct ladder {
    int64_t any, anyone, new, topic[TOPICS_MAX];
};

static int64_t below(const struct ladder *ladder, uint32_t topic)
{
    if (topic == BOOST_ANYONE) return ladder->any;
    int64_t own = topic == BOOST_NEW ? ladder->new : ladder->topic[topic];
    return own > ladder->anyone ? own : ladder->anyone;
}

static void climb(struct ladder *ladder, const struct rung *rung)
{
    if (!rung->bids) return;
    ladder->any = rung->bid;
    if (rung->topic == BOOST_ANYONE)
        ladder->anyone = rung->bid;
    else if (rung->topic == BOOST_NEW)
        ladder->new = rung->bid;
    else
        ladder->topic[rung->topic] = rung->bid;
}

/* Bids from the lowest up; equal ones are above the same. */
static void find_next(const struct rung *rung, size_t n, struct next_bid *out)
{
    struct ladder ladder = {0};
    for (size_t i = 0, same = 0; i < n; i = same) {
        for (; same < n && rung[same].bid == rung[i].bid; same++)
            out[same] = (struct next_bid){rung[same].video, below(&ladder, rung[same].topic)};
        for (size_t k = i; k < same; k++) climb(&ladder, &rung[k]);
    }
}

/* Who is next below whom, for the window that begins. */
static enum status rank_bids(struct channel_desk *desks, uint32_t shards, sim_time now)
{
    struct paid_boost_state *first = desks[0].state;
    size_t n;
    first->nexts = 0;
    if (!ad_market_shared(&desks[0].world->market)) return STATUS_OK;
    enum status status = collect(desks, shards, now, &n);
    if (status || n == 0) return status;
    qsort(first->rung, n, sizeof(*first->rung), by_bid);
    find_next(first->rung, n, first->next);
    qsort(first->next, n, sizeof(*first->next), by_video);
    first->nexts = n;
    return STATUS_OK;
}

static enum status close_window(struct channel_desk *desks, uint32_t shards)
{
    return rank_bids(desks, shards, desks[0].world->close);
}

/* An order holds what its impressions cost, and wants somebody who there is. */
static bool orders_sound(const struct channel_desk *desk)
{
    const struct boost_shard *boosts = &desk->world->boosts[desk->shard];
    for (size_t i = 0; i < boosts->count; i++) {
        const struct boost *boost = &boosts->row[i];
        bool known = boost->topic < (uint32_t)desk->world->topics.count ||
                     boost->topic >= BOOST_NEW;
        if (boost->channel == desk->index &&
            (!known || boost->escrow / boost->price != boost->left))
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
    uint32_t shards = desk->world->shards.count;
    v->status = orders_sound(desk) ? make_room(desk) : STATUS_BAD_INPUT;
    if (!v->status && desk->shard + 1 == shards)
        v->status = rank_bids(desk - desk->shard, shards,
                              engine_window_start(desk->world->engine));
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
    .close = close_window,
    .visit = visit,
};
