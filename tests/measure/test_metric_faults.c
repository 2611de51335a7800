/* SPDX-License-Identifier: GPL-3.0-or-later */
/* LINK: -Wl,--wrap=calloc */
/*
 * A metric that finds no memory at the end of an interval: the run ends with a status and the
 * interval has no row; never a row with an empty cell that looks like nothing to measure.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "measure/parts.h"
#include "sim/lab.h"
#include "sim/parts.h"

/* Allocations left until one fails; below 0 none does. */
static long left = -1, made;

void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size)
{
    ++made;
    if (left >= 0 && left-- == 0) return NULL;
    return __real_calloc(count, size);
}

static enum status start(struct lab *lab, const char *metric)
{
    char set[96];
    snprintf(set, sizeof set, "measure.metrics=[%s%s%s]", *metric ? "\"" : "", metric,
             *metric ? "\"" : "");
    enum status status = lab_init(lab, lab_tiny, NULL);
    if (!status) status = lab_set(lab, set);
    if (!status) status = lab_begin(lab, NULL);
    return status ? status : lab_until(lab, 0.25);
}

/* The platform's row of the first six hours with the k-th allocation failing, k < 0 = none. */
static enum status attempt(const char *metric, long k, size_t *rows)
{
    struct lab lab;
    enum status status = start(&lab, metric), found = STATUS_FAULT;
    if (!status) {
        made = 0;
        left = k;
        found = series_emit(lab.sim->measure);
        left = -1;
    }
    *rows = lab.table[TABLE_SERIES].rows;
    lab_free(&lab);
    return found;
}

/* How many allocations of the row are this metric's own; each of them must be missed. */
static long own_allocations(const char *metric, long others)
{
    size_t rows;
    enum status whole = attempt(metric, -1, &rows);
    long own = made - others;
    assert_int_equal(whole, STATUS_OK);
    assert_int_equal(rows, 1);
    for (long k = 0; k < own; k++) {
        enum status status = attempt(metric, k, &rows);
        if (status != STATUS_NO_MEMORY || rows)
            print_error("%s, allocation %ld: %s, %zu rows\n", metric, k, status_text(status),
                        rows);
        assert_int_equal(status, STATUS_NO_MEMORY);
        assert_int_equal(rows, 0);
    }
    return own;
}

static void test_a_metric_without_memory_is_a_fault(void **state)
{
    size_t rows, allocating = 0;
    (void)state;
    assert_int_equal(attempt("", -1, &rows), STATUS_OK);
    const long others = made;
    for (size_t m = 0; measure_metrics[m]; m++)
        allocating += own_allocations(measure_metrics[m]->name, others) > 0;
    /* calibration, coverage, homogenisation, income_inequality, income_volatility, mobility,
     * new_creators, ranking_quality, tenure, views_inequality, views_percentiles */
    assert_int_equal(allocating, 11);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_metric_without_memory_is_a_fault)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
