/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What distinguishes each ranker, by the scores it gives outside of sessions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "lab.h"

#define SAMPLE 200

static void open_with(struct lab *lab, const char *ranker, const char *more, uint32_t videos,
                      int windows)
{
    const char *const set[] = {ranker, "platform.extraction_noise=0.2", more, NULL};
    struct lab_options o = {.viewers = 400,
                            .creators = 40,
                            .videos = videos,
                            .shards = 8,
                            .threads = 1,
                            .set = set};
    lab_open(lab, &o);
    lab->requests = 4;
    for (int w = 0; w < windows; w++) lab_window(lab, 2);
}

static void open_after(struct lab *lab, const char *ranker, int windows)
{
    open_with(lab, ranker, NULL, 1000, windows);
}

static void sample_videos(struct lab *lab, uint32_t *video)
{
    size_t rows = 0;
    for (uint32_t s = 0; s < lab->world.shards.count; s++) rows += lab->world.videos[s].count;
    for (uint32_t i = 0; i < SAMPLE; i++) video[i] = lab_any(lab, 5 * i % (uint32_t)rows);
}

/* Correlation of a ranker's scores with something true of viewer and video, over many viewers.
 */
static double correlation(struct lab *lab,
                          double (*truth)(struct lab *, uint32_t viewer, uint32_t video))
{
    uint32_t video[SAMPLE];
    float score[SAMPLE];
    double sum = 0, n = 0;
    sample_videos(lab, video);
    for (uint32_t i = 0; i < 100; i++) {
        double x = 0, y = 0, xx = 0, yy = 0, xy = 0, m = 0;
        uint32_t viewer = entity_number(lab->world.shards, i / 8, i % 8);
        platform_score(lab->platform, viewer, video, SAMPLE, score);
        for (int k = 0; k < SAMPLE; k++) {
            if (score[k] <= SCORE_NEVER) continue; /* has left */
            double a = (double)score[k], b = truth(lab, viewer, video[k]);
            x += a, y += b, xx += a * a, yy += b * b, xy += a * b, m++;
        }
        double spread = (xx - x * x / m) * (yy - y * y / m);
        if (spread <= 0) continue;
        sum += (xy - x * y / m) / sqrt(spread);
        n++;
    }
    return n > 0 ? sum / n : 0;
}

static double true_likeness(struct lab *lab, uint32_t viewer, uint32_t video)
{
    return (double)packed_dot(&world_viewer(&lab->world, viewer)->taste,
                              &world_video(&lab->world, video)->content) *
           0x1p-28;
}

static double true_match(struct lab *lab, uint32_t viewer, uint32_t video)
{
    return true_likeness(lab, viewer, video) +
           (double)world_video(&lab->world, video)->quality - 0.5;
}

static const struct video_counters *counters_of(struct lab *lab, uint32_t video)
{
    return &lab->world.videos[entity_shard(lab->world.shards, video)]
                .counter[entity_row(lab->world.shards, video)];
}

static double long_views(struct lab *lab, uint32_t viewer, uint32_t video)
{
    (void)viewer;
    return log(1.0 + counters_of(lab, video)->plays_18s + counters_of(lab, video)->likes);
}

static double heat(struct lab *lab, uint32_t viewer, uint32_t video)
{
    const struct video_counters *c = counters_of(lab, video);
    (void)viewer;
    return log(0.01 + (double)c->heat) + lab->platform->heat_rate * (double)c->heated;
}

static double correlation_after(const char *ranker, int windows,
                                double (*truth)(struct lab *, uint32_t, uint32_t))
{
    struct lab lab;
    open_after(&lab, ranker, windows);
    double r = correlation(&lab, truth);
    lab_close(&lab);
    print_message("%s after %d windows: %.3f\n", ranker, windows, r);
    return r;
}

static void random_knows_nothing(void **state)
{
    (void)state;
    /* mean of 100 correlations of 200 pairs: sd 1 / sqrt(100 * 200) = 0.007, viewers draw alone
     */
    assert_near(correlation_after("platform.ranker=random", 20, true_match), 0, 0.035);
}

static void oracle_is_the_truth(void **state)
{
    (void)state;
    assert_true(correlation_after("platform.ranker=oracle", 0, true_match) > 0.999);
}

static void popular_orders_by_long_views(void **state)
{
    (void)state;
    assert_true(correlation_after("platform.ranker=popular", 20, long_views) > 0.999);
}

static void trending_orders_by_heat(void **state)
{
    (void)state;
    assert_true(correlation_after("platform.ranker=trending", 20, heat) > 0.999);
}

/* Profiles come with acts: a cold platform knows little, a warm one much more. */
static void content_learns_taste(void **state)
{
    (void)state;
    double cold = correlation_after("platform.ranker=content", 1, true_match);
    double warm = correlation_after("platform.ranker=content", 40, true_match);
    assert_true(warm > cold + 0.1);
    assert_true(warm > 0.5);
}

static void mf_learns_taste(void **state)
{
    (void)state;
    double cold = correlation_after("platform.ranker=mf", 1, true_match);
    double warm = correlation_after("platform.ranker=mf", 80, true_match);
    assert_true(warm > cold + 0.1);
    assert_true(warm > 0.4);
}

static void bpr_learns_taste(void **state)
{
    (void)state;
    double cold = correlation_after("platform.ranker=bpr", 1, true_match);
    double warm = correlation_after("platform.ranker=bpr", 80, true_match);
    assert_true(warm > cold + 0.1);
    assert_true(warm > 0.4);
}

