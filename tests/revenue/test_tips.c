/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "revenue/scene.h"

#define OFFERS 400000

struct tips {
    struct scene scene;
    struct revenue *revenue;
    struct scope scope;
    uint64_t count;
    double log_sum, log_square;
    uint64_t floors;
};

static void open_tips(struct tips *self)
{
    *self = (struct tips){0};
    scene_init(&self->scene);
    scene_set(&self->scene, "revenue.streams", "[\"tips\"]");
    scene_set(&self->scene, "revenue.tips.rate", "0.01");
}

static void start_tips(struct tips *self, struct scene_size size, int64_t purse)
{
    scene_world(&self->scene, size);
    assert_int_equal(revenue_init(&self->revenue, &self->scene.world, &self->scene.errors),
                     STATUS_OK);
    assert_int_equal(revenue_populate(self->revenue), STATUS_OK);
    scene_fill_purses(&self->scene, purse);
    self->scope = (struct scope){.window_end = self->scene.world.close};
}

/* Offers at a given match; the purse is refilled by hand between them when `rich`. */
static void offer(struct tips *self, float match, uint16_t acts, bool rich)
{
    struct world *w = &self->scene.world;
    struct viewer *viewer = w->viewers[0].row;
    int64_t purse = viewer->purse;
    for (uint32_t i = 0; i < OFFERS; i++) {
        struct moment moment = {.scope = &self->scope,
                                .viewer = viewer,
                                .video = w->videos[0].row,
                                .at = w->now,
                                .match = match,
                                .occasion = i,
                                .acts = acts};
        int64_t before = viewer->purse;
        revenue_paid(self->revenue, &moment);
        int64_t amount = before - viewer->purse;
        assert_true(viewer->purse >= 0);
        assert_int_equal(amount > 0, (moment.acts & ACT_TIP) != 0);
        if (!amount) continue;
        double log = maths_log((double)amount / (double)MICRO);
        self->count++;
        self->log_sum += log;
        self->log_square += log * log;
        self->floors += amount == MICRO;
        if (rich) viewer->purse = purse;
    }
    if (rich) viewer->purse = purse;
}

static void close_tips(struct tips *self)
{
    revenue_free(self->revenue);
    scene_free(&self->scene);
}

static double gift_factor(const struct tips *self)
{
    const struct world *w = &self->scene.world;
    return w->topics.topic[w->videos[0].row[0].topic].gift_factor;
}

/* The count is binomial: within five standard deviations of rate * gift * e^(slope (m - 1)). */
static void count_is(double rate, float match, uint16_t acts, const char *followed)
{
    struct tips tips;
    open_tips(&tips);
    scene_set(&tips.scene, "revenue.tips.slope", "1.5");
    scene_set(&tips.scene, "revenue.tips.followed", followed);
    start_tips(&tips, (struct scene_size){1, 1, 1, 1}, INT64_C(1) << 55);
    offer(&tips, match, acts, true);
    double mean = OFFERS * rate * gift_factor(&tips);
    if (fabs((double)tips.count - mean) > 5 * sqrt(mean))
        fail_msg("%llu tips, expected %g", (unsigned long long)tips.count, mean);
    close_tips(&tips);
}

static void rate_grows_with_match_and_following(void **state)
{
    (void)state;
    count_is(0.01, 1.0f, 0, "3.0");
    count_is(0.01 * 4.4816890703, 2.0f, 0, "3.0"); /* e^1.5 */
    count_is(0.01 / 4.4816890703, 0.0f, 0, "3.0");
    count_is(0.03, 1.0f, ACT_FOLLOWED, "3.0");
    count_is(0, 1.0f, ACT_FOLLOWED, "0.0");
}

/* With a floor far below, amounts are lognormal: median 2, sigma 2.8. */
static void amounts_are_lognormal(void **state)
{
    struct tips tips;
    (void)state;
    open_tips(&tips);
    scene_set(&tips.scene, "revenue.tips.least", "0.000001");
    start_tips(&tips, (struct scene_size){1, 1, 1, 1}, INT64_C(1) << 60);
    offer(&tips, 1.0f, 0, true);
    double n = (double)tips.count, mean = tips.log_sum / n;
    double variance = tips.log_square / n - mean * mean;
    assert_true(fabs(mean - 0.6931471806) < 5 * 2.8 / sqrt(n));
    assert_true(fabs(sqrt(variance) - 2.8) < 5 * 2.8 / sqrt(2 * n));
    close_tips(&tips);
}

