/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "measure/rows.h"

static void test_every_table_has_a_file_and_a_meaning(void **state)
{
    (void)state;
    for (int t = 0; t < TABLES; t++) {
        const char *file = table_file((enum table_id)t);
        const char *end = strstr(file, ".csv");
        assert_non_null(end);
        assert_true(!strcmp(end, ".csv") || !strcmp(end, ".csv.zst"));
        assert_true(strlen(table_meaning((enum table_id)t)) > 5);
        for (int u = 0; u < t; u++) assert_string_not_equal(file, table_file((enum table_id)u));
    }
    assert_string_equal(table_file(TABLES), "");
    assert_string_equal(table_meaning(TABLES), "");
}

static void test_cells(void **state)
{
    (void)state;
    assert_int_equal(cell_int(-3).as.integer, -3);
    assert_int_equal(cell_money(1500000).kind, CELL_MONEY);
    assert_int_equal(cell_empty().kind, CELL_EMPTY);
    assert_string_equal(cell_text("x").as.text, "x");
    assert_true(cell_float(0.5).as.number == 0.5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_table_has_a_file_and_a_meaning),
        cmocka_unit_test(test_cells),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
