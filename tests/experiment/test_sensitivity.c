/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "experiment/sensitivity.h"

#define NEAR(a, b, within) assert_true(fabs((a) - (b)) <= (within))
#define INPUTS 4

typedef double function(const double *u);

/* -------------------------------------------------------------------------- known functions
 */

/* Ishigami & Homma (1990), a = 7, b = 0.1, inputs uniform in [-pi, pi]. */
static double ishigami(const double *u)
{
    double x = M_PI * (2 * u[0] - 1), y = M_PI * (2 * u[1] - 1), z = M_PI * (2 * u[2] - 1);
    return sin(x) + 7 * sin(y) * sin(y) + 0.1 * pow(z, 4) * sin(x);
}

/* Sobol's g-function; a: 0 = matters much, 9 = hardly. */
static const double g_a[INPUTS] = {0, 1, 4.5, 9};
static double sobol_g(const double *u)
{
    double product = 1;
    for (int i = 0; i < INPUTS; i++) product *= (fabs(4 * u[i] - 2) + g_a[i]) / (1 + g_a[i]);
    return product;
}

static double linear(const double *u) { return 3 + 2 * u[0] - 5 * u[1] + 0 * u[2] + u[3] / 2; }
static double flat(const double *u) { return 1 + 0 * u[0]; }

struct outcome {
    struct sensitivity_input input[INPUTS];
    size_t whole;
};

static struct outcome estimate(enum sensitivity_method method, function *f, size_t inputs,
                               size_t rows)
{
    struct sensitivity_design design = {.method = method, .inputs = inputs, .rows = rows};
    struct outcome out = {0};
    assert_int_equal(sensitivity_design_make(&design, 1), STATUS_OK);
    size_t n = sensitivity_points(&design);
    double *y = calloc(n, sizeof *y);
    assert_non_null(y);
    for (size_t p = 0; p < n; p++) y[p] = f(design.u + p * inputs);
    assert_int_equal(sensitivity_estimate(&design, y, out.input, &out.whole), STATUS_OK);
    free(y);
    sensitivity_design_free(&design);
    return out;
}

static void check(const struct sensitivity_measure *got, double value, double within)
{
    NEAR(got->value, value, within);
    assert_true(got->low <= got->value && got->value <= got->high);
}

/* -------------------------------------------------------------------------- variance shares
 */

static void test_sobol_ishigami(void **state)
{
    (void)state;
    double p4 = pow(M_PI, 4), p8 = p4 * p4;
    double first = 0.5 * pow(1 + 0.1 * p4 / 5, 2), second = 49.0 / 8;
    double both = 0.01 * p8 * (1.0 / 18 - 1.0 / 50), all = first + second + both;
    struct outcome out = estimate(SENSITIVITY_SOBOL, ishigami, 3, 8192);
    assert_int_equal(out.whole, 8192);
    check(&out.input[0].measure[SOBOL_FIRST], first / all, 0.01);
    check(&out.input[1].measure[SOBOL_FIRST], second / all, 0.01);
    check(&out.input[2].measure[SOBOL_FIRST], 0, 0.01);
    check(&out.input[0].measure[SOBOL_TOTAL], (first + both) / all, 0.01);
    check(&out.input[1].measure[SOBOL_TOTAL], second / all, 0.01);
    check(&out.input[2].measure[SOBOL_TOTAL], both / all, 0.01);
    for (int i = 0; i < 3; i++)
        for (int m = 0; m < 2; m++) {
            const struct sensitivity_measure *got = &out.input[i].measure[m];
            assert_true(got->high - got->low < 0.1);
        }
}

static void test_sobol_g(void **state)
{
    (void)state;
    double own[INPUTS], all = 1;
    struct outcome out = estimate(SENSITIVITY_SOBOL, sobol_g, INPUTS, 8192);
    for (int i = 0; i < INPUTS; i++) {
        own[i] = 1 / (3 * pow(1 + g_a[i], 2));
        all *= 1 + own[i];
    }
    for (int i = 0; i < INPUTS; i++) {
        double total = own[i] * all / (1 + own[i]) / (all - 1);
        check(&out.input[i].measure[SOBOL_FIRST], own[i] / (all - 1), 0.01);
        check(&out.input[i].measure[SOBOL_TOTAL], total, 0.01);
    }
}

/* Bootstrap intervals take Sobol's points for independent ones: they are wider than need be,
 * and hold the closed form more often than 95 % of the time. */
static void test_sobol_intervals(void **state)
{
    (void)state;
    static const double truth[3][2] = {{0.31390, 0.55758}, {0.44241, 0.44241}, {0, 0.24368}};
    size_t held = 0, looked = 0;
    for (size_t rows = 64; rows <= 1024; rows *= 2) {
        struct outcome out = estimate(SENSITIVITY_SOBOL, ishigami, 3, rows);
        for (int i = 0; i < 3; i++)
            for (int m = 0; m < 2; m++, looked++)
                held += out.input[i].measure[m].low <= truth[i][m] &&
                        truth[i][m] <= out.input[i].measure[m].high;
    }
    assert_true(held + 3 >= looked);
}

/* --------------------------------------------------------------------------------- screening
 */

