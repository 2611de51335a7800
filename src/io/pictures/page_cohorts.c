/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What creators of each cohort made of their work, and, of several runs, what the cohort
 * "focal" made in each: the table that answers "which money, for whom".
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "io/csv.h"
#include "io/pictures/chart.h"
#include "io/pictures/page.h"

#define COHORTS_MOST 64
#define STREAMS_MOST 12
#define PERIODS_MOST 26
#define PERIOD_LEAST 7.0 /* days */
#define FOCAL "focal"

/* Sums over the intervals of a stretch of days. */
struct period {
    double creators, followers, survival; /* of the last interval */
    double creator_days;
    double posts, impressions, watch_hours, hours;
    double income, costs, production, stream[STREAMS_MOST];
    double finished, hidden;    /* impressions */
    double pleased;             /* satisfaction times impressions */
    double kept, turns;         /* sum of the intervals' retention, and of how many */
    double lost;                /* sum of the intervals' shares of followers */
    double waiting, waited_for; /* money times days to its payout; that money */
    double cv, cvar, spreads;   /* sums, and of how many intervals */
};

struct cohort_row {
    char name[64];
    struct period all, period[PERIODS_MOST];
    size_t periods;
};

struct cohort_table {
    struct cohort_row row[COHORTS_MOST];
    size_t count;
    char stream[STREAMS_MOST][64];
    size_t stream_at[STREAMS_MOST], streams;
    double interval;     /* days */
    double from, period; /* first day, length of a period */
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

static void add_spread(struct period *to, const struct csv *csv)
{
    double cv = csv_number(csv, csv_column(csv, "income_cv"));
    double cvar = csv_number(csv, csv_column(csv, "income_cvar5"));
    double wait = csv_number(csv, csv_column(csv, "payout_days"));
    if (isfinite(cv) && isfinite(cvar)) to->cv += cv, to->cvar += cvar, to->spreads += 1;
    if (isfinite(wait) && at(csv, "income") > 0)
        to->waiting += wait * at(csv, "income"), to->waited_for += at(csv, "income");
}

static void add(const struct cohort_table *self, struct period *to, const struct csv *csv)
{
    double shown = at(csv, "impressions");
    to->creators = at(csv, "creators");
    to->followers = at(csv, "followers");
    to->survival = at(csv, "survival");
    to->creator_days += to->creators * self->interval;
    to->posts += at(csv, "posts");
    to->impressions += shown;
    to->watch_hours += at(csv, "watch_hours");
    to->hours += at(csv, "hours_worked");
    to->income += at(csv, "income");
    to->costs += at(csv, "costs");
    to->production += at(csv, "production_costs");
    to->finished += at(csv, "completion_rate") * shown;
    to->hidden += at(csv, "hide_rate") * shown;
    to->pleased += at(csv, "audience_satisfaction") * shown;
    double kept = csv_number(csv, csv_column(csv, "audience_retention"));
    if (isfinite(kept)) to->kept += kept, to->turns += 1;
    to->lost += at(csv, "follower_loss");
    add_spread(to, csv);
    for (size_t i = 0; i < self->streams; i++) {
        double part = csv_number(csv, self->stream_at[i]);
        if (isfinite(part)) to->stream[i] += part;
    }
}

static void add_to(const struct cohort_table *self, struct cohort_row *row,
                   const struct csv *csv)
{
    double behind = (at(csv, "day") - self->from) / self->period;
    size_t k = behind < PERIODS_MOST ? (size_t)behind : PERIODS_MOST - 1;
    add(self, &row->all, csv);
    add(self, &row->period[k], csv);
    if (row->periods <= k) row->periods = k + 1;
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
    memset(self, 0, sizeof *self);
    self->interval = 1;
    self->from = from;
    self->period = fmax(PERIOD_LEAST, ceil((run->days - from) / PERIODS_MOST));
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
        if (row) add_to(self, row, &csv);
    }
    csv_close(&csv);
    return self->count > 0;
}

/* -------------------------------------------------------------------------------- the table
 */

static double hourly(const struct period *sum)
{
    return sum->hours > 0 ? (sum->income - sum->costs) / sum->hours : NAN;
}

static void cell(FILE *to, double value)
{
    char text[32];
    fprintf(to, "<td>%s</td>", isfinite(value) ? chart_number(value, text) : "\u2013");
}

