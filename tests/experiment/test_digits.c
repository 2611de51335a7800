/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Figures for people: known answers, and that no number of ours comes out with an exponent. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "experiment/digits.h"

static void known(void **state)
{
    static const struct {
        double value;
        int digits;
        const char *text;
    } row[] = {{0, 5, "0"},
               {0.5, 5, "0.5"},
               {-1.23456789, 5, "-1.2346"},
               {12345.678, 5, "12346"},
               {99999.4, 5, "99999"},
               {99999.6, 5, "100000"}, /* %.5g makes 1e+05 of it */
               {123456.7, 5, "123457"},
               {-123456.7, 3, "-123457"},
               {999.6, 3, "1000"},
               {0.00012345678, 4, "0.0001235"},
               {0.0000123, 4, "1.23e-05"},
               {2e15, 4, "2e+15"},
               {NAN, 5, "\u2013"},
               {INFINITY, 5, "\u2013"}};
    char text[DIGITS_TEXT];
    (void)state;
    for (size_t i = 0; i < sizeof row / sizeof *row; i++)
        assert_string_equal(digits_text(row[i].value, row[i].digits, text), row[i].text);
}

static void interval(void **state)
{
    char text[DIGITS_INTERVAL];
    (void)state;
    assert_string_equal(digits_interval(-1.25, 123456, 4, text), "-1 to 123456");
    assert_string_equal(digits_interval(-0.004057, 0.00004945, 4, text),
                        "-0.004057 to 0.000049");
    assert_string_equal(digits_interval(-31.1211, 114.5, 5, text), "-31.12 to 114.5");
    assert_string_equal(digits_interval(-0.0000001, 20, 3, text), "0 to 20");
    assert_string_equal(digits_interval(0, 0, 3, text), "0 to 0");
    assert_string_equal(digits_interval(-1e-7, 1e-6, 3, text), "-1e-07 to 1e-06");
    assert_string_equal(digits_interval(NAN, 1, 4, text), "\u2013");
    assert_string_equal(digits_interval(1, INFINITY, 4, text), "\u2013");
}

/* What is read back is the number to half a unit of the last digit that is shown. */
static void near(void **state)
{
    char text[DIGITS_TEXT];
    (void)state;
    for (double x = 1.0001e-4; x < 9e14; x *= 1.0371)
        for (int digits = 3; digits <= 5; digits++) {
            double back = strtod(digits_text(x, digits, text), NULL);
            double unit = pow(10, fmin(0, floor(log10(x)) - digits + 1));
            assert_null(strchr(text, 'e'));
            assert_true(fabs(back - x) <= 0.5 * unit * (1 + 1e-9) + 1e-12 * x);
            digits_text(-x, digits, text);
            assert_float_equal(strtod(text, NULL), -back, 0);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(known), cmocka_unit_test(interval),
                                       cmocka_unit_test(near)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
