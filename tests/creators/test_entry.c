/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lab.h"

#define STABLE                                                                                 \
    "creators.strategy=static creators.life.exit_established=0 creators.life.exit_new=0 "      \
    "creators.backlog_days=30 creators.videos_sigma=0 "                                        \
    "creators.follower_elasticity=0 creators.videos_per_week=5 "

static void close_to(double got, double expected, double tolerance)
{
    if (fabs(got - expected) > tolerance)
        fail_msg("%g, expected %g within %g", got, expected, tolerance);
}

static double hoped; /* reward against aspiration that everybody has */
static void be_content(struct lab *lab, struct creator *c)
{
    (void)lab;
    c->income_mean = c->aspiration * (float)hoped;
    c->reach_mean = 0;
}
static void everybody_is_content(struct lab *lab) { lab_each(lab, be_content); }

static double entrants(double content, const char *settings, int days)
{
    struct lab lab;
    double n = 0;

    hoped = content;
    lab_open(&lab, settings);
    lab.window = everybody_is_content;
    lab_days(&lab, days);
    for (uint32_t s = 0; s < 4; s++) n += (double)lab.world.creators[s].day.joined;
    lab_close(&lab);
    return n;
}

/* Contentment is what the test writes; a long memory keeps a day of life from moving it. */
static void entry_follows_rate_and_contentment(void **state)
{
    const char *plain = STABLE "creators.count=1000 creators.life.entry_rate=0.3 "
                               "creators.life.entry_elasticity=1 creators.life.memory_days=365";
    double as_hoped = entrants(1, plain, 10), little = entrants(0.1, plain, 10);
    /* 1000 grow at 1 % a day for 10 days: 104.6; at 2 * .1 / 1.1 of it 18.3 */
    double most = 1000 * (maths_pow(1.01, 10) - 1);

    (void)state;
    close_to(as_hoped, most, 4 * sqrt(most));
    close_to(little, 18.3, 4 * sqrt(18.3));
}

static void without_elasticity_contentment_does_not_matter(void **state)
{
    const char *plain = STABLE "creators.count=300 creators.life.entry_rate=0.3 "
                               "creators.life.entry_elasticity=0";

    (void)state;
    assert_true(entrants(1, plain, 10) == entrants(0.05, plain, 10));
}

static void nobody_follows_the_silent(void **state)
{
    (void)state;
    assert_true(entrants(1,
                         STABLE "creators.count=500 creators.life.entry_rate=5 "
                                "creators.videos_per_week=0",
                         20) == 0);
}

static void entrants_are_of_their_cohort_and_start_from_nothing(void **state)
{
    struct lab lab;
    uint32_t found = 0;

    (void)state;
    hoped = 1;
    lab_open(&lab, STABLE "creators.life.entry_rate=2 creators.cohorts[0].name=a "
                          "creators.cohorts[0].count=100 creators.cohorts[0].topic=law "
                          "creators.cohorts[1].name=b creators.cohorts[1].count=100 "
                          "creators.cohorts[1].videos_per_week=0");
    lab.window = everybody_is_content;
    lab_days(&lab, 10);
    for (uint32_t s = 0; s < 4; s++)
        for (size_t r = 0; r < lab.world.creators[s].count; r++) {
            const struct creator *c = &lab.world.creators[s].row[r];
            if (c->joined == 0) continue;
            found++;
            assert_int_equal(c->cohort, 0);
            assert_int_equal(c->topic, topics_find(&lab.world.topics, "law"));
            assert_int_equal(c->followers, 0);
            assert_int_equal(c->joined % TIME_DAY, 0);
            assert_true(c->posts == 0 || c->posted > c->joined);
        }
    assert_true(found > 20);
    lab_close(&lab);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entry_follows_rate_and_contentment),
        cmocka_unit_test(without_elasticity_contentment_does_not_matter),
        cmocka_unit_test(nobody_follows_the_silent),
        cmocka_unit_test(entrants_are_of_their_cohort_and_start_from_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
