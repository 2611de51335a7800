/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The rows of a table that a run left (RFC 4180, plain or packed), read strictly: every row has
 * a cell for each column, a number is a number to its last character. Whatever the bytes, at
 * most a few hundred KiB are held. Not for cells with line ends in them.
 */
#ifndef IO_RECORDS_H
#define IO_RECORDS_H

#include "lines.h"

#define RECORDS_COLUMNS_MAX 512

struct records {
    char *path; /* owned */
    struct lines lines;
    char *head;                             /* owned; the header, that name[] points into */
    struct field name[RECORDS_COLUMNS_MAX]; /* of the columns */
    struct field cell[RECORDS_COLUMNS_MAX]; /* of this row; valid until the next */
    int columns;
    bool more; /* there is a row: the one that was read last */
};

/* Opens a table and reads its header. STATUS_BAD_INPUT with a line: it is not there, damaged,
 * empty, has too many columns. */
enum status records_open(struct records *self, const char *folder, const char *file,
                         struct errors *errors) MUST_CHECK;
/* Works on a zeroed object. */
void records_close(struct records *self);
/* The next row, or more = false behind the last. */
enum status records_next(struct records *self, struct errors *errors) MUST_CHECK;

/* The ordinal of a column; -1 when there is none. */
int records_column(const struct records *self, const char *name);
/* The same; STATUS_BAD_INPUT with a line when there is none. */
enum status records_need(const struct records *self, const char *name, int *column,
                         struct errors *errors) MUST_CHECK;

bool records_same(struct field field, const char *text);
/* Refuses the row with what is wrong of a cell (column < 0: of all of it). */
enum status records_refuse(const struct records *self, int column, const char *what,
                           struct errors *errors) MUST_CHECK;
/* A whole number; micro-units of an amount in major units with up to six digits behind the
 * point; any finite number. */
enum status records_int(const struct records *self, int column, int64_t *out,
                        struct errors *errors) MUST_CHECK;
enum status records_money(const struct records *self, int column, int64_t *out,
                          struct errors *errors) MUST_CHECK;
enum status records_number(const struct records *self, int column, double *out,
                           struct errors *errors) MUST_CHECK;

#endif