/* P(tip = 1) = P(Z <= -ln 2 / 2.8) = .4022 (of gifts on KuaiLive 43.9 % cost 1). */
static void small_tips_stand_at_the_floor(void **state)
{
    struct tips tips;
    (void)state;
    open_tips(&tips);
    start_tips(&tips, (struct scene_size){1, 1, 1, 1}, INT64_C(1) << 60);
    offer(&tips, 1.0f, 0, true);
    double n = (double)tips.count, p = maths_normal_cdf(-0.6931471806 / 2.8);
    assert_true(fabs((double)tips.floors / n - p) < 5 * sqrt(p * (1 - p) / n));
    close_tips(&tips);
}

static void a_purse_is_a_limit(void **state)
{
    struct tips tips;
    (void)state;
    open_tips(&tips);
    scene_set(&tips.scene, "revenue.tips.rate", "1.0");
    start_tips(&tips, (struct scene_size){1, 1, 1, 1}, 30 * MICRO + 5);
    offer(&tips, 1.0f, 0, false);
    int64_t left = tips.scene.world.viewers[0].row[0].purse;
    assert_true(tips.count >= 1 && left < MICRO); /* what is below the smallest tip stays */
    scene_deliver(&tips.scene);
    scene_videos(&tips.scene, tips.revenue, NULL, false);
    assert_int_equal(revenue_check(tips.revenue, true, &tips.scene.errors), STATUS_OK);
    struct revenue_figures f = revenue_interval(tips.revenue);
    assert_int_equal(f.gross[0], 30 * MICRO + 5 - left);
    close_tips(&tips);
}

/* The store's fee first, then the platform's cut: 100 on iOS is 30 + 28 + 42 at a cut of .4. */
static void fee_before_cut(void **state)
{
    struct tips tips;
    (void)state;
    for (int ios = 0; ios <= 1; ios++) {
        open_tips(&tips);
        scene_set(&tips.scene, "revenue.tips.platform_cut", "0.4");
        start_tips(&tips, (struct scene_size){2, 1, 1, 1}, 100 * MICRO);
        struct world *w = &tips.scene.world;
        struct payment *paid = (struct payment *)exchange_append(&w->payments, 0, 1);
        *paid = (struct payment){
            .amount = 100 * MICRO, .creator = 1, .video = 1, .flags = ios ? PAYMENT_IOS : 0};
        scene_deliver(&tips.scene);
        scene_videos(&tips.scene, tips.revenue, NULL, false);
        struct revenue_figures f = revenue_interval(tips.revenue);
        assert_int_equal(f.fees, ios ? 30 * MICRO : 0);
        assert_int_equal(f.platform, ios ? 28 * MICRO : 40 * MICRO);
        assert_int_equal(f.creators, ios ? 42 * MICRO : 60 * MICRO);
        assert_int_equal(w->creators[1].row[0].balance, f.creators);
        close_tips(&tips);
    }
}

/* Below the gate nobody is given anything; it is read at the end of a day. */
static void who_is_below_the_gate_takes_no_tips(void **state)
{
    struct tips tips;
    (void)state;
    open_tips(&tips);
    scene_set(&tips.scene, "revenue.tips.min_followers", "100");
    start_tips(&tips, (struct scene_size){1, 1, 1, 1}, INT64_C(1) << 60);
    struct creator *creator = tips.scene.world.creators[0].row;
    creator->followers = 99;
    assert_int_equal(revenue_populate(tips.revenue), STATUS_OK);
    offer(&tips, 1.0f, 0, true);
    assert_int_equal(tips.count, 0);
    creator->followers = 100;
    offer(&tips, 1.0f, 0, true);
    assert_int_equal(tips.count, 0);
    assert_int_equal(revenue_populate(tips.revenue), STATUS_OK);
    offer(&tips, 1.0f, 0, true);
    assert_true(tips.count > 1000);
    close_tips(&tips);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rate_grows_with_match_and_following),
        cmocka_unit_test(amounts_are_lognormal),
        cmocka_unit_test(small_tips_stand_at_the_floor),
        cmocka_unit_test(a_purse_is_a_limit),
        cmocka_unit_test(fee_before_cut),
        cmocka_unit_test(who_is_below_the_gate_takes_no_tips),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
