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

/* "7", "2.5": a day; STATES_LAST without a text. */
enum status states_read_day(const char *text, double *day, struct errors *errors) MUST_CHECK;
/* The last state at or before `day` of a finished run's folder; with STATES_LAST, of one that
 * was interrupted (`folder` or folder.partial), its checkpoint if that is newer. *run and
 * *state are owned by the caller. STATUS_BAD_INPUT, with what to do about it, when there is
 * none. */
enum status states_find(const char *folder, double day, char **run, char **state,
                        struct errors *errors) MUST_CHECK;

/* The same of a path that may be one state itself, FOLDER/states/day_NNNN or FOLDER/checkpoint;
 * `day` as states_read_day takes it. */
enum status states_resolve(const char *from, const char *day, char **run, char **state,
                           struct errors *errors) MUST_CHECK;

#endif