/* Streams that brought something, the largest first: "ads 80 %, tips 20 %". */
static void write_streams(const struct cohort_table *table, const struct period *sum, FILE *to)
{
    bool used[STREAMS_MOST] = {false};
    fputs("<td>", to);
    for (size_t n = 0; n < table->streams; n++) {
        size_t best = table->streams;
        for (size_t i = 0; i < table->streams; i++)
            if (!used[i] && (best == table->streams || sum->stream[i] > sum->stream[best]))
                best = i;
        used[best] = true;
        double share = sum->income > 0 ? sum->stream[best] / sum->income : 0;
        if (share < 0.005) break;
        if (n) fputs(", ", to);
        page_text(to, table->stream[best]);
        fprintf(to, " %.0f %%", 100 * share);
    }
    fputs("</td>", to);
}

static void write_label(const char *label, FILE *to)
{
    fputs("<tr><td>", to);
    page_text(to, label);
    fputs("</td>", to);
}

/* What a creator of the cohort does, reaches and earns a week. */
static void write_money(const char *label, const struct cohort_table *table,
                        const struct cohort_row *row, FILE *to)
{
    const struct period *sum = &row->all;
    double weeks = sum->creator_days > 0 ? sum->creator_days / 7 : NAN;
    write_label(label, to);
    cell(to, sum->creators);
    cell(to, sum->creators > 0 ? sum->followers / sum->creators : NAN);
    cell(to, sum->impressions / weeks);
    cell(to, sum->hours / weeks);
    cell(to, sum->income / weeks);
    cell(to, sum->costs / weeks);
    cell(to, hourly(sum));
    cell(to, 100 * sum->survival);
    write_streams(table, sum, to);
    fputs("</tr>\n", to);
}

/* Sd over mean of what whole periods brought a creator and day; NAN for less than two. */
static double unsteady(const struct cohort_table *table, const struct cohort_row *row)
{
    double sum = 0, squares = 0, n = 0;
    for (size_t k = 0; k < row->periods; k++) {
        const struct period *p = &row->period[k];
        if (p->creators <= 0 || p->creator_days < (table->period - 0.01) * p->creators)
            continue;
        double x = p->income / p->creator_days;
        sum += x;
        squares += x * x;
        n++;
    }
    if (n < 2 || sum <= 0) return NAN;
    return sqrt(fmax(squares - sum * sum / n, 0) / (n - 1)) / (sum / n);
}

static void write_risk(const char *label, const struct cohort_table *table,
                       const struct cohort_row *row, FILE *to)
{
    const struct period *sum = &row->all;
    double weeks = sum->creator_days > 0 ? sum->creator_days / 7 : NAN;
    double days = sum->creators > 0 ? sum->creator_days / sum->creators : NAN;
    write_label(label, to);
    cell(to, sum->posts / weeks);
    cell(to, sum->watch_hours / weeks);
    cell(to, (sum->costs - sum->production) / weeks);
    cell(to, sum->production / weeks);
    cell(to, sum->waited_for > 0 ? sum->waiting / sum->waited_for : NAN);
    cell(to, 100 * unsteady(table, row));
    cell(to, sum->spreads > 0 ? 100 * sum->cv / sum->spreads : NAN);
    cell(to, sum->spreads > 0 ? 7 / table->interval * sum->cvar / sum->spreads : NAN);
    cell(to, sum->impressions > 0 ? 100 * sum->finished / sum->impressions : NAN);
    cell(to, sum->impressions > 0 ? 1000 * sum->hidden / sum->impressions : NAN);
    cell(to, sum->impressions > 0 ? sum->pleased / sum->impressions : NAN);
    cell(to, sum->turns > 0 ? 100 * sum->kept / sum->turns : NAN);
    cell(to, 700 * sum->lost / days);
    fputs("</tr>\n", to);
}

/* A line a period: "day 7 to 13". */
static void write_weeks(const char *label, const struct cohort_table *table,
                        const struct cohort_row *row, FILE *to)
{
    for (size_t k = 0; k < row->periods; k++) {
        const struct period *sum = &row->period[k];
        double weeks = sum->creator_days > 0 ? sum->creator_days / 7 : NAN;
        write_label(label, to);
        cell(to, table->from + (double)k * table->period);
        cell(to, sum->posts / weeks);
        cell(to, sum->impressions / weeks);
        cell(to, sum->creators > 0 ? sum->followers / sum->creators : NAN);
        cell(to, sum->watch_hours / weeks);
        cell(to, sum->income / weeks);
        cell(to, sum->costs / weeks);
        cell(to, hourly(sum));
        cell(to, sum->impressions > 0 ? 100 * sum->finished / sum->impressions : NAN);
        write_streams(table, sum, to);
        fputs("</tr>\n", to);
    }
}

/* -------------------------------------------------------------------------------- three of
 * them
 */

struct part {
    const char *before, *heads, *after;
    void (*row)(const char *label, const struct cohort_table *table,
                const struct cohort_row *row, FILE *to);
};

