/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/sweep_report.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "experiment/digits.h"
#include "experiment/sweep_points.h"
#include "experiment/units.h"
#include "grid.h"
#include "io/points_page.h"

#define ROWS_MOST 100 /* of the table; the highest */
#define NAMED_MOST 3  /* points that the answer names */
#define LABEL 320
#define COMMAND_MOST 65536

/* What the page is made of. */
struct material {
    const struct sweep_report *report;
    struct sweep_points points;
    struct model model;
    char *answer, *scope, *reproduce; /* owned */
    char title[512];
    char unit[UNITS_TEXT]; /* of the first figure */
    char axis_label[SWEEP_AXES_MOST][LABEL], figure_label[SWEEP_POINTS_FIGURES][LABEL];
    size_t shown[SWEEP_AXES_MOST]; /* axes that vary */
    struct points_axis axis[SWEEP_AXES_MOST];
    struct points_metric metric[SWEEP_POINTS_FIGURES];
    struct answer_value *value; /* owned; [figure][point] */
    struct grid grid;
    struct answer_table table;
    size_t axes;
};

/* ------------------------------------------------------------------------------------- words
 */

static void print_value(const struct sweep_places *axis, size_t point, FILE *to)
{
    if (axis->names)
        fputs(axis->name[(size_t)axis->place[point]], to);
    else
        fprintf(to, "%.6g", axis->place[point]);
}

/* "platform.ads.load = 0.1, platform.ranker = mf" */
static void print_point(const struct material *self, size_t point, FILE *to)
{
    if (!self->axes) fputs("the one point", to);
    for (size_t a = 0; a < self->axes; a++) {
        const struct sweep_places *axis = &self->points.axis[self->shown[a]];
        fprintf(to, "%s%s = ", a ? ", " : "", axis->path);
        print_value(axis, point, to);
    }
}

/* A mean of a figure has five digits everywhere, a difference four. */
#define MEAN 5
#define LEAD 4

static void print_number(double value, int digits, FILE *to)
{
    char text[DIGITS_TEXT];
    fputs(digits_text(value, digits, text), to);
}

/* " (95 % interval 1.1 to 1.3" */
static void open_interval(const struct estimate *e, int digits, FILE *to)
{
    char text[DIGITS_INTERVAL];
    if (e->n > 1)
        fprintf(to, " (95 %% interval %s", digits_interval(e->low, e->high, digits, text));
}

/* An interval without 0 beside "cannot be told" needs a word: it is of one pair among many. */
static void print_lead(const struct paired *lead, bool alike, FILE *to)
{
    print_number(lead->difference.mean, LEAD, to);
    open_interval(&lead->difference, LEAD, to);
    if (alike && lead->difference.low > 0) fputs(" were this the only pair", to);
    if (lead->difference.n > 1) putc(')', to);
}

/* What cannot be told from the highest: the next best of them. */
static void say_alike(const struct material *self, FILE *to)
{
    const struct sweep_points *p = &self->points;
    size_t said = 0;
    if (!p->alikes) {
        fputs("Every other point is lower by more than luck; the lead on the next, ", to);
        print_point(self, p->order[1], to);
        fputs(", is ", to);
        print_lead(&p->lead, false, to);
        fputs(". ", to);
        return;
    }
    bool all = p->alikes == p->known - 1;
    if (all)
        fprintf(to, "It cannot be told from any of the %zu others", p->alikes);
    else
        fprintf(to, "It cannot be told from %zu of the %zu others", p->alikes, p->known - 1);
    for (size_t k = 1; k < p->known && said < NAMED_MOST && !all; k++) {
        if (!p->alike[p->order[k]]) continue;
        fputs(said++ ? "; " : ": ", to);
        print_point(self, p->order[k], to);
    }
    if (p->alikes > said && !all) fprintf(to, "; and %zu more", p->alikes - said);
    fputs(". Its lead on the next is ", to);
    print_lead(&p->lead, p->alike[p->order[1]], to);
    fputs(". ", to);
}

