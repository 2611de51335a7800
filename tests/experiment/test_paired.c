/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "engine/stream.h"
#include "experiment/paired.h"

#define NEAR(a, b, within) assert_true(fabs((a) - (b)) <= (within))

static const struct purpose purpose_test = {"test.paired", PURPOSE_LUCK};

static struct stream open(uint32_t occasion)
{
    return stream_open(stream_key((struct seed){.seed = 7}, &purpose_test), 1, occasion);
}

/* ----------------------------------------------------------------------------- known answers
 */

/* Student's sleep data (1908, Biometrika 6): extra hours under two drugs, ten patients. R's
 * t.test(paired = TRUE): t = -4.0621, p = 0.002833, difference 1.58, interval 0.7001..2.4599.
 */
static const double drug1[] = {0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0};
static const double drug2[] = {1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4};

static void test_sleep(void **state)
{
    (void)state;
    struct paired out;
    assert_int_equal(paired_compare(drug2, drug1, 10, &out), STATUS_OK);
    assert_int_equal(out.difference.n, 10);
    NEAR(out.difference.mean, 1.58, 1e-12);
    NEAR(out.difference.low, 0.7001142, 1e-6);
    NEAR(out.difference.high, 2.4598858, 1e-6);
    NEAR(out.p, 0.00283289, 1e-7);
    NEAR(paired_p(drug2, drug1, 10), out.p, 1e-15);
    /* variances 3.200556 and 4.009, of the differences 1.512889 */
    NEAR(out.reduction, (3.2005556 + 4.0090000) / 1.5128889, 1e-5);
    assert_true(out.boot_low > 0.5 && out.boot_low < 1.2);
    assert_true(out.boot_high > 2.0 && out.boot_high < 3.0);
}

static void test_alike(void **state)
{
    (void)state;
    struct paired out;
    assert_int_equal(paired_compare(drug1, drug1, 10, &out), STATUS_OK);
    assert_true(out.difference.mean == 0 && out.difference.low == 0);
    assert_true(out.p == 1 && isinf(out.reduction));
    assert_true(out.boot_low == 0 && out.boot_high == 0);
    double more[10];
    for (size_t i = 0; i < 10; i++) more[i] = 10;
    const double ten[10] = {9, 9, 9, 9, 9, 9, 9, 9, 9, 9};
    assert_int_equal(paired_compare(more, ten, 10, &out), STATUS_OK);
    assert_true(out.p == 0 && out.difference.mean == 1);
}

static void test_few(void **state)
{
    (void)state;
    struct paired out;
    const double one[] = {4}, gap[] = {1, NAN, 5}, base[] = {0, 2, 1};
    assert_int_equal(paired_compare(one, base, 1, &out), STATUS_OK);
    assert_true(out.difference.n == 1 && out.difference.mean == 4 && isnan(out.p));
    assert_true(isnan(out.difference.low) && isnan(out.boot_low) && isnan(out.reduction));
    assert_int_equal(paired_compare(gap, base, 3, &out), STATUS_OK);
    assert_int_equal(out.difference.n, 2);
    NEAR(out.difference.mean, 2.5, 1e-15);
    assert_int_equal(paired_compare(gap, base, 0, &out), STATUS_OK);
    assert_true(out.difference.n == 0 && isnan(out.difference.mean));
    struct estimate none = paired_estimate(gap, 0);
    assert_true(isnan(none.mean));
}

/* R's p.adjust(method = "holm"), and an example worked by hand after Holm (1979). */
static void test_holm(void **state)
{
    (void)state;
    double p[] = {0.01, 0.02, NAN, 0.03, 0.04, 0.05};
    const double wanted[] = {0.05, 0.08, NAN, 0.09, 0.09, 0.09};
    assert_int_equal(paired_holm(p, 6), STATUS_OK);
    for (size_t i = 0; i < 6; i++)
        assert_true(isnan(wanted[i]) ? isnan(p[i]) : fabs(p[i] - wanted[i]) < 1e-12);
    double four[] = {0.01, 0.04, 0.03, 0.005};
    const double then[] = {0.03, 0.06, 0.06, 0.02};
    assert_int_equal(paired_holm(four, 4), STATUS_OK);
    for (size_t i = 0; i < 4; i++) NEAR(four[i], then[i], 1e-12);
    double one[] = {1};
    assert_int_equal(paired_holm(one, 1), STATUS_OK);
    assert_true(one[0] == 1);
    assert_int_equal(paired_holm(one, 0), STATUS_OK);
}

