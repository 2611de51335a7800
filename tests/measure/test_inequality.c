/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "base/memory.h"
#include "engine/stream.h"
#include "measure/inequality.h"

static void near(double found, double wanted, double off)
{
    if (!(fabs(found - wanted) <= off))
        print_error("found %.12g, wanted %.12g\n", found, wanted);
    assert_true(fabs(found - wanted) <= off);
}

static void test_small_ones_by_hand(void **state)
{
    uint64_t one[] = {5, 0, 0, 0}, pair[] = {3, 1}, alike[] = {2, 2, 2, 2, 2};
    (void)state;
    near(inequality_of(one, 4).gini, 0.75, 1e-12);
    near(inequality_of(pair, 2).gini, 0.25, 1e-12);
    near(inequality_of(alike, 5).gini, 0, 1e-12);
    near(inequality_of(pair, 1).gini, 0, 1e-12);
    near(inequality_of(pair, 1).top1, 1, 1e-12);
}

static void test_nothing(void **state)
{
    uint64_t none[] = {0, 0};
    (void)state;
    assert_true(isnan(inequality_of(none, 2).gini));
    assert_true(isnan(inequality_of(none, 0).gini));
    assert_true(isnan(inequality_of(none, 0).top10));
}

/* 1..n: Gini (n - 1) / 3n; the top tenth of 1..100 holds 91 + ... + 100 of 5050. */
static void test_one_to_a_hundred(void **state)
{
    uint64_t x[100];
    (void)state;
    for (uint64_t i = 0; i < 100; i++) x[i] = 100 - i;
    struct inequality q = inequality_of(x, 100);
    near(q.gini, 99.0 / 300, 1e-12);
    near(q.top1, 100.0 / 5050, 1e-12);
    near(q.top10, 955.0 / 5050, 1e-12);
}

/* Pareto of shape a at its quantiles: Gini 1 / (2a - 1), top share p^(1 - 1/a). */
static void test_pareto(void **state)
{
    enum { N = 100000 };
    uint64_t *x = memory_alloc(N, sizeof *x);
    (void)state;
    assert_non_null(x);
    for (size_t i = 0; i < N; i++)
        x[i] = (uint64_t)(1e9 * pow(1 - ((double)i + 0.5) / N, -1.0 / 3));
    struct inequality q = inequality_of(x, N);
    memory_free(x);
    near(q.gini, 0.2, 1e-3);
    near(q.top1, pow(0.01, 2.0 / 3), 2e-3);
    near(q.top10, pow(0.1, 2.0 / 3), 2e-3);
}

/* Exponential: Gini 1/2, with an error of sqrt(1 / 12 n) (its estimate is a mean of uniform
 * spacings' shares); 5 of them. */
static void test_exponential_draws(void **state)
{
    enum { N = 20000 };
    static const struct purpose purpose = {"test.inequality", PURPOSE_LUCK};
    struct stream s = stream_open(stream_key((struct seed){1, 0, 0}, &purpose), 1, 0);
    uint64_t *x = memory_alloc(N, sizeof *x);
    (void)state;
    assert_non_null(x);
    for (size_t i = 0; i < N; i++) x[i] = (uint64_t)(1e9 * stream_exponential(&s));
    double gini = inequality_of(x, N).gini;
    memory_free(x);
    near(gini, 0.5, 5 / sqrt(12.0 * N));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_small_ones_by_hand), cmocka_unit_test(test_nothing),
        cmocka_unit_test(test_one_to_a_hundred),   cmocka_unit_test(test_pareto),
        cmocka_unit_test(test_exponential_draws),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
