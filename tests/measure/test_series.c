/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The tables of one run agree with one another and with the books, to the last impression and
 * the last micro-unit.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "measure/parts.h"
#include "sim/lab.h"
#include "sim/parts.h"

/* Everything that can leave the catalogue, be taken down, boosted, shared, tipped or followed.
 */
static const char *const busy[] = {"run.days=4",
                                   "viewers.arrivals.innovation=0.05",
                                   "viewers.arrivals.market=500",
                                   "platform.catalogue.days=1.5",
                                   "revenue.ads.min_followers=0",
                                   "revenue.ads.min_views=0",
                                   "creators.cohorts[0].name=stars",
                                   "creators.cohorts[0].count=10",
                                   "creators.cohorts[1].name=rest",
                                   "creators.cohorts[1].count=30",
                                   NULL};

static double sum(const struct lab *lab, const char *column)
{
    char text[96];
    double figure = (double)NAN;
    snprintf(text, sizeof text, "sum %s", column);
    if (!lab_figure(lab, text, &figure)) print_error("no column %s\n", column);
    return figure;
}

static double cell(const struct lab *lab, const char *column, size_t row)
{
    struct lab_column at;
    if (!lab_find(lab, column, &at)) return (double)NAN;
    return at.table->cell[row * at.table->columns + at.column];
}

static void run_busy(struct lab *lab, const char *const *more)
{
    assert_int_equal(lab_init(lab, lab_tiny, NULL), STATUS_OK);
    assert_int_equal(lab_settings(lab, busy), STATUS_OK);
    assert_int_equal(lab_settings(lab, more), STATUS_OK);
    assert_int_equal(lab_begin(lab, NULL), STATUS_OK);
    assert_int_equal(lab_run(lab), STATUS_OK);
}

static void same(double a, double b)
{
    double off = fabs(a - b) / (fabs(a) + fabs(b) + 1e-9);
    if (!(off < 1e-9)) print_error("%.12g is not %.12g\n", a, b);
    assert_true(off < 1e-9);
}

static void check_reach(const struct lab *lab)
{
    static const char *const columns[] = {"impressions", "watch_hours", "plays_7s", "plays_18s",
                                          "completions", "likes",       "comments", "shares",
                                          "follows",     "hides",       "reports"};
    char of_videos[64];
    double sources = 0;
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++) {
        snprintf(of_videos, sizeof of_videos, "videos.%s", columns[i]);
        same(sum(lab, columns[i]), sum(lab, of_videos));
    }
    same(sum(lab, "impressions"), sum(lab, "creators.impressions"));
    same(sum(lab, "impressions"), sum(lab, "cohorts.impressions"));
    same(sum(lab, "watch_hours"), sum(lab, "creators.watch_hours"));
    same(sum(lab, "watch_hours"), sum(lab, "cohorts.watch_hours"));
    same(sum(lab, "posts"), sum(lab, "cohorts.posts"));
    same(sum(lab, "new_creators"), sum(lab, "cohorts.new_creators"));
    same(sum(lab, "left_creators"), sum(lab, "cohorts.left_creators"));
    same(sum(lab, "impressions_promoted"), sum(lab, "videos.paid_impressions"));
#define ADD_SOURCE(id, text) sources += sum(lab, "impressions_" text);
    SOURCE_LIST(ADD_SOURCE)
#undef ADD_SOURCE
    same(sum(lab, "impressions"), sources);
    assert_true(sum(lab, "impressions") > 1000);
}

static void test_reach_adds_up(void **state)
{
    struct lab lab;
    (void)state;
    run_busy(&lab, NULL);
    check_reach(&lab);
    lab_free(&lab);
}

