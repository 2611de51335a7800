/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "recommend/split.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define ROWS_MOST 4000

/* A sorted log: user u has u + 1 rows (u < users), of items and times that vary. */
static struct interactions make_log(uint32_t users)
{
    struct interactions log;
    assert_int_equal(interactions_init(&log, 0), STATUS_OK);
    for (uint32_t u = 0; u < users; u++)
        for (uint32_t n = 0; n <= u; n++) {
            const struct interaction row = {u, (u * 7 + n * 13) % 101, (float)(n % 5 + 1),
                                            (u * 31 + n * 17) % 997};
            assert_int_equal(interactions_append(&log, &row), STATUS_OK);
        }
    interactions_sort(&log);
    assert_true(log.count <= ROWS_MOST);
    return log;
}

static size_t count_of(const struct interactions *log, const uint8_t *part, enum split_part of)
{
    size_t n = 0;
    for (size_t r = 0; r < log->count; r++) n += part[r] == of;
    return n;
}

static void deal(const struct split *split, const struct interactions *log, uint8_t *part)
{
    assert_int_equal(split_rows(split, log, part), STATUS_OK);
}

static void counts_are_exact(void **state)
{
    (void)state;
    struct interactions log = make_log(60); /* 1830 rows */
    uint8_t part[ROWS_MOST], again[ROWS_MOST];
    struct split split = {.kind = SPLIT_RANDOM, .test = 0.2, .validation = 0.1, .folds = 1};
    deal(&split, &log, part);
    assert_int_equal(count_of(&log, part, PART_TEST), 366);
    assert_int_equal(count_of(&log, part, PART_VALIDATION), 183);
    deal(&split, &log, again);
    assert_memory_equal(part, again, log.count);
    split.seed.seed = 2;
    deal(&split, &log, again);
    assert_memory_not_equal(part, again, log.count);
    interactions_free(&log);
}

/* RecBole's calcu: whole parts of 10 %, or 1 below that, the rest trains, at least one row. */
static void users_share_as_in_recbole(void **state)
{
    (void)state;
    static const uint32_t wanted[][3] = {/* rows, validation, test */
                                         {1, 0, 0},  {2, 0, 1},  {3, 1, 1},  {9, 1, 1},
                                         {10, 1, 1}, {15, 1, 1}, {19, 1, 1}, {20, 2, 2},
                                         {29, 2, 2}, {30, 3, 3}};
    struct interactions log = make_log(40);
    uint8_t part[ROWS_MOST];
    const struct split split = {.kind = SPLIT_USER, .test = 0.1, .validation = 0.1, .folds = 1};
    deal(&split, &log, part);
    for (size_t k = 0; k < sizeof wanted / sizeof wanted[0]; k++) {
        uint32_t user = wanted[k][0] - 1, count[SPLIT_PARTS] = {0};
        for (size_t r = 0; r < log.count; r++) count[part[r]] += log.user[r] == user;
        assert_int_equal(count[PART_VALIDATION], wanted[k][1]);
        assert_int_equal(count[PART_TEST], wanted[k][2]);
    }
    interactions_free(&log);
}

static void each_row_is_in_one_fold(void **state)
{
    (void)state;
    struct interactions log = make_log(60);
    uint8_t part[ROWS_MOST];
    for (int kind = SPLIT_RANDOM; kind <= SPLIT_ITEM; kind++) {
        uint32_t times[ROWS_MOST] = {0};
        for (uint32_t f = 0; f < 5; f++) {
            const struct split split = {
                .kind = (enum split_kind)kind, .test = 0.2, .folds = 5, .fold = f};
            deal(&split, &log, part);
            size_t n = count_of(&log, part, PART_TEST);
            if (kind == SPLIT_RANDOM) assert_int_equal(n, 366);
            assert_true(n > 300 && n < 430);
            for (size_t r = 0; r < log.count; r++) times[r] += part[r] == PART_TEST;
        }
        for (size_t r = 0; r < log.count; r++) assert_int_equal(times[r], 1);
    }
    interactions_free(&log);
}

/* Every row tests with the same probability: 600 seeds, 5 standard errors. */
static void no_row_is_favoured(void **state)
{
    (void)state;
    struct interactions log = make_log(20); /* 210 rows */
    uint8_t part[ROWS_MOST];
    uint32_t times[ROWS_MOST] = {0};
    for (uint32_t seed = 0; seed < 600; seed++) {
        const struct split split = {
            .kind = SPLIT_RANDOM, .test = 0.2, .folds = 1, .seed = {.seed = seed}};
        deal(&split, &log, part);
        for (size_t r = 0; r < log.count; r++) times[r] += part[r] == PART_TEST;
    }
    double error = sqrt(600 * 0.2 * 0.8);
    for (size_t r = 0; r < log.count; r++) assert_true(fabs(times[r] - 120.0) < 5 * error);
    interactions_free(&log);
}

static void the_last_rows_are_the_latest(void **state)
{
    (void)state;
    struct interactions log = make_log(30);
    uint8_t part[ROWS_MOST];
    const struct split last = {.kind = SPLIT_LAST, .test = 0.2, .leave = 2, .folds = 1};
    deal(&last, &log, part);
    assert_int_equal(count_of(&log, part, PART_TEST), 28 * 2); /* users 0, 1 keep all */
    for (size_t r = 1; r < log.count; r++)
        if (log.user[r] == log.user[r - 1]) assert_true(part[r] >= part[r - 1]);
    const struct split late = {.kind = SPLIT_TEMPORAL, .test = 0.2, .folds = 1};
    deal(&late, &log, part);
    uint32_t latest = 0, earliest = UINT32_MAX;
    for (size_t r = 0; r < log.count; r++) {
        if (part[r] == PART_TRAIN && log.time[r] > latest) latest = log.time[r];
        if (part[r] == PART_TEST && log.time[r] < earliest) earliest = log.time[r];
    }
    assert_true(latest < earliest);
    size_t n = count_of(&log, part, PART_TEST);
    assert_true(n >= 93 && n < 100); /* 465 rows, few share a second */
    interactions_free(&log);
}

