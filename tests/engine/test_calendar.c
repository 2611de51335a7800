/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The calendar against a plain list that is sorted whole: random events with many ties, near
 * and far, through many windows.
 */
#include "engine/calendar.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"

#define LENGTH 10
#define RING 8
#define MOST 20000

struct lab {
    struct calendar calendar;
    struct calendar_scratch scratch;
    struct event list[MOST]; /* all events that are pending, in no order */
    size_t count;
    uint32_t sequence;
};

static int set_up(void **state)
{
    struct lab *lab = calloc(1, sizeof *lab);
    if (!lab || calendar_init(&lab->calendar, LENGTH, RING)) return -1;
    srand48(5);
    *state = lab;
    return 0;
}

static int tear_down(void **state)
{
    struct lab *lab = *state;
    calendar_free(&lab->calendar);
    calendar_scratch_free(&lab->scratch);
    free(lab);
    return 0;
}

/* The documented order, written out: entity, then time, kind, source, sequence. */
static int by_order(const void *a, const void *b)
{
    const struct event *x = a, *y = b;
    if (x->entity != y->entity) return x->entity < y->entity ? -1 : 1;
    if (event_time(x) != event_time(y)) return event_time(x) < event_time(y) ? -1 : 1;
    if (event_kind(x) != event_kind(y)) return event_kind(x) < event_kind(y) ? -1 : 1;
    if (x->source != y->source) return x->source < y->source ? -1 : 1;
    return x->sequence < y->sequence ? -1 : x->sequence > y->sequence;
}

static void push(struct lab *lab, const struct event *event)
{
    assert_true(lab->count < MOST);
    assert_int_equal(calendar_push(&lab->calendar, event), STATUS_OK);
    lab->list[lab->count++] = *event;
}

static long below(long n) { return lrand48() % n; }

/* Few entities, times, kinds and sources, so that ties of every depth occur. */
static void push_random(struct lab *lab, long entities, sim_time first)
{
    sim_time when = first + (below(10) ? below(LENGTH * 4) : below(LENGTH * RING * 5));
    push(lab, &(struct event){.when_kind = event_when_kind(when, (uint8_t)below(3)),
                              .entity = (uint32_t)below(entities) * 16 + 3,
                              .source = (uint32_t)below(3),
                              .sequence = lab->sequence++,
                              .data = (uint32_t)lrand48()});
}

/* Moves the list's events that lie before `end` to `out`, sorted. */
static size_t take_before(struct lab *lab, sim_time end, struct event *out)
{
    size_t kept = 0, taken = 0;
    for (size_t i = 0; i < lab->count; i++)
        if (event_time(&lab->list[i]) < end)
            out[taken++] = lab->list[i];
        else
            lab->list[kept++] = lab->list[i];
    lab->count = kept;
    qsort(out, taken, sizeof *out, by_order);
    return taken;
}

static void check(struct lab *lab)
{
    const char *wrong = calendar_check(&lab->calendar);
    if (wrong) fail_msg("%s", wrong);
}

/* Opens the window, compares, adds `later` events while it is open, goes on to the next. */
static void one_window(struct lab *lab, long entities, long later)
{
    static struct event wanted[MOST];
    struct calendar *calendar = &lab->calendar;
    sim_time end = ((sim_time)calendar->window + 1) * LENGTH;
    assert_int_equal(calendar->pending, lab->count);
    size_t n = take_before(lab, end, wanted);
    assert_int_equal(calendar_open(calendar, &lab->scratch), STATUS_OK);
    check(lab);
    assert_int_equal(calendar->sorted_count, n);
    if (n) assert_memory_equal(calendar->sorted, wanted, n * sizeof *wanted);
    for (long i = 0; i < later; i++) push_random(lab, entities, end);
    check(lab);
    assert_int_equal(calendar_advance(calendar), STATUS_OK);
    check(lab);
}

static void test_random_programs(void **state)
{
    struct lab *lab = *state;
    const long entities[] = {1, 3, 40, 1000};
    for (int e = 0; e < 4; e++) {
        for (int i = 0; i < 300; i++)
            push_random(lab, entities[e], (sim_time)lab->calendar.window * LENGTH);
        for (int w = 0; w < 200; w++) one_window(lab, entities[e], below(80));
        while (lab->count) one_window(lab, entities[e], 0);
        assert_int_equal(lab->calendar.pending, 0);
    }
}

/* More events at one entity than insertion sort takes, in chunks of several sizes. */
static void test_crowded_entity(void **state)
{
    struct lab *lab = *state;
    for (long n = 1; n < 2000; n += n / 3 + 1) {
        for (long i = 0; i < n; i++)
            push_random(lab, n % 2 ? 1 : 5, (sim_time)lab->calendar.window * LENGTH);
        while (lab->count) one_window(lab, 1, 0);
    }
}

/* Entities from the least to the greatest number. */
static void test_entities_far_apart(void **state)
{
    struct lab *lab = *state;
    for (uint32_t i = 0; i < 500; i++)
        push(lab,
             &(struct event){.when_kind = event_when_kind(5, 0),
                             .entity = i % 3 ? (uint32_t)mrand48() : (i % 2 ? UINT32_MAX : 0),
                             .sequence = i});
    one_window(lab, 1, 0);
}

/* Time, priority, source, sequence: each decides when all before it tie, whatever the order in
 * which events came. */
