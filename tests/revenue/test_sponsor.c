/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "revenue/scene.h"

struct market {
    struct scene scene;
    struct revenue *revenue;
};

/* One brand that asks for nothing but intensity; a deal costs a unit by 1000 followers. */
static void open_market(struct market *self, const char *budget)
{
    static const char *const set[][2] = {
        {"revenue.streams", "[\"sponsor\"]"},
        {"revenue.sponsor.brands", "1"},
        {"revenue.sponsor.per_mille", "1.0"},
        {"revenue.sponsor.fit", "0.0"},
        {"revenue.sponsor.fade", "0.0"},
        {"revenue.sponsor.luck", "0.0"},
        {"revenue.sponsor.days", "3"},
        {"revenue.sponsor.platform_cut", "0.1"},
        {"run.window", "60"},
    };
    *self = (struct market){0};
    scene_init(&self->scene);
    for (size_t i = 0; i < sizeof(set) / sizeof(set[0]); i++)
        scene_set(&self->scene, set[i][0], set[i][1]);
    scene_set(&self->scene, "revenue.sponsor.budget", budget);
}

static struct creator *creator(struct market *self, uint32_t i)
{
    struct world *w = &self->scene.world;
    return &w->creators[i % w->shards.count].row[i / w->shards.count];
}

/* Creators with so many followers, in two shards; the first the keenest to sell. */
static void populate_market(struct market *self, const uint32_t *followers, uint32_t n)
{
    scene_world(&self->scene, (struct scene_size){2, 0, n / 2, n});
    for (uint32_t i = 0; i < n; i++) {
        creator(self, i)->followers = followers[i];
        creator(self, i)->plan.commercial = 0.9f - 0.01f * (float)i;
        creator(self, i)->posts = 7;
    }
}

static void start_market(struct market *self)
{
    assert_int_equal(revenue_init(&self->revenue, &self->scene.world, &self->scene.errors),
                     STATUS_OK);
    assert_int_equal(revenue_populate(self->revenue), STATUS_OK);
}

static void run_day(struct market *self)
{
    do {
        scene_deliver(&self->scene);
        scene_videos(&self->scene, self->revenue, NULL, false);
        enum status status = revenue_close(self->revenue, &self->scene.errors);
        if (status) fail_msg("%s", self->scene.errors.text);
        scene_next(&self->scene);
    } while (self->scene.world.now % TIME_DAY);
}

static int64_t balance(struct market *self, enum ledger_account account)
{
    return self->scene.world.creators[0].book.balance[account] +
           self->scene.world.creators[1].book.balance[account];
}

static void close_market(struct market *self)
{
    revenue_free(self->revenue);
    scene_free(&self->scene);
}

/* Prices 10, 20, 5, 1: a budget of 16 pays for the first, third and fourth; a micro-unit less
 * no longer for the fourth. */
static void budgets_are_never_exceeded(void **state)
{
    static const uint32_t followers[] = {10000, 20000, 5000, 1000};
    static const struct {
        const char *budget;
        int64_t spent;
    } cases[] = {{"16.0", 16 * MICRO},     {"15.999999", 15 * MICRO}, {"9.999999", 6 * MICRO},
                 {"0.999999", 0},          {"36.0", 36 * MICRO},      {"1000.0", 36 * MICRO},
                 {"35.999999", 35 * MICRO}};
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct market market;
        open_market(&market, cases[i].budget);
        populate_market(&market, followers, 4);
        start_market(&market);
        run_day(&market);
        assert_int_equal(balance(&market, ACCOUNT_ESCROW), cases[i].spent);
        assert_int_equal(balance(&market, ACCOUNT_BRANDS), -cases[i].spent);
        close_market(&market);
    }
}

/* Who posted within the three days has the price less a tenth; the other brand's money goes
 * back. A second round follows at once. */