/* On a straight line every effect is the slope. */
static void test_morris_linear(void **state)
{
    (void)state;
    static const double slope[INPUTS] = {2, -5, 0, 0.5};
    struct outcome out = estimate(SENSITIVITY_MORRIS, linear, INPUTS, 6);
    for (int i = 0; i < INPUTS; i++) {
        NEAR(out.input[i].measure[MORRIS_MU].value, slope[i], 1e-12);
        NEAR(out.input[i].measure[MORRIS_MU_STAR].value, fabs(slope[i]), 1e-12);
        NEAR(out.input[i].measure[MORRIS_SIGMA].value, 0, 1e-7);
    }
}

/* Steps of 2/3 from 0 or 1/3 change |4u - 2| by -4/3 or 4/3: effects are -+2 / (1 + a), times
 * what the others make, whose mean and mean square over the four levels are 4/3 and 20/9. */
static void test_morris_g(void **state)
{
    (void)state;
    struct outcome out = estimate(SENSITIVITY_MORRIS, sobol_g, INPUTS, 20000);
    for (int i = 0; i < INPUTS; i++) {
        double size = 2 / (1 + g_a[i]), square = size * size;
        for (int j = 0; j < INPUTS; j++) {
            if (j == i) continue;
            double below = 1 + g_a[j];
            size *= (4.0 / 3 + g_a[j]) / below;
            square *= (20.0 / 9 + 2 * g_a[j] * 4 / 3 + g_a[j] * g_a[j]) / (below * below);
        }
        check(&out.input[i].measure[MORRIS_MU], 0, 0.03 * size);
        check(&out.input[i].measure[MORRIS_MU_STAR], size, 0.02 * size);
        check(&out.input[i].measure[MORRIS_SIGMA], sqrt(square), 0.02 * sqrt(square));
    }
}

static double spread(const struct sensitivity_design *design)
{
    size_t n = sensitivity_points(design), k = design->inputs;
    double sum = 0;
    for (size_t a = 0; a < n; a++)
        for (size_t b = 0; b < a; b++) {
            double square = 0;
            for (size_t i = 0; i < k; i++)
                square += pow(design->u[a * k + i] - design->u[b * k + i], 2);
            sum += sqrt(square);
        }
    return sum / (double)(n * (n - 1) / 2);
}

/* A trajectory moves each input once by 2/3, stays in the cube; chosen ones lie farther apart
 * than the first ones of a random design. */
static void test_trajectories(void **state)
{
    (void)state;
    struct sensitivity_design few = {.method = SENSITIVITY_MORRIS, .inputs = 6, .rows = 8};
    struct sensitivity_design many = {.method = SENSITIVITY_MORRIS, .inputs = 6, .rows = 400};
    assert_int_equal(sensitivity_design_make(&few, 3), STATUS_OK);
    assert_int_equal(sensitivity_design_make(&many, 3), STATUS_OK);
    for (size_t row = 0; row < few.rows; row++) {
        int moved[6] = {0};
        for (size_t step = 0; step < 6; step++) {
            const double *u = few.u + (row * few.block + step) * 6;
            int changes = 0;
            for (int i = 0; i < 6; i++) {
                assert_true(u[i] > -1e-9 && u[i] < 1 + 1e-9 && u[6 + i] > -1e-9 &&
                            u[6 + i] < 1 + 1e-9);
                if (!(fabs(u[6 + i] - u[i]) > 0)) continue;
                NEAR(fabs(u[6 + i] - u[i]), 2.0 / 3, 1e-12);
                changes++;
                moved[i]++;
            }
            assert_int_equal(changes, 1);
        }
        for (int i = 0; i < 6; i++) assert_int_equal(moved[i], 1);
    }
    many.rows = 8;
    assert_true(spread(&few) > 1.02 * spread(&many));
    sensitivity_design_free(&few);
    sensitivity_design_free(&many);
}

/* ------------------------------------------------------------------------------------- edges
 */

static void test_edges(void **state)
{
    (void)state;
    struct sensitivity_design design = {.method = SENSITIVITY_SOBOL, .inputs = 2, .rows = 8};
    struct sensitivity_input input[2];
    double y[32];
    size_t whole = 0;
    struct outcome out = estimate(SENSITIVITY_SOBOL, flat, 2, 16);
    assert_true(isnan(out.input[0].measure[SOBOL_FIRST].value));
    assert_int_equal(sensitivity_design_make(&design, 1), STATUS_OK);
    for (int p = 0; p < 32; p++) y[p] = design.u[2 * p] + 3 * design.u[2 * p + 1];
    y[1] = NAN; /* of the first row, and of the last */
    y[31] = INFINITY;
    assert_int_equal(sensitivity_estimate(&design, y, input, &whole), STATUS_OK);
    assert_int_equal(whole, 6);
    assert_true(input[0].measure[SOBOL_TOTAL].value < input[1].measure[SOBOL_TOTAL].value);
    for (int p = 0; p < 32; p++) y[p] = NAN;
    assert_int_equal(sensitivity_estimate(&design, y, input, &whole), STATUS_OK);
    assert_int_equal(whole, 0);
    assert_true(isnan(input[1].measure[SOBOL_TOTAL].value));
    sensitivity_design_free(&design);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sobol_ishigami),  cmocka_unit_test(test_sobol_g),
        cmocka_unit_test(test_sobol_intervals), cmocka_unit_test(test_morris_linear),
        cmocka_unit_test(test_morris_g),        cmocka_unit_test(test_trajectories),
        cmocka_unit_test(test_edges),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
