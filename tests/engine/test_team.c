/* SPDX-License-Identifier: GPL-3.0-or-later */
/* THREADS */
#include "engine/team.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define ITEMS 4096

/* Each item is written by its own turn only; a thread's counters by that thread only. */
struct work {
    uint32_t done[ITEMS];
    uint32_t order[ITEMS], taken; /* one thread only */
    uint32_t by[16][64];          /* a cache line or more apart */
    bool one_thread;
};

static void task(void *context, uint32_t item, uint32_t thread)
{
    struct work *work = context;
    work->done[item]++;
    work->by[thread][0]++;
    if (work->one_thread) work->order[work->taken++] = item;
}

static void each_item_once(void **state)
{
    const uint32_t threads[] = {1, 2, 3, 8}, items[] = {0, 1, 2, 3, 7, 64, 100, 1024, ITEMS};
    (void)state;
    for (int t = 0; t < 4; t++)
        for (int shuffle = 0; shuffle < 2; shuffle++)
            for (int i = 0; i < 9; i++)
                for (int round = 0; round < 3; round++) {
                    struct work work = {.one_thread = false};
                    struct team team;
                    uint32_t turns = 0;
                    team_init(&team, threads[t]);
                    team.shuffle = shuffle;
                    team.rounds = (uint64_t)round * 1000;
                    team_run(&team, items[i], task, &work);
                    for (uint32_t k = 0; k < ITEMS; k++)
                        assert_int_equal(work.done[k], k < items[i]);
                    for (uint32_t k = 0; k < threads[t]; k++) turns += work.by[k][0];
                    assert_int_equal(turns, items[i]); /* threads are numbered from 0 */
                }
}

static void shuffle_changes_the_order(void **state)
{
    struct work plain = {.one_thread = true}, first = plain, second = plain;
    struct team team;
    (void)state;
    team_init(&team, 1);
    team_run(&team, 64, task, &plain);
    for (uint32_t i = 0; i < 64; i++) assert_int_equal(plain.order[i], i);
    team.shuffle = true;
    team_run(&team, 64, task, &first);
    team_run(&team, 64, task, &second);
    assert_int_equal(team.rounds, 3);
    assert_memory_not_equal(first.order, plain.order, 64 * sizeof plain.order[0]);
    assert_memory_not_equal(first.order, second.order, 64 * sizeof plain.order[0]);
}

static void threads_by_default(void **state)
{
    struct team team;
    (void)state;
    team_init(&team, 0);
    assert_true(team.threads >= 1);
    assert_false(team.shuffle);
    team_init(&team, 5);
    assert_int_equal(team.threads, 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_item_once),
        cmocka_unit_test(shuffle_changes_the_order),
        cmocka_unit_test(threads_by_default),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
