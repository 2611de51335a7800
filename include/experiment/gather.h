/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One tidy table of a sweep, from the folders of its trials or from the packs.
 *
 * Long: a row a point, replication and metric: point,replicate,AXIS,...,metric,value. Wide: a
 * row a point and replication, a column a metric. Metrics are those of experiment/figures.h;
 * one without a value is empty. Rows come in the order of points and replications, so a table
 * is a function of the sweep, however often it was interrupted. Trials that failed or have not
 * ended have no rows. Memory holds one trial, and in a wide table the names of the metrics.
 */
#ifndef EXPERIMENT_GATHER_H
#define EXPERIMENT_GATHER_H

#include <stdio.h>

#include "experiment/kept.h"
#include "experiment/plan.h"

struct gather_options {
    const struct plan *plan; /* borrowed */
    const char *metrics;     /* "watch_hours,programming.*": shell patterns; NULL = all */
    bool wide;
};

struct gather_counts {
    uint64_t done, failed, absent;
    uint64_t claimed; /* of the absent ones; gather_count alone looks for that */
    uint64_t sealed;  /* of the failed ones: in packs, where nothing is tried again; the same */
};

/* Looks at one trial; `figures` are those of one that is done. */
typedef enum status (*gather_trial)(void *context, const struct plan_walk *walk,
                                    const struct kept *kept, const struct figures *figures);
/* Calls `each` for every trial that has ended, in order, until it returns no STATUS_OK. */
enum status gather_each(const struct plan *plan, gather_trial each, void *context,
                        struct gather_counts *counts, struct errors *errors) MUST_CHECK;
/* Does one of the patterns, separated by commas, fit? NULL fits all. */
bool gather_wants(const char *patterns, const char *name);
/* Fits every pattern a figure of some trial? STATUS_USAGE with a line for each that fits none.
 * Reads trials until all have fitted; where none is done it cannot be told. */
enum status gather_check(const struct plan *plan, const char *patterns,
                         struct errors *errors) MUST_CHECK;
enum status gather_table(const struct gather_options *options, FILE *to,
                         struct gather_counts *counts, struct errors *errors) MUST_CHECK;
/* gather_database.c: the rows of the long table as the table `results` of a new SQLite file, an
 * axis of whole numbers, numbers or words as the type that fits. STATUS_FAULT when the program
 * was built without SQLite. */
enum status gather_database(const struct gather_options *options, const char *path,
                            struct gather_counts *counts, struct errors *errors) MUST_CHECK;
/* point,replicate,AXIS,...,exit,seed,message of the trials that failed. */
enum status gather_failed(const struct plan *plan, FILE *to, struct errors *errors) MUST_CHECK;
/* From folders and packs; a look a trial. */
enum status gather_count(const struct plan *plan, struct gather_counts *counts,
                         struct errors *errors) MUST_CHECK;

#endif
