/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The contract that every strategy must keep, and what tells them apart.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lab.h"

/* A creator with a strategy, in an invented market. */
struct trial {
    const struct strategy *strategy;
    const void *parameters;
    struct topics topics;
    float closeness[TOPICS_MAX];
    float memory[CREATOR_STRATEGY_FLOATS];
    struct creator_plan plan;
    struct creator_period period, last;
    uint32_t reviews;
    uint64_t name;
};

static void trial_begin(struct trial *t, struct lab *lab, size_t member)
{
    memset(t, 0, sizeof *t);
    t->strategy = (const struct strategy *)creators_strategies[member];
    const struct schema_table *table = t->strategy->about.parameters;
    if (table) t->parameters = parameters_block(&lab->parameters, table->prefix);
    t->topics = lab->world.topics; /* borrowed */
    for (int32_t k = 0; k < t->topics.count; k++)
        t->closeness[k] = 1 - 0.04f * (float)((k + 24 - 5) % 24); /* 5, 6, 7, 8 are near */
    t->plan = (struct creator_plan){
        .videos_per_week = 2, .effort = 4, .commercial = 0.2f, .topic = 5};
}

static void trial_review(struct trial *t)
{
    const struct strategy_view view = {.period = &t->period,
                                       .last = &t->last,
                                       .topics = &t->topics,
                                       .closeness = t->closeness,
                                       .hours_week = 8,
                                       .hours_worked = (double)t->period.hours,
                                       .aspiration = 50,
                                       .attention_value = 5};
    struct stream draw = stream_open((struct stream_key){{11, 12}}, t->name, t->reviews++);
    t->strategy->review(t->parameters, &view, t->memory, &draw, &t->plan);
    t->last = t->period;
}

static bool is_number(float x) { return x - x == 0.0f; }

static bool plan_is_fine(const struct trial *t)
{
    const struct creator_plan *p = &t->plan;
    return is_number(p->videos_per_week) && is_number(p->effort) && is_number(p->commercial) &&
           is_number(p->boost) && p->videos_per_week >= 0 && p->effort > 0 &&
           p->topic < t->topics.count;
}

/* Periods of all kinds: empty, rich, poor, with and without hours, at the limits. */
static void some_period(struct trial *t, uint32_t i)
{
    static const struct creator_period kinds[] = {
        {0},
        {.posts = 1, .hours = 4, .impressions = 1000, .income = 3 * MICRO},
        {.posts = 3, .hours = 8, .impressions = 90000000, .income = INT64_C(1) << 50},
        {.posts = 1, .hours = 0, .impressions = 5},
        {.impressions = 700, .income = 1},
        {.posts = UINT32_MAX, .hours = 1e6f, .impressions = UINT64_MAX >> 12},
        {.posts = 2, .hours = 8, .spent = 5 * MICRO},
    };
    t->period = kinds[i % (sizeof kinds / sizeof kinds[0])];
}

static void every_strategy_keeps_its_plan_possible(void **state)
{
    struct lab lab;
    struct trial t;

    (void)state;
    lab_make(&lab, "");
    for (size_t m = 0; creators_strategies[m]; m++) {
        trial_begin(&t, &lab, m);
        for (uint32_t i = 0; i < 500; i++) {
            some_period(&t, i * 5 + i / 7);
            trial_review(&t);
            assert_true(plan_is_fine(&t));
        }
    }
    lab_close(&lab);
}

static void every_strategy_is_a_function_of_what_it_sees(void **state)
{
    struct lab lab;
    struct trial a, b;

    (void)state;
    lab_make(&lab, "");
    for (size_t m = 0; creators_strategies[m]; m++) {
        trial_begin(&a, &lab, m);
        trial_begin(&b, &lab, m);
        for (uint32_t i = 0; i < 100; i++) {
            some_period(&a, i);
            some_period(&b, i);
            trial_review(&a);
            trial_review(&b);
            assert_memory_equal(&a.plan, &b.plan, sizeof a.plan);
            assert_memory_equal(a.memory, b.memory, sizeof a.memory);
        }
    }
    lab_close(&lab);
}

/* A first look at nothing decides nothing; who plans no videos stays silent. */
static void every_strategy_bears_emptiness(void **state)
{
    struct lab lab;
    struct trial t;

    (void)state;
    lab_make(&lab, "");
    for (size_t m = 0; creators_strategies[m]; m++) {
        trial_begin(&t, &lab, m);
        struct creator_plan before = t.plan;
        for (int i = 0; i < 20; i++) trial_review(&t);
        assert_memory_equal(&t.plan, &before, sizeof before);
        trial_begin(&t, &lab, m);
        t.plan.videos_per_week = 0;
        for (int i = 0; i < 20; i++) trial_review(&t);
        assert_true(t.plan.videos_per_week == 0);
    }
    lab_close(&lab);
}