static void a_sample_is_of_one_folds_users(void **state)
{
    (void)state;
    struct interactions log = make_log(50);
    uint8_t part[ROWS_MOST];
    uint32_t in_folds[50] = {0};
    for (uint32_t f = 0; f < 5; f++) {
        const struct split split = {.kind = SPLIT_SAMPLE, .test = 0.2, .folds = 5, .fold = f};
        uint32_t tests[50] = {0}, users = 0;
        deal(&split, &log, part);
        for (size_t r = 0; r < log.count; r++) tests[log.user[r]] += part[r] == PART_TEST;
        for (uint32_t u = 0; u < 50; u++) {
            if (!tests[u]) continue;
            users++;
            in_folds[u]++;
            assert_int_equal(tests[u], (uint32_t)((u + 1) * 0.2 + 0.5));
        }
        assert_true(users <= 10);
    }
    for (uint32_t u = 2; u < 50; u++) assert_int_equal(in_folds[u], 1); /* 20 % of 3 is 1 */
    interactions_free(&log);
}

static void given_rows_are_found_once_each(void **state)
{
    (void)state;
    struct interactions log, test;
    uint8_t part[8];
    static const struct interaction rows[] = {
        {1, 1, 3, 5}, {1, 1, 3, 5}, {0, 2, 4, 6}, {0, 3, 4, 6}, {2, 1, 1, 1}};
    static const struct interaction tests[] = {
        {1, 1, 3, 5}, {0, 3, 4, 6}, {0, 3, 5, 6}, {3, 1, 1, 1}};
    assert_int_equal(interactions_init(&log, 0), STATUS_OK);
    assert_int_equal(interactions_init(&test, 0), STATUS_OK);
    for (size_t k = 0; k < 5; k++) assert_int_equal(interactions_append(&log, &rows[k]), 0);
    for (size_t k = 0; k < 4; k++) assert_int_equal(interactions_append(&test, &tests[k]), 0);
    interactions_sort(&log);
    interactions_sort(&test);
    assert_int_equal(split_given(&log, &test, part), 2);
    assert_int_equal(count_of(&log, part, PART_TEST), 2);
    interactions_free(&log);
    interactions_free(&test);
}

static void moving_keeps_the_rows(void **state)
{
    (void)state;
    struct interactions log = make_log(40);
    uint8_t part[ROWS_MOST];
    size_t count[SPLIT_PARTS];
    uint64_t before = 0, after = 0;
    const struct split split = {.kind = SPLIT_ITEM, .test = 0.2, .validation = 0.2, .folds = 1};
    for (size_t r = 0; r < log.count; r++)
        before += (uint64_t)(log.user[r] + 1) * (log.item[r] + 1) * (log.time[r] + 1);
    deal(&split, &log, part);
    size_t wanted = count_of(&log, part, PART_TEST);
    split_move(&log, part, count);
    assert_int_equal(count[PART_TEST], wanted);
    assert_int_equal(count[PART_TRAIN] + count[PART_TEST] + count[PART_VALIDATION], log.count);
    for (size_t r = 0; r < log.count; r++)
        after += (uint64_t)(log.user[r] + 1) * (log.item[r] + 1) * (log.time[r] + 1);
    assert_int_equal(before, after);
    struct interactions view = split_view(&log, count[PART_TRAIN], count[PART_TEST]);
    interactions_forget_times(&log);
    struct interactions timeless = split_view(&log, count[PART_TRAIN], count[PART_TEST]);
    assert_null(timeless.time);
    assert_ptr_equal(timeless.item, view.item);
    for (size_t r = 1; r < view.count; r++) assert_true(view.user[r] >= view.user[r - 1]);
    interactions_free(&log);
}

static void validation_rows_come_from_training(void **state)
{
    (void)state;
    struct interactions log = make_log(40); /* 820 rows */
    uint8_t part[ROWS_MOST], before[ROWS_MOST];
    const struct split split = {.kind = SPLIT_LAST, .test = 0.2, .leave = 1, .folds = 1};
    deal(&split, &log, before);
    deal(&split, &log, part);
    assert_int_equal(split_validation(&log, 0.1, (struct seed){.seed = 3}, part), STATUS_OK);
    assert_int_equal(count_of(&log, part, PART_VALIDATION), 78); /* of 781 */
    for (size_t r = 0; r < log.count; r++)
        assert_int_equal(part[r] == PART_TEST, before[r] == PART_TEST);
    interactions_free(&log);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_are_exact),
        cmocka_unit_test(users_share_as_in_recbole),
        cmocka_unit_test(each_row_is_in_one_fold),
        cmocka_unit_test(no_row_is_favoured),
        cmocka_unit_test(the_last_rows_are_the_latest),
        cmocka_unit_test(a_sample_is_of_one_folds_users),
        cmocka_unit_test(given_rows_are_found_once_each),
        cmocka_unit_test(moving_keeps_the_rows),
        cmocka_unit_test(validation_rows_come_from_training),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
