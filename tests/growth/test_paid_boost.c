/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Orders against budgets: never a micro-unit more than was given, every one accounted for.
 */
#include "growth/play.h"
#include "world/boost_target.h"

static const struct scene_size size = {2, 4, 12, 60};

static void open_boost(struct play *play, const char *min_spend)
{
    *play = (struct play){0};
    scene_init(&play->scene);
    scene_set(&play->scene, "growth.channels", "[\"paid_boost\"]");
    scene_set(&play->scene, "growth.paid_boost.min_spend", min_spend);
}

static int64_t order(struct play *play, uint32_t shard, uint32_t row, int64_t budget)
{
    struct promotion_service service = growth_promotion(play->growth);
    return service.promote(service.self, shard, row, budget);
}

/* Advertisers bid for the places, too: n of them, uniform up to 30 and 25 for a thousand. */
static void bid_against(struct play *play, int32_t n)
{
    static const struct ad_segment bidders[2] = {{.value = 30, .topic = -1},
                                                 {.value = 25, .topic = -1}};
    static const struct purpose purpose = {"tests.bids", PURPOSE_LUCK};
    static const double no_reserve = 0;
    struct ad_market *market = &play->scene.world.market;
    assert_non_null(market->orders);
    market->open = true;
    market->key = stream_key(play->scene.world.seed, &purpose);
    market->segment = bidders;
    market->count = n;
    market->reserve = &no_reserve;
    market->pace[0] = market->pace[1] = 1;
}

static void serve(struct play *play, uint32_t shard, uint32_t video, uint32_t times)
{
    struct exchange *log = &play->scene.world.impressions;
    for (uint32_t i = 0; i < times; i++) {
        struct impression *row = (struct impression *)exchange_append(log, 0, shard);
        *row = (struct impression){.video = video, .source = SOURCE_PROMOTED};
    }
}

static void check_books(const struct play *play)
{
    const struct world *w = &play->scene.world;
    for (uint32_t s = 0; s < w->shards.count; s++) {
        int64_t escrow = 0, balances = 0, sum = 0;
        for (size_t i = 0; i < w->boosts[s].count; i++) {
            const struct boost *boost = &w->boosts[s].row[i];
            assert_int_equal(boost->escrow / boost->price, boost->left);
            if (!w->market.open) assert_int_equal(boost->escrow % boost->price, 0);
            escrow += boost->escrow;
        }
        for (size_t i = 0; i < w->creators[s].count; i++) {
            assert_true(w->creators[s].row[i].balance >= 0);
            balances += w->creators[s].row[i].balance;
        }
        for (int a = 0; a < LEDGER_ACCOUNTS; a++) sum += w->creators[s].book.balance[a];
        assert_int_equal(sum, 0);
        assert_int_equal(w->creators[s].book.balance[ACCOUNT_ESCROW], escrow);
        assert_int_equal(w->creators[s].book.balance[ACCOUNT_CREATORS], balances);
    }
}

/* A hundred in currency at 20 a thousand is 5,000 plays. */
static void an_order_is_what_it_costs(void **state)
{
    struct play play;
    const struct world *w = &play.scene.world;
    (void)state;
    open_boost(&play, "100.0");
    play_begin(&play, size);
    play_endow(&play, 1, 2, 1000 * MICRO);
    assert_int_equal(order(&play, 1, 2, 100 * MICRO - 1), 0); /* below the smallest order */
    assert_int_equal(order(&play, 1, 2, 100 * MICRO + 19999), 100 * MICRO);
    assert_int_equal(w->boosts[1].count, 1);
    const struct boost *boost = &w->boosts[1].row[0];
    assert_int_equal(boost->left, 5000);
    assert_int_equal(boost->price, 20000);
    assert_int_equal(boost->topic, UINT32_MAX);
    assert_int_equal(boost->video, w->creators[1].row[2].videos[0]);
    assert_int_equal(boost->name, world_video(w, boost->video)->name);
    assert_int_equal(boost->ends, w->close + TIME_DAY);
    assert_int_equal(w->creators[1].row[2].spend[0], 100 * MICRO);
    assert_int_equal(order(&play, 1, 2, 100 * MICRO), 0); /* its only video has an order */
    check_books(&play);
    play_end(&play);
}

