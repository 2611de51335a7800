/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/comparison_report.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/version.h"
#include "experiment/digits.h"
#include "experiment/units.h"
#include "grid.h"
#include "io/comparison_page.h"
#include "io/file.h"
#include "world/world.h"

#define FLIPS_SAID 3
#define FLIPS_SHOWN 12

double *comparison_report_lead(const struct comparison *comparison)
{
    double *lead = memory_alloc(comparison->replications, sizeof *lead);
    const double *best = comparison_value(comparison, 0, comparison->order[0]);
    size_t second = comparison->arms > 1 ? 1 : 0;
    const double *other = comparison_value(comparison, 0, comparison->order[second]);
    for (size_t r = 0; lead && r < comparison->replications; r++) lead[r] = best[r] - other[r];
    return lead;
}

/* ------------------------------------------------------------------------------------ tables
 */

static void write_assumptions(const struct comparison_report *self, FILE *to)
{
    const struct assumptions *all = self->run->assumptions;
    fputs("assumption,unit,low,high,wins_low_half,wins_high_half,lead_low_half,lead_high_half,"
          "spearman,p_adjusted\n",
          to);
    for (size_t k = 0; k < all->count; k++) {
        const struct flip *flip = &self->flip[k];
        const struct assumption *row = &all->row[flip->row];
        fprintf(to, "%s,%s,%.9g,%.9g,%.6g,%.6g,%.9g,%.9g,", row->path, row->unit, row->low,
                row->high, flip->low_wins, flip->high_wins, flip->low_mean, flip->high_mean);
        if (!isnan(flip->rho)) fprintf(to, "%.6g,%.6g", flip->rho, flip->p);
        fputs(isnan(flip->rho) ? ",\n" : "\n", to);
    }
}

static void write_worlds(const struct comparison_report *self, FILE *to)
{
    fputs("arm,of,worlds,items,unpredictability,unpredictability_relative,gini,gini_low,"
          "gini_high\n",
          to);
    for (size_t k = 0; k < self->comparison->arms * SUCCESS_KINDS; k++) {
        const struct success *s = &self->success[k];
        if (!s->items) continue;
        fprintf(to, "\"%s\",%s,%zu,%zu,%.9g,%.9g,%.9g,%.9g,%.9g\n",
                self->comparison->arm[k / SUCCESS_KINDS], success_name[k % SUCCESS_KINDS],
                s->worlds, s->items, s->unpredictability, s->relative, s->gini, s->gini_low,
                s->gini_high);
    }
}

/* The first line of a message, in the quotes of CSV. */
static void write_message(const char *text, FILE *to)
{
    putc('"', to);
    for (; *text && *text != '\n'; text++) {
        if (*text == '"') putc('"', to);
        putc(*text, to);
    }
    putc('"', to);
}

/* Calls `each` for every trial that failed. */
static enum status for_failures(const struct comparison_report *self,
                                void (*each)(const struct comparison_report *self, size_t arm,
                                             size_t replication,
                                             const struct trial_failure *why, FILE *to),
                                FILE *to)
{
    for (size_t a = 0; a < self->comparison->arms; a++)
        for (size_t r = 0; r < self->comparison->replications; r++) {
            struct trial_failure why;
            char *folder = replications_folder(self->run, a, r);
            if (!folder) return STATUS_NO_MEMORY;
            if (trial_state(folder) == TRIAL_FAILED && trial_failure_read(folder, &why))
                each(self, a, r, &why, to);
            free(folder);
        }
    return STATUS_OK;
}

static void write_failure(const struct comparison_report *self, size_t arm, size_t replication,
                          const struct trial_failure *why, FILE *to)
{
    fprintf(to, "\"%s\",%zu,%" PRId64 ",%d,", self->comparison->arm[arm], replication,
            self->run->seed, why->exit_code);
    write_message(why->message, to);
    putc('\n', to);
}

static void write_failures(const struct comparison_report *self, FILE *to)
{
    fputs("arm,replication,seed,exit_code,reason\n", to);
    (void)for_failures(self, write_failure, to);
}

static void write_csv(const struct comparison_report *self, FILE *to)
{
    comparison_csv(self->comparison, to);
}

static void write_json(const struct comparison_report *self, FILE *to)
{
    comparison_json(self->comparison, to);
}

