/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/resolved.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/manifest.h"

#define BYTES_MOST (1u << 22)
#define VALUE_MOST 8192
#define TOLD_MOST 12 /* settings that differ */

struct writing {
    FILE *to;
    bool first;
};

/* A libconfig value is JSON but for the L behind large integers. */
static void write_parameter(const struct parameter *at, const char *path, void *context)
{
    struct writing *w = context;
    char value[VALUE_MOST];
    size_t place = (size_t)at->index * at->table->row_count +
                   (size_t)(at->row - at->table->rows);
    if (at->table->inherits && !at->block->given[place]) return; /* stands a level above */
    parameters_print(at, value, sizeof value);
    size_t n = strlen(value);
    if (at->row->type == SCHEMA_INT && n && value[n - 1] == 'L') value[n - 1] = 0;
    fputs(w->first ? "    " : ",\n    ", w->to);
    manifest_text(w->to, path);
    fprintf(w->to, ": %s", value);
    w->first = false;
}

char *resolved_text(const struct parameters *parameters)
{
    char *text = NULL;
    size_t size = 0;
    struct writing w = {open_memstream(&text, &size), true};
    if (!w.to) return NULL;
    parameters_each(parameters, write_parameter, &w);
    bool failed = ferror(w.to);
    if (fclose(w.to) || failed) {
        free(text);
        return NULL;
    }
    return text;
}

/* One line without indent and comma, and the length of its path. */
struct line {
    const char *text;
    int length, path;
};

static struct line line_at(const char *text)
{
    text += strspn(text, " ");
    const char *end = strchrnul(text, '\n'), *colon = strstr(text, "\": ");
    struct line line = {text, (int)(end - text), 0};
    if (end > text && end[-1] == ',') line.length--;
    if (colon && colon < end) line.path = (int)(colon - text) + 1;
    return line;
}

/* The line after this one; the end of the text stays where it is. */
static const char *after(const char *text)
{
    const char *end = strchrnul(text, '\n');
    return *end ? end + 1 : end;
}

size_t resolved_compare(const char *then, const char *now, const char *where,
                        struct errors *errors)
{
    size_t found = 0;
    while (*then || *now) {
        struct line a = line_at(then), b = line_at(now);
        bool paired = a.path == b.path && strncmp(a.text, b.text, (size_t)a.path) == 0;
        bool same = paired && a.length == b.length &&
                    strncmp(a.text, b.text, (size_t)a.length) == 0;
        found += !same;
        if (!paired) {
            (void)errors_add(errors, STATUS_BAD_INPUT,
                             "%s: was begun with other settings at %.*s", where,
                             b.path ? b.path : a.path, b.path ? b.text : a.text);
            return found;
        }
        if (!same && found <= TOLD_MOST)
            (void)errors_add(errors, STATUS_BAD_INPUT, "%s: was begun with %.*s, now it is%.*s",
                             where, a.length, a.text, b.length - b.path - 1,
                             b.text + b.path + 1);
        then = after(then);
        now = after(now);
    }
    if (found > TOLD_MOST)
        (void)errors_add(errors, STATUS_BAD_INPUT, "%s: and %zu more settings differ", where,
                         found - TOLD_MOST);
    return found;
}

struct resolved resolved_load(struct visitor *v)
{
    struct resolved self = {0};
    uint64_t size = 0;
    visit_count(v, "scenario.bytes", &size, BYTES_MOST);
    char *text = v->status ? NULL : calloc(1, size + 1);
    if (!text && !v->status) v->status = STATUS_NO_MEMORY;
    if (text) visit_column(v, "scenario.text", text, 1, 1, size);
    VISIT_VALUE(v, "scenario.now", self.now);
    if (v->status)
        free(text);
    else
        self.text = text;
    return self;
}

/* "creators.cohorts[2].skill" asks for three groups of creators.cohorts. */
static enum status make_groups(struct parameters *parameters, const char *path)
{
    char prefix[256];
    struct parameter at;
    const char *open = strchr(path, '[');
    int32_t made = -1;
    if (!open || parameters_find(parameters, path, &at)) return STATUS_OK;
    snprintf(prefix, sizeof prefix, "%.*s", (int)(open - path), path);
    while (made < atoi(open + 1)) {
        enum status status = parameters_grow(parameters, prefix, &made);
        if (status) return status == STATUS_BAD_INPUT ? STATUS_OK : status; /* said later */
    }
    return STATUS_OK;
}

/* One line: "path": value */
static enum status apply_line(const struct line *line, const char *path,
                              struct parameters *parameters, const char *where,
                              struct errors *errors)
{
    char name[256], value[VALUE_MOST];
    if (line->path < 3 || line->path - 2 >= (int)sizeof name ||
        line->length - line->path - 2 >= (int)sizeof value)
        return errors_add(errors, STATUS_BAD_INPUT, "%s: is no setting: %.*s", where,
                          line->length < 60 ? line->length : 60, line->text);
    snprintf(name, sizeof name, "%.*s", line->path - 2, line->text + 1);
    if (path && strcmp(name, path) != 0) return STATUS_OK;
    snprintf(value, sizeof value, "%.*s", line->length - line->path - 2,
             line->text + line->path + 2);
    enum status status = make_groups(parameters, name);
    return status ? status : parameters_set(parameters, name, value, where, errors);
}

enum status resolved_apply(const char *text, const char *path, struct parameters *parameters,
                           const char *where, struct errors *errors)
{
    enum status status = STATUS_OK;
    for (; *text; text = after(text)) {
        struct line line = line_at(text);
        enum status one = apply_line(&line, path, parameters, where, errors);
        if (one) status = one;
    }
    return status;
}

void resolved_visit(const struct resolved *self, struct visitor *v, const char *where,
                    struct errors *errors)
{
    const char *text = self->text;
    sim_time now = self->now;
    uint64_t size = strlen(text);
    visit_count(v, "scenario.bytes", &size, BYTES_MOST);
    if (v->status) return;
    char *copy = calloc(1, size + 1);
    if (!copy) {
        v->status = STATUS_NO_MEMORY;
        return;
    }
    if (!visit_loading(v)) memcpy(copy, text, size);
    visit_column(v, "scenario.text", copy, 1, 1, size);
    VISIT_VALUE(v, "scenario.now", now);
    if (!v->status && strcmp(copy, text) != 0) {
        v->status = STATUS_BAD_INPUT;
        (void)resolved_compare(copy, text, where, errors);
        (void)errors_add(errors, STATUS_BAD_INPUT,
                         "%s: a run is resumed with the scenario that it was begun with",
                         where);
    }
    free(copy);
}