static void targeting_costs_more(void **state)
{
    struct play play;
    const struct world *w = &play.scene.world;
    (void)state;
    open_boost(&play, "0.0");
    scene_set(&play.scene, "growth.paid_boost.targeted", "true");
    play_begin(&play, size);
    play_endow(&play, 0, 0, 27 * MICRO);
    assert_int_equal(order(&play, 0, 0, 99 * MICRO), 27 * MICRO); /* no more than there is */
    assert_int_equal(w->boosts[0].row[0].price, 27000);
    assert_int_equal(w->boosts[0].row[0].left, 1000);
    assert_int_equal(w->boosts[0].row[0].topic,
                     world_video(w, w->boosts[0].row[0].video)->topic);
    play_end(&play);
}

static void what_is_left_goes_back(void **state)
{
    struct play play;
    struct world *w = &play.scene.world;
    (void)state;
    open_boost(&play, "0.0");
    scene_set(&play.scene, "growth.paid_boost.hours", "1.0");
    play_begin(&play, size);
    play_endow(&play, 0, 3, 50 * MICRO);
    order(&play, 0, 3, 50 * MICRO);
    uint32_t video = w->boosts[0].row[0].video;
    serve(&play, 0, video, 1000);
    play_window(&play, false);
    assert_int_equal(w->creators[0].row[3].balance, 0);
    int windows = 1;
    while (w->boosts[0].count && windows < 100) play_window(&play, false), windows++;
    assert_int_equal(windows, 9); /* an hour from the first close, two windows for late rows */
    assert_int_equal(w->creators[0].row[3].balance, 30 * MICRO);
    assert_int_equal(w->creators[0].row[3].spend[0], 20 * MICRO);
    assert_int_equal(w->creators[0].book.balance[ACCOUNT_PLATFORM], 20 * MICRO);
    check_books(&play);
    assert_int_equal(order(&play, 0, 3, 10 * MICRO), 10 * MICRO); /* and may be spent again */
    play_end(&play);
}

static void a_video_that_leaves_ends_its_order(void **state)
{
    struct play play;
    struct world *w = &play.scene.world;
    (void)state;
    open_boost(&play, "0.0");
    play_begin(&play, size);
    play_endow(&play, 0, 3, 50 * MICRO);
    order(&play, 0, 3, 50 * MICRO);
    w->videos[0].counter[entity_row(w->shards, w->boosts[0].row[0].video)].state =
        VIDEO_REMOVED;
    for (int i = 0; i < 3; i++) play_window(&play, false);
    assert_int_equal(w->boosts[0].count, 0);
    assert_int_equal(w->creators[0].row[3].balance, 50 * MICRO);
    assert_int_equal(order(&play, 0, 3, 50 * MICRO), 0); /* nothing to promote */
    check_books(&play);
    play_end(&play);
}

/* Hardly anybody may see what is for subscribers: reach is bought for the video before it. */
static void no_reach_is_bought_for_exclusive_videos(void **state)
{
    struct play play;
    struct world *w = &play.scene.world;
    (void)state;
    open_boost(&play, "0.0");
    play_begin(&play, size);
    uint32_t *video = w->creators[0].row[3].videos;
    video[1] = entity_number(w->shards, entity_row(w->shards, video[0]) - size.creators, 0);
    play_endow(&play, 0, 3, 50 * MICRO);
    w->videos[0].row[entity_row(w->shards, video[0])].flags |= VIDEO_EXCLUSIVE;
    assert_int_equal(order(&play, 0, 3, 20 * MICRO), 20 * MICRO);
    assert_int_equal(w->boosts[0].row[0].video, video[1]);
    assert_int_equal(order(&play, 0, 3, 20 * MICRO), 0); /* there is no other */
    check_books(&play);
    play_end(&play);
}

