/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What was run: every setting with its meaning, and a scenario file that makes the run again.
 */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "io/manifest_text.h"
#include "io/pictures/page.h"
#include "sim/model.h"

#define VALUE_SIZE 4096

void page_text(FILE *to, const char *text)
{
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if (c == '<')
            fputs("&lt;", to);
        else if (c == '>')
            fputs("&gt;", to);
        else if (c == '&')
            fputs("&amp;", to);
        else if (c == '"')
            fputs("&quot;", to);
        else if (c == '\'')
            fputs("&#39;", to);
        else if (c >= 0x20 || c == '\n' || c == '\t')
            putc(c, to);
    }
}

/* A setting of the manifest beside its row of the schema. */
struct setting {
    char path[192], value[VALUE_SIZE];
    const struct schema_row *row; /* NULL when this program does not know it */
    bool changed;
};

/* The row of "creators.cohorts[2].skill": paths of lists have no index in the schema. */
static const struct schema_row *row_of(const struct model *model, const char *path)
{
    char plain[192];
    size_t n = 0;
    for (const char *c = path; *c && n + 1 < sizeof plain; c++) {
        if (*c == '[') c += strcspn(c, "]");
        if (*c != ']') plain[n++] = *c;
    }
    plain[n] = 0;
    for (size_t t = 0; t < model->table_count; t++) {
        const struct schema_table *table = model->tables[t];
        size_t head = strlen(table->prefix);
        if (strncmp(plain, table->prefix, head) != 0 || plain[head] != '.') continue;
        for (size_t r = 0; r < table->row_count; r++)
            if (strcmp(table->rows[r].path, plain + head + 1) == 0) return &table->rows[r];
    }
    return NULL;
}

/* Is it what a scenario of defaults has? Both texts come from parameters_print. */
static bool is_default(const struct model *model, const struct setting *setting)
{
    struct parameter at;
    char text[VALUE_SIZE];
    if (!parameters_find(&model->parameters, setting->path, &at)) return false;
    parameters_print(&at, text, sizeof text);
    size_t n = strlen(text);
    if (at.row->type == SCHEMA_INT && n && text[n - 1] == 'L') text[n - 1] = 0;
    return strcmp(text, setting->value) == 0;
}

struct settings {
    struct setting *setting; /* owned */
    size_t count, room;
};

static enum status read_settings(const struct past_run *run, const struct model *model,
                                 struct settings *self)
{
    struct manifest_entry scenario, entry;
    bool there = manifest_find(run->manifest, "scenario", &scenario) &&
                 manifest_first(scenario.value, &entry);
    for (; there; there = manifest_next(&entry)) {
        enum status status = memory_grow(&self->setting, &self->room, self->count + 1,
                                         sizeof *self->setting);
        if (status) return status;
        struct setting *s = &self->setting[self->count++];
        snprintf(s->path, sizeof s->path, "%s", entry.key);
        /* JSON as it stands is libconfig's spelling, too. */
        size_t n = entry.length < sizeof s->value - 1 ? entry.length : sizeof s->value - 1;
        memcpy(s->value, entry.value, n);
        s->value[n] = 0;
        s->row = row_of(model, s->path);
        s->changed = !is_default(model, s);
    }
    return STATUS_OK;
}

static void write_table(const struct settings *self, FILE *to)
{
    size_t changed = 0;
    for (size_t i = 0; i < self->count; i++) changed += self->setting[i].changed;
    fprintf(to,
            "<details><summary>The whole scenario: %zu settings, %zu of them not the "
            "default (bold)</summary>\n<div class=\"wide\"><table class=\"scenario\">"
            "<thead><tr><th>setting</th><th>value</th><th>unit</th><th>meaning</th></tr>"
            "</thead><tbody>\n",
            self->count, changed);
    for (size_t i = 0; i < self->count; i++) {
        const struct setting *s = &self->setting[i];
        fprintf(to, "<tr%s><td>", s->changed ? " class=\"changed\"" : "");
        page_text(to, s->path);
        fputs("</td><td>", to);
        page_text(to, s->value);
        fputs("</td><td>", to);
        if (s->row && s->row->unit && strcmp(s->row->unit, "1") != 0)
            page_text(to, s->row->unit);
        fputs("</td><td>", to);
        if (s->row) page_text(to, s->row->meaning);
        if (s->changed && s->row && !strchr(s->path, '[')) {
            fputs(" <span class=\"mute\">(default ", to);
            page_text(to, s->row->initial);
            fputs(")</span>", to);
        }
        fputs("</td></tr>\n", to);
    }
    fputs("</tbody></table></div></details>\n", to);
}

/* ------------------------------------------------------------------------- the scenario file
 */

