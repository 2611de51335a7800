/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/interference.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "experiment/figures.h"
#include "experiment/trial.h"
#include "io/csv.h"
#include "io/file.h"
#include "io/manifest_text.h"

#define MANIFEST_MOST (16u << 20)
#define BOTH 2 /* arms of a table */

/* Sums of a table after the warm-up. */
struct sums {
    char **name; /* owned */
    double *sum; /* owned; [arm * columns + column] */
    double *rows;
    size_t columns;
};

static void sums_free(struct sums *self)
{
    for (size_t c = 0; self->name && c < self->columns; c++) free(self->name[c]);
    memory_free(self->name);
    memory_free(self->sum);
    memory_free(self->rows);
    *self = (struct sums){0};
}

static enum status sums_make(struct sums *self, const struct csv *csv)
{
    self->name = memory_alloc(csv->columns, sizeof *self->name);
    self->sum = memory_alloc(BOTH * csv->columns, sizeof *self->sum);
    self->rows = memory_alloc(BOTH * csv->columns, sizeof *self->rows);
    if (!self->name || !self->sum || !self->rows) return STATUS_NO_MEMORY;
    self->columns = csv->columns;
    for (size_t c = 0; c < csv->columns; c++)
        if (!(self->name[c] = strdup(csv->name[c]))) return STATUS_NO_MEMORY;
    return STATUS_OK;
}

static void add_rows(struct sums *self, struct csv *csv, double from)
{
    size_t day = csv_column(csv, "day"), arm = csv_column(csv, "arm");
    while (csv_next(csv)) {
        size_t at = strcmp(csv_text(csv, arm), "b") == 0;
        for (size_t c = 0; c < csv->columns && csv_number(csv, day) >= from; c++) {
            double value = csv_number(csv, c);
            if (!isfinite(value)) continue;
            self->sum[at * self->columns + c] += value;
            self->rows[at * self->columns + c] += 1;
        }
    }
}

/* Days that the run's own summary leaves out. */
static enum status read_warmup(const char *folder, double *from, struct errors *errors)
{
    char *path = file_join(folder, "manifest.json"), *text = NULL, days[64] = "0";
    size_t length = 0;
    enum status status = path ? file_read(path, MANIFEST_MOST, &text, &length, errors)
                              : STATUS_NO_MEMORY;
    if (!status) manifest_find_text(text, "left_out_days", days, sizeof days);
    *from = strtod(days, NULL);
    free(text);
    free(path);
    return status;
}

static enum status sums_read(struct sums *self, const char *folder, struct errors *errors)
{
    struct csv csv = {0};
    double from;
    enum status status = read_warmup(folder, &from, errors);
    if (!status && !csv_open(&csv, folder, "arms.csv"))
        status = errors_add(errors, STATUS_BAD_INPUT, "%s: has no arms.csv", folder);
    if (!status) status = sums_make(self, &csv);
    if (!status) add_rows(self, &csv, from);
    csv_close(&csv);
    return status;
}

static size_t column_of(const struct sums *self, const char *name)
{
    size_t c = 0;
    while (c < self->columns && strcmp(self->name[c], name) != 0) c++;
    return c;
}

static double sum_of(const struct sums *self, size_t arm, size_t column)
{
    size_t at = arm * self->columns + column;
    return column < self->columns && self->rows[at] > 0 ? self->sum[at] : NAN;
}

/* Of an arm, a viewer or creator and interval. */
static double figure_of(const struct sums *self, size_t arm, size_t column, const char *unit)
{
    double n = sum_of(self, arm, column_of(self, unit));
    return n > 0 ? sum_of(self, arm, column) / n : NAN;
}

/* -------------------------------------------------------------------------- replications */

/* [figure][replication] of the three. */
struct values {
    double *split, *whole, *off; /* owned by `split` */
    size_t n;
};

static bool all_done(char *const folder[INTERFERENCE_WORLDS])
{
    for (int w = 0; w < INTERFERENCE_WORLDS; w++)
        if (trial_state(folder[w]) != TRIAL_DONE) return false;
    return true;
}

