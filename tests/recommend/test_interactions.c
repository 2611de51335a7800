/* SPDX-License-Identifier: GPL-3.0-or-later */
/* LINK: -Wl,--wrap=calloc */
#include "recommend/interactions.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/stream.h"

static long fail_at = -1; /* the allocation that fails, counted from 0; -1 = none */

void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);

void *__wrap_calloc(size_t count, size_t size)
{
    if (fail_at >= 0 && fail_at-- == 0) return NULL;
    return __real_calloc(count, size);
}

static const struct purpose purpose = {"test.interactions", PURPOSE_LUCK};

/* Rows with few different keys, so that ties of every depth come up. */
static void fill(struct interactions *log, uint32_t rows, uint32_t users, uint32_t times)
{
    struct stream s = stream_open(stream_key((struct seed){1, 0, 0}, &purpose), rows, users);

    assert_int_equal(interactions_init(log, 0), STATUS_OK);
    for (uint32_t r = 0; r < rows; r++) {
        struct interaction row = {stream_below(&s, users), stream_below(&s, 300),
                                  (float)stream_below(&s, 3), stream_below(&s, times)};
        assert_int_equal(interactions_append(log, &row), STATUS_OK);
    }
}

static int by_key(const void *a, const void *b)
{
    const struct interaction *x = a, *y = b;

    if (x->user != y->user) return x->user < y->user ? -1 : 1;
    if (x->time != y->time) return x->time < y->time ? -1 : 1;
    if (x->item != y->item) return x->item < y->item ? -1 : 1;
    return (x->value > y->value) - (x->value < y->value);
}

static void check_sort(uint32_t rows, uint32_t users, uint32_t times)
{
    struct interactions log;
    struct interaction *sorted = calloc(rows + 1, sizeof(*sorted));

    fill(&log, rows, users, times);
    for (size_t r = 0; r < rows; r++) sorted[r] = interactions_row(&log, r);
    qsort(sorted, rows, sizeof(*sorted), by_key);
    interactions_sort(&log);
    assert_int_equal(log.count, rows);
    for (size_t r = 0; r < rows; r++) {
        struct interaction row = interactions_row(&log, r);
        assert_memory_equal(&row, &sorted[r], sizeof(row));
    }
    free(sorted);
    interactions_free(&log);
}

static void test_sort_is_the_librarys(void **state)
{
    (void)state;
    check_sort(0, 1, 1);
    check_sort(1, 1, 1);
    check_sort(20, 3, 2);
    check_sort(5000, 1, 1);
    check_sort(20000, 1000, 100000000);
    check_sort(20000, 70000, 2);
}

static void test_ids_grow_with_rows(void **state)
{
    struct interactions log;
    struct interaction row = {7, 3, 0.5f, 9};
    (void)state;

    assert_int_equal(interactions_init(&log, 1), STATUS_OK);
    assert_int_equal(log.users, 0);
    assert_int_equal(interactions_append(&log, &row), STATUS_OK);
    assert_int_equal(log.users, 8);
    assert_int_equal(log.items, 4);
    row.user = 2;
    assert_int_equal(interactions_append(&log, &row), STATUS_OK);
    assert_int_equal(log.users, 8);
    row = interactions_row(&log, 0);
    assert_int_equal(row.user, 7);
    assert_int_equal(row.time, 9);
    interactions_free(&log);
}

static void test_users_ascend(void **state)
{
    struct interactions log;
    (void)state;

    fill(&log, 1000, 50, 10);
    assert_false(interactions_by_user(&log));
    interactions_sort(&log);
    assert_true(interactions_by_user(&log));
    log.user[log.count - 1] = 0;
    assert_false(interactions_by_user(&log));
    log.count = 0;
    assert_true(interactions_by_user(&log));
    interactions_free(&log);
}

/* By user the log's own columns; turned round each item's users in their order. */
static void test_index_is_the_log(void **state)
{
    struct interactions log;
    struct interaction_index by, turned;
    size_t r = 0;
    (void)state;

    fill(&log, 1000, 50, 10);
    log.users = 60;
    interactions_sort(&log);
    assert_int_equal(interaction_index_init(&by, &log), STATUS_OK);
    assert_ptr_equal(by.other, log.item);
    assert_ptr_equal(by.value, log.value);
    assert_int_equal(by.rows, 60);
    for (uint32_t u = 0; u < by.rows; u++)
        for (size_t k = by.offset[u]; k < by.offset[u + 1]; k++, r++)
            assert_true(k == r && log.user[r] == u);
    assert_int_equal(r, log.count);
    assert_int_equal(interaction_index_transpose(&by, &turned), STATUS_OK);
    interaction_index_free(&by);
    assert_int_equal(turned.offset[turned.rows], log.count);
    for (uint32_t i = 0; i < turned.rows; i++) {
        r = 0;
        for (size_t k = turned.offset[i]; k < turned.offset[i + 1]; k++, r++) {
            while (r < log.count && log.item[r] != i) r++;
            assert_true(r < log.count);
            assert_int_equal(turned.other[k], log.user[r]);
            assert_true(turned.value[k] == log.value[r]);
        }
    }
    interaction_index_free(&turned);
    interactions_free(&log);
}

static void test_no_memory(void **state)
{
    struct interactions log;
    struct interaction_index by, turned;
    struct interaction row = {1, 1, 1, 0};
    enum status status = STATUS_NO_MEMORY;
    long k = 0;
    (void)state;

    for (; status == STATUS_NO_MEMORY; k++) {
        fail_at = k;
        status = interactions_init(&log, 2);
        if (!status) status = interactions_append(&log, &row);
        if (!status) status = interactions_reserve(&log, 100);
        if (!status) status = interaction_index_init(&by, &log);
        if (!status) {
            status = interaction_index_transpose(&by, &turned);
            interaction_index_free(&by);
        }
        if (!status) interaction_index_free(&turned);
        interactions_free(&log);
    }
    assert_int_equal(status, STATUS_OK);
    assert_int_equal(k, 13); /* 4 columns, 4 wider ones, 1 + 3 of the indices */
    fail_at = -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sort_is_the_librarys), cmocka_unit_test(test_ids_grow_with_rows),
        cmocka_unit_test(test_users_ascend), cmocka_unit_test(test_index_is_the_log),
        cmocka_unit_test(test_no_memory)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
