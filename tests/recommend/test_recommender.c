/* SPDX-License-Identifier: GPL-3.0-or-later */
/* LINK: -Wl,--wrap=calloc */
/* THREADS */
/* What every recommender has to do, whatever it is. */
#include <stdio.h>

#include "lab.h"

static long fail_at = -1; /* the allocation that fails, counted from 0; -1 = none */

void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);

void *__wrap_calloc(size_t count, size_t size)
{
    if (fail_at >= 0 && fail_at-- == 0) return NULL;
    return __real_calloc(count, size);
}

/* All that a trained state says, as bits. */
static uint64_t fingerprint(const struct trained *t, const struct interactions *log)
{
    float *score = calloc(log->items + 1, sizeof(*score));
    uint64_t hash = 0;

    for (uint32_t u = 0; u < log->users; u++) {
        t->kind->score(t->state, u, score);
        for (uint32_t i = 0; i < log->items; i++) {
            float both[2] = {score[i], t->kind->predict(t->state, u, i)};
            for (int k = 0; k < 2; k++) {
                assert_true(isfinite(both[k]));
                hash = (hash ^ (uint32_t)maths_to_bits(both[k])) * UINT64_C(0x100000001b3);
            }
        }
    }
    free(score);
    return hash;
}

static uint64_t train_set_and_print(const char *name, const char *settings,
                                    const struct interactions *log, uint32_t threads)
{
    struct trained t;
    uint64_t hash;

    assert_int_equal(lab_try(&t, name, settings, log, threads), STATUS_OK);
    hash = fingerprint(&t, log);
    lab_drop(&t);
    return hash;
}

static uint64_t train_and_print(const char *name, const struct interactions *log,
                                uint32_t threads)
{
    return train_set_and_print(name, NULL, log, threads);
}

static void test_threads_change_no_bit(void **state)
{
    struct lab lab;
    (void)state;

    lab_open(&lab, 300, 150, 0.6);
    for (const struct recommender *const *r = recommenders; *r; r++) {
        const char *name = (*r)->about.name;
        uint64_t hash = train_and_print(name, &lab.train, 1);
        for (uint32_t threads = 2; threads <= 3; threads++)
            if (train_and_print(name, &lab.train, threads) != hash)
                fail_msg("%s: %u threads differ from one", name, threads);
    }
    lab_close(&lab);
}

/* Strata long enough for threads. */
static void test_threads_change_no_bit_of_a_long_log(void **state)
{
    const char *sgd[] = {"bpr", "mf"};
    struct lab lab;
    (void)state;

    lab_open(&lab, 1600, 300, 6);
    assert_true(lab.train.count > 8 << 15);
    for (size_t n = 0; n < sizeof(sgd) / sizeof(sgd[0]); n++) {
        uint64_t hash = train_set_and_print(sgd[n], "epochs=2 factors=8", &lab.train, 1);
        for (uint32_t threads = 2; threads <= 3; threads++)
            if (train_set_and_print(sgd[n], "epochs=2 factors=8", &lab.train, threads) != hash)
                fail_msg("%s: %u threads differ from one", sgd[n], threads);
    }
    lab_close(&lab);
}

static double auc_of(const struct lab *lab, const char *name)
{
    struct trained t;
    double auc;

    lab_train(&t, name, NULL, &lab->train);
    auc = lab_auc(&t, lab);
    lab_drop(&t);
    return auc;
}

static void test_the_personal_ones_beat_popular(void **state)
{
    const char *personal[] = {"als", "bpr", "item_knn", "user_knn"};
    struct lab lab;
    double random, popular;
    (void)state;

    lab_open(&lab, 200, 150, 0.1);
    random = auc_of(&lab, "random");
    popular = auc_of(&lab, "popular");
    assert_true(fabs(random - 0.5) < 0.03);
    assert_true(popular > random + 0.05);
    for (size_t n = 0; n < sizeof(personal) / sizeof(personal[0]); n++) {
        double auc = auc_of(&lab, personal[n]);
        if (auc < popular + 0.05)
            fail_msg("%s: AUC %.3f, popular has %.3f", personal[n], auc, popular);
    }
    lab_close(&lab);
}

