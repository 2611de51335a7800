/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lab.h"

static void close_to(double got, double expected, double tolerance)
{
    if (fabs(got - expected) > tolerance)
        fail_msg("%g, expected %g within %g", got, expected, tolerance);
}

struct sums {
    double n, rate, rate_2, slow, skill, log_hours, strong, log_fans, home, hours_used;
    double topic[TOPICS_MAX];
};

static void add(struct lab *lab, struct creator *c)
{
    struct sums *s = lab->context;
    double rate = (double)c->plan.videos_per_week;

    s->n++;
    s->rate += rate;
    s->rate_2 += rate * rate;
    s->slow += rate < 1;
    s->skill += (double)c->skill;
    s->log_hours += maths_log((double)c->hours);
    s->strong += c->elasticity > 0.1f;
    s->log_fans += maths_log((double)c->followers + 0.5);
    s->home += (double)vector_dot(c->expertise, lab->world.topics.topic[c->topic].vector);
    s->topic[c->topic]++;
    double effort = (double)c->plan.effort;
    if (effort > 0.25 && effort < 40)
        s->hours_used += fabs(rate * effort / (double)c->hours - 1);
}

static struct sums population(const char *settings)
{
    struct sums s = {0};
    struct lab lab;

    lab_open(&lab, settings);
    lab.context = &s;
    lab_each(&lab, add);
    lab_close(&lab);
    return s;
}

static void people_follow_their_cohorts_parameters(void **state)
{
    struct sums s = population("creators.count=20000 creators.backlog_days=0 "
                               "creators.followers=1000");
    double root = sqrt(s.n), mean = s.rate / s.n;
    double sd = sqrt(s.rate_2 / s.n - mean * mean);

    (void)state;
    assert_true(s.n == 20000);
    close_to(mean, 2, 4 * sd / root);
    /* ln(videos a week): mean ln 2 - .4, sd sqrt(.8^2 + .4^2) = .894 (FACTS: 30 % below 1) */
    close_to(s.slow / s.n, 0.3714, 4 * 0.5 / root);
    close_to(s.skill / s.n, 0.6, 4 * 0.15 / root + 0.002);
    close_to(s.log_hours / s.n, maths_log(8), 4 * 0.6 / root);
    close_to(s.strong / s.n, 0.2, 4 * 0.4 / root);
    close_to(s.log_fans / s.n, maths_log(1000), 4 * 2 / root + 0.01);
    assert_true(s.home / s.n > 0.85);
    assert_true(s.hours_used / s.n < 1e-6); /* all hours go into videos */
}

static void home_topics_follow_the_audience(void **state)
{
    struct sums s = population("creators.count=20000 creators.backlog_days=0");
    struct lab lab;

    (void)state;
    lab_make(&lab, "creators.count=1");
    for (int32_t k = 0; k < lab.world.topics.count; k++) {
        double p = lab.world.topics.topic[k].weight;
        close_to(s.topic[k] / s.n, p, 4.5 * sqrt(p * (1 - p) / s.n));
    }
    lab_close(&lab);
    s = population("creators.count=500 creators.topic=law");
    lab_make(&lab, "creators.count=1");
    assert_true(s.topic[topics_find(&lab.world.topics, "law")] == 500);
    lab_close(&lab);
}

/* Who somebody is depends on its name alone: not on how many others there are. */
static void a_name_is_a_person(void **state)
{
    struct lab few, many;

    (void)state;
    lab_open(&few, "creators.count=3 run.shards=1");
    lab_open(&many, "creators.count=30 run.shards=1");
    for (int i = 0; i < 3; i++) {
        const struct creator *a = &few.world.creators[0].row[i];
        const struct creator *b = &many.world.creators[0].row[i];
        assert_true(a->name == b->name && a->name == name_of("all", (uint64_t)i));
        assert_memory_equal(a->expertise, b->expertise, sizeof a->expertise);
        assert_memory_equal(&a->plan, &b->plan, sizeof a->plan);
        assert_true(a->skill == b->skill && a->posts == b->posts);
    }
    lab_close(&few);
    lab_close(&many);
}

static void the_backlog_fills_the_days_before(void **state)
{
    struct lab lab;
    double n = 0;

    (void)state;
    lab_open(&lab, "creators.count=3000 creators.backlog_days=14");
    for (uint32_t s = 0; s < 4; s++) {
        const struct video_shard *v = &lab.world.videos[s];
        n += (double)v->count;
        for (size_t r = 0; r < v->count; r++) {
            assert_true(v->counter[r].published < 0);
            assert_true(v->counter[r].published >= -14 * TIME_DAY);
        }
        assert_true(lab.world.creators[s].day.posts == 0);
        assert_true(lab.world.creators[s].day.joined == 0);
    }
    /* 4 a creator and 1/4 more by the start of the renewals; plans spread as lognormals */
    close_to(n / 3000, 4.25, 0.6);
    lab_close(&lab);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(people_follow_their_cohorts_parameters),
        cmocka_unit_test(home_topics_follow_the_audience),
        cmocka_unit_test(a_name_is_a_person),
        cmocka_unit_test(the_backlog_fills_the_days_before),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
