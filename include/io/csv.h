/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reading a table of a finished run (RFC 4180) row by row: a videos.csv may be larger than the
 * memory that pictures deserve.
 */
#ifndef IO_CSV_H
#define IO_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct csv {
    FILE *stream;                 /* owned */
    char *head, *line;            /* owned; the text that name[] and field[] point into */
    size_t head_room, line_room;  /* bytes of the two */
    char **name, **field;         /* owned arrays; borrowed texts, valid until csv_next */
    size_t name_room, field_room; /* pointers of the two */
    size_t columns, fields;
};

/* Opens a table, plain or packed, and reads its header; false when it is not there or empty.
 * What is damaged ends the table. */
bool csv_open(struct csv *self, const char *folder, const char *file);
/* The same from a stream, which is taken over and closed. */
bool csv_take(struct csv *self, FILE *stream);
/* Works on a zeroed object. */
void csv_close(struct csv *self);
/* The next row; false at the end. Blank lines are passed over. */
bool csv_next(struct csv *self);

/* The ordinal of a column, `columns` when there is none of that name. */
size_t csv_column(const struct csv *self, const char *name);
/* A field of this row: "" and NaN when it is empty or the column is not there. */
const char *csv_text(const struct csv *self, size_t column);
double csv_number(const struct csv *self, size_t column);

#endif
