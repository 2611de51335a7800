/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The contract that every strategy must keep, and what tells them apart.
 */
#include <math.h>
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
    int64_t income[LEDGER_STREAMS_MAX];
    const struct charts *charts;
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
                                       .attention_value = 5,
                                       .days = 7,
                                       .name = 1 + t->name,
                                       .charts = t->charts,
                                       .income = t->income};
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

/* A checkpoint may hold any floats. */
static void every_strategy_bears_any_memory(void **state)
{
    static const float any[] = {1, -1, 1e9f, -1e9f, INFINITY, -INFINITY, NAN};
    struct lab lab;
    struct trial t;

    (void)state;
    lab_make(&lab, "");
    for (size_t m = 0; creators_strategies[m]; m++)
        for (size_t i = 0; i < sizeof any / sizeof *any; i++) {
            trial_begin(&t, &lab, m);
            for (size_t f = 0; f < CREATOR_STRATEGY_FLOATS; f++) t.memory[f] = any[i];
            some_period(&t, 1);
            trial_review(&t);
            assert_true(t.plan.topic < TOPICS_MAX);
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

/* ------------------------------------------------------------------------------ imitate_top */

static struct charts a_star_in(uint8_t topic)
{
    struct charts charts = {.at = TIME_DAY};

    charts.topic[topic].star = (struct star){.name = 77,
                                             .plays = 10000,
                                             .videos_per_week = 5,
                                             .commercial = 0.6f,
                                             .exclusive = 0.2f};
    return charts;
}

static void imitate_top_goes_a_part_of_the_way_to_the_best_known(void **state)
{
    struct lab lab;
    struct trial t;
    struct charts charts = a_star_in(7);

    (void)state;
    lab_make(&lab, "creators.imitate_top.copy=0.5 creators.imitate_top.noise=0");
    trial_begin(&t, &lab, member_named("imitate_top"));
    t.charts = &charts;
    trial_review(&t); /* nobody has seen it: it copies for certain */
    assert_int_equal(t.plan.topic, 7);
    assert_true(fabsf(t.plan.videos_per_week - 3.1622777f) < 1e-5f); /* 2 sqrt(5/2) */
    assert_true(fabsf(t.plan.effort * t.plan.videos_per_week - 8) < 1e-4f);
    assert_true(fabsf(t.plan.commercial - 0.4f) < 1e-6f);
    assert_true(fabsf(t.plan.exclusive - 0.1f) < 1e-6f);
    lab_close(&lab);
}

/* Its own fame, a star that it is itself, a star far away: the plan stays. */
static void imitate_top_looks_up_only(void **state)
{
    struct lab lab;
    struct trial t;
    struct charts near = a_star_in(7), far = a_star_in(15);

    (void)state;
    lab_make(&lab, "");
    for (int k = 0; k < 3; k++) {
        trial_begin(&t, &lab, member_named("imitate_top"));
        struct creator_plan before = t.plan;
        t.charts = k == 2 ? &far : &near;
        t.period.impressions = k == 0 ? 10001 : 0;
        if (k == 1) t.name = 76;
        for (int i = 0; i < 50; i++) trial_review(&t);
        assert_memory_equal(&t.plan, &before, sizeof before);
    }
    lab_close(&lab);
}

static void imitate_top_copies_the_more_the_further_it_is_behind(void **state)
{
    struct lab lab;
    struct trial t;
    struct charts charts = a_star_in(7);
    double copied = 0;

    (void)state;
    lab_make(&lab, "");
    for (uint64_t who = 100; who < 2100; who++) {
        trial_begin(&t, &lab, member_named("imitate_top"));
        t.charts = &charts;
        t.name = who;
        t.period.impressions = 2500; /* a quarter of the star's */
        trial_review(&t);
        copied += t.plan.topic == 7;
    }
    assert_true(fabs(copied / 2000 - 0.75) < 5 * sqrt(0.75 * 0.25 / 2000));
    lab_close(&lab);
}

/* ---------------------------------------------------------------- markets with known optima */

/* Writes what a plan brings; the error is lognormal, its own at each review. */
typedef void market_of(struct trial *t, double error);

struct habits {
    double commercial, boost, log_pace, exclusive, topic_7;
};

/* Mean plan of the last 300 of 900 reviews, over 40 creators. */
static struct habits settle(struct lab *lab, const char *name, market_of *pays,
                            struct creator_plan plan)
{
    struct habits h = {0};
    const double n = 40.0 * 300;

    for (uint64_t who = 0; who < 40; who++) {
        struct trial t;
        trial_begin(&t, lab, member_named(name));
        t.plan = plan;
        t.name = name_of("somebody", who);
        for (int i = 0; i < 900; i++) {
            struct stream luck = stream_open((struct stream_key){{21, 22}}, t.name,
                                             (uint32_t)i);
            pays(&t, maths_exp(0.1 * stream_normal(&luck)));
            trial_review(&t);
            if (i < 600) continue;
            h.commercial += (double)t.plan.commercial / n;
            h.boost += (double)t.plan.boost / n;
            h.exclusive += (double)t.plan.exclusive / n;
            h.log_pace += maths_log((double)t.plan.videos_per_week) / n;
            h.topic_7 += (t.plan.topic == 7) / n;
        }
    }
    return h;
}

static void in_between(const char *what, double x, double low, double high)
{
    print_message("%s %.3f\n", what, x);
    if (!(x >= low && x <= high)) fail_msg("%s = %g, not in [%g, %g]", what, x, low, high);
}

static void pay(struct trial *t, double money)
{
    t->period = (struct creator_period){.posts = 2, .hours = 8};
    t->period.income = (int64_t)(money * (double)MICRO);
}

/* Best at a commercial intensity of 1/2 and four videos a week, on topic 7; bought reach brings
 * nothing. */
static void hill(struct trial *t, double error)
{
    double m = (double)t->plan.commercial, off = maths_log((double)t->plan.videos_per_week / 4);
    double height = 4 * m * (1 - m) / (1 + off * off);

    pay(t, (t->plan.topic == 7 ? 200 : 100) * height * error);
    t->last.spent = (int64_t)((double)t->period.income * (double)t->plan.boost);
}

static const struct creator_plan modest = {
    .videos_per_week = 2, .effort = 4, .commercial = 0.2f, .boost = 0.3f, .topic = 5};

static void best_response_climbs_to_the_optimum(void **state)
{
    struct lab lab;

    (void)state;
    lab_make(&lab, "");
    struct habits h = settle(&lab, "best_response", hill, modest);
    in_between("commercial", h.commercial, 0.4, 0.6);
    in_between("ln pace", h.log_pace, maths_log(4) - 0.25, maths_log(4) + 0.25);
    in_between("boost", h.boost, 0, 0.1);
    in_between("on topic 7", h.topic_7, 0.7, 1);
    assert_true(h.exclusive == 0); /* it never began */
    lab_close(&lab);
}

static void without_steps_best_response_stays_where_it_was(void **state)
{
    struct lab lab;

    (void)state;
    lab_make(&lab, "creators.best_response.step=0 creators.best_response.rate=0 "
                   "creators.best_response.explore=0");
    struct habits h = settle(&lab, "best_response", hill, modest);
    in_between("commercial", h.commercial, 0.19, 0.21);
    in_between("boost", h.boost, 0.29, 0.31);
    lab_close(&lab);
}

/* Money as much as is sold; watch time and follows as much as is not. So the best m of
 * (1 - care) ln m + 2 care ln(1 - m) is (1 - care) / (1 + care). */
static void trust(struct trial *t, double error)
{
    double m = (double)t->plan.commercial;

    pay(t, 5000 * m * error);
    t->period.impressions = 1000000;
    t->period.watch_ms = (uint64_t)(20e9 * (1 - m));
    t->period.follows = (uint32_t)(900000 * (1 - m));
}

static void balanced_weighs_money_against_its_audience(void **state)
{
    static const double care[] = {0.2, 0.5, 0.8};
    struct lab lab;

    (void)state;
    for (int i = 0; i < 3; i++) {
        char set[64];
        double best = (1 - care[i]) / (1 + care[i]);
        snprintf(set, sizeof set, "creators.balanced.care=%g", care[i]);
        lab_make(&lab, set);
        struct habits h = settle(&lab, "balanced", trust, modest);
        in_between("commercial", h.commercial, best - 0.06, best + 0.06);
        assert_true(fabs(h.boost - 0.3) < 1e-6 && fabs(h.log_pace - maths_log(2)) < 1e-6);
        lab_close(&lab);
    }
}

/* Who sells much has a little more, all of it from one stream; who does not has two. */
static void two_streams(struct trial *t, double error)
{
    bool one = t->plan.commercial > 0.3f;

    pay(t, (one ? 110 : 100) * error);
    memset(t->income, 0, sizeof t->income);
    t->income[3] = one ? t->period.income : t->period.income / 2;
    t->income[8] = t->period.income - t->income[3];
}

static void diversify_gives_something_for_a_second_stream(void **state)
{
    struct lab lab;
    struct habits bold, careful;

    (void)state;
    lab_make(&lab, "creators.diversify.risk=0");
    bold = settle(&lab, "diversify", two_streams, modest);
    lab_close(&lab);
    lab_make(&lab, "creators.diversify.risk=4");
    careful = settle(&lab, "diversify", two_streams, modest);
    lab_close(&lab);
    in_between("bold, commercial", bold.commercial, 0.35, 0.4);
    in_between("careful, commercial", careful.commercial, 0.1, 0.25);
}

/* Four topics of one mean; one of them is three times as uncertain. Independent assets of equal
 * mean are held by 1/variance, so it has 1/28 of the shares; and, of the 10 % of reviews that
 * explore, a third draw topics evenly. */
static void uncertain_topic(struct trial *t, double error)
{
    double e = error - 1; /* sd .1 */

    pay(t, 100 * (1 + (t->plan.topic == 7 ? 3 : 1) * e));
    memset(t->income, 0, sizeof t->income);
    t->income[0] = t->period.income;
}

static void diversify_holds_little_of_what_is_uncertain(void **state)
{
    struct lab lab;

    (void)state;
    lab_make(&lab, "creators.diversify.shock=0 creators.diversify.risk=20");
    struct habits h = settle(&lab, "diversify", uncertain_topic, modest);
    in_between("on topic 7", h.topic_7, 0.01, 0.12);
    lab_close(&lab);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_strategy_keeps_its_plan_possible),
        cmocka_unit_test(every_strategy_is_a_function_of_what_it_sees),
        cmocka_unit_test(every_strategy_bears_emptiness),
        cmocka_unit_test(every_strategy_bears_any_memory),
        cmocka_unit_test(every_strategy_can_live_in_a_world_of_one_topic),
        cmocka_unit_test(explore_exploit_finds_the_better_topic),
        cmocka_unit_test(exploration_is_its_parameter),
        cmocka_unit_test(pace_is_paid_for_in_effort),
        cmocka_unit_test(imitate_top_goes_a_part_of_the_way_to_the_best_known),
        cmocka_unit_test(imitate_top_looks_up_only),
        cmocka_unit_test(imitate_top_copies_the_more_the_further_it_is_behind),
        cmocka_unit_test(best_response_climbs_to_the_optimum),
        cmocka_unit_test(without_steps_best_response_stays_where_it_was),
        cmocka_unit_test(balanced_weighs_money_against_its_audience),
        cmocka_unit_test(diversify_gives_something_for_a_second_stream),
        cmocka_unit_test(diversify_holds_little_of_what_is_uncertain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
