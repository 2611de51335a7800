/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "lab.h"

static const struct lab_options town = {
    .viewers = 2000, .creators = 60, .videos = 1000, .shards = 8, .threads = 1};

/* The better part goes on, about as large a part as is asked for. */
static void pools_promote_the_better(void **state)
{
    static const char *const set[] = {"platform.pools.tiers=[50.0, 200.0]",
                                      "platform.pools.pass=[0.25]", NULL};
    struct lab lab;
    struct lab_options o = town;
    double passed = 0, failed = 0, quality[2] = {0};
    (void)state;
    o.set = set;
    lab_open(&lab, &o);
    for (int w = 0; w < 150; w++) lab_window(&lab, 3);
    struct platform_figures f = platform_figures(lab.platform);
    assert_int_equal(f.tiers, 2);
    assert_true(f.judged[0] > 900);
    double share = (double)f.passed[0] / (double)f.judged[0];
    assert_near(share, 0.25, 4 * sqrt(0.25 * 0.75 / (double)f.judged[0]) + 0.02);
    for (uint32_t s = 0; s < 8; s++)
        for (size_t i = 0; i < lab.world.videos[s].count; i++) {
            const struct video_counters *c = &lab.world.videos[s].counter[i];
            bool on = c->pool >= 1, out = c->pool == 0 && (c->marks & VIDEO_POOLS_DONE);
            passed += on, failed += out;
            quality[0] += out ? (double)lab.world.videos[s].row[i].quality : 0;
            quality[1] += on ? (double)lab.world.videos[s].row[i].quality : 0;
        }
    print_message("quality of those that went on %.3f, that stayed %.3f\n", quality[1] / passed,
                  quality[0] / failed);
    assert_true(quality[1] / passed > quality[0] / failed + 0.05);
    lab_close(&lab);
}

/* Only those past their first pool are trending, the hottest first. */
static void trending_needs_a_pool(void **state)
{
    static const char *const set[] = {"platform.pools.tiers=[50.0, 200.0]", NULL};
    struct lab lab;
    struct lab_options o = town;
    (void)state;
    o.set = set;
    lab_open(&lab, &o);
    for (int w = 0; w < 60; w++) lab_window(&lab, 3);
    const struct snapshot *snapshot = &lab.platform->snapshot[0];
    float before = 1e30f;
    assert_true(snapshot->trending_count > 20);
    for (uint32_t i = 0; i < snapshot->trending_count; i++) {
        uint32_t video = snapshot->item[snapshot->trending[i]].video;
        const struct video_counters *c = &lab.world
                                              .videos[entity_shard(lab.world.shards, video)]
                                              .counter[entity_row(lab.world.shards, video)];
        float heat = refresh_heat(lab.platform, c, lab.world.now);
        assert_true(c->pool >= 1);
        assert_true(heat <= before * 1.00001f);
        before = heat;
    }
    lab_close(&lab);
}

static void large_pools_are_merged(void **state)
{
    struct lab lab = {0};
    const struct schema_table *tables[64];
    (void)state;
    size_t n = lab_tables(&lab, tables);
    assert_int_equal(parameters_init(&lab.parameters, tables, n), STATUS_OK);
    /* 300, 3000, 10 000, 100 000, 1 000 000; a fifth of the audience is the limit */
    assert_int_equal(platform_tiers(&lab.parameters, 0), 1);
    assert_int_equal(platform_tiers(&lab.parameters, 14999), 1);
    assert_int_equal(platform_tiers(&lab.parameters, 15000), 2);
    assert_int_equal(platform_tiers(&lab.parameters, 20000), 2);
    assert_int_equal(platform_tiers(&lab.parameters, 100000), 3);
    assert_int_equal(platform_tiers(&lab.parameters, 1000000), 4);
    assert_int_equal(platform_tiers(&lab.parameters, 100000000), 5);
    parameters_free(&lab.parameters);
}

static float weight_of(const struct pools_parameters *pools, uint16_t acts)
{
    float score[POOL_ACT_SETS];
    pools_scores(pools, score);
    return score[pools_act_set(acts)];
}

static void weights_add_up(void **state)
{
    struct pools_parameters p = {.weights = {5, {1, 5, 10, 20, 40}}};
    (void)state;
    assert_near(weight_of(&p, 0), 0, 0);
    assert_near(weight_of(&p, ACT_COMPLETE | ACT_PLAY_7S), 1, 0);
    assert_near(weight_of(&p, ACT_LIKE | ACT_SHARE), 25, 0);
    assert_near(weight_of(&p, ACT_COMPLETE | ACT_LIKE | ACT_COMMENT | ACT_SHARE | ACT_FOLLOW),
                76, 0);
    p.weights.count = 2; /* a short list leaves the rest at nothing */
    assert_near(weight_of(&p, ACT_LIKE | ACT_SHARE), 5, 0);
}

