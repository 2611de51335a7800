/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A comparison as a part of another command: the same runs, tables and page as those of
 * `reelsim compare`, with that command's own words.
 */
#ifndef CLI_COMPARE_H
#define CLI_COMPARE_H

#include "command.h"
#include "experiment/comparison_report.h"

struct compare_job {
    const struct arguments *arguments; /* as for `reelsim compare` */
    const char *command;               /* that makes it again; NULL = compare's own */
    const char *tables;                /* of each run; NULL = the usual ones */
    /* Called with what was found, before the tables and the page are written; it may set the
     * page's title and answer, whose texts it keeps. What compare says is left out. NULL = it
     * says it. */
    enum status (*found)(void *context, struct comparison_report *report,
                         struct errors *errors);
    void *context;
    uint64_t *failed; /* runs that failed are added, and are the caller's to tell; NULL = they
                         make the command fail */
};

enum status compare_do(const struct compare_job *job, struct errors *errors) MUST_CHECK;

#endif