static void test_precise(void **state)
{
    (void)state;
    const struct estimate e = {.n = 20, .mean = 100, .low = 98, .high = 102};
    assert_true(paired_precise(&e, 100, 0.0205));
    assert_false(paired_precise(&e, 100, 0.0203)); /* 0.0203 / 1.0203 < 0.02 */
    assert_true(paired_precise(&e, -100, 0.0205));
    assert_false(paired_precise(&e, 0, 0.5));
    struct estimate few = e;
    few.n = PAIRED_LEAST - 1;
    assert_false(paired_precise(&few, 100, 0.5));
    few.n = PAIRED_LEAST;
    few.low = NAN;
    assert_false(paired_precise(&few, 100, 0.5));
}

/* Piepho's table 1 is of this kind: neighbours overlap, the ends are apart. */
static void test_groups(void **state)
{
    (void)state;
    bool apart[25] = {false};
    const uint32_t order[] = {2, 0, 1, 4, 3};
    uint64_t group[32];
    assert_int_equal(paired_groups(apart, order, 5, group, 32), 1);
    assert_int_equal(group[0], 31);
#define APART(a, b) apart[(a)*5 + (b)] = apart[(b)*5 + (a)] = true
    APART(2, 1), APART(2, 4), APART(2, 3), APART(0, 4), APART(0, 3), APART(1, 3);
    /* in order: 2 0 | 0 1 | 1 4 | 4 3 */
    assert_int_equal(paired_groups(apart, order, 5, group, 32), 4);
    assert_int_equal(group[0], 1 << 2 | 1 << 0);
    assert_int_equal(group[1], 1 << 0 | 1 << 1);
    assert_int_equal(group[2], 1 << 1 | 1 << 4);
    assert_int_equal(group[3], 1 << 4 | 1 << 3);
    memset(apart, true, sizeof apart);
    for (int a = 0; a < 5; a++) apart[a * 6] = false;
    assert_int_equal(paired_groups(apart, order, 5, group, 32), 5);
    for (int g = 0; g < 5; g++) assert_int_equal(group[g], 1u << order[g]);
    assert_int_equal(paired_groups(apart, order, 5, group, 4), 0);
}

/* For any pattern: two arms share a group just when they are not told apart. */
static void test_groups_any(void **state)
{
    (void)state;
    enum { ARMS = 7 };
    bool apart[ARMS * ARMS], holds = true;
    uint32_t order[ARMS];
    uint64_t group[256];
    for (uint32_t a = 0; a < ARMS; a++) order[a] = a;
    for (uint32_t trial = 0; trial < 300 && holds; trial++) {
        struct stream s = open(trial);
        for (int a = 0; a < ARMS; a++)
            for (int b = 0; b <= a; b++)
                apart[a * ARMS + b] = apart[b * ARMS + a] = a != b && stream_bernoulli(&s, 0.4);
        size_t groups = paired_groups(apart, order, ARMS, group, 256);
        for (int a = 0; a < ARMS; a++)
            for (int b = 0; b < ARMS; b++) {
                bool share = false;
                for (size_t g = 0; g < groups; g++)
                    share = share || (group[g] >> a & 1 && group[g] >> b & 1);
                holds = holds && share == !apart[a * ARMS + b];
            }
    }
    assert_true(holds);
}

static void test_ranks(void **state)
{
    (void)state;
    /* IQ and hours of television, the textbook example of Spearman's rho: -29/165 */
    const double iq[] = {106, 100, 86, 101, 99, 103, 97, 113, 112, 110};
    const double tv[] = {7, 27, 2, 50, 28, 29, 20, 12, 6, 17};
    const double ties[] = {1, 1, 2, 2}, up[] = {1, 2, 3, 4}, flat[] = {5, 5, 5, 5};
    double rho;
    assert_int_equal(paired_rank_correlation(iq, tv, 10, &rho), STATUS_OK);
    NEAR(rho, -29.0 / 165, 1e-12);
    NEAR(paired_rank_p(rho, 10), 0.6272, 1e-3);
    assert_int_equal(paired_rank_correlation(ties, up, 4, &rho), STATUS_OK);
    NEAR(rho, 2 / sqrt(5), 1e-12);
    assert_int_equal(paired_rank_correlation(flat, up, 4, &rho), STATUS_OK);
    assert_true(isnan(rho) && isnan(paired_rank_p(rho, 4)));
    assert_true(paired_rank_p(1, 4) == 0);
}

/* Half of the times the strongest of 30 correlations of 12 pairs that have nothing to do with
 * each other is above it. */
