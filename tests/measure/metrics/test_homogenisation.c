/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../scene.h"

static size_t watch(struct scene *scene, struct impression *rows, size_t position,
                    uint32_t first)
{
    for (uint32_t i = 0; i < 3; i++)
        rows[i] = (struct impression){.viewer = scene->view.panel.viewer[position],
                                      .video = scene_video_number(scene, first + i)};
    return 3;
}

static void test_jaccard_by_hand(void **state)
{
    struct scene scene;
    struct impression rows[16];
    double cell[8];
    size_t n = 0;
    (void)state;
    scene_open(&scene, "homogenisation");
    scene_begin(&scene);
    n += watch(&scene, rows + n, 0, 0); /* {0, 1, 2} and {1, 2, 3}: 2 of 4 */
    n += watch(&scene, rows + n, 1, 1);
    n += watch(&scene, rows + n, 1, 1); /* seen twice counts once */
    n += watch(&scene, rows + n, 2, 0); /* its partner was not there */
    rows[n++] = (struct impression){.viewer = UINT32_MAX, .video = 0};
    scene_rows(&scene, rows, n);
    scene_sample(&scene, cell);
    scene_near(cell[0], 0.5);
    scene_sample(&scene, cell);
    assert_true(isnan(cell[0]));
    scene_close(&scene);
}

static void test_days_of_an_interval_are_averaged(void **state)
{
    struct scene scene;
    struct impression rows[16];
    double cell[8];
    (void)state;
    scene_open(&scene, "homogenisation");
    scene_begin(&scene);
    for (uint32_t day = 0; day < 2; day++) { /* all in common, then nothing */
        size_t n = watch(&scene, rows, 2, 0);
        n += watch(&scene, rows + n, 3, 3 * day);
        scene_rows(&scene, rows, n);
        scene_day(&scene);
    }
    scene_sample(&scene, cell);
    scene_near(cell[0], 0.5);
    scene_close(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_jaccard_by_hand),
        cmocka_unit_test(test_days_of_an_interval_are_averaged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