/* Order in which groups stay together: by path, list indices as numbers. */
static int by_path(const void *a, const void *b)
{
    const char *x = ((const struct setting *)a)->path, *y = ((const struct setting *)b)->path;
    while (*x && *x == *y) x++, y++;
    const char *from = x;
    while (from > ((const struct setting *)a)->path && from[-1] >= '0' && from[-1] <= '9')
        from--;
    if (from > ((const struct setting *)a)->path && from[-1] == '[') {
        long m = strtol(from, NULL, 10), n = strtol(y - (x - from), NULL, 10);
        if (m != n) return m < n ? -1 : 1;
    }
    return (unsigned char)*x - (unsigned char)*y;
}

static void indent(FILE *to, size_t depth)
{
    for (size_t i = 0; i < depth; i++) fputs("    ", to);
}

/* Does a list begin with this name? "cohorts[0].skill" */
static bool is_list(const char *path)
{
    size_t n = strcspn(path, ".[");
    return path[n] == '[';
}

static void write_value(const struct setting *s, FILE *to)
{
    double number = strtod(s->value, NULL);
    page_text(to, s->value);
    if (s->row && s->row->type == SCHEMA_INT && (number > INT32_MAX || number < INT32_MIN))
        putc('L', to);
    fputs(";\n", to);
}

/* Settings [first, last) share their path up to `used` bytes: writes what follows as groups. */
static void write_groups(const struct settings *self, size_t first, size_t last, size_t used,
                         FILE *to);

/* The elements of a list of groups. */
static void write_list(const struct settings *self, size_t first, size_t last, size_t used,
                       FILE *to)
{
    for (size_t i = first; i < last;) {
        const char *path = self->setting[i].path + used;
        size_t length = strcspn(path, "]") + 1, end = i + 1; /* "[0]" */
        while (end < last && strncmp(self->setting[end].path + used, path, length) == 0) end++;
        fputs(i == first ? "{\n" : ",\n{\n", to);
        write_groups(self, i, end, used + length + 1, to);
        fputs("}", to);
        i = end;
    }
}

static void write_groups(const struct settings *self, size_t first, size_t last, size_t used,
                         FILE *to)
{
    size_t depth = 0;
    for (const char *c = self->setting[first].path; c < self->setting[first].path + used; c++)
        depth += *c == '.';
    for (size_t i = first; i < last;) {
        const char *path = self->setting[i].path + used;
        size_t length = strcspn(path, ".["), end = i + 1;
        indent(to, depth);
        fprintf(to, "%.*s", (int)length, path);
        if (!path[length]) {
            fputs(" = ", to);
            write_value(&self->setting[i++], to);
            continue;
        }
        while (end < last && strncmp(self->setting[end].path + used, path, length + 1) == 0)
            end++;
        if (is_list(path)) {
            fputs(" = (", to);
            write_list(self, i, end, used + length, to);
            fputs(");\n", to);
        } else {
            fputs(" : {\n", to);
            write_groups(self, i, end, used + length + 1, to);
            indent(to, depth);
            fputs("};\n", to);
        }
        i = end;
    }
}

static void write_again(const struct past_run *run, struct settings *self, FILE *to)
{
    size_t kept = 0;
    for (size_t i = 0; i < self->count; i++)
        if (self->setting[i].changed) self->setting[kept++] = self->setting[i];
    qsort(self->setting, kept, sizeof *self->setting, by_path);
    fputs("<h3>Make it again</h3><p>Save this as <code>again.cfg</code> (all else is default):"
          "</p><pre class=\"cfg\">",
          to);
    if (kept) write_groups(self, 0, kept, 0, to);
    fputs("</pre><p>Then, with reelsim ", to);
    page_text(to, run->version);
    fputs(" (revision ", to);
    page_text(to, run->git);
    fputs("):</p><pre>reelsim run again.cfg --out again</pre><p>It ends with the state hash "
          "<code>",
          to);
    page_text(to, run->hash);
    fputs("</code> on any machine, with any number of threads. Another seed "
          "(<code>--seed</code>; this was ",
          to);
    page_text(to, run->seed);
    fputs(") gives another world of the same kind.</p>\n", to);
}

enum status page_scenario(const struct past_run *run, FILE *to)
{
    struct model model = {0};
    struct settings settings = {0};
    struct errors ignored = {0};
    enum status status = model_init(&model, NULL, &ignored);
    if (!status) status = read_settings(run, &model, &settings);
    if (!status) {
        write_table(&settings, to);
        write_again(run, &settings, to);
    }
    memory_free(settings.setting);
    errors_free(&ignored);
    model_free(&model);
    return status;
}
