/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "revenue/scene.h"

#define PURSE (100 * MICRO)
#define PRICE (20 * MICRO)

struct club {
    struct scene scene;
    struct revenue *revenue;
};

static void run_day(struct club *self)
{
    do {
        scene_deliver(&self->scene);
        scene_videos(&self->scene, self->revenue, NULL, false);
        enum status status = revenue_close(self->revenue, &self->scene.errors);
        if (status) fail_msg("%s", self->scene.errors.text);
        scene_next(&self->scene);
    } while (self->scene.world.now % TIME_DAY);
}

/* Everybody in shard 0 who sees the video of the creator in shard 1 orders; the group of three
 * to four opens at the first midnight. */
static void open_club(struct club *self, uint32_t viewers)
{
    static const char *const set[][2] = {
        {"revenue.streams", "[\"group_buy\"]"},
        {"revenue.group_buy.min_followers", "100"},
        {"revenue.group_buy.offered", "1.0"},
        {"revenue.group_buy.join", "1.0"},
        {"revenue.group_buy.price", "20.0"},
        {"revenue.group_buy.threshold", "3"},
        {"revenue.group_buy.seats", "4"},
        {"revenue.group_buy.hours", "24.0"},
        {"revenue.group_buy.platform_cut", "0.25"},
        {"revenue.store_fee", "0.0"},
        {"run.window", "60"},
    };
    *self = (struct club){0};
    scene_init(&self->scene);
    for (size_t i = 0; i < sizeof(set) / sizeof(set[0]); i++)
        scene_set(&self->scene, set[i][0], set[i][1]);
    scene_world(&self->scene, (struct scene_size){2, viewers, 1, 1});
    self->scene.world.creators[1].row[0].followers = 100;
    self->scene.world.videos[1].row[0].commercial = 1.0f;
    assert_int_equal(revenue_init(&self->revenue, &self->scene.world, &self->scene.errors),
                     STATUS_OK);
    assert_int_equal(revenue_populate(self->revenue), STATUS_OK);
    scene_fill_purses(&self->scene, PURSE);
    run_day(self);
}

static void show(struct club *self, uint32_t row, sim_time after)
{
    struct world *w = &self->scene.world;
    struct scope scope = {.window_end = w->close};
    struct moment moment = {.scope = &scope,
                            .viewer = &w->viewers[0].row[row],
                            .viewer_number = entity_number(w->shards, row, 0),
                            .name = viewer_name(&w->viewers[0].row[row]),
                            .video = w->videos[1].row,
                            .at = w->now + after,
                            .match = 1};
    revenue_paid(self->revenue, &moment);
}

static int64_t purse(const struct club *self, uint32_t row)
{
    return self->scene.world.viewers[0].row[row].purse;
}

static int64_t balance(const struct club *self, enum ledger_account account)
{
    return self->scene.world.creators[1].book.balance[account];
}

static void close_club(struct club *self)
{
    revenue_free(self->revenue);
    scene_free(&self->scene);
}

/* Six order, the later rows sooner: the last four have a seat, the others their money. */
static void seats_go_by_time(void **state)
{
    struct club club;
    (void)state;
    open_club(&club, 6);
    for (uint32_t i = 0; i < 6; i++) show(&club, i, 1000 * (6 - (sim_time)i));
    for (uint32_t i = 0; i < 6; i++) assert_int_equal(purse(&club, i), PURSE - PRICE);
    run_day(&club);
    for (uint32_t i = 0; i < 6; i++)
        assert_int_equal(purse(&club, i), i < 2 ? PURSE : PURSE - PRICE);
    assert_int_equal(balance(&club, ACCOUNT_ESCROW), 0);
    assert_int_equal(balance(&club, ACCOUNT_PLATFORM), 4 * PRICE / 4);
    assert_int_equal(balance(&club, ACCOUNT_CREATORS), 4 * PRICE - PRICE);
    struct revenue_figures f = revenue_interval(club.revenue);
    assert_int_equal(f.gross[0], 6 * PRICE);
    assert_int_equal(f.refunds, 2 * PRICE);
    close_club(&club);
}

