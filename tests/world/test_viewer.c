/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "world/viewer.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "viewers/tape.h"

static void fill(struct viewer_shard *shard)
{
    for (uint32_t i = 0; i < 50; i++) {
        struct viewer *v = viewer_add(shard);
        assert_non_null(v);
        v->ordinal = 1000 + i;
        viewer_set_rate(v, (float)i);
        v->purse = i * 7;
        v->taste.lane[3] = (int16_t)i;
        v->satiation[2] = (int8_t)i;
        v->last_day = INT16_MIN;
        for (uint32_t k = 0; k < i % 7; k++)
            assert_int_equal(relation_add(&shard->relations, &v->relations,
                                          relation_make(RELATION_FOLLOW, i + k), 64, NULL),
                             0);
    }
    shard->day.sessions = 5;
    shard->day.tips = 3;
}

static void test_rows_start_as_zeros(void **state)
{
    struct viewer_shard shard;
    static const struct viewer zero;

    (void)state;
    assert_int_equal(viewer_shard_init(&shard, 1), STATUS_OK);
    for (int i = 0; i < 100; i++) assert_memory_equal(viewer_add(&shard), &zero, sizeof zero);
    assert_int_equal(shard.count, 100);
    viewer_shard_free(&shard);
    viewer_shard_free(&shard);
}

static void test_save_and_load(void **state)
{
    struct viewer_shard a, b = {0};
    struct tape first, second;

    (void)state;
    assert_int_equal(viewer_shard_init(&a, 10), STATUS_OK);
    fill(&a);
    tape_open(&first);
    viewer_shard_visit(&a, &first.visitor);
    tape_rewind(&first);
    viewer_shard_visit(&b, &first.visitor);
    assert_int_equal(first.visitor.status, STATUS_OK);
    assert_int_equal(first.at, first.size);
    assert_int_equal(b.count, a.count);
    assert_memory_equal(a.row, b.row, a.count * sizeof a.row[0]);
    assert_memory_equal(&a.day, &b.day, sizeof a.day);
    tape_open(&second);
    viewer_shard_visit(&b, &second.visitor);
    assert_int_equal(first.size, second.size);
    assert_memory_equal(first.bytes, second.bytes, first.size);
    tape_free(&first);
    tape_free(&second);
    viewer_shard_free(&a);
    viewer_shard_free(&b);
}

/* A list that points past the pool must not be believed. */
static void test_damaged_list_is_refused(void **state)
{
    struct viewer_shard a, b = {0};
    struct tape tape;

    (void)state;
    assert_int_equal(viewer_shard_init(&a, 10), STATUS_OK);
    fill(&a);
    a.row[3].relations.first = 1u << 30;
    tape_open(&tape);
    viewer_shard_visit(&a, &tape.visitor);
    tape_rewind(&tape);
    viewer_shard_visit(&b, &tape.visitor);
    assert_int_equal(tape.visitor.status, STATUS_BAD_INPUT);
    tape_free(&tape);
    viewer_shard_free(&a);
    viewer_shard_free(&b);
}

/* The widest figures that parameters allow come back from their codes. */
static void test_codes_reach_far_enough(void **state)
{
    static const float pleasure[] = {-13, -10, -0.3f, 0, 0.8f, 10};
    struct viewer v = {0};

    (void)state;
    for (int i = 0; i < 6; i++) {
        viewer_set_expectation(&v, pleasure[i]);
        assert_true(fabsf(viewer_expectation(&v) - pleasure[i]) <= 0x1p-12f);
    }
    for (float rate = 1e-5f; rate <= 24000; rate *= 3) {
        viewer_set_rate(&v, rate);
        assert_true(fabsf(viewer_rate(&v) / rate - 1) <= 0x1p-12f);
    }
    for (float habit = 0.01f; habit <= 3; habit += 0.1f) {
        viewer_set_habit(&v, habit);
        assert_true(fabsf(viewer_habit(&v) - habit) <= 0x1p-15f);
    }
    viewer_set_rate(&v, 0);
    assert_true(viewer_rate(&v) == 0);
    viewer_set_last_end(&v, 32000 * TIME_DAY);
    assert_true(viewer_last_end(&v) == 32000 * TIME_DAY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows_start_as_zeros),
        cmocka_unit_test(test_save_and_load),
        cmocka_unit_test(test_damaged_list_is_refused),
        cmocka_unit_test(test_codes_reach_far_enough),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
