/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "measure/entropy.h"

static void near(double found, double wanted, double off)
{
    if (!(fabs(found - wanted) <= off))
        print_error("found %.12g, wanted %.12g\n", found, wanted);
    assert_true(fabs(found - wanted) <= off);
}

static void test_entropy(void **state)
{
    const double alike[] = {3, 3, 3, 3}, one[] = {0, 7, 0}, halves[] = {2, 1, 1},
                 none[] = {0, 0};
    (void)state;
    near(entropy_of(alike, 4), log(4), 1e-12);
    near(entropy_of(one, 3), 0, 1e-12);
    near(entropy_of(halves, 3), 1.5 * log(2), 1e-12);
    assert_true(isnan(entropy_of(none, 2)));
    assert_true(isnan(entropy_of(none, 0)));
}

static void test_divergence(void **state)
{
    const double p[] = {1, 1, 0}, same[] = {5, 5, 0}, one[] = {1, 0, 0}, other[] = {0, 0, 1};
    const double none[] = {0, 0, 0};
    (void)state;
    near(entropy_divergence(p, same, 3), 0, 1e-12);
    near(entropy_divergence(p, one, 3), 0.5 * log(0.5 / 0.995) + 0.5 * log(0.5 / 0.005), 1e-12);
    near(entropy_divergence(one, p, 3), log(1 / (0.99 * 0.5 + 0.01)), 1e-12);
    near(entropy_divergence(p, other, 3), log(100), 1e-12); /* the most there is */
    assert_true(isnan(entropy_divergence(p, none, 3)));
    assert_true(isnan(entropy_divergence(none, p, 3)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_entropy),
        cmocka_unit_test(test_divergence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