static void at_one_time_by_name(void **state)
{
    struct club club;
    (void)state;
    open_club(&club, 6);
    const struct viewer *viewer = club.scene.world.viewers[0].row;
    for (uint32_t i = 0; i < 6; i++) show(&club, i, 1000);
    run_day(&club);
    for (uint32_t i = 0; i < 6; i++) {
        int lower = 0;
        for (uint32_t k = 0; k < 6; k++)
            lower += viewer_name(&viewer[k]) < viewer_name(&viewer[i]);
        assert_int_equal(purse(&club, i), lower < 4 ? PURSE - PRICE : PURSE);
    }
    close_club(&club);
}

/* Two orders are not enough: they wait out the day in ESCROW and go back whole. */
static void too_few_have_their_money_back(void **state)
{
    struct club club;
    (void)state;
    open_club(&club, 6);
    show(&club, 0, 1000);
    show(&club, 1, 1000);
    for (int hour = 0; hour < 23; hour++) {
        scene_deliver(&club.scene);
        scene_videos(&club.scene, club.revenue, NULL, false);
        assert_int_equal(revenue_close(club.revenue, &club.scene.errors), STATUS_OK);
        scene_next(&club.scene);
        assert_int_equal(balance(&club, ACCOUNT_ESCROW), 2 * PRICE);
    }
    run_day(&club);
    assert_int_equal(balance(&club, ACCOUNT_ESCROW), 0);
    assert_int_equal(purse(&club, 0), PURSE);
    assert_int_equal(purse(&club, 1), PURSE);
    assert_int_equal(balance(&club, ACCOUNT_CREATORS), 0);
    close_club(&club);
}

/* The third order closes it, and with it what comes later; the next day has a new one. */
static void a_group_closes_at_its_threshold(void **state)
{
    struct club club;
    (void)state;
    open_club(&club, 6);
    show(&club, 0, 1000);
    show(&club, 1, 1000);
    scene_deliver(&club.scene);
    scene_videos(&club.scene, club.revenue, NULL, false);
    assert_int_equal(revenue_close(club.revenue, &club.scene.errors), STATUS_OK);
    scene_next(&club.scene);
    show(&club, 2, 1000);
    scene_deliver(&club.scene);
    scene_videos(&club.scene, club.revenue, NULL, false);
    assert_int_equal(revenue_close(club.revenue, &club.scene.errors), STATUS_OK);
    scene_next(&club.scene);
    assert_int_equal(balance(&club, ACCOUNT_CREATORS), 3 * PRICE * 3 / 4);
    show(&club, 3, 1000);
    assert_int_equal(purse(&club, 3), PURSE);
    run_day(&club);
    show(&club, 3, 1000);
    assert_int_equal(purse(&club, 3), PURSE - PRICE);
    close_club(&club);
}

/* How many of 20,000 who would order with a chance of .1 do so when 20 is asked. */
static double orders_at(const char *settings)
{
    struct club club;
    double n = 0;
    open_club(&club, 20000);
    scene_set_all(&club.scene, settings);
    struct viewer *viewer = club.scene.world.viewers[0].row;
    for (uint32_t i = 0; i < 20000; i++) viewer[i].price_sensitivity = 255;
    for (uint32_t i = 0; i < 20000; i++) show(&club, i, 1000);
    for (uint32_t i = 0; i < 20000; i++) n += viewer[i].purse == PURSE - PRICE;
    close_club(&club);
    return n;
}

/* Half of what is ordinary brings e^.5 times as many, twice as much e^-1, where people mind. */
static void who_orders_goes_by_the_price(void **state)
{
#define CHANCE "revenue.group_buy.join=0.1 revenue.group_buy.price_ordinary="
    static const struct {
        const char *settings;
        double mean;
    } cases[] = {{CHANCE "20.0", 2000},
                 {CHANCE "40.0", 3297.4425414},
                 {CHANCE "10.0", 735.7588823},
                 {CHANCE "10.0 revenue.group_buy.price_response=2.0", 270.6705665},
                 {CHANCE "200.0", 4919.2062223},
                 {CHANCE "1.0 revenue.group_buy.price_response=0.0", 2000}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double n = orders_at(cases[i].settings);
        print_message("%.0f of 20000: %s\n", n, cases[i].settings);
        assert_true(fabs(n - cases[i].mean) < 5 * sqrt(cases[i].mean));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(seats_go_by_time),
        cmocka_unit_test(at_one_time_by_name),
        cmocka_unit_test(too_few_have_their_money_back),
        cmocka_unit_test(a_group_closes_at_its_threshold),
        cmocka_unit_test(who_orders_goes_by_the_price),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
