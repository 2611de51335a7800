/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * reelsim sensitivity SWEEP.cfg: which of a sweep's axes move its figures, and how sure that
 * is.
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/version.h"
#include "experiment.h"
#include "experiment/digits.h"
#include "experiment/sensitivity.h"
#include "experiment/sensitivity_outputs.h"
#include "experiment/units.h"
#include "io/answer_page.h"
#include "io/file.h"
#include "sheet.h"
#include "sweep_source.h"
#include "sweeping.h"
#include "world/world.h"

#define TAKEN                                                                                  \
    (1u << EXPERIMENT_JOBS | 1u << EXPERIMENT_ON_ERROR | 1u << EXPERIMENT_REPLICATIONS |       \
     1u << EXPERIMENT_FAILED | 1u << EXPERIMENT_DRY_RUN | 1u << EXPERIMENT_METRIC |            \
     1u << EXPERIMENT_METHOD | 1u << EXPERIMENT_POINTS)
#define USUAL_TRAJECTORIES 10
#define USUAL_ROWS 128
#define POINTS_MOST 1000000

static const char *const method_word[] = {"morris", "sobol"};
static const char *const measure_word[2][SENSITIVITY_MEASURES] = {{"mu", "mu_star", "sigma"},
                                                                  {"first", "total", NULL}};
/* What is shown first, and what ranks the axes. */
static const int shown[2][2] = {{MORRIS_MU_STAR, MORRIS_SIGMA}, {SOBOL_FIRST, SOBOL_TOTAL}};
static const int ranking[2] = {MORRIS_MU_STAR, SOBOL_TOTAL};

struct screening {
    struct sweeping *sweeping;
    struct sensitivity_design design;
    struct sensitivity_outputs outputs;
    struct sensitivity_input *input; /* owned; [metrics * axes] */
    size_t *whole;                   /* owned; rows that count, [metrics] */
    size_t order[SWEEP_AXES_MOST];   /* of the axes, by the first metric */
};

static size_t axes_of(const struct screening *self) { return self->sweeping->sweep.axes; }
static const char *axis_name(const struct screening *self, size_t axis)
{
    return self->sweeping->sweep.axis[axis].path;
}
static const struct sensitivity_measure *measure_of(const struct screening *self, size_t metric,
                                                    size_t axis, int measure)
{
    return &self->input[metric * axes_of(self) + axis].measure[measure];
}

/* ----------------------------------------------------------------------------------- design
 */

static enum status read_method(struct screening *self, struct errors *errors)
{
    const struct arguments *a = self->sweeping->arguments;
    const char *text = a->experiment[EXPERIMENT_METHOD];
    int64_t rows = 0;
    bool sobol = text && strcmp(text, "sobol") == 0;
    if (text && !sobol && strcmp(text, "morris") != 0)
        return errors_add(errors, STATUS_USAGE, "--method %s: must be morris or sobol", text);
    self->design.method = sobol ? SENSITIVITY_SOBOL : SENSITIVITY_MORRIS;
    rows = sobol ? USUAL_ROWS : USUAL_TRAJECTORIES;
    enum status status = experiment_number(a, EXPERIMENT_POINTS, POINTS_MOST, &rows, errors);
    self->design.rows = (size_t)rows;
    return status;
}

static enum status make_design(struct screening *self, struct errors *errors)
{
    const struct sweep *sweep = &self->sweeping->sweep;
    if (sweep->conditions)
        return errors_add(errors, STATUS_BAD_INPUT,
                          "%s: sweep.where: indices are of axes that vary independently; leave "
                          "the conditions out and narrow the ranges",
                          sweep->path);
    self->design.inputs = sweep->axes;
    if (self->design.rows * (sweep->axes + 2) > POINTS_MOST)
        return errors_add(errors, STATUS_USAGE, "--points: makes more than %d points",
                          POINTS_MOST);
    return sensitivity_design_make(&self->design, (uint32_t)sweep->options->seed);
}

static enum status open_plan(struct screening *self, struct errors *errors)
{
    struct sweeping *s = self->sweeping;
    const char *word = method_word[self->design.method];
    char folder[SWEEPING_FOLDER], suffix[16], name[64];
    snprintf(suffix, sizeof suffix, "-%s", word);
    snprintf(name, sizeof name, "%s %zu", word, self->design.rows);
    sweeping_folder(s->arguments->operand[0], s->sweep.options->name, suffix, folder);
    const struct plan_options options = {.folder = s->arguments->out ? s->arguments->out
                                                                     : folder,
                                         .settings = s->settings,
                                         .force = s->arguments->force,
                                         .points = self->design.u,
                                         .point_count = sensitivity_points(&self->design),
                                         .points_name = name};
    return plan_make(&s->plan, &s->sweep, &options, errors);
}

