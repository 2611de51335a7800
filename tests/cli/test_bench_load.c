/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Foreign loads are told from the own work, and void what they disturbed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/bench_load.h"

/* Ten seconds in which the process had `own` and others `foreign` processor seconds. */
static bool disturbed(double own, double foreign, uint32_t processors, uint32_t threads)
{
    const struct bench_load from = {100, 20, 500};
    const struct bench_load to = {110, 20 + own, 500 + own + foreign};
    return bench_load_disturbed(&from, &to, processors, threads);
}

static void test_quiet_machine(void **unused)
{
    (void)unused;
    assert_false(disturbed(10, 0, 2, 1));
    assert_false(disturbed(19.5, 0, 2, 2));
    assert_false(disturbed(9.8, 0.2, 1, 1));
    /* Two threads that wait for each other had their processors all the same. */
    assert_false(disturbed(14, 0.3, 2, 2));
}

static void test_foreign_load(void **unused)
{
    (void)unused;
    assert_true(disturbed(10, 3, 2, 1));
    assert_true(disturbed(15, 5, 2, 2));
    /* One of 64 processors is no disturbance, four are. */
    assert_false(disturbed(10, 10, 64, 1));
    assert_true(disturbed(10, 40, 64, 1));
}

/* In a box of fewer processors than /proc/stat knows others are not seen, their effect is. */
static void test_throttled(void **unused)
{
    (void)unused;
    assert_true(disturbed(8, 0, 2, 1));
}

static void test_share(void **unused)
{
    (void)unused;
    const struct bench_load from = {0, 0, 0}, to = {10, 10, 15}, odd = {10, 10, 9};
    assert_float_equal(bench_load_foreign(&from, &to, 2), 0.25, 1e-9);
    assert_float_equal(bench_load_foreign(&from, &odd, 2), 0, 0); /* coarse ticks */
    assert_float_equal(bench_load_foreign(&from, &from, 2), 0, 0);
}

/* The own clock runs while we work; ticks of others never count as ours. */
static void test_now(void **unused)
{
    (void)unused;
    struct bench_load from = bench_load_now(), to = from;
    volatile uint64_t work = 0;
    while (to.own - from.own < 0.05) {
        for (int i = 0; i < 100000; i++) work += (uint64_t)i;
        to = bench_load_now();
    }
    assert_true(to.wall > from.wall);
    assert_true(to.busy >= from.busy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_quiet_machine), cmocka_unit_test(test_foreign_load),
        cmocka_unit_test(test_throttled), cmocka_unit_test(test_share),
        cmocka_unit_test(test_now)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