static void test_ties(void **state)
{
    struct lab *lab = *state;
    const struct event in_order[] = {
        {event_when_kind(3, 9), 7, 9, 90, 0}, {event_when_kind(4, 1), 7, 8, 80, 1},
        {event_when_kind(4, 2), 7, 1, 70, 2}, {event_when_kind(4, 2), 7, 2, 5, 3},
        {event_when_kind(4, 2), 7, 2, 6, 4},  {event_when_kind(4, 2), 7, 3, 1, 5},
        {event_when_kind(0, 0), 8, 0, 0, 6},
    };
    const size_t n = sizeof in_order / sizeof *in_order;
    for (int round = 0; round < 50; round++) {
        size_t at[7] = {0, 1, 2, 3, 4, 5, 6};
        calendar_clear(&lab->calendar);
        for (size_t i = n; i-- > 1;) {
            size_t j = (size_t)below((long)i + 1), swap = at[i];
            at[i] = at[j];
            at[j] = swap;
        }
        for (size_t i = 0; i < n; i++)
            assert_int_equal(calendar_push(&lab->calendar, &in_order[at[i]]), STATUS_OK);
        assert_int_equal(calendar_open(&lab->calendar, &lab->scratch), STATUS_OK);
        assert_int_equal(lab->calendar.sorted_count, n);
        assert_memory_equal(lab->calendar.sorted, in_order, sizeof in_order);
    }
}

/* A source's counter may pass 2^32; its events stay in writing order. */
static void test_sequence_wraps(void **state)
{
    struct lab *lab = *state;
    for (uint32_t i = 0; i < 60; i++) {
        const struct event e = {event_when_kind(1, 0), 7, 7, (uint32_t)-30 + (i * 7) % 60, 0};
        assert_int_equal(calendar_push(&lab->calendar, &e), STATUS_OK);
    }
    assert_int_equal(calendar_open(&lab->calendar, &lab->scratch), STATUS_OK);
    for (uint32_t i = 0; i < 60; i++)
        assert_int_equal(lab->calendar.sorted[i].sequence, (uint32_t)-30 + i);
}

/* What save and load do: list everything, clear, push in another order. */
static void test_list_and_clear(void **state)
{
    struct lab *lab = *state;
    struct event *all = NULL;
    size_t count = 0, room = 0;
    for (int i = 0; i < 400; i++) push_random(lab, 20, 0);
    for (int w = 0; w < 3; w++) one_window(lab, 20, 30);
    assert_true(lab->calendar.beyond.count > 0);
    assert_int_equal(calendar_list(&lab->calendar, &all, &count, &room), STATUS_OK);
    assert_int_equal(count, lab->count);
    calendar_clear(&lab->calendar);
    check(lab);
    assert_int_equal(lab->calendar.pending, 0);
    for (size_t i = count; i-- > 0;)
        assert_int_equal(calendar_push(&lab->calendar, &all[i]), STATUS_OK);
    qsort(all, count, sizeof *all, by_order);
    qsort(lab->list, count, sizeof *all, by_order);
    assert_memory_equal(all, lab->list, count * sizeof *all);
    while (lab->count) one_window(lab, 20, 0);
    memory_free(all);
}

static void test_window_that_is_never_opened_is_dropped(void **state)
{
    struct lab *lab = *state;
    static struct event gone[MOST];
    for (int i = 0; i < 400; i++) push_random(lab, 20, 0);
    for (sim_time w = 1; w < 5; w++) {
        take_before(lab, w * LENGTH, gone);
        assert_int_equal(calendar_advance(&lab->calendar), STATUS_OK);
        check(lab);
        assert_int_equal(lab->calendar.pending, lab->count);
    }
    while (lab->count) one_window(lab, 20, 0);
}

/* The invariants are really looked at. */
static void test_check_finds_faults(void **state)
{
    struct lab *lab = *state;
    struct calendar *c = &lab->calendar;
    for (int i = 0; i < 400; i++) push_random(lab, 20, 0);
    check(lab);
    c->pending++;
    assert_non_null(calendar_check(c));
    c->pending--;
    struct event *in_heap = heap_at(&c->beyond, c->beyond.count - 1), kept = *in_heap;
    in_heap->when_kind = event_when_kind(3, 0);
    assert_non_null(calendar_check(c));
    *in_heap = kept;
    c->window++;
    assert_non_null(calendar_check(c));
    c->window--;
    assert_int_equal(calendar_open(c, &lab->scratch), STATUS_OK);
    check(lab);
    struct event first = c->sorted[0];
    c->sorted[0] = c->sorted[1];
    c->sorted[1] = first;
    assert_non_null(calendar_check(c));
}

/* Steady traffic takes its chunks from those that were emptied. */
static void test_memory_stays_bounded(void **state)
{
    struct lab *lab = *state;
    for (int i = 0; i < 2000; i++) push_random(lab, 50, 0);
    for (int w = 0; w < 100; w++) one_window(lab, 50, 300);
    size_t bytes = calendar_bytes(&lab->calendar);
    assert_true(bytes > 0);
    for (int w = 0; w < 400; w++) one_window(lab, 50, 300);
    assert_true(calendar_bytes(&lab->calendar) <= bytes + bytes / 2);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_random_programs),
        TEST(test_crowded_entity),
        TEST(test_entities_far_apart),
        TEST(test_ties),
        TEST(test_sequence_wraps),
        TEST(test_list_and_clear),
        TEST(test_window_that_is_never_opened_is_dropped),
        TEST(test_check_finds_faults),
        TEST(test_memory_stays_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
