/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sheet.h"

#include <math.h>
#include <string.h>

#include "base/status.h"
#include "io/manifest.h"
#include "io/utf8.h"

#define KEY_WIDTH 24

void sheet_begin(struct sheet *self, FILE *to, bool json)
{
    *self = (struct sheet){.to = to, .json = json, .first = true};
    if (json) fputs("{", to);
}

void sheet_end(struct sheet *self) { fputs(self->json ? "\n}\n" : "", self->to); }

static void spaced(FILE *to, const char *key)
{
    for (; *key; key++) putc(*key == '_' ? ' ' : *key, to);
}

static void begin_fact(struct sheet *self, const char *key)
{
    if (self->json) {
        fputs(self->first ? "\n  " : ",\n  ", self->to);
        manifest_text(self->to, key);
        fputs(": ", self->to);
    } else {
        int n = (int)strlen(key);
        fputs("  ", self->to);
        spaced(self->to, key);
        fprintf(self->to, "%*s", n < KEY_WIDTH ? KEY_WIDTH - n : 1, "");
    }
    self->first = false;
}

static void write_number(FILE *to, double value, int digits, bool json)
{
    if (!isfinite(value))
        fputs(json ? "null" : "-", to);
    else if (json)
        fprintf(to, "%.9g", value);
    else
        fprintf(to, "%.*f", digits, value);
}

void sheet_text(struct sheet *self, const char *key, const char *value)
{
    begin_fact(self, key);
    if (self->json)
        manifest_text(self->to, value);
    else
        fprintf(self->to, "%s\n", value);
}

void sheet_number(struct sheet *self, const char *key, double value, int digits)
{
    begin_fact(self, key);
    write_number(self->to, value, digits, self->json);
    if (!self->json) putc('\n', self->to);
}

void sheet_flag(struct sheet *self, const char *key, bool value)
{
    begin_fact(self, key);
    if (self->json)
        fputs(value ? "true" : "false", self->to);
    else
        fputs(value ? "yes\n" : "no\n", self->to);
}

/* ----------------------------------------------------------------------------------- tables */

static void heading(const struct sheet *self, const char *title)
{
    fprintf(self->to, "\n%s\n ", title);
    for (size_t c = 0; c < self->columns; c++) {
        const struct sheet_column *column = &self->column[c];
        if (column->width == 0) continue;
        int n = (int)strlen(column->key);
        int room = column->width > n ? column->width - n : 0;
        putc(' ', self->to);
        if (column->digits >= 0) fprintf(self->to, "%*s", room, "");
        spaced(self->to, column->key);
        if (column->digits < 0) fprintf(self->to, "%*s", room, "");
    }
    putc('\n', self->to);
}

void sheet_table(struct sheet *self, const char *key, const char *title,
                 const struct sheet_column *column, size_t columns)
{
    self->column = column;
    self->columns = columns;
    self->at = self->rows = 0;
    if (!self->json) {
        heading(self, title);
        return;
    }
    begin_fact(self, key);
    putc('[', self->to);
}

static const struct sheet_column *begin_cell(struct sheet *self)
{
    const struct sheet_column *column = &self->column[self->at];
    if (self->json) {
        if (self->at == 0) fputs(self->rows ? ",\n    {" : "\n    {", self->to);
        if (self->at) fputs(", ", self->to);
        manifest_text(self->to, column->key);
        fputs(": ", self->to);
    } else {
        fputs(self->at == 0 ? "  " : column->width ? " " : "", self->to);
    }
    return column;
}

static void end_cell(struct sheet *self)
{
    if (++self->at < self->columns) return;
    fputs(self->json ? "}" : "\n", self->to);
    self->at = 0;
    self->rows++;
}

void sheet_cell(struct sheet *self, double value)
{
    const struct sheet_column *column = begin_cell(self);
    require(column->digits >= 0);
    if (self->json)
        write_number(self->to, value, column->digits, true);
    else if (column->width && isfinite(value))
        fprintf(self->to, "%*.*f", column->width, column->digits, value);
    else if (column->width)
        fprintf(self->to, "%*s", column->width, "-");
    end_cell(self);
}

/* Characters of a text, for its width. */
static int characters(const char *text)
{
    int n = 0;
    for (; *text; text++) n += ((unsigned char)*text & 0xc0) != 0x80;
    return n;
}

void sheet_word(struct sheet *self, const char *value)
{
    const struct sheet_column *column = begin_cell(self);
    require(column->digits < 0);
    if (self->json) {
        manifest_text(self->to, value);
    } else if (column->width) {
        int n = characters(value);
        fprintf(self->to, "%s%*s", value, n < column->width ? column->width - n : 0, "");
    }
    end_cell(self);
}

void sheet_table_end(struct sheet *self)
{
    if (self->json) fputs(self->rows ? "\n  ]" : "]", self->to);
    if (!self->json && !self->rows) fputs("  (nothing)\n", self->to);
    self->column = NULL;
}
