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

#include "revenue/scene.h"
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
                                       "revenue.subscription.price_ordinary=[10.0]",
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

/* Creators make nothing of what they earn. */
#define UNMOVED                                                                                \
    "creators.strategy=static creators.boost=0.0 creators.life.entry_rate=0.0 "                \
    "creators.production.ai_share=0.0 creators.production.ar_share=0.0 "

/* What has been paid and may yet be taken back. */
static double taken_back_yet(const struct lab *lab)
{
    const struct world *w = &lab->sim->world;
    int64_t sum = 0;
    for (uint32_t s = 0; s < w->shards.count; s++)
        sum += w->creators[s].book.balance[ACCOUNT_ESCROW];
    return (double)sum / (double)MICRO;
}

/* All regret it: nobody but viewers has anything in the end. What was paid in the last two days
 * is still held, for as many subscriptions as stand; those before have ended. */
static void a_first_payment_goes_back_whole(void **state)
{
    struct lab lab;
    (void)state;
    run(&lab, "revenue.subscription.refund_days=2 revenue.subscription.refund=1.0 "
              "revenue.subscription.loyalty=0.0");
    double gross = figure(&lab, "sum revenue_subscription"), held = taken_back_yet(&lab);
    double back = figure(&lab, "sum refunds");
    assert_true(back > 100 && held > 0 && fabs(back + held - gross) < 1e-6);
    assert_true(figure(&lab, "sum creator_income") == 0);
    assert_true(figure(&lab, "sum platform_income") == 0 && figure(&lab, "sum fees") == 0);
    assert_int_equal(standing(&lab, RELATION_RENEWED), 0);
    assert_true(fabs(held - 10.0 * (double)standing(&lab, RELATION_FIRST)) < 1e-6);
    lab_free(&lab);
}

/* Share of first payments, but for those that may yet be taken back, that went back; and how
 * many they are. */
static double share_back(const char *needs, double *n)
{
    struct lab lab;
    run(&lab, needs);
    *n = (figure(&lab, "sum revenue_subscription") - taken_back_yet(&lab)) / 10;
    double back = figure(&lab, "sum refunds") / 10;
    lab_free(&lab);
    return back / *n;
}

/* Within 4 sigma of what it says; most habits are below 1, so those who go by it regret more.
 */
static void some_regret_the_unhappy_more(void **state)
{
    double n, m;
    (void)state;
    double alike = share_back(
        "revenue.subscription.refund_days=1 revenue.subscription.period=30 "
        "revenue.subscription.refund=0.3 revenue.subscription.loyalty=0.0 "
        "revenue.subscription.rate=0.01",
        &n);
    assert_true(n > 200 && fabs(alike - 0.3) < 4 * sqrt(0.21 / n));
    double unhappy = share_back("revenue.subscription.refund_days=1 "
                                "revenue.subscription.period=30 "
                                "revenue.subscription.refund=0.3 "
                                "revenue.subscription.loyalty=3.0 "
                                "revenue.subscription.rate=0.01",
                                &m);
    print_message("%.3f of %.0f and %.3f of %.0f went back\n", alike, n, unhappy, m);
    assert_true(unhappy - 0.3 > 4 * sqrt(0.21 / m));
}

/* Where nobody takes a first payment back the same is paid; creators lack their part of what
 * still may be. */
static void who_regrets_nothing_pays_as_ever(void **state)
{
    struct lab with, without;
    (void)state;
    run(&without, UNMOVED);
    run(&with, UNMOVED "revenue.subscription.refund_days=3 revenue.subscription.refund=0.0");
    assert_true(figure(&with, "sum revenue_subscription") ==
                figure(&without, "sum revenue_subscription"));
    assert_int_equal(standing(&with, RELATION_FIRST), standing(&without, RELATION_FIRST));
    assert_true(figure(&with, "sum refunds") == 0);
    double held = taken_back_yet(&with);
    assert_true(held > 0);
    assert_true(fabs(figure(&without, "sum creator_income") -
                     figure(&with, "sum creator_income") - 0.7 * held) < 1e-3);
    lab_free(&with);
    lab_free(&without);
}

