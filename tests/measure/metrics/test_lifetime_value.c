/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../scene.h"

static void test_by_hand(void **state)
{
    struct scene scene;
    double cell[8];
    (void)state;
    scene_open(&scene, "lifetime_value");
    scene_sample(&scene, cell);
    assert_true(isnan(cell[0]) && isnan(cell[1]));
    scene.sums.days = 2;
    scene.sums.dau = 50;
    scene.sums.viewers_ever = 100;
    scene.sums.viewers.churned = scene.sums.viewers_lost = 4;
    scene.sums.money.gross[0] = 30 * MICRO;
    scene.sums.money.gross[3] = 20 * MICRO;
    scene_sample(&scene, cell);
    scene_near(cell[0], 0.5); /* 50 over 100 viewer-days */
    double i = 0.1 / 365, m = 0.25, r = 1 - 0.02;
    scene_near(cell[1], m * (1 + i) / (1 + i - r)); /* about 12.3: fifty days of .25 */
    assert_true(cell[1] > 12 && cell[1] < 12.5);
    scene_close(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_by_hand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
