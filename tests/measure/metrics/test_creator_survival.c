/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../scene.h"

static void join(struct scene *scene, uint32_t i, int64_t joined, int64_t left)
{
    scene_creator(scene, i)->joined = joined * TIME_DAY + 1;
    scene_creator(scene, i)->left = left < 0 ? TIME_NEVER : left * TIME_DAY + 2;
}

static void test_product_limit_by_hand(void **state)
{
    static const int64_t none[4] = {0};
    struct scene scene;
    double cell[8];
    (void)state;
    scene_open(&scene, "creator_survival");
    scene_earners(&scene, none, 0);
    scene_sample(&scene, cell);
    assert_true(isnan(cell[0]));
    scene.view.to = 60 * TIME_DAY;
    join(&scene, 0, 10, 10); /* leaves on its first day, of four */
    join(&scene, 1, 10, 13); /* on its fourth, of three */
    join(&scene, 2, 10, -1);
    join(&scene, 3, 55, -1); /* watched for less than five whole days */
    scene_sample(&scene, cell);
    scene_near(cell[0], (1 - 1.0 / 4) * (1 - 1.0 / 3));
    scene_near(cell[1], (1 - 1.0 / 4) * (1 - 1.0 / 3));
    join(&scene, 2, 10, 30); /* on its 21st, alone */
    scene_sample(&scene, cell);
    scene_near(cell[0], 0.5);
    assert_true(isnan(cell[1]) || cell[1] == 0);
    scene_close(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_product_limit_by_hand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