static void deals_are_paid_when_delivered(void **state)
{
    static const uint32_t followers[] = {10000, 20000};
    struct market market;
    (void)state;
    open_market(&market, "30.0");
    populate_market(&market, followers, 2);
    start_market(&market);
    run_day(&market);
    creator(&market, 0)->posts++;
    run_day(&market);
    run_day(&market);
    assert_int_equal(balance(&market, ACCOUNT_CREATORS), 0);
    run_day(&market);
    assert_int_equal(creator(&market, 0)->balance, 9 * MICRO);
    assert_int_equal(creator(&market, 1)->balance, 0);
    assert_int_equal(balance(&market, ACCOUNT_PLATFORM), MICRO);
    assert_int_equal(balance(&market, ACCOUNT_ESCROW), 30 * MICRO);
    struct revenue_figures f = revenue_interval(market.revenue);
    assert_int_equal(f.gross[0], 60 * MICRO);
    assert_int_equal(f.refunds, 20 * MICRO);
    close_market(&market);
}

/* A creator has one deal a round, however many brands there are; who does not sell has none. */
static void one_deal_each_and_none_without_selling(void **state)
{
    static const uint32_t followers[] = {1000, 2000, 4000, 8000};
    struct market market;
    (void)state;
    open_market(&market, "100.0");
    scene_set(&market.scene, "revenue.sponsor.brands", "5");
    populate_market(&market, followers, 4);
    creator(&market, 2)->plan.commercial = 0;
    start_market(&market);
    run_day(&market);
    assert_int_equal(balance(&market, ACCOUNT_ESCROW), 11 * MICRO);
    close_market(&market);
}

/* Small creators' followers listen: with fade, the same money goes to many instead of to one.
 */
static void followers_fade(void **state)
{
    static const uint32_t followers[] = {100000, 1000, 1100, 1200};
    (void)state;
    for (int fade = 0; fade <= 1; fade++) {
        struct market market;
        open_market(&market, "100.0");
        scene_set(&market.scene, "revenue.sponsor.fade", fade ? "0.1" : "0.0");
        populate_market(&market, followers, 4);
        start_market(&market);
        run_day(&market);
        assert_int_equal(balance(&market, ACCOUNT_ESCROW), fade ? 3300000 : 100 * MICRO);
        close_market(&market);
    }
}

/* How often each of so many creators of different topics is chosen, one a round. */
static int chosen_creators(const char *fit, const char *luck)
{
    uint32_t followers[16];
    struct market market;
    int chosen = 0;
    open_market(&market, "1.0");
    scene_set(&market.scene, "revenue.sponsor.fit", fit);
    scene_set(&market.scene, "revenue.sponsor.luck", luck);
    scene_set(&market.scene, "revenue.sponsor.days", "1");
    for (int i = 0; i < 16; i++) followers[i] = 1000;
    populate_market(&market, followers, 16);
    for (uint32_t i = 0; i < 16; i++) {
        creator(&market, i)->plan.topic = (uint8_t)i;
        creator(&market, i)->plan.commercial = 0.5f;
    }
    start_market(&market);
    for (int day = 0; day < 30; day++) {
        for (uint32_t i = 0; i < 16; i++) creator(&market, i)->posts++;
        run_day(&market);
    }
    for (uint32_t i = 0; i < 16; i++) chosen += creator(&market, i)->balance > 0;
    close_market(&market);
    return chosen;
}

/* A brand stays with its topic as far as it looks for fit; 29 paid draws of 16 leave 13.6 on
 * average. */
static void brands_choose_by_fit(void **state)
{
    (void)state;
    assert_int_equal(chosen_creators("50.0", "0.1"), 1);
    assert_in_range(chosen_creators("0.0", "1.0"), 9, 16);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(budgets_are_never_exceeded),
        cmocka_unit_test(deals_are_paid_when_delivered),
        cmocka_unit_test(one_deal_each_and_none_without_selling),
        cmocka_unit_test(followers_fade),
        cmocka_unit_test(brands_choose_by_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
