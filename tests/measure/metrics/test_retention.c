/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../scene.h"

static void test_pooled_over_the_interval(void **state)
{
    enum { DAYS = 40 };
    struct scene scene;
    static uint32_t joined[DAYS + 1], returned[(DAYS + 1) * RETENTION_AGES];
    double cell[8];
    (void)state;
    scene_open(&scene, "retention");
    joined[0] = 1000; /* here at the start: not newcomers */
    for (int day = 0; day < DAYS; day++) {
        joined[day + 1] = 10 * (uint32_t)(day + 1);
        for (int age = 0; age < RETENTION_AGES; age++)
            returned[(day + 1) * RETENTION_AGES + age] = age == 1    ? 5 * (uint32_t)(day + 1)
                                                         : age == 7  ? (uint32_t)(day + 1)
                                                         : age == 30 ? 1
                                                                     : 0;
    }
    scene.view.retention = (struct retention){5, joined, returned};
    scene.view.from = 4 * TIME_DAY;
    scene_sample(&scene, cell);
    scene_near(cell[0], 0.5);
    assert_true(isnan(cell[1]) && isnan(cell[2]));
    scene.view.retention.days = DAYS;
    scene.view.from = 38 * TIME_DAY; /* days 38 and 39: D30 of those of days 8 and 9 */
    scene_sample(&scene, cell);
    scene_near(cell[0], 0.5);
    scene_near(cell[1], 0.1);
    scene_near(cell[2], 2.0 / (90 + 100));
    scene_close(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pooled_over_the_interval),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
