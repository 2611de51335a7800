/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A team of threads that works through the shards of a phase.
 *
 * The only place that knows OpenMP. A phase is a function of (shard, thread); it may write what
 * its shard owns and its thread's scratch, nothing else, so the order in which shards are taken
 * does not matter: `shuffle` takes them in another order each phase, to prove it.
 */
#ifndef ENGINE_TEAM_H
#define ENGINE_TEAM_H

#include <stdbool.h>
#include <stdint.h>

typedef void (*team_task)(void *context, uint32_t item, uint32_t thread);

struct team {
    uint32_t threads; /* >= 1 */
    bool shuffle;     /* debug: visit items in a pseudo-random order */
    uint64_t rounds;  /* phases run so far; seeds the shuffle */
};

/* threads = 0 takes what OMP_NUM_THREADS or the machine offers. */
void team_init(struct team *self, uint32_t threads);
/* Runs task(context, i, thread) for i < items, each once; returns after the last. Items are
 * handed out one at a time; expensive ones should have low numbers. */
void team_run(struct team *self, uint32_t items, team_task task, void *context);

#endif
