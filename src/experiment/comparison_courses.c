/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The difference to the baseline, interval by interval, from the tables of the trials. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "experiment/comparison_report.h"
#include "io/comparison_page.h"
#include "io/csv.h"

/* A metric over the days of one run. */
struct line {
    double *day, *value; /* owned */
    size_t count, day_room, value_room;
};

static enum status add(struct line *self, double day, double value)
{
    enum status status = memory_grow(&self->day, &self->day_room, self->count + 1,
                                     sizeof *self->day);
    if (!status)
        status = memory_grow(&self->value, &self->value_room, self->count + 1,
                             sizeof *self->value);
    if (status) return status;
    self->day[self->count] = day;
    self->value[self->count++] = value;
    return STATUS_OK;
}

/* "watch_hours" is a column of series.csv, "focal.income" one of a cohort. No table, no line.
 */
static enum status read_line(struct line *self, const char *folder, const char *metric)
{
    struct csv csv;
    const char *dot = strrchr(metric, '.');
    size_t cohort_length = dot ? (size_t)(dot - metric) : 0;
    enum status status = STATUS_OK;
    if (!csv_open(&csv, folder, dot ? "cohorts.csv" : "series.csv")) return STATUS_OK;
    size_t day = csv_column(&csv, "day"), cohort = csv_column(&csv, "cohort");
    size_t column = csv_column(&csv, dot ? dot + 1 : metric);
    while (!status && csv_next(&csv)) {
        const char *name = csv_text(&csv, cohort);
        if (dot && (strlen(name) != cohort_length || strncmp(name, metric, cohort_length) != 0))
            continue;
        status = add(self, csv_number(&csv, day), csv_number(&csv, column));
    }
    csv_close(&csv);
    return status;
}

static void free_lines(struct line *line, size_t n)
{
    for (size_t i = 0; line && i < n; i++) {
        memory_free(line[i].day);
        memory_free(line[i].value);
    }
    memory_free(line);
}

static enum status read_lines(const struct replications *run,
                              const struct comparison *comparison, size_t arm,
                              struct line **out)
{
    size_t n = comparison->replications;
    enum status status = STATUS_OK;
    *out = memory_alloc(n, sizeof **out);
    if (!*out) return STATUS_NO_MEMORY;
    for (size_t r = 0; r < n && !status; r++) {
        char *folder = replications_folder(run, arm, r);
        status = folder ? read_line(&(*out)[r], folder, comparison->metric[0])
                        : STATUS_NO_MEMORY;
        free(folder);
    }
    return status;
}

/* n replications of an arm, and of the baseline; `base` NULL = the arm alone. */
struct lines {
    const struct line *arm, *base;
    size_t n;
};

/* Interval i of all replications; `scratch` has room for n. */
static struct estimate estimate_day(const struct lines *lines, size_t i, double *scratch)
{
    const struct line *arm = lines->arm, *base = lines->base;
    size_t known = 0;
    for (size_t r = 0; r < lines->n; r++) {
        if (i >= arm[r].count || (base && i >= base[r].count)) continue;
        double value = arm[r].value[i] - (base ? base[r].value[i] : 0);
        if (isfinite(value)) scratch[known++] = value;
    }
    return paired_estimate(scratch, known);
}

static enum status make_course(const struct lines *lines, struct comparison_course *out)
{
    size_t longest = 0;
    for (size_t r = 1; r < lines->n; r++)
        if (lines->arm[r].count > lines->arm[longest].count) longest = r;
    size_t days = lines->arm[longest].count;
    double *all = memory_alloc(4 * days + 1, sizeof *all);
    double *scratch = memory_alloc(lines->n + 1, sizeof *scratch);
    bool room = all && scratch;
    for (size_t i = 0; i < days && room; i++) {
        struct estimate e = estimate_day(lines, i, scratch);
        all[i] = lines->arm[longest].day[i];
        all[days + i] = e.mean;
        all[2 * days + i] = e.low;
        all[3 * days + i] = e.high;
    }
    memory_free(scratch);
    out->owned = all;
    if (!room) return STATUS_NO_MEMORY;
    out->day = all;
    out->mean = all + days;
    out->low = all + 2 * days;
    out->high = all + 3 * days;
    out->n = days;
    return STATUS_OK;
}

enum status comparison_courses_read(const struct replications *run,
                                    const struct comparison *comparison,
                                    struct comparison_course *out, size_t *count)
{
    struct line *base = NULL;
    size_t n = comparison->replications;
    enum status status = STATUS_OK;
    *count = 0;
    if (comparison->arms > 1) status = read_lines(run, comparison, comparison->baseline, &base);
    for (size_t k = 0; k < comparison->arms && *count < COMPARISON_COURSES && !status; k++) {
        size_t a = comparison->order[k];
        struct line *arm = NULL;
        if (base && a == comparison->baseline) continue;
        status = read_lines(run, comparison, a, &arm);
        out[*count] = (struct comparison_course){.name = comparison->arm[a]};
        if (!status) status = make_course(&(struct lines){arm, base, n}, &out[(*count)++]);
        free_lines(arm, n);
    }
    free_lines(base, n);
    return status;
}

void comparison_courses_free(struct comparison_course *course, size_t count)
{
    for (size_t k = 0; k < count; k++) {
        memory_free(course[k].owned); /* all four arrays */
        course[k] = (struct comparison_course){0};
    }
}
