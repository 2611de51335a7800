/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../scene.h"

/* Row 0 of the first four shards: three newcomers of different tenure, one who was there. */
static void test_three_terms(void **state)
{
    static const int16_t joined[4] = {35, 20, 0, -100};
    struct scene scene;
    struct impression rows[4] = {{0}};
    double cell[8];
    (void)state;
    scene_open(&scene, "tenure");
    scene_begin(&scene);
    for (uint32_t i = 0; i < 4; i++) {
        struct viewer *viewer = &scene.world->viewers[i].row[0];
        viewer->joined_day = joined[i];
        viewer->last_day = 40;
        viewer->flags = i < 3 ? VIEWER_NEWCOMER : 0;
        rows[i].viewer = entity_number(scene.world->shards, 0, i);
        rows[i].video = scene_video_number(&scene, i);
        rows[i].watch_ms = (i + 1) * (uint32_t)TIME_MINUTE;
        rows[i].acts = i == 1 ? ACT_PLAY_7S : 0;
    }
    scene.world->now = 40 * TIME_DAY;
    scene_rows(&scene, rows, 4);
    scene_rows(&scene, &rows[2], 1);
    scene_sample(&scene, cell);
    scene_near(cell[0], 1);
    scene_near(cell[1], 2);
    scene_near(cell[2], 6);
    scene_near(cell[3], 0);
    scene_near(cell[4], 1);
    scene_near(cell[5], 0);
    scene_sample(&scene, cell); /* what was counted is cleared; they are still there */
    scene_near(cell[0], 0);
    assert_true(isnan(cell[3]));
    scene_close(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_three_terms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
