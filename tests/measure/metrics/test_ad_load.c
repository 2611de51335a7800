/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../scene.h"

static void test_share(void **state)
{
    struct scene scene;
    double cell[8];
    (void)state;
    scene_open(&scene, "ad_load");
    scene_sample(&scene, cell);
    assert_true(isnan(cell[0]));
    scene.sums.impressions = 80;
    scene.sums.act[11] = 10;
    scene_sample(&scene, cell);
    scene_near(cell[0], 0.125);
    scene_close(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_share),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
