/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the commands of experiments (compare, sweep, ...) share: their options, and a crew that
 * is ready to run.
 */
#ifndef CLI_EXPERIMENT_H
#define CLI_EXPERIMENT_H

#include <stdio.h>

#include "command.h"
#include "experiment/crew.h"
#include "progress.h"

/* Is it one of these commands? They look at their options themselves. */
bool experiment_is(const char *command);
/* Refuses options of EXPERIMENT_OPTION_LIST whose bit (1 << id) is not in `taken`; `what` is
 * the command for the message. */
enum status experiment_options_only(const struct arguments *arguments, const char *what,
                                    uint32_t taken, struct errors *errors);
static inline bool experiment_asked(const struct arguments *arguments,
                                    enum experiment_option option)
{
    return arguments->experiment[option] != NULL;
}
/* The whole number given for an option, if one was, in [1, most]; *value stays as it is
 * otherwise. */
enum status experiment_number(const struct arguments *arguments, enum experiment_option option,
                              int64_t most, int64_t *value, struct errors *errors);

/* The command that makes a result again, as a shell takes it: operands, settings, the options
 * of `told` (bits 1 << id) that were given, and where its files go. What changes no figure is
 * left out (--jobs, --threads, --quiet, ...). */
void experiment_again(const struct arguments *arguments, const char *command, uint32_t told,
                      FILE *to);

/* --jobs and --on-error alone, before anything is written. STATUS_USAGE. */
enum status experiment_crew_check(const struct arguments *arguments,
                                  struct errors *errors) MUST_CHECK;
/* Fills in how many trials run at a time with how many threads (--jobs, --threads; else chosen
 * for this machine from the memory of one: a forecast of `model`, but for worlds so small that
 * memory cannot matter), the policy (--on-error) and Ctrl-C. `trials` = 0: not known. */
enum status experiment_crew(struct crew_options *out, const struct arguments *arguments,
                            const struct model *model, uint64_t trials, struct errors *errors);
/* Its progress line, on a terminal; call progress_end when the crew is done. */
void experiment_show(struct crew_options *out, const struct arguments *arguments,
                     struct progress *line);
/* Bytes that a run of it needs at most, roughly; forecast when memory may matter. */
enum status experiment_bytes(const struct model *model, double free_bytes, double *bytes,
                             struct errors *errors);

#endif
