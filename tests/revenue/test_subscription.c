/* SPDX-License-Identifier: GPL-3.0-or-later */
/* THREADS */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "sim/lab.h"
#include "sim/parts.h"

/* Nobody dies, every purse is deep, one price, no trial, whoever subscribes stays. */
static const char *const faithful[] = {"run.days=10",
                                       "run.shards=4",
                                       "viewers.count=120",
                                       "viewers.session.budget=6.0",
                                       "viewers.purse.month=100000.0",
                                       "creators.count=20",
                                       "creators.backlog_days=5.0",
                                       "creators.exclusive=0.0",
                                       "creators.life.exit_new=0.0",
                                       "creators.life.exit_established=0.0",
                                       "platform.clusters=8",
                                       "measure.panel=50",
                                       "measure.sample=60",
                                       "revenue.streams=[\"subscription\"]",
                                       "revenue.store_fee=0.0",
                                       "revenue.subscription.rate=0.005",
                                       "revenue.subscription.min_followers=0",
                                       "revenue.subscription.tiers=[10.0]",
                                       "revenue.subscription.period=7",
                                       "revenue.subscription.trial=0.0",
                                       "revenue.subscription.churn_first=0.0",
                                       "revenue.subscription.churn_later=0.0",
                                       "revenue.subscription.platform_cut=0.3",
                                       NULL};

static void begin(struct lab *lab, const char *needs)
{
    assert_int_equal(lab_init(lab, faithful, NULL), STATUS_OK);
    if (needs) assert_int_equal(lab_needs(lab, needs), STATUS_OK);
    assert_int_equal(lab_begin(lab, NULL), STATUS_OK);
}

static void run(struct lab *lab, const char *needs)
{
    begin(lab, needs);
    assert_int_equal(lab_run(lab), STATUS_OK);
}

/* How many subscriptions stand, by kind. */
static uint64_t standing(const struct lab *lab, enum relation_kind kind)
{
    const struct world *w = &lab->sim->world;
    uint64_t n = 0;
    for (uint32_t s = 0; s < w->shards.count; s++)
        for (size_t r = 0; r < w->viewers[s].count; r++)
            n += relation_count(&w->viewers[s].relations, &w->viewers[s].row[r].relations,
                                kind);
    return n;
}

static double figure(const struct lab *lab, const char *name)
{
    double x = 0;
    assert_true(lab_figure(lab, name, &x));
    return x;
}

/* Of ten days a period is seven: who subscribed in the first three has paid twice, the others
 * once; the platform keeps three tenths of it. */
static void every_period_is_paid_once(void **state)
{
    struct lab lab;
    (void)state;
    run(&lab, NULL);
    uint64_t first = standing(&lab, RELATION_FIRST), renewed = standing(&lab, RELATION_RENEWED);
    assert_true(first > 10 && renewed > 10);
    assert_int_equal(standing(&lab, RELATION_TRIAL), 0);
    double gross = figure(&lab, "sum revenue_subscription");
    assert_true(fabs(gross - 10.0 * (double)(first + 2 * renewed)) < 1e-6);
    assert_true(fabs(figure(&lab, "sum creator_income") - 0.7 * gross) < 1e-3);
    lab_free(&lab);
}

static void tenure_decides_who_leaves(void **state)
{
    struct lab lab;
    (void)state;
    run(&lab, "revenue.subscription.churn_first=1.0 revenue.subscription.loyalty=0.0");
    assert_int_equal(standing(&lab, RELATION_RENEWED), 0);
    assert_true(standing(&lab, RELATION_FIRST) > 10);
    lab_free(&lab);
    run(&lab, "revenue.subscription.trial=1.0 revenue.subscription.convert=0.0");
    assert_true(standing(&lab, RELATION_TRIAL) > 10);
    assert_int_equal(standing(&lab, RELATION_FIRST), 0);
    assert_true(figure(&lab, "sum revenue_subscription") == 0);
    lab_free(&lab);
    run(&lab, "revenue.subscription.trial=1.0 revenue.subscription.convert=1.0 "
              "revenue.subscription.trial_days=11");
    assert_true(figure(&lab, "sum revenue_subscription") == 0);
    lab_free(&lab);
}

/* Half of those who come to their first renewal at a churn of a half go: within 4 sigma. */
static void churn_is_what_it_says(void **state)
{
    struct lab lab;
    (void)state;
    run(&lab, "revenue.subscription.churn_first=0.5 revenue.subscription.loyalty=0.0 "
              "revenue.subscription.rate=0.01 run.days=12 viewers.count=400");
    double gross = figure(&lab, "sum revenue_subscription");
    double first = (double)standing(&lab, RELATION_FIRST);
    double renewed = (double)standing(&lab, RELATION_RENEWED);
    double left = gross / 10 - first - 2 * renewed; /* they paid once and are gone */
    double n = left + renewed;
    assert_true(n > 100);
    assert_true(fabs(left / n - 0.5) < 4 * sqrt(0.25 / n));
    lab_free(&lab);
}

/* Impressions of videos for subscribers. */
static uint64_t exclusive_impressions(const struct lab *lab)
{
    const struct world *w = &lab->sim->world;
    uint64_t n = 0;
    for (uint32_t s = 0; s < w->shards.count; s++)
        for (size_t r = 0; r < w->videos[s].count; r++)
            if (w->videos[s].row[r].flags & VIDEO_EXCLUSIVE)
                n += w->videos[s].counter[r].impressions;
    return n;
}

