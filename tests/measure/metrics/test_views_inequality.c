/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../scene.h"

static void test_one_video_has_all(void **state)
{
    struct scene scene;
    const uint32_t views[] = {0, 0, 0, 9};
    double cell[8];
    (void)state;
    scene_open(&scene, "views_inequality");
    scene_catalogue(&scene, views, 4);
    scene_sample(&scene, cell);
    scene_near(cell[0], 0.75);
    scene_near(cell[1], 1);
    scene_near(cell[2], 1);
    scene_close(&scene);
}

static void test_all_alike(void **state)
{
    struct scene scene;
    uint32_t views[20];
    double cell[8];
    (void)state;
    for (int i = 0; i < 20; i++) views[i] = 7;
    scene_open(&scene, "views_inequality");
    scene_catalogue(&scene, views, 20);
    scene_sample(&scene, cell);
    scene_near(cell[0], 0);
    scene_near(cell[1], 0.05); /* the top 1 % is at least one of them */
    scene_near(cell[2], 0.1);
    scene_close(&scene);
}

static void test_nothing_to_compare(void **state)
{
    struct scene scene;
    const uint32_t views[] = {0, 0};
    double cell[8];
    (void)state;
    scene_open(&scene, "views_inequality");
    scene_catalogue(&scene, views, 2);
    scene_sample(&scene, cell);
    assert_true(isnan(cell[0]));
    scene_catalogue(&scene, views, 0);
    scene_sample(&scene, cell);
    assert_true(isnan(cell[0]));
    scene_close(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_video_has_all),
        cmocka_unit_test(test_all_alike),
        cmocka_unit_test(test_nothing_to_compare),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
