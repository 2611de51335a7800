/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "revenue/scene.h"

#define PURSE (100000 * MICRO)
#define PRICE (50 * MICRO)

struct gallery {
    struct scene scene;
    struct revenue *revenue;
};

static void close_window(struct gallery *self)
{
    scene_deliver(&self->scene);
    scene_videos(&self->scene, self->revenue, NULL, false);
    enum status status = revenue_close(self->revenue, &self->scene.errors);
    if (status) fail_msg("%s", self->scene.errors.text);
    scene_next(&self->scene);
}

static void run_day(struct gallery *self)
{
    do close_window(self);
    while (self->scene.world.now % TIME_DAY);
}

/* The creators in shard 1 issue two pieces each from the first midnight on. */
static void open_galleries(struct gallery *self, const char *compliance, uint32_t viewers,
                           uint32_t creators)
{
    static const char *const set[][2] = {
        {"revenue.streams", "[\"collectible\"]"},
        {"revenue.collectible.min_followers", "100"},
        {"revenue.collectible.offered", "1.0"},
        {"revenue.collectible.buy", "1.0"},
        {"revenue.collectible.price", "50.0"},
        {"revenue.collectible.editions", "2"},
        {"revenue.collectible.gain_sigma", "0.0"},
        {"revenue.collectible.platform_cut", "0.1"},
        {"revenue.collectible.royalty", "0.05"},
        {"revenue.collectible.resale", "1.0"},
        {"revenue.store_fee", "0.0"},
        {"run.window", "60"},
    };
    *self = (struct gallery){0};
    scene_init(&self->scene);
    for (size_t i = 0; i < sizeof(set) / sizeof(set[0]); i++)
        scene_set(&self->scene, set[i][0], set[i][1]);
    scene_set(&self->scene, "revenue.collectible.compliance", compliance);
    scene_world(&self->scene, (struct scene_size){2, viewers, creators, creators});
    for (uint32_t i = 0; i < creators; i++) {
        self->scene.world.creators[1].row[i].followers = 100;
        self->scene.world.videos[1].row[i].commercial = 1.0f;
    }
    assert_int_equal(revenue_init(&self->revenue, &self->scene.world, &self->scene.errors),
                     STATUS_OK);
    assert_int_equal(revenue_populate(self->revenue), STATUS_OK);
    scene_fill_purses(&self->scene, PURSE);
    run_day(self);
}

static void open_gallery(struct gallery *self, const char *compliance, uint32_t viewers)
{
    open_galleries(self, compliance, viewers, 1);
}

static void show_of(struct gallery *self, uint32_t creator, uint32_t row, sim_time after)
{
    struct world *w = &self->scene.world;
    struct scope scope = {.window_end = w->close};
    struct moment moment = {.scope = &scope,
                            .viewer = &w->viewers[0].row[row],
                            .viewer_number = entity_number(w->shards, row, 0),
                            .name = viewer_name(&w->viewers[0].row[row]),
                            .video = &w->videos[1].row[creator],
                            .at = w->now + after,
                            .match = 1};
    revenue_paid(self->revenue, &moment);
}

static void show(struct gallery *self, uint32_t row, sim_time after)
{
    show_of(self, 0, row, after);
}

/* What a viewer has spent, all in all. */
static int64_t spent(const struct gallery *self, uint32_t row)
{
    return PURSE - self->scene.world.viewers[0].row[row].purse;
}

static int64_t balance(const struct gallery *self, enum ledger_account account)
{
    return self->scene.world.creators[1].book.balance[account];
}

static void close_gallery(struct gallery *self)
{
    revenue_free(self->revenue);
    scene_free(&self->scene);
}

/* One piece a window, to the first; two pieces in all. */
static void the_first_has_the_piece(void **state)
{
    struct gallery gallery;
    (void)state;
    open_gallery(&gallery, "0.0", 5);
    for (uint32_t i = 0; i < 3; i++) show(&gallery, i, 1000 * (3 - (sim_time)i));
    close_window(&gallery);
    assert_int_equal(spent(&gallery, 0) + spent(&gallery, 1), 0);
    assert_int_equal(spent(&gallery, 2), PRICE);
    show(&gallery, 3, 1000);
    close_window(&gallery);
    show(&gallery, 4, 1000); /* sold out */
    close_window(&gallery);
    assert_int_equal(spent(&gallery, 3), PRICE);
    assert_int_equal(spent(&gallery, 4), 0);
    assert_int_equal(balance(&gallery, ACCOUNT_CREATORS), 2 * PRICE * 9 / 10);
    assert_int_equal(balance(&gallery, ACCOUNT_PLATFORM), 2 * PRICE / 10);
    assert_int_equal(balance(&gallery, ACCOUNT_ESCROW), 0);
    close_gallery(&gallery);
}

/* Sold again at what it cost: of 50 the creator has 2.5 where royalties are honoured, the
 * platform a tenth of the rest, the seller what is left. */
