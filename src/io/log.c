/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/log.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "lines.h"
#include "log_format.h"

#define BAD_SHOWN 5
#define SPARE 1.02 /* room beyond what the rows so far let expect */

struct reading {
    struct log *log;
    const char *path;
    struct log_format format;
    struct lines lines;
    struct log_report *report;
    struct errors *errors;
    bool strict;
};

/* ------------------------------------------------------------------------------------ a row
 */

static enum status bad_row(struct reading *self, const char *what, const struct field *field)
{
    char text[48] = "";
    self->report->bad++;
    enum status status = self->strict ? STATUS_BAD_INPUT : STATUS_OK;
    if (!self->strict && self->report->bad > BAD_SHOWN) return status;
    if (field) {
        size_t used = 0;
        for (size_t i = 0; i < field->length && used + 5 < sizeof text - 4; i++) {
            unsigned char c = (unsigned char)field->text[i];
            used += (size_t)snprintf(text + used, sizeof text - used,
                                     c < ' ' || c >= 127 ? "\\x%02x" : "%c", c);
        }
        if (used + 9 >= sizeof text) snprintf(text + used, sizeof text - used, "...");
    }
    return errors_add(self->errors, status, "%s:%llu: %s%s%s%s", self->path,
                      (unsigned long long)self->lines.number, what, field ? ", found \"" : "",
                      text, field ? "\"" : "");
}

/* Why a row's time cannot be taken, or NULL; *out is its seconds modulo 2^32. */
static const char *take_time(struct log *log, double time, uint32_t *out)
{
    if (!(time > -9e15 && time < 9e15)) return "time is no date";
    int64_t second = (int64_t)floor(time);
    int64_t first = log->timed && log->first < second ? log->first : second;
    int64_t last = log->timed && log->last > second ? log->last : second;
    if (last - first > UINT32_MAX) return "time is more than 136 years from the others";
    log->timed = true;
    log->first = first;
    log->last = last;
    *out = (uint32_t)(uint64_t)second;
    return NULL;
}

/* Cuts the columns that are wanted; how many fields were there if too few, else -1. */
static int cut_row(const struct log_format *format, struct field line,
                   struct field out[LOG_COLUMNS])
{
    struct field field;
    for (int k = 0; k <= format->last; k++) {
        if (!log_format_cut(format, &line, &field)) return k;
        for (int c = 0; c < format->columns; c++)
            if (format->at[c] == k) out[c] = field;
    }
    return -1;
}

/* The author of an item is the one that its first row with an author names. */
static enum status add_author(struct log *log, const struct field field[LOG_COLUMNS],
                              uint32_t item)
{
    struct log_details *details = &log->details;
    size_t room = details->author_room;
    enum status status = memory_grow(&details->author, &details->author_room, (size_t)item + 1,
                                     sizeof *details->author);
    for (; !status && room < details->author_room; room++) details->author[room] = UINT32_MAX;
    if (status || details->author[item] != UINT32_MAX || !field[LOG_AUTHOR].length)
        return status;
    return identifiers_add(&details->authors, field[LOG_AUTHOR].text, field[LOG_AUTHOR].length,
                           &details->author[item]);
}

static void count_acts(struct log *log, const struct log_format *format, const double *act)
{
    for (int a = 0; a < AUDIENCE_ACTS; a++) {
        log->details.looked[a] += format->at[LOG_ACT + a] >= 0;
        log->details.acts[a] += act[a] > 0;
    }
}

static enum status add_row(struct reading *self, const struct field field[LOG_COLUMNS])
{
    struct log *log = self->log;
    const struct log_format *format = &self->format;
    struct interaction row = {.value = 1};
    double value = 1, time = 0, act[AUDIENCE_ACTS] = {0};
    const char *why = NULL;
    if (!field[LOG_USER].length) return bad_row(self, "user is empty", NULL);
    if (!field[LOG_ITEM].length) return bad_row(self, "item is empty", NULL);
    if (format->at[LOG_VALUE] >= 0 &&
        (!log_format_number(field[LOG_VALUE], &value) || !(fabs(value) <= (double)FLT_MAX)))
        return bad_row(self, "value must be a finite number", &field[LOG_VALUE]);
    for (int c = LOG_ACT; c < format->columns; c++) /* an empty one = it was not done */
        if (format->at[c] >= 0 && field[c].length &&
            !log_format_number(field[c], &act[c - LOG_ACT]))
            return bad_row(self, "an act must be a number", &field[c]);
    if (format->at[LOG_TIME] >= 0) {
        if (!log_format_number(field[LOG_TIME], &time))
            return bad_row(self, "time must be a number", &field[LOG_TIME]);
        why = take_time(log, time * format->seconds, &row.time);
        if (why) return bad_row(self, why, &field[LOG_TIME]);
    }
    row.value = (float)value;
    enum status status = identifiers_add(&log->users, field[LOG_USER].text,
                                         field[LOG_USER].length, &row.user);
    if (!status)
        status = identifiers_add(&log->items, field[LOG_ITEM].text, field[LOG_ITEM].length,
                                 &row.item);
    if (!status && format->columns > LOG_AUTHOR) status = add_author(log, field, row.item);
    if (!status) status = interactions_append(&log->rows, &row);
    if (status) return status;
    self->report->good++;
    if (format->columns > LOG_AUTHOR) count_acts(log, format, act);
    return STATUS_OK;
}

