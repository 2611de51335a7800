/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "viewers/rhythm.h"

#include "engine/stream.h"
#include "viewers/check.h"

static struct rhythm uneven(void)
{
    struct float_list hours = {24, {0}}, days = {7, {1, 1, 1, 1, 1, 2, 3}};
    struct rhythm r;

    for (int h = 0; h < 24; h++) hours.value[h] = h < 6 ? 0 : h;
    rhythm_init(&r, &hours, &days);
    return r;
}

static void test_a_week_is_seven_days(void **state)
{
    struct rhythm r = uneven();

    (void)state;
    assert_between("week", rhythm_integral(&r, 7 * TIME_DAY), 7 - 1e-9, 7 + 1e-9);
    assert_between("four weeks", rhythm_integral(&r, 28 * TIME_DAY), 28 - 1e-9, 28 + 1e-9);
    assert_true(rhythm_integral(&r, 6 * TIME_HOUR) == 0);
    /* Monday is one of ten parts */
    assert_between("Monday", rhythm_integral(&r, TIME_DAY), 0.7 - 1e-9, 0.7 + 1e-9);
}

static void test_inverse(void **state)
{
    struct rhythm r = uneven();
    struct stream s = stream_open((struct stream_key){{1, 1}}, 1, 1);

    (void)state;
    for (int i = 0; i < 20000; i++) {
        sim_time from = (sim_time)(stream_uniform(&s) * 1e10);
        double amount = stream_exponential(&s) * 5;
        sim_time to = rhythm_after(&r, from, amount);
        assert_true(to > from);
        double error = rhythm_integral(&r, to) - rhythm_integral(&r, from) - amount;
        assert_between("error", error, -1e-5, 1e-5); /* a ms at the highest rate */
    }
    assert_true(rhythm_after(&r, 0, 2e5) == TIME_NEVER);
    assert_true(rhythm_after(&r, 5, 0) >= 6);
}

static void test_flat_when_nothing_is_said(void **state)
{
    struct float_list none = {0}, zero = {1, {0}};
    struct rhythm r;

    (void)state;
    rhythm_init(&r, &none, &none);
    assert_between("noon", rhythm_integral(&r, TIME_DAY / 2), 0.5 - 1e-12, 0.5 + 1e-12);
    rhythm_init(&r, &zero, &none);
    assert_between("noon", rhythm_integral(&r, TIME_DAY / 2), 0.5 - 1e-12, 0.5 + 1e-12);
}

/* Gaps of a process with a flat week are exponential: mean 1, and hours fill up alike. */
static void test_points_are_poisson(void **state)
{
    struct rhythm r = uneven();
    struct stream s = stream_open((struct stream_key){{2, 2}}, 2, 2);
    double count[24] = {0}, chi = 0;
    sim_time now = 0;
    int n = 0;

    (void)state;
    while (now < 7000 * 7 * TIME_DAY) {
        now = rhythm_after(&r, now, stream_exponential(&s));
        count[now % TIME_DAY / TIME_HOUR]++;
        n++;
    }
    assert_between("points", n, 49000 - 5 * 222, 49000 + 5 * 222);
    for (int h = 0; h < 24; h++) {
        double expected = n * (h < 6 ? 0 : h) / 261.0;
        if (expected > 0)
            chi += (count[h] - expected) * (count[h] - expected) / expected;
        else
            assert_true(count[h] == 0);
    }
    assert_between("chi-square with 17 degrees of freedom", chi, 3, 17 + 5 * 5.83);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_week_is_seven_days),
        cmocka_unit_test(test_inverse),
        cmocka_unit_test(test_flat_when_nothing_is_said),
        cmocka_unit_test(test_points_are_poisson),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
