/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/history.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static enum status parse(const char *text, struct history *out, struct errors *errors)
{
    char copy[1024];
    size_t length = strlen(text);
    assert_true(length < sizeof copy);
    memcpy(copy, text, length + 1);
    return history_parse(out, copy, length, "own.csv", errors);
}

static struct history good(const char *text)
{
    struct history history;
    struct errors errors = {0};
    assert_int_equal(parse(text, &history, &errors), STATUS_OK);
    assert_int_equal(errors.count, 0);
    return history;
}

static void refused(const char *text, const char *words)
{
    struct history history;
    struct errors errors = {0};
    assert_int_equal(parse(text, &history, &errors), STATUS_BAD_INPUT);
    assert_non_null(errors.text);
    if (!strstr(errors.text, words)) fail_msg("%s does not say %s", errors.text, words);
    errors_free(&errors);
}

static void numbers_alone(void **state)
{
    (void)state;
    struct history h = good("10\n\n30\r\n 20 \n");
    assert_int_equal(h.videos, 3);
    assert_float_equal(h.mean, 20, 1e-12);
    assert_float_equal(h.median, 20, 1e-12);
    assert_int_equal(h.dated, 0);
    assert_true(isnan(h.per_week));
    assert_true(isnan(good("7").spread));
    /* ln(1 + views) of 0 and e^2 - 1: sd sqrt(2) */
    assert_float_equal(good("0\n6.38905609893065\n").spread, sqrt(2), 1e-9);
}

static void columns(void **state)
{
    (void)state;
    struct history h = good("\xEF\xBB\xBF"
                            "Date,title,Views\n2024-02-28,\"a, \"\"b\"\"\",5\n2024-02-29,b,5\n"
                            "2024-03-01T10:00,c,5\n2024-03-05,d,5\n2024-03-13,e,5\n,f,5\n");
    assert_int_equal(h.videos, 6);
    assert_int_equal(h.dated, 5);
    /* 14 days from the first to the last, with a leap day between */
    assert_float_equal(h.per_week, 2, 1e-12);
    /* a day less, or a date less, is too little */
    assert_true(
        isnan(good("date;views\n2024-02-29;1\n2024-03-01;1\n2024-03-02;1\n2024-03-03;1\n"
                   "2024-03-13;1\n")
                  .per_week));
    assert_true(isnan(good("views\tdate\n1\t2026-01-01\n1\t2026-03-01\n").per_week));
}

static void mistakes(void **state)
{
    (void)state;
    refused("", "holds no video");
    refused("views\n", "holds no video");
    refused("1\n2\nmany\n", "own.csv:3: \"many\"");
    refused("1\n-2\n", "own.csv:2: \"-2\": views must lie in");
    refused("1\n1e13\n", "own.csv:2");
    refused("1\nnan\n", "own.csv:2");
    refused("1,234\n", "own.csv:1");
    refused("plays\n1\n", "`views`");
    refused("title,views\nonly\n", "own.csv:2: \"only\": this row has too few");
    refused("date,views\n2026-02-29,1\n", "a date must be a day");
    refused("date,views\n2100-02-29,1\n", "a date must be a day");
    refused("date,views\n01/02/2026,1\n", "a date must be a day");
    refused("views\n\"1\n", "a quote stays open");
}

/* Each text cut short, and with each byte changed, is read or refused, never more. */
static void damaged(void **state)
{
    static const char whole[] =
        "date,title,views\n2026-01-01,\"a, \"\"b\",12\n2026-01-09,c,3\n";
    (void)state;
    for (size_t n = 0; n < sizeof whole; n++)
        for (int change = 0; change < 256; change += 5) {
            struct history history;
            struct errors errors = {0};
            char *copy = malloc(n + 1); /* exact, so that a sanitizer sees one byte too far */
            assert_non_null(copy);
            memcpy(copy, whole, n);
            copy[n] = 0;
            if (n) copy[(size_t)change % n] = (char)change;
            enum status status = history_parse(&history, copy, n, "own.csv", &errors);
            assert_true(status == STATUS_OK || status == STATUS_BAD_INPUT);
            if (!status) assert_true(history.videos > 0 && history.mean >= 0);
            errors_free(&errors);
            free(copy);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_alone),
        cmocka_unit_test(columns),
        cmocka_unit_test(mistakes),
        cmocka_unit_test(damaged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
