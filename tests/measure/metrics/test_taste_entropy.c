/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../scene.h"

static void test_on_axes(void **state)
{
    struct scene scene;
    double cell[8];
    (void)state;
    scene_open(&scene, "taste_entropy");
    scene_axes(&scene);
    for (size_t p = 0; p < SCENE_PANEL; p++)
        scene_taste(&scene, p, (float)(p % 2), (float)(1 - p % 2));
    scene_sample(&scene, cell);
    scene_near(cell[0], 0.5); /* half like one topic, half another: ln 2 / ln 4 */
    scene_near(cell[1], 0);   /* each of them only one */
    for (size_t p = 0; p < SCENE_PANEL; p++) scene_taste(&scene, p, 1, 1);
    scene_sample(&scene, cell);
    scene_near(cell[0], 0.5);
    scene_near(cell[1], 0.5);
    scene_close(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_on_axes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
