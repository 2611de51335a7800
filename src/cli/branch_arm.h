/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An arm of `compare --from`: what a scenario's file and --set say otherwise than the run whose
 * state the arms begin with.
 */
#ifndef CLI_BRANCH_ARM_H
#define CLI_BRANCH_ARM_H

#include "branch.h"
#include "world/world.h"

struct branch_arm {
    char name[SCHEMA_TEXT_SIZE]; /* run.name of the file, else the file's */
    char **set;                  /* owned; "PATH=VALUE" */
    size_t count, room;
};

/* Where an arm is from. */
struct branch_arm_source {
    const struct arguments *arguments; /* its --set */
    const char *path;
};
/* `model` has the run's own scenario and gets the arm's settings, as changes of the day of the
 * state. The file may be a whole scenario, a few settings or empty: what it does not give stays
 * as it was. STATUS_BAD_INPUT for what no day may change. */
enum status branch_arm_read(struct branch_arm *self, const struct branch *branch,
                            struct model *model, const struct branch_arm_source *source,
                            struct errors *errors) MUST_CHECK;
void branch_arm_free(struct branch_arm *self); /* works on a zeroed one */

#endif
