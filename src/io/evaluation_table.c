/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/evaluation_table.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "io/file.h"
#include "io/pictures/chart.h"
#include "io/pictures/gnuplot.h"

#define SHOWN_MOST 24 /* recommenders in the picture */

static void write_number(FILE *to, double value)
{
    if (isfinite(value))
        fprintf(to, ",%.9g", value);
    else
        fputc(',', to);
}

static void write_rows(const struct evaluation_table *self, FILE *to)
{
    fprintf(to, "algorithm,k,fold");
    for (int m = 0; m < EVALUATION_METRICS; m++) {
        fprintf(to, ",%s", evaluation_name[m]);
        if (m < EVALUATION_COVERAGE)
            fprintf(to, ",%s_low,%s_high", evaluation_name[m], evaluation_name[m]);
    }
    fprintf(to, ",train_s,train_cpu_s,ratings_per_s\n");
    for (size_t r = 0; r < self->rows; r++) {
        const struct evaluation_row *row = &self->row[r];
        fprintf(to, "%s,%" PRIu32 ",", row->algorithm, row->k);
        if (row->fold) fprintf(to, "%" PRIu32, row->fold);
        for (int m = 0; m < EVALUATION_METRICS; m++) {
            write_number(to, row->metric[m].value);
            if (m >= EVALUATION_COVERAGE) continue;
            write_number(to, row->metric[m].low);
            write_number(to, row->metric[m].high);
        }
        write_number(to, row->train_s);
        write_number(to, row->train_cpu_s);
        write_number(to, row->ratings_per_s);
        fputc('\n', to);
    }
}

static enum status write_file(const char *folder, const char *name,
                              void (*write)(const struct evaluation_table *, FILE *),
                              const struct evaluation_table *self, struct errors *errors)
{
    struct file file = {0};
    char *path = file_join(folder, name);
    enum status status = path ? file_create(&file, path, errors) : STATUS_NO_MEMORY;
    if (!status) {
        write(self, file.stream);
        status = file_commit(&file, errors);
    }
    file_discard(&file);
    free(path);
    return status;
}

static void write_words(const struct evaluation_table *self, FILE *to)
{
    fputs(self->words, to);
}

/* ------------------------------------------------------------------------------- the picture
 */

static const struct {
    enum evaluation_metric metric;
    const char *title;
} panels[] = {
    {EVALUATION_RMSE, "RMSE (less is better)"},
    {EVALUATION_NDCG, "NDCG"},
    {EVALUATION_RECALL, "Recall"},
    {EVALUATION_AUC, "AUC"},
    {EVALUATION_COVERAGE, "Coverage of items"},
    {EVALUATION_GINI, "Gini of exposure"},
};
#define PANELS (sizeof panels / sizeof panels[0])

/* The row of means of each recommender at the first k. */
static size_t pick_rows(const struct evaluation_table *self,
                        const struct evaluation_row *shown[SHOWN_MOST])
{
    size_t n = 0;
    for (size_t r = 0; r < self->rows && n < SHOWN_MOST; r++)
        if (!self->row[r].fold && self->row[r].k == self->row[0].k) shown[n++] = &self->row[r];
    return n;
}

/* From just below the least to just above the largest of a panel; an error starts where its
 * figures do, a share at 0. */
static bool range_of(const struct evaluation_row *const *shown, size_t n,
                     enum evaluation_metric m, double range[2])
{
    range[0] = m == EVALUATION_RMSE || m == EVALUATION_AUC ? INFINITY : 0;
    range[1] = -INFINITY;
    for (size_t i = 0; i < n; i++) {
        const struct estimate *e = &shown[i]->metric[m];
        if (isnan(e->value)) continue;
        range[0] = fmin(range[0], isnan(e->low) ? e->value : e->low);
        range[1] = fmax(range[1], isnan(e->high) ? e->value : e->high);
    }
    if (!(range[1] > -INFINITY)) return false;
    double margin = fmax(0.04 * (range[1] - range[0]), 1e-6);
    if (range[0] != 0) range[0] -= margin;
    range[1] += margin;
    return true;
}

