/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/figures.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "io/csv.h"
#include "io/file.h"
#include "io/manifest_text.h"

#define MANIFEST_MOST (16u << 20)

static enum status add(struct figures *self, const char *name, double value)
{
    enum status status = memory_grow(&self->name, &self->name_room, self->count + 1,
                                     sizeof *self->name);
    if (!status)
        status = memory_grow(&self->value, &self->value_room, self->count + 1,
                             sizeof *self->value);
    if (status) return status;
    self->name[self->count] = strdup(name);
    if (!self->name[self->count]) return STATUS_NO_MEMORY;
    self->value[self->count++] = value;
    return STATUS_OK;
}

void figures_free(struct figures *self)
{
    for (size_t i = 0; i < self->count; i++) free(self->name[i]);
    memory_free(self->name);
    memory_free(self->value);
    *self = (struct figures){0};
}

double figures_value(const struct figures *self, const char *name)
{
    for (size_t i = 0; i < self->count; i++)
        if (strcmp(self->name[i], name) == 0) return self->value[i];
    return NAN;
}

/* "null" is NaN. */
static double to_number(const char *text)
{
    char *end = NULL;
    double value = strtod(text, &end);
    return end == text ? NAN : value;
}

static enum status read_summary(struct figures *self, const char *manifest)
{
    struct manifest_entry summary, entry;
    char number[64];
    enum status status = STATUS_OK;
    if (!manifest_find(manifest, "summary", &summary)) return STATUS_OK;
    bool there = manifest_first(summary.value, &entry);
    for (; there && !status; there = manifest_next(&entry)) {
        manifest_value(&entry, number, sizeof number);
        status = add(self, entry.key, to_number(number));
    }
    return status;
}

/* ---------------------------------------------------------------------------------- cohorts
 */

/* Sums over the rows of one cohort; [cohort * columns + column]. */
struct cohorts {
    char **name; /* owned */
    double *sum, *rows;
    size_t count, name_room, sum_room, rows_room;
};

static enum status find_cohort(struct cohorts *self, const char *name, size_t columns,
                               size_t *found)
{
    for (*found = 0; *found < self->count; ++*found)
        if (strcmp(self->name[*found], name) == 0) return STATUS_OK;
    size_t count = self->count + 1;
    enum status status = memory_grow(&self->name, &self->name_room, count, sizeof *self->name);
    if (!status)
        status = memory_grow(&self->sum, &self->sum_room, count * columns, sizeof *self->sum);
    if (!status)
        status = memory_grow(&self->rows, &self->rows_room, count * columns,
                             sizeof *self->rows);
    if (status) return status;
    self->name[self->count] = strdup(name);
    if (!self->name[self->count]) return STATUS_NO_MEMORY;
    self->count++;
    return STATUS_OK;
}

static enum status sum_cohorts(struct cohorts *self, struct csv *csv, double from)
{
    size_t day = csv_column(csv, "day"), cohort = csv_column(csv, "cohort"), at;
    while (csv_next(csv)) {
        if (!(csv_number(csv, day) >= from)) continue;
        enum status status = find_cohort(self, csv_text(csv, cohort), csv->columns, &at);
        if (status) return status;
        for (size_t c = 0; c < csv->columns; c++) {
            double value = csv_number(csv, c);
            if (!isfinite(value)) continue;
            self->sum[at * csv->columns + c] += value;
            self->rows[at * csv->columns + c] += 1;
        }
    }
    return STATUS_OK;
}

/* Columns that are not there count nothing. */
static double sum_of(const struct csv *csv, const double *sum, const char *column)
{
    size_t c = csv_column(csv, column);
    return c < csv->columns ? sum[c] : 0;
}

static double cohort_figure(const struct csv *csv, const double *sum, const double *rows,
                            size_t column)
{
    double hours = sum_of(csv, sum, "hours_worked");
    if (strcmp(csv->name[column], "profit_hour") == 0)
        return hours > 0 ? (sum_of(csv, sum, "income") - sum_of(csv, sum, "costs")) / hours
                         : NAN;
    return rows[column] > 0 ? sum[column] / rows[column] : NAN;
}

