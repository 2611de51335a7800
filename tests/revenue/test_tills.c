/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "revenue/scene.h"

static struct revenue *open_scene(struct scene *scene)
{
    struct revenue *revenue = NULL;
    scene_init(scene);
    scene_set(scene, "run.window", "60");
    scene_set(scene, "revenue.streams", "[]");
    scene_set(scene, "revenue.serving.per_mille", "0.0333");
    scene_set(scene, "revenue.serving.hour", "0.0171");
    scene_world(scene, (struct scene_size){1, 1, 2, 2});
    assert_int_equal(revenue_init(&revenue, &scene->world, &scene->errors), STATUS_OK);
    assert_int_equal(revenue_populate(revenue), STATUS_OK);
    return revenue;
}

static void window(struct scene *scene, struct revenue *revenue, uint32_t views)
{
    for (uint32_t i = 0; i < 2 * views; i++) {
        struct impression *row = (struct impression *)exchange_append(&scene->world.impressions,
                                                                      0, 0);
        *row = (struct impression){
            .video = 0, .watch_ms = 7001, .acts = i % 2 ? ACT_PLAY_7S : ACT_LIKE};
    }
    scene_deliver(scene);
    scene_videos(scene, revenue, NULL, false);
    assert_int_equal(revenue_close(revenue, &scene->errors), STATUS_OK);
    scene_next(scene);
}

/* A steady rate is worth thirty days of it; when it stops it is gone in the end. */
static void trailing_views(void **state)
{
    struct scene scene;
    struct revenue *revenue = open_scene(&scene);
    const struct creator *creator = scene.world.creators[0].row;
    (void)state;
    for (int i = 0; i < 24; i++) window(&scene, revenue, 5);
    assert_int_equal(creator[0].views_30d, 120);
    assert_int_equal(creator[1].views_30d, 0);
    for (int i = 0; i < 24 * 299; i++) window(&scene, revenue, 5);
    assert_in_range(creator[0].views_30d, 30 * 120 - 60, 30 * 120);
    for (int i = 0; i < 24 * 30; i++) window(&scene, revenue, 0);
    assert_in_range(creator[0].views_30d, 3600 / 3, 3600 * 2 / 5); /* 1/e */
    for (int i = 0; i < 24 * 370; i++) window(&scene, revenue, 0);
    assert_int_equal(creator[0].views_30d, 0);
    revenue_free(revenue);
    scene_free(&scene);
}

/* Whatever the windows, the cost is the sum's, to one micro-unit. */
static void serving_costs_keep_their_fractions(void **state)
{
    struct scene scene;
    struct revenue *revenue = open_scene(&scene);
    double impressions = 0;
    (void)state;
    for (uint32_t i = 0; i < 1000; i++) {
        window(&scene, revenue, i % 3);
        impressions += 2 * (i % 3);
    }
    double cost = impressions * 0.0333 * 1000 + impressions * 7001 * 0.0171 / 3.6;
    int64_t paid = scene.world.creators[0].book.balance[ACCOUNT_COSTS];
    assert_true((double)paid <= cost + 0.01 && (double)paid > cost - 1.01);
    assert_int_equal(scene.world.creators[0].book.balance[ACCOUNT_PLATFORM], -paid);
    assert_int_equal(revenue_interval(revenue).serving, paid);
    revenue_free(revenue);
    scene_free(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trailing_views),
        cmocka_unit_test(serving_costs_keep_their_fractions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
