/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How the rows of an interaction log are written: what parts the fields, which column holds
 * what. Found from its first line and what the user said of it.
 */
#ifndef IO_LOG_FORMAT_H
#define IO_LOG_FORMAT_H

#include "io/log.h"
#include "lines.h"

/* Those from LOG_AUTHOR on are details: looked for only when they are wanted. LOG_ACT and those
 * behind it are acts, in the order of enum audience_act. */
enum log_column {
    LOG_USER,
    LOG_ITEM,
    LOG_VALUE,
    LOG_TIME,
    LOG_AUTHOR,
    LOG_ACT,
    LOG_COLUMNS = LOG_ACT + AUDIENCE_ACTS
};

struct log_format {
    char delimiter[4];           /* "\t", ",", ";", "|", "::" or " " */
    int at[LOG_COLUMNS];         /* which field; -1 = the log has none */
    int columns;                 /* of `at`, how many are looked at */
    int last;                    /* the largest of them */
    bool header;                 /* the first line names the columns */
    double seconds;              /* of one unit of time: 1 or 0.001 */
    char words[LOG_FORMAT_SIZE]; /* for people: "tabs, user=0, item=1 (movielens)" */
};

extern const char *const log_column_name[LOG_COLUMNS];

/* The format of a log whose first line is `line`. STATUS_BAD_INPUT for an unknown preset, a
 * column map that cannot be read, a column that is not there (with the nearest that is). */
enum status log_format_find(struct log_format *self, const char *path, struct field line,
                            const struct log_options *options,
                            struct errors *errors) MUST_CHECK;

/* Cuts the next field off `rest`; false when there is none. Spaces around it are not its own;
 * a field in double quotes may hold delimiters, and a pair of quotes inside it stands for
 * itself doubled: it is not undone. rest->text = NULL afterwards: that was the last. */
bool log_format_cut(const struct log_format *self, struct field *rest, struct field *out);

/* A decimal number that is all of the field and finite. */
bool log_format_number(struct field field, double *out);

#endif
