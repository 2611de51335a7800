/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One try at a trial: a folder FOLDER.attempt-HOST-PID-TIME, locked while its owner lives, that
 * holds what the run writes (`run`) and what it says (`messages`) until it is taken over or
 * thrown away.
 */
#ifndef EXPERIMENT_ATTEMPT_H
#define EXPERIMENT_ATTEMPT_H

#include "experiment/trial.h"

struct attempt {
    char *folder, *run, *messages; /* owned paths */
    int lock;
};

#define ATTEMPT_HOST_SIZE 64
/* The host's name as a part of a file's. */
void attempt_host(char out[ATTEMPT_HOST_SIZE]);

/* Makes and locks the folder. STATUS_IO, STATUS_NO_MEMORY. */
enum status attempt_begin(struct attempt *self, const char *trial_folder,
                          struct errors *errors) MUST_CHECK;
/* What the run left becomes the trial's folder, unless another's is there; the attempt is
 * removed. STATUS_IO. */
enum status attempt_commit(struct attempt *self, const char *trial_folder,
                           struct errors *errors) MUST_CHECK;
/* The same with the file `failed`, made from `why` (its message is filled in), unless the trial
 * is done. */
enum status attempt_fail(struct attempt *self, const char *trial_folder,
                         struct trial_failure *why, struct errors *errors) MUST_CHECK;
/* Removes it; works on a zeroed one. */
void attempt_drop(struct attempt *self);
/* Removes the attempts in a folder whose owners, on this host, are no more. */
void attempt_clean(const char *place);

#endif