/* Room for all the rows that the file will give, as far as its rows so far tell: columns that
 * grew step by step would hold twice as much while they are copied. */
static enum status make_room(struct reading *self)
{
    struct interactions *rows = &self->log->rows;
    const struct unpacked *from = &self->lines.from;
    if (rows->count < rows->room || from->size == 0 || self->report->good < 1000)
        return STATUS_OK;
    double share = (double)from->taken / (double)from->size;
    double expected = (double)self->report->good / (share > 0.001 ? share : 0.001) * SPARE;
    double before = (double)rows->count - (double)self->report->good;
    double wanted = before + expected;
    double least = (double)rows->count * SPARE + 1000;
    return interactions_reserve(rows, (size_t)(wanted > least ? wanted : least));
}

static enum status read_row(struct reading *self, struct field line, bool whole)
{
    char words[96];
    struct field field[LOG_COLUMNS] = {{0}};
    self->report->lines++;
    if (!whole) return bad_row(self, "the line is longer than 64 KiB", NULL);
    if (memchr(line.text, 0, line.length))
        return bad_row(self, "the line holds a zero byte: is this text?", NULL);
    int found = cut_row(&self->format, line, field);
    if (found >= 0) {
        snprintf(words, sizeof words, "has %d column%s, needs %d", found, found == 1 ? "" : "s",
                 self->format.last + 1);
        return bad_row(self, words, NULL);
    }
    enum status status = make_room(self);
    return status ? status : add_row(self, field);
}

/* The first line that is not blank tells the format. */
static enum status read_first(struct reading *self, const struct log_options *options)
{
    struct field line;
    bool whole = true;
    enum status status;
    do {
        status = lines_next(&self->lines, &line, &whole, self->errors);
        if (status) return status;
        if (!line.text)
            return errors_add(self->errors, STATUS_BAD_INPUT, "%s: is empty", self->path);
        if (self->lines.number == 1 && line.length >= 3 &&
            !memcmp(line.text, "\xef\xbb\xbf", 3))
            line.text += 3, line.length -= 3; /* a byte order mark */
    } while (line.length == 0);
    if (memchr(line.text, 0, line.length) || !whole)
        return errors_add(self->errors, STATUS_BAD_INPUT,
                          "%s: is no table of text (nor gzip, nor zstd)", self->path);
    status = log_format_find(&self->format, self->path, line, options, self->errors);
    if (status) return status;
    snprintf(self->report->format, sizeof self->report->format, "%s", self->format.words);
    return self->format.header ? STATUS_OK : read_row(self, line, whole);
}

static enum status read_all(struct reading *self, const struct log_options *options)
{
    enum status status = read_first(self, options);
    struct field line = {"", 0};
    bool whole = true;
    while (!status && line.text) {
        status = lines_next(&self->lines, &line, &whole, self->errors);
        if (!status && line.text && line.length) status = read_row(self, line, whole);
    }
    if (status || self->report->good) return status;
    return errors_add(self->errors, STATUS_BAD_INPUT,
                      "%s: not one row could be read, as %s; --columns says what is where",
                      self->path, self->format.words);
}

enum status log_read(struct log *self, const char *path, const struct log_options *options,
                     struct log_report *report, struct errors *errors)
{
    struct reading reading = {.log = self,
                              .path = path,
                              .report = report,
                              .errors = errors,
                              .strict = options->strict};
    *report = (struct log_report){0};
    enum status status = lines_open(&reading.lines, path, errors);
    if (!status) status = read_all(&reading, options);
    if (!status && reading.format.at[LOG_VALUE] >= 0) self->valued = true;
    if (!status && reading.format.at[LOG_TIME] < 0) self->untimed = true;
    lines_close(&reading.lines);
    return status;
}

void log_finish(struct log *self)
{
    uint32_t first = (uint32_t)(uint64_t)self->first;
    if (!self->timed) return;
    self->timed = !self->untimed;
    for (size_t r = 0; r < self->rows.count; r++)
        self->rows.time[r] = self->timed ? self->rows.time[r] - first : 0;
}

void log_free(struct log *self)
{
    interactions_free(&self->rows);
    identifiers_free(&self->users);
    identifiers_free(&self->items);
    identifiers_free(&self->details.authors);
    memory_free(self->details.author);
    *self = (struct log){0};
}
