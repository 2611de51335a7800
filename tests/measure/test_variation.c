/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "measure/variation.h"

static void near(double found, double wanted, double off)
{
    if (!(fabs(found - wanted) <= off))
        print_error("found %.12g, wanted %.12g\n", found, wanted);
    assert_true(fabs(found - wanted) <= off);
}

static void test_coefficient_of_variation(void **state)
{
    const double pair[] = {1, 3}, alike[] = {4, 4, 4}, none[] = {0, 0}, loss[] = {-1, -3};
    (void)state;
    near(variation_of(pair, 2), sqrt(2) / 2, 1e-12);
    near(variation_of(alike, 3), 0, 1e-12);
    assert_true(isnan(variation_of(pair, 1)));
    assert_true(isnan(variation_of(none, 2)));
    assert_true(isnan(variation_of(loss, 2)));
}

static void test_shortfall(void **state)
{
    double x[100], few[] = {7, 5}, some[] = {4, 3, 2, 1, 0};
    (void)state;
    for (int i = 0; i < 100; i++) x[i] = 100 - i;
    near(variation_shortfall(x, 100, 0.05), 3, 1e-12);
    near(variation_shortfall(few, 2, 0.05), 5, 1e-12);
    near(variation_shortfall(some, 5, 0.5), (0 + 1 + 0.5 * 2) / 2.5, 1e-12);
    near(variation_shortfall(some, 5, 1), 2, 1e-12);
    assert_true(isnan(variation_shortfall(x, 0, 0.05)));
}

static double correlation(double *x, double *y, size_t n)
{
    double found = 0;
    assert_int_equal(variation_rank_correlation(x, y, n, &found), STATUS_OK);
    return found;
}

static void test_rank_correlation(void **state)
{
    double a[] = {10, 200, 3000, 40000}, b[] = {1, 2, 4, 3};
    double c[] = {1, 2, 3}, d[] = {9, 5, -1}, e[] = {1, 2, 2, 3}, f[] = {1, 3, 2, 4};
    double g[] = {1, 1, 1}, h[] = {1, 2, 3};
    (void)state;
    near(correlation(a, b, 4), 0.8, 1e-12);
    near(correlation(c, d, 3), -1, 1e-12);
    /* ranks 1, 2.5, 2.5, 4 and 1, 3, 2, 4: 4.5 / sqrt(4.5 * 5) */
    near(correlation(e, f, 4), sqrt(4.5 / 5), 1e-12);
    assert_true(isnan(correlation(g, h, 3)));
    assert_true(isnan(correlation(g, h, 0)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_coefficient_of_variation),
        cmocka_unit_test(test_shortfall),
        cmocka_unit_test(test_rank_correlation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
