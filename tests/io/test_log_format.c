/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/log_format.h"

#include <math.h>

#include "lab.h"

static struct field field_of(const char *text) { return (struct field){text, strlen(text)}; }

/* Every decimal as strtod has it, to the last bit. */
static void numbers_are_strtods(void **state)
{
    (void)state;
    static const char *const good[] = {"0",
                                       "-0",
                                       "5",
                                       "3.5",
                                       ".25",
                                       "-.5",
                                       "4.",
                                       "0.1",
                                       "881250949",
                                       "1593878903.438",
                                       "123456789012345",
                                       "1234567890123456789",
                                       "1e3",
                                       "-2.5E-3",
                                       "0.000000000000001",
                                       "1.2734",
                                       "+7"};
    for (size_t k = 0; k < sizeof good / sizeof good[0]; k++) {
        double found = 7;
        assert_true(log_format_number(field_of(good[k]), &found));
        double wanted = strtod(good[k], NULL);
        assert_memory_equal(&found, &wanted, sizeof found);
    }
    char text[32];
    for (int i = 0; i < 20000; i++) {
        double found = 0;
        snprintf(text, sizeof text, "%d.%0*d", i * 7919 % 10007, 1 + i % 9, i);
        assert_true(log_format_number(field_of(text), &found));
        assert_true(found == strtod(text, NULL));
    }
}

static void what_is_no_number_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"",
                                      "-",
                                      ".",
                                      "-.",
                                      "1.2.3",
                                      "1,5",
                                      "five",
                                      "1 2",
                                      "nan",
                                      "NaN",
                                      "inf",
                                      "-inf",
                                      "1e999",
                                      "0x",
                                      "1-2",
                                      "--1",
                                      "123456789012345x",
                                      "1e"};
    for (size_t k = 0; k < sizeof bad / sizeof bad[0]; k++) {
        double found;
        if (log_format_number(field_of(bad[k]), &found)) fail_msg("\"%s\" passes", bad[k]);
    }
}

static void fields_are_cut(void **state)
{
    (void)state;
    const struct log_format comma = {.delimiter = ","}, colons = {.delimiter = "::"};
    static const char *const wanted[] = {"a", "", "b,c", "d\"\"e,f", "\"g"};
    struct field rest = field_of(" a ,,\"b,c\",\"d\"\"e,f\",\"g"), out;
    for (size_t k = 0; k < 5; k++) {
        assert_true(log_format_cut(&comma, &rest, &out));
        assert_int_equal(out.length, strlen(wanted[k]));
        assert_memory_equal(out.text, wanted[k], out.length);
    }
    assert_false(log_format_cut(&comma, &rest, &out));
    rest = field_of("1::2");
    assert_true(log_format_cut(&colons, &rest, &out) && out.length == 1);
    assert_true(log_format_cut(&colons, &rest, &out) && out.text[0] == '2');
    assert_false(log_format_cut(&colons, &rest, &out));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_strtods),
        cmocka_unit_test(what_is_no_number_is_refused),
        cmocka_unit_test(fields_are_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
