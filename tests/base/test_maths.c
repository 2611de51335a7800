/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Our functions against libm: the float ones over every 101st float of their range in units of
 * the last place, the double ones against long double. libm is the oracle here and nowhere
 * else.
 */
#include "base/maths.h"

#include <float.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sf_gamma.h>

/* Errors of a sweep: the largest and where it was. */
struct worst {
    double error, at;
};

static void look(struct worst *worst, double error, double at)
{
    if (error > worst->error || isnan(error)) *worst = (struct worst){error, at};
}

static void within(const struct worst *worst, double most)
{
    if (!(worst->error <= most)) /* a NaN fails, too */
        fail_msg("error %g at %.17g, at most %g", worst->error, worst->at, most);
}

static double ulps(float got, double wanted)
{
    float near = fabsf((float)wanted);

    return fabs((double)got - wanted) / (double)(nextafterf(near, INFINITY) - near);
}

static double relative(double got, long double wanted)
{
    return (double)fabsl(((long double)got - wanted) / wanted);
}

static double between(double low, double high) { return low + (high - low) * drand48(); }

#define STEP 101u
#define ROUNDS 200000

static void expf_over_its_range(void **state)
{
    struct worst worst = {0};

    (void)state;
    for (uint32_t bits = 0; bits <= 0x42b00000; bits += STEP) {
        float x = maths_from_bits((int32_t)bits);

        look(&worst, ulps(maths_expf(x), exp((double)x)), (double)x);
        if (x <= 87.0f) look(&worst, ulps(maths_expf(-x), exp(-(double)x)), -(double)x);
    }
    within(&worst, 1.0);
}

static void logf_over_all_normals(void **state)
{
    struct worst worst = {0};

    (void)state;
    for (uint32_t bits = 0x00800000; bits < 0x7f800000; bits += STEP) {
        float x = maths_from_bits((int32_t)bits);

        look(&worst, ulps(maths_logf(x), log((double)x)), (double)x);
    }
    within(&worst, 1.0);
}

/* Around 1, where the logarithm is near 0, every float. */
static void logf_beside_its_zero(void **state)
{
    struct worst worst = {0};

    (void)state;
    for (int32_t bits = 0x3f7f0000; bits < 0x3f810000; bits++) {
        float x = maths_from_bits(bits);

        look(&worst, ulps(maths_logf(x), log((double)x)), (double)x);
    }
    within(&worst, 1.0);
    assert_true(maths_logf(1.0f) == 0.0f);
}

static void sigmoidf_over_its_range(void **state)
{
    struct worst worst = {0};

    (void)state;
    for (uint32_t bits = 0; bits < 0x7f800000; bits += STEP) {
        float x = maths_from_bits((int32_t)bits);

        look(&worst, ulps(maths_sigmoidf(x), 1.0 / (1.0 + exp(-(double)x))), (double)x);
        if (x <= 87.0f)
            look(&worst, ulps(maths_sigmoidf(-x), 1.0 / (1.0 + exp((double)x))), -(double)x);
    }
    within(&worst, 2.0);
}

/* Beyond the range: the ends of it, never infinite, never 0, never a NaN. */
static void floats_are_clamped(void **state)
{
    const float out[] = {88.5f, 1e3f, FLT_MAX, INFINITY};

    (void)state;
    for (int i = 0; i < 4; i++) {
        assert_true(maths_expf(out[i]) == maths_expf(88.0f));
        assert_true(maths_expf(-out[i]) == maths_expf(-87.0f));
        assert_true(maths_sigmoidf(out[i]) == 1.0f);
        assert_true(maths_sigmoidf(-out[i]) == maths_sigmoidf(-87.0f));
    }
    assert_true(maths_sigmoidf(-FLT_MAX) > 1.5e-38f);
    assert_true(maths_expf(0.0f) == 1.0f && maths_expf(-0.0f) == 1.0f);
    assert_true(maths_sigmoidf(0.0f) == 0.5f && maths_sigmoidf(-0.0f) == 0.5f);
    assert_true(isfinite(maths_expf(NAN)) && isfinite(maths_sigmoidf(NAN)));
}

static void double_exp(void **state)
{
    struct worst worst = {0};

    (void)state;
    srand48(1);
    for (int i = 0; i < ROUNDS; i++) {
        double x = i & 1 ? between(-708, 709) : between(-1, 1);

        look(&worst, relative(maths_exp(x), expl((long double)x)), x);
    }
    within(&worst, 4e-16);
    assert_true(maths_exp(0.0) == 1.0);
    assert_true(maths_exp(1e9) == maths_exp(709.0) && maths_exp(-1e9) == maths_exp(-708.0));
}

static void double_log(void **state)
{
    struct worst worst = {0};

    (void)state;
    srand48(2);
    for (int i = 0; i < ROUNDS; i++) {
        const double x[] = {(double)expl((long double)between(-700, 700)), between(0.4, 2.5),
                            1.0 + between(-1e-4, 1e-4)};

        for (int k = 0; k < 3; k++)
            look(&worst, relative(maths_log(x[k]), logl((long double)x[k])), x[k]);
    }
    within(&worst, 4e-16);
    assert_true(maths_log(1.0) == 0.0);
}

