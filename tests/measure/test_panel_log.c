/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/memory.h"
#include "measure/panel_log.h"

/* A state with something behind its log, as metrics have it. */
struct owner {
    struct panel_log log;
    double more;
};

static struct panel_logs logs_of(struct owner *owner)
{
    return (struct panel_logs){owner, sizeof *owner, 2};
}

static void test_rows_come_out_in_order_and_once(void **state)
{
    struct owner owner[2] = {0};
    size_t n = 9;
    (void)state;
    assert_int_equal(panel_logs_reserve(logs_of(owner)), STATUS_OK);
    panel_log_add(&owner[0].log, 3, 7);
    panel_log_add(&owner[1].log, 1, 9);
    panel_log_add(&owner[0].log, 1, 2);
    panel_log_add(&owner[1].log, 1, 9);
    uint64_t *row = panel_logs_take(logs_of(owner), &n);
    assert_non_null(row);
    assert_int_equal(n, 4);
    assert_int_equal(row[0], UINT64_C(1) << 32 | 2);
    assert_int_equal(row[1], UINT64_C(1) << 32 | 9);
    assert_int_equal(row[2], row[1]);
    assert_int_equal(row[3], UINT64_C(3) << 32 | 7);
    memory_free(row);
    row = panel_logs_take(logs_of(owner), &n);
    assert_int_equal(n, 0);
    memory_free(row);
    panel_logs_free(logs_of(owner));
}

static void add_many(struct owner *owner, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) panel_log_add(&owner[0].log, 0, i);
}

/* Four times the busiest window so far and 256: what does not fit is dropped, not allocated. */
static void test_room_follows_the_busiest_window(void **state)
{
    struct owner owner[2] = {0};
    size_t n;
    (void)state;
    assert_int_equal(panel_logs_reserve(logs_of(owner)), STATUS_OK);
    add_many(owner, 300);
    assert_int_equal(owner[0].log.count, 256);
    assert_int_equal(owner[0].log.dropped, 44);
    assert_int_equal(panel_logs_reserve(logs_of(owner)), STATUS_OK);
    add_many(owner, 5000);
    assert_int_equal(owner[0].log.count, 256 + 4 * 256 + 256);
    assert_int_equal(panel_logs_reserve(logs_of(owner)), STATUS_OK);
    /* Taken between windows: room as after a load, which knows the busiest window only. */
    uint64_t *row = panel_logs_take(logs_of(owner), &n);
    memory_free(row);
    uint64_t room = owner[0].log.room;
    assert_int_equal(panel_logs_reserve(logs_of(owner)), STATUS_OK);
    assert_int_equal(owner[0].log.room, room);
    assert_int_equal(owner[1].log.room, 256);
    panel_logs_free(logs_of(owner));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows_come_out_in_order_and_once),
        cmocka_unit_test(test_room_follows_the_busiest_window),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
