/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One trial of an experiment: a scenario with some settings changed, run once, in a process of
 * its own (experiment/crew.h starts it), that leaves a folder.
 *
 *     FOLDER                          done (manifest.json, series.csv, cohorts.csv), or failed
 *                                     (the one file `failed`)
 *     FOLDER.attempt-HOST-PID-TIME    somebody is at it, or died at it
 *     FOLDER.claim                    whoever shares the work leaves it to this one
 *
 * What has been done is read from the folders alone. A result is a function of scenario,
 * settings, seed and version: two processes, on two nodes, may be at one trial; the first to
 * finish gives FOLDER its name in one step, the other's attempt is thrown away.
 */
#ifndef EXPERIMENT_TRIAL_H
#define EXPERIMENT_TRIAL_H

#include <stdint.h>
#include <stdio.h>

#include "base/status.h"

/* All of it is borrowed. */
struct trial {
    const char *scenario;
    const char *from;       /* a state to begin with in place of the scenario; NULL = none */
    const char *pinned;     /* what the scenario was (io/pinned.h); NULL = as it is by then */
    const char *const *set; /* "path=value", as for --set */
    size_t set_count;
    bool seeded;  /* the command sets run.seed; else the scenario or a setting does */
    int64_t seed; /* in either case; -1 = not known */
    int64_t replicate;
    const char *folder; /* the one that it stands in must be there */
    const char *tables; /* run's --tables; NULL = "series,cohorts", "all" = all */
    uint64_t number;    /* the caller's own */
};

enum trial_state { TRIAL_ABSENT, TRIAL_DONE, TRIAL_FAILED };

enum trial_state trial_state(const char *folder);

/* Why one failed: the file `failed`. */
struct trial_failure {
    int exit_code; /* 128 + the signal that ended it */
    int64_t seed;  /* -1 = not known */
    int64_t replicate;
    char message[1000]; /* what it said, from the front, without the last line's end */
};

/* False when FOLDER is that of no failed trial. */
bool trial_failure_read(const char *folder, struct trial_failure *out);
/* The same from its text; *out is zeroed when that is none. */
bool trial_failure_parse(const char *text, struct trial_failure *out);

/* The words of the command that runs it, ended by NULL: `program run SCENARIO --set ... --out
 * OUT`, or `program run --from STATE ...`. trial_words_free frees them; NULL without memory. */
char **trial_words(const struct trial *self, const char *program, const char *out,
                   uint32_t threads);
void trial_words_free(char **words);
/* A word for a shell, quoted where it has to be. */
void trial_quote(const char *word, FILE *to);
/* The same as one line for a shell, quoted where it has to be, ended by '\n'. */
enum status trial_print(const struct trial *self, const char *program, FILE *to) MUST_CHECK;

#endif
