/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lab.h"

#define QUIET "creators.strategy=static creators.life.entry_rate=0 creators.videos_per_week=0 "

static void close_to(double got, double expected, double tolerance)
{
    if (fabs(got - expected) > tolerance)
        fail_msg("%g, expected %g within %g", got, expected, tolerance);
}

static double here(const struct lab *lab)
{
    double n = 0;

    for (uint32_t s = 0; s < lab->world.shards.count; s++)
        n += (double)lab->world.creators[s].active;
    return n;
}

/* Survivors of `days` under a monthly hazard against (1 - h)^(days / 30). */
static void check_survival(struct lab *lab, double before, double monthly, int days)
{
    double p = maths_pow(1 - monthly, days / 30.0);
    lab_days(lab, days);
    close_to(here(lab), before * p, 4 * sqrt(before * p * (1 - p)));
}

static void the_established_leave_by_their_hazard(void **state)
{
    struct lab lab;

    (void)state;
    lab_open(&lab, QUIET "creators.count=4000 creators.life.exit_established=0.05 "
                         "creators.life.burnout=0");
    check_survival(&lab, 4000, 0.05, 60);
    lab_close(&lab);
}

static void make_new(struct lab *lab, struct creator *c)
{
    (void)lab;
    c->joined = 1;
}

static void the_new_leave_faster_until_established(void **state)
{
    struct lab lab;

    (void)state;
    lab_open(&lab, QUIET "creators.count=4000 creators.life.exit_established=0 "
                         "creators.life.exit_new=0.3 creators.life.established_days=30 "
                         "creators.life.burnout=0");
    lab_each(&lab, make_new);
    check_survival(&lab, 4000, 0.3, 30);
    double left = here(&lab);
    lab_days(&lab, 1); /* those whose 30th day is under way */
    left = here(&lab);
    lab_days(&lab, 30);
    assert_true(here(&lab) == left);
    lab_close(&lab);
}

/* The hazard itself, term by term. */
static void the_hazard_has_its_factors(void **state)
{
    struct lab lab;
    struct creator c = {.joined = 0, .morale = 1};

    (void)state;
    lab_open(&lab, QUIET "creators.count=1 creators.life.burnout=0.3 "
                         "creators.life.burnout_factor=3");
    close_to(life_exit(lab.creators, &c, TIME_DAY), 0.02, 1e-15);
    c.income_mean = 4.9f, c.income_slow = 10;
    close_to(life_exit(lab.creators, &c, TIME_DAY), 0.04, 1e-15);
    c.income_mean = 5.1f;
    close_to(life_exit(lab.creators, &c, TIME_DAY), 0.02, 1e-15);
    c.morale = 0.29f;
    close_to(life_exit(lab.creators, &c, TIME_DAY), 0.06, 1e-15);
    c.income_mean = 1, c.joined = 5 * TIME_DAY;
    close_to(life_exit(lab.creators, &c, 94 * TIME_DAY), 0.6, 1e-15);
    close_to(life_exit(lab.creators, &c, 95 * TIME_DAY), 0.12, 1e-15);
    lab_close(&lab);
}

/* From attention to exit, through contentment, morale and burnout: of two crowds without income
 * the one that is watched stays as the hazard of the content says, the other leaves faster. */
static uint64_t watched;
static void watch(struct lab *lab, struct creator *c)
{
    if (lab->world.close % TIME_DAY == 0) c->impressions += watched;
}
static void everybody_is_watched(struct lab *lab) { lab_each(lab, watch); }

static double left_of_a_crowd(uint64_t a_day)
{
    struct lab lab;
    double left = 0;

    watched = a_day;
    lab_open(&lab, QUIET "creators.count=2000 creators.life.exit_established=0.1 "
                         "creators.life.burnout=0.5 creators.life.burnout_factor=4 "
                         "creators.life.morale_gain=0.7 creators.aspiration=7 "
                         "creators.life.attention_value=5 creators.life.memory_days=0.5");
    lab.window = everybody_is_watched;
    lab_days(&lab, 20); /* morale below a half, .9^7, for the last twelve or so */
    for (uint32_t s = 0; s < 4; s++) left += (double)lab.world.creators[s].day.left;
    lab_close(&lab);
    return left / 2000;
}

static void who_is_not_watched_burns_out_and_leaves(void **state)
{
    double seen = left_of_a_crowd(2000), unseen = left_of_a_crowd(0);
    double loyal = 1 - pow(0.9, 20.0 / 30);
    /* seven days at a tenth a month, thirteen at four tenths */
    double tired = 1 - pow(0.9, 7.0 / 30) * pow(0.6, 13.0 / 30);

    (void)state;
    close_to(seen, loyal, 5 * sqrt(loyal * (1 - loyal) / 2000));
    close_to(unseen, tired, 5 * sqrt(tired * (1 - tired) / 2000) + 0.015);
}

