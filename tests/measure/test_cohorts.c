/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <unistd.h>

#include "measure/parts.h"
#include "sim/lab.h"
#include "sim/parts.h"

static double at(const struct lab *lab, const char *column, size_t row)
{
    struct lab_column c = {0};
    assert_true(lab_find(lab, column, &c));
    return c.table->cell[row * c.table->columns + c.column];
}

/* Two rows an interval, each of its own creators; what happened in the interval is the change
 * of what they have. */
static void test_two_cohorts(void **state)
{
    static const char *const set[] = {"run.days=3",
                                      "creators.cohorts[0].name=stars",
                                      "creators.cohorts[0].count=12",
                                      "creators.cohorts[1].name=rest",
                                      "creators.cohorts[1].count=28",
                                      NULL};
    struct lab lab;
    double posts[2] = {0}, before[2] = {0}, after[2] = {0};
    (void)state;
    assert_int_equal(lab_init(&lab, lab_tiny, NULL), STATUS_OK);
    assert_int_equal(lab_settings(&lab, set), STATUS_OK);
    assert_int_equal(lab_begin(&lab, NULL), STATUS_OK);
    const struct world *w = &lab.sim->world;
    for (uint32_t s = 0; s < w->shards.count; s++)
        for (size_t r = 0; r < w->creators[s].count; r++)
            before[w->creators[s].row[r].cohort] += w->creators[s].row[r].posts;
    assert_int_equal(lab_run(&lab), STATUS_OK);
    for (uint32_t s = 0; s < w->shards.count; s++)
        for (size_t r = 0; r < w->creators[s].count; r++)
            after[w->creators[s].row[r].cohort] += w->creators[s].row[r].posts;
    assert_int_equal(lab.table[TABLE_COHORTS].rows, 6);
    for (size_t r = 0; r < 6; r++) {
        assert_true(at(&lab, "cohorts.cohort", r) == lab_text_number(r % 2 ? "rest" : "stars"));
        posts[r % 2] += at(&lab, "cohorts.posts", r);
    }
    for (size_t k = 0; k < 2; k++) {
        double now = at(&lab, "cohorts.creators", k),
               gone = at(&lab, "cohorts.left_creators", k);
        double came = at(&lab, "cohorts.new_creators", k);
        assert_true(now + gone - came == (k ? 28 : 12));
    }
    for (int k = 0; k < 2; k++) assert_true(posts[k] == after[k] - before[k]);
    assert_true(posts[1] > 0);
    lab_free(&lab);
}

/* Sums over the cohorts and over the run of a column, by cohort. */
static double sum(const struct lab *lab, const char *column, size_t cohort)
{
    double total = 0;
    for (size_t r = cohort; r < lab->table[TABLE_COHORTS].rows; r += 2)
        total += at(lab, column, r);
    return total;
}

/* Creators of a cohort earn from the streams that it uses; what they are paid an hour and what
 * is lost of their audience follows from their totals. */
static void test_streams_and_success(void **state)
{
    static const char *const set[] = {"run.days=4",
                                      "revenue.ads.min_followers=0",
                                      "revenue.ads.min_views=0",
                                      "revenue.ads.cpm=1000.0",
                                      "revenue.tips.rate=0.01",
                                      "growth.channels=[\"paid_boost\"]",
                                      "growth.paid_boost.min_spend=0.05",
                                      "creators.production.ai_share=0.9",
                                      "creators.production.ai.cost=0.05",
                                      "creators.cohorts[0].name=stars",
                                      "creators.cohorts[0].count=12",
                                      "creators.cohorts[0].streams=[\"ads\"]",
                                      "creators.cohorts[0].boost=0.2",
                                      "creators.cohorts[1].name=rest",
                                      "creators.cohorts[1].count=28",
                                      "creators.cohorts[1].streams=[\"tips\"]",
                                      NULL};
    struct lab lab;
    double worked[2] = {0}, produced[2] = {0}, lost = 0;
    (void)state;
    assert_int_equal(lab_whole(&lab, set), STATUS_OK);
    const struct world *w = &lab.sim->world;
    for (uint32_t s = 0; s < w->shards.count; s++)
        for (size_t r = 0; r < w->creators[s].count; r++) {
            worked[w->creators[s].row[r].cohort] += w->creators[s].row[r].worked;
            produced[w->creators[s].row[r].cohort] += (double)w->creators[s].row[r].produced;
            lost += w->creators[s].row[r].unfollows;
        }
    assert_true(sum(&lab, "cohorts.income_ads", 0) > 0);
    assert_true(sum(&lab, "cohorts.income_tips", 0) == 0);
    assert_true(sum(&lab, "cohorts.income_tips", 1) > 0);
    assert_true(sum(&lab, "cohorts.income_ads", 1) == 0);
    for (size_t k = 0; k < 2; k++) {
        assert_true(worked[k] > 0);
        assert_true(fabs(sum(&lab, "cohorts.hours_worked", k) / worked[k] - 1) < 1e-6);
        double made = sum(&lab, "cohorts.production_costs", k);
        double bought = sum(&lab, "cohorts.spend_paid_boost", k);
        assert_true(made > 0 && fabs(made - produced[k] * 1e-6) < 1e-6);
        assert_true(bought > 0 || k > 0);
        assert_true(fabs(sum(&lab, "cohorts.costs", k) - made - bought) < 1e-6);
        size_t last = lab.table[TABLE_COHORTS].rows - 2 + k;
        double hours = at(&lab, "cohorts.hours_worked", last);
        double profit = at(&lab, "cohorts.income", last) - at(&lab, "cohorts.costs", last);
        if (hours > 0)
            assert_true(fabs(at(&lab, "cohorts.profit_hour", last) * hours - profit) < 1e-4);
        assert_true(at(&lab, "cohorts.income_cv", last) >= 0);
    }
    assert_true(lost > 0);
    assert_true(sum(&lab, "cohorts.follower_loss", 0) + sum(&lab, "cohorts.follower_loss", 1) >
                0);
    lab_free(&lab);
}

