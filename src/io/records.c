/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "records.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "io/file.h"

/* A line's cells, without quotes around them; how many, -1 when there are too many. */
static int cut(struct field line, struct field cell[RECORDS_COLUMNS_MAX])
{
    const char *at = line.text, *end = line.text + line.length;
    for (int n = 0; n < RECORDS_COLUMNS_MAX; n++) {
        const char *from = at;
        bool quoted = at < end && *at == '"';
        if (quoted) {
            for (at++; at < end && !(*at == '"' && (at + 1 == end || at[1] == ',')); at++)
                if (*at == '"' && at[1] == '"') at++;
            from++;
        } else {
            const char *comma = memchr(at, ',', (size_t)(end - at));
            at = comma ? comma : end;
        }
        if (at > end) at = end;
        cell[n] = (struct field){from, (size_t)(at - from)};
        if (quoted && at < end) at++;
        if (at == end) return n + 1;
        at++;
    }
    return -1;
}

static enum status complain(const struct records *self, const char *what, struct errors *errors)
{
    return errors_add(errors, STATUS_BAD_INPUT, "%s:%llu: %s", self->path,
                      (unsigned long long)self->lines.number, what);
}

/* The next line, which must be text. */
static enum status next_line(struct records *self, struct field *line, struct errors *errors)
{
    bool whole = true;
    enum status status = lines_next(&self->lines, line, &whole, errors);
    if (status || !line->text) return status;
    if (!whole) return complain(self, "the line is longer than 64 KiB", errors);
    if (memchr(line->text, 0, line->length))
        return complain(self, "the line holds a zero byte", errors);
    return STATUS_OK;
}

static enum status read_head(struct records *self, struct errors *errors)
{
    struct field line;
    enum status status = next_line(self, &line, errors);
    if (status) return status;
    if (!line.text || !line.length)
        return errors_add(errors, STATUS_BAD_INPUT, "%s: has no header", self->path);
    self->head = memory_alloc(line.length + 1, 1);
    if (!self->head) return STATUS_NO_MEMORY;
    memcpy(self->head, line.text, line.length);
    self->columns = cut((struct field){self->head, line.length}, self->name);
    return self->columns > 0 ? STATUS_OK : complain(self, "has too many columns", errors);
}

enum status records_open(struct records *self, const char *folder, const char *file,
                         struct errors *errors)
{
    *self = (struct records){.path = file_join(folder, file)};
    if (!self->path) return STATUS_NO_MEMORY;
    enum status status = lines_open(&self->lines, self->path, errors);
    return status ? status : read_head(self, errors);
}

void records_close(struct records *self)
{
    lines_close(&self->lines);
    memory_free(self->head);
    free(self->path);
    *self = (struct records){0};
}

enum status records_next(struct records *self, struct errors *errors)
{
    struct field line = {0};
    enum status status = next_line(self, &line, errors);
    self->more = !status && line.text;
    if (!self->more) return status;
    int n = cut(line, self->cell);
    if (n == self->columns) return STATUS_OK;
    self->more = false;
    return complain(self, "has not as many cells as the header has columns", errors);
}

bool records_same(struct field field, const char *text)
{
    return field.length == strlen(text) && memcmp(field.text, text, field.length) == 0;
}

int records_column(const struct records *self, const char *name)
{
    for (int c = 0; c < self->columns; c++)
        if (records_same(self->name[c], name)) return c;
    return -1;
}

enum status records_need(const struct records *self, const char *name, int *column,
                         struct errors *errors)
{
    *column = records_column(self, name);
    if (*column >= 0) return STATUS_OK;
    return errors_add(errors, STATUS_BAD_INPUT, "%s: has no column %s", self->path, name);
}

enum status records_refuse(const struct records *self, int column, const char *what,
                           struct errors *errors)
{
    char text[128], shown[24] = "";
    if (column < 0) return complain(self, what, errors);
    struct field cell = self->cell[column], name = self->name[column];
    for (size_t i = 0; i < cell.length && i + 1 < sizeof shown; i++)
        shown[i] = cell.text[i] < ' ' || cell.text[i] > '~' ? '?' : cell.text[i];
    snprintf(text, sizeof text, "%.*s = %s, %s", (int)(name.length < 32 ? name.length : 32),
             name.text, shown, what);
    return complain(self, text, errors);
}

/* Digits into *out, up to `most` of them; how many, -1 when the number is too large. */
static int digits(const char **at, const char *end, int most, uint64_t *out)
{
    int n = 0;
    for (; *at < end && **at >= '0' && **at <= '9'; (*at)++, n++) {
        uint64_t digit = (uint64_t)(**at - '0');
        if (n == most || *out > (UINT64_MAX - digit) / 10) return -1;
        *out = *out * 10 + digit;
    }
    return n;
}

/* Sign and size to a number; false when it is too large. */
static bool signed_of(bool minus, uint64_t size, int64_t *out)
{
    if (size > (uint64_t)INT64_MAX + minus) return false;
    *out = (int64_t)(minus ? (uint64_t)0 - size : size);
    return true;
}

enum status records_int(const struct records *self, int column, int64_t *out,
                        struct errors *errors)
{
    struct field cell = self->cell[column];
    const char *at = cell.text, *end = cell.text + cell.length;
    bool minus = cell.length > 0 && *at == '-';
    uint64_t size = 0;
    at += minus;
    if (digits(&at, end, 20, &size) > 0 && at == end && signed_of(minus, size, out))
        return STATUS_OK;
    return records_refuse(self, column, "must be a whole number of 64 bits", errors);
}

enum status records_money(const struct records *self, int column, int64_t *out,
                          struct errors *errors)
{
    struct field cell = self->cell[column];
    const char *at = cell.text, *end = cell.text + cell.length;
    bool minus = cell.length > 0 && *at == '-';
    uint64_t size = 0;
    at += minus;
    int n = digits(&at, end, 20, &size), behind = 0;
    if (n > 0 && at < end && *at == '.') {
        at++;
        behind = digits(&at, end, 6, &size);
    }
    bool fine = n > 0 && behind >= 0 && at == end;
    for (; fine && behind < 6; behind++) {
        fine = size <= UINT64_MAX / 10;
        size *= 10;
    }
    if (fine && signed_of(minus, size, out)) return STATUS_OK;
    return records_refuse(self, column,
                          "must be an amount of up to six digits behind the point", errors);
}

enum status records_number(const struct records *self, int column, double *out,
                           struct errors *errors)
{
    struct field cell = self->cell[column];
    char text[64], *end = text;
    if (cell.length > 0 && cell.length < sizeof text) {
        memcpy(text, cell.text, cell.length);
        text[cell.length] = 0;
        *out = strtod(text, &end);
        if (end == text + cell.length && isfinite(*out)) return STATUS_OK;
    }
    return records_refuse(self, column, "must be a number", errors);
}
