/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * PHOLD, the usual yardstick of parallel event engines (Fujimoto 1990): each event makes one
 * more, here with chance 1 - remote, else at a uniformly drawn process, after lookahead + an
 * exponential time; the mean of both together is 1.
 */
#ifndef ENGINE_PHOLD_H
#define ENGINE_PHOLD_H

#include "base/status.h"
#include "engine/team.h"

struct phold_options {
    uint32_t processes, events; /* logical processes, events at each at the start */
    double remote, lookahead;   /* share in [0, 1]; part of the mean time, (0, 1) */
    double duration;            /* in mean times */
    uint32_t shards;            /* power of two */
    uint64_t seed;
};

struct phold_result {
    uint64_t events, pending, state_hash; /* the hash does not depend on threads or shards */
    double seconds;                       /* wall, without the set-up */
};

enum status phold_run(const struct phold_options *options, struct team *team,
                      struct phold_result *result, struct errors *errors) MUST_CHECK;

/* One process's step, shared with the sequential oracle of the tests: folds the event's time
 * into the process's state and draws where and after how many ms the next one happens. */
struct phold_process {
    uint64_t state;
    uint32_t count;
};
struct phold_step {
    uint32_t to;
    int64_t delay;
};
#define PHOLD_UNIT 1000000 /* ms of the mean time */
struct phold_step phold_advance(struct phold_process *process, uint32_t number, int64_t now,
                                const struct phold_options *options);
uint64_t phold_hash(const struct phold_process *process, uint32_t number);

#endif