/* Ads of a delay of two days: those of two days are held at the close of each, also in a run
 * that went on from a file. What is paid at once waits for nothing. */
static void test_payout_days(void **state)
{
    static const char *const set[] = {"run.days=9",
                                      "revenue.streams=[\"ads\"]",
                                      "revenue.ads.min_followers=0",
                                      "revenue.ads.min_views=0",
                                      "revenue.ads.cpm=1000.0",
                                      NULL};
    char path[] = "/tmp/reelsim_payoutXXXXXX";
    struct lab lab, later, resumed;
    double held = 0, days = 0;
    (void)state;
    int file = mkstemp(path);
    assert_true(file >= 0);
    close(file);
    assert_int_equal(lab_whole(&lab, set), STATUS_OK);
    assert_true(at(&lab, "cohorts.payout_days", 8) == 0);
    lab_free(&lab);
    assert_int_equal(lab_init(&later, lab_tiny, NULL), STATUS_OK);
    assert_int_equal(lab_settings(&later, set), STATUS_OK);
    assert_int_equal(lab_set(&later, "revenue.ads.payout_days=2"), STATUS_OK);
    assert_int_equal(lab_begin(&later, NULL), STATUS_OK);
    assert_int_equal(lab_until(&later, 4.5), STATUS_OK);
    assert_int_equal(lab_save(&later, path), STATUS_OK);
    uint64_t digest = later.digest;
    assert_int_equal(lab_run(&later), STATUS_OK);
    assert_true(isnan(at(&later, "cohorts.payout_days", 0))); /* nothing has come yet */
    for (size_t day = 4; day < 9; day++) {
        held += at(&later, "cohorts.payout_days", day) * at(&later, "cohorts.income", day);
        days += at(&later, "cohorts.income", day);
    }
    print_message("payout days %.3f\n", held / days);
    assert_true(held / days > 1.7 && held / days < 2.3);
    assert_int_equal(lab_init(&resumed, lab_tiny, NULL), STATUS_OK);
    assert_int_equal(lab_settings(&resumed, set), STATUS_OK);
    assert_int_equal(lab_set(&resumed, "revenue.ads.payout_days=2"), STATUS_OK);
    assert_int_equal(lab_load(&resumed, NULL, path), STATUS_OK);
    resumed.digest = digest;
    assert_int_equal(lab_run(&resumed), STATUS_OK);
    assert_true(resumed.hash == later.hash && resumed.digest == later.digest);
    lab_free(&later);
    lab_free(&resumed);
    unlink(path);
}

/* A cohort of all is the platform: its volatility is that of the metric, from week 4 on; also
 * in a run that went on from a file. */
