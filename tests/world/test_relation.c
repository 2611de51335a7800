/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "world/relation.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "engine/stream.h"
#include "world/entity.h"

#define LISTS 40
#define MOST (40 / RELATION_KINDS)

/* The plainest thing that does the same: arrays that never move. */
struct plain {
    struct relation row[256];
    uint32_t count;
};

static uint32_t plain_find(const struct plain *p, struct relation what)
{
    uint32_t i = 0;
    while (i < p->count && p->row[i].word != what.word) i++;
    return i;
}

static uint32_t plain_first(const struct plain *p, enum relation_kind kind)
{
    uint32_t i = 0;
    while (i < p->count && relation_kind(p->row[i]) != kind) i++;
    return i;
}

static uint32_t plain_remove(struct plain *p, uint32_t at)
{
    uint32_t other = relation_other(p->row[at]);
    memmove(p->row + at, p->row + at + 1, (p->count - at - 1) * sizeof p->row[0]);
    p->count--;
    return other;
}

static uint32_t plain_add(struct plain *p, struct relation what, uint32_t most)
{
    uint32_t n = 0, dropped = ENTITY_NONE;
    if (plain_find(p, what) < p->count) return dropped;
    for (uint32_t i = 0; i < p->count; i++)
        n += relation_kind(p->row[i]) == relation_kind(what);
    if (n >= most) dropped = plain_remove(p, plain_first(p, relation_kind(what)));
    p->row[p->count++] = what;
    return dropped;
}

static void assert_same(const struct relation_pool *pool, const struct relation_list *list,
                        const struct plain *plain)
{
    assert_int_equal(list->count, plain->count);
    assert_true(relation_list_valid(pool, list));
    if (plain->count)
        assert_memory_equal(relation_rows(pool, list), plain->row,
                            plain->count * sizeof plain->row[0]);
}

static struct relation follow_of(uint32_t creator)
{
    return relation_make(RELATION_FOLLOW, creator);
}

/* Kind and number share a word and keep out of each other's way. */
static void test_word(void **state)
{
    const uint32_t number[] = {0, 1, 12345678, RELATION_OTHER_LAST};

    (void)state;
    for (uint32_t i = 0; i < 4; i++)
        for (uint32_t kind = 0; kind < 8; kind++) {
            struct relation r = relation_make(kind, number[i]);
            assert_int_equal(relation_kind(r), kind);
            assert_int_equal(relation_other(r), number[i]);
        }
    assert_int_equal(sizeof(struct relation), 4);
}

static void test_against_plain_arrays(void **state)
{
    struct relation_pool pool = {0};
    static struct relation_list list[LISTS];
    static struct plain plain[LISTS];
    struct stream s = stream_open((struct stream_key){{1, 2}}, 3, 4);

    (void)state;
    for (int step = 0; step < 20000; step++) {
        uint32_t i = stream_below(&s, LISTS);
        uint32_t other = RELATION_OTHER_LAST - stream_below(&s, 60);
        struct relation what = relation_make(stream_below(&s, RELATION_KINDS), other);
        if (stream_below(&s, 3) < 2) {
            uint32_t dropped;
            assert_int_equal(relation_add(&pool, &list[i], what, MOST, &dropped), STATUS_OK);
            assert_int_equal(dropped, plain_add(&plain[i], what, MOST));
        } else {
            uint32_t at = plain_find(&plain[i], what);
            bool there = at < plain[i].count;
            assert_int_equal(relation_remove(&pool, &list[i], what), there);
            if (there) plain_remove(&plain[i], at);
        }
        assert_same(&pool, &list[i], &plain[i]);
        assert_int_equal(relation_has(&pool, &list[i], what),
                         plain_find(&plain[i], what) < plain[i].count);
    }
    for (int i = 0; i < LISTS; i++) assert_same(&pool, &list[i], &plain[i]);
    /* lists never hold more than MOST rows of each kind; blocks are used again */
    assert_true(pool.count <= LISTS * 160);
    relation_pool_free(&pool);
}

