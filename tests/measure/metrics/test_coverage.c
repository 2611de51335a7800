/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../scene.h"

static void test_shown_since_the_interval_began(void **state)
{
    struct scene scene;
    const uint32_t views[] = {10, 0, 3, 0};
    double cell[8];
    (void)state;
    scene_open(&scene, "coverage");
    scene_begin(&scene);
    scene_catalogue(&scene, views, 4);
    scene_sample(&scene, cell);
    scene_near(cell[0], 0.5);
    scene_next(&scene);
    scene_video(&scene, 0)->impressions++;
    scene_sample(&scene, cell);
    scene_near(cell[0], 0.25);
    scene_next(&scene);
    /* Its row is another video's now, which was shown less often than the one before. */
    scene_video(&scene, 2)->impressions = 2;
    scene_video(&scene, 2)->published = scene.view.from;
    scene_sample(&scene, cell);
    scene_near(cell[0], 0.25);
    scene_next(&scene);
    scene_sample(&scene, cell);
    scene_near(cell[0], 0);
    scene_close(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shown_since_the_interval_began),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
