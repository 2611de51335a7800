/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "creators/ascent.h"

static const struct ascent_lever two[] = {{0, 1, 0.1}, {0.5, 0.5, 0.1}};

static void close_to(double got, double expected)
{
    if (fabs(got - expected) > 1e-6) fail_msg("%g, expected %g", got, expected);
}

static void tries_lie_a_probe_to_one_side_or_the_other(void **state)
{
    struct ascent a = {.centre = {0.4f, 0.5f}};
    float out[2];
    int up = 0;

    (void)state;
    for (uint32_t i = 0; i < 400; i++) {
        struct stream draw = stream_open((struct stream_key){{1, 2}}, 3, i);
        ascent_try(&a, two, 2, &draw, out);
        close_to(fabs((double)out[0] - 0.4), 0.1);
        close_to((double)out[1], 0.5); /* a lever without a range stays */
        assert_true(a.side[1] == 0);
        up += a.side[0] > 0;
    }
    assert_true(up > 150 && up < 250);
    a.centre[0] = 0.95f;
    for (uint32_t i = 0; i < 20; i++) {
        struct stream draw = stream_open((struct stream_key){{1, 2}}, 4, i);
        ascent_try(&a, two, 2, &draw, out);
        assert_true(out[0] <= 1);
    }
}

/* The first surprise is of usual size by definition: it moves by (1 - momentum) step probes. */
static void surprises_have_known_effects(void **state)
{
    const struct ascent_pace pace = {.step = 0.5, .momentum = 0.6};
    struct ascent a = {.centre = {0.4f, 0.5f}, .side = {-1, 0}};

    (void)state;
    ascent_learn(&a, two, 2, &pace, 1000);
    close_to((double)a.centre[0], 0.4 - 0.1 * 0.5 * 0.4);
    close_to((double)a.centre[1], 0.5);
    close_to((double)a.usual, 1000);
    /* as large the other way round, on the other side: the same direction, .4 + .6 .4 of it */
    a.side[0] = 1;
    ascent_learn(&a, two, 2, &pace, -1000);
    close_to((double)a.centre[0], 0.38 - 0.1 * 0.5 * 0.64);
    /* beyond three usual sizes nothing counts; nor does what is no number */
    double pull = (double)a.pull[0];
    ascent_learn(&a, two, 2, &pace, 1e20);
    close_to((double)a.pull[0], pull + 0.4 * (3 - pull));
    float centre = a.centre[0];
    a.pull[0] = 0;
    ascent_learn(&a, two, 2, &pace, (double)NAN);
    assert_true(a.centre[0] == centre);
}

/* A tenfold currency moves nothing otherwise. */
static void the_unit_does_not_matter(void **state)
{
    const struct ascent_pace pace = {.step = 0.3, .momentum = 0.7};
    struct ascent a = {.centre = {0.4f}}, b = a;
    float out[1];

    (void)state;
    for (uint32_t i = 0; i < 200; i++) {
        struct stream x = stream_open((struct stream_key){{1, 2}}, 5, i), y = x;
        double surprise = stream_normal(&x);
        stream_normal(&y);
        ascent_learn(&a, two, 1, &pace, surprise);
        ascent_learn(&b, two, 1, &pace, 1024 * surprise);
        ascent_try(&a, two, 1, &x, out);
        ascent_try(&b, two, 1, &y, out);
        assert_true(a.centre[0] == b.centre[0]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tries_lie_a_probe_to_one_side_or_the_other),
        cmocka_unit_test(surprises_have_known_effects),
        cmocka_unit_test(the_unit_does_not_matter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
