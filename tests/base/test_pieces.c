/* SPDX-License-Identifier: GPL-3.0-or-later */
/* LINK: -Wl,--wrap=calloc */
#include "base/pieces.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"

static long fail_at = -1; /* the allocation that fails, counted from 0; -1 = none */

void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);

void *__wrap_calloc(size_t count, size_t size)
{
    if (fail_at >= 0 && fail_at-- == 0) return NULL;
    return __real_calloc(count, size);
}

struct row {
    uint64_t number;
    char text[40];
};

static struct row *at(const struct pieces *table, size_t i)
{
    return pieces_at(table, i, sizeof(struct row));
}

static void test_rows_stay_where_they_are(void **state)
{
    struct pieces table = {0};
    struct row *first = NULL;
    (void)state;
    for (size_t n = 1; n <= 1000; n++) {
        assert_int_equal(pieces_reserve(&table, n, sizeof(struct row)), STATUS_OK);
        assert_true(pieces_rows(&table) >= n && pieces_rows(&table) < n + PIECE_ROWS);
        if (!first) first = at(&table, 0);
        assert_int_equal(at(&table, n - 1)->number, 0);
        at(&table, n - 1)->number = n;
    }
    assert_ptr_equal(first, at(&table, 0));
    for (size_t i = 0; i < 1000; i++) assert_int_equal(at(&table, i)->number, i + 1);
    assert_true(pieces_bytes(&table, sizeof(struct row)) >= 1000 * sizeof(struct row));
    pieces_free(&table);
    assert_int_equal(pieces_rows(&table), 0);
}

static void test_gathered_and_scattered(void **state)
{
    static const size_t sizes[] = {0, 1, PIECE_ROWS - 1, PIECE_ROWS, PIECE_ROWS + 1, 300};
    (void)state;
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
        struct pieces from = {0}, to = {0};
        size_t n = sizes[k];
        assert_int_equal(pieces_reserve(&from, n, sizeof(struct row)), STATUS_OK);
        assert_int_equal(pieces_reserve(&to, n, sizeof(struct row)), STATUS_OK);
        for (size_t i = 0; i < n; i++) at(&from, i)->number = i * i + 1;
        struct row *rows = pieces_gather(&from, n, sizeof *rows);
        assert_non_null(rows);
        for (size_t i = 0; i < n; i++) assert_int_equal(rows[i].number, i * i + 1);
        pieces_scatter(&to, rows, n, sizeof *rows);
        for (size_t i = 0; i < n; i++)
            assert_memory_equal(at(&to, i), at(&from, i), sizeof(struct row));
        memory_free(rows);
        pieces_free(&from);
        pieces_free(&to);
    }
}

static void test_no_memory_keeps_the_rows(void **state)
{
    (void)state;
    for (long k = 0; k < 2; k++) {
        struct pieces table = {0};
        assert_int_equal(pieces_reserve(&table, 1, sizeof(struct row)), STATUS_OK);
        at(&table, 0)->number = 7;
        fail_at = k; /* the list of pieces, then the piece */
        assert_int_equal(pieces_reserve(&table, 10 * PIECE_ROWS, sizeof(struct row)),
                         STATUS_NO_MEMORY);
        fail_at = -1;
        assert_int_equal(at(&table, 0)->number, 7);
        assert_int_equal(pieces_reserve(&table, 10 * PIECE_ROWS, sizeof(struct row)),
                         STATUS_OK);
        assert_int_equal(at(&table, 0)->number, 7);
        pieces_free(&table);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_rows_stay_where_they_are),
                                       cmocka_unit_test(test_gathered_and_scattered),
                                       cmocka_unit_test(test_no_memory_keeps_the_rows)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
