/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "base/memory.h"
#include "measure/weeks.h"
#include "viewers/tape.h"

static int64_t views_of(const struct creator *c) { return (int64_t)c->impressions; }

static void test_whole_weeks_only(void **state)
{
    static struct creator row[3] = {{.joined = 0}, {.joined = 8 * TIME_DAY}, {.joined = 0}};
    struct creator_shard creators = {.row = row, .count = 1};
    const struct world world = {.shards = {1, 0}, .creators = &creators};
    struct metric_view view = {.world = &world};
    struct weeks weeks = {0};
    (void)state;
    for (int day = 1; day <= 70; day++) {
        row[0].impressions += (uint64_t)(day + 6) / 7; /* the number of the week, each day */
        if (day == 8) creators.count = 2;              /* one more joins in week 2 */
        if (day > 8) row[1].impressions += 1;
        view.to = day * TIME_DAY;
        assert_int_equal(weeks_day(&weeks, &view, views_of), STATUS_OK);
        if (day == 14) {
            assert_int_equal(weeks.known[0], 2);
            assert_int_equal(weeks.known[1], 0); /* its first week was not whole */
        }
        if (day == 21) assert_int_equal(weeks.known[1], 1);
    }
    assert_int_equal(weeks.count, 2);
    assert_int_equal(weeks.known[0], WEEKS_KEPT);
    for (int w = 0; w < WEEKS_KEPT; w++) {
        assert_int_equal(weeks.week[0][w], 7 * (10 - w)); /* newest first */
        assert_int_equal(weeks.week[1][w], 7);
    }
    weeks_free(&weeks, 1);
}

static void close_to(double got, double expected)
{
    if (!(fabs(got - expected) < 1e-12)) fail_msg("%.15g, expected %.15g", got, expected);
}

/* By hand: {1, 3, 1, 3} has an sd of 2 / sqrt 3 over a mean of 2, {5, 5, 5, 5} of 0. */
static void test_risk_of_a_cohort(void **state)
{
    static const int64_t earned[4][4] = {
        {1, 5, 0, 7}, {3, 5, 0, 1}, {1, 5, 0, 7}, {3, 5, 0, 1}};
    static struct creator row[4] = {{.left = TIME_NEVER},
                                    {.left = TIME_NEVER, .cohort = 1},
                                    {.left = TIME_NEVER, .cohort = 1},
                                    {.left = 1}};
    struct creator_shard creators = {.row = row, .count = 4};
    const struct world world = {.shards = {1, 0}, .creators = &creators};
    struct metric_view view = {.world = &world};
    struct weeks weeks = {0};
    struct weeks_risk risk;
    (void)state;
    for (int week = 0; week < 4; week++) {
        assert_int_equal(weeks_risk(&weeks, &world, WEEKS_ALL, &risk), STATUS_OK);
        assert_int_equal(risk.creators, 0); /* too early */
        for (int c = 0; c < 4; c++) row[c].impressions += (uint64_t)earned[week][c];
        view.to = 7 * (week + 1) * TIME_DAY;
        assert_int_equal(weeks_day(&weeks, &view, views_of), STATUS_OK);
    }
    assert_int_equal(weeks_risk(&weeks, &world, 0, &risk), STATUS_OK);
    assert_int_equal(risk.creators, 1);
    close_to(risk.cv, 1 / sqrt(3));
    close_to(risk.cvar5, -0.5);
    assert_int_equal(weeks_risk(&weeks, &world, 1, &risk), STATUS_OK);
    assert_int_equal(risk.creators, 1); /* the other one earned nothing */
    close_to(risk.cv, 0);
    close_to(risk.cvar5, 0);
    assert_int_equal(weeks_risk(&weeks, &world, WEEKS_ALL, &risk), STATUS_OK);
    assert_int_equal(risk.creators, 2);
    close_to(risk.cv, 1 / sqrt(3) / 2);
    close_to(risk.cvar5, -0.5);
    assert_int_equal(weeks_risk(&weeks, &world, 2, &risk), STATUS_OK);
    assert_int_equal(risk.creators, 0);
    weeks_free(&weeks, 1);
}

/* More weeks than are kept must not be believed. */
static void test_a_damaged_file_is_refused(void **state)
{
    static struct creator row[2] = {{.left = TIME_NEVER}, {.left = TIME_NEVER}};
    struct creator_shard creators = {.row = row, .count = 2};
    const struct world world = {.shards = {1, 0}, .creators = &creators};
    struct metric_view view = {.world = &world, .to = 7 * TIME_DAY};
    struct weeks weeks = {0}, other = {0};
    struct tape tape;
    (void)state;
    assert_int_equal(weeks_day(&weeks, &view, views_of), STATUS_OK);
    for (int damaged = 0; damaged < 2; damaged++) {
        if (damaged) weeks.known[1] = WEEKS_KEPT + 1;
        tape_open(&tape);
        weeks_visit(&weeks, 1, &tape.visitor);
        tape_rewind(&tape);
        weeks_visit(&other, 1, &tape.visitor);
        assert_int_equal(tape.visitor.status, damaged ? STATUS_BAD_INPUT : STATUS_OK);
        tape_free(&tape);
    }
    weeks_free(&weeks, 1);
    weeks_free(&other, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whole_weeks_only),
        cmocka_unit_test(test_risk_of_a_cohort),
        cmocka_unit_test(test_a_damaged_file_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