static void write_values(const struct comparison_report *self, FILE *to)
{
    comparison_values_csv(self->comparison, to);
}

static enum status write_file(const struct comparison_report *self, const char *name,
                              void (*write)(const struct comparison_report *self, FILE *to),
                              struct errors *errors)
{
    struct file file = {0};
    char *path = file_join(self->run->folder, name);
    enum status status = path ? STATUS_OK : STATUS_NO_MEMORY;
    if (path && !write)
        (void)remove(path); /* of an earlier, smaller one */
    else if (path)
        status = file_create(&file, path, errors);
    if (!status && write) {
        write(self, file.stream);
        status = file_commit(&file, errors);
    }
    free(path);
    return status;
}

/* ------------------------------------------------------------------------------------- words
 */

static void print_failure(const struct comparison_report *self, size_t arm, size_t replication,
                          const struct trial_failure *why, FILE *to)
{
    fprintf(to, "failed: %s, %s %zu, seed %" PRId64 ": %.*s\n", self->comparison->arm[arm],
            self->run->worlds ? "world" : "replication", replication, self->run->seed,
            (int)strcspn(why->message, "\n"), why->message);
}

static void print_wins(const struct comparison_report *self, FILE *to)
{
    const struct comparison *c = self->comparison;
    fprintf(to, "\nHighest %s:", c->metric[0]);
    for (size_t k = 0; k < c->arms; k++) {
        size_t a = c->order[k];
        fprintf(to, "%s %s in %.0f %%", k ? "," : "", c->arm[a], 100 * c->wins[a]);
    }
    fprintf(to, " of %zu plausible worlds.", c->replications - c->failed);
    if (c->level)
        fprintf(to, " %zu were level: arms that are level share the world.", c->level);
    putc('\n', to);
}

/* No assumption changes who wins more often. */
static bool nothing_flips(const struct comparison_report *self)
{
    for (size_t k = 0; k < self->run->assumptions->count; k++)
        if ((self->flip[k].low_wins > 0.5) != (self->flip[k].high_wins > 0.5)) return false;
    return true;
}

static void print_flips(const struct comparison_report *self, FILE *to)
{
    const struct comparison *c = self->comparison;
    const struct assumptions *all = self->run->assumptions;
    size_t worlds = c->replications - c->failed;
    fprintf(to,
            "Assumptions on which \"%s before %s\" hangs most: change of how often the first "
            "wins between the low and the high half of an assumption's draws; Spearman's rho "
            "with the lead.\n",
            c->arm[c->order[0]], c->arm[c->order[1]]);
    for (size_t k = 0; k < all->count && k < FLIPS_SAID; k++) {
        const struct flip *flip = &self->flip[k];
        const struct assumption *row = &all->row[flip->row];
        fprintf(to, "  %-42s wins %3.0f %% low, %3.0f %% high; rho %+.2f, p = %.2g (Holm)\n",
                row->path, 100 * flip->low_wins, 100 * flip->high_wins, flip->rho, flip->p);
    }
    if (nothing_flips(self))
        fputs(
            "None of them turns the answer round: the first wins more often in both halves of "
            "each.\n",
            to);
    fprintf(to,
            "With %zu assumptions and %zu worlds chance alone gives the strongest of them "
            "|rho| = %.2f or so.\n",
            all->count, worlds, paired_rank_strongest(all->count, worlds));
}

static void print_success(const struct comparison_report *self, FILE *to)
{
    fprintf(to, "\nSame people, other luck: share of all watch time, %zu worlds\n",
            self->success[0].worlds);
    for (size_t k = 0; k < self->comparison->arms * SUCCESS_KINDS; k++) {
        const struct success *s = &self->success[k];
        if (!s->items) continue;
        fprintf(to,
                "  %-20s unpredictability %.3g (%.0f %% of a mean share), Gini %.3f (%.3f to "
                "%.3f), %zu %s\n",
                self->comparison->arm[k / SUCCESS_KINDS], s->unpredictability,
                100 * s->relative, s->gini, s->gini_low, s->gini_high, s->items,
                success_name[k % SUCCESS_KINDS]);
    }
}

void comparison_report_print(const struct comparison_report *self, FILE *to)
{
    if (self->flip && self->comparison->arms > 1) {
        print_wins(self, to);
        print_flips(self, to);
    }
    if (self->success) print_success(self, to);
    if (self->comparison->failed) (void)for_failures(self, print_failure, to);
}