/* One impression more than was bought is a fault, not a gift. */
static void serving_past_the_end_is_a_fault(void **state)
{
    struct play play;
    struct world *w = &play.scene.world;
    (void)state;
    open_boost(&play, "0.0");
    play_begin(&play, size);
    play_endow(&play, 0, 3, 50 * MICRO);
    order(&play, 0, 3, MICRO);
    serve(&play, 0, w->boosts[0].row[0].video, 50);
    play_window(&play, false);
    assert_int_equal(w->boosts[0].row[0].left, 0);
    check_books(&play);
    serve(&play, 0, w->boosts[0].row[0].video, 1);
    scene_deliver(&play.scene);
    scene_videos(&play.scene, NULL, play.growth, false);
    assert_int_equal(growth_close(play.growth), STATUS_FAULT);
    assert_int_equal(w->creators[0].book.balance[ACCOUNT_ESCROW], 0);
    play_end(&play);
}

struct budget {
    int64_t endowed;
};

/* A few windows' worth of what a platform could do: any number of impressions within `left`,
 * until the order's end. */
static void serve_at_random(struct play *play, struct stream *luck)
{
    const struct world *w = &play->scene.world;
    for (uint32_t s = 0; s < w->shards.count; s++)
        for (size_t i = 0; i < w->boosts[s].count; i++) {
            const struct boost *boost = &w->boosts[s].row[i];
            if (boost->left && boost->ends > w->close)
                serve(play, s, boost->video,
                      stream_below(luck, boost->left < 90 ? boost->left + 1 : 90));
        }
}

static void order_at_random(struct play *play, struct stream *luck, struct budget *budget)
{
    struct world *w = &play->scene.world;
    for (uint32_t s = 0; s < w->shards.count; s++)
        for (uint32_t row = 0; row < size.creators; row++) {
            struct budget *mine = &budget[s * size.creators + row];
            int64_t more = stream_below(luck, 3000000),
                    before = w->creators[s].row[row].balance;
            if (stream_below(luck, 4)) continue;
            play_endow(play, s, row, more);
            mine->endowed += more;
            int64_t limit = stream_below(luck, 6000000);
            char bid[32];
            snprintf(bid, sizeof(bid), "%.4f", 5 + 25 * stream_uniform(luck));
            scene_set(&play->scene, "growth.paid_boost.bid", bid);
            int64_t spent = order(play, s, row, limit);
            assert_true(spent >= 0 && spent <= limit && spent <= before + more);
            assert_int_equal(w->creators[s].row[row].balance, before + more - spent);
        }
}

/* Against one bidder who is uniform in [0, V] an order that bids B < V is above it with B / V,
 * and then pays B / 2 on average; of whatever is shown, B - B^2 / 2V. */
static void the_next_bid_is_paid(void **state)
{
    static const struct scene_size many = {2, 2000, 4, 4};
    struct play play;
    struct world *w = &play.scene.world;
    const double bid = 20, value = 30;
    (void)state;
    open_boost(&play, "0.0");
    scene_set(&play.scene, "growth.paid_boost.bid", "20.0");
    play_begin(&play, many);
    bid_against(&play, 1);
    play_endow(&play, 0, 3, 200 * MICRO);
    assert_int_equal(order(&play, 0, 3, 200 * MICRO), 200 * MICRO);
    const struct boost first = w->boosts[0].row[0];
    assert_int_equal(first.price, 20000);
    assert_int_equal(first.left, 10000);
    w->topics.topic[world_video(w, first.video)->topic].cpm_factor = 1;
    double sum = 0, squares = 0, wins = 0, won = 0;
    for (uint32_t v = 0; v < 4000; v++) {
        struct impression *row = (struct impression *)exchange_append(&w->impressions, 0, 0);
        *row = (struct impression){
            .viewer = v, .video = first.video, .source = SOURCE_PROMOTED};
        const struct video *video = world_video(w, first.video);
        const struct ad_place place = {.viewer = world_viewer_name(w, v),
                                       .video = video->name,
                                       .topic = video->topic,
                                       .factor = 1};
        double rival = ad_market_rival(&w->market, &place) / 1000;
        double paid = rival < bid ? rival : bid;
        sum += paid;
        squares += paid * paid;
        wins += rival < bid;
        won += rival < bid ? rival : 0;
    }
    play_window(&play, false);
    check_books(&play);
    int64_t spent = first.escrow - w->boosts[0].row[0].escrow;
    print_message("wins %.4f, %.4f in theory; pays %.3f then, %.3f in theory; %.4f of all\n",
                  wins / 4000, bid / value, won / wins, bid / 2, (double)spent / 4e6);
    assert_true(fabs((double)spent - 1000 * sum) < 4000); /* each is rounded */
    assert_true(fabs(wins / 4000 - bid / value) < 4 * sqrt(2.0 / 9 / 4000));
    assert_true(fabs(won / wins - bid / 2) < 4 * bid / sqrt(12 * wins));
    double mean = sum / 4000, sd = sqrt((squares / 4000 - mean * mean) / 4000);
    assert_true(fabs(mean - (bid - bid * bid / (2 * value))) < 4 * sd);
    play_end(&play);
}

