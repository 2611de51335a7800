/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_cdf.h>

#include "base/memory.h"
#include "base/version.h"
#include "experiment/calibration.h"
#include "experiment/digits.h"
#include "experiment/trial.h"
#include "experiment/units.h"
#include "io/answer_page.h"
#include "io/file.h"
#include "io/manifest.h"
#include "world/world.h"

#define PLAUSIBLE 0.05 /* below this, the distance is larger than noise makes it */

static const struct targets *targets_of(const struct calibration_report *self)
{
    return self->calibration->targets;
}

struct interval {
    double value, low, high;
};

/* An interval ends where the setting does: no share is below 0. */
static struct interval parameter_of(const struct calibration_report *self, size_t k)
{
    const struct moments_fit *f = self->fit;
    const struct targets *t = targets_of(self);
    struct parameter at;
    struct interval out = {calibration_number(t, k, f->u[k]),
                           calibration_number(t, k, f->low[k]),
                           calibration_number(t, k, f->high[k])};
    bool known = parameters_find(&self->model->parameters, t->axis[k].path, &at);
    if (known && at.row->low < at.row->high) {
        if (out.low < at.row->low) out.low = at.row->low;
        if (out.high > at.row->high) out.high = at.row->high;
    }
    return out;
}

/* How far the figure is from its target, in standard deviations of their difference. */
static double miss_of(const struct calibration_report *self, size_t m)
{
    return (self->fit->figure[m] - targets_of(self)->target[m].value) / self->fit->noise[m];
}

/* How often noise alone makes a distance as large; NaN where as many parameters as targets meet
 * them in any case, or weights of the file's own make it another distribution. */
static double chance_of(const struct calibration_report *self)
{
    const struct targets *t = targets_of(self);
    for (size_t m = 0; m < t->count; m++)
        if (t->target[m].weight < 1 || t->target[m].weight > 1) return NAN;
    if (!(self->fit->expected > 0)) return NAN;
    return gsl_cdf_chisq_Q(self->fit->distance, self->fit->expected);
}

static bool at_bound(const struct calibration_report *self, size_t k)
{
    return self->fit->u[k] < 1e-3 || self->fit->u[k] > 1 - 1e-3;
}

/* ------------------------------------------------------------------------------------- words
 */

void calibration_answer(const struct calibration_report *self, FILE *to)
{
    const struct targets *t = targets_of(self);
    double chance = chance_of(self);
    size_t worst = 0;
    for (size_t k = 0; k < t->box.axes; k++) {
        struct interval p = parameter_of(self, k);
        char value[DIGITS_TEXT], interval[DIGITS_INTERVAL];
        fprintf(to, "%s%s = %s", k ? "; " : "", t->axis[k].path,
                digits_text(p.value, 4, value));
        if (isfinite(p.low))
            fprintf(to, " (90 %% interval %s)", digits_interval(p.low, p.high, 4, interval));
        else
            fputs(" (the targets do not tell it)", to);
        if (at_bound(self, k)) fputs(", at the end of its range", to);
    }
    for (size_t m = 1; m < t->count; m++)
        if (fabs(miss_of(self, m)) > fabs(miss_of(self, worst))) worst = m;
    char got[DIGITS_TEXT], wanted[DIGITS_TEXT];
    fprintf(to, ". The target that is missed most is %s: %s for %s, %.1f standard deviations",
            t->target[worst].metric, digits_text(self->fit->figure[worst], 4, got),
            digits_text(t->target[worst].value, 4, wanted), fabs(miss_of(self, worst)));
    if (isfinite(chance))
        fprintf(to, "; all together %s (%s%.2g)",
                chance < PLAUSIBLE ? "are missed by more than noise" : "are met within noise",
                chance < 0.001 ? "p < " : "p = ", fmax(chance, 0.001));
    fputs(".\n", to);
}

