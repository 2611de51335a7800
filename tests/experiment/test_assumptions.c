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

#include "experiment/assumptions.h"

static void start(struct model *model)
{
    struct errors errors = {0};
    assert_int_equal(model_init(model, NULL, &errors), STATUS_OK);
}

static void put(struct model *model, const char *path, const char *value)
{
    struct errors errors = {0};
    assert_int_equal(parameters_set(&model->parameters, path, value, "test", &errors),
                     STATUS_OK);
}

static size_t find(const struct assumptions *self, const char *path)
{
    size_t k = 0;
    while (k < self->count && strcmp(self->row[k].path, path) != 0) k++;
    return k;
}

static bool has(const struct assumptions *self, const char *path)
{
    return find(self, path) < self->count;
}

/* Tips are a stream that a scenario has to name; what an arm sets is not drawn. */
static void test_gather(void **state)
{
    (void)state;
    struct model a, b;
    struct assumptions all, some;
    start(&a);
    start(&b);
    struct model *const arm[] = {&a, &b};
    put(&a, "revenue.streams", "[\"ads\"]");
    put(&b, "revenue.streams", "[\"ads\"]");
    assert_int_equal(assumptions_gather(&all, arm, 2), STATUS_OK);
    assert_true(all.count > 40 && all.idle > 40 && all.set == 0);
    for (size_t k = 0; k < all.count; k++) {
        assert_int_not_equal(strncmp(all.row[k].path, "revenue.tips.", 13), 0);
        assert_int_not_equal(strncmp(all.row[k].path, "run.", 4), 0);
    }
    char path[128];
    snprintf(path, sizeof path, "%s", all.row[0].path);
    char value[64];
    snprintf(value, sizeof value, all.row[0].whole ? "%.0f" : "%.6f", all.row[0].low);
    put(&b, path, value);
    put(&b, "revenue.streams", "[\"tips\"]");
    assert_int_equal(assumptions_gather(&some, arm, 2), STATUS_OK);
    assert_false(has(&some, path));
    assert_int_equal(some.set, 1);
    assert_true(some.idle < all.idle);
    assumptions_free(&all);
    assumptions_free(&some);
    model_free(&a);
    model_free(&b);
}

/* Each of R equal parts once, and no draw moves with the others. */
static void test_draw(void **state)
{
    (void)state;
    enum { R = 40 };
    struct model a;
    struct assumptions all, less;
    start(&a);
    struct model *const arm[] = {&a};
    assert_int_equal(assumptions_gather(&all, arm, 1), STATUS_OK);
    assert_int_equal(assumptions_draw(&all, 3, R), STATUS_OK);
    for (size_t k = 0; k < all.count; k++) {
        int met[R] = {0};
        const struct assumption *row = &all.row[k];
        for (size_t r = 0; r < R; r++) {
            double v = all.value[k * R + r];
            assert_true(v >= row->low && v <= row->high);
            if (row->whole) {
                assert_true(v == floor(v));
                continue;
            }
            double u = row->logarithmic ? log(v / row->low) / log(row->high / row->low)
                                        : (v - row->low) / (row->high - row->low);
            met[(int)fmin(R - 1, floor(u * R))]++;
        }
        for (int r = 0; r < R && !row->whole; r++) assert_int_equal(met[r], 1);
    }
    char path[128], value[64], setting[256], wanted[256];
    snprintf(path, sizeof path, "%s", all.row[2].path);
    snprintf(value, sizeof value, all.row[2].whole ? "%.0f" : "%.6f", all.row[2].low);
    put(&a, path, value);
    assert_int_equal(assumptions_gather(&less, arm, 1), STATUS_OK);
    assert_int_equal(assumptions_draw(&less, 3, R), STATUS_OK);
    for (size_t k = 0; k < less.count; k++) {
        size_t before = find(&all, less.row[k].path);
        for (size_t r = 0; r < R; r++)
            assert_true(less.value[k * R + r] == all.value[before * R + r]);
    }
    assumptions_setting(&less, 0, 1, setting, sizeof setting);
    snprintf(wanted, sizeof wanted, "%s=", less.row[0].path);
    assert_int_equal(strncmp(setting, wanted, strlen(wanted)), 0);
    assert_true(strtod(setting + strlen(wanted), NULL) == less.value[1]);
    assert_int_equal(assumptions_draw(&less, 4, R), STATUS_OK);
    assumptions_free(&all);
    assumptions_free(&less);
    model_free(&a);
}

/* Every draw is one that the scenario takes. */
static void test_valid(void **state)
{
    (void)state;
    struct model a;
    struct assumptions all;
    struct errors errors = {0};
    start(&a);
    struct model *const arm[] = {&a};
    assert_int_equal(assumptions_gather(&all, arm, 1), STATUS_OK);
    assert_int_equal(assumptions_draw(&all, 9, 5), STATUS_OK);
    for (size_t k = 0; k < all.count; k++)
        for (size_t r = 0; r < 5; r++) {
            char setting[256];
            assumptions_setting(&all, k, r, setting, sizeof setting);
            char *equals = strchr(setting, '=');
            *equals = 0;
            enum status status = parameters_set(&a.parameters, setting, equals + 1, "test",
                                                &errors);
            if (status) print_error("%s", errors.text);
            assert_int_equal(status, STATUS_OK);
        }
    assumptions_free(&all);
    model_free(&a);
}

/* Assumption 2 decides who wins, 5 moves the difference without a flip, the rest do nothing. */
static void test_flips(void **state)
{
    (void)state;
    enum { R = 60 };
    struct model a;
    struct assumptions all;
    start(&a);
    struct model *const arm[] = {&a};
    assert_int_equal(assumptions_gather(&all, arm, 1), STATUS_OK);
    assert_int_equal(assumptions_draw(&all, 3, R), STATUS_OK);
    size_t decides = 0;
    while (all.row[decides].whole || all.row[decides].logarithmic) decides++;
    double difference[R], *draw = all.value + decides * R;
    double middle = (all.row[decides].low + all.row[decides].high) / 2;
    for (size_t r = 0; r < R; r++) difference[r] = draw[r] - middle;
    difference[7] = NAN;
    struct flip *flip = calloc(all.count, sizeof *flip);
    assert_non_null(flip);
    assert_int_equal(assumptions_flips(&all, difference, flip), STATUS_OK);
    assert_int_equal(flip[0].row, decides);
    assert_true(flip[0].low_wins < .05 && flip[0].high_wins > .95);
    assert_true(flip[0].low_mean < 0 && flip[0].high_mean > 0);
    assert_true(flip[0].rho > .9999 && flip[0].p < 1e-9);
    size_t sure = 0;
    for (size_t k = 0; k < all.count; k++) sure += flip[k].p < .05;
    assert_int_equal(sure, 1);
    for (size_t r = 0; r < R; r++) difference[r] = NAN;
    assert_int_equal(assumptions_flips(&all, difference, flip), STATUS_OK);
    assert_true(isnan(flip[0].rho) && flip[0].low_wins == 0);
    free(flip);
    assumptions_free(&all);
    model_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gather),
        cmocka_unit_test(test_draw),
        cmocka_unit_test(test_valid),
        cmocka_unit_test(test_flips),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
