/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "measure/ranking.h"

static void near(double found, double wanted, double off)
{
    if (!(fabs(found - wanted) <= off))
        print_error("found %.12g, wanted %.12g\n", found, wanted);
    assert_true(fabs(found - wanted) <= off);
}

static void test_ndcg_by_hand(void **state)
{
    const float truth[] = {3, 2, 3, 0, 1, 2}, score[] = {6, 5, 4, 3, 2, 1};
    uint32_t order[6];
    (void)state;
    /* The example of Wikipedia's article on DCG, with linear gain: 6.861 of 7.141. */
    struct ranking r = ranking_of(score, truth, 6, order);
    near(r.ndcg, 6.861127 / 7.140995, 1e-5);
    near(r.regret, 0, 1e-6); /* fewer than ten: the same six */
}

static void test_only_the_first_ten_count(void **state)
{
    float truth[12], score[12];
    uint32_t order[12];
    (void)state;
    for (int i = 0; i < 12; i++) {
        truth[i] = i < 2 ? 1.0f : -1.0f;
        score[i] = (float)i; /* the two good ones come last */
    }
    struct ranking r = ranking_of(score, truth, 12, order);
    near(r.ndcg, 0, 1e-12);
    near(r.auc, 0, 1e-12);
    near(r.regret, (2.0 - 8.0) / 10 + 1, 1e-6);
}

static void test_auc_with_ties(void **state)
{
    const float truth[] = {1, -1, 1, -1, 0}, score[] = {2, 2, 3, 1, 2};
    uint32_t order[5];
    (void)state;
    /* good {2, 3} against bad {2, 1, 2}: .5 + 1 + .5 and 3, of 6 */
    near(ranking_of(score, truth, 5, order).auc, 5.0 / 6, 1e-12);
}

static void test_without_two_kinds(void **state)
{
    const float bad[] = {-1, 0, -2}, good[] = {1, 2, 3}, score[] = {1, 1, 1};
    uint32_t order[3];
    (void)state;
    assert_true(isnan(ranking_of(score, bad, 3, order).ndcg));
    assert_true(isnan(ranking_of(score, bad, 3, order).auc));
    assert_true(isnan(ranking_of(score, good, 3, order).auc));
    near(ranking_of(score, good, 1, order).ndcg, 1, 1e-12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ndcg_by_hand),
        cmocka_unit_test(test_only_the_first_ten_count),
        cmocka_unit_test(test_auc_with_ties),
        cmocka_unit_test(test_without_two_kinds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