static void double_pow(void **state)
{
    struct worst near = {0}, far = {0};

    (void)state;
    srand48(3);
    for (int i = 0; i < ROUNDS; i++) {
        double x = (double)expl((long double)between(-30, 30)), y = between(-3.3, 3.3);
        double base = between(0.9, 1.1), power = between(-6000, 6000);

        look(&near, relative(maths_pow(x, y), powl((long double)x, (long double)y)), x);
        look(&far,
             relative(maths_pow(base, power), powl((long double)base, (long double)power)),
             base);
    }
    within(&near, 1e-15);
    within(&far, 4e-15);
    assert_true(maths_pow(2.0, 10.0) == 1024.0 && maths_pow(7.5, 0.0) == 1.0);
    assert_true(fabs(maths_pow(9.0, 0.5) - 3.0) < 1e-15 && maths_pow(1.0, 1e6) == 1.0);
}

static void sine_and_cosine(void **state)
{
    struct worst worst = {0};

    (void)state;
    srand48(4);
    for (int i = 0; i < ROUNDS; i++) {
        const double x[] = {between(-1e6, 1e6), between(-7, 7), (i - ROUNDS / 2) * M_PI_2};

        for (int k = 0; k < 3; k++) {
            look(&worst, (double)fabsl((long double)maths_sin(x[k]) - sinl((long double)x[k])),
                 x[k]);
            look(&worst, (double)fabsl((long double)maths_cos(x[k]) - cosl((long double)x[k])),
                 x[k]);
        }
    }
    within(&worst, 2e-16);
    assert_true(maths_sin(0.0) == 0.0 && maths_cos(0.0) == 1.0);
}

static void log_gamma(void **state)
{
    struct worst worst = {0};

    (void)state;
    srand48(5);
    for (int i = 0; i < ROUNDS; i++) {
        const double x[] = {between(0, 20), 1 + between(-.01, .01), 2 + between(-.01, .01),
                            (double)expl((long double)between(-30, 34))};

        for (int k = 0; k < 4; k++)
            look(&worst, relative(maths_lgamma(x[k]), lgammal((long double)x[k])), x[k]);
    }
    within(&worst, 2e-15);
    assert_true(maths_lgamma(1.0) == 0.0 && maths_lgamma(2.0) == 0.0);
}

/* GSL has its own implementations of the three special functions. */
static void special_functions_against_gsl(void **state)
{
    struct worst gamma = {0}, cdf = {0}, quantile = {0};

    (void)state;
    srand48(6);
    for (int i = 0; i < ROUNDS / 4; i++) {
        double x = between(2.5, 1e4), z = between(-8, 8), p = between(1e-9, 1);

        look(&gamma, fabs(maths_lgamma(x) / gsl_sf_lngamma(x) - 1), x);
        look(&cdf, fabs(maths_normal_cdf(z) / gsl_cdf_ugaussian_P(z) - 1), z);
        look(&quantile, fabs(maths_normal_quantile(p) - gsl_cdf_ugaussian_Pinv(p)), p);
    }
    within(&gamma, 1e-14);
    within(&cdf, 1e-13);
    within(&quantile, 1e-14);
}

static long double tail_below(double x) { return erfcl(-(long double)x / sqrtl(2.0L)) / 2; }

static void normal_distribution(void **state)
{
    struct worst worst = {0};

    (void)state;
    srand48(7);
    for (int i = 0; i < ROUNDS; i++) {
        double x = between(-37, 8);

        look(&worst, relative(maths_normal_cdf(x), tail_below(x)), x);
    }
    within(&worst, 2e-15);
    assert_true(maths_normal_cdf(0.0) == 0.5);
}

/* The quantile put back into the distribution: an error e of z moves p by about z e of itself.
 */
static void normal_quantile_inverts(void **state)
{
    struct worst worst = {0};

    (void)state;
    srand48(8);
    for (int i = 0; i < ROUNDS; i++) {
        double p = (double)expl((long double)between(-700, -0.1));
        double z = maths_normal_quantile(p);

        look(&worst, relative(p, tail_below(z)) / (1 + z * z), p);
    }
    within(&worst, 2e-15);
    assert_true(fabs(maths_normal_quantile(0.975) - 1.959963984540054) < 1e-15);
    assert_true(maths_normal_quantile(0.5) == 0.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(expf_over_its_range),
        cmocka_unit_test(logf_over_all_normals),
        cmocka_unit_test(logf_beside_its_zero),
        cmocka_unit_test(sigmoidf_over_its_range),
        cmocka_unit_test(floats_are_clamped),
        cmocka_unit_test(double_exp),
        cmocka_unit_test(double_log),
        cmocka_unit_test(double_pow),
        cmocka_unit_test(sine_and_cosine),
        cmocka_unit_test(log_gamma),
        cmocka_unit_test(special_functions_against_gsl),
        cmocka_unit_test(normal_distribution),
        cmocka_unit_test(normal_quantile_inverts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