/* Names of the figures, from the first table. */
static enum status name_figures(struct interference *self, const struct sums *sums)
{
    static const char *const none[] = {"day", "arm", "viewers", "creators"};
    self->figure = memory_alloc(sums->columns, sizeof *self->figure);
    if (!self->figure) return STATUS_NO_MEMORY;
    size_t viewers = column_of(sums, "viewers");
    self->of_creators = !(sums->rows[viewers] > 0 || sums->rows[sums->columns + viewers] > 0);
    for (size_t c = 0; c < sums->columns; c++) {
        bool counts = sums->rows[c] > 0 || sums->rows[sums->columns + c] > 0;
        for (size_t k = 0; k < sizeof none / sizeof *none; k++)
            counts = counts && strcmp(sums->name[c], none[k]) != 0;
        if (counts)
            snprintf(self->figure[self->count++].name, COMPARISON_NAME, "%s", sums->name[c]);
    }
    return STATUS_OK;
}

static void take(const struct interference *self, const struct sums world[INTERFERENCE_WORLDS],
                 struct values *out, size_t most)
{
    const char *unit = self->of_creators ? "creators" : "viewers";
    for (size_t f = 0; f < self->count; f++) {
        size_t column = column_of(&world[INTERFERENCE_SPLIT], self->figure[f].name);
        double split = figure_of(&world[INTERFERENCE_SPLIT], 1, column, unit) -
                       figure_of(&world[INTERFERENCE_SPLIT], 0, column, unit);
        double whole = figure_of(&world[INTERFERENCE_ALL_B], 1, column, unit) -
                       figure_of(&world[INTERFERENCE_ALL_A], 0, column, unit);
        out->split[f * most + out->n] = split;
        out->whole[f * most + out->n] = whole;
        out->off[f * most + out->n] = split - whole;
    }
    out->n++;
}

static enum status read_one(const struct replications *run, size_t r, struct interference *self,
                            struct values *values, struct errors *errors)
{
    char *folder[INTERFERENCE_WORLDS] = {NULL};
    struct sums world[INTERFERENCE_WORLDS] = {{0}};
    enum status status = STATUS_OK;
    for (size_t w = 0; w < INTERFERENCE_WORLDS && !status; w++)
        if (!(folder[w] = replications_folder(run, w, r))) status = STATUS_NO_MEMORY;
    if (status || !all_done(folder)) goto out;
    for (size_t w = 0; w < INTERFERENCE_WORLDS && !status; w++) {
        status = sums_read(&world[w], folder[w], errors);
        if (!status && world[w].columns != world[0].columns)
            status = errors_add(errors, STATUS_BAD_INPUT, "%s: arms.csv has other columns",
                                folder[w]);
    }
    if (!status && !values->split) {
        size_t most = run->count;
        status = name_figures(self, &world[0]);
        values->split = memory_alloc(3 * self->count * most + 1, sizeof(double));
        if (!values->split) status = STATUS_NO_MEMORY;
        if (status) goto out;
        values->whole = values->split + self->count * most;
        values->off = values->whole + self->count * most;
    }
    if (!status) take(self, world, values, run->count);
out:
    for (size_t w = 0; w < INTERFERENCE_WORLDS; w++) {
        sums_free(&world[w]);
        free(folder[w]);
    }
    return status;
}

/* Whole replications only: what one world lacks is missing in the others' mean, too. */
static void estimate(struct interference_figure *figure, double *split, double *whole,
                     double *off, size_t n)
{
    size_t kept = 0;
    for (size_t r = 0; r < n; r++) {
        if (!isfinite(off[r])) continue;
        split[kept] = split[r];
        whole[kept] = whole[r];
        off[kept++] = off[r];
    }
    figure->split = paired_estimate(split, kept);
    figure->whole = paired_estimate(whole, kept);
    figure->interference = paired_estimate(off, kept);
}

enum status interference_read(const struct replications *run, size_t count,
                              struct interference *out, struct errors *errors)
{
    struct values values = {0};
    enum status status = STATUS_OK;
    *out = (struct interference){0};
    for (size_t r = 0; r < count && r < run->count && !status; r++)
        status = read_one(run, r, out, &values, errors);
    out->replications = values.n;
    for (size_t f = 0; f < out->count && !status; f++)
        estimate(&out->figure[f], values.split + f * run->count, values.whole + f * run->count,
                 values.off + f * run->count, values.n);
    memory_free(values.split);
    return status;
}

