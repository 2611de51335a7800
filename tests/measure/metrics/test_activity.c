/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../scene.h"

static void test_ratios(void **state)
{
    struct scene scene;
    double cell[8];
    (void)state;
    scene_open(&scene, "activity");
    scene.view.to = 32 * TIME_DAY;
    scene.sums.days = 2;
    scene.sums.dau = 50;
    scene.sums.mau = 80;
    scene.sums.viewers.sessions = 300;
    scene.sums.impressions = 6000;
    scene.sums.watch_ms = (uint64_t)100 * 40 * TIME_MINUTE;
    scene.sums.viewers_ever = 120;
    scene.sums.viewers_lost = 30; /* ten of them in these two days: 10 of 100 */
    scene.sums.viewers.churned = 10;
    scene_sample(&scene, cell);
    const double wanted[] = {3, 20, 40, 0.625, 0.05};
    for (int i = 0; i < 5; i++) scene_near(cell[i], wanted[i]);
    scene.view.to = 30 * TIME_DAY;
    scene_sample(&scene, cell);
    assert_true(isnan(cell[3])); /* no month yet */
    scene_close(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ratios),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