static void fm_learns_taste(void **state)
{
    (void)state;
    double cold = correlation_after("platform.ranker=fm", 1, true_match);
    double warm = correlation_after("platform.ranker=fm", 80, true_match);
    assert_true(warm > cold + 0.1);
    assert_true(warm > 0.4);
}

/* The three that remember whole videos or raters, or solve equations. */
static void neighbours_learn_taste(void **state)
{
    static const char *const ranker[] = {"platform.ranker=item_knn",
                                         "platform.ranker=user_knn"};
    (void)state;
    for (int r = 0; r < 2; r++) {
        double cold = correlation_after(ranker[r], 1, true_match);
        double warm = correlation_after(ranker[r], 80, true_match);
        assert_true(warm > cold + 0.1);
        assert_true(warm > 0.25);
    }
}

static void als_learns_taste(void **state)
{
    (void)state;
    double cold = correlation_after("platform.ranker=als", 1, true_match);
    double warm = correlation_after("platform.ranker=als", 80, true_match);
    assert_true(warm > cold + 0.1);
    assert_true(warm > 0.4);
}

static void linucb_learns_taste(void **state)
{
    (void)state;
    double cold = correlation_after("platform.ranker=linucb", 1, true_match);
    double warm = correlation_after("platform.ranker=linucb", 40, true_match);
    assert_true(warm > cold + 0.1);
    assert_true(warm > 0.4);
}

/* Greedy by the share of long views alone: the whole audience's says nothing of a viewer's own
 * taste, a group's does, and the more so the more groups there are. */
static void bandits_learn_what_groups_like(void **state)
{
    static const char *const cuts[] = {"platform.learn.arms.cuts=0",
                                       "platform.learn.arms.cuts=1",
                                       "platform.learn.arms.cuts=3"};
    double r[3];
    (void)state;
    for (int c = 0; c < 3; c++) {
        struct lab lab;
        open_with(&lab, "platform.ranker=epsilon_greedy", cuts[c], 100, 80);
        r[c] = correlation(&lab, true_likeness);
        lab_close(&lab);
        print_message("epsilon_greedy, %s: %.3f\n", cuts[c], r[c]);
    }
    assert_near(r[0], 0, 0.05);
    assert_true(r[1] > r[0] + 0.03);
    assert_true(r[2] > r[1] + 0.03);
}

/* Personal rankers differ between viewers, the others do not. */
static void only_personal_ones_tell_viewers_apart(void **state)
{
    static const struct {
        const char *set;
        bool personal;
    } ranker[] = {{"platform.ranker=popular", false}, {"platform.ranker=trending", false},
                  {"platform.ranker=content", true},  {"platform.ranker=mf", true},
                  {"platform.ranker=oracle", true},   {"platform.ranker=random", true}};
    (void)state;
    for (size_t r = 0; r < sizeof(ranker) / sizeof(ranker[0]); r++) {
        struct lab lab;
        uint32_t video[SAMPLE];
        float a[SAMPLE], b[SAMPLE];
        open_after(&lab, ranker[r].set, 10);
        sample_videos(&lab, video);
        platform_score(lab.platform, entity_number(lab.world.shards, 1, 0), video, SAMPLE, a);
        platform_score(lab.platform, entity_number(lab.world.shards, 2, 0), video, SAMPLE, b);
        assert_int_equal(memcmp(a, b, sizeof(a)) != 0, ranker[r].personal);
        lab_close(&lab);
    }
}

/* Better knowledge shows: what people watch of what they are served. */
static double watched(const char *ranker)
{
    struct lab lab;
    uint64_t watch = 0, shown = 0;
    open_after(&lab, ranker, 40);
    for (uint32_t s = 0; s < 8; s++)
        for (size_t i = 0; i < lab.world.videos[s].count; i++) {
            watch += lab.world.videos[s].counter[i].watch_ms;
            shown += lab.world.videos[s].counter[i].impressions;
        }
    lab_close(&lab);
    return (double)watch / (double)shown * 1e-3;
}

static void rankers_are_worth_their_names(void **state)
{
    (void)state;
    double none = watched("platform.ranker=random"), all = watched("platform.ranker=popular");
    double content = watched("platform.ranker=content"), mf = watched("platform.ranker=mf");
    double oracle = watched("platform.ranker=oracle");
    print_message("seconds an impression: random %.2f popular %.2f content %.2f mf %.2f "
                  "oracle %.2f\n",
                  none, all, content, mf, oracle);
    assert_true(all > none + 0.05);
    assert_true(content > all + 0.3);
    assert_true(mf > none + 0.3);
    assert_true(oracle > content + 0.1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_knows_nothing),
        cmocka_unit_test(oracle_is_the_truth),
        cmocka_unit_test(popular_orders_by_long_views),
        cmocka_unit_test(trending_orders_by_heat),
        cmocka_unit_test(content_learns_taste),
        cmocka_unit_test(mf_learns_taste),
        cmocka_unit_test(bpr_learns_taste),
        cmocka_unit_test(fm_learns_taste),
        cmocka_unit_test(neighbours_learn_taste),
        cmocka_unit_test(als_learns_taste),
        cmocka_unit_test(linucb_learns_taste),
        cmocka_unit_test(bandits_learn_what_groups_like),
        cmocka_unit_test(only_personal_ones_tell_viewers_apart),
        cmocka_unit_test(rankers_are_worth_their_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