static const struct part parts[] = {
    {"",
     "<th>creators</th><th>followers each</th><th>impressions a week</th>"
     "<th>hours a week</th><th>income a week</th><th>costs a week</th>"
     "<th><b>profit an hour</b></th><th>still here, %</th><th>income from</th>",
     "", write_money},
    {"<h3>Work, costs, how sure the money is, and how the audience takes it</h3>\n",
     "<th>posts a week</th><th>hours watched a week</th><th>promotion a week</th>"
     "<th>production a week</th><th>days until paid</th><th>weeks differ, %</th>"
     "<th>creators differ, %</th><th>worst-paid 5 %, a week</th><th>watched to the end, %</th>"
     "<th>hidden, of 1,000</th><th>satisfaction</th><th>audience kept, %</th><th>followers "
     "lost a week, %</th>",
     "<p class=\"how\">Weeks and creators differ: standard deviation over mean of a week's "
     "income, and of a day's over the creators. The worst-paid 5 %: what the days brought them "
     "(at least one creator). Days until paid: from a sale to its payout, where any is "
     "held. Satisfaction: 0 is a random video's, 1 that of one that fits. Audience kept: who "
     "watched them on one day (interval) and did so on the next.</p>\n",
     write_risk},
    {"<details><summary>Week by week</summary>\n",
     "<th>from day</th><th>posts a week</th><th>impressions a week</th>"
     "<th>followers each</th><th>hours watched a week</th><th>income a week</th>"
     "<th>costs a week</th><th><b>profit an hour</b></th><th>watched to the end, %</th>"
     "<th>income from</th>",
     "</details>\n", write_weeks},
};
#define PARTS (sizeof parts / sizeof *parts)

static void write_heads(const struct part *part, const char *first, FILE *to)
{
    fprintf(to,
            "%s<div class=\"wide\"><table class=\"compare\"><thead><tr><th>%s</th>%s</tr>"
            "</thead><tbody>\n",
            part->before, first, part->heads);
}

static void write_tail(const struct part *part, FILE *to)
{
    fprintf(to, "</tbody></table></div>\n%s", part->after);
}

static void write_end(const struct past_run *run, FILE *to)
{
    fputs("<p class=\"how\">A creator, means over the days after the warm-up; money in ", to);
    page_text(to, run->currency);
    fputs(". Profit an hour is income less what promotion and production cost, by the hours "
          "that went into videos. All of it is in <code>cohorts.csv</code>.</p></section>\n",
          to);
}

static void write_cohorts(const struct past_run *run, struct cohort_table *table, FILE *to)
{
    if (!read_table(table, run) || table->count < 2) return;
    fputs("<section id=\"cohorts\"><h2>What each cohort made of its work</h2>\n", to);
    for (size_t i = 0; i < PARTS; i++) {
        write_heads(&parts[i], "cohort", to);
        for (size_t k = 0; k < table->count; k++)
            parts[i].row(table->row[k].name, table, &table->row[k], to);
        write_tail(&parts[i], to);
    }
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

static const struct cohort_row *focal_of(const struct cohort_table *table)
{
    for (size_t k = 0; k < table->count; k++)
        if (strcmp(table->row[k].name, FOCAL) == 0) return &table->row[k];
    return NULL;
}

static void write_focal(const struct scene *scene, struct cohort_table *table, FILE *to)
{
    double profit[FIGURE_RUNS];
    const struct cohort_row *row;
    size_t found = 0;
    for (size_t i = 0; i < scene->count; i++) {
        row = read_table(table, &scene->run[i]) ? focal_of(table) : NULL;
        profit[i] = row ? hourly(&row->all) : NAN;
        found += row != NULL;
    }
    if (found < 2) return;
    fputs("<section id=\"cohorts\"><h2>What the focal creators made of their work</h2>\n", to);
    say_best(scene, profit, to);
    for (size_t p = 0; p < PARTS; p++) {
        write_heads(&parts[p], "run", to);
        for (size_t i = 0; i < scene->count; i++) {
            row = read_table(table, &scene->run[i]) ? focal_of(table) : NULL;
            if (row) parts[p].row(scene->run[i].label, table, row, to);
        }
        write_tail(&parts[p], to);
    }
    write_end(&scene->run[0], to);
}

void page_cohorts(const struct scene *scene, FILE *to)
{
    struct cohort_table *table = memory_alloc(1, sizeof *table);
    if (table && scene->count == 1)
        write_cohorts(&scene->run[0], table, to);
    else if (table)
        write_focal(scene, table, to);
    memory_free(table);
}
