/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "measure/parts.h"
#include "sim/lab.h"
#include "sim/parts.h"

#define CELL(c, r) (c).table->cell[(r) * (c).table->columns + (c).column]

/* Rows of the warm-up are in the table, not in the means. */
static void test_summary_of_a_run(void **state)
{
    static const char *const set[] = {"run.days=4", "measure.warmup=1.0",
                                      "revenue.ads.min_followers=0", "revenue.ads.min_views=0",
                                      NULL};
    static const char *const columns[] = {"dau", "impressions", "creator_income", "ndcg_true"};
    struct lab lab;
    struct summary s;
    (void)state;
    assert_int_equal(lab_whole(&lab, set), STATUS_OK);
    assert_int_equal(lab.table[TABLE_SERIES].rows, 4);
    assert_true(sim_warmup(lab.sim) == 1);
    size_t checked = 0;
    for (size_t c = 0; sim_summary(lab.sim, c, &s); c++) {
        struct lab_column at = {0};
        double mean = 0;
        for (size_t i = 0; i < 4; i++) {
            if (strcmp(columns[i], s.column->name) != 0) continue;
            assert_true(lab_find(&lab, s.column->name, &at));
            for (size_t r = 1; r < 4; r++)
                mean += at.table->cell[r * at.table->columns + at.column] / 3;
            assert_int_equal(s.rows, 3);
            assert_true(fabs(s.mean - mean) < 1e-9 * fabs(mean) + 1e-12);
            assert_true(fabs(mean) > 0);
            checked++;
        }
    }
    assert_int_equal(checked, 4);
    lab_free(&lab);
}

static void test_no_summary_within_the_warm_up(void **state)
{
    struct lab lab;
    struct summary s;
    (void)state;
    assert_int_equal(lab_init(&lab, lab_tiny, NULL), STATUS_OK);
    assert_int_equal(lab_set(&lab, "measure.warmup=2.0"), STATUS_OK);
    assert_int_equal(lab_begin(&lab, NULL), STATUS_OK);
    assert_int_equal(lab_run(&lab), STATUS_OK);
    for (size_t c = 0; sim_summary(lab.sim, c, &s); c++) assert_int_equal(s.rows, 0);
    lab_free(&lab);
}

/* A metric that is asked for twice counts once; those not asked for have no columns. */
static void test_metrics_by_name(void **state)
{
    struct lab lab;
    struct lab_column at = {0};
    (void)state;
    assert_int_equal(lab_init(&lab, lab_tiny, NULL), STATUS_OK);
    assert_int_equal(lab_set(&lab, "measure.metrics=[\"coverage\"]"), STATUS_OK);
    assert_int_equal(lab_begin(&lab, NULL), STATUS_OK);
    assert_true(lab_find(&lab, "coverage", &at));
    assert_false(lab_find(&lab, "gini_views", &at));
    assert_int_equal(lab.sim->measure->metric_count, 1);
    lab_free(&lab);
}

/* mau is distinct over exactly thirty days, and nothing before day 30; wau before day 7. */
static void test_trailing_weeks_and_months(void **state)
{
    static const char *const set[] = {"run.days=32",       "viewers.count=60",
                                      "creators.count=10", "measure.metrics=[]",
                                      "run.window=60",     NULL};
    struct lab lab;
    struct lab_column dau = {0}, wau = {0}, mau = {0};
    (void)state;
    assert_int_equal(lab_whole(&lab, set), STATUS_OK);
    assert_true(lab_find(&lab, "dau", &dau) && lab_find(&lab, "wau", &wau) &&
                lab_find(&lab, "mau", &mau));
    for (size_t r = 0; r < 32; r++) {
        assert_int_equal(isnan(CELL(wau, r)), r < 7);
        assert_int_equal(isnan(CELL(mau, r)), r < 30);
        if (r >= 7) assert_true(CELL(wau, r) >= CELL(dau, r));
        if (r >= 30) assert_true(CELL(mau, r) >= CELL(wau, r));
    }
    const struct world *w = &lab.sim->world;
    double month = 0;
    for (uint32_t s = 0; s < w->shards.count; s++)
        for (size_t r = 0; r < w->viewers[s].count; r++)
            month += w->viewers[s].row[r].last_day >= 2; /* days 2 to 31 */
    assert_true(CELL(mau, 31) == month);
    lab_free(&lab);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_summary_of_a_run),
        cmocka_unit_test(test_no_summary_within_the_warm_up),
        cmocka_unit_test(test_metrics_by_name),
        cmocka_unit_test(test_trailing_weeks_and_months),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
