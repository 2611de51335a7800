/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the options of the factor models are for. */
#include "recommend/factors.h"

#include "lab.h"

/* Mean over users of the mean popularity (rows in training) of the ten best not yet met. */
static double popularity_of_ten(const struct trained *t, const struct interactions *log)
{
    float score[150], count[150] = {0};
    double sum = 0;

    assert_true(log->items == 150);
    for (size_t r = 0; r < log->count; r++) count[log->item[r]] += 1;
    for (uint32_t u = 0; u < log->users; u++) {
        t->kind->score(t->state, u, score);
        for (size_t r = 0; r < log->count; r++)
            if (log->user[r] == u) score[log->item[r]] = -1e9f;
        for (int n = 0; n < 10; n++) {
            uint32_t best = 0;
            for (uint32_t i = 1; i < 150; i++) best = score[i] > score[best] ? i : best;
            score[best] = -1e9f;
            sum += (double)count[best] / 10;
        }
    }
    return sum / log->users;
}

static void test_propensity_takes_popularity_out(void **state)
{
    const char *const names[] = {"bpr", "mf"};
    struct lab lab;
    (void)state;

    lab_open(&lab, 200, 150, 0.1);
    for (int n = 0; n < 2; n++) {
        const char *plain = n ? "loss=logistic rate=0.05 regularisation=0.01 factors=8"
                              : "factors=8";
        const char
            *weighted = n ? "loss=logistic rate=0.05 regularisation=0.01 factors=8 propensity=1"
                          : "factors=8 propensity=1";
        struct trained with, without;
        double a, b;
        lab_train(&without, names[n], plain, &lab.train);
        lab_train(&with, names[n], weighted, &lab.train);
        a = popularity_of_ten(&with, &lab.train);
        b = popularity_of_ten(&without, &lab.train);
        if (!(a < 0.97 * b)) fail_msg("%s: popularity %g, without weights %g", names[n], a, b);
        lab_drop(&with);
        lab_drop(&without);
    }
    lab_close(&lab);
}

/* Each row counts one on average, and an item of a quarter of the mean has sixteen times the
 * weight of one of four times the mean. */
static void test_propensity_by_hand(void **state)
{
    struct interactions log;
    float *weight;
    double sum = 0;
    (void)state;

    assert_int_equal(interactions_init(&log, 0), STATUS_OK);
    for (uint32_t r = 0; r < 64; r++) lab_add(&log, r, 0, 1);
    for (uint32_t r = 0; r < 4; r++) lab_add(&log, r, 1, 1);
    for (uint32_t r = 0; r < 16; r++) lab_add(&log, r, 2, 1);
    assert_int_equal(factors_propensity(&log, 1, &weight), STATUS_OK);
    for (size_t r = 0; r < log.count; r++) sum += (double)weight[log.item[r]];
    assert_float_equal(sum, log.count, 1e-3);
    assert_float_equal(weight[1] / weight[0], 16, 1e-3);
    assert_float_equal(weight[2] / weight[0], 4, 1e-3);
    memory_free(weight);
    assert_int_equal(factors_propensity(&log, 0, &weight), STATUS_OK);
    assert_true(weight[0] == 1 && weight[1] == 1 && weight[2] == 1);
    memory_free(weight);
    interactions_free(&log);
}

static void test_logistic_loss_ranks(void **state)
{
    struct lab lab;
    struct trained popular, logistic;
    (void)state;

    lab_open(&lab, 200, 150, 0.1);
    lab_train(&popular, "popular", NULL, &lab.train);
    lab_train(&logistic, "mf", "loss=logistic rate=0.05 regularisation=0.01 factors=8",
              &lab.train);
    assert_true(lab_auc(&logistic, &lab) > lab_auc(&popular, &lab) + 0.05);
    lab_drop(&popular);
    lab_drop(&logistic);
    lab_close(&lab);
}

static void test_nonnegative_factors(void **state)
{
    struct lab lab;
    struct trained t, free_sign;
    const struct factors *f;
    double rmse;
    (void)state;

    lab_open(&lab, 200, 150, 0.5);
    lab_train(&t, "mf", "nonnegative=true biases=false factors=8", &lab.train);
    f = t.state;
    for (size_t k = 0; k < (size_t)f->users * f->width; k++) assert_true(f->user[k] >= 0);
    for (size_t k = 0; k < (size_t)f->items * f->width; k++) assert_true(f->item[k] >= 0);
    assert_true(f->mean == 0);
    rmse = lab_rmse(&t, &lab.test);
    lab_train(&free_sign, "random", NULL, &lab.train);
    assert_true(rmse < 0.7 * lab_rmse(&free_sign, &lab.test));
    lab_drop(&t);
    lab_drop(&free_sign);
    lab_close(&lab);
}

/* What was met says more than the values alone where each user has few of them. */
static void test_profiles_help_where_values_are_few(void **state)
{
    struct lab lab;
    struct trained with, without;
    (void)state;

    lab_open(&lab, 400, 150, 0.06);
    lab_train(&with, "fm", "profile=true", &lab.train);
    lab_train(&without, "fm", "profile=false", &lab.train);
    assert_true(lab_rmse(&with, &lab.test) < lab_rmse(&without, &lab.test) - 0.01);
    lab_drop(&with);
    lab_drop(&without);
    lab_close(&lab);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_propensity_takes_popularity_out),
        cmocka_unit_test(test_propensity_by_hand), cmocka_unit_test(test_logistic_loss_ranks),
        cmocka_unit_test(test_nonnegative_factors),
        cmocka_unit_test(test_profiles_help_where_values_are_few)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
