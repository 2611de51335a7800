/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lab.h"

#define PLAIN                                                                                  \
    "creators.strategy=static creators.life.exit_established=0 creators.life.entry_rate=0 "
#define STILL "creators.response.strong=0 creators.response.weak=0 "

static void close_to(double got, double expected, double tolerance)
{
    if (fabs(got - expected) > tolerance)
        fail_msg("%g, expected %g within %g", got, expected, tolerance);
}

static void quality_has_known_values(void **state)
{
    (void)state;
    close_to(production_quality(0.6, 2, 2), 0.6 * 0.63212055882855768, 1e-15);
    close_to(production_quality(0.9, 0.5, 2), 0.9 * 0.22119921692859512, 1e-15);
    close_to(production_quality(0.7, 1e3, 2), 0.7, 1e-15);
    assert_true(production_quality(0.7, 0, 2) == 0);
}

/* Moments of all videos that were made. */
struct moments {
    double n, quality, log_duration, log_duration_2, hook, hook_2, violating, risk, ai, near,
        length, commercial;
    bool outside;
};

static void measure_video(struct lab *lab, const struct video *v)
{
    struct moments *m = lab->context;
    const struct topic *topic = &lab->world.topics.topic[v->topic];
    float x[VECTOR_DIM];
    double d = maths_log((double)v->duration_ms / 1000);

    vector_unpack(x, &v->content);
    m->n++;
    m->quality += (double)v->quality;
    m->log_duration += d;
    m->log_duration_2 += d * d;
    m->hook += (double)v->hook;
    m->hook_2 += (double)v->hook * (double)v->hook;
    m->violating += (v->flags & VIDEO_VIOLATING) != 0;
    m->risk += topic->risk;
    m->ai += (v->flags & VIDEO_AI) != 0;
    m->near += (double)vector_dot(x, topic->vector);
    m->length += (double)vector_dot(x, x);
    m->commercial += (double)v->commercial;
    m->outside |= v->quality <= 0 || v->quality >= 1 || v->commercial < 0 || v->commercial > 1;
}

static struct moments make_videos(const char *settings)
{
    struct moments m = {0};
    struct lab lab;

    lab_make(&lab, settings);
    lab.made = measure_video;
    lab.context = &m;
    enum status status = creators_populate(lab.creators);
    require(status == STATUS_OK);
    lab_close(&lab);
    return m;
}

static void videos_have_the_moments_of_their_parameters(void **state)
{
    struct moments m = make_videos(PLAIN "creators.count=6000 creators.backlog_days=30 "
                                         "creators.production.duration_sigma=0.5 "
                                         "creators.production.violations=0.05 "
                                         "creators.production.ai_share=0.1");
    double root = sqrt(m.n), mean = m.log_duration / m.n;

    (void)state;
    assert_true(m.n > 30000);
    assert_false(m.outside);
    close_to(mean, maths_log(25), 4 * 0.5 / root);
    close_to(sqrt(m.log_duration_2 / m.n - mean * mean), 0.5, 4 * 0.5 / sqrt(2 * m.n));
    close_to(m.hook / m.n, 0, 4 / root);
    close_to(m.hook_2 / m.n, 1, 4 * sqrt(2) / root);
    close_to(m.ai / m.n, 0.1, 4 * sqrt(0.1 * 0.9) / root);
    /* prevalence times the risk of each topic; videos of one creator share theirs */
    close_to(m.violating / m.n, 0.05 * m.risk / m.n, 4 * sqrt(0.05 * 3) / root);
    close_to(m.length / m.n, 1, 1e-3);
    assert_true(m.near / m.n > 0.8 && m.near / m.n < 0.95);
}

