/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "measure/parts.h"
#include "sim/lab.h"
#include "sim/parts.h"

#include <math.h>

static struct measure_parameters parameters = {.interval = 1, .warmup = 5};

/* Days 0..n-1 of one series. */
static struct summary summary_of(const char *name, double (*figure)(int day), int days)
{
    static struct measure measure;
    struct summary out;
    memset(&measure, 0, sizeof measure);
    measure.p = &parameters;
    measure.series[0] = (struct column){name, "1", ""};
    measure.series_count = 1;
    for (int day = 0; day < days; day++) {
        const struct cell cell = cell_float(figure(day));
        measure.from = day * TIME_DAY;
        summary_add(&measure, &cell);
    }
    assert_true(measure_summary(&measure, 0, &out));
    assert_false(measure_summary(&measure, 1, &out) && out.rows);
    assert_true(measure_summary(&measure, 0, &out));
    return out;
}

static double transient(int day) { return day < 5 ? 1e6 : 7 + day % 2; }
static double growing(int day) { return 1000 + 10 * day; }
static double slow(int day) { return 1000 + day; }
static double weekly(int day) { return 1000 + 200 * sin(day * 2 * 3.14159265 / 7); }
static double weekly_growing(int day) { return weekly(day) + 20 * day; }
static double missing(int day) { return day % 2 ? (double)NAN : 3; }
static double never(int day) { return day < 5 ? 1 : (double)NAN; }

static void test_means_leave_the_warm_up_out(void **state)
{
    (void)state;
    struct summary s = summary_of("dau", transient, 25);
    assert_int_equal(s.rows, 20);
    assert_true(fabs(s.mean - 7.5) < 1e-9);
    assert_true(s.key && !s.trend);
    s = summary_of("dau", transient, 5); /* no longer than the warm-up */
    assert_int_equal(s.rows, 0);
    s = summary_of("dau", missing, 25);
    assert_int_equal(s.rows, 10);
    assert_true(fabs(s.mean - 3) < 1e-9);
    s = summary_of("dau", never, 25);
    assert_int_equal(s.rows, 0);
}

static void test_trends(void **state)
{
    (void)state;
    struct summary s = summary_of("dau", growing, 25);
    assert_true(s.trend);
    assert_true(fabs(s.change - 200.0 / 1145) < 0.02);    /* 10 a day over 20 days */
    assert_false(summary_of("likes", growing, 25).trend); /* no key figure */
    assert_false(summary_of("dau", slow, 25).trend);      /* 2 % */
    assert_false(summary_of("dau", weekly, 33).trend);    /* a rhythm */
    assert_true(summary_of("dau", weekly_growing, 33).trend);
    assert_false(summary_of("dau", growing, 11).trend); /* too few days to say */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_means_leave_the_warm_up_out),
        cmocka_unit_test(test_trends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
