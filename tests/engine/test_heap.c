/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/heap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static struct event random_event(uint32_t sequence)
{
    return (struct event){
        .when_kind = event_when_kind(lrand48() % 50, (uint8_t)(lrand48() % 3)),
        .source = (uint32_t)(lrand48() % 3),
        .sequence = sequence};
}

/* The least of a plain list, removed. */
static struct event take_least(struct event *list, size_t *n)
{
    size_t least = 0;
    for (size_t i = 1; i < *n; i++)
        if (event_before(&list[i], &list[least])) least = i;
    struct event e = list[least];
    list[least] = list[--*n];
    return e;
}

static void test_random_programs(void **state)
{
    struct heap heap = {0};
    struct event list[400];
    size_t n = 0;
    uint32_t sequence = 0;
    (void)state;
    srand48(9);
    for (int step = 0; step < 20000; step++) {
        long more = step / 500 % 2 ? 2 : 4; /* grows and shrinks by turns */
        if (n < 400 && (n == 0 || lrand48() % 6 < more)) {
            list[n] = random_event(sequence++);
            assert_int_equal(heap_push(&heap, &list[n++]), STATUS_OK);
        } else {
            struct event wanted = take_least(list, &n), got = heap_pop(&heap);
            assert_memory_equal(&got, &wanted, sizeof got);
        }
        assert_int_equal(heap.count, n);
    }
    while (n) {
        struct event wanted = take_least(list, &n), got = heap_pop(&heap);
        assert_memory_equal(&got, &wanted, sizeof got);
    }
    heap_free(&heap);
    heap_free(&heap);
    assert_null(heap.events.piece);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_random_programs)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