/* The same draws under other parameters: only what they govern moves. */
static void more_effort_scale_lowers_quality_and_nothing_else(void **state)
{
    struct moments a = make_videos(PLAIN
                                   "creators.count=500 creators.production.effort_scale=1");
    struct moments b = make_videos(PLAIN
                                   "creators.count=500 creators.production.effort_scale=4");

    (void)state;
    assert_true(a.quality > 1.2 * b.quality);
    assert_true(a.n == b.n && a.log_duration == b.log_duration && a.hook == b.hook);
    assert_true(a.near == b.near && a.commercial == b.commercial);
}

static void who_sells_nothing_never_sells(void **state)
{
    struct moments m = make_videos(PLAIN "creators.count=200 creators.commercial=0");

    (void)state;
    assert_true(m.n > 100 && m.commercial == 0);
}

static void away_from_its_expertise_skill_counts_less(void **state)
{
    struct lab lab;
    double quality[2];

    (void)state;
    for (int away = 0; away < 2; away++) {
        struct moments m = {0};
        lab_make(&lab,
                 PLAIN "creators.count=300 creators.backlog_days=0 creators.topic=cooking "
                       "creators.breadth=0 creators.production.away=0.5");
        lab.made = measure_video;
        lab.context = &m;
        require(creators_populate(lab.creators) == STATUS_OK);
        for (uint32_t s = 0; s < 4; s++)
            for (size_t r = 0; r < lab.world.creators[s].count; r++)
                if (away) lab.world.creators[s].row[r].plan.topic = 1;
        lab_days(&lab, 30);
        quality[away] = m.quality / m.n;
        lab_close(&lab);
    }
    /* topics are pushed apart: the cosine is small, the loss close to a half */
    assert_true(quality[1] < 0.7 * quality[0] && quality[1] > 0.4 * quality[0]);
}

static uint64_t posts;
static void add_posts(struct lab *lab, struct creator *c)
{
    (void)lab;
    posts += c->posts;
}

static void the_posting_rate_is_the_plan(void **state)
{
    struct lab lab;

    (void)state;
    lab_open(&lab, PLAIN STILL "creators.count=1000 creators.backlog_days=0 "
                               "creators.videos_sigma=0 creators.follower_elasticity=0 "
                               "creators.videos_per_week=3");
    lab_days(&lab, 56);
    posts = 0;
    lab_each(&lab, add_posts);
    /* 24 renewals of gamma(2) gaps each: the variance of a count is half its mean; the first
     * video comes after a uniform share of a gap, mean 1/2, not 3/4 as in equilibrium: + 1/4 */
    double expected = 1000 * (24 + 0.25);
    close_to((double)posts, expected, 4 * sqrt(0.5 * expected));
    lab_close(&lab);
}

static void gaps_are_gamma(void **state)
{
    struct lab lab;
    double sum = 0, squares = 0;
    int n = 20000;

    (void)state;
    lab_open(&lab, PLAIN "creators.count=1");
    struct creator c = *lab_only(&lab);
    c.plan.videos_per_week = 7;
    c.drive = 1;
    for (int i = 0; i < n; i++) {
        c.next_video = (uint32_t)i;
        double days = (double)production_gap(lab.creators, &c) / (double)TIME_DAY;
        sum += days;
        squares += days * days;
    }
    double mean = sum / n, variance = squares / n - mean * mean;
    close_to(mean, 1, 4 * sqrt(0.5 / n));
    /* the fourth central moment of gamma(2)/2 is 1.5: var of the variance = (1.5 - .25) / n */
    close_to(variance, 0.5, 4 * sqrt(1.25 / n));
    c.drive = 2;
    c.next_video = 5;
    sim_time fast = production_gap(lab.creators, &c);
    c.drive = 1;
    sim_time slow = production_gap(lab.creators, &c);
    close_to((double)slow / (double)fast, 2, 1e-6);
    c.plan.videos_per_week = 0;
    assert_true(production_gap(lab.creators, &c) == TIME_NEVER);
    lab_close(&lab);
}

