/* SPDX-License-Identifier: GPL-3.0-or-later */
/* THREADS */
#include "engine/team.h"

#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

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

static void link_up(void *context, uint32_t item, uint32_t thread)
{
    uint64_t *chain = context;
    (void)thread;
    chain[item]++; /* by another thread each time, without a lock */
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
                    team_free(&team);
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
    unsetenv("OMP_NUM_THREADS");
    team_init(&team, 0);
    assert_true(team.threads >= 1);
    assert_false(team.shuffle);
    team_init(&team, 5);
    assert_int_equal(team.threads, 5);
    setenv("OMP_NUM_THREADS", "3", 1);
    team_init(&team, 0);
    assert_int_equal(team.threads, 3);
    setenv("OMP_NUM_THREADS", "none", 1);
    team_init(&team, 0);
    assert_true(team.threads >= 1);
    setenv("OMP_NUM_THREADS", "-3", 1);
    team_init(&team, 0);
    assert_true(team.threads < TEAM_THREADS_MOST);
    setenv("OMP_NUM_THREADS", "99999999999", 1);
    team_init(&team, 0);
    assert_int_equal(team.threads, TEAM_THREADS_MOST);
    unsetenv("OMP_NUM_THREADS");
    team_free(&team); /* had no phase */
}

/* A phase sees all that the phase before has written: a chain of sums over 20,000 phases, most
 * of which find the threads looking, some (there are pauses) asleep. */
static void phases_follow_each_other(void **state)
{
    static uint64_t chain[8];
    struct team team;
    (void)state;
    memset(chain, 0, sizeof chain);
    team_init(&team, 3);
    for (int phase = 0; phase < 20000; phase++) {
        team_run(&team, 8, link_up, chain);
        if (phase % 2000 == 0) usleep(3000);
    }
    team_free(&team);
    for (int i = 0; i < 8; i++) assert_int_equal(chain[i], 20000);
}

/* Threads that wait leave the processor: half a second of the caller's sleep costs none. */
static void who_waits_sleeps(void **state)
{
    struct work work = {.one_thread = false};
    struct team team;
    struct timespec from, to;
    (void)state;
    team_init(&team, 4);
    team_run(&team, 64, task, &work);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
    usleep(500000);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
    team_free(&team);
    double used = (double)(to.tv_sec - from.tv_sec) +
                  1e-9 * (double)(to.tv_nsec - from.tv_nsec);
    assert_true(used < 0.25); /* three that spin would take 1.5 on three processors, 1 on two */
}

static volatile sig_atomic_t caught_by;
static pthread_t caller;
static void on_signal(int number)
{
    (void)number;
    caught_by = pthread_equal(pthread_self(), caller) ? 1 : 2;
}

/* The process's signals come to the thread that started the team. */
static void signals_stay_with_the_caller(void **state)
{
    struct work work = {.one_thread = false};
    struct team team;
    (void)state;
    caller = pthread_self();
    signal(SIGUSR1, on_signal);
    team_init(&team, 4);
    team_run(&team, 64, task, &work);
    for (int i = 0; i < 20; i++) {
        caught_by = 0;
        kill(getpid(), SIGUSR1);
        while (!caught_by) sched_yield();
        assert_int_equal(caught_by, 1);
    }
    team_free(&team);
    signal(SIGUSR1, SIG_DFL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_item_once),     cmocka_unit_test(shuffle_changes_the_order),
        cmocka_unit_test(threads_by_default), cmocka_unit_test(phases_follow_each_other),
        cmocka_unit_test(who_waits_sleeps),   cmocka_unit_test(signals_stay_with_the_caller),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