/* -------------------------------------------------------------------------------------- page
 */

static const char *const figure_heads[] = {"metric",     "arm",           "mean",
                                           "difference", "95 % interval", "bootstrap interval",
                                           "p (Holm)",   "factor",        "group"};
#define FIGURE_COLUMNS (sizeof figure_heads / sizeof *figure_heads)

#define LABEL (COMPARISON_NAME + UNITS_TEXT)
static const char *label_of(const struct comparison_report *self, size_t metric,
                            char out[LABEL])
{
    const struct model *model = self->run->arm[0].model;
    const struct run_parameters *run = parameters_block(&model->parameters, "run");
    const char *name = self->comparison->metric[metric];
    const struct column *column = units_of_figure(model, name);
    char unit[UNITS_TEXT];
    units_label(name, units_text(column ? column->unit : "", run->currency, unit), out, LABEL);
    return out;
}

static void fill_figure(const struct comparison_report *self, size_t m, size_t k,
                        struct grid *grid)
{
    const struct comparison *c = self->comparison;
    char label[LABEL];
    size_t a = c->order[m * c->arms + k];
    const struct comparison_cell *cell = comparison_cell(c, m, a);
    const struct estimate *e = c->arms == 1 ? &cell->mean : &cell->against.difference;
    char text[DIGITS_TEXT];
    grid_put(grid, "%s", k ? "" : label_of(self, m, label));
    grid_put(grid, "%s", c->arm[a]);
    grid_put(grid, "%s", digits_text(cell->mean.mean, 5, text));
    if (a == c->baseline && c->arms > 1) {
        grid_put(grid, "baseline");
        for (int i = 0; i < 4; i++) grid_put(grid, "%s", "");
    } else {
        grid_number(grid, c->arms == 1 ? NAN : e->mean, true);
        grid_interval(grid, e->low, e->high, c->arms == 1 ? 5 : 4);
        grid_interval(grid, c->arms == 1 ? NAN : cell->against.boot_low,
                      cell->against.boot_high, 4);
        grid_number(grid, cell->p_adjusted, false);
        grid_number(grid, cell->against.reduction, false);
    }
    grid_put(grid, "%s", cell->groups);
}

static enum status fill_figures(const struct comparison_report *self, struct grid *grid,
                                struct answer_table *out)
{
    const struct comparison *c = self->comparison;
    size_t rows = 1 + c->metrics * c->arms;
    enum status status = grid_init(grid, rows * FIGURE_COLUMNS);
    if (status) return status;
    grid_heads(grid, figure_heads, FIGURE_COLUMNS);
    for (size_t m = 0; m < c->metrics; m++)
        for (size_t k = 0; k < c->arms; k++) fill_figure(self, m, k, grid);
    *out = (struct answer_table){
        "All figures",
        "Means after the warm-up. Arms that share a letter in a metric cannot be told apart. p "
        "is corrected for all arms and metrics of this table (Holm). Factor: how many times "
        "the "
        "replications separate seeds would need for intervals as short.",
        grid->cell, FIGURE_COLUMNS, rows};
    return STATUS_OK;
}

static const char *const flip_heads[] = {
    "assumption", "plausible", "wins, low half", "wins, high half", "lead, low",
    "lead, high", "rho",       "p (Holm)"};
#define FLIP_COLUMNS (sizeof flip_heads / sizeof *flip_heads)

static enum status fill_flips(const struct comparison_report *self, struct grid *grid,
                              struct answer_table *out)
{
    const struct assumptions *all = self->run->assumptions;
    size_t shown = all->count < FLIPS_SHOWN ? all->count : FLIPS_SHOWN;
    enum status status = grid_init(grid, (shown + 1) * FLIP_COLUMNS);
    if (status) return status;
    grid_heads(grid, flip_heads, FLIP_COLUMNS);
    for (size_t k = 0; k < shown; k++) {
        const struct flip *flip = &self->flip[k];
        const struct assumption *row = &all->row[flip->row];
        grid_put(grid, "%s", row->path);
        grid_put(grid, "%.3g to %.3g %s", row->low, row->high,
                 strcmp(row->unit, "1") == 0 ? "" : row->unit);
        grid_put(grid, "%.0f %%", 100 * flip->low_wins);
        grid_put(grid, "%.0f %%", 100 * flip->high_wins);
        grid_number(grid, flip->low_mean, true);
        grid_number(grid, flip->high_mean, true);
        grid_put(grid, "%+.2f", flip->rho);
        grid_put(grid, "%.2g", flip->p);
    }
    *out = (struct answer_table){
        "Assumptions that move the answer most",
        "Sorted by the change of how often the best arm wins between the low and the high half "
        "of the draws. Lead: best less second. Rho: Spearman's rank correlation of draw and "
        "lead; p is corrected for all assumptions drawn. assumptions.csv has all.",
        grid->cell, FLIP_COLUMNS, shown + 1};
    return STATUS_OK;
}