static void the_newest_videos_are_known(void **state)
{
    struct lab lab;

    (void)state;
    lab_open(&lab,
             PLAIN STILL "creators.count=1 creators.videos_sigma=0 creators.backlog_days=0 "
                         "creators.videos_per_week=20 creators.follower_elasticity=0");
    lab_days(&lab, 7);
    struct creator *c = lab_only(&lab);
    uint32_t shard = entity_home(lab.world.shards, c->name);
    assert_true(c->posts >= 5);
    for (int i = 0; i < 4; i++)
        assert_true(world_video(&lab.world, c->videos[i])->name ==
                    name_child(c->name, c->posts - 1u - (uint32_t)i));
    /* the second newest is taken down: it is gone once the next is published */
    uint32_t gone = c->videos[1], kept = c->videos[0];
    lab.world.videos[shard].counter[entity_row(lab.world.shards, gone)].state = VIDEO_REMOVED;
    uint32_t before = c->posts;
    while (c->posts == before) lab_window(&lab);
    for (int i = 0; i < 4; i++) assert_int_not_equal(c->videos[i], gone);
    assert_int_equal(c->videos[1], kept);
    lab_close(&lab);
}

/* -------------------------------------------------------------------------------- technology
 */

#define SURE                                                                                   \
    PLAIN STILL                                                                                \
        "creators.count=400 creators.backlog_days=10 creators.production.quality_sd=0 "        \
        "creators.hours=1 "

static void ai_tools_act_as_their_factors_say(void **state)
{
    struct moments none = make_videos(SURE "creators.production.ai_share=0");
    struct moments plain = make_videos(SURE "creators.production.ai_share=1 "
                                            "creators.production.ai.speed=1");
    struct moments fast = make_videos(SURE "creators.production.ai_share=1 "
                                           "creators.production.ai.speed=4");
    struct moments bad = make_videos(SURE "creators.production.ai_share=1 "
                                          "creators.production.ai.speed=1 "
                                          "creators.production.ai.quality=0.5");
    struct moments hours = make_videos(SURE "creators.production.ai_share=0 "
                                            "creators.production.effort_scale=0.5");

    (void)state;
    assert_true(none.ai == 0 && plain.ai == plain.n && none.n == plain.n);
    assert_true(none.quality == plain.quality);
    /* the clip at .01 is reached by a few of the worst */
    close_to(bad.quality / none.quality, 0.5, 1e-2);
    /* four times the hours are a fourth of the scale, 2 h by default */
    close_to(fast.quality, hours.quality, 1e-6 * hours.quality);
}

static int ar_videos;
static void count_ar(struct lab *lab, const struct video *v)
{
    ar_videos += v->format == VIDEO_AR;
    measure_video(lab, v);
}

static void ar_is_a_format_that_moves_no_other_draw(void **state)
{
    struct moments m = {0}, none = make_videos(SURE);
    struct lab lab;

    (void)state;
    ar_videos = 0;
    lab_make(&lab, SURE "creators.production.ar_share=0.3 creators.production.ar.speed=1 "
                        "creators.production.ar.quality=1");
    lab.made = count_ar;
    lab.context = &m;
    require(creators_populate(lab.creators) == STATUS_OK);
    lab_close(&lab);
    close_to(ar_videos / m.n, 0.3, 4 * sqrt(0.21 / m.n));
    assert_true(m.n == none.n && m.quality == none.quality && m.hook == none.hook);
    assert_true(m.near == none.near && m.violating == none.violating && m.ai == none.ai);
}