static void test_volatility_is_that_of_the_metric(void **state)
{
    static const char *const set[] = {"run.days=30",
                                      "viewers.count=100",
                                      "measure.metrics=[\"income_volatility\"]",
                                      "revenue.streams=[\"ads\"]",
                                      "revenue.ads.min_followers=0",
                                      "revenue.ads.min_views=0",
                                      NULL};
    char path[] = "/tmp/reelsim_volatilityXXXXXX";
    struct lab lab, resumed;
    (void)state;
    int file = mkstemp(path);
    assert_true(file >= 0);
    close(file);
    assert_int_equal(lab_init(&lab, lab_tiny, NULL), STATUS_OK);
    assert_int_equal(lab_settings(&lab, set), STATUS_OK);
    assert_int_equal(lab_begin(&lab, NULL), STATUS_OK);
    assert_int_equal(lab_until(&lab, 17.5), STATUS_OK);
    assert_int_equal(lab_save(&lab, path), STATUS_OK);
    uint64_t digest = lab.digest;
    assert_int_equal(lab_run(&lab), STATUS_OK);
    for (size_t day = 0; day < 30; day++) {
        double cv = at(&lab, "cohorts.weekly_cv", day), all = at(&lab, "income_cv", day);
        double tail = at(&lab, "cohorts.weekly_cvar5", day);
        if (day < 27) {
            assert_true(isnan(cv) && isnan(tail));
        } else {
            assert_true(cv > 0 && cv == all);
            assert_true(tail < 0 && tail == at(&lab, "income_cvar5", day));
        }
    }
    assert_int_equal(lab_init(&resumed, lab_tiny, NULL), STATUS_OK);
    assert_int_equal(lab_settings(&resumed, set), STATUS_OK);
    assert_int_equal(lab_load(&resumed, NULL, path), STATUS_OK);
    resumed.digest = digest;
    assert_int_equal(lab_run(&resumed), STATUS_OK);
    assert_true(resumed.hash == lab.hash && resumed.digest == lab.digest);
    lab_free(&lab);
    lab_free(&resumed);
    unlink(path);
}

/* ------------------------------------------------------------------------------- audience */

enum { DAYS = 3, PEOPLE = 300 };

/* Who watched which cohort on which day, read off the trace; all of it is what a row an
 * impression says. */
static void read_trace(const struct lab *lab, bool watched[2][DAYS][PEOPLE])
{
    double last = -1;
    size_t cohort = 0;
    for (size_t r = 0; r < lab->table[TABLE_TRACE].rows; r++) {
        double creator = at(lab, "trace.creator", r);
        size_t viewer = (size_t)at(lab, "trace.viewer", r);
        size_t day = (size_t)(at(lab, "trace.time_ms", r) / 86400000.0);
        assert_true(viewer < PEOPLE && day < DAYS);
        for (size_t c = 0; creator != last && c < lab->table[TABLE_CREATORS].rows; c++)
            if (at(lab, "creators.creator", c) == creator)
                cohort = at(lab, "creators.cohort", c) == lab_text_number("rest");
        last = creator;
        if (at(lab, "trace.watch_s", r) >= 7 || at(lab, "trace.complete", r) == 1)
            watched[cohort][day][viewer] = true;
    }
}

/* Audiences are the different viewers of the trace, those who came again likewise; nobody had
 * watched before the first day. */
static void test_audience_is_that_of_the_trace(void **state)
{
    static const char *const set[] = {"run.days=3",
                                      "measure.trace=true",
                                      "creators.cohorts[0].name=stars",
                                      "creators.cohorts[0].count=3",
                                      "creators.cohorts[1].name=rest",
                                      "creators.cohorts[1].count=37",
                                      NULL};
    static bool watched[2][DAYS][PEOPLE];
    struct lab lab;
    (void)state;
    assert_int_equal(lab_whole(&lab, set), STATUS_OK);
    read_trace(&lab, watched);
    for (size_t k = 0; k < 2; k++)
        for (size_t day = 0; day < DAYS; day++) {
            size_t now = 0, before = 0, again = 0;
            for (size_t i = 0; i < PEOPLE; i++) {
                now += watched[k][day][i];
                before += day > 0 && watched[k][day - 1][i];
                again += day > 0 && watched[k][day - 1][i] && watched[k][day][i];
            }
            double kept = at(&lab, "cohorts.audience_retention", 2 * day + k);
            assert_true(at(&lab, "cohorts.audience", 2 * day + k) == (double)now);
            assert_true(now > 0 && (day == 0 || again < before));
            if (day == 0)
                assert_true(isnan(kept));
            else
                assert_true(fabs(kept - (double)again / (double)before) < 1e-12);
        }
    lab_free(&lab);
}

