/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../scene.h"

static void test_income_of_those_here(void **state)
{
    struct scene scene;
    const int64_t income[] = {0, 0, 0, 5 * MICRO};
    double cell[8];
    (void)state;
    scene_open(&scene, "income_inequality");
    scene_earners(&scene, income, 4);
    scene_sample(&scene, cell);
    scene_near(cell[0], 0.75);
    scene_near(cell[1], 1);
    scene_near(cell[2], 1);
    scene_creator(&scene, 0)->left = 5;  /* three are left: {0, 0, 5} */
    scene_creator(&scene, 1)->posts = 0; /* and one of them never posted: {0, 5} */
    scene_sample(&scene, cell);
    scene_near(cell[0], 0.5);
    scene_close(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_income_of_those_here),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
