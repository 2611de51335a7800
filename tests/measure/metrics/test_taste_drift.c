/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../scene.h"

static void test_right_angles(void **state)
{
    struct scene scene;
    double cell[8];
    (void)state;
    scene_open(&scene, "taste_drift");
    for (size_t p = 0; p < SCENE_PANEL; p++) scene_taste(&scene, p, 1, 0);
    scene_begin(&scene);
    scene_sample(&scene, cell);
    scene_near(cell[0], 0);
    scene_near(cell[1], 1);
    scene_taste(&scene, 0, 0, 1);
    scene_taste(&scene, 1, -1, 0);
    scene_begin(&scene); /* as after a load: the start stays what it was */
    scene_sample(&scene, cell);
    scene_near(cell[0], (1.0 + 2.0) / 4);
    scene_near(cell[1], (0.0 + 1.0) / 2);
    scene_close(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_right_angles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
