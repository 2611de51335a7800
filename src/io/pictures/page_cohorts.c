/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What creators of each cohort made of their work, and, of several runs, what the cohort
 * "focal" made in each: the table that answers "which money, for whom".
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "io/csv.h"
#include "io/pictures/chart.h"
#include "io/pictures/page.h"

#define COHORTS_MOST 64
#define STREAMS_MOST 12
#define FOCAL "focal"

/* Sums over the days after the warm-up. */
struct cohort_row {
    char name[64];
    double creators, followers, survival; /* of the last interval */
    double creator_days;
    double income, costs, hours, impressions;
    double stream[STREAMS_MOST];
};

struct cohort_table {
    struct cohort_row row[COHORTS_MOST];
    size_t count;
    char stream[STREAMS_MOST][64];
    size_t stream_at[STREAMS_MOST], streams;
    double interval; /* days */
};

static struct cohort_row *row_of(struct cohort_table *self, const char *name)
{
    size_t k = 0;
    while (k < self->count && strcmp(self->row[k].name, name) != 0) k++;
    if (k == COHORTS_MOST) return NULL;
    if (k == self->count) {
        snprintf(self->row[k].name, sizeof self->row[k].name, "%.63s", name);
        self->count++;
    }
    return &self->row[k];
}

static double at(const struct csv *csv, const char *column)
{
    double x = csv_number(csv, csv_column(csv, column));
    return isfinite(x) ? x : 0;
}

static void add(struct cohort_table *self, struct cohort_row *row, const struct csv *csv)
{
    row->creators = at(csv, "creators");
    row->followers = at(csv, "followers");
    row->survival = at(csv, "survival");
    row->creator_days += row->creators * self->interval;
    row->income += at(csv, "income");
    row->costs += at(csv, "costs");
    row->hours += at(csv, "hours_worked");
    row->impressions += at(csv, "impressions");
    for (size_t i = 0; i < self->streams; i++) {
        double part = csv_number(csv, self->stream_at[i]);
        if (isfinite(part)) row->stream[i] += part;
    }
}

static void find_streams(struct cohort_table *self, const struct csv *csv)
{
    for (size_t c = 0; c < csv->columns && self->streams < STREAMS_MOST; c++) {
        if (strncmp(csv->name[c], "income_", 7) != 0 ||
            strcmp(csv->name[c], "income_cv") == 0 || strcmp(csv->name[c], "income_cvar5") == 0)
            continue;
        snprintf(self->stream[self->streams], sizeof self->stream[0], "%.63s",
                 csv->name[c] + 7);
        self->stream_at[self->streams++] = c;
    }
}

/* False when the run has no such table, or one without hours (of an older version). */
static bool read_table(struct cohort_table *self, const struct past_run *run)
{
    struct csv csv = {0};
    double from = past_run_is_short(run) ? 0 : run->warmup, first = NAN, day = NAN;
    *self = (struct cohort_table){.interval = 1};
    bool open = csv_open(&csv, run->folder, "cohorts.csv");
    bool known = open && csv_column(&csv, "hours_worked") < csv.columns;
    if (known) find_streams(self, &csv);
    while (known && csv_next(&csv)) {
        day = at(&csv, "day");
        if (isnan(first)) first = day;
        if (day > first) break;
    }
    if (day > first) self->interval = day - first;
    csv_close(&csv);
    if (!known || !csv_open(&csv, run->folder, "cohorts.csv")) return false;
    while (csv_next(&csv)) {
        if (at(&csv, "day") < from) continue;
        struct cohort_row *row = row_of(self, csv_text(&csv, csv_column(&csv, "cohort")));
        if (row) add(self, row, &csv);
    }
    csv_close(&csv);
    return self->count > 0;
}

/* -------------------------------------------------------------------------------- the table
 */

static double hourly(const struct cohort_row *row)
{
    return row->hours > 0 ? (row->income - row->costs) / row->hours : NAN;
}

static void cell(FILE *to, double value)
{
    char text[32];
    fprintf(to, "<td>%s</td>", isfinite(value) ? chart_number(value, text) : "\u2013");
}

/* Streams that brought something, the largest first: "ads 80 %, tips 20 %". */
static void write_streams(const struct cohort_table *table, const struct cohort_row *row,
                          FILE *to)
{
    bool used[STREAMS_MOST] = {false};
    fputs("<td>", to);
    for (size_t n = 0; n < table->streams; n++) {
        size_t best = table->streams;
        for (size_t i = 0; i < table->streams; i++)
            if (!used[i] && (best == table->streams || row->stream[i] > row->stream[best]))
                best = i;
        used[best] = true;
        double share = row->income > 0 ? row->stream[best] / row->income : 0;
        if (share < 0.005) break;
        if (n) fputs(", ", to);
        page_text(to, table->stream[best]);
        fprintf(to, " %.0f %%", 100 * share);
    }
    fputs("</td>", to);
}

