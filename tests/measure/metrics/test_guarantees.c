/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../scene.h"

static void test_what_an_interval_served(void **state)
{
    struct scene scene;
    double cell[8];
    (void)state;
    scene_open(&scene, "guarantees");
    scene.sums.queues = (struct queue_figures){
        .open = 7, .late = 2, .done = 4, .hours = 10, .moderation = 3};
    scene_sample(&scene, cell);
    scene_near(cell[0], 7);
    scene_near(cell[1], 2);
    scene_near(cell[2], 4);
    scene_near(cell[3], 2.5);
    scene_near(cell[4], 3);
    /* of the next interval only what came since, and nothing of one without any */
    scene.sums.queues.done = 6;
    scene.sums.queues.hours = 40;
    scene_sample(&scene, cell);
    scene_near(cell[2], 2);
    scene_near(cell[3], 15);
    scene_sample(&scene, cell);
    scene_near(cell[2], 0);
    assert_true(isnan(cell[3]));
    scene_close(&scene);
}

/* What the platform says of its queues is what stands in the videos' counters. */
static void test_queues_of_a_run(void **state)
{
    struct scene scene;
    struct errors errors = {0};
    (void)state;
    scene_open(&scene, "guarantees");
    struct sim *sim = scene.lab.sim;
    uint64_t most = 0;
    for (int window = 0; window < 144; window++) {
        uint64_t open = 0;
        assert_int_equal(sim_step(sim, &errors), STATUS_OK);
        for (uint32_t s = 0; s < scene.world->shards.count; s++)
            for (size_t r = 0; r < scene.world->videos[s].count; r++) {
                const struct video_counters *c = &scene.world->videos[s].counter[r];
                open += c->state == VIDEO_ACTIVE && c->guaranteed > 0;
            }
        const struct queue_figures q = sim->measure->services.queues(sim->platform);
        assert_int_equal(q.open, open);
        assert_true(q.late <= q.open);
        if (open > most) most = open;
    }
    assert_true(most > 0);
    scene_close(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_an_interval_served),
        cmocka_unit_test(test_queues_of_a_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
