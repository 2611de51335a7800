/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The folder of a run's results and the tables in it.
 *
 * While the run goes on the folder is FINAL.partial, locked; when it is whole and on the disk
 * it is renamed. A finished folder is replaced only with `force`, only at the end (the two
 * folders trade names at once), and only if it holds a manifest.json: nothing else is ever
 * removed.
 *
 * Tables are CSV (RFC 4180), written as rows come, those of names that end in .zst packed;
 * their lengths are a part of a checkpoint, so that a resumed run cuts off what was written
 * later and ends with the same bytes, and a branch takes from the run that it comes from what
 * that had written by then.
 */
#ifndef IO_RESULTS_H
#define IO_RESULTS_H

#include <stdio.h>

#include "base/visit.h"
#include "measure/rows.h"

struct packed;

struct results {
    char *final, *partial; /* owned paths */
    int lock;              /* descriptor of FINAL.partial/lock */
    bool force;
    bool unwanted[TABLES]; /* not written at all */
    FILE *stream[TABLES];  /* owned; NULL = not opened yet */
    struct table_shape shape[TABLES];
    struct packed *packed[TABLES]; /* owned; of tables that are written packed */
    int64_t mark[TABLES];          /* bytes at the last checkpoint; -1 = unwanted */
    char *row;                     /* owned; the row that is being written */
    size_t row_used, row_room;
    enum status status; /* the first failed write */
    int reason;         /* its errno */
};

struct results_options {
    const char *folder; /* final name, e.g. "output/quickstart" */
    bool force, resume;
    const char *tables; /* "series,cohorts": those to write; NULL = all, or those that were
                           written until then; not looked at when a run is resumed */
    bool name_only;     /* another process of this run writes: nothing is opened */
};

/* Makes and locks FOLDER.partial. STATUS_BAD_INPUT when FOLDER is finished and force is not
 * set, when `tables` names one that there is not, when it is no run's folder, when another
 * process works on it, when there is nothing to resume, or when there is and neither resume nor
 * force is set; STATUS_IO else. */
enum status results_open(struct results *self, const struct results_options *options,
                         struct errors *errors) MUST_CHECK;
/* Closes and unlocks; a folder that is not finished stays as FOLDER.partial. Works when zeroed.
 */
void results_free(struct results *self);
/* Removes FOLDER.partial of a run that never began, if it is ours. */
void results_discard(struct results *self);

/* The columns of a table; before its first row. */
void results_shape(struct results *self, enum table_id table, struct table_shape shape);
struct row_sink results_sink(struct results *self);
/* Path of a file in the folder that is being written; owned by the caller. */
char *results_path(const struct results *self, const char *name);

/* Syncs all tables and notes their lengths, for a checkpoint that follows. */
enum status results_mark(struct results *self, struct errors *errors) MUST_CHECK;
/* The noted lengths, and what of packed tables is not in their files yet: a part of the
 * checkpoint, after results_shape and, when loading, before results_rewind. */
void results_visit(struct results *self, struct visitor *v);
/* Cuts the tables back to their lengths at the checkpoint that was loaded. STATUS_BAD_INPUT
 * when one is shorter than that. */
enum status results_rewind(struct results *self, struct errors *errors) MUST_CHECK;
/* The same for a run that begins from a state of another, whose tables are in `folder`: they
 * are copied as far as they were written then. */
enum status results_branch(struct results *self, const char *folder,
                           struct errors *errors) MUST_CHECK;
/* Closes the tables and checks that every byte was written; the folder keeps its partial name.
 */
enum status results_close(struct results *self, struct errors *errors) MUST_CHECK;
/* Syncs every file and renames the folder to its final name. */
enum status results_finish(struct results *self, struct errors *errors) MUST_CHECK;

#endif
