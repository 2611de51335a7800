/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "world/activity.h"

/* From the least to one in small steps: to half a step of 2^-11 of the value, and in order. */
static void test_propensity_is_near(void **state)
{
    uint16_t before = 0;
    double worst = 0;
    (void)state;
    for (double p = 2.34e-10; p < 1; p *= 1.00007) {
        uint16_t code = propensity_encode((float)p);
        double error = fabs((double)propensity_decode(code) / (double)(float)p - 1);
        if (error > worst) worst = error;
        assert_true(code > 0 && code >= before);
        before = code;
    }
    if (worst > 1.0 / 4096) print_error("off by %g of the value\n", worst);
    assert_true(worst <= 1.0 / 4096);
    assert_true(worst > 1.0 / 5000); /* no finer than it says, either */
}

static void test_propensity_is_a_code(void **state)
{
    (void)state;
    for (uint32_t code = 0; code < 65536; code++)
        assert_int_equal(propensity_encode(propensity_decode((uint16_t)code)), code);
    for (int k = 0; k < 32; k++)
        assert_true(propensity_decode(propensity_encode((float)ldexp(1, -k))) ==
                    (float)ldexp(1, -k));
}

static void test_propensity_at_its_ends(void **state)
{
    (void)state;
    assert_int_equal(propensity_encode(0), 0);
    assert_int_equal(propensity_encode(-0.5f), 0);
    assert_int_equal(propensity_encode(NAN), 0);
    assert_int_equal(propensity_encode(1), 65535);
    assert_int_equal(propensity_encode(nextafterf(1, 0)), 65535);
    assert_int_equal(propensity_encode(7.5f), 65535);
    assert_int_equal(propensity_encode(1e-30f), 1); /* rare is not unknown */
    assert_true(propensity_decode(0) == 0);
    assert_true(propensity_decode(65535) == 1);
    assert_true(fabs((double)propensity_decode(1) / (ldexp(1, -32) * (1 + ldexp(1, -10))) - 1) <
                1e-6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_propensity_is_near),
        cmocka_unit_test(test_propensity_is_a_code),
        cmocka_unit_test(test_propensity_at_its_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