/* Creator `row` of shard 0 orders at a bid, for viewers of `topic`. */
static void order_at(struct play *play, uint32_t row, const char *bid, uint32_t topic)
{
    struct world *w = &play->scene.world;
    scene_set(&play->scene, "growth.paid_boost.bid", bid);
    play_endow(play, 0, row, 100 * MICRO);
    assert_in_range(order(play, 0, row, 100 * MICRO), 99 * MICRO, 100 * MICRO);
    w->boosts[0].row[w->boosts[0].count - 1].topic = topic;
}

/* What an impression of order `i` costs, after a close. */
static int64_t cost_of(struct play *play, size_t i)
{
    const struct boost *boost = &play->scene.world.boosts[0].row[i];
    int64_t before = boost->escrow;
    serve(play, 0, boost->video, 1);
    play_window(play, false);
    return before - boost->escrow;
}

/* Bids of 30, 20, 20 and 10 for a thousand, and nobody else: each pays the next one below its
 * own, the last one nothing, or the reserve. */
static void orders_outbid_each_other(void **state)
{
    static const char *const bid[] = {"20.0", "30.0", "10.0", "20.0"};
    static const int64_t next[] = {10000, 20000, 0, 10000};
    static const double reserve = 5;
    struct play play;
    (void)state;
    open_boost(&play, "0.0");
    play_begin(&play, size);
    bid_against(&play, 0);
    for (uint32_t i = 0; i < 4; i++) order_at(&play, i, bid[i], BOOST_ANYONE);
    play_window(&play, false);
    for (size_t i = 0; i < 4; i++) assert_int_equal(cost_of(&play, i), next[i]);
    play.scene.world.market.reserve = &reserve;
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(cost_of(&play, i), next[i] ? next[i] : 5000);
    check_books(&play);
    play_end(&play);
}

/* Only who wants some of the same viewers is in the way, and only as long as it bids. */
static void who_wants_others_is_not_in_the_way(void **state)
{
    static const struct {
        const char *bid;
        uint32_t topic;
        int64_t next;
    } row[] = {
        {"30.0", 1, 20000},
        {"28.0", 2, 12000},
        {"26.0", BOOST_NEW, 12000},
        {"20.0", 1, 12000},
        {"12.0", BOOST_ANYONE, 11000},
        {"11.0", BOOST_NEW, 0},
        {"40.0", BOOST_ANYONE, 30000},
    };
    const size_t n = sizeof(row) / sizeof(row[0]);
    struct play play;
    struct world *w = &play.scene.world;
    (void)state;
    open_boost(&play, "0.0");
    play_begin(&play, size);
    bid_against(&play, 0);
    for (uint32_t i = 0; i < n; i++) order_at(&play, i, row[i].bid, row[i].topic);
    play_window(&play, false);
    for (size_t i = 0; i < n; i++) assert_int_equal(cost_of(&play, i), row[i].next);
    w->boosts[0].row[3].ends = w->close; /* the one of 20 */
    play_window(&play, false);
    assert_int_equal(cost_of(&play, 0), 12000);
    play_end(&play);
}

