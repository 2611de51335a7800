/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "measure/log_figures.h"

/* Ten users with 1, 2, ..., 10 rows; items 0 and 1 are met by turns, users 11 and items from 2
 * on never. Gini of 1..n is (n - 1) / (3 n). */
static void test_known(void **state)
{
    struct interactions log;
    struct log_figures f;
    (void)state;
    assert_int_equal(interactions_init(&log, 0), STATUS_OK);
    for (uint32_t u = 0; u < 10; u++)
        for (uint32_t n = 0; n <= u; n++) {
            const struct interaction row = {u, n % 2, 1, 0};
            assert_int_equal(interactions_append(&log, &row), STATUS_OK);
        }
    log.users = 11;
    log.items = 7;
    assert_int_equal(log_figures_of(&log, &f), STATUS_OK);
    assert_int_equal(f.rows, 55);
    assert_int_equal(f.users, 10);
    assert_int_equal(f.items, 2);
    assert_true(fabs(f.gini_users - 9.0 / 30) < 1e-12);
    assert_true(fabs(f.gini_items - (30.0 - 25) / 55 / 2) < 1e-12);
    assert_true(fabs(f.top10_items - 30.0 / 55) < 1e-12);
    assert_true(fabs(f.mean_user - 5.5) < 1e-12);
    assert_int_equal(f.quantile_user[2], 6); /* round(.5 x 9) = 5: the sixth */
    assert_int_equal(f.quantile_user[0], 2);
    assert_int_equal(f.quantile_user[4], 9);
    interactions_free(&log);
}

static void test_empty(void **state)
{
    struct interactions log = {0};
    struct log_figures f;
    (void)state;
    assert_int_equal(log_figures_of(&log, &f), STATUS_OK);
    assert_int_equal(f.users, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known),
        cmocka_unit_test(test_empty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
