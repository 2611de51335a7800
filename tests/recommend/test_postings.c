/* SPDX-License-Identifier: GPL-3.0-or-later */
/* LINK: -Wl,--wrap=calloc */
/* Lists of ids in little room: what comes out is what went in, and the room is what is said. */
#include "recommend/postings.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/stream.h"

static long fail_at = -1; /* the allocation that fails, counted from 0; -1 = none */
static size_t asked;      /* bytes of all allocations so far */

void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);

void *__wrap_calloc(size_t count, size_t size)
{
    if (fail_at >= 0 && fail_at-- == 0) return NULL;
    asked += count * size;
    return __real_calloc(count, size);
}

static const struct purpose purpose = {"test.postings", PURPOSE_LUCK};

/* What a log is like: `kinds` different values, 0 = all differ; a third of the rows are of item
 * 0 with `crowd`. */
struct shape {
    uint32_t rows, users, items, kinds;
    bool crowd;
};

static void fill(struct interactions *log, const struct shape *shape)
{
    struct stream s = stream_open(stream_key((struct seed){1, 0, 0}, &purpose), shape->rows,
                                  shape->items);

    assert_int_equal(interactions_init(log, shape->rows), STATUS_OK);
    for (uint32_t r = 0; r < shape->rows; r++) {
        struct interaction row = {
            stream_below(&s, shape->users),
            shape->crowd && stream_below(&s, 3) == 0 ? 0 : stream_below(&s, shape->items),
            shape->kinds ? (float)stream_below(&s, shape->kinds) - 1.5f : (float)r,
            stream_below(&s, 1000)};
        assert_int_equal(interactions_append(log, &row), STATUS_OK);
    }
    log->users = shape->users;
    log->items = shape->items;
    interactions_sort(log);
}

struct entry {
    uint32_t list, other, row;
};

static int by_list(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;

    if (x->list != y->list) return x->list < y->list ? -1 : 1;
    if (x->other != y->other) return x->other < y->other ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

/* The entries in the order that the lists must have. */
static struct entry *sorted_entries(const struct interactions *log, enum interaction_side side)
{
    struct entry *entry = calloc(log->count + 1, sizeof(*entry));

    for (size_t r = 0; r < log->count; r++)
        entry[r] = side == BY_USER ? (struct entry){log->user[r], log->item[r], (uint32_t)r}
                                   : (struct entry){log->item[r], log->user[r], (uint32_t)r};
    qsort(entry, log->count, sizeof(*entry), by_list);
    return entry;
}

/* The number of entries of a list that are not as they should be. */
static size_t wrong_in_list(const struct postings *lists, uint32_t i, const struct entry *entry,
                            const struct interactions *log, bool values)
{
    const struct span_source source = {.postings = lists};
    struct span span;
    size_t k = 0, wrong = 0;

    for (span_open(&span, &source, i); span_next(&span);)
        for (uint32_t s = 0; s < span.count; s++, k++) {
            float value = values ? log->value[entry[k].row] : 1.0f;
            wrong += entry[k].list != i || span.other[s] != entry[k].other ||
                     span.value[s] != value || !postings_has(lists, i, span.other[s]);
            if (k && entry[k].other > entry[k - 1].other + 1)
                wrong += postings_has(lists, i, entry[k].other - 1);
        }
    if (k && entry[k - 1].other + 1 < lists->others)
        wrong += postings_has(lists, i, entry[k - 1].other + 1);
    if (k && entry[0].other > 0) wrong += postings_has(lists, i, 0);
    if (k == 0) wrong += postings_has(lists, i, 0);
    return wrong + (k != lists->list[i + 1].first - lists->list[i].first) +
           (span_any(&source, i) != (k > 0));
}

static void check_shape(const struct shape *shape, enum interaction_side side, bool values)
{
    struct interactions log;
    struct postings lists;
    struct entry *entry;
    size_t at = 0, wrong = 0;

    fill(&log, shape);
    assert_int_equal(postings_init(&lists, &log, side, values), STATUS_OK);
    entry = sorted_entries(&log, side);
    for (uint32_t i = 0; i < lists.rows; i++) {
        wrong += wrong_in_list(&lists, i, entry + at, &log, values);
        at += lists.list[i + 1].first - lists.list[i].first;
    }
    free(entry);
    postings_free(&lists);
    interactions_free(&log);
    assert_int_equal(wrong, 0);
    assert_int_equal(at, shape->rows);
}

static void test_lists_are_the_log(void **state)
{
    static const struct shape shapes[] = {
        {1, 1, 1, 1, false},
        {500, 1, 1, 3, false},          /* no low bits at all */
        {3000, 40, 300, 3, false},      /* ids that come twice */
        {3000, 40, 300, 256, false},    /* as many kinds as there are codes */
        {3000, 40, 300, 257, false},    /* and one more */
        {3000, 40, 300, 0, false},      /* all differ */
        {300, 7, 2000000000, 2, false}, /* far apart */
        {300, 300, 5000, 2, false},     /* empty lists */
        {300000, 100000, 3, 5, true},   /* lists that need wide directories */
        {140000, 2, 100000, 5, false}};
    (void)state;

    for (size_t k = 0; k < sizeof(shapes) / sizeof(shapes[0]); k++)
        for (int values = 0; values <= 1; values++) {
            check_shape(&shapes[k], BY_USER, values);
            if (shapes[k].items < 1000000) check_shape(&shapes[k], BY_ITEM, values);
        }
}

/* 500 of 10,000 items a user: 20 apart, log2(20) + 6 bits at most. */
static void test_room_of_a_row(void **state)
{
    const struct shape shape = {200000, 400, 10000, 5, false};
    struct interactions log;
    struct postings lists;
    double before, ids, coded;
    (void)state;

    fill(&log, &shape);
    before = (double)asked;
    assert_int_equal(postings_init(&lists, &log, BY_USER, false), STATUS_OK);
    ids = ((double)asked - before) / shape.rows;
    postings_free(&lists);
    before = (double)asked;
    assert_int_equal(postings_init(&lists, &log, BY_ITEM, true), STATUS_OK);
    coded = ((double)asked - before) / shape.rows;
    postings_free(&lists);
    interactions_free(&log);
    assert_true(ids > 1 && ids < 1.4);       /* with 24 bytes a user and the longest list */
    assert_true(coded > 2.5 && coded < 3.6); /* 20 a list: 28 bytes a list are 1.4 of it */
}

static void test_no_memory(void **state)
{
    const struct shape shape = {3000, 40, 300, 3, false};
    struct interactions log;
    struct postings lists;
    (void)state;

    fill(&log, &shape);
    for (int side = BY_USER; side <= BY_ITEM; side++) {
        enum status status = STATUS_NO_MEMORY;
        long k = 0;
        for (; status == STATUS_NO_MEMORY; k++) {
            fail_at = k;
            status = postings_init(&lists, &log, (enum interaction_side)side, true);
            fail_at = -1;
            if (status) assert_null(lists.list); /* nothing is left to free */
        }
        postings_free(&lists);
        assert_int_equal(status, STATUS_OK);
        assert_int_equal(k, 5); /* lists, bytes, codes, scratch */
    }
    interactions_free(&log);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_lists_are_the_log),
                                       cmocka_unit_test(test_room_of_a_row),
                                       cmocka_unit_test(test_no_memory)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