static enum status add_cohorts(struct figures *self, const struct cohorts *cohorts,
                               const struct csv *csv)
{
    char name[400];
    for (size_t i = 0; i < cohorts->count; i++)
        for (size_t c = 0; c < csv->columns; c++) {
            const double *sum = cohorts->sum + i * csv->columns;
            const double *rows = cohorts->rows + i * csv->columns;
            if (strcmp(csv->name[c], "day") == 0 || strcmp(csv->name[c], "cohort") == 0)
                continue;
            snprintf(name, sizeof name, "%s.%s", cohorts->name[i], csv->name[c]);
            enum status status = add(self, name, cohort_figure(csv, sum, rows, c));
            if (status) return status;
        }
    return STATUS_OK;
}

static enum status read_cohorts(struct figures *self, FILE *stream, double from)
{
    struct csv csv = {0};
    struct cohorts cohorts = {0};
    enum status status = STATUS_OK;
    if (!csv_take(&csv, stream)) return STATUS_OK;
    status = sum_cohorts(&cohorts, &csv, from);
    if (!status) status = add_cohorts(self, &cohorts, &csv);
    for (size_t i = 0; i < cohorts.count; i++) free(cohorts.name[i]);
    memory_free(cohorts.name);
    memory_free(cohorts.sum);
    memory_free(cohorts.rows);
    csv_close(&csv);
    return status;
}

enum status figures_read_text(struct figures *self, const char *manifest, FILE *cohorts,
                              const char *where, struct errors *errors)
{
    struct manifest_entry entry;
    char from[64] = "0";
    *self = (struct figures){0};
    if (!manifest_find(manifest, "state_hash", &entry)) {
        if (cohorts) fclose(cohorts);
        return errors_add(errors, STATUS_BAD_INPUT, "%s: is no manifest of a run", where);
    }
    manifest_find_text(manifest, "left_out_days", from, sizeof from);
    enum status status = read_summary(self, manifest);
    if (!status) return read_cohorts(self, cohorts, to_number(from));
    if (cohorts) fclose(cohorts);
    return status;
}

/* The names of the manifest's summary with their means from series.csv. */
static enum status average_series(struct figures *self, const char *folder, double from)
{
    struct csv csv = {0};
    double *sum = memory_alloc(2 * self->count + 1, sizeof *sum);
    if (!sum) return STATUS_NO_MEMORY;
    double *rows = sum + self->count;
    if (csv_open(&csv, folder, "series.csv")) {
        size_t day = csv_column(&csv, "day");
        while (csv_next(&csv)) {
            if (!(csv_number(&csv, day) >= from)) continue;
            for (size_t i = 0; i < self->count; i++) {
                double value = csv_number(&csv, csv_column(&csv, self->name[i]));
                if (!isfinite(value)) continue;
                sum[i] += value;
                rows[i] += 1;
            }
        }
    }
    for (size_t i = 0; i < self->count; i++)
        self->value[i] = rows[i] > 0 ? sum[i] / rows[i] : NAN;
    csv_close(&csv);
    memory_free(sum);
    return STATUS_OK;
}

static enum status read_folder(struct figures *self, const char *folder, double since,
                               struct errors *errors)
{
    char *path = file_join(folder, "manifest.json"), *text = NULL;
    char *table = file_join(folder, "cohorts.csv");
    size_t length = 0;
    char from[64] = "0";
    *self = (struct figures){0};
    enum status status = path && table ? file_read(path, MANIFEST_MOST, &text, &length, errors)
                                       : STATUS_NO_MEMORY;
    if (!status && since < 0)
        status = figures_read_text(self, text, fopen(table, "re"), path, errors);
    if (!status && since >= 0) {
        status = figures_read_text(self, text, NULL, path, errors);
        if (!status) manifest_find_text(text, "left_out_days", from, sizeof from);
        double first = fmax(since, to_number(from));
        if (!status) status = average_series(self, folder, first);
        FILE *cohorts = status ? NULL : fopen(table, "re");
        if (cohorts) status = read_cohorts(self, cohorts, first);
    }
    free(text);
    free(table);
    free(path);
    return status;
}

enum status figures_read(struct figures *self, const char *folder, struct errors *errors)
{
    return read_folder(self, folder, -1, errors);
}

enum status figures_read_since(struct figures *self, const char *folder, double day,
                               struct errors *errors)
{
    return read_folder(self, folder, day, errors);
}
