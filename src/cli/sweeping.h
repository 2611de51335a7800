/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A sweep's file, its scenario and its folder, for the commands that run trials of it: sweep,
 * sensitivity.
 */
#ifndef CLI_SWEEPING_H
#define CLI_SWEEPING_H

#include "sweep.h"

#define SWEEPING_FOLDER (SCHEMA_TEXT_SIZE + 64)

/* The sweep's file (arguments->operand[0]) alone. */
enum status sweeping_open(struct sweeping *self, struct errors *errors) MUST_CHECK;
/* Its scenario, with all that is wrong in it: from `pin`, if that is set, which has the
 * settings of the sweep's file already. */
enum status sweeping_read(struct sweeping *self, struct errors *errors) MUST_CHECK;
/* The settings of a file ("run.days = 20") before those of the command line: `out` is `given`
 * with both; `text` holds the file's. */
enum status sweeping_settings(const struct arguments *given, const struct name_list *set,
                              char (*text)[SCHEMA_NAME_SIZE], struct arguments *out,
                              struct errors *errors) MUST_CHECK;
/* Where results go without --out: output/NAME, that of the file when it is empty, with `suffix`
 * behind it. */
void sweeping_folder(const char *file, const char *name, const char *suffix,
                     char folder[SWEEPING_FOLDER]);
int64_t sweeping_seed(const struct sweeping *self); /* run.seed of its scenario */
void sweeping_free(struct sweeping *self);          /* and the object itself */

#endif