static void test_strongest(void **state)
{
    enum { M = 30, PAIRS = 12, ROUNDS = 1000 };
    double x[PAIRS], y[PAIRS], rho, least = paired_rank_strongest(M, PAIRS);
    int above = 0;
    (void)state;
    for (uint32_t round = 0; round < ROUNDS; round++) {
        struct stream s = open(100000 + round);
        double strongest = 0;
        for (int i = 0; i < PAIRS; i++) y[i] = stream_normal(&s);
        for (int k = 0; k < M; k++) {
            for (int i = 0; i < PAIRS; i++) x[i] = stream_normal(&s);
            assert_int_equal(paired_rank_correlation(x, y, PAIRS, &rho), STATUS_OK);
            strongest = fmax(strongest, fabs(rho));
        }
        above += strongest > least;
    }
    NEAR(above / (double)ROUNDS, 0.5,
         3 * sqrt(0.25 / ROUNDS) + 0.03); /* ranks are not normal */
    NEAR(paired_rank_p(paired_rank_strongest(1, 10), 10), 0.5, 1e-9);
    NEAR(paired_rank_p(paired_rank_strongest(140, 12), 12), 1 - pow(0.5, 1 / 140.0), 1e-9);
    assert_true(paired_rank_strongest(5, 3) == 1);
}

/* ---------------------------------------------------------------------------------- coverage
 */

#define TRIALS 2000

/* How often n draws with mean 0 give intervals that hold it. */
static void cover(size_t n, bool skewed, double out[2])
{
    double value[32], interval[2];
    int t = 0, boot = 0;
    for (uint32_t trial = 0; trial < TRIALS; trial++) {
        struct stream s = open(1000 + trial);
        for (size_t i = 0; i < n; i++)
            value[i] = skewed ? stream_exponential(&s) - 1 : stream_normal(&s);
        struct estimate e = paired_estimate(value, n);
        t += e.low <= 0 && 0 <= e.high;
        if (paired_bootstrap(value, n, interval)) continue;
        boot += interval[0] <= 0 && 0 <= interval[1];
    }
    out[0] = (double)t / TRIALS;
    out[1] = (double)boot / TRIALS;
}

/* 4.5 standard errors of 2,000 trials at 0.95: 0.022. */
static void test_coverage(void **state)
{
    (void)state;
    double normal[2], skewed[2];
    cover(8, false, normal);
    NEAR(normal[0], 0.95, 0.022);
    NEAR(normal[1], 0.95, 0.03);
    cover(25, true, skewed);
    /* t on a skewed sample covers less, for n = 25 of exponentials about 0.93 */
    NEAR(skewed[0], 0.93, 0.022);
    NEAR(skewed[1], 0.93, 0.03);
}

/* Under pairs the same luck on both sides goes away: var 1 + var 1 over var 2 x 0.1^2. */
static void test_reduction(void **state)
{
    (void)state;
    double arm[1000], base[1000];
    struct stream s = open(9);
    for (size_t i = 0; i < 1000; i++) {
        double shared = stream_normal(&s);
        arm[i] = shared + 0.1 * stream_normal(&s);
        base[i] = shared + 0.1 * stream_normal(&s);
    }
    struct paired out;
    assert_int_equal(paired_compare(arm, base, 1000, &out), STATUS_OK);
    NEAR(out.reduction, 2 * 1.01 / 0.02, 15); /* 5 standard errors of a ratio of variances */
    for (size_t i = 0; i < 1000; i++) base[i] = stream_normal(&s);
    assert_int_equal(paired_compare(arm, base, 1000, &out), STATUS_OK);
    NEAR(out.reduction, 1, 0.2);
}

/* Under no difference p is uniform. */
static void test_size(void **state)
{
    (void)state;
    double arm[6], base[6];
    int below = 0;
    for (uint32_t trial = 0; trial < 4 * TRIALS; trial++) {
        struct stream s = open(5000 + trial);
        for (size_t i = 0; i < 6; i++) {
            arm[i] = stream_normal(&s);
            base[i] = stream_normal(&s);
        }
        below += paired_p(arm, base, 6) < 0.05;
    }
    NEAR((double)below / (4 * TRIALS), 0.05, 0.011);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sleep),      cmocka_unit_test(test_alike),
        cmocka_unit_test(test_few),        cmocka_unit_test(test_holm),
        cmocka_unit_test(test_precise),    cmocka_unit_test(test_groups),
        cmocka_unit_test(test_groups_any), cmocka_unit_test(test_ranks),
        cmocka_unit_test(test_coverage),   cmocka_unit_test(test_reduction),
        cmocka_unit_test(test_size),       cmocka_unit_test(test_strongest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
