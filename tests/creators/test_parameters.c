/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lab.h"

static void without_a_list_there_is_one_cohort(void **state)
{
    struct lab lab;

    (void)state;
    assert_int_equal(lab_make(&lab, "creators.count=12 creators.skill=0.4"), STATUS_OK);
    assert_int_equal(lab.creators->cohort_count, 1);
    assert_string_equal(lab.creators->cohort[0].name, "all");
    assert_int_equal(lab.creators->cohort[0].count, 12);
    assert_true(lab.creators->cohort[0].skill == 0.4);
    assert_int_equal(lab.creators->topic[0], -1);
    lab_close(&lab);
}

static void a_cohort_takes_the_scalars_for_what_it_does_not_give(void **state)
{
    struct lab lab;
    enum status status = lab_make(
        &lab, "creators.skill=0.4 creators.hours=3 creators.strategy=static "
              "creators.cohorts[0].name=a creators.cohorts[0].hours=9 "
              "creators.cohorts[1].name=b creators.cohorts[1].topic=law "
              "creators.cohorts[1].count=5");
    const struct cohort *a = &lab.creators->cohort[0], *b = &lab.creators->cohort[1];

    (void)state;
    assert_int_equal(status, STATUS_OK);
    assert_int_equal(lab.creators->cohort_count, 2);
    assert_string_equal(a->name, "a");
    assert_true(a->skill == 0.4 && a->hours == 9.0 && a->count == 1000);
    assert_string_equal(b->name, "b");
    assert_true(b->skill == 0.4 && b->hours == 3.0 && b->count == 5);
    assert_string_equal(b->strategy, "static");
    assert_int_equal(lab.creators->topic[1], topics_find(&lab.world.topics, "law"));
    lab_close(&lab);
}

static void wrong_cohorts_are_all_named(void **state)
{
    struct lab lab;
    enum status status = lab_make(&lab,
                                  "creators.cohorts[0].name=a creators.cohorts[0].topic=lwa "
                                  "creators.cohorts[1].name=a");

    (void)state;
    assert_int_equal(status, STATUS_BAD_INPUT);
    assert_int_equal(lab.errors.count, 2);
    assert_non_null(strstr(lab.errors.text, "\"lwa\""));
    assert_non_null(strstr(lab.errors.text, "creators.cohorts[1].name = \"a\""));
    lab_close(&lab);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_list_there_is_one_cohort),
        cmocka_unit_test(a_cohort_takes_the_scalars_for_what_it_does_not_give),
        cmocka_unit_test(wrong_cohorts_are_all_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