static void print_size(const struct screening *self)
{
    uint64_t points = sensitivity_points(&self->design);
    uint64_t replications = (uint64_t)self->sweeping->sweep.options->replications;
    const char *word = method_word[self->design.method];
    if (self->sweeping->arguments->json)
        printf("{\"method\": \"%s\", \"rows\": %zu, \"points\": %" PRIu64
               ", \"replications\": %" PRIu64 ", \"trials\": %" PRIu64 "}\n",
               word, self->design.rows, points, replications, points * replications);
    else
        printf("%s: %zu %s x %zu points = %" PRIu64 " points x %" PRIu64
               " replications = %" PRIu64 " trials\n",
               word, self->design.rows,
               self->design.method == SENSITIVITY_MORRIS ? "trajectories" : "rows",
               self->design.block, points, replications, points * replications);
}

/* ------------------------------------------------------------------------------------- trials
 */

static enum status run_trials(struct screening *self, struct errors *errors)
{
    struct sweeping *s = self->sweeping;
    struct sweep_source source = {.plan = &s->plan,
                                  .sweep = &s->sweep,
                                  .set = s->run.set,
                                  .set_count = s->run.set_count,
                                  .seed = sweeping_seed(s),
                                  .errors = errors};
    const struct crew_source from = {.context = &source, .next = sweep_source_next};
    struct crew_options options;
    struct crew_progress progress = {0};
    struct progress line;
    enum status status = sweep_crew(s, &options, plan_trials(&s->plan), errors);
    if (!status) status = sweep_source_begin(&source);
    if (!status) {
        experiment_show(&options, s->arguments, &line);
        if (!experiment_asked(s->arguments, EXPERIMENT_ON_ERROR))
            options.policy = (enum crew_policy)s->sweep.options->on_error;
        options.again = experiment_asked(s->arguments, EXPERIMENT_FAILED);
        status = crew_run(&options, &from, &progress, errors);
        progress_end(&line);
    }
    if (status == STATUS_INTERRUPTED)
        fprintf(stderr, "stopped; %" PRIu64 " trials are kept: the same command goes on\n",
                progress.before + progress.done);
    sweep_source_end(&source);
    return status;
}

static enum status estimate(struct screening *self, struct errors *errors)
{
    size_t axes = axes_of(self), metrics;
    const char *patterns = self->sweeping->arguments->experiment[EXPERIMENT_METRIC];
    enum status status = sensitivity_outputs_read(&self->outputs, &self->sweeping->plan,
                                                  patterns, errors);
    if (status) return status;
    metrics = self->outputs.metrics;
    if (!metrics)
        return errors_add(errors, STATUS_FAULT, "%s: no trial was done",
                          self->sweeping->plan.folder);
    self->input = memory_alloc(metrics * axes, sizeof *self->input);
    self->whole = memory_alloc(metrics, sizeof *self->whole);
    if (!self->input || !self->whole) return STATUS_NO_MEMORY;
    for (size_t m = 0; m < metrics && !status; m++)
        status = sensitivity_estimate(&self->design,
                                      self->outputs.value + m * self->outputs.points,
                                      self->input + m * axes, &self->whole[m]);
    for (size_t i = 0; i < axes; i++) {
        size_t at = i;
        int by = ranking[self->design.method];
        for (; at && measure_of(self, 0, self->order[at - 1], by)->value <
                         measure_of(self, 0, i, by)->value;
             at--)
            self->order[at] = self->order[at - 1];
        self->order[at] = i;
    }
    return status;
}

/* ------------------------------------------------------------------------------------ results
 */

static void write_number(FILE *to, double value)
{
    putc(',', to);
    if (isfinite(value)) fprintf(to, "%.9g", value);
}

static void write_rows(const struct screening *self, FILE *to)
{
    fputs("method,metric,axis,measure,value,low,high,rows\n", to);
    for (size_t m = 0; m < self->outputs.metrics; m++)
        for (size_t i = 0; i < axes_of(self); i++)
            for (int k = 0; k < SENSITIVITY_MEASURES; k++) {
                const struct sensitivity_measure *got = measure_of(self, m, i, k);
                const char *word = measure_word[self->design.method][k];
                if (!word) continue;
                fprintf(to, "%s,", method_word[self->design.method]);
                plan_field(to, self->outputs.metric[m]);
                putc(',', to);
                plan_field(to, axis_name(self, i));
                fprintf(to, ",%s", word);
                write_number(to, got->value);
                write_number(to, got->low);
                write_number(to, got->high);
                fprintf(to, ",%zu\n", self->whole[m]);
            }
}