static void write_row(const char *label, const struct cohort_table *table,
                      const struct cohort_row *row, FILE *to)
{
    double weeks = row->creator_days / 7;
    fputs("<tr><td>", to);
    page_text(to, label);
    fputs("</td>", to);
    cell(to, row->creators);
    cell(to, row->creators > 0 ? row->followers / row->creators : NAN);
    cell(to, weeks > 0 ? row->impressions / weeks : NAN);
    cell(to, weeks > 0 ? row->hours / weeks : NAN);
    cell(to, weeks > 0 ? row->income / weeks : NAN);
    cell(to, weeks > 0 ? row->costs / weeks : NAN);
    cell(to, hourly(row));
    cell(to, 100 * row->survival);
    write_streams(table, row, to);
    fputs("</tr>\n", to);
}

static void write_heads(const char *first, FILE *to)
{
    fprintf(to,
            "<div class=\"wide\"><table class=\"compare\"><thead><tr><th>%s</th>"
            "<th>creators</th><th>followers each</th><th>impressions a week</th>"
            "<th>hours a week</th><th>income a week</th><th>costs a week</th>"
            "<th><b>profit an hour</b></th><th>still here, %%</th><th>income from</th></tr>"
            "</thead><tbody>\n",
            first);
}

static void write_end(const struct past_run *run, FILE *to)
{
    fputs("</tbody></table></div>\n<p class=\"how\">A creator, means over the days after the "
          "warm-up; money in ",
          to);
    page_text(to, run->currency);
    fputs(". Profit an hour is income less what promotion and production cost, by the hours "
          "that went into videos. All of it is in <code>cohorts.csv</code>.</p></section>\n",
          to);
}

static void write_cohorts(const struct past_run *run, FILE *to)
{
    struct cohort_table table;
    if (!read_table(&table, run) || table.count < 2) return;
    fputs("<section id=\"cohorts\"><h2>What each cohort made of its work</h2>\n", to);
    write_heads("cohort", to);
    for (size_t k = 0; k < table.count; k++)
        write_row(table.row[k].name, &table, &table.row[k], to);
    write_end(run, to);
}

static void say_best(const struct scene *scene, const double *profit, FILE *to)
{
    size_t best = scene->count, second = scene->count;
    char one[32], two[32];
    for (size_t i = 0; i < scene->count; i++) {
        if (!isfinite(profit[i])) continue;
        if (best == scene->count || profit[i] > profit[best])
            second = best, best = i;
        else if (second == scene->count || profit[i] > profit[second])
            second = i;
    }
    if (second == scene->count) return;
    fputs("<p>Highest profit an hour: <b>", to);
    page_text(to, scene->run[best].label);
    fprintf(to, "</b> with %s, then ", chart_number(profit[best], one));
    page_text(to, scene->run[second].label);
    fprintf(to, " with %s. One run each: no error bar, so near ones are not told apart.</p>\n",
            chart_number(profit[second], two));
}

static void write_focal(const struct scene *scene, FILE *to)
{
    struct cohort_table table;
    double profit[FIGURE_RUNS];
    size_t found = 0;
    for (size_t i = 0; i < scene->count; i++) {
        profit[i] = NAN;
        if (!read_table(&table, &scene->run[i])) continue;
        for (size_t k = 0; k < table.count; k++)
            if (strcmp(table.row[k].name, FOCAL) == 0) {
                profit[i] = hourly(&table.row[k]);
                found++;
            }
    }
    if (found < 2) return;
    fputs("<section id=\"cohorts\"><h2>What the focal creators made of their work</h2>\n", to);
    say_best(scene, profit, to);
    write_heads("run", to);
    for (size_t i = 0; i < scene->count; i++) {
        if (!read_table(&table, &scene->run[i])) continue;
        for (size_t k = 0; k < table.count; k++)
            if (strcmp(table.row[k].name, FOCAL) == 0)
                write_row(scene->run[i].label, &table, &table.row[k], to);
    }
    write_end(&scene->run[0], to);
}

void page_cohorts(const struct scene *scene, FILE *to)
{
    if (scene->count == 1)
        write_cohorts(&scene->run[0], to);
    else
        write_focal(scene, to);
}
