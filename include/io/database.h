/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One table in a new SQLite file, written row by row, that appears whole or not at all (as
 * io/file.h's files do). Where the program was built without SQLite, database_create says so.
 */
#ifndef IO_DATABASE_H
#define IO_DATABASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

enum database_type { DATABASE_INTEGER, DATABASE_REAL, DATABASE_TEXT };

struct database_column {
    const char *name; /* any text */
    enum database_type type;
};

struct database_shape {
    const char *table; /* its name */
    const struct database_column *columns;
    size_t count;
};

struct database;

/* Is SQLite built in? */
bool database_there(void);
/* An empty table of that shape. STATUS_FAULT without SQLite, STATUS_IO, STATUS_NO_MEMORY; self
 * is NULL then. */
enum status database_create(struct database **self, const char *path,
                            const struct database_shape *shape,
                            struct errors *errors) MUST_CHECK;
/* The cells of the row that is being made, in the order of columns. A number that is not finite
 * is NULL. */
void database_integer(struct database *self, int64_t value);
void database_real(struct database *self, double value);
void database_text(struct database *self, const char *value);
/* Ends the row. STATUS_IO for it and for its cells. */
enum status database_row(struct database *self, struct errors *errors) MUST_CHECK;
/* Makes an index over a column, ends the file and gives it its name. Frees self whatever comes.
 */
enum status database_commit(struct database *self, const char *indexed,
                            struct errors *errors) MUST_CHECK;
/* Throws it away; NULL is fine. */
void database_discard(struct database *self);

#endif