/* A world in which every creator asks `price` 64ths of a doubling above the list price, and
 * every viewer cares for it to the full. */
static void run_at(struct lab *lab, int8_t price, const char *needs)
{
    begin(lab, needs);
    struct world *w = &lab->sim->world;
    for (uint32_t s = 0; s < w->shards.count; s++) {
        for (size_t i = 0; i < w->creators[s].count; i++)
            w->creators[s].row[i].plan.price = price;
        for (size_t i = 0; i < w->viewers[s].count; i++)
            w->viewers[s].row[i].price_sensitivity = 255;
    }
    assert_int_equal(lab_run(lab), STATUS_OK);
}
#define PRICES                                                                                 \
    UNMOVED "viewers.count=400 revenue.subscription.period=30 "                                \
            "revenue.subscription.rate=0.005 revenue.subscription.followed=1.0 "               \
            "revenue.subscription.slope=0.0 revenue.subscription.most=100 "

/* Where nobody minds, twice the price is twice the money, from the same people. */
static void a_price_that_nobody_minds_is_paid(void **state)
{
    struct lab list, twice;
    (void)state;
    run_at(&list, 0, PRICES "revenue.subscription.price_response=0.0");
    run_at(&twice, 64, PRICES "revenue.subscription.price_response=0.0");
    double gross = figure(&list, "sum revenue_subscription");
    assert_true(gross > 1000);
    assert_true(fabs(figure(&twice, "sum revenue_subscription") - 2 * gross) < 1e-3);
    assert_int_equal(standing(&list, RELATION_FIRST), standing(&twice, RELATION_FIRST));
    lab_free(&list);
    lab_free(&twice);
}

/* How many of 40,000 who see a creator once subscribe, each with a chance of .1 at the ordinary
 * price; the creator asks `price` 64ths of a doubling above the list. */
static double subscribers_at(int8_t price, const char *list)
{
    static const char *const set[][2] = {
        {"revenue.streams", "[\"subscription\"]"},   {"revenue.subscription.rate", "0.1"},
        {"revenue.subscription.slope", "0.0"},       {"revenue.subscription.trial", "0.0"},
        {"revenue.subscription.min_followers", "0"}, {"run.window", "60"},
    };
    struct scene scene;
    struct revenue *revenue = NULL;
    scene_init(&scene);
    for (size_t i = 0; i < sizeof set / sizeof *set; i++)
        scene_set(&scene, set[i][0], set[i][1]);
    if (list) scene_set_all(&scene, list);
    scene_world(&scene, (struct scene_size){1, 40000, 1, 1});
    struct world *w = &scene.world;
    assert_int_equal(revenue_init(&revenue, w, &scene.errors), STATUS_OK);
    assert_int_equal(revenue_populate(revenue), STATUS_OK);
    scene_fill_purses(&scene, 1000 * MICRO);
    while (w->now < TIME_DAY) { /* then there is a page */
        scene_videos(&scene, revenue, NULL, false);
        assert_int_equal(revenue_close(revenue, &scene.errors), STATUS_OK);
        scene_next(&scene);
    }
    w->creators[0].row[0].plan.price = price;
    struct scope scope = {.engine = scene.engine, .now = w->now, .window_end = w->close};
    for (uint32_t i = 0; i < 40000; i++) {
        struct viewer *viewer = &w->viewers[0].row[i];
        struct moment moment = {.scope = &scope,
                                .viewer = viewer,
                                .viewer_number = scope.entity = i,
                                .name = viewer_name(viewer),
                                .video = w->videos[0].row,
                                .at = w->now};
        viewer->price_sensitivity = 255;
        revenue_paid(revenue, &moment);
    }
    scene_deliver(&scene);
    double n = (double)exchange_count(&w->payments, 0);
    revenue_free(revenue);
    scene_free(&scene);
    return n;
}

/* Half the price brings e^.5 times as many, twice the price e^-1, whoever sets it; a tenth
 * e^.9. It is that of the viewer's own tier, against what is usual for this tier: within 5
 * sigma. */