static double rmse_of(const struct lab *lab, const char *name, const char *settings)
{
    struct trained t;
    double rmse;

    lab_train(&t, name, settings, &lab->train);
    rmse = lab_rmse(&t, &lab->test);
    lab_drop(&t);
    return rmse;
}

static void test_values_are_foretold(void **state)
{
    const char *personal[] = {"mf", "fm", "item_knn", "user_knn"};
    struct lab lab;
    double random, baseline;
    (void)state;

    lab_open(&lab, 200, 150, 0.5);
    random = rmse_of(&lab, "random", NULL);
    baseline = rmse_of(&lab, "baseline", NULL);
    assert_true(baseline < 0.9 * random);
    for (size_t n = 0; n < sizeof(personal) / sizeof(personal[0]); n++) {
        double rmse = rmse_of(&lab, personal[n], NULL);
        if (rmse > 0.95 * baseline)
            fail_msg("%s: RMSE %.3f, baseline has %.3f", personal[n], rmse, baseline);
    }
    lab_close(&lab);
}

static void check_small(const struct interactions *log)
{
    for (const struct recommender *const *r = recommenders; *r; r++) {
        uint64_t hash = train_and_print((*r)->about.name, log, 1);
        assert_true(hash == train_and_print((*r)->about.name, log, 3));
    }
}

static void test_small_logs(void **state)
{
    struct interactions log;
    (void)state;

    assert_int_equal(interactions_init(&log, 0), STATUS_OK);
    check_small(&log); /* nobody, nothing */
    log.users = 3;
    log.items = 2;
    check_small(&log); /* known, but never met */
    lab_add(&log, 0, 0, 4);
    check_small(&log); /* one row */
    lab_add(&log, 0, 1, 4);
    lab_add(&log, 0, 1, 4);
    check_small(&log); /* one user who met all, one item twice, no spread of values */
    interactions_free(&log);

    assert_int_equal(interactions_init(&log, 0), STATUS_OK);
    for (uint32_t u = 0; u < 40; u++) lab_add(&log, u, 0, (float)(u % 5));
    check_small(&log); /* one item */
    for (uint32_t u = 0; u < 40; u++) lab_add(&log, u, 1, -1e4f);
    interactions_free(&log);
}

static void test_no_memory(void **state)
{
    struct lab lab;
    struct trained t;
    (void)state;

    lab_open(&lab, 30, 20, 0.3);
    for (const struct recommender *const *r = recommenders; *r; r++) {
        enum status status = STATUS_NO_MEMORY;
        for (long k = 0; status == STATUS_NO_MEMORY; k++) {
            assert_true(k < 200);
            fail_at = k;
            status = lab_try(&t, (*r)->about.name, NULL, &lab.train, 1);
            fail_at = -1;
            lab_drop(&t);
        }
        assert_int_equal(status, STATUS_OK);
    }
    lab_close(&lab);
}

static void test_names_and_order(void **state)
{
    (void)state;
    assert_null(recommender_find("nobody"));
    for (const struct recommender *const *r = recommenders; *r; r++) {
        assert_ptr_equal(recommender_find((*r)->about.name), *r);
        if (r[1]) assert_true(strcmp((*r)->about.name, r[1]->about.name) < 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_threads_change_no_bit),
        cmocka_unit_test(test_threads_change_no_bit_of_a_long_log),
        cmocka_unit_test(test_the_personal_ones_beat_popular),
        cmocka_unit_test(test_values_are_foretold),
        cmocka_unit_test(test_small_logs),
        cmocka_unit_test(test_no_memory),
        cmocka_unit_test(test_names_and_order)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