static const char *const world_heads[] = {"arm",  "unpredictability", "of a mean share",
                                          "Gini", "least to most",    "of"};
#define WORLD_COLUMNS (sizeof world_heads / sizeof *world_heads)

static enum status fill_worlds(const struct comparison_report *self, struct grid *grid,
                               struct answer_table *out)
{
    size_t most = self->comparison->arms * SUCCESS_KINDS, rows = 0;
    enum status status = grid_init(grid, (most + 1) * WORLD_COLUMNS);
    if (status) return status;
    grid_heads(grid, world_heads, WORLD_COLUMNS);
    for (size_t k = 0; k < most; k++) {
        const struct success *s = &self->success[k];
        if (!s->items) continue;
        rows++;
        grid_put(grid, "%s", self->comparison->arm[k / SUCCESS_KINDS]);
        grid_put(grid, "%.3g", s->unpredictability);
        grid_put(grid, "%.0f %%", 100 * s->relative);
        grid_put(grid, "%.3f", s->gini);
        grid_put(grid, "%.3f to %.3f", s->gini_low, s->gini_high);
        grid_put(grid, "%zu %s", s->items, success_name[k % SUCCESS_KINDS]);
    }
    *out = (struct answer_table){
        "How much of success is luck",
        "The same people and the same videos at the start of every world, other luck. "
        "Unpredictability: how far the share of all watch time that a creator, or a video from "
        "before the start, has is apart in two worlds, on average (Salganik, Dodds & Watts "
        "2006). Gini: inequality of the shares within a world.",
        grid->cell, WORLD_COLUMNS, rows + 1};
    return STATUS_OK;
}

/* What the page is made of. */
struct material {
    char *answer, *scope, *reproduce; /* owned */
    char title[512], lead[LABEL + 160], metric[LABEL];
    struct comparison_course course[COMPARISON_COURSES];
    struct comparison_spread spread[COMPARISON_SPREADS];
    struct comparison_bar bar[COMPARISON_BARS];
    struct answer_table table[3];
    struct grid grid[3];
    size_t courses, spreads, bars, tables;
};

static enum status gather_words(const struct comparison_report *self, struct material *out)
{
    const struct comparison *c = self->comparison;
    size_t length = 0;
    FILE *to = open_memstream(&out->answer, &length);
    if (!to) return STATUS_NO_MEMORY;
    comparison_answer(c, to);
    if (fclose(to) || !(to = open_memstream(&out->scope, &length))) return STATUS_NO_MEMORY;
    const struct column *column = units_of_figure(self->run->arm[0].model, c->metric[0]);
    if (column) fprintf(to, "%s: %s.\n", c->metric[0], column->definition);
    comparison_scope(c, self->run->assumptions, to);
    comparison_report_print(self, to);
    if (fclose(to) || !(to = open_memstream(&out->reproduce, &length))) return STATUS_NO_MEMORY;
    fprintf(to, "%s\n\nreelsim %s (%s), seed %" PRId64 ", %s 0 to %zu\n", self->command,
            version_number(), version_git(), self->run->seed,
            self->run->worlds ? "worlds" : "replications", c->replications - 1);
    if (fclose(to)) return STATUS_NO_MEMORY;
    for (size_t a = 0, used = 0; a < c->arms && used < sizeof out->title - 1; a++)
        used += (size_t)snprintf(out->title + used, sizeof out->title - used, "%s%s",
                                 a == 0            ? ""
                                 : a + 1 < c->arms ? ", "
                                                   : " or ",
                                 c->arm[a]);
    return STATUS_OK;
}

