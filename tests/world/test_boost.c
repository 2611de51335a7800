/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "world/boost.h"

/* A visitor that saves columns to a buffer and loads them from it. */
struct tape {
    struct visitor visitor;
    char bytes[1 << 16];
    size_t at;
};

static void tape_column(struct visitor *v, const char *name, void *data, size_t width,
                        size_t stride, size_t count)
{
    struct tape *tape = v->context;
    (void)name;
    for (size_t i = 0; i < count; i++, tape->at += width) {
        char *element = (char *)data + i * stride;
        require(tape->at + width <= sizeof(tape->bytes));
        if (v->mode == VISIT_LOAD)
            memcpy(element, tape->bytes + tape->at, width);
        else
            memcpy(tape->bytes + tape->at, element, width);
    }
}

static void rows_are_kept_in_order(void **state)
{
    (void)state;
    struct boost_shard shard = {0};
    for (uint32_t i = 0; i < 1000; i++) {
        struct boost *row = boost_add(&shard);
        assert_non_null(row);
        assert_int_equal(row->left, 0);
        row->left = i;
    }
    for (uint32_t i = 0; i < 1000; i++) assert_int_equal(shard.row[i].left, i);
    boost_shard_free(&shard);
    assert_null(shard.row);
    boost_shard_free(&shard);
}

static void reserved_rows_do_not_move(void **state)
{
    (void)state;
    struct boost_shard shard = {0};
    assert_int_equal(boost_reserve(&shard, 100), STATUS_OK);
    struct boost *first = boost_add(&shard);
    for (int i = 1; i < 100; i++) boost_add(&shard);
    assert_ptr_equal(first, shard.row);
    boost_shard_free(&shard);
}

static void loads_what_was_saved(void **state)
{
    (void)state;
    static struct tape tape;
    struct boost_shard from = {0}, to = {0};
    for (uint32_t i = 0; i < 20; i++)
        *boost_add(&from) = (struct boost){.name = 7 * i,
                                           .video = i,
                                           .creator = 2 * i,
                                           .price = 20000,
                                           .escrow = 20000 * i,
                                           .left = i,
                                           .topic = UINT32_MAX,
                                           .ends = 1000 + i,
                                           .channel = 1};
    tape.visitor = (struct visitor){
        .mode = VISIT_SAVE, .column = tape_column, .context = &tape};
    boost_shard_visit(&from, &tape.visitor);
    boost_add(&to);
    tape.visitor.mode = VISIT_LOAD;
    tape.at = 0;
    boost_shard_visit(&to, &tape.visitor);
    assert_int_equal(tape.visitor.status, STATUS_OK);
    assert_int_equal(to.count, 20);
    assert_memory_equal(to.row, from.row, 20 * sizeof(*to.row));
    boost_shard_free(&from);
    boost_shard_free(&to);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_kept_in_order),
        cmocka_unit_test(reserved_rows_do_not_move),
        cmocka_unit_test(loads_what_was_saved),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
