/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "past_run.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "io/csv.h"
#include "io/file.h"
#include "io/manifest_text.h"

#define MANIFEST_MOST (16u << 20)

static enum status read_manifest(struct past_run *self, struct errors *errors)
{
    size_t length = 0;
    char *path = file_join(self->folder, "manifest.json"), number[32] = "0";
    enum status status = STATUS_NO_MEMORY;
    if (path) status = file_read(path, MANIFEST_MOST, &self->manifest, &length, errors);
    free(path);
    if (status) return status;
    const char *m = self->manifest;
    manifest_find_text(m, "name", self->name, sizeof self->name);
    manifest_find_text(m, "currency", self->currency, sizeof self->currency);
    manifest_find_text(m, "version", self->version, sizeof self->version);
    manifest_find_text(m, "git", self->git, sizeof self->git);
    manifest_find_text(m, "seed", self->seed, sizeof self->seed);
    manifest_find_text(m, "state_hash", self->hash, sizeof self->hash);
    manifest_find_setting(m, "platform.ranker", self->ranker, sizeof self->ranker);
    manifest_find_setting(m, "measure.warmup", number, sizeof number);
    self->warmup = atof(number);
    manifest_find_text(m, "days", number, sizeof number);
    self->days = atof(number);
    return STATUS_OK;
}

static enum status copy_names(struct past_run *self, const struct csv *csv)
{
    self->column = memory_alloc(csv->columns, sizeof *self->column);
    if (!self->column) return STATUS_NO_MEMORY;
    for (; self->columns < csv->columns; self->columns++) {
        self->column[self->columns] = strdup(csv->name[self->columns]);
        if (!self->column[self->columns]) return STATUS_NO_MEMORY;
    }
    return STATUS_OK;
}

/* Read row by row, then turned so that a column is one array. */
static enum status read_series(struct past_run *self)
{
    struct csv csv;
    double *row = NULL;
    if (!csv_open(&csv, self->folder, "series.csv")) return STATUS_OK;
    enum status status = copy_names(self, &csv);
    while (!status && csv_next(&csv)) {
        size_t used = self->rows * self->columns;
        status = memory_grow(&row, &self->room, used + self->columns, sizeof *row);
        if (status) break;
        for (size_t c = 0; c < self->columns; c++) row[used + c] = csv_number(&csv, c);
        self->rows++;
    }
    csv_close(&csv);
    if (!status) self->value = memory_alloc(self->rows * self->columns, sizeof *self->value);
    if (!status && !self->value) status = STATUS_NO_MEMORY;
    for (size_t r = 0; r < self->rows && !status; r++)
        for (size_t c = 0; c < self->columns; c++)
            self->value[c * self->rows + r] = row[r * self->columns + c];
    memory_free(row);
    return status;
}

enum status past_run_read(struct past_run *self, const char *folder, struct errors *errors)
{
    *self = (struct past_run){0};
    self->folder = realpath(folder, NULL);
    if (!self->folder)
        return errors_add(errors, STATUS_BAD_INPUT, "%s: %s", folder, strerror(errno));
    enum status status = read_manifest(self, errors);
    if (!status) status = read_series(self);
    snprintf(self->label, sizeof self->label, "%.63s", *self->name ? self->name : "run");
    return status;
}

void past_run_free(struct past_run *self)
{
    for (size_t c = 0; c < self->columns; c++) free(self->column[c]);
    memory_free(self->column);
    memory_free(self->value);
    free(self->manifest);
    free(self->folder);
    *self = (struct past_run){0};
}

void past_run_text(const struct past_run *self, const char *key, char *out, size_t size)
{
    manifest_find_text(self->manifest, key, out, size);
}

const double *past_run_series(const struct past_run *self, const char *column)
{
    for (size_t c = 0; c < self->columns; c++) {
        if (strcmp(self->column[c], column) != 0) continue;
        const double *series = self->value + c * self->rows;
        for (size_t r = 0; r < self->rows; r++)
            if (isfinite(series[r])) return series;
    }
    return NULL;
}

bool past_run_is_short(const struct past_run *self)
{
    const double *day = past_run_series(self, "day");
    return !day || self->rows == 0 || day[self->rows - 1] < self->warmup;
}

size_t past_run_first(const struct past_run *self)
{
    const double *day = past_run_series(self, "day");
    size_t first = 0;
    if (past_run_is_short(self)) return 0;
    while (first < self->rows && !(day[first] >= self->warmup)) first++;
    return first;
}

double past_run_mean(const struct past_run *self, const double *series)
{
    double sum = 0;
    size_t n = 0;
    for (size_t r = past_run_first(self); series && r < self->rows; r++) {
        if (!isfinite(series[r])) continue;
        sum += series[r];
        n++;
    }
    return n ? sum / (double)n : NAN;
}

bool past_run_trends(const struct past_run *self, const double *series, double *change)
{
    size_t first = past_run_first(self), n = self->rows - first;
    double mean = past_run_mean(self, series), middle = ((double)n - 1) / 2;
    double xx = 0, xy = 0, rest = 0;
    if (!series || n < 8 || past_run_is_short(self) || !(fabs(mean) > 0)) return false;
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(series[first + i])) return false;
        double x = (double)i - middle;
        xx += x * x;
        xy += x * (series[first + i] - mean);
    }
    double slope = xy / xx;
    for (size_t i = 0; i < n; i++) {
        double off = series[first + i] - mean - slope * ((double)i - middle);
        rest += off * off;
    }
    double error = sqrt(rest / ((double)n - 2) / xx);
    *change = slope * ((double)n - 1) / fabs(mean);
    return fabs(*change) > 0.05 && fabs(slope) > 4 * error;
}