static void write_scope(const struct calibration_report *self, FILE *to)
{
    const struct moments_fit *f = self->fit;
    fprintf(to,
            "%zu points, some of them with %" PRId64
            " replications, %zu runs, the same people and luck at all points; %s. "
            "Intervals hold the noise of the targets, of the runs and of the surface; not what "
            "the model leaves out, nor other parameters that were held fixed.",
            f->points, targets_of(self)->options->replications, f->runs,
            f->surface ? f->surface_curved
                             ? "the answer is the minimum of a quadratic surface near the best"
                             : "the answer is the minimum of a linear surface near the best"
                       : "the answer is the best point that was simulated");
    if (f->failed) fprintf(to, " %zu points had runs that failed and do not count.", f->failed);
}

/* ------------------------------------------------------------------------------------- tables
 */

static void csv_number(FILE *to, double value)
{
    putc(',', to);
    if (isfinite(value)) fprintf(to, "%.9g", value);
}

static void write_csv(const struct calibration_report *self, FILE *to)
{
    const struct targets *t = targets_of(self);
    fputs("what,name,fit,low,high,target,noise,miss\n", to);
    for (size_t k = 0; k < t->box.axes; k++) {
        struct interval p = parameter_of(self, k);
        fprintf(to, "parameter,%s", t->axis[k].path);
        csv_number(to, p.value);
        csv_number(to, p.low);
        csv_number(to, p.high);
        fputs(",,,\n", to);
    }
    for (size_t m = 0; m < t->count; m++) {
        fprintf(to, "target,%s", t->target[m].metric);
        csv_number(to, self->fit->figure[m]);
        csv_number(to, self->fit->figure_low[m]);
        csv_number(to, self->fit->figure_high[m]);
        csv_number(to, t->target[m].value);
        csv_number(to, self->fit->noise[m]);
        csv_number(to, miss_of(self, m));
        putc('\n', to);
    }
}

static void json_number(FILE *to, const char *key, double value)
{
    fprintf(to, ", \"%s\": ", key);
    if (isfinite(value))
        fprintf(to, "%.9g", value);
    else
        fputs("null", to);
}

void calibration_json(const struct calibration_report *self, FILE *to)
{
    const struct targets *t = targets_of(self);
    const struct moments_fit *f = self->fit;
    fputs("{\n  \"parameters\": [", to);
    for (size_t k = 0; k < t->box.axes; k++) {
        struct interval p = parameter_of(self, k);
        fputs(k ? ",\n    {\"path\": " : "\n    {\"path\": ", to);
        manifest_text(to, t->axis[k].path);
        json_number(to, "fit", p.value);
        json_number(to, "low", p.low);
        json_number(to, "high", p.high);
        fprintf(to, ", \"at_bound\": %s}", at_bound(self, k) ? "true" : "false");
    }
    fputs("\n  ],\n  \"targets\": [", to);
    for (size_t m = 0; m < t->count; m++) {
        fputs(m ? ",\n    {\"metric\": " : "\n    {\"metric\": ", to);
        manifest_text(to, t->target[m].metric);
        json_number(to, "target", t->target[m].value);
        json_number(to, "fit", f->figure[m]);
        json_number(to, "low", f->figure_low[m]);
        json_number(to, "high", f->figure_high[m]);
        json_number(to, "noise", f->noise[m]);
        json_number(to, "miss", miss_of(self, m));
        putc('}', to);
    }
    fprintf(to,
            "\n  ],\n  \"points\": %zu, \"replications\": %" PRId64
            ", \"runs\": %zu, \"failed_points\": %zu",
            f->points, t->options->replications, f->runs, f->failed);
    json_number(to, "level", MOMENTS_LEVEL);
    json_number(to, "distance", f->distance);
    json_number(to, "p", chance_of(self));
    fprintf(to, ",\n  \"answer\": \"%s\", \"version\": \"%s\", \"git\": \"%s\"\n}\n",
            f->surface ? "surface" : "point", version_number(), version_git());
}

