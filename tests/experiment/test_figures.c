/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/figures.h"

#include <math.h>

#include "../io/lab.h"

static const char manifest[] =
    "{\n  \"name\": \"a\",\n  \"state_hash\": \"0011223344556677\",\n  \"left_out_days\": 2,\n"
    "  \"summary\": {\n    \"watch_hours\": 12.5,\n    \"gini_views\": null\n  },\n"
    "  \"trending\": [],\n  \"scenario\": {\n  \"run.seed\": 1\n  }\n}\n";
static const char cohorts[] = "day,cohort,creators,income,hours_worked,costs,profit_hour\n"
                              "0,stars,5,1000,1,0,1000\n"
                              "2,stars,5,100,10,20,8\n"
                              "2,\"the, rest\",50,1,0,0,\n"
                              "3,stars,4,50,20,0,2.5\n"
                              "3,\"the, rest\",50,3,0,0,\n";

static void means_after_the_warm_up(void **unused)
{
    (void)unused;
    char *folder = lab_open(), *path = file_join(folder, "manifest.json");
    char *table = file_join(folder, "cohorts.csv");
    struct figures f;
    struct errors errors = {0};
    lab_write(path, manifest, sizeof manifest - 1);
    lab_write(table, cohorts, sizeof cohorts - 1);
    assert_int_equal(figures_read(&f, folder, &errors), STATUS_OK);
    assert_int_equal(f.count, 2 + 2 * 5);
    assert_string_equal(f.name[0], "watch_hours");
    assert_true(figures_value(&f, "watch_hours") == 12.5);
    assert_true(isnan(figures_value(&f, "gini_views")));
    assert_true(isnan(figures_value(&f, "no such figure")));
    assert_true(figures_value(&f, "stars.creators") == 4.5);
    assert_true(figures_value(&f, "stars.income") == 75);
    assert_true(figures_value(&f, "stars.profit_hour") == 130.0 / 30);
    assert_true(figures_value(&f, "the, rest.income") == 2);
    assert_true(isnan(figures_value(&f, "the, rest.profit_hour")));
    figures_free(&f);
    free(table);
    free(path);
    lab_close(folder);
    errors_free(&errors);
}

static void what_is_no_run_is_refused(void **unused)
{
    (void)unused;
    char *folder = lab_open(), *path = file_join(folder, "manifest.json");
    struct figures f;
    struct errors errors = {0};
    assert_int_equal(figures_read(&f, folder, &errors), STATUS_BAD_INPUT);
    figures_free(&f);
    lab_write(path, "{}", 2);
    assert_int_equal(figures_read(&f, folder, &errors), STATUS_BAD_INPUT);
    assert_says(&errors, "is no manifest of a run");
    figures_free(&f);
    lab_write(path, manifest, sizeof manifest - 1);
    assert_int_equal(figures_read(&f, folder, &errors), STATUS_OK); /* no cohorts.csv */
    assert_int_equal(f.count, 2);
    figures_free(&f);
    free(path);
    lab_close(folder);
    errors_free(&errors);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(means_after_the_warm_up),
        cmocka_unit_test(what_is_no_run_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
