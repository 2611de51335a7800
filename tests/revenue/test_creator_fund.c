/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "revenue/scene.h"

#define CREATORS 3 /* a shard */

struct fund {
    struct scene scene;
    struct revenue *revenue;
};

static void open_fund(struct fund *self, const char *pool)
{
    *self = (struct fund){0};
    scene_init(&self->scene);
    scene_set(&self->scene, "revenue.streams", "[\"creator_fund\"]");
    scene_set(&self->scene, "revenue.creator_fund.pool", pool);
    scene_set(&self->scene, "revenue.creator_fund.min_followers", "100");
    scene_set(&self->scene, "revenue.creator_fund.min_views", "50");
    scene_set(&self->scene, "run.window", "60");
    scene_world(&self->scene, (struct scene_size){2, 1, CREATORS, CREATORS});
    for (uint32_t i = 0; i < 2 * CREATORS; i++) {
        struct creator *creator = &self->scene.world.creators[i % 2].row[i / 2];
        creator->followers = 100;
        creator->views_30d = 1000;
    }
}

static void start_fund(struct fund *self)
{
    assert_int_equal(revenue_init(&self->revenue, &self->scene.world, &self->scene.errors),
                     STATUS_OK);
    assert_int_equal(revenue_populate(self->revenue), STATUS_OK);
}

/* So many qualified views of each creator's video, and as many that do not qualify. */
static void view(struct fund *self, const uint32_t views[2 * CREATORS])
{
    struct world *w = &self->scene.world;
    for (uint32_t i = 0; i < 2 * CREATORS; i++)
        for (uint32_t k = 0; k < 2 * views[i]; k++) {
            struct impression *row = (struct impression *)exchange_append(&w->impressions, 0,
                                                                          i % 2);
            *row = (struct impression){.video = i, .acts = k % 2 ? ACT_PLAY_7S : ACT_LIKE};
        }
}

static void run_to_midnight(struct fund *self)
{
    do {
        scene_deliver(&self->scene);
        scene_videos(&self->scene, self->revenue, NULL, false);
        assert_int_equal(revenue_close(self->revenue, &self->scene.errors), STATUS_OK);
        scene_next(&self->scene);
    } while (self->scene.world.now % TIME_DAY);
}

static int64_t balance(const struct fund *self, uint32_t creator)
{
    return self->scene.world.creators[creator % 2].row[creator / 2].balance;
}

static void close_fund(struct fund *self)
{
    revenue_free(self->revenue);
    scene_free(&self->scene);
}

/* 100 micro-units by 1 : 2 : 4 : 0 : 5 : 2 of 14: exactly 7 1/7, 14 2/7, 28 4/7, 35 5/7, 14
 * 2/7; rounded down they make 98, and the two largest rests have one more. */
static void the_pool_is_dealt_by_largest_remainder(void **state)
{
    static const uint32_t views[2 * CREATORS] = {1, 2, 4, 0, 5, 2};
    static const int64_t parts[2 * CREATORS] = {7, 14, 29, 0, 36, 14};
    struct fund fund;
    (void)state;
    open_fund(&fund, "0.0001");
    start_fund(&fund);
    view(&fund, views);
    run_to_midnight(&fund);
    for (uint32_t i = 0; i < 2 * CREATORS; i++) assert_int_equal(balance(&fund, i), parts[i]);
    struct revenue_figures f = revenue_interval(fund.revenue);
    assert_int_equal(f.fund, 100);
    assert_int_equal(f.gross[0] + f.creators, 0);
    run_to_midnight(&fund); /* a day without views: nothing is paid */
    assert_int_equal(revenue_interval(fund.revenue).fund, 0);
    close_fund(&fund);
}

/* Of creators with the same views the lower names have what does not divide. */
static void ties_go_by_name(void **state)
{
    static const uint32_t views[2 * CREATORS] = {3, 3, 3, 3, 3, 3};
    struct fund fund;
    (void)state;
    open_fund(&fund, "0.000008");
    start_fund(&fund);
    view(&fund, views);
    run_to_midnight(&fund);
    for (uint32_t i = 0; i < 2 * CREATORS; i++) {
        const struct world *w = &fund.scene.world;
        int lower = 0;
        for (uint32_t k = 0; k < 2 * CREATORS; k++)
            lower += w->creators[k % 2].row[k / 2].name < w->creators[i % 2].row[i / 2].name;
        assert_int_equal(balance(&fund, i), lower < 2 ? 2 : 1);
    }
    close_fund(&fund);
}

/* Who is below a gate has nothing, and the others share what it would have had. */
static void gates(void **state)
{
    static const uint32_t views[2 * CREATORS] = {10, 10, 10, 10, 0, 0};
    struct fund fund;
    (void)state;
    open_fund(&fund, "2.0");
    fund.scene.world.creators[0].row[0].followers = 99;
    fund.scene.world.creators[1].row[0].views_30d = 51; /* 49 after the first fold */
    start_fund(&fund);
    view(&fund, views);
    run_to_midnight(&fund);
    assert_int_equal(balance(&fund, 0), 0);
    assert_int_equal(balance(&fund, 1), 0);
    assert_int_equal(balance(&fund, 2), MICRO);
    assert_int_equal(balance(&fund, 3), MICRO);
    close_fund(&fund);
}

/* Two days later: until then it is set aside, and no income of the platform's or anybody's. */
static void the_fund_pays_later(void **state)
{
    static const uint32_t views[2 * CREATORS] = {1, 2, 4, 0, 5, 2};
    struct fund fund;
    (void)state;
    open_fund(&fund, "0.0001");
    scene_set(&fund.scene, "revenue.creator_fund.payout_days", "2");
    start_fund(&fund);
    view(&fund, views);
    for (int d = 0; d < 2; d++) {
        run_to_midnight(&fund);
        for (uint32_t i = 0; i < 2 * CREATORS; i++) assert_int_equal(balance(&fund, i), 0);
    }
    struct revenue_figures f = revenue_interval(fund.revenue);
    assert_true(f.fund == 0 && f.payable == 100 && f.platform == -100);
    run_to_midnight(&fund);
    assert_int_equal(balance(&fund, 2), 29);
    f = revenue_interval(fund.revenue);
    assert_true(f.fund == 100 && f.payable == -100 && f.platform == 100 && f.creators == 0);
    close_fund(&fund);
}

static void half_the_pool_is_half_the_income(void **state)
{
    static const uint32_t views[2 * CREATORS] = {1, 7, 13, 29, 31, 37};
    int64_t whole[2 * CREATORS];
    struct fund fund;
    (void)state;
    open_fund(&fund, "123.456788");
    start_fund(&fund);
    view(&fund, views);
    run_to_midnight(&fund);
    for (uint32_t i = 0; i < 2 * CREATORS; i++) whole[i] = balance(&fund, i);
    close_fund(&fund);
    open_fund(&fund, "61.728394");
    start_fund(&fund);
    view(&fund, views);
    run_to_midnight(&fund);
    for (uint32_t i = 0; i < 2 * CREATORS; i++)
        assert_in_range(2 * balance(&fund, i) - whole[i] + 2, 0, 4);
    close_fund(&fund);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_pool_is_dealt_by_largest_remainder),
        cmocka_unit_test(ties_go_by_name),
        cmocka_unit_test(gates),
        cmocka_unit_test(the_fund_pays_later),
        cmocka_unit_test(half_the_pool_is_half_the_income),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