/* All videos please as much as a video can, and an ad takes one unit off. */
static void test_satisfaction_of_known_worlds(void **state)
{
    static const char *const set[] = {"creators.production.ai_share=1.0",
                                      "creators.production.ai.cost=0.0",
                                      "viewers.match.ai=10.0",
                                      "platform.ads.load=0.3",
                                      "viewers.session.ad_cost=1.0",
                                      "creators.cohorts[0].name=stars",
                                      "creators.cohorts[0].count=12",
                                      "creators.cohorts[1].name=rest",
                                      "creators.cohorts[1].count=28",
                                      NULL};
    struct lab lab;
    double pleased = 0, shown, ads;
    (void)state;
    assert_int_equal(lab_whole(&lab, set), STATUS_OK);
    for (size_t r = 0; r < lab.table[TABLE_COHORTS].rows; r++)
        pleased += at(&lab, "cohorts.audience_satisfaction", r) *
                   at(&lab, "cohorts.impressions", r);
    assert_true(lab_figure(&lab, "sum impressions", &shown));
    assert_true(lab_figure(&lab, "sum ad_impressions", &ads));
    print_message("satisfaction %.6f, ads a video %.6f\n", pleased / shown, ads / shown);
    assert_true(ads > 0 && fabs(pleased / shown - (3 - ads / shown)) < 1e-6);
    lab_free(&lab);
}

/* Who sells pleases less, by about the weight of selling in the match. */
static void test_selling_costs_satisfaction(void **state)
{
    static const char *const set[] = {"creators.cohorts[0].name=stars",
                                      "creators.cohorts[0].count=20",
                                      "creators.cohorts[0].commercial=0.9",
                                      "creators.cohorts[1].name=rest",
                                      "creators.cohorts[1].count=20",
                                      "creators.cohorts[1].commercial=0.0",
                                      "viewers.match.commercial=1.0",
                                      "platform.ranker=random",
                                      "platform.ads.load=0.0",
                                      NULL};
    struct lab lab;
    double pleased[2] = {0}, shown[2] = {0};
    (void)state;
    assert_int_equal(lab_whole(&lab, set), STATUS_OK);
    for (size_t r = 0; r < lab.table[TABLE_COHORTS].rows; r++) {
        pleased[r % 2] += at(&lab, "cohorts.audience_satisfaction", r) *
                          at(&lab, "cohorts.impressions", r);
        shown[r % 2] += at(&lab, "cohorts.impressions", r);
    }
    double sellers = pleased[0] / shown[0], others = pleased[1] / shown[1];
    print_message("satisfaction of sellers %.3f, of others %.3f\n", sellers, others);
    assert_true(sellers < others - 0.2);
    lab_free(&lab);
}

/* What creators.csv says of each after the warm-up adds up to the intervals that begin after
 * it, to one micro-unit. */
static void test_profit_after_the_warm_up(void **state)
{
    static const char *const set[] = {"run.days=4",
                                      "measure.warmup=1.5",
                                      "creators.count=40",
                                      "creators.review_days=0.5",
                                      "creators.life.living=0.0",
                                      "creators.life.entry_rate=4.0",
                                      "creators.boost=0.5",
                                      "creators.production.ai_share=0.5",
                                      "creators.production.ai.cost=0.01",
                                      "revenue.ads.cpm=1000.0",
                                      "revenue.ads.min_followers=0",
                                      "revenue.ads.min_views=0",
                                      "growth.channels=[\"paid_boost\"]",
                                      "growth.paid_boost.min_spend=0.0",
                                      NULL};
    struct lab lab;
    double profit = 0, worked = 0, costs = 0, early = 0, by_creator = 0, hours = 0;
    (void)state;
    assert_int_equal(lab_init(&lab, lab_tiny, NULL), STATUS_OK);
    assert_int_equal(lab_settings(&lab, set), STATUS_OK);
    assert_int_equal(lab_begin(&lab, NULL), STATUS_OK);
    assert_int_equal(lab_run(&lab), STATUS_OK);
    for (size_t r = 0; r < 4; r++) {
        double made = at(&lab, "cohorts.income", r) - at(&lab, "cohorts.costs", r);
        if (r < 2) early += made; /* day 1 began within the warm-up */
        if (r < 2) continue;
        profit += made;
        costs += at(&lab, "cohorts.costs", r);
        worked += at(&lab, "cohorts.hours_worked", r);
    }
    for (size_t r = 0; r < lab.table[TABLE_CREATORS].rows; r++) {
        by_creator += at(&lab, "creators.profit", r);
        hours += at(&lab, "creators.hours_worked", r);
    }
    assert_true(costs > 0 && worked > 0 && fabs(early) > 0);
    assert_true(fabs(by_creator - profit) < 5e-7);
    assert_true(fabs(hours - worked) < 1e-6 * worked);
    lab_free(&lab);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_two_cohorts),
        cmocka_unit_test(test_profit_after_the_warm_up),
        cmocka_unit_test(test_streams_and_success),
        cmocka_unit_test(test_payout_days),
        cmocka_unit_test(test_volatility_is_that_of_the_metric),
        cmocka_unit_test(test_audience_is_that_of_the_trace),
        cmocka_unit_test(test_satisfaction_of_known_worlds),
        cmocka_unit_test(test_selling_costs_satisfaction),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
