/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/reasons.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/pictures/chart.h"
#include "io/pictures/gnuplot.h"

#define INTERESTS_SHOWN 12

/* How far bars reach to the left and to the right of 0. */
static void reach(const struct reasons *self, double range[2])
{
    range[0] = range[1] = 0;
    for (size_t i = 0; i < self->rows; i++) {
        double side[2] = {0, 0};
        for (size_t k = 0; k < REASONS_PARTS; k++)
            side[self->row[i].part[k] > 0] += self->row[i].part[k];
        range[0] = fmin(range[0], side[0]);
        range[1] = fmax(range[1], side[1]);
    }
    if (!(range[1] - range[0] > 0)) range[1] = 1;
}

/* Each part from where the ones before it on its side ended. */
static void write_bars(const struct reasons *self, FILE *to)
{
    fputs("$BARS <<EOD\n", to);
    for (size_t k = 0; k < REASONS_PARTS; k++) {
        for (size_t i = 0; i < self->rows; i++) {
            double from = 0, part = self->row[i].part[k];
            for (size_t before = 0; before < k; before++)
                if ((self->row[i].part[before] > 0) == (part > 0))
                    from += self->row[i].part[before];
            fprintf(to, "%.6g %.6g %zu\n", from, from + part, i);
        }
        fputs("\n\n", to);
    }
    fputs("EOD\n", to);
}

static void write_rows(const struct reasons *self, FILE *to)
{
    char number[32];
    fprintf(to, "ROWS=%zu\narray ROW[%zu]\narray NOTE[%zu]\narray SUM[%zu]\n", self->rows,
            self->rows + 1, self->rows + 1, self->rows + 1);
    for (size_t i = 0; i < self->rows; i++) {
        double sum = 0;
        for (size_t k = 0; k < REASONS_PARTS; k++) sum += self->row[i].part[k];
        snprintf(number, sizeof number, "%.2f", sum);
        fprintf(to, "ROW[%zu]=", i + 1);
        chart_quote(to, self->row[i].name);
        fprintf(to, "\nNOTE[%zu]=", i + 1);
        chart_quote(to, self->row[i].note);
        fprintf(to, "\nSUM[%zu]=", i + 1);
        chart_quote(to, number);
        putc('\n', to);
    }
}

/* What is believed has the ranker's unit: drawn relative to the strongest belief. */
static void write_interests(const struct reasons *self, FILE *to)
{
    size_t n = self->interests < INTERESTS_SHOWN ? self->interests : INTERESTS_SHOWN;
    double most = 0;
    for (size_t i = 0; i < self->interests; i++)
        if (fabs(self->interest[i].believed) > most) most = fabs(self->interest[i].believed);
    fprintf(to, "TOPICS=%zu\narray TOPIC[%zu]\n", n, n + 1);
    for (size_t i = 0; i < n; i++) {
        fprintf(to, "TOPIC[%zu]=", i + 1);
        chart_quote(to, self->interest[i].topic);
        putc('\n', to);
    }
    fputs("$INTERESTS <<EOD\n", to);
    for (size_t i = 0; i < n; i++) {
        double believed = self->interest[i].believed;
        fprintf(to, "%zu %.6g ", i, self->interest[i].taste);
        if (isnan(believed) || !(most > 0))
            fputs("NaN\n", to);
        else
            fprintf(to, "%.6g\n", believed / most);
    }
    fputs("EOD\n", to);
}

static char *sheet_of(const struct reasons *self)
{
    char *text = NULL, subtitle[160];
    size_t length = 0;
    double range[2];
    FILE *to = open_memstream(&text, &length);
    if (!to) return NULL;
    snprintf(subtitle, sizeof subtitle,
             "left: true taste (filled) and what the platform believes (open, relative); "
             "right: parts of the score by ranker %s",
             self->ranker);
    chart_set_text(to, "TITLE", self->title);
    chart_set_text(to, "SUBTITLE", subtitle);
    reach(self, range);
    chart_set_number(to, "LOW", range[0]);
    chart_set_number(to, "MOST", range[1]);
    write_rows(self, to);
    write_bars(self, to);
    write_interests(self, to);
    fputs("load 'reasons.gp'\n", to);
    bool failed = ferror(to);
    if (fclose(to) || failed) {
        free(text);
        return NULL;
    }
    return text;
}

enum status reasons_draw(const struct reasons *self, struct errors *errors)
{
    struct gnuplot gnuplot = {0};
    const char *list = self->formats ? self->formats : "png";
    enum status status = gnuplot_open(&gnuplot, self->folder, self->quiet, errors);
    char *text = status || self->rows == 0 ? NULL : sheet_of(self);
    if (!status && self->rows && !text) status = STATUS_NO_MEMORY;
    for (size_t f = 0; f < GNUPLOT_FORMATS && text && !status && !gnuplot.absent; f++) {
        const struct gnuplot_sheet sheet = {self->name, gnuplot_format[f], "", text};
        if (gnuplot_wanted(list, gnuplot_format[f]))
            status = gnuplot_draw(&gnuplot, &sheet, errors);
    }
    if (text && !status) status = gnuplot_missing(&gnuplot, true, errors);
    free(text);
    gnuplot_close(&gnuplot);
    return status;
}