/* ---------------------------------------------------------------------------------- scenario
 */

/* A value as a scenario writes it: words in quotes. */
static void write_value(const char *value, FILE *to)
{
    char *end = NULL;
    (void)strtod(value, &end);
    bool plain = (end != value && !*end) || *value == '[' || *value == '"' ||
                 strcmp(value, "true") == 0 || strcmp(value, "false") == 0;
    fprintf(to, plain ? "%s;" : "\"%s\";", value);
}

/* Settings as a scenario writes them, a group once: "a.b=1" and "a.c=2" are a : { b = 1; c = 2;
 * };. `word` is sorted; `depth` characters of all are the same and have been written. */
static void write_group(const char *const *word, size_t n, size_t depth, FILE *to)
{
    for (size_t i = 0; i < n;) {
        const char *at = word[i] + depth;
        size_t length = strcspn(at, ".="), same = 1;
        while (i + same < n && strncmp(word[i + same] + depth, at, length + 1) == 0) same++;
        if (at[length] == '.') {
            fprintf(to, "%.*s : {\n", (int)length, at);
            write_group(word + i, same, depth + length + 1, to);
            fputs("};\n", to);
        } else if (at[length] == '=') {
            fprintf(to, "%.*s = ", (int)length, at);
            write_value(word[i + same - 1] + depth + length + 1, to);
            putc('\n', to);
        }
        i += same;
    }
}

/* By path, so that groups stand together; later ones of a path stay later. */
static void sort_words(const char **word, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        const char *kept = word[i];
        size_t at = i, length = strcspn(kept, "=");
        for (; at && strncmp(word[at - 1], kept, length + 1) > 0; at--) word[at] = word[at - 1];
        word[at] = kept;
    }
}

/* Those within a list cannot be written behind an @include. */
static void write_words(const char **word, size_t n, FILE *to)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (memchr(word[i], '[', strcspn(word[i], "=")))
            fprintf(to, "# within a list: run with --set '%s'\n", word[i]);
        else
            word[kept++] = word[i];
    }
    sort_words(word, kept);
    write_group(word, kept, 0, to);
}

/* From a folder to a file, both of real names: "../../world.cfg", so that the two may be moved
 * together. Where they share nothing but the root: the file's own path. Owned by the caller. */
static char *path_from(const char *folder, const char *file)
{
    size_t same = 0, up = 0, length = 0;
    char *text = NULL;
    for (size_t i = 0; folder[i] == file[i] || (!folder[i] && file[i] == '/'); i++) {
        if (file[i] == '/') same = i + 1;
        if (!folder[i] || !file[i]) break;
    }
    FILE *to = same > 1 ? open_memstream(&text, &length) : NULL;
    if (!to) return strdup(file);
    if (same <= strlen(folder)) up = 1;
    for (const char *c = folder + same; up && *c; c++) up += *c == '/';
    for (; up; up--) fputs("../", to);
    fputs(file + same, to);
    return fclose(to) == 0 ? text : NULL;
}

static char *scenario_from(const char *folder, const char *scenario)
{
    char *here = realpath(folder, NULL), *file = realpath(scenario, NULL), *path = NULL;
    if (here && file) path = path_from(here, file);
    free(here);
    free(file);
    return path;
}

static void write_scenario(const struct calibration_report *self, FILE *to)
{
    const struct calibration *c = self->calibration;
    const struct targets *t = c->targets;
    char *path = scenario_from(c->folder, t->box.scenario);
    char text[MOMENTS_PARAMETERS][SCHEMA_TEXT_SIZE + SWEEP_VALUE_SIZE + 2];
    size_t n = 0, all = (size_t)c->set_count + t->box.axes;
    const char **word = calloc(all, sizeof *word);
    fprintf(to, "# %s with the values that `%s` found.\n@include \"%s\"\n", t->box.scenario,
            self->command, path ? path : t->box.scenario);
    for (int i = 0; word && i < c->set_count; i++) word[n++] = c->set[i];
    for (size_t k = 0; word && k < t->box.axes; k++) {
        char value[SWEEP_VALUE_SIZE];
        calibration_text(t, k, self->fit->u[k], value);
        snprintf(text[k], sizeof text[k], "%s=%s", t->axis[k].path, value);
        word[n++] = text[k];
    }
    write_words(word, n, to);
    free(word);
    free(path);
}

