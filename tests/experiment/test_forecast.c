/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The arithmetic of a forecast; how near it comes is asked by `make verify`
 * (tests/cli/check.sh).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "experiment/forecast.h"
#include "world/world.h"

#define NEAR(a, b) assert_true(fabs((a) - (b)) < 1e-9)

static const struct forecast known = {
    .impressions_viewer_day = 80, .ns_impression = 500, .day_s = 0.03, .populate_s = 1e-5};

static void a_run_is_its_people_its_days_and_its_impressions(void **state)
{
    (void)state;
    NEAR(forecast_seconds(&known, 1000, 10), 0.01 + 0.3 + 0.4);
    NEAR(forecast_seconds(&known, 1000, 0), 0.01);
}

/* A world of few viewers costs what its shards do, whoever is in it, and that each day. */
static void a_day_costs_something_without_viewers(void **state)
{
    (void)state;
    NEAR(forecast_seconds(&known, 0, 60), 60 * 0.03);
    double ten = forecast_seconds(&known, 100, 10), twenty = forecast_seconds(&known, 100, 20);
    NEAR(forecast_seconds(&known, 100, 30) - twenty, twenty - ten);
}

/* Half of the viewers for four of nine days. */
static void what_is_counted_is_in_proportion(void **state)
{
    (void)state;
    struct model model = {0};
    struct forecast f;
    struct errors errors = {0};
    assert_int_equal(model_init(&model, NULL, &errors), STATUS_OK);
    const char *const set[][2] = {
        {"viewers.count", "60"}, {"creators.count", "8"}, {"run.days", "9"}};
    for (size_t i = 0; i < sizeof set / sizeof *set; i++)
        assert_int_equal(
            parameters_set(&model.parameters, set[i][0], set[i][1], "test", &errors),
            STATUS_OK);
    assert_int_equal(forecast_make(&f, &model, &errors), STATUS_OK);
    model_free(&model);
    assert_int_equal(f.small_viewers, 30);
    assert_true(f.impressions > 60 * 9 && f.ns_impression > 0 && f.day_s >= 0);
    NEAR(f.impressions / (f.impressions_viewer_day * 60 * 9), 1);
    NEAR(forecast_seconds(&f, 60, 9) /
             (60 * f.populate_s + 9 * f.day_s + f.impressions * f.ns_impression / 1e9),
         1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_run_is_its_people_its_days_and_its_impressions),
        cmocka_unit_test(a_day_costs_something_without_viewers),
        cmocka_unit_test(what_is_counted_is_in_proportion),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
