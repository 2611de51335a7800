/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../scene.h"

static void test_four_videos(void **state)
{
    struct scene scene;
    const uint32_t views[] = {3, 1, 4, 2};
    double cell[8];
    (void)state;
    scene_open(&scene, "views_percentiles");
    scene_catalogue(&scene, views, 4);
    scene_sample(&scene, cell);
    scene_near(cell[0], 2); /* nearest rank */
    scene_near(cell[1], 4);
    scene_near(cell[2], 4);
    scene_near(cell[3], 0.3); /* (1 + 2) / 10 */
    scene_near(cell[4], 1);
    scene_close(&scene);
}

static void test_ten_videos(void **state)
{
    struct scene scene;
    const uint32_t views[] = {0, 0, 0, 0, 0, 1, 1, 1, 1, 16};
    double cell[8];
    (void)state;
    scene_open(&scene, "views_percentiles");
    scene_catalogue(&scene, views, 10);
    scene_sample(&scene, cell);
    scene_near(cell[0], 0);
    scene_near(cell[1], 1);
    scene_near(cell[2], 16);
    scene_near(cell[3], 0);
    scene_near(cell[4], 0.2);
    scene_near(cell[5], 1);
    scene_close(&scene);
}

static void test_without_views(void **state)
{
    struct scene scene;
    const uint32_t views[] = {0, 0};
    double cell[8];
    (void)state;
    scene_open(&scene, "views_percentiles");
    scene_catalogue(&scene, views, 2);
    scene_sample(&scene, cell);
    scene_near(cell[2], 0);
    assert_true(isnan(cell[3]));
    scene_catalogue(&scene, views, 0);
    scene_sample(&scene, cell);
    assert_true(isnan(cell[0]));
    scene_close(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_four_videos),
        cmocka_unit_test(test_ten_videos),
        cmocka_unit_test(test_without_views),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