static void test_blocks_are_recycled(void **state)
{
    struct relation_pool pool = {0};
    struct relation_list a = {0}, b = {0};

    (void)state;
    for (uint32_t i = 0; i < 5; i++)
        assert_int_equal(relation_add(&pool, &a, follow_of(i), 99, NULL), 0);
    assert_int_equal(a.capacity, 6);
    size_t before = pool.count; /* the blocks of 2 and 4 are free again */
    for (uint32_t i = 0; i < 3; i++) {
        assert_int_equal(relation_add(&pool, &b, follow_of(i), 99, NULL), 0);
        assert_int_equal(b.capacity, i < 2 ? 2 : 4);
    }
    assert_int_equal(pool.count, before);
    relation_pool_free(&pool);
}

static void test_fill_is_to_measure(void **state)
{
    const struct relation row[] = {follow_of(5), follow_of(3)};
    struct relation_pool pool = {0};
    struct relation_list list = {0}, none = {0};

    (void)state;
    assert_int_equal(relation_list_fill(&pool, &none, NULL, 0, 0), STATUS_OK);
    assert_int_equal(none.capacity, 0);
    assert_int_equal(relation_list_fill(&pool, &none, row, 2, RELATION_LIST_MOST + 1),
                     STATUS_NO_MEMORY);
    assert_null(relation_rows(&pool, &none));
    assert_int_equal(relation_list_fill(&pool, &list, row, 2, 9), STATUS_OK);
    assert_int_equal(list.capacity, 10);
    assert_int_equal(list.count, 2);
    assert_memory_equal(relation_rows(&pool, &list), row, sizeof row);
    for (uint32_t i = 10; i < 18; i++)
        assert_int_equal(relation_add(&pool, &list, follow_of(i), 99, NULL), STATUS_OK);
    assert_int_equal(pool.count, 10);
    relation_pool_free(&pool);
    relation_pool_free(&pool); /* a zeroed one too */
}

static void test_most_zero_adds_nothing(void **state)
{
    struct relation_pool pool = {0};
    struct relation_list list = {0};
    uint32_t dropped = 1;

    (void)state;
    assert_int_equal(relation_add(&pool, &list, follow_of(1), 0, &dropped), 0);
    assert_int_equal(list.count, 0);
    assert_int_equal(dropped, ENTITY_NONE);
    assert_false(relation_remove(&pool, &list, follow_of(1)));
}

/* A list that is full takes no more rows of another kind, and stays whole. */
static void test_full_list(void **state)
{
    struct relation_pool pool = {0};
    struct relation_list list = {0};

    (void)state;
    for (uint32_t i = 0; i < RELATION_LIST_MOST + 5; i++)
        assert_int_equal(relation_add(&pool, &list, follow_of(i), 5000, NULL), 0);
    assert_int_equal(list.count, RELATION_LIST_MOST);
    assert_int_equal(relation_other(relation_rows(&pool, &list)[0]), 5);
    struct relation f = relation_make(RELATION_FRIEND, 1);
    assert_int_equal(relation_add(&pool, &list, f, 5000, NULL), STATUS_OK);
    assert_false(relation_has(&pool, &list, f));
    relation_pool_free(&pool);
}

static void test_invalid_lists_are_seen(void **state)
{
    struct relation_pool pool = {0};
    struct relation_list list = {0};

    (void)state;
    assert_true(relation_list_valid(&pool, &list));
    assert_int_equal(relation_add(&pool, &list, follow_of(1), 9, NULL), 0);
    assert_true(relation_list_valid(&pool, &list));
    assert_false(relation_list_valid(&pool, &(struct relation_list){0, 3, 2}));
    assert_false(relation_list_valid(&pool, &(struct relation_list){0, 1, 3}));
    assert_false(relation_list_valid(&pool, &(struct relation_list){1, 1, 2}));
    assert_false(relation_list_valid(&pool, &(struct relation_list){0, 1, 0}));
    relation_pool_free(&pool);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_word),
        cmocka_unit_test(test_against_plain_arrays),
        cmocka_unit_test(test_blocks_are_recycled),
        cmocka_unit_test(test_fill_is_to_measure),
        cmocka_unit_test(test_most_zero_adds_nothing),
        cmocka_unit_test(test_full_list),
        cmocka_unit_test(test_invalid_lists_are_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