/* No point is above another. */
static bool is_flat(const struct sweep_points *p)
{
    if (p->known < 2) return false;
    double high = sweep_points_mean(p, 0, p->order[0])->mean;
    return !(high > sweep_points_mean(p, 0, p->order[p->known - 1])->mean);
}

static void say_answer(const struct material *self, FILE *to)
{
    const struct sweep_points *p = &self->points;
    if (!p->known) {
        fprintf(to, "No trial gave %s.", p->figure[0]);
        return;
    }
    const struct estimate *best = sweep_points_mean(p, 0, p->order[0]);
    if (is_flat(p)) {
        fprintf(to, "%s is the same at all points: ", p->figure[0]);
        print_number(best->mean, MEAN, to);
        putc('.', to);
        return;
    }
    fprintf(to, "%s is highest at ", p->figure[0]);
    print_point(self, p->order[0], to);
    fputs(": ", to);
    print_number(best->mean, MEAN, to);
    if (*self->unit) fprintf(to, " %s", self->unit);
    open_interval(best, MEAN, to);
    if (best->n > 1) fprintf(to, ", %zu replications)", best->n);
    fputs(". ", to);
    if (p->known < 2) return;
    if (sweep_points_sure(p))
        say_alike(self, to);
    else {
        fputs("With one replication a point nothing says how much of its lead of ", to);
        print_number(p->lead.difference.mean, LEAD, to);
        fputs(" on the next is luck. ", to);
    }
    fputs("It is lowest at ", to);
    print_point(self, p->order[p->known - 1], to);
    fputs(": ", to);
    print_number(sweep_points_mean(p, 0, p->order[p->known - 1])->mean, MEAN, to);
    putc('.', to);
}

static void say_scope(const struct material *self, FILE *to)
{
    const struct sweep_points *p = &self->points;
    const struct column *column = units_of_figure(&self->model, p->figure[0]);
    if (column) fprintf(to, "%s: %s.\n", p->figure[0], column->definition);
    fprintf(to,
            "%zu points, %zu replication%s of each; the same people and luck at all points. "
            "Figures are means over the intervals after the warm-up. ",
            p->points, p->replications, p->replications == 1 ? "" : "s");
    if (sweep_points_sure(p))
        fputs(
            "Intervals are about other people and other luck under the same assumptions. The "
            "highest was picked by looking, so it counts as told from another only where p of "
            "their pairs is below 0.05 after correction for all pairs of points.",
            to);
    else
        fputs("More replications (--replications 5) give intervals, and say what is luck.", to);
    if (p->counts.failed) fprintf(to, "\n%" PRIu64 " trials failed.", p->counts.failed);
    if (p->counts.absent)
        fprintf(to, "\nThe sweep is not finished: %" PRIu64 " trials are still to do.",
                p->counts.absent);
}

static void say_option(const char *name, const char *value, FILE *to)
{
    if (!value || !*value) return;
    fprintf(to, " --%s ", name);
    trial_quote(value, to);
}

/* The page again from what the runs left. It knows the description's figures. */
static enum status say_report(const struct sweep_report *self, FILE *to, struct errors *errors)
{
    char figures[4096];
    const char *own = self->figures;
    enum status status = plan_describe(self->plan, "figures", figures, sizeof figures, errors);
    fputs("reelsim report ", to);
    trial_quote(self->plan->folder, to);
    if (own && strcmp(own, figures) != 0) say_option("metric", own, to);
    say_option("out", self->out, to);
    putc('\n', to);
    return status;
}

static enum status say_reproduce(const struct material *self, FILE *to, struct errors *errors)
{
    const struct plan *plan = self->report->plan;
    const char *given = self->report->command;
    char version[64], git[128], seed[32], *command = memory_alloc(1, COMMAND_MOST);
    enum status status = command ? STATUS_OK : STATUS_NO_MEMORY;
    if (!status && !given)
        status = plan_describe(plan, "command", command, COMMAND_MOST, errors);
    if (!status) status = plan_describe(plan, "version", version, sizeof version, errors);
    if (!status) status = plan_describe(plan, "git", git, sizeof git, errors);
    if (!status) status = plan_describe(plan, "seed", seed, sizeof seed, errors);
    if (!status) {
        fprintf(to, "%s\n", given ? given : command);
        status = say_report(self->report, to, errors);
        fprintf(to, "\nreelsim %s (%s), seed %s, %" PRIu64 " replication%s\n", version, git,
                *seed ? seed : "of the scenario", plan->replications,
                plan->replications == 1 ? "" : "s");
    }
    memory_free(command);
    return status;
}

