/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Many runs side by side: a row a run, a column a measure, each cell the run's own course over
 * the days on the band of all runs.
 */
#include "io/pictures/figures.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAYS_MOST 4000

static const struct measured {
    const char *column, *heading;
} measures[] = {
    {"watch_hours", "minutes a day"}, /* made of it and of dau */
    {"gini_views", "Gini of views"},      {"coverage", "coverage"},
    {"homogenisation", "homogenisation"}, {"ndcg_true", "NDCG against the truth"},
};
#define MEASURES (sizeof measures / sizeof *measures)

/* One measure of all runs; rows of different runs meet by their ordinal. */
struct strip {
    const struct measured *measured;
    const double *series[FIGURE_RUNS]; /* NULL = the run does not have it */
    double mean[FIGURE_RUNS];
    double low, high; /* of all values */
    size_t days;      /* of the longest run */
};

static bool read_strip(struct scene *scene, const struct measured *measured,
                       struct strip *strip)
{
    *strip = (struct strip){.measured = measured, .low = INFINITY, .high = -INFINITY};
    for (size_t i = 0; i < scene->count; i++) {
        const struct past_run *run = &scene->run[i];
        const double *series = measured == measures ? figure_minutes(scene, run)
                                                    : past_run_series(run, measured->column);
        strip->series[i] = series;
        strip->mean[i] = series ? past_run_mean(run, series) : NAN;
        for (size_t d = 0; series && d < run->rows && d < DAYS_MOST; d++) {
            if (!isfinite(series[d])) continue;
            strip->low = fmin(strip->low, series[d]);
            strip->high = fmax(strip->high, series[d]);
            if (d + 1 > strip->days) strip->days = d + 1;
        }
    }
    if (strip->high <= strip->low) strip->high = strip->low + 1;
    return strip->days > 1;
}

/* The range of all runs on a day; false when nobody has a value. */
static bool band_of(const struct scene *scene, const struct strip *strip, size_t day,
                    double range[2])
{
    range[0] = INFINITY, range[1] = -INFINITY;
    for (size_t i = 0; i < scene->count; i++) {
        if (!strip->series[i] || day >= scene->run[i].rows) continue;
        double value = strip->series[i][day];
        if (!isfinite(value)) continue;
        range[0] = fmin(range[0], value);
        range[1] = fmax(range[1], value);
    }
    return range[1] >= range[0];
}

/* A block a run, best first: day, and within the run's row (a unit high) value and band. */
static void write_strip(const struct scene *scene, const struct strip *strip,
                        const size_t *order, size_t c, FILE *to)
{
    double scale = 0.8 / (strip->high - strip->low), range[2];
    fprintf(to, "$C%zu <<EOD\n", c + 1);
    for (size_t r = 0; r < scene->count; r++) {
        const struct past_run *run = &scene->run[order[r]];
        const double *series = strip->series[order[r]];
        double base = -(double)r - 0.4;
        for (size_t d = 0; d < strip->days; d++) {
            double value = series && d < run->rows ? series[d] : NAN;
            if (!band_of(scene, strip, d, range)) continue;
            fprintf(to, "%zu ", d);
            if (isfinite(value))
                fprintf(to, "%.6g", base + scale * (value - strip->low));
            else
                fputs("NaN", to);
            fprintf(to, " %.6g %.6g\n", base + scale * (range[0] - strip->low),
                    base + scale * (range[1] - strip->low));
        }
        fputs("\n\n", to);
    }
    fputs("EOD\n", to);
}

static void write_means(const struct scene *scene, const struct strip *strip,
                        const size_t *order, size_t c, FILE *to)
{
    char low[32], high[32], scale[96];
    fprintf(to, "array MEAN%zu[%zu]\n", c + 1, scene->count);
    for (size_t r = 0; r < scene->count; r++) {
        char number[32] = "";
        if (isfinite(strip->mean[order[r]]))
            snprintf(number, sizeof number, "%.3g", strip->mean[order[r]]);
        fprintf(to, "MEAN%zu[%zu]=", c + 1, r + 1);
        chart_quote(to, number);
        putc('\n', to);
    }
    snprintf(scale, sizeof scale, "cells from %s to %s", chart_number(strip->low, low),
             chart_number(strip->high, high));
    fprintf(to, "HEADING[%zu]=", c + 1);
    chart_quote(to, strip->measured->heading);
    fprintf(to, "\nSCALE[%zu]=", c + 1);
    chart_quote(to, scale);
    fprintf(to, "\nLAST[%zu]=%zu\n", c + 1, strip->days - 1);
}

/* Highest mean of the first measure first; runs without one last. */
static void sort_runs(const struct scene *scene, const struct strip *strip, size_t *order)
{
    for (size_t i = 0; i < scene->count; i++) {
        double mean = isfinite(strip->mean[i]) ? strip->mean[i] : -INFINITY;
        size_t at = i;
        for (; at > 0; at--) {
            double before = strip->mean[order[at - 1]];
            if (isfinite(before) && before >= mean) break;
            order[at] = order[at - 1];
        }
        order[at] = i;
    }
}

/* What all names begin with, up to a "_", tells nobody anything. */
static size_t common_head(const struct scene *scene)
{
    const char *first = scene->run[0].label;
    size_t n = 0, head = 0;
    for (; first[n]; n++) {
        for (size_t i = 1; i < scene->count; i++)
            if (scene->run[i].label[n] != first[n]) return head;
        if (first[n] == '_') head = n + 1;
    }
    return 0; /* one name is the others' beginning */
}

static void write_head(const struct scene *scene, const struct strip *first,
                       const size_t *order, size_t columns, FILE *to)
{
    char title[160];
    size_t head = common_head(scene);
    snprintf(title, sizeof title, "%zu runs side by side", scene->count);
    chart_set_text(to, "TITLE", title);
    snprintf(title, sizeof title,
             "One cell a run and measure, over the days (rows of series.csv); shaded: all "
             "runs; the number: mean "
             "after the warm-up; sorted by %s",
             first->measured->heading);
    chart_set_text(to, "SUBTITLE", title);
    fprintf(to, "RUNS=%zu\nCOLUMNS=%zu\narray RUN[%zu]\n", scene->count, columns, scene->count);
    fprintf(to, "array HEADING[%zu]\narray SCALE[%zu]\narray LAST[%zu]\n", columns, columns,
            columns);
    for (size_t r = 0; r < scene->count; r++) {
        fprintf(to, "RUN[%zu]=", r + 1);
        chart_quote(to, scene->run[order[r]].label + head);
        putc('\n', to);
    }
}

bool figure_runs(struct scene *scene, FILE *to)
{
    struct strip strip[MEASURES];
    size_t columns = 0, order[FIGURE_RUNS];
    for (size_t m = 0; m < MEASURES; m++)
        columns += read_strip(scene, &measures[m], &strip[columns]);
    if (!columns || scene->count < 2) return false;
    sort_runs(scene, &strip[0], order);
    write_head(scene, &strip[0], order, columns, to);
    for (size_t c = 0; c < columns; c++) {
        write_means(scene, &strip[c], order, c, to);
        write_strip(scene, &strip[c], order, c, to);
    }
    fputs("load 'runs.gp'\n", to);
    return true;
}
