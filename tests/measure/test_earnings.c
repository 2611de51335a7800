/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "measure/earnings.h"

/* 1..40: mean 20.5, variance (n^2 - 1) / 12; the lowest two of forty are 5 %. */
static void test_known(void **state)
{
    int64_t income[40];
    (void)state;
    for (int i = 0; i < 40; i++) income[i] = 1 + (i * 7) % 40;
    struct earnings_spread spread = earnings_spread_of(income, 40);
    assert_int_equal(spread.creators, 40);
    assert_true(spread.mean == 20.5);
    assert_true(fabs(spread.cv - sqrt(1599.0 / 12) / 20.5) < 1e-12);
    assert_true(spread.cvar == 1.5);
}

/* 5 % of 30 are one and a half creators: (10 + 20 / 2) / 1.5. */
static void test_part_of_a_creator(void **state)
{
    int64_t income[30];
    (void)state;
    for (int i = 0; i < 30; i++) income[i] = 10 * (30 - i);
    struct earnings_spread spread = earnings_spread_of(income, 30);
    assert_true(fabs(spread.cvar - 20 / 1.5) < 1e-12);
}

/* At least one creator is looked at; nobody has nothing. */
static void test_few(void **state)
{
    int64_t income[3] = {5, 0, 4};
    (void)state;
    assert_true(earnings_spread_of(income, 3).cvar == 0);
    income[0] = 7;
    assert_true(earnings_spread_of(income, 1).cvar == 7);
    assert_true(earnings_spread_of(income, 1).cv == 0);
    struct earnings_spread none = earnings_spread_of(NULL, 0);
    assert_true(none.creators == 0 && none.mean == 0 && none.cv == 0 && none.cvar == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known),
        cmocka_unit_test(test_part_of_a_creator),
        cmocka_unit_test(test_few),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