static enum status gather_words(struct material *self, struct errors *errors)
{
    size_t length = 0;
    FILE *to = open_memstream(&self->answer, &length);
    if (!to) return STATUS_NO_MEMORY;
    say_answer(self, to);
    if (fclose(to) || !(to = open_memstream(&self->scope, &length))) return STATUS_NO_MEMORY;
    say_scope(self, to);
    if (fclose(to) || !(to = open_memstream(&self->reproduce, &length)))
        return STATUS_NO_MEMORY;
    enum status status = say_reproduce(self, to, errors);
    if (fclose(to) && !status) status = STATUS_NO_MEMORY;
    size_t used = (size_t)snprintf(self->title, sizeof self->title, "%s over ",
                                   self->points.figure[0]);
    for (size_t a = 0; a < self->axes && used < sizeof self->title; a++)
        used += (size_t)snprintf(self->title + used, sizeof self->title - used, "%s%s",
                                 a == 0               ? ""
                                 : a + 1 < self->axes ? ", "
                                                      : " and ",
                                 self->points.axis[self->shown[a]].path);
    return status;
}

/* ------------------------------------------------------------------------------------- table
 */

static void fill_heads(struct material *self)
{
    struct grid *grid = &self->grid;
    grid_put(grid, "point");
    for (size_t a = 0; a < self->axes; a++) grid_put(grid, "%s", self->axis_label[a]);
    grid_put(grid, "%s", self->figure_label[0]);
    if (sweep_points_sure(&self->points)) {
        grid_put(grid, "95 %% interval");
        grid_put(grid, "replications");
        grid_put(grid, "told from the highest");
    }
    for (size_t m = 1; m < self->points.figures; m++)
        grid_put(grid, "%s", self->figure_label[m]);
}

static void put_mean(struct grid *grid, double mean)
{
    char text[DIGITS_TEXT];
    grid_put(grid, "%s", digits_text(mean, MEAN, text));
}

static void fill_row(struct material *self, size_t rank)
{
    const struct sweep_points *p = &self->points;
    struct grid *grid = &self->grid;
    size_t point = p->order[rank];
    const struct estimate *e = sweep_points_mean(p, 0, point);
    grid_put(grid, "%zu", point);
    for (size_t a = 0; a < self->axes; a++) {
        const struct sweep_places *axis = &p->axis[self->shown[a]];
        if (axis->names)
            grid_put(grid, "%s", axis->name[(size_t)axis->place[point]]);
        else
            grid_put(grid, "%.6g", axis->place[point]);
    }
    put_mean(grid, e->mean);
    if (sweep_points_sure(p)) {
        grid_interval(grid, e->low, e->high, MEAN);
        grid_put(grid, "%zu", e->n);
        grid_put(grid, "%s",
                 rank == 0          ? is_flat(p) ? "no" : "highest"
                 : rank >= p->known ? "\u2013"
                 : p->alike[point]  ? "no"
                                    : "yes");
    }
    for (size_t m = 1; m < p->figures; m++)
        put_mean(grid, sweep_points_mean(p, m, point)->mean);
}

static enum status fill_table(struct material *self)
{
    const struct sweep_points *p = &self->points;
    size_t rows = p->points < ROWS_MOST ? p->points : ROWS_MOST;
    size_t columns = 1 + self->axes + p->figures + (sweep_points_sure(p) ? 3 : 0);
    enum status status = grid_init(&self->grid, (rows + 1) * columns);
    if (status) return status;
    fill_heads(self);
    for (size_t k = 0; k < rows; k++) fill_row(self, k);
    self->table = (struct answer_table){
        rows < p->points ? "The highest points" : "All points",
        rows < p->points ? "From the highest down; table.csv has all points, every replication "
                           "and every figure."
                         : "From the highest down; table.csv has every replication and every "
                           "figure.",
        self->grid.cell, columns, rows + 1};
    return STATUS_OK;
}