static enum status write_csv(const struct screening *self, struct errors *errors)
{
    struct file file = {0};
    char *path = file_join(self->sweeping->plan.folder, "sensitivity.csv");
    enum status status = path ? file_create(&file, path, errors) : STATUS_NO_MEMORY;
    if (!status) {
        write_rows(self, file.stream);
        status = file_commit(&file, errors);
    }
    file_discard(&file);
    free(path);
    return status;
}

static void print_json(const struct screening *self)
{
    static const struct sheet_column columns[] = {
        {"metric", 20, -1}, {"axis", 30, -1}, {"measure", 8, -1}, {"value", 10, 4},
        {"low", 10, 4},     {"high", 10, 4},  {"rows", 6, 0}};
    struct sheet sheet;
    sheet_begin(&sheet, stdout, true);
    sheet_text(&sheet, "method", method_word[self->design.method]);
    sheet_number(&sheet, "points", (double)self->sweeping->plan.points, 0);
    sheet_number(&sheet, "replications", (double)self->sweeping->plan.replications, 0);
    sheet_number(&sheet, "done", (double)self->outputs.counts.done, 0);
    sheet_number(&sheet, "failed", (double)self->outputs.counts.failed, 0);
    sheet_table(&sheet, "indices", "", columns, sizeof columns / sizeof *columns);
    for (size_t m = 0; m < self->outputs.metrics; m++)
        for (size_t i = 0; i < axes_of(self); i++)
            for (int k = 0; k < SENSITIVITY_MEASURES; k++) {
                const struct sensitivity_measure *got = measure_of(self, m, i, k);
                if (!measure_word[self->design.method][k]) continue;
                sheet_word(&sheet, self->outputs.metric[m]);
                sheet_word(&sheet, axis_name(self, i));
                sheet_word(&sheet, measure_word[self->design.method][k]);
                sheet_cell(&sheet, got->value);
                sheet_cell(&sheet, got->low);
                sheet_cell(&sheet, got->high);
                sheet_cell(&sheet, (double)self->whole[m]);
            }
    sheet_table_end(&sheet);
    sheet_end(&sheet);
}

#define MEASURE_TEXT (DIGITS_TEXT + DIGITS_INTERVAL)

/* "0.31 (0.27 to 0.36)" */
static void say_measure(const struct sensitivity_measure *got, char out[MEASURE_TEXT])
{
    char value[DIGITS_TEXT], interval[DIGITS_INTERVAL];
    digits_text(got->value, 3, value);
    if (!isfinite(got->value) || !isfinite(got->low))
        snprintf(out, MEASURE_TEXT, "%s", isfinite(got->value) ? value : "-");
    else
        snprintf(out, MEASURE_TEXT, "%s (%s)", value,
                 digits_interval(got->low, got->high, 3, interval));
}

static void print_text(const struct screening *self)
{
    const int *show = shown[self->design.method];
    const char *const *word = measure_word[self->design.method];
    for (size_t m = 0; m < self->outputs.metrics; m++) {
        printf("%s%s: %zu of %zu %s\n  %-44s %-28s %s\n", m ? "\n" : "",
               self->outputs.metric[m], self->whole[m], self->design.rows,
               self->design.method == SENSITIVITY_MORRIS ? "trajectories" : "rows", "axis",
               word[show[0]], word[show[1]]);
        for (size_t k = 0; k < axes_of(self); k++) {
            char first[MEASURE_TEXT], second[MEASURE_TEXT];
            size_t i = self->order[k];
            say_measure(measure_of(self, m, i, show[0]), first);
            say_measure(measure_of(self, m, i, show[1]), second);
            printf("  %-44s %-28s %s\n", axis_name(self, i), first, second);
        }
    }
    printf("\nresults     %s\n", self->sweeping->plan.folder);
}

/* --------------------------------------------------------------------------------------- page
 */

#define COLUMNS_MOST 5
#define RANGE_TEXT 96
#define LABEL_TEXT (SCHEMA_TEXT_SIZE + UNITS_TEXT)