static double salary;
static void pay_salary(struct lab *lab)
{
    if (lab->world.close % TIME_DAY == 0 && salary > 0) lab_pay(lab, lab_only(lab), salary);
}

static void a_fall_of_income_is_noticed(void **state)
{
    struct lab lab;

    (void)state;
    lab_open(&lab, QUIET "creators.count=1 creators.life.exit_established=0");
    struct creator *c = lab_only(&lab);
    lab.window = pay_salary;
    salary = 10;
    lab_days(&lab, 300);
    close_to((double)c->income_mean, 70, 0.1);
    close_to((double)c->income_slow, 70, 0.5);
    salary = 0;
    lab_days(&lab, 14); /* e^-1 of 70 against e^-1/4 of 70: 26 < 27 */
    assert_true(c->income_mean < 0.5f * c->income_slow);
    lab_close(&lab);
}

static void morale_goes_where_money_and_attention_say(void **state)
{
    struct lab lab;

    (void)state;
    lab_open(&lab, QUIET "creators.count=1 creators.life.exit_established=0 "
                         "creators.life.attention_value=5 creators.life.morale_gain=0.7");
    struct creator *c = lab_only(&lab);
    c->aspiration = 70;
    c->reach_mean = 7000; /* worth 35 */
    c->income_mean = 35;
    close_to(life_content(lab.creators, c), 1, 1e-6);
    c->income_mean = 175; /* three times what it hopes for: 2 * 3 / 4 */
    close_to(life_content(lab.creators, c), 1.5, 1e-6);
    c->reach_mean = 0, c->income_mean = 0;
    lab_days(&lab, 1); /* nothing comes: a tenth of the way to 0 */
    close_to((double)c->morale, 0.9, 1e-6);
    lab.window = pay_salary;
    salary = 10; /* 70 a week: as hoped */
    lab_days(&lab, 200);
    close_to((double)c->morale, 1, 1e-3);
    lab_close(&lab);
}

static int64_t balance, account;
static void add_balance(struct lab *lab, struct creator *c)
{
    (void)lab;
    balance += c->balance;
}
static void check_books(struct lab *lab)
{
    balance = account = 0;
    lab_each(lab, add_balance);
    for (uint32_t s = 0; s < lab->world.shards.count; s++)
        account += lab->world.creators[s].book.balance[ACCOUNT_CREATORS];
    assert_int_equal(balance, account);
}

static void the_rent_is_paid_from_what_is_there(void **state)
{
    struct lab lab;

    (void)state;
    lab_open(&lab, QUIET "creators.count=1 creators.life.exit_established=0 "
                         "creators.life.living=10 creators.boost=0");
    struct creator *c = lab_only(&lab);
    lab_pay(&lab, c, 25);
    lab_days(&lab, 1);
    assert_int_equal(c->balance, 15 * MICRO);
    check_books(&lab);
    lab_days(&lab, 5);
    assert_int_equal(c->balance, 0);
    check_books(&lab);
    c->plan.boost = 0.5f; /* what is set aside for promotion stays */
    c->period.income = 0;
    lab_pay(&lab, c, 8);
    lab_window(&lab);
    while (c->balance > 4 * MICRO) lab_window(&lab);
    assert_int_equal(c->balance, 4 * MICRO);
    check_books(&lab);
    lab_close(&lab);
}

static void who_leaves_takes_its_money_and_makes_nothing_more(void **state)
{
    struct lab lab;

    (void)state;
    lab_open(&lab,
             "creators.strategy=static creators.count=50 creators.life.exit_established=1 "
             "creators.life.entry_rate=0 creators.life.living=0");
    for (uint32_t s = 0; s < 4; s++)
        for (size_t r = 0; r < lab.world.creators[s].count; r++)
            lab_pay(&lab, &lab.world.creators[s].row[r], 9);
    check_books(&lab);
    assert_int_equal(account, 450 * MICRO);
    lab_days(&lab, 1);
    check_books(&lab);
    assert_int_equal(account, 0);
    assert_true(here(&lab) == 0);
    uint64_t videos = 0, later = 0, left = 0;
    for (uint32_t s = 0; s < 4; s++) videos += lab.world.videos[s].published;
    lab_days(&lab, 30);
    for (uint32_t s = 0; s < 4; s++) later += lab.world.videos[s].published;
    for (uint32_t s = 0; s < 4; s++) left += lab.world.creators[s].day.left;
    assert_int_equal(videos, later);
    assert_int_equal(left, 50);
    lab_close(&lab);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_established_leave_by_their_hazard),
        cmocka_unit_test(the_new_leave_faster_until_established),
        cmocka_unit_test(the_hazard_has_its_factors),
        cmocka_unit_test(a_fall_of_income_is_noticed),
        cmocka_unit_test(who_is_not_watched_burns_out_and_leaves),
        cmocka_unit_test(morale_goes_where_money_and_attention_say),
        cmocka_unit_test(the_rent_is_paid_from_what_is_there),
        cmocka_unit_test(who_leaves_takes_its_money_and_makes_nothing_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
