/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/csv.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include "base/memory.h"
#include "io/file.h"
#include "unpacked.h"

static size_t count_quotes(const char *text)
{
    size_t n = 0;
    for (; *text; text++) n += *text == '"';
    return n;
}

/* Puts `more` behind the `have` bytes of *text. Room is doubled: a quote that is never closed
 * makes one record of all that follows. */
static bool append(char **text, size_t *room, size_t have, const char *more, size_t length)
{
    if (*room < have + length + 1) {
        size_t wanted = 2 * (have + length + 1);
        char *longer = realloc(*text, wanted);
        if (!longer) return false;
        *text = longer;
        *room = wanted;
    }
    memcpy(*text + have, more, length + 1);
    return true;
}

/* One record: a quoted field may hold line ends. */
static bool read_record(FILE *from, char **text, size_t *room)
{
    if (getline(text, room, from) < 0) return false;
    char *more = NULL;
    size_t more_room = 0, end = strlen(*text), quotes = count_quotes(*text);
    while (quotes % 2 && getline(&more, &more_room, from) > 0) {
        size_t length = strlen(more);
        if (!append(text, room, end, more, length)) break;
        end += length;
        quotes += count_quotes(more);
    }
    free(more);
    while (end && strchr("\r\n", (*text)[end - 1])) end--;
    (*text)[end] = 0;
    return true;
}

/* Ends one field in place, unquoted; returns where the next begins, NULL at the end. */
static char *cut_field(char *at)
{
    char *to = at;
    bool quoted = *at == '"';
    if (quoted) at++;
    for (; *at && (quoted || *at != ','); at++) {
        if (quoted && *at == '"') {
            if (at[1] != '"') {
                quoted = false;
                continue;
            }
            at++;
        }
        *to++ = *at;
    }
    bool more = *at == ',';
    *to = 0;
    return more ? at + 1 : NULL;
}

static size_t split(char *text, char ***field, size_t *room)
{
    size_t n = 0;
    for (char *at = text; at; n++) {
        if (memory_grow(field, room, n + 1, sizeof **field)) return 0;
        (*field)[n] = at;
        at = cut_field(at);
    }
    return n;
}

/* A packed file as a stream. */
struct opened {
    struct unpacked from;
    char *path; /* owned */
};

static ssize_t read_opened(void *cookie, char *out, size_t room)
{
    struct opened *self = cookie;
    struct errors errors = {0};
    size_t got = 0;
    enum status status = unpacked_read(&self->from, out, room, &got, &errors);
    errors_free(&errors);
    return status ? -1 : (ssize_t)got;
}

static int close_opened(void *cookie)
{
    struct opened *self = cookie;
    unpacked_close(&self->from);
    free(self->path);
    free(self);
    return 0;
}

bool csv_open(struct csv *self, const char *folder, const char *file)
{
    struct opened *opened = calloc(1, sizeof *opened);
    struct errors errors = {0};
    FILE *stream = NULL;
    if (opened) opened->path = file_join(folder, file);
    if (opened && opened->path && !unpacked_open(&opened->from, opened->path, &errors))
        stream = fopencookie(
            opened, "r", (cookie_io_functions_t){.read = read_opened, .close = close_opened});
    if (!stream && opened) close_opened(opened);
    errors_free(&errors);
    return csv_take(self, stream);
}

bool csv_take(struct csv *self, FILE *stream)
{
    *self = (struct csv){.stream = stream};
    if (!self->stream) return false;
    if (read_record(self->stream, &self->head, &self->head_room))
        self->columns = split(self->head, &self->name, &self->name_room);
    if (self->columns) return true;
    csv_close(self);
    return false;
}

void csv_close(struct csv *self)
{
    if (self->stream) fclose(self->stream);
    free(self->head);
    free(self->line);
    memory_free(self->name);
    memory_free(self->field);
    *self = (struct csv){0};
}

bool csv_next(struct csv *self)
{
    do {
        if (!read_record(self->stream, &self->line, &self->line_room)) return false;
    } while (!*self->line);
    self->fields = split(self->line, &self->field, &self->field_room);
    return self->fields > 0;
}

size_t csv_column(const struct csv *self, const char *name)
{
    size_t c = 0;
    while (c < self->columns && strcmp(self->name[c], name) != 0) c++;
    return c;
}

const char *csv_text(const struct csv *self, size_t column)
{
    return column < self->columns && column < self->fields ? self->field[column] : "";
}

double csv_number(const struct csv *self, size_t column)
{
    const char *text = csv_text(self, column);
    char *end = NULL;
    double value = strtod(text, &end);
    return end == text ? NAN : value;
}