static void write_panel(FILE *to, const struct evaluation_row *const *shown, size_t n, size_t p)
{
    char tics[768];
    double range[2];
    bool seen = range_of(shown, n, panels[p].metric, range);
    if (!seen) range[0] = 0, range[1] = 1;
    fprintf(to, "PTITLE[%zu]=\"%s\"; PEMPTY[%zu]=%d; PLOW[%zu]=%.9g; PHIGH[%zu]=%.9g\n", p + 1,
            panels[p].title, p + 1, !seen, p + 1, range[0], p + 1, range[1]);
    chart_range_tics(tics, sizeof tics, 'x', range);
    fprintf(to, "PTICS[%zu]=", p + 1);
    chart_quote(to, tics);
    fputc('\n', to);
}

/* Blocks of "row value low high", a block a panel; what is not known is NaN. */
static void write_data(FILE *to, const struct evaluation_row *const *shown, size_t n)
{
    fprintf(to, "$POINTS << EOD\n");
    for (size_t p = 0; p < PANELS; p++) {
        for (size_t i = 0; i < n; i++) {
            const struct estimate *e = &shown[i]->metric[panels[p].metric];
            fprintf(to, "%zu %.9g %.9g %.9g\n", i + 1, e->value,
                    isnan(e->low) ? e->value : e->low, isnan(e->high) ? e->value : e->high);
        }
        fprintf(to, "\n\n");
    }
    fprintf(to, "EOD\n");
}

static void write_sheet(const struct evaluation_table *self, FILE *to)
{
    const struct evaluation_row *shown[SHOWN_MOST];
    char text[256];
    size_t n = pick_rows(self, shown);
    snprintf(text, sizeof text, "Recommenders on %.100s", self->title);
    chart_set_text(to, "TITLE", text);
    snprintf(text, sizeof text, "Lists of %" PRIu32 "; bars are 95 %% intervals over users",
             self->row[0].k);
    chart_set_text(to, "SUBTITLE", text);
    fprintf(to, "PANELS=%zu; GROUPS=%zu; H=%zu\n", PANELS, n, 150 + 2 * (76 + 24 * n));
    fprintf(to, "array PTITLE[PANELS]; array PEMPTY[PANELS]; array PLOW[PANELS]; "
                "array PHIGH[PANELS]; array PTICS[PANELS]; array GROUP[GROUPS]\n");
    for (size_t i = 0; i < n; i++) {
        snprintf(text, sizeof text, "GROUP[%zu]", i + 1);
        chart_set_text(to, text, shown[i]->algorithm);
    }
    for (size_t p = 0; p < PANELS; p++) write_panel(to, shown, n, p);
    write_data(to, shown, n);
    fprintf(to, "load 'intervals.gp'\n");
}

static enum status draw(const struct evaluation_table *self, const char *folder,
                        struct errors *errors)
{
    struct gnuplot gnuplot;
    char *text = NULL;
    size_t length;
    enum status status = gnuplot_open(&gnuplot, folder, self->quiet, errors);
    FILE *to = status ? NULL : open_memstream(&text, &length);
    if (to) {
        write_sheet(self, to);
        if (fclose(to)) status = STATUS_NO_MEMORY;
    } else if (!status) {
        status = STATUS_NO_MEMORY;
    }
    for (const char *at = self->formats; at && !status && !gnuplot.absent;) {
        char format[8];
        snprintf(format, sizeof format, "%.*s", (int)strcspn(at, ","), at);
        const struct gnuplot_sheet sheet = {"evaluation", format, "", text};
        status = gnuplot_draw(&gnuplot, &sheet, errors);
        at = strchr(at, ',');
        if (at) at++;
    }
    if (!status) status = gnuplot_missing(&gnuplot, true, errors);
    gnuplot_close(&gnuplot);
    free(text);
    return status;
}

enum status evaluation_table_write(const struct evaluation_table *self, const char *folder,
                                   struct errors *errors)
{
    enum status status = file_make_folder(folder, errors);
    if (!status) status = write_file(folder, "evaluation.csv", write_rows, self, errors);
    if (!status) status = write_file(folder, "protocol.txt", write_words, self, errors);
    if (!status && self->plots && self->rows) status = draw(self, folder, errors);
    return status;
}
