/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * "I am at this one": a file FOLDER.claim beside a trial's folder, made only where there is
 * none, that holds host and process, is locked while its owner lives, and is touched now and
 * then.
 *
 * Claims share work out among processes and nodes; results do not hang on them, because a trial
 * that two have run gives the same bytes and the second is thrown away (attempt.h). So a claim
 * may be taken over whenever its owner seems dead: on this host when nobody holds the lock,
 * elsewhere when it was not touched for `stale_s` seconds by the clock of the file system.
 */
#ifndef EXPERIMENT_CLAIM_H
#define EXPERIMENT_CLAIM_H

#include <stdbool.h>

#include "base/status.h"

struct claim {
    char *path;     /* owned; NULL = there is none */
    int lock;       /* its open file */
    double stale_s; /* touched four times in this */
    double touched; /* monotonic seconds */
};

/* *held tells whether another has it; else it is ours. STATUS_IO, STATUS_NO_MEMORY. */
enum status claim_take(struct claim *self, const char *folder, double stale_s, bool *held,
                       struct errors *errors) MUST_CHECK;
/* To be called often; touches the file when it is time. */
void claim_beat(struct claim *self);
/* Removes the file if it is still ours. Works on a zeroed one. */
void claim_release(struct claim *self);
/* Has anybody claimed it, alive or dead? */
bool claim_is_there(const char *folder);

#endif
