/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../scene.h"

/* Worth of a video: its place in the sample, less 5; half of them are above 0. */
static float worth(void *self, uint32_t viewer, uint32_t video)
{
    const struct metric_view *view = &((struct scene *)self)->view;
    (void)viewer;
    for (size_t i = 0; i < view->sample_count; i++)
        if (view->sample_videos[i] == video) return (float)i - 4.5f;
    return 0;
}

static void rank_well(void *self, uint32_t viewer, const uint32_t *video, size_t n,
                      float *score)
{
    for (size_t i = 0; i < n; i++) score[i] = worth(self, viewer, video[i]);
}

static void rank_badly(void *self, uint32_t viewer, const uint32_t *video, size_t n,
                       float *score)
{
    for (size_t i = 0; i < n; i++) score[i] = -worth(self, viewer, video[i]);
}

static void test_best_and_worst_order(void **state)
{
    struct scene scene;
    uint32_t video[30];
    double cell[8];
    (void)state;
    scene_open(&scene, "ranking_quality");
    for (uint32_t i = 0; i < 30; i++) video[i] = scene_video_number(&scene, i);
    scene.view.sample_videos = video;
    scene.view.sample_count = 30;
    scene.view.truth = (struct truth_service){&scene, worth};
    scene.view.rank = (struct rank_service){&scene, rank_well};
    scene_sample(&scene, cell);
    scene_near(cell[0], 1);
    scene_near(cell[1], 1);
    scene_near(cell[2], 0);
    scene.view.rank.score = rank_badly;
    scene_sample(&scene, cell);
    scene_near(cell[1], 0);
    scene_near(cell[2], 20); /* mean of 15.5..24.5 less that of -4.5..4.5 */
    double gain = 0, ideal = 0;
    for (int k = 0; k < 10; k++) {
        if (k - 4.5 > 0) gain += (k - 4.5) / log2(k + 2); /* the worst first */
        ideal += (24.5 - k) / log2(k + 2);
    }
    scene_near(cell[0], gain / ideal);
    scene.view.sample_count = 0;
    scene_sample(&scene, cell);
    assert_true(isnan(cell[0]) && isnan(cell[1]) && isnan(cell[2]));
    scene_close(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_best_and_worst_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
