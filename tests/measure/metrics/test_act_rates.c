/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../scene.h"

static void test_ratios(void **state)
{
    struct scene scene;
    double cell[8];
    (void)state;
    scene_open(&scene, "act_rates");
    scene_sample(&scene, cell);
    assert_true(isnan(cell[0]) && isnan(cell[7]));
    scene.sums.impressions = 200;
    scene.sums.watch_ms = 200 * 8500;
    scene.sums.act[0] = 100; /* 7 s */
    scene.sums.act[2] = 50;  /* complete */
    scene.sums.act[3] = 6;   /* like */
    scene.sums.act[4] = 5;
    scene.sums.act[5] = 4;
    scene.sums.act[6] = 3;
    scene.sums.act[8] = 2; /* hide; 7 = the creator's page */
    scene_sample(&scene, cell);
    const double wanted[] = {8.5, 0.5, 0.25, 0.03, 0.025, 0.02, 0.015, 0.01};
    for (int i = 0; i < 8; i++) scene_near(cell[i], wanted[i]);
    scene_close(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ratios),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
