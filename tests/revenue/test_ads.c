/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "revenue/scene.h"

#define ADS 1000

/* Two creators, a video each, and so many ads on either. */
static struct revenue *run_ads(struct scene *scene, const char *share)
{
    struct revenue *revenue = NULL;
    struct world *w = &scene->world;
    scene_init(scene);
    scene_set(scene, "revenue.streams", "[\"ads\"]");
    scene_set(scene, "revenue.ads.cpm", "13.0");
    scene_set(scene, "revenue.ads.creator_share", share);
    scene_set(scene, "revenue.ads.min_followers", "100");
    scene_set(scene, "revenue.ads.min_views", "50");
    scene_world(scene, (struct scene_size){1, 1, 2, 2});
    w->creators[0].row[0].followers = w->creators[0].row[1].followers = 100;
    w->creators[0].row[0].views_30d = 60; /* 58 after the first day's fold: passes */
    w->creators[0].row[1].views_30d = 50; /* 48: does not */
    assert_int_equal(revenue_init(&revenue, w, &scene->errors), STATUS_OK);
    assert_int_equal(revenue_populate(revenue), STATUS_OK);
    for (uint32_t i = 0; i < 4 * ADS; i++) {
        struct impression *row = (struct impression *)exchange_append(&w->impressions, 0, 0);
        *row = (struct impression){.video = i % 2, .acts = i / 2 % 2 ? ACT_AD : ACT_LIKE};
    }
    scene_deliver(scene);
    scene_videos(scene, revenue, NULL, false);
    assert_int_equal(revenue_check(revenue, true, &scene->errors), STATUS_OK);
    return revenue;
}

static int64_t price_of(const struct scene *scene, uint32_t video)
{
    uint8_t topic = scene->world.videos[0].row[video].topic;
    return (int64_t)(13000 * scene->world.topics.topic[topic].cpm_factor + 0.5);
}

static void shares_are_exact(void **state)
{
    struct scene scene;
    struct revenue *revenue = run_ads(&scene, "0.45");
    const struct creator *creators = scene.world.creators[0].row;
    int64_t first = price_of(&scene, 0), second = price_of(&scene, 1);
    int64_t exact_micro = (int64_t)((double)first * 0.45);
    (void)state;
    struct revenue_figures f = revenue_interval(revenue);
    assert_int_equal(f.gross[0], ADS * (first + second));
    assert_int_equal(creators[0].balance % ADS, 0);
    assert_in_range(creators[0].balance / ADS, exact_micro, exact_micro + 1);
    assert_int_equal(creators[0].income[0], creators[0].balance);
    assert_int_equal(creators[1].balance, 0); /* the gates are closed */
    assert_int_equal(f.creators, creators[0].balance);
    assert_int_equal(f.platform, f.gross[0] - f.creators);
    revenue_free(revenue);
    scene_free(&scene);
}

/* Half the share, half the income: to one micro-unit a posting. */
static void half_the_share_is_half_the_income(void **state)
{
    struct scene whole, half;
    struct revenue *a = run_ads(&whole, "0.45"), *b = run_ads(&half, "0.225");
    (void)state;
    int64_t difference = whole.world.creators[0].row[0].balance -
                         2 * half.world.creators[0].row[0].balance;
    assert_true(half.world.creators[0].row[0].balance > 0);
    assert_true(llabs(difference) <= ADS);
    revenue_free(a);
    revenue_free(b);
    scene_free(&whole);
    scene_free(&half);
}

/* Gates are read at the end of a day, not before. */
static void gates_open_the_next_day(void **state)
{
    struct scene scene;
    struct revenue *revenue = run_ads(&scene, "0.45");
    struct world *w = &scene.world;
    int64_t before = 0;
    (void)state;
    w->creators[0].row[1].views_30d = 1000;
    for (int i = 0; i < 200; i++) {
        struct impression *row = (struct impression *)exchange_append(&w->impressions, 0, 0);
        *row = (struct impression){.video = 1, .acts = ACT_AD};
        scene_deliver(&scene);
        scene_videos(&scene, revenue, NULL, false);
        if (w->now < TIME_DAY) before = w->creators[0].row[1].balance;
        assert_int_equal(revenue_close(revenue, &scene.errors), STATUS_OK);
        scene_next(&scene);
    }
    assert_int_equal(before, 0);
    assert_true(w->creators[0].row[1].balance > 0);
    revenue_free(revenue);
    scene_free(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shares_are_exact),
        cmocka_unit_test(half_the_share_is_half_the_income),
        cmocka_unit_test(gates_open_the_next_day),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
