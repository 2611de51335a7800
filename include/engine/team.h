/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A team of threads that works through the shards of a phase.
 *
 * The only place that knows threads. A phase is a function of (shard, thread); it may write
 * what its shard owns and its thread's scratch, nothing else, so the order in which shards are
 * taken does not matter: `shuffle` takes them in another order each phase, to prove it.
 *
 * The threads of a team live from its first phase to team_free. One that waits for the next
 * phase looks for it for some microseconds, then sleeps: on cores that others want, too, it
 * takes nothing from them. (OpenMP's threads spin there, unless the environment says otherwise
 * before the program starts: beside five busy processes a run of 31 s of work took 477 s.)
 */
#ifndef ENGINE_TEAM_H
#define ENGINE_TEAM_H

#include <stdbool.h>
#include <stdint.h>

#define TEAM_THREADS_MOST 1024

typedef void (*team_task)(void *context, uint32_t item, uint32_t thread);

struct team_pool;

struct team {
    uint32_t threads;       /* 1 to TEAM_THREADS_MOST */
    bool shuffle;           /* debug: visit items in a pseudo-random order */
    uint64_t rounds;        /* phases run so far; seeds the shuffle */
    struct team_pool *pool; /* owned: the threads beside the caller's; NULL = none yet */
};

/* threads = 0 takes what OMP_NUM_THREADS says or, without it, the processors that the process
 * may use; more than TEAM_THREADS_MOST are that many. Takes nothing that must be given back
 * before the first phase. */
void team_init(struct team *self, uint32_t threads);
void team_free(struct team *self);
/* Runs task(context, i, thread) for i < items, each once; returns after the last. Items are
 * handed out one at a time; expensive ones should have low numbers. A thread that can't be had
 * is done without: results don't depend on it. */
void team_run(struct team *self, uint32_t items, team_task task, void *context);

#endif
