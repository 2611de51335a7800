/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../scene.h"

/* The last row of each shard is a newcomer who joined on day 0. */
static uint32_t newcomer(struct scene *scene, uint32_t shard)
{
    struct viewer_shard *viewers = &scene->world->viewers[shard];
    struct viewer *viewer = &viewers->row[viewers->count - 1];
    viewer->flags = VIEWER_NEWCOMER;
    viewer->joined_day = 0;
    return entity_number(scene->world->shards, (uint32_t)viewers->count - 1, shard);
}

static void watch(struct scene *scene, uint32_t viewer, uint32_t minutes, uint16_t acts)
{
    const struct impression row = {.viewer = viewer,
                                   .video = scene_video_number(scene, viewer % 3),
                                   .watch_ms = minutes * (uint32_t)TIME_MINUTE,
                                   .acts = acts};
    scene_rows(scene, &row, 1);
}

/* Two newcomers come on day 2, one of them also on days 3, 10 and 40; somebody who was always
 * there watches, too. */
static void test_those_who_stay(void **state)
{
    struct scene scene;
    double cell[8];
    (void)state;
    scene_open(&scene, "tenure");
    uint32_t stays = newcomer(&scene, 0), leaves = newcomer(&scene, 1);
    uint32_t old = entity_number(scene.world->shards, 0, 2);
    scene_begin(&scene);
    scene.world->now = 2 * TIME_DAY;
    watch(&scene, stays, 1, ACT_PLAY_7S);
    watch(&scene, stays, 2, 0);
    watch(&scene, leaves, 50, ACT_PLAY_7S);
    watch(&scene, old, 70, ACT_PLAY_7S);
    scene_day(&scene);
    scene.world->now = 3 * TIME_DAY;
    watch(&scene, stays, 3, 0);
    scene_day(&scene);
    scene.world->now = 10 * TIME_DAY;
    watch(&scene, stays, 8, ACT_PLAY_7S);
    scene_day(&scene);
    scene_sample(&scene, cell); /* nobody has stayed beyond four weeks */
    for (int c = 0; c < 6; c++) assert_true(isnan(cell[c]));
    scene.world->now = 40 * TIME_DAY;
    for (int i = 0; i < 4; i++) watch(&scene, stays, 5, i == 3 ? ACT_PLAY_7S : 0);
    watch(&scene, old, 70, ACT_PLAY_7S);
    scene_day(&scene);
    scene_sample(&scene, cell);
    scene_near(cell[0], 3); /* 6 minutes on two days */
    scene_near(cell[1], 8);
    scene_near(cell[2], 20);
    scene_near(cell[3], 1.0 / 3);
    scene_near(cell[4], 1);
    scene_near(cell[5], 0.25);
    scene.world->now = 41 * TIME_DAY; /* nobody comes */
    scene_sample(&scene, cell);
    assert_true(isnan(cell[0]) && isnan(cell[3]));
    scene_close(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_those_who_stay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
