/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/team.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdalign.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/status.h"

#define LOOKS 1000 /* at what a thread waits for before it sleeps: 10 to 20 microseconds */

static uint32_t greatest_common_divisor(uint32_t a, uint32_t b)
{
    while (b != 0) {
        uint32_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* The i-th item of a round is (step * i + start) mod items: a permutation when step and items
 * have no common divisor. */
struct dealing {
    uint64_t items, step, start;
};

static struct dealing deal(const struct team *self, uint32_t items)
{
    struct dealing deal = {items, 1, 0};
    if (!self->shuffle || items < 2) return deal;
    uint64_t random = (self->rounds + 1) * UINT64_C(0x9e3779b97f4a7c15);
    random ^= random >> 29;
    deal.start = (random >> 32) % items;
    deal.step = random % items;
    while (greatest_common_divisor(items, (uint32_t)deal.step) != 1)
        deal.step = (deal.step + 1) % items;
    return deal;
}

static uint32_t dealt(const struct dealing *self, uint32_t i)
{
    return (uint32_t)((self->step * i + self->start) % self->items);
}

/* One phase: items are taken from `next` until none is left. */
struct phase {
    struct dealing order;
    uint32_t items;
    team_task task;
    void *context;
};

static void work(const struct phase *phase, _Atomic uint32_t *next, uint32_t thread)
{
    for (;;) {
        uint32_t i = atomic_fetch_add_explicit(next, 1, memory_order_relaxed);
        if (i >= phase->items) return;
        phase->task(phase->context, dealt(&phase->order, i), thread);
    }
}

/* ---------------------------------------------------------------------------------- threads */

struct worker {
    struct team_pool *pool;
    uint32_t thread; /* from 1: the caller of team_run is 0 */
    pthread_t id;
};

/* Who has changed `round`, or brought `busy` to 0, wakes the sleepers under the lock, and who
 * goes to sleep looks once more under it: no news is missed. Whoever waits looks without the
 * lock first. `phase` is the caller's while no worker is busy, and is read only by workers that
 * are. */
struct team_pool {
    alignas(64) _Atomic uint32_t round; /* phases begun, modulo 2^32 */
    alignas(64) _Atomic uint32_t next;
    alignas(64) _Atomic uint32_t busy; /* workers that have not done with the round */
    struct phase phase;
    bool leave; /* the round is the last and has no work */
    pthread_mutex_t lock;
    pthread_cond_t begun, done;
    uint32_t workers;
    uint32_t looks; /* none where threads outnumber processors */
    struct worker worker[];
};

static void pause_briefly(void)
{
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
}

/* Until *what differs from `old`. */
static void wait_for_change(struct team_pool *pool, _Atomic uint32_t *what, uint32_t old,
                            pthread_cond_t *news)
{
    for (uint32_t i = 0; i < pool->looks; i++) {
        if (atomic_load_explicit(what, memory_order_acquire) != old) return;
        pause_briefly();
    }
    pthread_mutex_lock(&pool->lock);
    while (atomic_load_explicit(what, memory_order_acquire) == old)
        pthread_cond_wait(news, &pool->lock);
    pthread_mutex_unlock(&pool->lock);
}

static void *serve(void *context)
{
    struct worker *self = context;
    struct team_pool *pool = self->pool;
    for (uint32_t round = 0;; round++) {
        wait_for_change(pool, &pool->round, round, &pool->begun);
        if (pool->leave) return NULL;
        work(&pool->phase, &pool->next, self->thread);
        if (atomic_fetch_sub_explicit(&pool->busy, 1, memory_order_acq_rel) > 1) continue;
        pthread_mutex_lock(&pool->lock);
        pthread_cond_signal(&pool->done);
        pthread_mutex_unlock(&pool->lock);
    }
}

/* ------------------------------------------------------------------------------- the team */

static uint32_t processors(void)
{
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0) return (uint32_t)CPU_COUNT(&set);
    long online = sysconf(_SC_NPROCESSORS_ONLN);
    return online > 0 ? (uint32_t)online : 1;
}

/* What OMP_NUM_THREADS says, as programs with OpenMP take it; 0 = nothing. */
static uint32_t threads_asked(void)
{
    const char *words = getenv("OMP_NUM_THREADS");
    long asked = words ? strtol(words, NULL, 10) : 0;
    if (asked <= 0) return 0;
    return asked < TEAM_THREADS_MOST ? (uint32_t)asked : TEAM_THREADS_MOST;
}

void team_init(struct team *self, uint32_t threads)
{
    if (!threads) threads = threads_asked();
    if (!threads) threads = processors();
    *self = (struct team){.threads = threads < TEAM_THREADS_MOST ? threads : TEAM_THREADS_MOST};
}

/* Signals stay with the thread that starts the others. */
static void hire(struct team_pool *pool, uint32_t wanted)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    for (uint32_t k = 0; k < wanted; k++) {
        struct worker *worker = &pool->worker[k];
        *worker = (struct worker){.pool = pool, .thread = k + 1};
        if (pthread_create(&worker->id, NULL, serve, worker)) break;
        pool->workers++;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static struct team_pool *pool_new(uint32_t workers)
{
    struct team_pool *pool = memory_alloc(1, sizeof *pool + workers * sizeof *pool->worker);
    if (!pool) return NULL;
    pthread_mutex_init(&pool->lock, NULL); /* these three do not fail with glibc */
    pthread_cond_init(&pool->begun, NULL);
    pthread_cond_init(&pool->done, NULL);
    pool->looks = workers < processors() ? LOOKS : 0;
    hire(pool, workers);
    return pool;
}

static void begin(struct team_pool *pool)
{
    atomic_store_explicit(&pool->next, 0, memory_order_relaxed);
    atomic_store_explicit(&pool->busy, pool->workers, memory_order_relaxed);
    pthread_mutex_lock(&pool->lock);
    atomic_fetch_add_explicit(&pool->round, 1, memory_order_release);
    pthread_cond_broadcast(&pool->begun);
    pthread_mutex_unlock(&pool->lock);
}

static void run_together(struct team_pool *pool, const struct phase *phase)
{
    uint32_t busy;
    pool->phase = *phase;
    begin(pool);
    work(phase, &pool->next, 0);
    while ((busy = atomic_load_explicit(&pool->busy, memory_order_acquire)) > 0)
        wait_for_change(pool, &pool->busy, busy, &pool->done);
}

void team_run(struct team *self, uint32_t items, team_task task, void *context)
{
    const struct phase phase = {deal(self, items), items, task, context};
    _Atomic uint32_t next = 0;

    require(self->threads >= 1 && self->threads <= TEAM_THREADS_MOST);
    self->rounds++;
    if (items > 1 && self->threads > 1 && !self->pool) self->pool = pool_new(self->threads - 1);
    if (items > 1 && self->pool)
        run_together(self->pool, &phase);
    else
        work(&phase, &next, 0);
}

void team_free(struct team *self)
{
    struct team_pool *pool = self->pool;
    self->pool = NULL;
    if (!pool) return;
    pool->leave = true;
    begin(pool);
    for (uint32_t k = 0; k < pool->workers; k++) pthread_join(pool->worker[k].id, NULL);
    pthread_cond_destroy(&pool->done);
    pthread_cond_destroy(&pool->begun);
    pthread_mutex_destroy(&pool->lock);
    memory_free(pool);
}
