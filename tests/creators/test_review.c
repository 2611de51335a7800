/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lab.h"

#define PLAIN                                                                                  \
    "creators.life.exit_established=0 creators.life.entry_rate=0 creators.strategy=static "    \
    "creators.backlog_days=0 creators.life.living=0 "

static void close_to(double got, double expected, double tolerance)
{
    if (fabs(got - expected) > tolerance)
        fail_msg("%g, expected %g within %g", got, expected, tolerance);
}

/* A strategy that writes nonsense, to see what is made of it. */
static void nonsense(const void *parameters, const struct strategy_view *view, float *memory,
                     struct stream *draw, struct creator_plan *plan)
{
    float nan = maths_from_bits(0x7fc00000);

    (void)parameters;
    (void)draw;
    assert_true(view->hours_week > 0);
    switch ((int)memory[0]++ % 3) {
    case 0:
        *plan = (struct creator_plan){nan, nan, nan, nan, nan, nan, 255, 0, {0}};
        break;
    case 1:
        *plan = (struct creator_plan){1e9f, 1e9f, 9, 9, 9, 1e9f, 200, 9, {0}};
        break;
    default:
        *plan = (struct creator_plan){-5, -5, -5, -5, -5, -5, 77, -9, {0}};
    }
}
static const struct strategy nonsensical = {.about = {.name = "nonsense"}, .review = nonsense};

static bool in_bounds;
static void check_plan(struct lab *lab, struct creator *c)
{
    const struct creator_plan *p = &c->plan;

    in_bounds &= p->videos_per_week >= 0 && p->videos_per_week <= 40 && p->effort > 0 &&
                 p->effort <= 40 && p->commercial >= 0 && p->commercial <= 1 &&
                 p->exclusive >= 0 && p->exclusive <= 1 && p->boost >= 0 && p->boost <= 1 &&
                 p->topic < lab->world.topics.count;
}

static void plans_stay_within_bounds(void **state)
{
    struct lab lab;

    (void)state;
    lab_open(&lab, PLAIN "creators.count=20 creators.review_days=1");
    lab.creators->strategy[0] = &nonsensical;
    in_bounds = true;
    for (int day = 0; day < 12; day++) {
        lab_days(&lab, 1);
        lab_each(&lab, check_plan);
    }
    assert_true(in_bounds);
    lab_close(&lab);
}

/* A plan of no videos ends publication; a plan of some begins it again. */
static int32_t silent_reviews;
static void stop_and_go(const void *parameters, const struct strategy_view *view, float *memory,
                        struct stream *draw, struct creator_plan *plan)
{
    (void)parameters, (void)view, (void)draw;
    memory[0] += 1;
    plan->videos_per_week = memory[0] <= (float)silent_reviews ? 0 : 7;
}
static const struct strategy stopper = {.about = {.name = "stop"}, .review = stop_and_go};

static void publication_stops_and_begins_again(void **state)
{
    struct lab lab;

    (void)state;
    silent_reviews = 4;
    lab_open(&lab, PLAIN "creators.count=1 creators.videos_per_week=7 creators.videos_sigma=0 "
                         "creators.follower_elasticity=0");
    lab.creators->strategy[0] = &stopper;
    struct creator *c = lab_only(&lab);
    lab_days(&lab, 14);
    uint32_t before = c->posts;
    lab_days(&lab, 10);
    assert_int_equal(c->posts, before);
    lab_days(&lab, 30);
    assert_true(c->posts > before + 10);
    lab_close(&lab);
}

/* What strategies see under noise: the mean is right, the spread is policy.transparency. */
static struct {
    double n, log, log_2;
    bool money_exact;
} seen;
static void look(const void *parameters, const struct strategy_view *view, float *memory,
                 struct stream *draw, struct creator_plan *plan)
{
    (void)parameters, (void)memory, (void)draw, (void)plan;
    if (view->period->impressions == 0) return;
    double x = maths_log((double)view->period->impressions / 1e6);
    seen.n++;
    seen.log += x;
    seen.log_2 += x * x;
    seen.money_exact &= view->period->income == 5 * MICRO;
}
static const struct strategy looker = {.about = {.name = "look"}, .review = look};

static void reach_a_million(struct lab *lab, struct creator *c)
{
    c->period.impressions = 1000000;
    c->period.income = 0;
    lab_pay(lab, c, 5);
}
static void everybody_reaches_a_million(struct lab *lab) { lab_each(lab, reach_a_million); }

static void feedback_is_noised_by_transparency(void **state)
{
    struct lab lab;

    (void)state;
    seen.n = seen.log = seen.log_2 = 0;
    seen.money_exact = true;
    lab_open(&lab, PLAIN "creators.count=500 policy.transparency=0.4 creators.boost=0");
    lab.creators->strategy[0] = &looker;
    lab.window = everybody_reaches_a_million;
    lab_days(&lab, 28);
    double mean = seen.log / seen.n, sd = sqrt(seen.log_2 / seen.n - mean * mean);
    assert_true(seen.n > 1500 && seen.money_exact);
    close_to(mean, -0.5 * 0.16, 4 * 0.4 / sqrt(seen.n));
    close_to(sd, 0.4, 4 * 0.4 / sqrt(2 * seen.n));
    lab_close(&lab);
}