/* A cohort takes up what it uses; all else of its videos is as if the other were not there. */
static void a_cohort_makes_with_what_it_uses(void **state)
{
    static const char *const use[] = {"none", "ai", "ar", "all"};
    (void)state;
    for (int i = 0; i < 4; i++) {
        char both[512], one[512];
        struct moments m = {0};
        struct lab lab;
        snprintf(both, sizeof both,
                 SURE "creators.production.ai_share=1 creators.production.ar_share=1 "
                      "creators.technology=%s",
                 use[i]);
        snprintf(one, sizeof one,
                 SURE "creators.production.ai_share=%d creators.production.ar_share=%d", i & 1,
                 i >> 1);
        ar_videos = 0;
        lab_make(&lab, both);
        lab.made = count_ar;
        lab.context = &m;
        require(creators_populate(lab.creators) == STATUS_OK);
        lab_close(&lab);
        struct moments same = make_videos(one);
        assert_true(m.ai == (i & 1) * m.n && ar_videos == (i >> 1) * m.n);
        assert_true(m.n == same.n && m.quality == same.quality && m.near == same.near);
    }
}

static void spread_widens_the_luck(void **state)
{
    const char *base = PLAIN STILL "creators.count=400 creators.production.ai_share=1 "
                                   "creators.skill=0.9 creators.skill_sd=0 ";
    char wide[512];
    struct moments a = make_videos(base), b;

    (void)state;
    snprintf(wide, sizeof wide, "%s%s", base, "creators.production.ai.spread=0");
    b = make_videos(wide);
    assert_true(a.n == b.n && a.quality != b.quality);
    close_to(a.quality / a.n, b.quality / b.n, 0.02); /* the mean is no matter of spread */
}

/* Three videos' worth of money: three are made with AR, the rest without. Costs are booked to
 * the last micro-unit; what is saved for promotion is not touched; the past costs nothing. */
static void technology_is_paid_for_or_done_without(void **state)
{
    struct lab lab;
    struct moments m = {0};
    int64_t costs = 0, balance = 0;

    (void)state;
    ar_videos = 0;
    lab_make(&lab,
             PLAIN STILL "creators.count=1 creators.backlog_days=30 creators.life.living=0 "
                         "creators.videos_per_week=20 creators.videos_sigma=0 "
                         "creators.boost=0 creators.production.ar_share=1 "
                         "creators.production.ar.cost=7 creators.review_days=60");
    lab.made = count_ar;
    lab.context = &m;
    require(creators_populate(lab.creators) == STATUS_OK);
    assert_true(m.n > 20 && ar_videos == m.n);
    struct creator *c = lab_only(&lab);
    assert_true(c->balance == 0 && c->produced == 0);
    lab_pay(&lab, c, 27);
    c->saved = 5 * MICRO; /* of 27, 22 are free: three times 7 */
    ar_videos = 0;
    lab_days(&lab, 14);
    assert_int_equal(ar_videos, 3);
    assert_int_equal(c->balance, 6 * MICRO);
    assert_int_equal(c->produced, 21 * MICRO);
    assert_int_equal(c->period.spent + c->last.spent, 21 * MICRO);
    for (uint32_t s = 0; s < 4; s++) {
        costs += lab.world.creators[s].book.balance[ACCOUNT_COSTS];
        balance += lab.world.creators[s].book.balance[ACCOUNT_CREATORS];
    }
    assert_int_equal(costs, 21 * MICRO);
    assert_int_equal(balance, c->balance);
    lab_close(&lab);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quality_has_known_values),
        cmocka_unit_test(videos_have_the_moments_of_their_parameters),
        cmocka_unit_test(more_effort_scale_lowers_quality_and_nothing_else),
        cmocka_unit_test(who_sells_nothing_never_sells),
        cmocka_unit_test(away_from_its_expertise_skill_counts_less),
        cmocka_unit_test(the_posting_rate_is_the_plan),
        cmocka_unit_test(gaps_are_gamma),
        cmocka_unit_test(the_newest_videos_are_known),
        cmocka_unit_test(ai_tools_act_as_their_factors_say),
        cmocka_unit_test(ar_is_a_format_that_moves_no_other_draw),
        cmocka_unit_test(a_cohort_makes_with_what_it_uses),
        cmocka_unit_test(spread_widens_the_luck),
        cmocka_unit_test(technology_is_paid_for_or_done_without),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
