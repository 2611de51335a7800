/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The folder of a run's results and the tables in it.
 *
 * While the run goes on the folder is FINAL.partial, locked; when it is whole it is renamed. A
 * finished folder is replaced only with `force`, and only at the end. Tables are plain CSV (RFC
 * 4180), written as rows come; their lengths at a checkpoint are kept beside it, so that a
 * resumed run cuts off what was written later and ends with the same bytes.
 */
#ifndef IO_RESULTS_H
#define IO_RESULTS_H

#include <stdio.h>

#include "measure/rows.h"

struct results {
    char *final, *partial; /* owned paths */
    int lock;              /* descriptor of FINAL.partial/lock */
    bool force;
    FILE *stream[TABLES]; /* owned; NULL = not opened yet */
    struct table_shape shape[TABLES];
    enum status status; /* the first failed write */
};

struct results_options {
    const char *folder; /* final name, e.g. "output/quickstart" */
    bool force, resume;
};

/* Makes and locks FOLDER.partial. STATUS_BAD_INPUT when FOLDER is finished and force is not
 * set, when another process works on it, or when there is nothing to resume; STATUS_IO else. */
enum status results_open(struct results *self, const struct results_options *options,
                         struct errors *errors) MUST_CHECK;
/* Closes and unlocks; a folder that is not finished stays as FOLDER.partial. Works when zeroed.
 */
void results_free(struct results *self);
/* Removes FOLDER.partial of a run that never began. */
void results_discard(struct results *self);

/* The columns of a table; before its first row. */
void results_shape(struct results *self, enum table_id table, struct table_shape shape);
struct row_sink results_sink(struct results *self);
/* Path of a file in the folder that is being written; owned by the caller. */
char *results_path(const struct results *self, const char *name);

/* Flushes all tables and writes their lengths (a checkpoint follows); results_rewind cuts them
 * back to those lengths. */
enum status results_mark(struct results *self, struct errors *errors) MUST_CHECK;
enum status results_rewind(struct results *self, struct errors *errors) MUST_CHECK;
/* Closes the tables and checks that every byte was written; the folder keeps its partial name.
 */
enum status results_close(struct results *self, struct errors *errors) MUST_CHECK;
/* Renames to the final name. */
enum status results_finish(struct results *self, struct errors *errors) MUST_CHECK;

#endif
