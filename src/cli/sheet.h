/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Facts and tables for a person or, as one JSON object, for a program: under the same names.
 * Keys are JSON's ("watch_hours"); a person reads spaces for the underscores.
 */
#ifndef CLI_SHEET_H
#define CLI_SHEET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct sheet_column {
    const char *key;
    int width;  /* for a person; 0 = not shown to one */
    int digits; /* behind the point; negative = a text */
};

struct sheet {
    FILE *to; /* borrowed */
    bool json, first;
    const struct sheet_column *column; /* of the open table */
    size_t columns, at;                /* next cell of the row */
    size_t rows;
};

void sheet_begin(struct sheet *self, FILE *to, bool json);
void sheet_end(struct sheet *self);
/* A fact; NaN = not known. */
void sheet_text(struct sheet *self, const char *key, const char *value);
void sheet_number(struct sheet *self, const char *key, double value, int digits);
void sheet_flag(struct sheet *self, const char *key, bool value);
/* A table: cells go row by row, as many as there are columns. `title` is for a person. */
void sheet_table(struct sheet *self, const char *key, const char *title,
                 const struct sheet_column *column, size_t columns);
void sheet_cell(struct sheet *self, double value);
void sheet_word(struct sheet *self, const char *value);
void sheet_table_end(struct sheet *self);

#endif
