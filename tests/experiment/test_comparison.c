/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/stream.h"
#include "experiment/comparison.h"

#define N 12

static const struct purpose purpose_test = {"test.comparison", PURPOSE_LUCK};
static const char *const arm[] = {"plain", "twin", "more"}, *const metric[] = {"money",
                                                                               "views"};

/* Shared luck of size 10; "twin" is "plain", "more" has 3 more money but for luck of 0.1. */
static void fill(struct comparison *self, size_t arms)
{
    assert_int_equal(comparison_init(self, arm, arms, metric, 2), STATUS_OK);
    assert_int_equal(comparison_grow(self, 3), STATUS_OK);
    comparison_value(self, 1, 0)[2] = 5; /* stays when there is more room */
    assert_int_equal(comparison_grow(self, N), STATUS_OK);
    assert_true(comparison_value(self, 1, 0)[2] == 5);
    assert_true(isnan(comparison_value(self, 1, 0)[3]));
    for (uint32_t r = 0; r < N; r++) {
        struct stream s = stream_open(stream_key((struct seed){.seed = 1}, &purpose_test), r,
                                      0);
        double luck = 10 * stream_normal(&s);
        for (size_t a = 0; a < arms; a++) {
            comparison_value(self, 0, a)[r] = 100 + luck +
                                              (a == 2 ? 3 + 0.1 * stream_normal(&s) : 0);
            comparison_value(self, 1, a)[r] = luck;
        }
    }
}

static char *text_of(const struct comparison *self,
                     void (*print)(const struct comparison *self, FILE *to))
{
    char *text = NULL;
    size_t length = 0;
    FILE *to = open_memstream(&text, &length);
    assert_non_null(to);
    print(self, to);
    assert_int_equal(fclose(to), 0);
    return text;
}

static void expect(const struct comparison *self,
                   void (*print)(const struct comparison *self, FILE *to), const char *words)
{
    char *text = text_of(self, print);
    if (!strstr(text, words)) print_error("no \"%s\" in:\n%s", words, text);
    assert_non_null(strstr(text, words));
    free(text);
}

static void test_three(void **state)
{
    (void)state;
    struct comparison c;
    fill(&c, 3);
    assert_int_equal(comparison_analyse(&c), STATUS_OK);
    const struct comparison_cell *twin = comparison_cell(&c, 0, 1),
                                 *more = comparison_cell(&c, 0, 2);
    assert_true(twin->against.difference.mean == 0 && twin->p_adjusted == 1);
    assert_true(isinf(twin->against.reduction));
    assert_true(fabs(more->against.difference.mean - 3) < 0.15);
    assert_true(more->p_adjusted < 1e-10 && more->against.reduction > 1000);
    assert_true(isnan(comparison_cell(&c, 0, 0)->p_adjusted));
    assert_string_equal(more->groups, "a");
    assert_string_equal(twin->groups, "b");
    assert_string_equal(comparison_cell(&c, 0, 0)->groups, "b");
    assert_string_equal(comparison_cell(&c, 1, 2)->groups, "a");
    assert_int_equal(c.order[0], 2);
    assert_true(c.wins[2] == 1 && c.wins[0] == 0 && c.failed == 0 && c.level == 0);
    expect(&c, comparison_answer, "more has the highest money");
    expect(&c, comparison_answer, "over 12 pairs");
    expect(&c, comparison_print, "p (Holm)");
    expect(&c, comparison_csv, "\nmoney,twin,plain,");
    expect(&c, comparison_json, "\"variance_reduction\": null");
    expect(&c, comparison_values_csv, "views,more,11,");
    comparison_free(&c);
}

/* Arms that are alike have no winner; a failed replication leaves its pair out. */
static void test_alike(void **state)
{
    (void)state;
    struct comparison c;
    fill(&c, 2);
    comparison_value(&c, 0, 1)[4] = NAN;
    assert_int_equal(comparison_analyse(&c), STATUS_OK);
    assert_int_equal(comparison_cell(&c, 0, 1)->against.difference.n, N - 1);
    assert_int_equal(comparison_cell(&c, 0, 0)->mean.n, N);
    assert_int_equal(c.failed, 1);
    assert_true(c.wins[0] == 0.5 && c.wins[1] == 0.5);
    assert_int_equal(c.level, N - 1);
    expect(&c, comparison_answer, "no winner");
    expect(&c, comparison_answer, "cannot be told apart from");
    expect(&c, comparison_json, "\"p_adjusted\": 1,");
    comparison_free(&c);
}

static void test_alone(void **state)
{
    (void)state;
    struct comparison c;
    fill(&c, 1);
    assert_int_equal(comparison_analyse(&c), STATUS_OK);
    expect(&c, comparison_answer, "money of plain is ");
    expect(&c, comparison_answer, "over 12 replications");
    expect(&c, comparison_print, "95 % interval");
    comparison_free(&c);
    assert_int_equal(comparison_init(&c, arm, 2, metric, 1), STATUS_OK);
    assert_int_equal(comparison_grow(&c, 2), STATUS_OK);
    assert_int_equal(comparison_analyse(&c), STATUS_OK);
    expect(&c, comparison_answer, "No replication gave money");
    assert_int_equal(c.failed, 2);
    comparison_free(&c);
}

/* The difference of 3 -+ 0.06 is known to 1 % of 100 at once; the mean of one arm is not. */
static void test_precise(void **state)
{
    (void)state;
    struct comparison c;
    fill(&c, 3);
    assert_true(comparison_precise(&c, N, 0.01));
    assert_true(comparison_precise(&c, PAIRED_LEAST, 0.01));
    assert_false(comparison_precise(&c, PAIRED_LEAST - 1, 0.01));
    assert_false(comparison_precise(&c, N, 0.0001));
    assert_false(comparison_precise(&c, N + 1, 0.01));
    comparison_free(&c);
    fill(&c, 1);
    assert_false(comparison_precise(&c, N, 0.01));
    assert_true(comparison_precise(&c, N, 0.3));
    comparison_free(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_three),
        cmocka_unit_test(test_alike),
        cmocka_unit_test(test_alone),
        cmocka_unit_test(test_precise),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
