/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What `reelsim evaluate` says: a table for people, or JSON. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "evaluate.h"

static void print_cell(double value, double low, double high, bool margin)
{
    char text[24] = "-";
    if (margin && !isnan(low))
        snprintf(text, sizeof text, "±%.4f", (high - low) / 2);
    else if (margin)
        text[0] = 0;
    else if (!isnan(value))
        snprintf(text, sizeof text, "%.4f", value);
    printf(" %*s", margin && !isnan(low) ? 10 : 9, text); /* ± is two bytes */
}

static void print_row(const struct evaluation_row *row)
{
    bool known = false;
    printf("%-20s %4" PRIu32, row->algorithm, row->k);
    for (int m = 0; m < EVALUATION_METRICS; m++) {
        print_cell(row->metric[m].value, NAN, NAN, false);
        known = known || !isnan(row->metric[m].low);
    }
    printf(" %8.3g %9.3g\n", row->train_s, row->ratings_per_s);
    if (!known) return;
    printf("%-25s", "");
    for (int m = 0; m < EVALUATION_METRICS; m++)
        print_cell(0, row->metric[m].low, row->metric[m].high, true);
    printf("\n");
}

static void print_table(const struct evaluate *self)
{
    printf("%s\n%-20s %4s", self->words, "algorithm", "k");
    for (int m = 0; m < EVALUATION_METRICS; m++) printf(" %9s", evaluation_name[m]);
    printf(" %8s %9s\n", "train_s", "ratings/s");
    for (size_t r = 0; r < self->rows; r++)
        if (self->row[r].fold == 0) print_row(&self->row[r]);
}

static void print_text(const char *text)
{
    putchar('"');
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if (c == '"' || c == '\\')
            printf("\\%c", c);
        else if (c == '\n')
            printf("\\n");
        else if (c < ' ')
            printf("\\u%04x", c);
        else
            putchar(c);
    }
    putchar('"');
}

static void print_number(const char *name, const char *suffix, double value)
{
    if (isfinite(value))
        printf(", \"%s%s\": %.9g", name, suffix, value);
    else
        printf(", \"%s%s\": null", name, suffix);
}

/* {"rmse": [.95, .94]}: each fold's own, for the row of means. */
static void print_folds(const struct evaluate *self, const struct evaluation_row *mean)
{
    printf(", \"per_fold\": {");
    for (int m = 0; m < EVALUATION_METRICS; m++) {
        const char *comma = "";
        printf("%s\"%s\": [", m ? ", " : "", evaluation_name[m]);
        for (size_t r = 0; r < self->rows; r++) {
            const struct evaluation_row *row = &self->row[r];
            if (!row->fold || row->k != mean->k || row->algorithm != mean->algorithm) continue;
            if (isfinite(row->metric[m].value))
                printf("%s%.9g", comma, row->metric[m].value);
            else
                printf("%snull", comma);
            comma = ", ";
        }
        printf("]");
    }
    printf("}");
}

static void print_object(const struct evaluate *self, const struct evaluation_row *row)
{
    printf("{\"algorithm\": \"%s\", \"k\": %" PRIu32, row->algorithm, row->k);
    for (int m = 0; m < EVALUATION_METRICS; m++) {
        print_number(evaluation_name[m], "", row->metric[m].value);
        if (m >= EVALUATION_COVERAGE) continue;
        print_number(evaluation_name[m], "_low", row->metric[m].low);
        print_number(evaluation_name[m], "_high", row->metric[m].high);
    }
    print_number("train_s", "", row->train_s);
    print_number("train_cpu_s", "", row->train_cpu_s);
    print_number("ratings_per_s", "", row->ratings_per_s);
    printf(", \"folds\": %zu", self->folds);
    if (self->folds > 1) print_folds(self, row);
    printf(", \"log\": {");
    evaluate_figures_json(&self->figures);
    printf("}, \"protocol\": ");
    print_text(self->words);
    printf("}");
}

void evaluate_figures_words(const struct log_figures *f, FILE *words)
{
    fprintf(
        words,
        "spread     rows an item: Gini %.4f, the most popular tenth has %.2f %%; rows a user: "
        "Gini %.4f, mean %.2f, quantiles",
        f->gini_items, 100 * f->top10_items, f->gini_users, f->mean_user);
    for (int q = 0; q < LOG_FIGURES_QUANTILES; q++)
        fprintf(words, "%s %g: %" PRIu64, q ? "," : "", log_figures_at[q], f->quantile_user[q]);
    fprintf(words, "\n");
}

void evaluate_figures_json(const struct log_figures *f)
{
    printf("\"rows\": %zu, \"users\": %" PRIu32 ", \"items\": %" PRIu32
           ", \"gini_items\": %.9g, \"top10_items\": %.9g, \"gini_users\": %.9g, "
           "\"rows_user\": {\"mean\": %.9g",
           f->rows, f->users, f->items, f->gini_items, f->top10_items, f->gini_users,
           f->mean_user);
    for (int q = 0; q < LOG_FIGURES_QUANTILES; q++)
        printf(", \"p%g\": %" PRIu64, 100 * log_figures_at[q], f->quantile_user[q]);
    printf("}");
}

void evaluate_print(const struct evaluate *self, bool json)
{
    const char *comma = "[";
    if (!json) {
        print_table(self);
        return;
    }
    for (size_t r = 0; r < self->rows; r++) {
        if (self->row[r].fold) continue;
        printf("%s", comma);
        print_object(self, &self->row[r]);
        comma = ",\n ";
    }
    printf("]\n");
}
