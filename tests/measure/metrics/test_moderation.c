/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../scene.h"

static void test_what_an_interval_took_down(void **state)
{
    struct scene scene;
    double cell[8];
    (void)state;
    scene_open(&scene, "moderation");
    struct video_shard *videos = scene.world->videos;
    uint32_t bad = entity_number(scene.world->shards, 0, 0);
    uint32_t good = entity_number(scene.world->shards, 1, 0);
    videos[0].row[0].flags |= VIDEO_VIOLATING;
    videos[0].row[1].flags &= (uint8_t)~VIDEO_VIOLATING;
    const struct impression row[] = {
        {.video = bad}, {.video = good}, {.video = good}, {.video = bad}};
    scene_rows(&scene, row, 4);
    scene.sums.impressions = 8;
    scene.sums.queues.moderated = (struct moderation_figures){
        .removed = 9, .wrong = 2, .reinstated = 1, .suspended = 4, .closed = 3};
    scene_sample(&scene, cell);
    scene_near(cell[0], 9);
    scene_near(cell[1], 2);
    scene_near(cell[2], 1);
    scene_near(cell[3], 4);
    scene_near(cell[4], 3);
    scene_near(cell[5], 0.25);
    /* the next interval: only what came since; who is barred is a stock */
    scene.sums.queues.moderated.removed = 11;
    scene.sums.queues.moderated.closed = 2;
    scene_sample(&scene, cell);
    scene_near(cell[0], 2);
    scene_near(cell[1], 0);
    scene_near(cell[4], 2);
    scene_near(cell[5], 0);
    scene.sums.impressions = 0;
    scene_sample(&scene, cell);
    assert_true(isnan(cell[5]));
    scene_close(&scene);
}

static double sum(const struct lab *lab, const char *column)
{
    double x = (double)NAN;
    char text[64];
    snprintf(text, sizeof text, "sum %s", column);
    assert_true(lab_figure(lab, text, &x));
    return x;
}

/* A machine that never errs takes down all that breaks the rules, and nothing else. */
static void test_a_machine_that_never_errs(void **state)
{
    static const char *const set[] = {
        "measure.metrics=[\"moderation\"]", "platform.moderation.recall=1",
        "platform.moderation.precision=1",  "platform.moderation.automatic=1",
        "platform.moderation.strikes=1",    "platform.moderation.suspension=100",
        "platform.moderation.closes=2",     "creators.production.violations=0.2",
        "creators.videos_per_week=14",      NULL};
    struct lab lab;
    struct lab_column barred = {0}, closed = {0};
    (void)state;
    assert_int_equal(lab_whole(&lab, set), STATUS_OK);
    assert_true(sum(&lab, "removed_videos") > 5 && sum(&lab, "removed_wrongly") == 0);
    assert_true(sum(&lab, "reinstated_videos") == 0);
    assert_true(lab_find(&lab, "suspended_creators", &barred));
    assert_true(lab_find(&lab, "closed_accounts", &closed));
    const struct lab_table *t = barred.table;
    double last = t->cell[(t->rows - 1) * t->columns + barred.column];
    double gone = t->cell[(t->rows - 1) * t->columns + closed.column];
    print_message("removed %.0f, suspended %.0f, closed %.0f\n", sum(&lab, "removed_videos"),
                  last, gone);
    /* each removal is a strike: the first suspends, the second closes */
    assert_true(last > 0 && gone > 0 && last + 2 * gone <= sum(&lab, "removed_videos"));
    lab_free(&lab);
}

/* Who removes blindly is wrong as often as videos are clean, and appeals bring them back. */
static void test_errors_and_appeals(void **state)
{
    static const char *const set[] = {
        "measure.metrics=[\"moderation\"]",     "platform.moderation.recall=0.5",
        "platform.moderation.precision=0.5",    "platform.moderation.prevalence=0.2",
        "platform.moderation.automatic=1",      "platform.moderation.reinstated=0.5",
        "platform.moderation.appeal_delay=0.5", "creators.production.violations=0.2",
        "creators.videos_per_week=28",          NULL};
    struct lab lab;
    (void)state;
    assert_int_equal(lab_whole(&lab, set), STATUS_OK);
    double removed = sum(&lab, "removed_videos"), wrong = sum(&lab, "removed_wrongly");
    double back = sum(&lab, "reinstated_videos");
    print_message("removed %.0f, of them wrongly %.0f, reinstated %.0f\n", removed, wrong,
                  back);
    assert_true(removed > 20 && wrong > 0 && wrong < removed);
    assert_true(back > 0 && back <= wrong); /* all wrong ones are appealed against, in time */
    lab_free(&lab);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_an_interval_took_down),
        cmocka_unit_test(test_a_machine_that_never_errs),
        cmocka_unit_test(test_errors_and_appeals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