static void only_subscribers_see_exclusive_videos(void **state)
{
    static const char *const needs[] = {
        "run.days=6 creators.exclusive=0.5 revenue.subscription.rate=0.0",
        "run.days=6 creators.exclusive=0.5 revenue.subscription.rate=0.02",
        "run.days=6 creators.exclusive=0.5 revenue.streams=[\"tips\"]"};
    uint64_t seen[3];
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct lab lab;
        run(&lab, needs[i]);
        seen[i] = exclusive_impressions(&lab);
        lab_free(&lab);
    }
    assert_int_equal(seen[0], 0);
    assert_true(seen[1] > 100);
    assert_int_equal(seen[2], 0); /* without the stream no video is exclusive */
}

/* Who could subscribe to more than `most` does not; a shallow purse ends a subscription. */
static void limits_hold(void **state)
{
    struct lab lab;
    (void)state;
    run(&lab, "run.days=8 revenue.subscription.most=1 revenue.subscription.rate=0.02");
    const struct world *w = &lab.sim->world;
    for (uint32_t s = 0; s < w->shards.count; s++)
        for (size_t r = 0; r < w->viewers[s].count; r++)
            assert_true(relation_count(&w->viewers[s].relations,
                                       &w->viewers[s].row[r].relations, RELATION_FIRST) <= 1);
    assert_true(standing(&lab, RELATION_FIRST) > 10);
    lab_free(&lab);
    run(&lab, "run.days=8 viewers.purse.month=0.1 viewers.purse.spread=1.0");
    assert_true(figure(&lab, "sum revenue_subscription") == 0);
    lab_free(&lab);
}

/* Threads, order of shards, and a resume while subscriptions are under way. */
static void the_same_run_however_it_is_made(void **state)
{
    static const char needs[] = "run.days=12 revenue.subscription.trial=0.5 "
                                "revenue.subscription.trial_days=3 creators.exclusive=0.3 "
                                "revenue.subscription.rate=0.01";
    char path[] = "/tmp/reelsim-subscription.XXXXXX";
    struct lab lab;
    (void)state;
    run(&lab, needs);
    uint64_t hash = lab.hash;
    assert_true(standing(&lab, RELATION_FIRST) > 10);
    lab_free(&lab);
    int file = mkstemp(path);
    assert_true(file >= 0);
    close(file);
    begin(&lab, needs);
    assert_int_equal(lab_until(&lab, 5.5), STATUS_OK);
    assert_int_equal(lab_save(&lab, path), STATUS_OK);
    lab_free(&lab);
    assert_int_equal(lab_init(&lab, faithful, NULL), STATUS_OK);
    assert_int_equal(lab_needs(&lab, needs), STATUS_OK);
    const struct lab_way way = {.threads = 3, .shuffle = true};
    assert_int_equal(lab_load(&lab, &way, path), STATUS_OK);
    assert_int_equal(lab_run(&lab), STATUS_OK);
    assert_true(lab.hash == hash);
    lab_free(&lab);
    unlink(path);
}

/* An event that a file made up: no stream, no creator. */
static void strange_events_change_nothing(void **state)
{
    struct lab lab;
    (void)state;
    begin(&lab, "run.days=2");
    assert_int_equal(engine_plan(lab.sim->world.engine, 0, TIME_DAY, EVENT_DUE, UINT32_MAX),
                     STATUS_OK);
    assert_int_equal(engine_plan(lab.sim->world.engine, 0, TIME_DAY, EVENT_DUE, 3), STATUS_OK);
    assert_int_equal(lab_run(&lab), STATUS_OK);
    lab_free(&lab);
}

/* The number of a viewer with an open session; ENTITY_NONE = there is none. */
static uint32_t somebody_watching(const struct world *w)
{
    for (uint32_t s = 0; s < w->shards.count; s++)
        for (uint32_t r = 0; r < w->viewers[s].count; r++)
            if (w->viewers[s].row[r].session) return entity_number(w->shards, r, s);
    return ENTITY_NONE;
}

/* Renewals at every instant of a window in which a session goes on: the window ends. */
static void a_renewal_meets_a_session(void **state)
{
    struct lab lab;
    uint32_t viewer;
    (void)state;
    begin(&lab, "run.days=2");
    struct world *w = &lab.sim->world;
    while ((viewer = somebody_watching(w)) == ENTITY_NONE)
        assert_int_equal(sim_step(lab.sim, &lab.errors), STATUS_OK);
    sim_time from = sim_now(lab.sim);
    for (sim_time at = from; at < from + w->window; at++)
        assert_int_equal(engine_plan(w->engine, viewer, at, EVENT_DUE, 0), STATUS_OK);
    assert_int_equal(lab_run(&lab), STATUS_OK);
    lab_free(&lab);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_period_is_paid_once),
        cmocka_unit_test(tenure_decides_who_leaves),
        cmocka_unit_test(churn_is_what_it_says),
        cmocka_unit_test(only_subscribers_see_exclusive_videos),
        cmocka_unit_test(limits_hold),
        cmocka_unit_test(the_same_run_however_it_is_made),
        cmocka_unit_test(strange_events_change_nothing),
        cmocka_unit_test(a_renewal_meets_a_session),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
