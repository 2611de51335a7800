/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Comma-separated tables, as they are read back: quotes, line ends, short and hostile rows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "io/csv.h"

static bool take(struct csv *csv, const char *text)
{
    FILE *from = tmpfile();
    assert_non_null(from);
    assert_int_equal(fwrite(text, 1, strlen(text), from), strlen(text));
    rewind(from);
    return csv_take(csv, from);
}

static void quoted_fields(void **state)
{
    struct csv csv;
    (void)state;
    assert_true(take(&csv, "name,share\r\n\"one,\ntwo\r\n\"\"three\"\"\",0.5\nplain,1"));
    assert_int_equal(csv.columns, 2);
    assert_string_equal(csv.name[1], "share");
    assert_true(csv_next(&csv));
    assert_string_equal(csv.field[0], "one,\ntwo\r\n\"three\"");
    assert_string_equal(csv.field[1], "0.5");
    assert_true(csv_next(&csv));
    assert_string_equal(csv.field[0], "plain");
    assert_string_equal(csv.field[1], "1");
    assert_false(csv_next(&csv));
    csv_close(&csv);
}

static void never_closed(void **state)
{
    struct csv csv;
    (void)state;
    assert_true(take(&csv, "a,b\n\"it goes on\nand on"));
    while (csv_next(&csv)) assert_non_null(csv.field[0]);
    csv_close(&csv);
    assert_false(take(&csv, ""));
}

/* One record of as many lines as follow, in time that grows with these (it took minutes). */
static void never_closed_in_a_long_file(void **state)
{
    const size_t lines = 1000000;
    struct csv csv;
    FILE *from = tmpfile();
    (void)state;
    assert_non_null(from);
    fputs("a,b\n1,\"", from);
    for (size_t i = 0; i < lines; i++) fputs("x,y\n", from);
    rewind(from);
    assert_true(csv_take(&csv, from));
    assert_true(csv_next(&csv));
    assert_int_equal(csv.fields, 2);
    assert_int_equal(strlen(csv.field[1]), 4 * lines - 1);
    assert_false(csv_next(&csv));
    csv_close(&csv);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quoted_fields),
        cmocka_unit_test(never_closed),
        cmocka_unit_test(never_closed_in_a_long_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
