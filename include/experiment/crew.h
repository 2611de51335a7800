/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A crew runs a list of trials, some at a time, each in a process of its own.
 *
 * How to use it: fill a struct crew_options (crew_size chooses how many at a time from what one
 * takes), hand in a source that names one trial after the other, and call crew_run. Trials
 * whose folder is done are passed over, so the same call goes on where an earlier one was
 * killed; read what they measured with experiment/figures.h. The source is asked for a trial
 * only when there is a hand free for it: it may look at what is done by then, and memory does
 * not grow with the number of trials.
 *
 * Several crews, on one machine or many, may share one list (`stale_s`): each claims a trial
 * before it runs it, passes over those that others claimed, and at the end waits for these:
 * what its owner left half done is taken over.
 *
 *     struct crew_source source = {&list, next_of_list, NULL};
 *     status = crew_run(&options, &source, &progress, errors);
 */
#ifndef EXPERIMENT_CREW_H
#define EXPERIMENT_CREW_H

#include <signal.h>

#include "experiment/trial.h"

/* When a trial fails, by exit code or signal: go on with the others, stop, or try it twice more
 * and then go on. Its folder says that it failed in any case. */
#define CREW_POLICY_WORDS "skip|stop|retry"
enum crew_policy { CREW_SKIP, CREW_STOP, CREW_RETRY };
#define CREW_TRIES 3

struct crew_progress {
    uint64_t total;                /* trials in all, 0 = not known */
    uint64_t before, done, failed; /* done before this call, in it, failed in it */
    uint64_t failed_before;        /* and not tried again */
    uint32_t running;
    double seconds;    /* of this call */
    char failure[600]; /* folder of the first that failed in it */
    char last[600];    /* and of the last that ended in it */
};

struct crew_options {
    uint32_t jobs;    /* processes at a time, at least 1 */
    uint32_t threads; /* of each, at least 1 */
    enum crew_policy policy;
    bool again;          /* trials that failed before are tried again */
    double stale_s;      /* > 0: others share the work; older claims (s) are dead ones'. The
                            source must know `again` */
    const char *program; /* that can `run`; NULL = this one */
    uint64_t total;      /* trials that the source will name; 0 = not known */
    const volatile sig_atomic_t *interrupted; /* looked at twice a second; may be NULL */
    void (*show)(void *context, const struct crew_progress *progress); /* may be NULL */
    void *show_context;
};

/* Names the next trial; its folder is NULL behind the last one. What it points at must stay
 * until the next call. `again` goes back to the first one; it may be NULL. */
struct crew_source {
    void *context;
    enum status (*next)(void *context, struct trial *trial);
    enum status (*again)(void *context);
};

/* Runs them all. Failed trials are counted and STATUS_OK is returned, but STATUS_FAULT with
 * CREW_STOP. STATUS_INTERRUPTED when asked to stop: the running ones are ended and begin anew
 * in the next call. STATUS_IO when a folder cannot be written. `progress` is filled in whatever
 * comes. */
enum status crew_run(const struct crew_options *options, const struct crew_source *source,
                     struct crew_progress *progress, struct errors *errors) MUST_CHECK;

/* Removes what crews that were killed left in a folder of trials: attempts whose owners, on
 * this host, are no more, and claims of trials that are done. Others may be at work there. */
void crew_tidy(const char *place);

/* What the machine leaves to this process: cores it may run on, bytes of memory that are free
 * (the least of the system's and of its control group's). */
struct crew_machine {
    uint32_t cores;
    double free_bytes;
};
struct crew_machine crew_machine(void);

/* How many at a time with how many threads: one thread each and as many as there are cores,
 * fewer when together they would take over four fifths of the free memory or there are fewer
 * trials; threads then share the cores that are left. `jobs` and `threads` come forced, or 0.
 */
void crew_size(const struct crew_machine *machine, double trial_bytes, uint64_t trials,
               uint32_t *jobs, uint32_t *threads);

#endif