/* The longest bars, the longest first. */
static void add_bar(const struct comparison_report *self, const struct flip *flip,
                    struct material *out)
{
    double length = fabs(flip->high_mean - flip->low_mean);
    size_t at = out->bars;
    while (at > 0 && fabs(out->bar[at - 1].high - out->bar[at - 1].low) < length) at--;
    if (at == COMPARISON_BARS || isnan(length)) return;
    if (out->bars < COMPARISON_BARS) out->bars++;
    for (size_t k = out->bars - 1; k > at; k--) out->bar[k] = out->bar[k - 1];
    out->bar[at] = (struct comparison_bar){self->run->assumptions->row[flip->row].path,
                                           flip->low_mean, flip->high_mean};
}

static void gather_pictures(const struct comparison_report *self, struct material *out)
{
    const struct comparison *c = self->comparison;
    const struct assumptions *all = self->run->assumptions;
    for (size_t k = 0; k < c->arms && k < COMPARISON_SPREADS; k++) {
        size_t a = c->order[k];
        const struct estimate *e = &comparison_cell(c, 0, a)->mean;
        out->spread[out->spreads++] = (struct comparison_spread){
            c->arm[a], comparison_value(c, 0, a), c->replications, e->mean, e->low, e->high};
    }
    if (!self->flip || c->arms < 2) return;
    snprintf(out->lead, sizeof out->lead, "%s: lead of %.60s over %.60s", out->metric,
             c->arm[c->order[0]], c->arm[c->order[1]]);
    for (size_t k = 0; k < all->count; k++) add_bar(self, &self->flip[k], out);
}

static enum status gather(const struct comparison_report *self, struct material *out)
{
    label_of(self, 0, out->metric);
    enum status status = gather_words(self, out);
    if (!status)
        status = comparison_courses_read(self->run, self->comparison, out->course,
                                         &out->courses);
    gather_pictures(self, out);
    if (!status) status = fill_figures(self, &out->grid[0], &out->table[out->tables++]);
    if (!status && self->flip && self->comparison->arms > 1)
        status = fill_flips(self, &out->grid[1], &out->table[out->tables++]);
    if (!status && self->success)
        status = fill_worlds(self, &out->grid[2], &out->table[out->tables++]);
    return status;
}

static void drop(struct material *self)
{
    comparison_courses_free(self->course, self->courses);
    for (size_t g = 0; g < 3; g++) grid_free(&self->grid[g]);
    free(self->answer);
    free(self->scope);
    free(self->reproduce);
    memory_free(self);
}

static enum status write_page(const struct comparison_report *self, struct errors *errors)
{
    const struct comparison *c = self->comparison;
    struct material *m = memory_alloc(1, sizeof *m);
    if (!m) return STATUS_NO_MEMORY;
    enum status status = gather(self, m);
    const struct comparison_page page = {
        .folder = self->run->folder,
        .formats = self->formats,
        .quiet = self->quiet,
        .title = self->title ? self->title : m->title,
        .answer = self->answer ? self->answer : m->answer,
        .scope = m->scope,
        .metric = m->metric,
        .baseline = c->arms > 1 ? c->arm[c->baseline] : NULL,
        .course = m->course,
        .courses = m->courses,
        .warmup = self->warmup,
        .spread = m->spread,
        .spreads = m->spreads,
        .bars_title = m->lead,
        .bar = m->bar,
        .bars = m->bars,
        .bar_middle = c->lead.difference.mean,
        .table = m->table,
        .tables = m->tables,
        .reproduce = m->reproduce,
    };
    if (!status) status = comparison_page_make(&page, errors);
    drop(m);
    return status;
}

enum status comparison_report_write(const struct comparison_report *self, struct errors *errors)
{
    enum status status = write_file(self, "comparison.csv", write_csv, errors);
    if (!status) status = write_file(self, "comparison.json", write_json, errors);
    if (!status) status = write_file(self, "replications.csv", write_values, errors);
    if (!status)
        status = write_file(self, "assumptions.csv",
                            self->flip && self->comparison->arms > 1 ? write_assumptions : NULL,
                            errors);
    if (!status)
        status = write_file(self, "worlds.csv", self->success ? write_worlds : NULL, errors);
    if (!status)
        status = write_file(self, "failures.csv",
                            self->comparison->failed ? write_failures : NULL, errors);
    return !status && self->page ? write_page(self, errors) : status;
}