/* A paid impression counts half in size and score of the pool, and owes nobody anything. */
static void paid_impressions_count_half(void **state)
{
    struct lab_options o = {
        .viewers = 10, .creators = 5, .videos = 2, .shards = 1, .threads = 1};
    struct lab lab;
    (void)state;
    lab_open(&lab, &o);
    struct video_counters *c = lab.world.videos[0].counter;
    struct impression row[2] = {{.video = 0, .acts = ACT_LIKE, .source = SOURCE_PROMOTED},
                                {.video = 1, .acts = ACT_LIKE, .source = SOURCE_CONTENT}};
    for (int i = 0; i < 100; i++) platform_rows(lab.platform, 0, 0, row, 2);
    assert_int_equal(c[0].impressions, 100);
    assert_int_equal(c[0].paid_impressions, 100);
    assert_int_equal(c[0].guaranteed, 300);
    assert_int_equal(c[1].guaranteed, 200);
    assert_near(c[0].pool_score, 0.5 * (double)c[1].pool_score, 1e-3);
    assert_near(c[0].heat, c[1].heat, 0);
    for (int i = 0; i < 250; i++) platform_rows(lab.platform, 0, 0, row, 2);
    assert_false(pools_finished(lab.platform, &c[0])); /* 350 paid are 175 */
    assert_true(pools_finished(lab.platform, &c[1]));
    lab_close(&lab);
}

/* Ten creators with rising records: those up to the 40 % quantile are low, up to the
 * 80 % quantile in the middle; who is new or
 * has no grades to go by is in the middle. The first pool is as large as the grade says. */
static void records_make_grades(void **state)
{
    static const char *const set[] = {"platform.pools.grades=[0.1, 1.0, 3.0]", NULL};
    struct lab_options o = {
        .viewers = 10, .creators = 10, .videos = 1, .shards = 1, .threads = 1, .set = set};
    struct lab lab;
    int grade[3] = {0};
    (void)state;
    lab_open(&lab, &o);
    struct creator *creator = lab.world.creators[0].row;
    struct video_counters c = {.marks = grades_mark(lab.platform, &creator[9])};
    assert_near(pools_size(lab.platform, &c), 300, 0);
    for (uint32_t i = 0; i < 10; i++) {
        creator[i].posts = 3;
        creator[i].impressions = 300 * (i + 1);
    }
    assert_int_equal(grades_day(lab.platform), STATUS_OK);
    for (int i = 0; i < 10; i++) {
        c.marks = grades_mark(lab.platform, &creator[i]);
        double size = pools_size(lab.platform, &c);
        assert_near(pools_guarantee(lab.platform, &c), size, 0);
        grade[size < 100 ? 0 : size < 500 ? 1 : 2]++;
        assert_near(size, i < 5 ? 30 : i < 9 ? 300 : 900, 1e-9);
    }
    assert_int_equal(grade[0] + grade[1] + grade[2], 10);
    creator[0].posts = 2;
    c.marks = grades_mark(lab.platform, &creator[0]);
    assert_near(pools_size(lab.platform, &c), 300, 0);
    c.pool = 1; /* grades are about first pools only */
    c.marks = grades_mark(lab.platform, &creator[9]);
    lab.platform->tiers = 2;
    assert_near(pools_size(lab.platform, &c), 3000, 0);
    lab_close(&lab);
}

/* Heat halves in its half-life, whenever it is looked at. */
static void heat_decays(void **state)
{
    struct lab_options o = {
        .viewers = 10, .creators = 5, .videos = 2, .shards = 1, .threads = 1};
    struct lab lab;
    (void)state;
    lab_open(&lab, &o);
    struct video_counters c = {.heat = 8, .heated = 5 * TIME_HOUR};
    assert_near(refresh_heat(lab.platform, &c, 5 * TIME_HOUR), 8, 1e-6);
    assert_near(refresh_heat(lab.platform, &c, 17 * TIME_HOUR), 4, 1e-5);
    assert_near(refresh_heat(lab.platform, &c, 41 * TIME_HOUR), 1, 1e-5);
    lab_close(&lab);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pools_promote_the_better),    cmocka_unit_test(trending_needs_a_pool),
        cmocka_unit_test(large_pools_are_merged),      cmocka_unit_test(weights_add_up),
        cmocka_unit_test(paid_impressions_count_half), cmocka_unit_test(heat_decays),
        cmocka_unit_test(records_make_grades),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
