/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "viewers/check.h"
#include "viewers/lab.h"

static size_t count_viewers(const struct lab *lab)
{
    size_t n = 0;
    for (uint32_t s = 0; s < lab->world.shards.count; s++) n += lab->world.viewers[s].count;
    return n;
}

/* Bass: N(t) solves dN/dt = (p + q N / M) (M - N); here by Euler's method in small steps. */
static void test_bass_curve(void **state)
{
    const char *settings[] = {"viewers.count=100",
                              "run.shards=4",
                              "run.window=60",
                              "viewers.arrivals.market=20000",
                              "viewers.arrivals.innovation=0.01",
                              "viewers.arrivals.imitation=0.3",
                              NULL};
    struct lab lab;
    double n = 100, born = 0;

    (void)state;
    lab_open(&lab, settings);
    lab_populate(&lab, 10, 20);
    lab.empty = 1; /* nobody watches anything: this is about coming only */
    for (int32_t day = 0; day < 21; day++) {
        lab_run(&lab, (day + 1) * TIME_DAY);
        born += (double)lab_day(&lab).new_viewers;
        for (int i = 0; i < 1000; i++) n += (0.01 + 0.3 * n / 20000) * (20000 - n) / 1000;
        if (day % 7 != 6) continue;
        double now = (double)count_viewers(&lab);
        assert_between("viewers", now, 0.9 * n, 1.1 * n);
        assert_int_equal(now, 100 + born);
    }
    lab_free(&lab);
}

/* A newcomer opens the app within a window of coming; the market is a bound. */
static void test_newcomers_come_in(void **state)
{
    const char *settings[] = {"viewers.count=0", "run.shards=4", "viewers.arrivals.market=500",
                              "viewers.arrivals.innovation=1", NULL};
    struct lab lab;

    (void)state;
    lab_open(&lab, settings);
    lab_catalogue(&lab, 10, 20);
    assert_int_equal(viewers_populate(lab.viewers), STATUS_OK);
    lab_run(&lab, 20 * TIME_DAY);
    assert_int_equal(count_viewers(&lab), 500);
    for (uint32_t s = 0; s < 4; s++) {
        for (size_t i = 0; i < lab.world.viewers[s].count; i++) {
            const struct viewer *v = &lab.world.viewers[s].row[i];
            assert_true(v->flags & VIEWER_NEWCOMER);
            assert_true(v->last_day >= v->joined_day);
            assert_int_equal(entity_home(lab.world.shards, viewer_name(v)), s);
        }
    }
    lab_free(&lab);
}

static void test_off_by_default(void **state)
{
    const char *settings[] = {"viewers.count=50", "run.shards=1", NULL};
    struct lab lab;

    (void)state;
    lab_open(&lab, settings);
    lab_populate(&lab, 10, 20);
    lab_run(&lab, 2 * TIME_DAY);
    assert_int_equal(count_viewers(&lab), 50);
    lab_free(&lab);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bass_curve),
        cmocka_unit_test(test_newcomers_come_in),
        cmocka_unit_test(test_off_by_default),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