/* What the page is made of; owned. */
struct material {
    char title[256], picture[LABEL_TEXT + 64], figure[LABEL_TEXT], unit[UNITS_TEXT];
    char *answer, *scope, *reproduce; /* owned */
    char axis[SWEEP_AXES_MOST][LABEL_TEXT], range[SWEEP_AXES_MOST][RANGE_TEXT];
    char number[SWEEP_AXES_MOST * SENSITIVITY_MEASURES][MEASURE_TEXT];
    const char *row[SWEEP_AXES_MOST], *measure[2];
    struct answer_value value[SWEEP_AXES_MOST * 2];
    const char *cell[COLUMNS_MOST * (SWEEP_AXES_MOST + 1)];
    size_t columns;
};

/* Measures as people ask for them, in the order of the table; the first two are drawn. */
static const struct {
    int measure;
    const char *words;
} told[2][SENSITIVITY_MEASURES] = {
    {{MORRIS_MU_STAR, "size of its effect (mu*)"},
     {MORRIS_SIGMA, "how that differs from place to place (sigma)"},
     {MORRIS_MU, "effect with its sign (mu)"}},
    {{SOBOL_FIRST, "alone (first order)"}, {SOBOL_TOTAL, "with interactions (total)"}, {0}}};

/* "0.4 to 3", "0.2, 0.45, 0.7", "mf, popular" */
static void say_range(const struct sweep_axis *axis, char out[RANGE_TEXT])
{
    int n = axis->values.count ? axis->values.count : axis->choices.count;
    size_t used = 0;
    if (!n) snprintf(out, RANGE_TEXT, "%.6g to %.6g", axis->from, axis->to);
    for (int i = 0; i < n && used < RANGE_TEXT; i++) {
        const char *between = i ? ", " : "";
        used += (size_t)(axis->values.count ? snprintf(out + used, RANGE_TEXT - used, "%s%.6g",
                                                       between, axis->values.value[i])
                                            : snprintf(out + used, RANGE_TEXT - used, "%s%s",
                                                       between, axis->choices.name[i]));
    }
}

static void name_things(const struct screening *self, struct material *out)
{
    struct model *model = &self->sweeping->model;
    const struct run_parameters *run = parameters_block(&model->parameters, "run");
    const char *figure = self->outputs.metric[0];
    const struct column *column = units_of_figure(model, figure);
    bool morris = self->design.method == SENSITIVITY_MORRIS;
    units_text(column ? column->unit : "", run->currency, out->unit);
    units_label(figure, out->unit, out->figure, LABEL_TEXT);
    snprintf(out->title, sizeof out->title, "What moves %s?", figure);
    snprintf(out->picture, sizeof out->picture,
             morris ? "Change of %s over the whole range" : "Share of the variance of %s",
             morris ? out->figure : figure);
    for (size_t i = 0; i < axes_of(self); i++) {
        char unit[UNITS_TEXT];
        units_text(units_of_setting(model, axis_name(self, i)), run->currency, unit);
        units_label(axis_name(self, i), unit, out->axis[i], LABEL_TEXT);
        say_range(&self->sweeping->sweep.axis[i], out->range[i]);
    }
}

static void gather_rows(const struct screening *self, struct material *out)
{
    enum sensitivity_method method = self->design.method;
    size_t axes = axes_of(self), measures = 0;
    while (measures < SENSITIVITY_MEASURES && told[method][measures].words) measures++;
    out->columns = 2 + measures;
    out->cell[0] = "axis";
    out->cell[1] = "range";
    for (size_t k = 0; k < measures; k++) out->cell[2 + k] = told[method][k].words;
    for (size_t k = 0; k < 2; k++) out->measure[k] = told[method][k].words;
    for (size_t r = 0; r < axes; r++) {
        size_t axis = self->order[r];
        const char **cell = out->cell + out->columns * (r + 1);
        out->row[r] = cell[0] = out->axis[axis];
        cell[1] = out->range[axis];
        for (size_t k = 0; k < measures; k++) {
            const struct sensitivity_measure *got = measure_of(self, 0, axis,
                                                               told[method][k].measure);
            char *text = out->number[r * SENSITIVITY_MEASURES + k];
            if (k < 2)
                out->value[2 * r + k] = (struct answer_value){got->value, got->low, got->high};
            say_measure(got, text);
            cell[2 + k] = text;
        }
    }
}

