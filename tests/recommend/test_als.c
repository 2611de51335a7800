/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each row is the closed form of its least squares: the normal equations, solved here. */
#include "recommend/factors.h"

#include "lab.h"

static const float values[4][3] = {{1, 0, 2}, {3, 1, 0}, {0, 0.5f, 1}, {2, 0, 0}};

static void fill(struct interactions *log)
{
    assert_int_equal(interactions_init(log, 0), STATUS_OK);
    for (uint32_t u = 0; u < 4; u++)
        for (uint32_t i = 0; i < 3; i++)
            if (values[u][i] > 0) lab_add(log, u, i, values[u][i]);
}

/* Items were solved last: against the users as they are. */
static void check_items(const struct factors *f, double alpha, double pull, bool by_value)
{
    for (uint32_t i = 0; i < 3; i++) {
        double a = pull, b = 0, c = pull, right[2] = {0, 0}, y[2], det;
        for (uint32_t u = 0; u < 4; u++) {
            double x0 = (double)factors_user(f, u)[0], x1 = (double)factors_user(f, u)[1];
            double r = (double)values[u][i];
            double confidence = r > 0 ? 1 + alpha * (by_value ? r : 1) : 1;
            a += confidence * x0 * x0;
            b += confidence * x0 * x1;
            c += confidence * x1 * x1;
            right[0] += r > 0 ? confidence * x0 : 0;
            right[1] += r > 0 ? confidence * x1 : 0;
        }
        det = a * c - b * b;
        y[0] = (c * right[0] - b * right[1]) / det;
        y[1] = (a * right[1] - b * right[0]) / det;
        for (uint32_t k = 0; k < 2; k++) assert_float_equal(factors_item(f, i)[k], y[k], 1e-4);
    }
}

static void test_rows_solve_their_normal_equations(void **state)
{
    struct interactions log;
    (void)state;

    fill(&log);
    for (int by_value = 0; by_value < 2; by_value++) {
        struct trained t;
        lab_train(&t, "als",
                  by_value ? "factors=2 epochs=3 steps=8 alpha=2 regularisation=0.1 values=true"
                           : "factors=2 epochs=3 steps=8 alpha=2 regularisation=0.1 "
                             "values=false",
                  &log);
        check_items(t.state, 2, 0.1, by_value);
        lab_drop(&t);
    }
    interactions_free(&log);
}

/* With few steps a row starts where it was: the loss falls from epoch to epoch all the same. */
static void test_three_steps_come_to_the_same(void **state)
{
    struct interactions log;
    struct trained few, many;
    (void)state;

    fill(&log);
    lab_train(&few, "als", "factors=1 epochs=200 steps=1 alpha=2 regularisation=0.1", &log);
    lab_train(&many, "als", "factors=1 epochs=200 steps=20 alpha=2 regularisation=0.1", &log);
    for (uint32_t u = 0; u < 4; u++)
        for (uint32_t i = 0; i < 3; i++)
            assert_float_equal(few.kind->predict(few.state, u, i),
                               many.kind->predict(many.state, u, i), 1e-3);
    lab_drop(&few);
    lab_drop(&many);
    interactions_free(&log);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_rows_solve_their_normal_equations),
                                       cmocka_unit_test(test_three_steps_come_to_the_same)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