static void resales_pay_royalties(void **state)
{
    (void)state;
    for (int honoured = 0; honoured <= 1; honoured++) {
        struct gallery gallery;
        open_gallery(&gallery, honoured ? "1.0" : "0.0", 5);
        scene_set(&gallery.scene, "revenue.collectible.editions", "1");
        show(&gallery, 0, 1000);
        run_day(&gallery);
        int64_t first = balance(&gallery, ACCOUNT_CREATORS);
        int64_t cut = balance(&gallery, ACCOUNT_PLATFORM);
        show(&gallery, 0, 1000); /* nobody buys what is its own */
        show(&gallery, 1, 2000);
        close_window(&gallery);
        int64_t royalty = honoured ? PRICE / 20 : 0, fee = (PRICE - royalty) / 10;
        assert_int_equal(balance(&gallery, ACCOUNT_CREATORS) - first, royalty);
        assert_int_equal(balance(&gallery, ACCOUNT_PLATFORM) - cut, fee);
        assert_int_equal(spent(&gallery, 1), PRICE);
        assert_int_equal(spent(&gallery, 0), royalty + fee);
        show(&gallery, 2, 1000); /* not on offer before the next day */
        close_window(&gallery);
        assert_int_equal(spent(&gallery, 2), 0);
        close_gallery(&gallery);
    }
}

/* Every day it is sold on for e^.1 of what it cost. */
static void owners_ask_for_a_gain(void **state)
{
    struct gallery gallery;
    double paid = 50;
    (void)state;
    open_gallery(&gallery, "0.0", 5);
    scene_set(&gallery.scene, "revenue.collectible.editions", "1");
    scene_set(&gallery.scene, "revenue.collectible.gain", "0.1");
    for (uint32_t day = 0; day < 5; day++) {
        int64_t before = spent(&gallery, day);
        show(&gallery, day, 1000);
        double now = (double)(spent(&gallery, day) - before) / (double)MICRO;
        assert_true(fabs(now - paid) < 1e-5);
        paid *= exp(0.1);
        run_day(&gallery);
    }
    close_gallery(&gallery);
}

/* How many of 20,000 who would buy with a chance of .1 do so when 50 is asked. */
static double orders_at(const char *settings)
{
    struct gallery gallery;
    double n = 0;
    open_gallery(&gallery, "0.0", 20000);
    scene_set_all(&gallery.scene, settings);
    for (uint32_t i = 0; i < 20000; i++)
        gallery.scene.world.viewers[0].row[i].price_sensitivity = 255;
    for (uint32_t i = 0; i < 20000; i++) show(&gallery, i, 1000);
    for (uint32_t i = 0; i < 20000; i++) n += spent(&gallery, i) == PRICE;
    close_gallery(&gallery);
    return n;
}

/* Half of what is ordinary brings e^.5 times as many, twice as much e^-1, where people mind. */
static void who_buys_goes_by_the_price(void **state)
{
#define CHANCE "revenue.collectible.buy=0.1 revenue.collectible.price_ordinary="
    static const struct {
        const char *settings;
        double mean;
    } cases[] = {{CHANCE "50.0", 2000},
                 {CHANCE "100.0", 3297.4425414},
                 {CHANCE "25.0", 735.7588823},
                 {CHANCE "500.0", 4919.2062223},
                 {CHANCE "1.0 revenue.collectible.price_response=0.0", 2000}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double n = orders_at(cases[i].settings);
        print_message("%.0f of 20000: %s\n", n, cases[i].settings);
        assert_true(fabs(n - cases[i].mean) < 5 * sqrt(cases[i].mean));
    }
}

/* A price of fifty times the ordinary one meets nobody who minds; an owner's ask does. */
static void what_owners_ask_meets_purses_only(void **state)
{
    struct gallery gallery;
    (void)state;
    open_gallery(&gallery, "0.0", 5);
    scene_set_all(&gallery.scene,
                  "revenue.collectible.editions=1 revenue.collectible.price_ordinary=1.0");
    struct viewer *viewer = gallery.scene.world.viewers[0].row;
    viewer[1].price_sensitivity = viewer[2].price_sensitivity = 255;
    show(&gallery, 1, 1000);
    assert_int_equal(spent(&gallery, 1), 0);
    show(&gallery, 0, 2000);
    assert_int_equal(spent(&gallery, 0), PRICE);
    run_day(&gallery);
    show(&gallery, 2, 1000);
    assert_int_equal(spent(&gallery, 2), PRICE);
    close_gallery(&gallery);
}

/* Of each creator's pieces one is put up with the chance `resale`, whoever owns them. */
static void who_owns_several_has_luck_with_each(void **state)
{
    const uint32_t creators = 500;
    struct gallery gallery;
    (void)state;
    open_galleries(&gallery, "0.0", 5, creators);
    scene_set(&gallery.scene, "revenue.collectible.resale", "0.5");
    for (int piece = 0; piece < 2; piece++) {
        for (uint32_t c = 0; c < creators; c++) show_of(&gallery, c, 0, 1000);
        close_window(&gallery);
    }
    assert_int_equal(spent(&gallery, 0), 2 * creators * PRICE);
    run_day(&gallery);
    for (uint32_t c = 0; c < creators; c++) show_of(&gallery, c, 1, 1000);
    close_window(&gallery);
    double up = (double)spent(&gallery, 1) / (double)PRICE / creators;
    print_message("put up %.3f\n", up);
    assert_true(fabs(up - 0.5) < 4 * sqrt(0.25 / creators));
    close_gallery(&gallery);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_has_the_piece),
        cmocka_unit_test(resales_pay_royalties),
        cmocka_unit_test(owners_ask_for_a_gain),
        cmocka_unit_test(who_buys_goes_by_the_price),
        cmocka_unit_test(what_owners_ask_meets_purses_only),
        cmocka_unit_test(who_owns_several_has_luck_with_each),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
