/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../scene.h"

static void test_two_topics_of_four(void **state)
{
    struct scene scene;
    struct impression rows[8] = {{0}};
    double cell[8];
    (void)state;
    scene_open(&scene, "topic_entropy");
    scene_axes(&scene);
    scene_begin(&scene);
    for (uint32_t i = 0; i < 8; i++) {
        rows[i].video = scene_video_number(&scene, i);
        scene_video_truth(&scene, i)->topic = i % 2 ? 3 : 1;
    }
    scene_rows(&scene, rows, 8);
    scene_sample(&scene, cell);
    scene_near(cell[0], log(2) / log(4));
    scene_rows(&scene, rows, 1); /* what was counted is cleared */
    scene_sample(&scene, cell);
    scene_near(cell[0], 0);
    scene_sample(&scene, cell);
    assert_true(isnan(cell[0]));
    scene_close(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_two_topics_of_four),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
