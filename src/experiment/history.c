/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/history.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "experiment/paired.h"
#include "io/file.h"

#define HISTORY_MOST (64u << 20)
#define FIELDS_MOST 64
#define VIEWS_MOST 1e12
#define DATES_LEAST 5
#define SPAN_LEAST 14.0 /* days */

struct reading {
    const char *where;
    struct errors *errors;
    size_t line;
    char separator;
    size_t views, date; /* columns; FIELDS_MOST = none */
    double *value;      /* owned */
    size_t count, room;
    size_t dated;
    long first, last; /* days */
};

static enum status wrong(const struct reading *self, const char *what, const char *found)
{
    return errors_add(self->errors, STATUS_BAD_INPUT, "%s:%zu: \"%.40s\": %s", self->where,
                      self->line, found, what);
}

/* Cuts a line into its fields, quotes taken off; false when it has too many or a quote stays
 * open. */
static bool cut(char *line, char separator, char *field[FIELDS_MOST], size_t *fields)
{
    char *at = line;
    for (*fields = 0;;) {
        if (*fields == FIELDS_MOST) return false;
        while (*at == ' ') at++;
        char *to = at;
        field[(*fields)++] = at;
        if (*at == '"') {
            for (at++; *at && (*at != '"' || at[1] == '"'); at++) {
                if (*at == '"') at++;
                *to++ = *at;
            }
            if (*at++ != '"') return false;
            while (*at == ' ') at++;
            if (*at && *at != separator) return false;
        } else {
            while (*at && *at != separator) at++;
            for (to = at; to > field[*fields - 1] && to[-1] == ' ';) to--;
        }
        bool more = *at == separator;
        *to = 0;
        if (!more) return true;
        at++;
    }
}

static char separator_of(const char *line)
{
    for (const char *at = line; *at; at++)
        if (strchr("\t;,", *at)) return *at;
    return ',';
}

static bool is_number(const char *text)
{
    char *end = NULL;
    if (!strchr("+-.0123456789", *text) || !*text) return false;
    (void)strtod(text, &end);
    return end != text && !*end;
}

/* The head of a table; a first line that is a number has none. */
static enum status read_head(struct reading *self, char **field, size_t fields)
{
    self->views = self->date = FIELDS_MOST;
    for (size_t i = 0; i < fields; i++) {
        if (strcasecmp(field[i], "views") == 0) self->views = i;
        if (strcasecmp(field[i], "date") == 0) self->date = i;
    }
    if (self->views < FIELDS_MOST) return STATUS_OK;
    return wrong(self, "must be a number, or a head of columns of which one is `views`",
                 field[0]);
}

/* Days from 1970-01-01 (Gregorian); false when there is no such day. */
static bool day_of(const char *text, long *day)
{
    static const int length[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    for (int i = 0; i < 10; i++)
        if (i == 4 || i == 7 ? text[i] != '-' : text[i] < '0' || text[i] > '9') return false;
    if (text[10] && text[10] != 'T' && text[10] != ' ') return false;
    long y = strtol(text, NULL, 10), m = strtol(text + 5, NULL, 10),
         d = strtol(text + 8, NULL, 10);
    bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
    if (y < 1970 || m < 1 || m > 12 || d < 1 || d > length[m - 1] + (leap && m == 2))
        return false;
    *day = (y - 1970) * 365 + (y - 1969) / 4 - (y - 1901) / 100 + (y - 1601) / 400 + d - 1;
    for (long k = 0; k < m - 1; k++) *day += length[k] + (leap && k == 1);
    return true;
}

static enum status read_row(struct reading *self, char **field, size_t fields)
{
    long day = 0;
    if (self->views >= fields)
        return wrong(self, "this row has too few columns to have views", field[0]);
    const char *text = field[self->views];
    if (!is_number(text)) return wrong(self, "views must be a plain number, like 1234", text);
    double value = strtod(text, NULL);
    if (!(value >= 0 && value <= VIEWS_MOST))
        return wrong(self, "views must lie in [0, 1e12]", text);
    if (self->date < fields && *field[self->date]) {
        if (!day_of(field[self->date], &day))
            return wrong(self, "a date must be a day like 2026-01-31", field[self->date]);
        if (!self->dated || day < self->first) self->first = day;
        if (!self->dated || day > self->last) self->last = day;
        self->dated++;
    }
    if (self->count == HISTORY_VIDEOS_MOST) return wrong(self, "too many videos", text);
    enum status status = memory_grow(&self->value, &self->room, self->count + 1,
                                     sizeof *self->value);
    if (!status) self->value[self->count++] = value;
    return status;
}

static enum status read_line(struct reading *self, char *line, bool *begun)
{
    char *field[FIELDS_MOST];
    size_t fields;
    if (!line[strspn(line, " \t")]) return STATUS_OK;
    if (!*begun) self->separator = separator_of(line);
    if (!cut(line, self->separator, field, &fields))
        return wrong(self, "a quote stays open, or there are more than 64 columns", line);
    if (!*begun) {
        *begun = true;
        if (!is_number(field[0]) || fields > 1) return read_head(self, field, fields);
    }
    return read_row(self, field, fields);
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void sum_up(struct reading *self, struct history *out)
{
    double n = (double)self->count, sum = 0, logs = 0, squares = 0;
    qsort(self->value, self->count, sizeof *self->value, by_size);
    for (size_t i = 0; i < self->count; i++) {
        sum += self->value[i];
        logs += log1p(self->value[i]);
    }
    for (size_t i = 0; i < self->count; i++)
        squares += pow(log1p(self->value[i]) - logs / n, 2);
    *out = (struct history){.videos = self->count,
                            .mean = sum / n,
                            .median = paired_quantile(self->value, self->count, 0.5),
                            .spread = self->count > 1 ? sqrt(squares / (n - 1)) : NAN,
                            .dated = self->dated,
                            .per_week = NAN};
    double span = (double)(self->last - self->first);
    if (self->dated >= DATES_LEAST && span >= SPAN_LEAST)
        out->per_week = 7 * ((double)self->dated - 1) / span;
}

enum status history_parse(struct history *out, char *text, size_t length, const char *where,
                          struct errors *errors)
{
    struct reading self = {.where = where, .errors = errors, .date = FIELDS_MOST};
    bool begun = false;
    char *at = text, *end = text + length;
    enum status status = STATUS_OK;
    *out = (struct history){0};
    if (length >= 3 && memcmp(at, "\xEF\xBB\xBF", 3) == 0) at += 3;
    while (at < end && !status) {
        char *stop = memchr(at, '\n', (size_t)(end - at));
        if (!stop) stop = end;
        self.line++;
        bool binary = memchr(at, 0, (size_t)(stop - at)) != NULL;
        *stop = 0;
        if (stop > at && stop[-1] == '\r') stop[-1] = 0;
        status = binary ? wrong(&self, "is no text", at) : read_line(&self, at, &begun);
        at = stop + 1;
    }
    if (!status && !self.count)
        status = errors_add(errors, STATUS_BAD_INPUT, "%s: holds no video", where);
    if (!status) sum_up(&self, out);
    memory_free(self.value);
    return status;
}

enum status history_read(struct history *out, const char *path, struct errors *errors)
{
    char *text = NULL;
    size_t length = 0;
    enum status status = file_read(path, HISTORY_MOST, &text, &length, errors);
    if (!status) status = history_parse(out, text, length, path, errors);
    free(text);
    return status;
}
