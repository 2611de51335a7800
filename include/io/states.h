/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * States that a run keeps for those who look inside later: FOLDER/states/day_NNNN, each a
 * checkpoint (io/checkpoint.h) of the instant at which day NNNN begins.
 */
#ifndef IO_STATES_H
#define IO_STATES_H

#include "base/status.h"

#define STATES_LAST 1e9 /* a day behind all others */

/* FOLDER/states/day_NNNN, with the folder made; owned by the caller. NULL with a line in
 * errors. */
char *states_path(const char *folder, long day, struct errors *errors);

/* The last state at or before `day` of a finished run's folder; with STATES_LAST, of one that
 * was interrupted (`folder` or folder.partial), its checkpoint if that is newer. *run and
 * *state are owned by the caller. STATUS_BAD_INPUT, with what to do about it, when there is
 * none. */
enum status states_find(const char *folder, double day, char **run, char **state,
                        struct errors *errors) MUST_CHECK;

#endif
