/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/time.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void known_texts(void **state)
{
    static const struct {
        sim_time when;
        const char *text;
    } known[] = {
        {0, "0d 00:00:00.000"},
        {1, "0d 00:00:00.001"},
        {TIME_DAY - 1, "0d 23:59:59.999"},
        {TIME_DAY, "1d 00:00:00.000"},
        {12 * TIME_DAY + 3 * TIME_HOUR + 4 * TIME_MINUTE + 5 * TIME_SECOND + 678,
         "12d 03:04:05.678"},
        {-1, "-0d 00:00:00.001"},
        {-TIME_DAY - TIME_HOUR, "-1d 01:00:00.000"},
        {TIME_NEVER, "never"},
        {TIME_NEVER - 1, "106751991167d 07:12:55.806"},
        {INT64_MIN, "-106751991167d 07:12:55.808"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        char buffer[33];
        memset(buffer, '#', sizeof buffer);
        assert_ptr_equal(time_text(known[i].when, buffer), buffer);
        assert_string_equal(buffer, known[i].text);
        assert_int_equal(buffer[32], '#');
    }
}

/* What is written can be read back. */
static void round_trip(void **state)
{
    (void)state;
    for (sim_time when = 0; when < 400 * TIME_DAY; when += 12345679) {
        char buffer[32];
        long long d;
        int h, m, s, ms;
        time_text(when, buffer);
        assert_int_equal(sscanf(buffer, "%lldd %d:%d:%d.%d", &d, &h, &m, &s, &ms), 5);
        assert_int_equal(d * TIME_DAY + h * TIME_HOUR + m * TIME_MINUTE + s * TIME_SECOND + ms,
                         when);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_texts),
        cmocka_unit_test(round_trip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