/* "120 viewers (95 % interval 100 to 140)", "62 % (95 % interval 55 to 70 %)" */
static void say_effect(const struct screening *self, const struct material *m, size_t rank,
                       FILE *to)
{
    bool share = self->design.method == SENSITIVITY_SOBOL;
    const struct sensitivity_measure *got = measure_of(self, 0, self->order[rank],
                                                       ranking[self->design.method]);
    char value[DIGITS_TEXT], interval[DIGITS_INTERVAL];
    double scale = share ? 100 : 1;
    const char *unit = share ? "%" : m->unit;
    if (!(got->value > 0)) {
        fputs(share ? "none" : "not at all", to);
        return;
    }
    fprintf(to, "%s%s%s", digits_text(scale * got->value, 3, value), *unit ? " " : "", unit);
    if (isfinite(got->low) && isfinite(got->high))
        fprintf(to, " (95 %% interval %s%s)",
                digits_interval(scale * got->low, scale * got->high, 3, interval),
                share ? " %" : "");
}

static void say_answer(const struct screening *self, const struct material *m, FILE *to)
{
    bool morris = self->design.method == SENSITIVITY_MORRIS;
    int by = ranking[self->design.method];
    size_t axes = axes_of(self), last = axes - 1;
    const char *figure = self->outputs.metric[0];
    const struct sensitivity_measure *best = measure_of(self, 0, self->order[0], by);
    if (!isfinite(best->value) || !(best->value > 0)) {
        fprintf(to,
                isfinite(best->value) ? "None of the axes moves %s."
                                      : "Nothing can be said of %s: it does not vary, or too "
                                        "few runs were done.",
                figure);
        return;
    }
    fprintf(to,
            morris ? "%s moves most with %s: over its range (%s) it changes by "
                   : "%s varies most with %s (%s), which makes, interactions included, ",
            figure, axis_name(self, self->order[0]), m->range[self->order[0]]);
    say_effect(self, m, 0, to);
    fputs(morris ? " on average." : " of its variance.", to);
    if (axes == 1) return;
    fprintf(to, " The next is %s: ", axis_name(self, self->order[1]));
    say_effect(self, m, 1, to);
    const struct sensitivity_measure *next = measure_of(self, 0, self->order[1], by);
    fputs(next->high >= best->low ? "; which of the two counts more cannot be told." : ".", to);
    if (last < 2) return;
    fprintf(to, " Least counts %s: ", axis_name(self, self->order[last]));
    say_effect(self, m, last, to);
    putc('.', to);
}

/* Estimates of shares that no share can be. */
static bool are_rough(const struct screening *self)
{
    for (size_t i = 0; i < axes_of(self); i++)
        for (int k = SOBOL_FIRST; k <= SOBOL_TOTAL; k++) {
            double share = measure_of(self, 0, i, k)->value;
            if (share < -0.005 || share > 1.005) return true;
        }
    return false;
}

static void say_scope(const struct screening *self, FILE *to)
{
    bool morris = self->design.method == SENSITIVITY_MORRIS;
    uint64_t replications = self->sweeping->plan.replications;
    const char *figure = self->outputs.metric[0];
    const struct column *column = units_of_figure(&self->sweeping->model, figure);
    if (column) fprintf(to, "%s: %s.\n", figure, column->definition);
    fprintf(to,
            "%s over the ranges of the sweep's file, every axis uniform in its scale and "
            "independent of the others: %zu of %zu %s are whole, %" PRIu64
            " replication%s a point, the same people and luck at all points. Intervals (95 %%, "
            "bootstrap) are about the choice of points, not about other people.",
            morris ? "Morris screening" : "Sobol indices", self->whole[0], self->design.rows,
            morris ? "trajectories" : "rows", replications, replications == 1 ? "" : "s");
    if (!morris && are_rough(self))
        fputs(
            " Shares below 0 or above 100 % are noise of so few rows; --points asks for more.",
            to);
    if (self->outputs.counts.failed)
        fprintf(to, "\n%" PRIu64 " trials failed.", self->outputs.counts.failed);
}

/* With the method and the numbers that it had, given or not. */
static void say_command(const struct screening *self, FILE *to)
{
    experiment_again(self->sweeping->arguments, "sensitivity", 1u << EXPERIMENT_METRIC, to);
    fprintf(to,
            " --method %s --points %zu --replications %" PRIu64
            "\n\nreelsim %s (%s), seed %" PRId64 "\n",
            method_word[self->design.method], self->design.rows,
            self->sweeping->plan.replications, version_number(), version_git(),
            sweeping_seed(self->sweeping));
}

