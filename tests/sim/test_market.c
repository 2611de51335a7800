/* SPDX-License-Identifier: GPL-3.0-or-later */
/* THREADS */
/*
 * Whole runs with ads sold by auction, in which creators' orders of reach bid, too: the same
 * for any number of threads and when saved and resumed; no segment spends more a day than its
 * budget; what orders win is what ads lose.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ways.h"

static const char *const base[] = {
    "run.days=2",
    "run.shards=8",
    "viewers.count=200",
    "viewers.session.budget=10.0",
    "creators.count=40",
    "creators.backlog_days=5.0",
    "platform.clusters=8",
    "platform.ads.load=0.3",
    "platform.retrieve.promoted.share=0.2",
    "growth.channels=[\"paid_boost\"]",
    "growth.paid_boost.min_spend=0.0",
    "growth.paid_boost.bid=40.0",
    "creators.boost=1.0",
    "creators.review_days=0.25",
    "revenue.streams=[\"ads\",\"tips\"]",
    "revenue.ads.market=auction",
    "revenue.ads.fill=0.9",
    "revenue.ads.reserve=1.0",
    "revenue.ads.min_followers=0",
    "revenue.ads.min_views=0",
    "revenue.ads.segments[0].value=90.0",
    "revenue.ads.segments[0].budget=1.234567",
    "revenue.ads.segments[1].value=60.0",
    "revenue.ads.segments[1].budget=2.345678",
    "revenue.ads.segments[2].value=80.0",
    "revenue.ads.segments[2].topic=1",
    "policy.changes[0].day=1.0",
    "policy.changes[0].set=revenue.ads.segments[1].value",
    "policy.changes[0].value=30.0",
    "measure.panel=40",
    "measure.sample=50",
    NULL,
};

static void test_threads_and_resumed(void **state)
{
    static const struct lab_way ways[] = {{2, true}, {3, false}, {8, true}};
    struct ways_job job = {.base = base, .way = {.threads = 1}};
    struct ways_outcome straight = ways_run(&job);
    (void)state;
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        job.way = ways[i];
        struct ways_outcome other = ways_run(&job);
        assert_true(ways_same(&straight, &other, "other threads"));
    }
    job.way = (struct lab_way){.threads = 1};
    job.save[0] = 0.84; /* in the evening */
    job.save[1] = 1.0;  /* where a change is due */
    struct ways_outcome resumed = ways_run(&job);
    assert_true(ways_same(&straight, &resumed, "resumed"));
}

static void test_budgets(void **state)
{
    struct lab lab;
    double plenty = 0, scarce = 0;
    (void)state;
    for (int k = 0; k < 2; k++) {
        assert_int_equal(lab_init(&lab, base, NULL), STATUS_OK);
        const char *const little[] = {"revenue.ads.segments[2].budget=0.000007", NULL};
        if (k) assert_int_equal(lab_settings(&lab, little), STATUS_OK);
        assert_int_equal(lab_begin(&lab, NULL), STATUS_OK);
        assert_int_equal(lab_run(&lab), STATUS_OK);
        assert_true(lab_figure(&lab, "sum series.revenue_ads", k ? &scarce : &plenty));
        lab_free(&lab);
    }
    print_message("%.6f without a limit for one, %.6f for two days of 3.580252 at most\n",
                  plenty, scarce);
    assert_true(scarce > 1 && scarce <= 2 * 3.580252 + 1e-9 && plenty > scarce);
}

/* Places that are sold, to advertisers or to orders, are as many as `load` says. */
static void test_orders_take_the_places_of_ads(void **state)
{
    static const char *const bids[] = {"growth.paid_boost.bid=0.001",
                                       "growth.paid_boost.bid=20.0",
                                       "growth.paid_boost.bid=1000.0"};
    double ads[3], promoted[3], impressions[3], gross[3], income[3];
    (void)state;
    for (int k = 0; k < 3; k++) {
        struct lab lab;
        const char *const set[] = {bids[k], "revenue.ads.segments[0].budget=1000",
                                   "revenue.ads.segments[1].budget=1000",
                                   "policy.changes[0].value=60.0", NULL};
        assert_int_equal(lab_init(&lab, base, NULL), STATUS_OK);
        assert_int_equal(lab_settings(&lab, set), STATUS_OK);
        assert_int_equal(lab_begin(&lab, NULL), STATUS_OK);
        assert_int_equal(lab_run(&lab), STATUS_OK);
        assert_true(lab_figure(&lab, "sum series.ad_impressions", &ads[k]));
        assert_true(lab_figure(&lab, "sum series.impressions_promoted", &promoted[k]));
        assert_true(lab_figure(&lab, "sum series.impressions", &impressions[k]));
        assert_true(lab_figure(&lab, "sum series.revenue_ads", &gross[k]));
        assert_true(lab_figure(&lab, "sum series.promotion_income", &income[k]));
        lab_free(&lab);
        double places = (ads[k] + promoted[k]) / impressions[k];
        print_message("%s: %.0f ads, %.0f promoted, %.4f of all; ads bring %.3f, orders %.3f\n",
                      bids[k], ads[k], promoted[k], places, gross[k], income[k]);
        assert_true(fabs(places - 0.3) < 0.01);
    }
    assert_true(promoted[0] == 0 && income[0] == 0);
    assert_true(promoted[1] > 50 && promoted[2] > 50);
    for (int k = 1; k < 3; k++) { /* who wins pays between the reserve and its bid */
        double each = 1000 * income[k] / promoted[k];
        assert_true(each >= 1 && each <= (k == 1 ? 20 : 90));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_threads_and_resumed),
        cmocka_unit_test(test_budgets),
        cmocka_unit_test(test_orders_take_the_places_of_ads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