/* --------------------------------------------------------------------------------------- page
 */

struct material {
    char *answer, *scope, *reproduce; /* owned */
    const char *parameter[MOMENTS_PARAMETERS], *metric[MOMENTS_TARGETS];
    char label[MOMENTS_PARAMETERS + MOMENTS_TARGETS][SCHEMA_TEXT_SIZE + UNITS_TEXT];
    struct answer_value place[MOMENTS_PARAMETERS], miss[MOMENTS_TARGETS];
    char text[5 * MOMENTS_PARAMETERS + 5 * MOMENTS_TARGETS][DIGITS_INTERVAL];
    const char *cell[5 * (MOMENTS_PARAMETERS + 1)], *row[5 * (MOMENTS_TARGETS + 1)];
    size_t texts;
};

static const char *number_text(struct material *self, double value)
{
    char *out = self->text[self->texts++];
    return digits_text(value, 4, out);
}

static const char *label(const struct calibration_report *self, const char *name,
                         const char *unit, char out[SCHEMA_TEXT_SIZE + UNITS_TEXT])
{
    const struct run_parameters *run = parameters_block(&self->model->parameters, "run");
    char text[UNITS_TEXT];
    units_label(name, units_text(unit, run->currency, text), out,
                SCHEMA_TEXT_SIZE + UNITS_TEXT);
    return out;
}

static void gather_parameters(const struct calibration_report *self, struct material *out)
{
    static const char *const heads[5] = {"parameter", "fit", "low", "high", "range"};
    const struct targets *t = targets_of(self);
    const struct moments_fit *f = self->fit;
    for (int c = 0; c < 5; c++) out->cell[c] = heads[c];
    for (size_t k = 0; k < t->box.axes; k++) {
        struct interval p = parameter_of(self, k);
        const char **cell = out->cell + 5 * (k + 1);
        const char *unit = units_of_setting(self->model, t->axis[k].path);
        out->parameter[k] = cell[0] = label(self, t->axis[k].path, unit, out->label[k]);
        out->place[k] = (struct answer_value){f->u[k], fmax(0, f->low[k]), fmin(1, f->high[k])};
        cell[1] = number_text(out, p.value);
        cell[2] = number_text(out, p.low);
        cell[3] = number_text(out, p.high);
        cell[4] = digits_interval(t->axis[k].from, t->axis[k].to, 4, out->text[out->texts++]);
    }
}

static void gather_targets(const struct calibration_report *self, struct material *out)
{
    static const char *const heads[5] = {"target", "wanted", "fit", "noise (sd)", "miss (sd)"};
    const struct targets *t = targets_of(self);
    const struct moments_fit *f = self->fit;
    for (int c = 0; c < 5; c++) out->row[c] = heads[c];
    for (size_t m = 0; m < t->count; m++) {
        const char **cell = out->row + 5 * (m + 1);
        double wanted = t->target[m].value;
        const struct column *column = units_of_figure(self->model, t->target[m].metric);
        out->metric[m] = cell[0] = label(self, t->target[m].metric, column ? column->unit : "",
                                         out->label[MOMENTS_PARAMETERS + m]);
        out->miss[m] = (struct answer_value){miss_of(self, m),
                                             (f->figure_low[m] - wanted) / f->noise[m],
                                             (f->figure_high[m] - wanted) / f->noise[m]};
        cell[1] = number_text(out, wanted);
        cell[2] = number_text(out, f->figure[m]);
        cell[3] = number_text(out, f->noise[m]);
        cell[4] = number_text(out, miss_of(self, m));
    }
}

