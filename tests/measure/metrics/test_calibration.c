/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../scene.h"

static void show(struct scene *scene, size_t position, uint32_t topic, uint32_t times)
{
    scene_video_truth(scene, topic)->topic = (uint8_t)topic;
    const struct impression row = {.viewer = scene->view.panel.viewer[position],
                                   .video = scene_video_number(scene, topic)};
    for (uint32_t i = 0; i < times; i++) scene_rows(scene, &row, 1);
}

static void test_shown_as_liked_and_not(void **state)
{
    struct scene scene;
    double cell[8];
    (void)state;
    scene_open(&scene, "calibration");
    scene_axes(&scene);
    for (size_t p = 0; p < SCENE_PANEL; p++) scene_taste(&scene, p, 1, 1);
    scene_begin(&scene);
    show(&scene, 0, 0, 5);
    show(&scene, 0, 1, 5);
    scene_sample(&scene, cell);
    scene_near(cell[0], 0);
    show(&scene, 1, 0, 4); /* a taste for two, only one of them shown, on two days */
    scene_day(&scene);
    show(&scene, 1, 0, 2);
    scene_sample(&scene, cell);
    scene_near(cell[0], 0.5 * log(0.5 / (0.99 + 0.005)) + 0.5 * log(0.5 / 0.005));
    scene_sample(&scene, cell);
    assert_true(isnan(cell[0])); /* nobody of the panel was there */
    scene_close(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shown_as_liked_and_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
