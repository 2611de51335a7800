/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../scene.h"

/* A week's income of three creators. */
static void earn(struct scene *scene, const int64_t *week)
{
    for (uint32_t i = 0; i < 3; i++) scene_creator(scene, i)->income[1] += week[i] * MICRO;
    for (int day = 0; day < 7; day++) {
        scene_day(scene);
        scene_next(scene);
    }
}

static void test_by_hand(void **state)
{
    static const int64_t none[] = {0, 0, 0};
    static const int64_t weeks[4][3] = {{1, 5, 0}, {3, 5, 0}, {1, 5, 0}, {3, 5, 0}};
    struct scene scene;
    double cell[8];
    (void)state;
    scene_open(&scene, "income_volatility");
    scene_earners(&scene, none, 3);
    scene_begin(&scene);
    for (int w = 0; w < 4; w++) {
        scene_sample(&scene, cell);
        assert_true(isnan(cell[0])); /* too early */
        earn(&scene, weeks[w]);
    }
    scene_sample(&scene, cell);
    /* {1, 3, 1, 3}: sd 2 / sqrt 3 over mean 2; {5, 5, 5, 5}: 0; the third earned nothing */
    scene_near(cell[0], (2 / sqrt(3) / 2 + 0) / 2);
    scene_near(cell[1], -0.5); /* the worst of 8 weeks: 1 instead of 2 */
    scene_creator(&scene, 0)->left = 1;
    scene_sample(&scene, cell);
    scene_near(cell[0], 0);
    scene_near(cell[1], 0);
    scene_close(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_by_hand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