/* An order of 20 above one of 10, against a bidder who is uniform in [0, 30]: it pays 10 if the
 * bidder is below, what the bidder bids up to 20, and never more: 10/3 + 15/3 + 20/3. */
static void advertisers_and_orders_are_one_auction(void **state)
{
    static const struct scene_size many = {2, 2000, 4, 4};
    struct play play;
    struct world *w = &play.scene.world;
    (void)state;
    open_boost(&play, "0.0");
    play_begin(&play, many);
    bid_against(&play, 1);
    order_at(&play, 0, "10.0", BOOST_ANYONE);
    order_at(&play, 1, "20.0", BOOST_ANYONE);
    play_window(&play, false);
    const struct boost before = w->boosts[0].row[1];
    w->topics.topic[world_video(w, before.video)->topic].cpm_factor = 1;
    for (uint32_t v = 0; v < 4000; v++) {
        struct impression *row = (struct impression *)exchange_append(&w->impressions, 0, 0);
        *row = (struct impression){
            .viewer = v, .video = before.video, .source = SOURCE_PROMOTED};
    }
    play_window(&play, false);
    check_books(&play);
    double mean = (double)(before.escrow - w->boosts[0].row[1].escrow) / 4e6;
    print_message("pays %.3f, 15 in theory\n", mean);
    /* variance: a third each of 10 and 20, a third uniform between: 2/3 25 + 1/3 100/12 */
    play_within(mean, 15, sqrt((50.0 / 3 + 100.0 / 36) / 4000));
    play_end(&play);
}

/* Prices that do not divide budgets, orders that overlap, end early or late: every creator's
 * balance, spending and orders sum to what it was given, in every window. */
static void never_exceeded(bool by_auction)
{
    static const struct purpose purpose = {"tests.orders", PURPOSE_LUCK};
    struct budget budget[24] = {{0}};
    struct play play;
    struct world *w = &play.scene.world;
    open_boost(&play, "0.1");
    scene_set(&play.scene, "growth.paid_boost.cpm", "19.7771");
    scene_set(&play.scene, "growth.paid_boost.bid", "19.7771");
    scene_set(&play.scene, "growth.paid_boost.hours", "3.3");
    play_begin(&play, size);
    if (by_auction) bid_against(&play, 2);
    for (uint32_t i = 0; i < 400; i++) {
        struct stream luck = stream_open(stream_key(w->seed, &purpose), 1, i);
        serve_at_random(&play, &luck);
        if (i < 300) order_at_random(&play, &luck, budget);
        assert_false(play_window(&play, false));
        check_books(&play);
    }
    for (uint32_t s = 0; s < 2; s++) {
        assert_int_equal(w->boosts[s].count, 0);
        assert_true(w->creators[s].book.balance[ACCOUNT_PLATFORM] > 0);
        for (uint32_t row = 0; row < size.creators; row++)
            assert_int_equal(w->creators[s].row[row].balance + w->creators[s].row[row].spend[0],
                             budget[s * size.creators + row].endowed);
    }
    play_end(&play);
}

static void budgets_are_never_exceeded(void **state)
{
    (void)state;
    never_exceeded(false);
    never_exceeded(true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_order_is_what_it_costs),
        cmocka_unit_test(targeting_costs_more),
        cmocka_unit_test(what_is_left_goes_back),
        cmocka_unit_test(a_video_that_leaves_ends_its_order),
        cmocka_unit_test(no_reach_is_bought_for_exclusive_videos),
        cmocka_unit_test(serving_past_the_end_is_a_fault),
        cmocka_unit_test(the_next_bid_is_paid),
        cmocka_unit_test(orders_outbid_each_other),
        cmocka_unit_test(who_wants_others_is_not_in_the_way),
        cmocka_unit_test(advertisers_and_orders_are_one_auction),
        cmocka_unit_test(budgets_are_never_exceeded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