void interference_free(struct interference *self)
{
    memory_free(self->figure);
    *self = (struct interference){0};
}

/* ------------------------------------------------------------------------------- the text */

static bool is_told(const struct estimate *e)
{
    return isfinite(e->low) && (e->low > 0 || e->high < 0);
}

void interference_print(const struct interference *self, FILE *to)
{
    int width = 6;
    for (size_t f = 0; f < self->count; f++)
        if ((int)strlen(self->figure[f].name) > width)
            width = (int)strlen(self->figure[f].name);
    fprintf(
        to,
        "Interference, a %s and interval, over %zu replications: the split's b less a, less "
        "what\na world of b has over its twin of a. * = its 95 %% interval leaves out 0.\n\n",
        self->of_creators ? "creator" : "viewer", self->replications);
    fprintf(to, "%-*s %12s %12s %12s  %s\n", width, "", "split", "whole", "interference",
            "95 % interval");
    for (size_t f = 0; f < self->count; f++) {
        const struct interference_figure *figure = &self->figure[f];
        const struct estimate *e = &figure->interference;
        if (!e->n) continue;
        fprintf(to, "%-*s %12.5g %12.5g %12.5g  ", width, figure->name, figure->split.mean,
                figure->whole.mean, e->mean);
        if (isfinite(e->low))
            fprintf(to, "[%.5g, %.5g]%s", e->low, e->high, is_told(e) ? " *" : "");
        putc('\n', to);
    }
}

#define NUMBERS 7
static const char *const number_key[NUMBERS] = {"split",   "whole", "interference", "ci_low",
                                                "ci_high", "sd",    "replications"};

static void numbers_of(const struct interference_figure *figure, double out[NUMBERS])
{
    const struct estimate *e = &figure->interference;
    const double number[NUMBERS] = {
        figure->split.mean, figure->whole.mean, e->mean, e->low, e->high, e->sd, (double)e->n};
    memcpy(out, number, sizeof number);
}

void interference_csv(const struct interference *self, FILE *to)
{
    fputs("metric", to);
    for (size_t k = 0; k < NUMBERS; k++) fprintf(to, ",%s", number_key[k]);
    putc('\n', to);
    for (size_t f = 0; f < self->count; f++) {
        double number[NUMBERS];
        numbers_of(&self->figure[f], number);
        fputs(self->figure[f].name, to);
        for (size_t k = 0; k < NUMBERS; k++) {
            putc(',', to);
            if (isfinite(number[k])) fprintf(to, "%.9g", number[k]);
        }
        putc('\n', to);
    }
}

void interference_json(const struct interference *self, FILE *to)
{
    for (size_t f = 0; f < self->count; f++) {
        double number[NUMBERS];
        numbers_of(&self->figure[f], number);
        fprintf(to, "%s\n  {\"metric\": \"%s\", \"unit\": \"%s\"", f ? "," : "[",
                self->figure[f].name, self->of_creators ? "creator" : "viewer");
        for (size_t k = 0; k < NUMBERS; k++)
            if (isfinite(number[k]))
                fprintf(to, ", \"%s\": %.9g", number_key[k], number[k]);
            else
                fprintf(to, ", \"%s\": null", number_key[k]);
        putc('}', to);
    }
    fputs(self->count ? "\n]\n" : "[]\n", to);
}

static enum status write_one(const struct interference *self, const char *folder,
                             const char *name,
                             void (*text)(const struct interference *self, FILE *to),
                             struct errors *errors)
{
    struct file file = {0};
    char *path = file_join(folder, name);
    enum status status = path ? file_create(&file, path, errors) : STATUS_NO_MEMORY;
    free(path);
    if (status) return status;
    text(self, file.stream);
    return file_commit(&file, errors);
}

enum status interference_write(const struct interference *self, const char *folder,
                               struct errors *errors)
{
    enum status status = write_one(self, folder, "interference.csv", interference_csv, errors);
    if (status) return status;
    return write_one(self, folder, "interference.json", interference_json, errors);
}
