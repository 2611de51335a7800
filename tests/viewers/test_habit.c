/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The stock itself, and what the defaults make of it: FACTS 8.6.
 */
#include "viewers/habit.h"

#include "viewers/check.h"
#include "viewers/lab.h"

static const struct habit_parameters p = {.half_life = 14,
                                          .floor = 0.3,
                                          .gain = 0.01,
                                          .outside = 0.8,
                                          .anchor = 0.5,
                                          .learning = 0.05,
                                          .threshold = 1,
                                          .hazard = 1.4};

static void test_days(void **state)
{
    float habit = 0.5f;

    (void)state;
    for (int i = 0; i < 14; i++) habit = habit_day(&p, habit, 0);
    assert_between("14 days in a row go half way to 1", (double)habit, 0.7499, 0.7501);
    float idle = habit_day(&p, 1.0f, 14); /* half way to the floor, then one day up */
    double up = maths_exp(-0.6931471805599453 / 14);
    assert_between("14 idle days", (double)idle, 1 - 0.35 * up - 1e-4, 1 - 0.35 * up + 1e-4);
    assert_true(habit_day(&p, 0.1f, 100) > 0.1f); /* below the floor nothing decays */
}

static void test_satisfaction(void **state)
{
    struct viewer v = {0};

    (void)state;
    viewer_set_habit(&v, 1);
    viewer_set_expectation(&v, 0.8f);
    habit_session(&p, &v, 0.8f);
    assert_between("as expected", (double)viewer_habit(&v), 1 - 1e-6, 1 + 1e-6);
    habit_session(&p, &v, 1.8f);
    assert_between("better", (double)viewer_habit(&v), 1.0099, 1.0101);
    assert_between("one expects more", (double)viewer_expectation(&v), 0.849, 0.851);
    for (int i = 0; i < 1000; i++) habit_session(&p, &v, -3);
    assert_true(viewer_habit(&v) >= HABIT_LEAST);
    for (int i = 0; i < 10000; i++) habit_session(&p, &v, 30);
    assert_true(viewer_habit(&v) <= HABIT_MOST);
}

/* Exposure adds up over time, and makes a power law: exp(-exposure) = (1 + age)^-(hazard lack).
 */
static void test_exposure(void **state)
{
    double whole = habit_exposure(&p, 0.5f, 0, 30);
    double parts = habit_exposure(&p, 0.5f, 0, 7) + habit_exposure(&p, 0.5f, 7, 23);

    (void)state;
    assert_between("sum", parts, whole - 1e-9, whole + 1e-9);
    assert_between("power law", maths_exp(-whole), 0.999 * maths_pow(31, -0.7),
                   1.001 * maths_pow(31, -0.7));
    assert_true(habit_exposure(&p, 1.2f, 0, 30) == 0);
    assert_true(habit_exposure(&p, 0.5f, 300, 30) < whole / 20);
}

static void test_settled(void **state)
{
    struct habit_table table;

    (void)state;
    habit_table_init(&table, &p, 40);
    for (double rate = 0.001; rate < 40; rate *= 1.37) {
        double h = habit_settled(&p, rate), idle = maths_exp(-rate * h);
        assert_between("fixed point", h - (1 - idle + idle * 0.3), 0, 2e-4);
        assert_between("table", (double)habit_table_at(&table, rate), h - 0.004, h + 0.004);
    }
    assert_between("nobody", (double)habit_table_at(&table, 0), 0.3, 0.301);
    assert_between("all the time", (double)habit_table_at(&table, 100), 0.999, 1.001);
}

/* Three videos a session are enough to make a day; the satisfaction is that of good videos. */
static void open_cheap(struct lab *lab, const char *count, const char *market, const char *come)
{
    const char *settings[] = {count,          market,          come, "viewers.session.stay=0.6",
                              "run.shards=8", "run.window=30", NULL};

    lab_open(lab, settings);
    lab->best_of = 5;
    lab_populate(lab, 2000, 15);
}

static void test_dau_over_mau(void **state)
{
    struct lab lab;
    double active = 0, sessions = 0, month = 0;

    (void)state;
    open_cheap(&lab, "viewers.count=3000", "viewers.arrivals.market=0",
               "viewers.arrivals.innovation=0");
    lab_run(&lab, 15 * TIME_DAY);
    lab_day(&lab);
    for (int32_t day = 15; day < 45; day++) {
        lab_run(&lab, (day + 1) * TIME_DAY);
        struct viewer_day d = lab_day(&lab);
        active += (double)d.active / 30;
        sessions += (double)d.sessions / 30;
    }
    for (uint32_t s = 0; s < 8; s++)
        for (size_t i = 0; i < lab.world.viewers[s].count; i++)
            month += lab.world.viewers[s].row[i].last_day >= 15;
    assert_between("DAU/MAU", active / month, 0.5, 0.6);
    assert_between("sessions a DAU-day", sessions / active, 7, 9.5);
    lab_free(&lab);
}

/* Day-of-age retention of newcomers: near 40, 24, 14 %. */
static void test_retention(void **state)
{
    struct lab lab;
    double born[31] = {0}, back[31] = {0};

    (void)state;
    open_cheap(&lab, "viewers.count=50", "viewers.arrivals.market=1000000",
               "viewers.arrivals.innovation=0.0001");
    for (int32_t day = 0; day < 61; day++) {
        lab_run(&lab, (day + 1) * TIME_DAY);
        for (uint32_t s = 0; s < 8; s++) {
            for (size_t i = 0; i < lab.world.viewers[s].count; i++) {
                const struct viewer *v = &lab.world.viewers[s].row[i];
                int age = day - v->joined_day;
                if (!(v->flags & VIEWER_NEWCOMER) || age < 0 || age > 30) continue;
                born[age]++;
                back[age] += v->last_day == day;
            }
        }
    }
    assert_true(born[30] > 2000);
    assert_between("day 0", back[0] / born[0], 0.985, 1); /* some windows end after midnight */
    assert_between("D1", back[1] / born[1], 0.35, 0.45);
    assert_between("D7", back[7] / born[7], 0.19, 0.29);
    assert_between("D30", back[30] / born[30], 0.10, 0.18);
    lab_free(&lab);
}

/* Bad videos cost habit, and with it sessions. */
static void test_bad_feeds_cost_sessions(void **state)
{
    double sessions[2];

    (void)state;
    for (uint32_t i = 0; i < 2; i++) {
        struct lab lab;
        open_cheap(&lab, "viewers.count=1000", "viewers.arrivals.market=0",
                   "viewers.arrivals.innovation=0");
        lab.best_of = i == 0 ? 1 : 5;
        lab_run(&lab, 20 * TIME_DAY);
        lab_day(&lab);
        lab_run(&lab, 30 * TIME_DAY);
        sessions[i] = (double)lab_day(&lab).sessions;
        lab_free(&lab);
    }
    assert_true(sessions[0] < 0.9 * sessions[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_days),
        cmocka_unit_test(test_satisfaction),
        cmocka_unit_test(test_exposure),
        cmocka_unit_test(test_settled),
        cmocka_unit_test(test_dau_over_mau),
        cmocka_unit_test(test_retention),
        cmocka_unit_test(test_bad_feeds_cost_sessions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