/* Rows of intervals that divide no day, nor the run: the last one is short. */
static void test_reach_adds_up_over_any_interval(void **state)
{
    static const char *const intervals[][2] = {{"measure.interval=0.3", NULL},
                                               {"measure.interval=3.0", NULL},
                                               {"measure.interval=365", NULL}};
    static const size_t rows[] = {14, 2, 1};
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct lab lab;
        run_busy(&lab, intervals[i]);
        check_reach(&lab);
        assert_int_equal(lab.table[TABLE_SERIES].rows, rows[i]);
        same(sum(&lab, "length_days"), 4);
        assert_true(cell(&lab, "day", 0) == 0);
        if (i == 1) assert_true(cell(&lab, "day", 1) == 3 && cell(&lab, "length_days", 1) == 1);
        lab_free(&lab);
    }
}

/* gross = creators + platform + fees + refunds + payable, row by row. */
static void test_money_of_each_row(void **state)
{
    struct lab lab;
    (void)state;
    run_busy(&lab, NULL);
    for (size_t r = 0; r < lab.table[TABLE_SERIES].rows; r++) {
        double gross = cell(&lab, "revenue_ads", r) + cell(&lab, "revenue_tips", r);
        double parts = cell(&lab, "creator_income", r) + cell(&lab, "platform_income", r) +
                       cell(&lab, "fees", r) + cell(&lab, "refunds", r) +
                       cell(&lab, "payable", r);
        assert_true(gross > 0);
        assert_true(fabs(gross - parts) < 1e-6);
        double profit = cell(&lab, "platform_income", r) - cell(&lab, "serving_cost", r) -
                        cell(&lab, "creator_fund", r);
        assert_true(fabs(profit - cell(&lab, "platform_profit", r)) < 1e-6);
    }
    same(sum(&lab, "creator_income"), sum(&lab, "cohorts.income"));
    same(sum(&lab, "creator_income"),
         sum(&lab, "creators.income_ads") + sum(&lab, "creators.income_tips"));
    same(sum(&lab, "cohorts.income_tips"), sum(&lab, "creators.income_tips"));
    lab_free(&lab);
}

/* What ledger.csv moved to and from the accounts is what those hold. */
static void test_the_ledger_is_the_books(void **state)
{
    struct lab lab;
    (void)state;
    run_busy(&lab, NULL);
    const struct lab_table *ledger = &lab.table[TABLE_LEDGER];
    const struct world *w = &lab.sim->world;
    for (int a = 0; a < LEDGER_ACCOUNTS; a++) {
        double name = lab_text_number(ledger_account_name((enum ledger_account)a));
        double moved = 0, held = 0;
        for (size_t r = 0; r < ledger->rows; r++) {
            const double *row = ledger->cell + r * ledger->columns;
            assert_true(row[4] > 0);
            moved += row[2] == name ? row[4] : 0;
            moved -= row[1] == name ? row[4] : 0;
        }
        for (uint32_t s = 0; s < w->shards.count; s++)
            held += (double)w->creators[s].book.balance[a];
        assert_true(moved == held);
    }
    double balances = 0;
    for (uint32_t s = 0; s < w->shards.count; s++)
        balances += (double)w->creators[s].book.balance[ACCOUNT_CREATORS];
    same(balances * 1e-6, sum(&lab, "creators.balance"));
    lab_free(&lab);
}

static void test_people_add_up(void **state)
{
    struct lab lab;
    double before = 0;
    (void)state;
    run_busy(&lab, NULL);
    const struct world *w = &lab.sim->world;
    for (uint32_t s = 0; s < w->shards.count; s++)
        for (size_t r = 0; r < w->viewers[s].count; r++)
            before += (w->viewers[s].row[r].flags & VIEWER_NEWCOMER) == 0;
    same(cell(&lab, "viewers", 3), before + sum(&lab, "new_viewers"));
    for (size_t r = 0; r < 4; r++) {
        assert_true(cell(&lab, "dau", r) > 0);
        assert_true(cell(&lab, "dau", r) <= cell(&lab, "viewers", r));
        assert_true(isnan(cell(&lab, "wau", r)) && isnan(cell(&lab, "mau", r)));
    }
    lab_free(&lab);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reach_adds_up),
        cmocka_unit_test(test_reach_adds_up_over_any_interval),
        cmocka_unit_test(test_money_of_each_row),
        cmocka_unit_test(test_the_ledger_is_the_books),
        cmocka_unit_test(test_people_add_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