static enum status gather_words(const struct screening *self, struct material *m)
{
    size_t length = 0;
    FILE *to = open_memstream(&m->answer, &length);
    if (!to) return STATUS_NO_MEMORY;
    say_answer(self, m, to);
    if (fclose(to) || !(to = open_memstream(&m->scope, &length))) return STATUS_NO_MEMORY;
    say_scope(self, to);
    if (fclose(to) || !(to = open_memstream(&m->reproduce, &length))) return STATUS_NO_MEMORY;
    say_command(self, to);
    return fclose(to) ? STATUS_NO_MEMORY : STATUS_OK;
}

static enum status write_page(const struct screening *self, struct errors *errors)
{
    static const char *const captions[2] = {
        "Size of its effect: by how much the figure changes on average when the setting goes "
        "through its whole range (mu*). The second bar says how much that differs from place "
        "to "
        "place, by interactions or curvature (sigma). Line: 95 % interval.",
        "Alone: the share of the figure's variance that the setting makes by itself; with "
        "interactions: all in which it has a part, so that these shares may add up to more "
        "than "
        "1. A setting whose total is near 0 may be fixed. Line: 95 % interval."};
    struct material *m = memory_alloc(1, sizeof *m);
    if (!m) return STATUS_NO_MEMORY;
    name_things(self, m);
    gather_rows(self, m);
    enum status status = gather_words(self, m);
    const struct answer_bars bars = {.name = "sensitivity",
                                     .heading = "Which settings count",
                                     .caption = captions[self->design.method],
                                     .title = m->picture,
                                     .subtitle = "bar: estimate; line: its 95 % interval",
                                     .row = m->row,
                                     .measure = m->measure,
                                     .value = m->value,
                                     .rows = axes_of(self),
                                     .measures = 2};
    const struct answer_table table = {
        "All axes",
        "Estimates with their 95 % intervals, the axis that counts most first; sensitivity.csv "
        "has all figures.",
        m->cell, m->columns, axes_of(self) + 1};
    const struct arguments *a = self->sweeping->arguments;
    const struct answer_page page = {.folder = self->sweeping->plan.folder,
                                     .formats = a->format,
                                     .quiet = a->quiet || a->json,
                                     .title = m->title,
                                     .answer = m->answer,
                                     .scope = m->scope,
                                     .picture = &bars,
                                     .pictures = 1,
                                     .table = &table,
                                     .tables = 1,
                                     .reproduce = m->reproduce};
    if (!status) status = answer_page_make(&page, errors);
    free(m->answer);
    free(m->scope);
    free(m->reproduce);
    memory_free(m);
    return status;
}

static enum status finish(struct screening *self, struct errors *errors)
{
    const struct arguments *a = self->sweeping->arguments;
    enum status status = estimate(self, errors);
    if (!status) status = write_csv(self, errors);
    if (!status && a->plots) status = write_page(self, errors);
    if (status) return status;
    if (a->json)
        print_json(self);
    else if (!a->quiet)
        print_text(self);
    if (!self->outputs.counts.failed) return STATUS_OK;
    return errors_add(errors, STATUS_FAULT,
                      "%" PRIu64 " trials failed, their rows do not count; --failed tries them "
                      "again",
                      self->outputs.counts.failed);
}

enum status command_sensitivity(const struct arguments *arguments, struct errors *errors)
{
    struct screening self = {0};
    if (arguments->operand_count != 1)
        return errors_add(errors, STATUS_USAGE,
                          "usage: reelsim sensitivity SWEEP.cfg [--method morris|sobol] "
                          "[--points N] [--metric NAME,..] [options]");
    self.sweeping = calloc(1, sizeof *self.sweeping);
    if (!self.sweeping) return STATUS_NO_MEMORY;
    self.sweeping->arguments = arguments;
    self.sweeping->ranges = true;
    enum status status = experiment_options_only(arguments, "sensitivity", TAKEN, errors);
    if (!status) status = read_method(&self, errors);
    if (!status) status = sweeping_open(self.sweeping, errors);
    if (!status) status = sweeping_read(self.sweeping, errors);
    if (!status) status = make_design(&self, errors);
    if (!status && experiment_asked(arguments, EXPERIMENT_DRY_RUN)) {
        print_size(&self);
    } else if (!status) {
        status = open_plan(&self, errors);
        if (!status) status = run_trials(&self, errors);
        if (!status) status = finish(&self, errors);
    }
    sensitivity_design_free(&self.design);
    sensitivity_outputs_free(&self.outputs);
    memory_free(self.input);
    memory_free(self.whole);
    sweeping_free(self.sweeping);
    return status;
}