static void every_strategy_can_live_in_a_world_of_one_topic(void **state)
{
    struct lab lab;
    struct trial t;

    (void)state;
    lab_make(&lab, "topics.count=1");
    for (size_t m = 0; creators_strategies[m]; m++) {
        trial_begin(&t, &lab, m);
        t.plan.topic = 0;
        for (uint32_t i = 0; i < 100; i++) {
            some_period(&t, i);
            trial_review(&t);
            assert_int_equal(t.plan.topic, 0);
        }
    }
    lab_close(&lab);
}

/* A market in which topic 7 pays four times what the others pay. */
static void market(struct trial *t)
{
    double money = t->plan.topic == 7 ? 80 : 20;
    t->period = (struct creator_period){.posts = 2, .hours = 8, .impressions = 1000};
    t->period.income = (int64_t)(money * (double)MICRO);
}

static size_t member_named(const char *name)
{
    for (size_t m = 0; creators_strategies[m]; m++)
        if (strcmp(creators_strategies[m]->name, name) == 0) return m;
    fail_msg("no strategy %s", name);
    return 0;
}

/* Share of the last 100 of 300 reviews on the better topic, over 50 creators. */
static double on_the_better_topic(struct lab *lab, const char *name)
{
    double good = 0;

    for (uint64_t who = 0; who < 50; who++) {
        struct trial t;
        trial_begin(&t, lab, member_named(name));
        t.name = name_of("somebody", who);
        for (int i = 0; i < 300; i++) {
            market(&t);
            trial_review(&t);
            good += i >= 200 && t.plan.topic == 7;
        }
    }
    return good / 5000;
}

static void explore_exploit_finds_the_better_topic(void **state)
{
    struct lab lab;

    (void)state;
    lab_make(&lab, "");
    double found = on_the_better_topic(&lab, "explore_exploit");
    assert_true(found > 0.8);
    assert_true(on_the_better_topic(&lab, "static") == 0);
    lab_close(&lab);
}

/* Without exploring it stays what it was; it never goes beyond the four nearest topics. */
static void exploration_is_its_parameter(void **state)
{
    struct lab lab;
    struct trial t;
    double moved = 0;

    (void)state;
    lab_make(&lab, "creators.explore_exploit.epsilon=0");
    assert_true(on_the_better_topic(&lab, "explore_exploit") == 0);
    lab_close(&lab);
    lab_make(&lab, "creators.explore_exploit.epsilon=0.3");
    trial_begin(&t, &lab, member_named("explore_exploit"));
    for (int i = 0; i < 6000; i++) {
        struct creator_plan home = {
            .videos_per_week = 2, .effort = 4, .commercial = 0.2f, .topic = 5};
        t.period = (struct creator_period){.posts = 2, .hours = 8, .impressions = 1000};
        bool at_home = t.plan.topic == 5 && t.plan.commercial == home.commercial &&
                       t.plan.videos_per_week == home.videos_per_week;
        t.period.income = at_home ? 50 * MICRO : 10 * MICRO; /* home is best: it comes back */
        trial_review(&t);
        assert_true(t.plan.topic >= 5 && t.plan.topic <= 8);
        moved += t.plan.topic != 5 || t.plan.commercial != home.commercial ||
                 t.plan.videos_per_week != home.videos_per_week;
    }
    if (fabs(moved / 6000 - 0.3) > 5 * sqrt(0.3 * 0.7 / 6000))
        fail_msg("explored %g of reviews, expected 0.3", moved / 6000);
    lab_close(&lab);
}

/* Hours are what a creator has: a quicker pace means less effort a video. */
static void pace_is_paid_for_in_effort(void **state)
{
    struct lab lab;
    struct trial t;
    bool changed = false;

    (void)state;
    lab_make(&lab, "");
    trial_begin(&t, &lab, member_named("explore_exploit"));
    for (int i = 0; i < 300; i++) {
        market(&t);
        trial_review(&t);
        assert_true(fabsf(t.plan.effort * t.plan.videos_per_week - 8) < 1e-4f);
        changed |= t.plan.videos_per_week != 2;
    }
    assert_true(changed);
    lab_close(&lab);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_strategy_keeps_its_plan_possible),
        cmocka_unit_test(every_strategy_is_a_function_of_what_it_sees),
        cmocka_unit_test(every_strategy_bears_emptiness),
        cmocka_unit_test(every_strategy_can_live_in_a_world_of_one_topic),
        cmocka_unit_test(explore_exploit_finds_the_better_topic),
        cmocka_unit_test(exploration_is_its_parameter),
        cmocka_unit_test(pace_is_paid_for_in_effort),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
