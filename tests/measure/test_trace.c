/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "measure/parts.h"
#include "sim/lab.h"
#include "sim/parts.h"

static double cell(const struct lab *lab, size_t row, const char *name)
{
    struct lab_column at = {0};
    char path[64];
    snprintf(path, sizeof path, "trace.%s", name);
    return lab_find(lab, path, &at) ? at.table->cell[row * at.table->columns + at.column]
                                    : (double)NAN;
}

static double sum(const struct lab *lab, const char *name)
{
    double total = 0;
    for (size_t r = 0; r < lab->table[TABLE_TRACE].rows; r++) total += cell(lab, r, name);
    return total;
}

static void begin(struct lab *lab, uint32_t threads)
{
    static const char *const set[] = {"measure.trace=true", "viewers.arrivals.innovation=0.05",
                                      "viewers.arrivals.market=500", NULL};
    assert_int_equal(lab_init(lab, lab_tiny, NULL), STATUS_OK);
    assert_int_equal(lab_settings(lab, set), STATUS_OK);
    assert_int_equal(lab_begin(lab, &(struct lab_way){.threads = threads}), STATUS_OK);
    assert_int_equal(lab_run(lab), STATUS_OK);
}

/* A row an impression, whose sums are those of series.csv; numbers are of those who are there.
 */
static void test_sums(void **state)
{
    struct lab lab;
    double impressions, watch_hours, likes, newcomers = 0;
    (void)state;
    begin(&lab, 1);
    size_t rows = lab.table[TABLE_TRACE].rows;
    assert_true(lab_figure(&lab, "sum impressions", &impressions));
    assert_true(lab_figure(&lab, "sum watch_hours", &watch_hours));
    assert_true(lab_figure(&lab, "sum likes", &likes));
    assert_true(rows > 1000);
    assert_int_equal(rows, (size_t)impressions);
    assert_true(fabs(sum(&lab, "watch_s") / 3600 - watch_hours) < 1e-6 * watch_hours);
    assert_int_equal((int)sum(&lab, "like"), (int)likes);
    for (size_t r = 0; r < rows; r++) {
        double viewer = cell(&lab, r, "viewer");
        assert_true(viewer >= 0 && viewer < 500);
        newcomers += viewer >= 300;
        assert_true(cell(&lab, r, "value") >= 0);
        assert_true(cell(&lab, r, "time_ms") < 2.0 * (double)TIME_DAY);
        assert_true(cell(&lab, r, "complete") == 0 || cell(&lab, r, "value") > 0.99);
    }
    assert_true(newcomers > 0);
    lab_free(&lab);
}

static void test_threads(void **state)
{
    struct lab one, three;
    (void)state;
    begin(&one, 1);
    begin(&three, 3);
    assert_int_equal(one.digest, three.digest);
    assert_int_equal(one.hash, three.hash);
    lab_free(&one);
    lab_free(&three);
}

/* Packed it is the same rows in the other table. */
static void test_packed(void **state)
{
    struct lab plain, packed;
    (void)state;
    begin(&plain, 1);
    assert_int_equal(lab_init(&packed, lab_tiny, NULL), STATUS_OK);
    assert_int_equal(lab_set(&packed, "measure.trace_packed=true"), STATUS_OK);
    assert_int_equal(lab_set(&packed, "measure.trace=true"), STATUS_OK);
    assert_int_equal(lab_set(&packed, "viewers.arrivals.innovation=0.05"), STATUS_OK);
    assert_int_equal(lab_set(&packed, "viewers.arrivals.market=500"), STATUS_OK);
    assert_int_equal(lab_begin(&packed, NULL), STATUS_OK);
    assert_int_equal(lab_run(&packed), STATUS_OK);
    const struct lab_table *a = &plain.table[TABLE_TRACE],
                           *b = &packed.table[TABLE_TRACE_PACKED];
    assert_int_equal(packed.table[TABLE_TRACE].rows, 0);
    assert_int_equal(plain.table[TABLE_TRACE_PACKED].rows, 0);
    assert_int_equal(a->rows, b->rows);
    assert_int_equal(a->columns, b->columns);
    assert_memory_equal(a->cell, b->cell, a->rows * a->columns * sizeof *a->cell);
    lab_free(&plain);
    lab_free(&packed);
}

static void test_only_when_asked_for(void **state)
{
    struct lab lab;
    (void)state;
    assert_int_equal(lab_init(&lab, lab_tiny, NULL), STATUS_OK);
    assert_int_equal(lab_begin(&lab, NULL), STATUS_OK);
    assert_int_equal(sim_shape(lab.sim, TABLE_TRACE).count, 0);
    assert_int_equal(lab_run(&lab), STATUS_OK);
    assert_int_equal(lab.table[TABLE_TRACE].rows, 0);
    lab_free(&lab);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sums),
        cmocka_unit_test(test_threads),
        cmocka_unit_test(test_packed),
        cmocka_unit_test(test_only_when_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
