/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the commands share: the options of the command line and a scenario read into a model.
 */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include <signal.h>

#include "sim/model.h"

#define ARGUMENT_SETS_MAX 256

struct arguments {
    const char *command;
    const char *operand[16]; /* what is no option: scenario, folder, path */
    int operand_count;
    const char *set[ARGUMENT_SETS_MAX]; /* "path=value", in order */
    int set_count;
    const char *out;        /* folder of the results; NULL = output/NAME */
    const char *checkpoint; /* "every=1d"; NULL = only when interrupted */
    const char *yardstick;  /* bench: path of the yardstick program */
    uint32_t threads;       /* 0 = what the machine offers */
    bool json, quiet, force, resume, cost, plots, shuffle;
};

struct command {
    const char *name;
    const char *usage; /* after "reelsim " */
    const char *doc;   /* one line */
    enum status (*run)(const struct arguments *arguments, struct errors *errors);
};

enum status command_run(const struct arguments *arguments, struct errors *errors);
enum status command_check(const struct arguments *arguments, struct errors *errors);
enum status command_explain(const struct arguments *arguments, struct errors *errors);
enum status command_list(const struct arguments *arguments, struct errors *errors);
enum status command_bench(const struct arguments *arguments, struct errors *errors);
enum status command_plot(const struct arguments *arguments, struct errors *errors);
enum status command_report(const struct arguments *arguments, struct errors *errors);

/* Reads the scenario (NULL = defaults alone) with its plug-ins, then applies --set in order.
 * All errors are reported in one go; *model is empty after a failure. */
enum status scenario_load(struct model *model, const struct arguments *arguments,
                          const char *path, struct errors *errors) MUST_CHECK;

/* Raised by Ctrl-C and SIGTERM; looked at between windows. The one variable that a signal
 * handler may write. */
extern volatile sig_atomic_t command_interrupted;

#endif
