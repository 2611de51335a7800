/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../scene.h"

static void live(struct scene *scene, const int64_t *income, const uint64_t *views, uint32_t n)
{
    for (int week = 0; week < 4; week++) {
        for (uint32_t i = 0; i < n; i++) {
            scene_creator(scene, i)->income[0] += income[i];
            scene_creator(scene, i)->impressions += views[i];
        }
        for (int day = 0; day < 7; day++) {
            scene_day(scene);
            scene_next(scene);
        }
    }
}

static void test_one_swap_and_a_reversal(void **state)
{
    static const int64_t none[4] = {0}, first[] = {1, 2, 3, 4}, second[] = {1, 2, 4, 3};
    static const uint64_t rising[] = {1, 2, 3, 4}, falling[] = {4, 3, 2, 1};
    struct scene scene;
    double cell[8];
    (void)state;
    scene_open(&scene, "mobility");
    scene_earners(&scene, none, 4);
    scene_begin(&scene);
    live(&scene, first, rising, 4);
    scene_sample(&scene, cell);
    assert_true(isnan(cell[0]));
    live(&scene, second, falling, 4);
    scene_sample(&scene, cell);
    scene_near(cell[0], 0.8); /* 1 - 6 * 2 / (4 * 15) */
    scene_near(cell[1], -1);
    live(&scene, second, falling, 4);
    scene_sample(&scene, cell);
    scene_near(cell[0], 1);
    scene_near(cell[1], 1);
    scene_close(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_swap_and_a_reversal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
