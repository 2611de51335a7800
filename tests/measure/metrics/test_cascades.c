/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../scene.h"

static void test_means(void **state)
{
    struct scene scene;
    double cell[8];
    (void)state;
    scene_open(&scene, "cascades");
    scene_sample(&scene, cell);
    scene_near(cell[0], 0);
    assert_true(isnan(cell[1]) && isnan(cell[3]));
    /* a star of 5 and a chain of 4 */
    scene.sums.cascades = (struct cascade_sums){2, 5 + 4, 1 + 3, 2 * 4.0 / 5 + 5.0 / 3};
    scene_sample(&scene, cell);
    scene_near(cell[0], 2);
    scene_near(cell[1], 4.5);
    scene_near(cell[2], 2);
    scene_near(cell[3], (1.6 + 5.0 / 3) / 2);
    scene_close(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_means),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
