/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include <gsl/gsl_errno.h>

#include "engine/stream.h"
#include "experiment/moments.h"

#define REPLICATIONS 12
#define TARGETS 3

static const struct purpose purpose_test = {"test.moments", PURPOSE_LUCK};
static const double free_weight[TARGETS] = {1, 1, 1}, unknown[TARGETS] = {NAN, NAN, NAN};

/* A noisy simulator whose figures are known: a world's noise is half shared by
 * all points (common random numbers), half the point's own. */
struct toy {
    uint32_t world; /* of the first replication */
    size_t runs, fails_from;
    bool flat; /* the second parameter moves nothing */
};

static void figures(const double *u, bool flat, double *out)
{
    double a = u[0], b = flat ? 0.3 : u[1];
    out[0] = 3 + 2 * a + a * a - b;
    out[1] = 10 * exp(a - 2 * b);
    out[2] = 50 + 20 * a * b - 10 * b;
}

static void noisy(const struct toy *self, const double *u, uint32_t world, double *out)
{
    static const double sd[TARGETS] = {0.05, 0.3, 0.6};
    struct stream_key key = stream_key((struct seed){.seed = 5}, &purpose_test);
    uint64_t here = 0;
    for (int k = 0; k < 2; k++) here = name_of("place", here ^ (uint64_t)(u[k] * 1e9));
    struct stream shared = stream_open(key, name_of("world", 0), world);
    struct stream own = stream_open(key, here, world);
    figures(u, self->flat, out);
    for (int m = 0; m < TARGETS; m++)
        out[m] += sd[m] * sqrt(0.5) * (stream_normal(&shared) + stream_normal(&own));
}

static enum status simulate(void *context, const struct moments_runs *ask)
{
    struct toy *self = context;
    for (size_t i = 0; i < ask->points; i++)
        for (size_t r = 0; r < ask->count; r++) {
            double *to = ask->out + (i * ask->count + r) * TARGETS;
            noisy(self, ask->u + 2 * i, self->world + (uint32_t)(ask->first + r), to);
            if (self->fails_from && self->runs >= self->fails_from) to[1] = NAN;
            self->runs++;
        }
    return STATUS_OK;
}

static struct moments_fit fit(struct toy *toy, const double *target, const double *error)
{
    struct errors errors = {0};
    struct moments_fit out;
    const struct moments_problem problem = {.parameters = 2,
                                            .targets = TARGETS,
                                            .replications = REPLICATIONS,
                                            .points = 48,
                                            .target = target,
                                            .error = error,
                                            .weight = free_weight,
                                            .simulate = simulate,
                                            .context = toy};
    assert_int_equal(moments_fit(&problem, &out, &errors), STATUS_OK);
    /* two replications, and all of them at four points at the most */
    assert_true(out.points <= 48 && out.runs == toy->runs);
    assert_true(out.runs <= 48 * 2 + 4 * (REPLICATIONS - 2));
    errors_free(&errors);
    return out;
}

/* Targets from one more world at known parameters: 90 % intervals hold them 84
 * to 96 times in 100. */
static void test_coverage(void **state)
{
    (void)state;
    int held = 0, fits = 150;
    for (int f = 0; f < fits; f++) {
        struct toy toy = {.world = 1000 * (uint32_t)f};
        struct stream s = stream_open(stream_key((struct seed){.seed = 9}, &purpose_test), 3,
                                      (uint32_t)f);
        double u[2] = {0.3 + 0.4 * stream_uniform(&s), 0.3 + 0.4 * stream_uniform(&s)};
        double target[TARGETS];
        noisy(&toy, u, toy.world + 500, target);
        struct moments_fit got = fit(&toy, target, unknown);
        for (int k = 0; k < 2; k++) held += got.low[k] <= u[k] && u[k] <= got.high[k];
    }
    print_message("held %d of %d\n", held, 2 * fits);
    assert_in_range(held, 0.84 * 2 * fits, 0.96 * 2 * fits);
}

/* Exact targets: what is left is the noise of the mean, and it is told as such.
 */
static void test_exact(void **state)
{
    (void)state;
    static const double u[2] = {0.6, 0.35}, none[TARGETS] = {0, 0, 0};
    double target[TARGETS];
    struct toy toy = {0};
    figures(u, false, target);
    struct moments_fit got = fit(&toy, target, none);
    struct toy again = {0};
    struct moments_fit wide = fit(&again, target, unknown);
    for (int k = 0; k < 2; k++) {
        assert_true(fabs(got.u[k] - u[k]) < 0.05);
        assert_true(got.sd[k] < 0.5 * wide.sd[k]);
    }
    assert_true(got.distance < 20);
    for (int m = 0; m < TARGETS; m++)
        assert_true(got.figure_low[m] < got.figure[m] && got.figure[m] < got.figure_high[m]);
}

/* A parameter that moves nothing cannot be told; targets out of reach leave a
 * large distance. */
static void test_not_told(void **state)
{
    (void)state;
    static const double u[2] = {0.5, 0.3};
    double target[TARGETS];
    struct toy toy = {.flat = true};
    figures(u, true, target);
    struct moments_fit got = fit(&toy, target, unknown);
    assert_true(!(got.sd[1] < 0.15));
    assert_true(fabs(got.u[0] - 0.5) < 0.1);
    struct toy far = {0};
    target[0] += 100;
    assert_true(fit(&far, target, unknown).distance > 1000);
}

static void test_failures(void **state)
{
    (void)state;
    static const double u[2] = {0.5, 0.3};
    double target[TARGETS];
    struct errors errors = {0};
    struct moments_fit out;
    struct toy late = {.fails_from = 90}, always = {.fails_from = 1, .runs = 1};
    figures(u, false, target);
    struct moments_problem problem = {2,       TARGETS,     REPLICATIONS, 48,     target,
                                      unknown, free_weight, simulate,     &always};
    assert_true(fit(&late, target, unknown).failed > 0);
    assert_int_equal(moments_fit(&problem, &out, &errors), STATUS_FAULT);
    assert_non_null(strstr(errors.text, "only 0 of 24 points"));
    errors_free(&errors);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_coverage),
        cmocka_unit_test(test_exact),
        cmocka_unit_test(test_not_told),
        cmocka_unit_test(test_failures),
    };
    gsl_set_error_handler_off();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