/* -------------------------------------------------------------------------------------- page
 */

static void gather_axes(struct material *self)
{
    const struct sweep_points *p = &self->points;
    for (size_t a = 0; a < p->axes; a++) {
        const struct sweep_places *axis = &p->axis[a];
        if (axis->levels < 2) continue;
        char *label = self->axis_label[self->axes];
        char unit[UNITS_TEXT];
        units_text(units_of_setting(&self->model, axis->path), p->currency, unit);
        units_label(axis->path, unit, label, LABEL);
        self->axis[self->axes] = (struct points_axis){
            label, axis->place, axis->names ? (const char *const *)axis->name : NULL,
            axis->names};
        self->shown[self->axes++] = a;
    }
}

static enum status gather_figures(struct material *self)
{
    const struct sweep_points *p = &self->points;
    self->value = memory_alloc(p->figures * p->points, sizeof *self->value);
    if (!self->value) return STATUS_NO_MEMORY;
    for (size_t m = 0; m < p->figures; m++) {
        const struct column *column = units_of_figure(&self->model, p->figure[m]);
        char unit[UNITS_TEXT];
        units_text(column ? column->unit : "", p->currency, unit);
        if (m == 0) memcpy(self->unit, unit, sizeof unit);
        units_label(p->figure[m], unit, self->figure_label[m], LABEL);
        struct answer_value *value = self->value + m * p->points;
        for (size_t i = 0; i < p->points; i++) {
            const struct estimate *e = sweep_points_mean(p, m, i);
            value[i] = (struct answer_value){e->mean, e->low, e->high};
        }
        self->metric[m] = (struct points_metric){self->figure_label[m], value};
    }
    return STATUS_OK;
}

static enum status show(const struct material *self, struct errors *errors)
{
    const struct sweep_points *p = &self->points;
    const struct sweep_report *report = self->report;
    const struct points_page page = {
        .words = {.folder = report->out ? report->out : report->plan->folder,
                  .formats = report->formats,
                  .quiet = report->quiet,
                  .title = self->title,
                  .answer = self->answer,
                  .scope = self->scope,
                  .table = &self->table,
                  .tables = 1,
                  .reproduce = self->reproduce},
        .points = p->points,
        .axis = self->axis,
        .axes = self->axes,
        .metric = self->metric,
        .metrics = p->figures,
        .best = p->known && !is_flat(p) ? p->order[0] : p->points,
        .alike = sweep_points_sure(p) ? p->alike : NULL,
    };
    if (report->say) fprintf(report->say, "%s\n", self->answer);
    return points_page_make(&page, errors);
}

static enum status read_points(struct material *self, struct errors *errors)
{
    char named[4096] = "", *figures = named;
    const struct sweep_report *report = self->report;
    enum status status = STATUS_OK;
    if (!report->figures)
        status = plan_describe(report->plan, "figures", figures, sizeof named, errors);
    if (!status)
        status = sweep_points_read(&self->points, report->plan,
                                   report->figures ? report->figures : named, errors);
    if (!status && !self->points.figures)
        status = errors_add(errors, STATUS_BAD_INPUT, "%s: no trial is done yet",
                            report->plan->folder);
    return status;
}

enum status sweep_report_write(const struct sweep_report *self, struct errors *errors)
{
    struct material *m = memory_alloc(1, sizeof *m);
    if (!m) return STATUS_NO_MEMORY;
    m->report = self;
    enum status status = model_init(&m->model, NULL, errors);
    bool open = !status;
    if (!status) status = read_points(m, errors);
    if (!status) {
        gather_axes(m);
        status = gather_figures(m);
    }
    if (!status) status = gather_words(m, errors);
    if (!status) status = fill_table(m);
    if (!status) status = show(m, errors);
    sweep_points_free(&m->points);
    if (open) model_free(&m->model);
    grid_free(&m->grid);
    memory_free(m->value);
    free(m->answer);
    free(m->scope);
    free(m->reproduce);
    memory_free(m);
    return status;
}
