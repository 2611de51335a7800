/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How far words are apart, and the nearest of many. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/parameters_suggest.h"

static void letters_are_counted(void **state)
{
    char longest[257];
    (void)state;
    assert_int_equal(parameters_suggest_distance("dau", "dau"), 0);
    assert_int_equal(parameters_suggest_distance("dua", "dau"), 1); /* neighbours swapped */
    assert_int_equal(parameters_suggest_distance("wach_hours", "watch_hours"), 1);
    assert_int_equal(parameters_suggest_distance("", "wau"), 3);
    memset(longest, 'a', 256);
    longest[256] = 0;
    assert_int_equal(parameters_suggest_distance(longest, longest), 999);
}

static const char *nearest(const char *name, int best)
{
    static const char *const words[] = {"popular", "random", "trending", "ucb", "fm", "mf"};
    const char *near = NULL;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        near = parameters_suggest_nearer(name, words[i], &best, near);
    return near;
}

static void the_first_of_the_nearest_is_kept(void **state)
{
    (void)state;
    assert_string_equal(nearest("trendy", 4), "trending");
    assert_string_equal(nearest("m", 2), "fm"); /* mf is as near, and comes later */
    assert_null(nearest("trendy", 3));          /* three letters are too far then */
    assert_null(nearest("", 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(letters_are_counted),
        cmocka_unit_test(the_first_of_the_nearest_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