/* Counts that noise makes greater than they can be are as great as they can be. */
static uint32_t most_seen;
static void look_at_likes(const void *parameters, const struct strategy_view *view,
                          float *memory, struct stream *draw, struct creator_plan *plan)
{
    const struct creator_period *p = view->period;

    (void)parameters, (void)memory, (void)draw, (void)plan;
    if (p->impressions == 0) return;
    assert_true(p->likes ==
                (p->impressions < UINT32_MAX ? (uint32_t)p->impressions : UINT32_MAX));
    most_seen += p->likes == UINT32_MAX;
}
static const struct strategy likes_looker = {.about = {.name = "likes"},
                                             .review = look_at_likes};

static void like_all(struct lab *lab, struct creator *c)
{
    (void)lab;
    c->period.impressions = c->period.likes = UINT32_MAX - 1;
}
static void everybody_is_liked(struct lab *lab) { lab_each(lab, like_all); }

static void noise_has_an_end(void **state)
{
    struct lab lab;

    (void)state;
    lab_open(&lab, PLAIN "creators.count=200 policy.transparency=5 creators.boost=0");
    lab.creators->strategy[0] = &likes_looker;
    lab.window = everybody_is_liked;
    lab_days(&lab, 28);
    assert_true(most_seen > 0);
    lab_close(&lab);
}

/* Attention a video doubles after week 5: output rises by 2^elasticity, then fades as it is
 * taken for granted. */
static uint64_t reach;
static void give_reach(struct lab *lab, struct creator *c)
{
    (void)lab;
    c->period.impressions = reach * (c->period.posts ? c->period.posts : 1);
}
static void everybody_is_seen(struct lab *lab) { lab_each(lab, give_reach); }

static void output_follows_attention(void **state)
{
    struct lab lab;

    (void)state;
    /* short windows: reach is written before the window's videos are made */
    lab_open(&lab,
             PLAIN "creators.count=1 creators.response.share=1 creators.response.strong=0.5 "
                   "run.window=2 "
                   "creators.videos_per_week=20 creators.videos_sigma=0 "
                   "creators.follower_elasticity=0");
    struct creator *c = lab_only(&lab);
    lab.window = everybody_is_seen;
    reach = 1000000;
    lab_days(&lab, 35);
    close_to((double)c->drive, 1, 1e-4);
    reach = 2000000;
    while (c->drive < 1.01f) lab_window(&lab);
    close_to((double)c->drive, 1.41421356, 1e-3);
    /* expected: 1 + .1, then 1 + .1 + .09, ... */
    lab_days(&lab, 7);
    close_to((double)c->drive, sqrt(2 / 1.1), 1e-3);
    lab_days(&lab, 7);
    close_to((double)c->drive, sqrt(2 / 1.19), 1e-3);
    lab_close(&lab);
}

static void a_larger_following_draws_more_videos(void **state)
{
    struct lab lab;

    (void)state;
    lab_open(&lab, PLAIN "creators.count=1 creators.response.share=0 creators.response.weak=0 "
                         "creators.videos_per_week=20 creators.followers=0");
    struct creator *c = lab_only(&lab);
    lab.window = everybody_is_seen;
    reach = 1000;
    lab_days(&lab, 14);
    close_to((double)c->drive, 1, 1e-6);
    c->followers = 3100; /* (3100 + 100) / 100 = 2^5 */
    lab_days(&lab, 7);
    close_to((double)c->drive, 2, 1e-6);
    lab_close(&lab);
}

static void a_share_of_income_buys_reach(void **state)
{
    struct lab lab;

    (void)state;
    lab_open(&lab, PLAIN "creators.count=1 creators.boost=0.25");
    struct creator *c = lab_only(&lab);
    while (c->period.since == 0) lab_window(&lab);
    lab_pay(&lab, c, 40);
    lab_days(&lab, 8);
    assert_int_equal(lab.promoted, 10 * MICRO);
    assert_int_equal(c->last.spent, 5 * MICRO);
    assert_int_equal(c->balance, 35 * MICRO);
    assert_int_equal(c->saved, 5 * MICRO); /* the lab sells half of what it is asked for */
    lab_days(&lab, 7); /* a period without income: what was saved is offered again */
    assert_int_equal(lab.promoted, 15 * MICRO);
    assert_int_equal(c->saved, 5 * MICRO / 2);
    c->plan.boost = 0;
    lab_days(&lab, 7);
    assert_int_equal(lab.promoted, 15 * MICRO);
    assert_int_equal(c->saved, 0);
    lab_close(&lab);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plans_stay_within_bounds),
        cmocka_unit_test(publication_stops_and_begins_again),
        cmocka_unit_test(feedback_is_noised_by_transparency),
        cmocka_unit_test(noise_has_an_end),
        cmocka_unit_test(output_follows_attention),
        cmocka_unit_test(a_larger_following_draws_more_videos),
        cmocka_unit_test(a_share_of_income_buys_reach),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
