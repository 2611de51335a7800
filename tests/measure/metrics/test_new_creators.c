/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../scene.h"

static void test_share_of_the_new(void **state)
{
    static const int64_t none[4] = {0};
    struct scene scene;
    double cell[8];
    (void)state;
    scene_open(&scene, "new_creators");
    scene_earners(&scene, none, 4);
    scene_begin(&scene);
    scene.view.to = 40 * TIME_DAY;
    for (uint32_t i = 0; i < 4; i++) scene_creator(&scene, i)->impressions = 100;
    scene_creator(&scene, 0)->joined = 0;             /* here at the start */
    scene_creator(&scene, 1)->joined = 5 * TIME_DAY;  /* too long ago */
    scene_creator(&scene, 2)->joined = 11 * TIME_DAY; /* new */
    scene_creator(&scene, 3)->joined = -5 * TIME_DAY;
    scene_sample(&scene, cell);
    scene_near(cell[0], 0.25);
    scene_near(cell[1], 0.25);
    scene_creator(&scene, 0)->impressions += 10; /* what came since counts */
    scene_creator(&scene, 2)->impressions += 30;
    scene_sample(&scene, cell);
    scene_near(cell[0], 0.75);
    scene_sample(&scene, cell);
    assert_true(isnan(cell[0]));
    scene_close(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_share_of_the_new),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
