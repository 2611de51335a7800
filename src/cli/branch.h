/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Runs that begin from the state of another: `run --from`, `compare --from`.
 */
#ifndef CLI_BRANCH_H
#define CLI_BRANCH_H

#include "command.h"
#include "io/resolved.h"

/* The state that --from and --day name, and the scenario of its run. Zeroed: none. */
struct branch {
    char *folder, *state; /* owned; the run's folder, the file */
    struct resolved past; /* text owned */
};

/* Finds the state and reads its scenario into `model`, which is empty after a failure. */
enum status branch_open(struct branch *self, const struct arguments *arguments,
                        struct model *model, struct errors *errors) MUST_CHECK;
void branch_free(struct branch *self);
/* "PATH=VALUE", from the state on: what is a run's own affair (days, name, luck) as it is, all
 * else as a policy change of the branch's first close. STATUS_BAD_INPUT for what is read at the
 * start only; `where` ("command line", a file) begins its line. */
enum status branch_set(const struct branch *self, struct parameters *parameters,
                       const char *text, const char *where, struct errors *errors) MUST_CHECK;
/* Is there a day to run? */
enum status branch_check_days(const struct branch *self, const struct parameters *parameters,
                              const char *from, struct errors *errors) MUST_CHECK;

#endif
