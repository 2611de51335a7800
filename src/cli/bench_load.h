/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Was a measurement disturbed by a foreign load? Machines are shared: what others took of the
 * processors while we measured tells a slow program from one that had to wait.
 */
#ifndef CLI_BENCH_LOAD_H
#define CLI_BENCH_LOAD_H

#include <stdbool.h>
#include <stdint.h>

/* Seconds: by the clock; of processor time of this process and the children that it has waited
 * for; of all processes on all processors (0 for ever where there is no /proc/stat). */
struct bench_load {
    double wall, own, busy;
};

struct bench_load bench_load_now(void);
/* Share of the machine's processor time between two instants that went to others, in [0, 1]. */
double bench_load_foreign(const struct bench_load *from, const struct bench_load *to,
                          uint32_t processors);
/* Whether what ran in between on `threads` threads was disturbed: others had more than a
 * twentieth of the machine, or a single thread less than 19 twentieths of its processor.
 * (Several threads wait for each other, too: their own time says nothing.) A tenth of a second
 * is forgiven, for the clocks of the system are coarse. */
bool bench_load_disturbed(const struct bench_load *from, const struct bench_load *to,
                          uint32_t processors, uint32_t threads);

#endif