static void who_joins_goes_by_the_price(void **state)
{
    static const struct {
        int8_t price;
        const char *list;
        double mean;
    } cases[] = {
        {0, NULL, 4000},
        {-64, NULL, 6594.8850828},
        {64, NULL, 1471.5177647},
        {0, "revenue.subscription.tiers=[5.3,15.0,49.0]", 6594.8850828},
        {0, "revenue.subscription.tiers=[21.2,60.0,196.0]", 1471.5177647},
        {-64, "revenue.subscription.tiers=[21.2,60.0,196.0]", 4000},
        {0, "revenue.subscription.tiers=[1.06,3.0,9.8]", 9838.4124446},
        {0, "revenue.subscription.tiers=[10.6,30.0,196.0] revenue.subscription.upgrade=1.0",
         1471.5177647},
        {0, "revenue.subscription.tiers=[5.3,60.0] revenue.subscription.upgrade=1.0",
         1471.5177647},
        {0, "revenue.subscription.tiers=[8,8,8,8] revenue.subscription.price_ordinary=[4.0]",
         1471.5177647},
        {0, "revenue.subscription.tiers=[60.0] revenue.subscription.price_response=0.0", 4000},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double n = subscribers_at(cases[i].price, cases[i].list);
        print_message("%.0f of 40000 at %+d %s\n", n, cases[i].price,
                      cases[i].list ? cases[i].list : "");
        assert_true(fabs(n - cases[i].mean) < 5 * sqrt(cases[i].mean));
    }
}

/* At a churn of .2 and twice the price, .2 e go at the first renewal: within 4 sigma. */
static void stays_at(int8_t price, const char *list)
{
    struct lab lab;
    char needs[1024];
    snprintf(needs, sizeof needs,
             PRICES "revenue.subscription.rate=0.03 revenue.subscription.churn_first=0.2 "
                    "revenue.subscription.loyalty=0.0 revenue.subscription.period=7 "
                    "run.days=12%s",
             list);
    run_at(&lab, price, needs);
    double gross = figure(&lab, "sum revenue_subscription") / 20;
    double first = (double)standing(&lab, RELATION_FIRST);
    double renewed = (double)standing(&lab, RELATION_RENEWED);
    double left = gross - first - 2 * renewed, n = left + renewed;
    lab_free(&lab);
    print_message("%.0f of %.0f left\n", left, n);
    assert_true(n > 100 && fabs(left / n - 0.5436563657) < 4 * sqrt(0.25 / n));
}

static void who_stays_goes_by_the_price(void **state)
{
    (void)state;
    stays_at(64, "");
    stays_at(0, " revenue.subscription.tiers=[20.0]");
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

#define BUSY                                                                                   \
    "run.days=12 revenue.subscription.trial=0.5 revenue.subscription.trial_days=3 "            \
    "creators.exclusive=0.3 revenue.subscription.rate=0.01"

static void same_run(const char *needs)
{
    char path[] = "/tmp/reelsim-subscription.XXXXXX";
    struct lab lab;
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

/* Threads, order of shards, and a resume while subscriptions are under way. */
static void the_same_run_however_it_is_made(void **state)
{
    (void)state;
    same_run(BUSY);
    same_run(BUSY " revenue.subscription.refund_days=2 revenue.subscription.refund=0.5 "
                  "revenue.subscription.payout_days=1");
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
        cmocka_unit_test(a_first_payment_goes_back_whole),
        cmocka_unit_test(some_regret_the_unhappy_more),
        cmocka_unit_test(who_regrets_nothing_pays_as_ever),
        cmocka_unit_test(a_price_that_nobody_minds_is_paid),
        cmocka_unit_test(who_joins_goes_by_the_price),
        cmocka_unit_test(who_stays_goes_by_the_price),
        cmocka_unit_test(only_subscribers_see_exclusive_videos),
        cmocka_unit_test(limits_hold),
        cmocka_unit_test(the_same_run_however_it_is_made),
        cmocka_unit_test(strange_events_change_nothing),
        cmocka_unit_test(a_renewal_meets_a_session),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