static void write_again(const struct calibration_report *self, FILE *to)
{
    char *fitted = file_join(self->calibration->folder, "fitted.cfg");
    fprintf(to, "%s\nreelsim run ", self->command);
    if (fitted) trial_quote(fitted, to);
    fprintf(to, "\n\nreelsim %s (%s)\n", version_number(), version_git());
    free(fitted);
}

static enum status gather_words(const struct calibration_report *self, struct material *out)
{
    size_t length = 0;
    FILE *to = open_memstream(&out->answer, &length);
    if (!to) return STATUS_NO_MEMORY;
    calibration_answer(self, to);
    if (fclose(to) || !(to = open_memstream(&out->scope, &length))) return STATUS_NO_MEMORY;
    write_scope(self, to);
    if (fclose(to) || !(to = open_memstream(&out->reproduce, &length))) return STATUS_NO_MEMORY;
    write_again(self, to);
    return fclose(to) ? STATUS_NO_MEMORY : STATUS_OK;
}

static enum status show(const struct calibration_report *self, const struct material *m,
                        struct errors *errors)
{
    static const char *const fit = "fit";
    const struct targets *t = targets_of(self);
    const struct answer_bars bars[] = {
        {"targets", "Targets and fit",
         "Each target is at 0; the point is the figure of the fit less the target, in standard "
         "deviations of their difference by noise; line: 90 % interval of the figure. Beyond "
         "2 or so the model does not meet the target.",
         "Fit less target", "in standard deviations; line: 90 % interval of the fit's figure",
         m->metric, &fit, m->miss, t->count, 1, true, 0},
        {"parameters", "Parameters",
         "Each parameter within its range in the file, from its low (0) to its high end (1); "
         "line: 90 % interval.",
         "Parameters within their ranges", "0: low end; 1: high end; line: 90 % interval",
         m->parameter, &fit, m->place, t->box.axes, 1, true, 1}};
    const struct answer_table table[] = {
        {"Parameters", "Fit with its 90 % interval.", m->cell, 5, t->box.axes + 1},
        {"Targets", "Noise: the standard deviation of target less figure.", m->row, 5,
         t->count + 1}};
    const struct answer_page page = {.folder = self->calibration->folder,
                                     .formats = self->formats,
                                     .quiet = self->quiet,
                                     .title = "Fit to targets",
                                     .answer = m->answer,
                                     .scope = m->scope,
                                     .picture = bars,
                                     .pictures = 2,
                                     .table = table,
                                     .tables = 2,
                                     .reproduce = m->reproduce};
    return answer_page_make(&page, errors);
}

static enum status write_page(const struct calibration_report *self, struct errors *errors)
{
    struct material *m = memory_alloc(1, sizeof *m);
    if (!m) return STATUS_NO_MEMORY;
    enum status status = gather_words(self, m);
    gather_parameters(self, m);
    gather_targets(self, m);
    if (!status) status = show(self, m, errors);
    free(m->answer);
    free(m->scope);
    free(m->reproduce);
    memory_free(m);
    return status;
}

static enum status write_file(const struct calibration_report *self, const char *name,
                              void (*write)(const struct calibration_report *, FILE *),
                              struct errors *errors)
{
    struct file file = {0};
    char *path = file_join(self->calibration->folder, name);
    enum status status = path ? file_create(&file, path, errors) : STATUS_NO_MEMORY;
    if (!status) {
        write(self, file.stream);
        status = file_commit(&file, errors);
    }
    file_discard(&file);
    free(path);
    return status;
}

enum status calibration_report_write(const struct calibration_report *self,
                                     struct errors *errors)
{
    enum status status = write_file(self, "fit.csv", write_csv, errors);
    if (!status) status = write_file(self, "calibration.json", calibration_json, errors);
    if (!status) status = write_file(self, "fitted.cfg", write_scenario, errors);
    return !status && self->page ? write_page(self, errors) : status;
}
