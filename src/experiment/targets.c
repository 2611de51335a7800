/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/targets.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/file.h"
#include "io/scenario.h"
#include "sweep_parts.h"

#define FIELD(member) offsetof(struct targets_parameters, member)
static const struct schema_row rows[] = {
    {.path = "scenario",
     .type = SCHEMA_TEXT,
     .initial = "\"\"",
     .meaning = "the scenario that is fitted; relative to this file",
     .source = "A",
     .offset = FIELD(scenario)},
    {.path = "name",
     .type = SCHEMA_TEXT,
     .initial = "\"\"",
     .meaning = "name of the folder under output/; empty: that of this file",
     .source = "A",
     .offset = FIELD(name)},
    {.path = "points",
     .type = SCHEMA_INT,
     .unit = "1",
     .low = 16,
     .high = 100000,
     .initial = "64",
     .meaning =
         "the budget: places that are simulated, at least 8 a parameter and 8 more; half "
         "of them a Sobol design, a quarter GSL's simplex, a quarter near the best",
     .source = "A",
     .offset = FIELD(points)},
    {.path = "replications",
     .type = SCHEMA_INT,
     .unit = "1",
     .low = 3,
     .high = 10000,
     .initial = "20",
     .meaning =
         "runs at the places that tell how sure it is, run.replicate = 0, 1, ...; the others "
         "have an eighth of them, 2 at least: the same people and moods everywhere; weights "
         "and intervals come from how they vary",
     .source = "A",
     .offset = FIELD(replications)},
    {.path = "set",
     .type = SCHEMA_NAMES,
     .initial = "[]",
     .meaning = "settings of all runs, \"run.days = 20\"",
     .source = "A",
     .offset = FIELD(set)},
};
static const struct schema_table table = {
    .prefix = "calibrate", .size = sizeof(struct targets_parameters), SCHEMA_ROWS(rows)};
#undef FIELD

#define FIELD(member) offsetof(struct targets_bound, member)
static const struct schema_row bound_rows[] = {
    {.path = "path",
     .type = SCHEMA_TEXT,
     .initial = "\"\"",
     .meaning = "a setting that is to be found; a number",
     .source = "A",
     .offset = FIELD(path)},
    {.path = "low",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = -1e300,
     .high = 1e300,
     .initial = "0",
     .meaning = "the least that it may be",
     .source = "A",
     .offset = FIELD(low)},
    {.path = "high",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = -1e300,
     .high = 1e300,
     .initial = "0",
     .meaning = "the most that it may be",
     .source = "A",
     .offset = FIELD(high)},
    {.path = "scale",
     .type = SCHEMA_CHOICE,
     .initial = "\"linear\"",
     .choices = SWEEP_SCALE_WORDS,
     .meaning = "it is searched at equal differences or at equal ratios",
     .source = "A",
     .offset = FIELD(scale)},
};
static const struct schema_table bound_table = {.prefix = "calibrate.parameters",
                                                .size = sizeof(struct targets_bound),
                                                .most = MOMENTS_PARAMETERS,
                                                SCHEMA_ROWS(bound_rows)};
#undef FIELD

#define FIELD(member) offsetof(struct target, member)
static const struct schema_row target_rows[] = {
    {.path = "metric",
     .type = SCHEMA_TEXT,
     .initial = "\"\"",
     .meaning = "a column of series.csv, or COHORT.COLUMN of cohorts.csv: its mean after "
                "measure.warmup",
     .source = "A",
     .offset = FIELD(metric)},
    {.path = "value",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = -1e300,
     .high = 1e300,
     .initial = "0",
     .meaning = "value that the figure shall have",
     .source = "A",
     .offset = FIELD(value)},
    {.path = "error",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1e300,
     .initial = "0",
     .meaning = "standard error of that value; 0: as much as one replication varies",
     .source = "A",
     .offset = FIELD(error)},
    {.path = "weight",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 1e-9,
     .high = 1e9,
     .initial = "1",
     .meaning = "weight of its squared miss, on top of that by noise",
     .source = "A",
     .offset = FIELD(weight)},
};
#undef FIELD
static const struct schema_table target_table = {.prefix = "calibrate.targets",
                                                 .size = sizeof(struct target),
                                                 .most = MOMENTS_TARGETS,
                                                 SCHEMA_ROWS(target_rows)};

enum status targets_defaults(struct parameters *parameters)
{
    static const struct schema_table *const tables[] = {&table, &bound_table, &target_table};
    return parameters_init(parameters, tables, 3);
}

static enum status refuse(const struct targets *self, const char *key, size_t n,
                          struct errors *errors, const char *what)
{
    char where[512];
    sweep_where(&self->box, key, n, where, sizeof where);
    return errors_add(errors, STATUS_BAD_INPUT, "%s: %s", where, what);
}

static enum status check_bound(const struct targets *self, size_t i, struct errors *errors)
{
    const struct targets_bound *bounds = parameters_block(&self->box.parameters,
                                                          "calibrate.parameters");
    const struct targets_bound *b = &bounds[i];
    if (!b->path[0])
        return errors_add(errors, STATUS_BAD_INPUT,
                          "%s: parameter %zu has no path: the setting that is to be found",
                          self->box.path, i + 1);
    for (size_t other = 0; other < i; other++)
        if (strcmp(bounds[other].path, b->path) == 0)
            return refuse(self, "path", i, errors, "there is a parameter of that path already");
    if (!(b->low < b->high)) {
        char what[SCHEMA_TEXT_SIZE + 96];
        snprintf(what, sizeof what, "%s: low = %g, must be below high = %g", b->path, b->low,
                 b->high);
        return refuse(self, "path", i, errors, what);
    }
    if (b->scale == SWEEP_LOG && !(b->low > 0))
        return refuse(self, "path", i, errors, "a log scale must begin above 0");
    return STATUS_OK;
}

static enum status check_target(const struct targets *self, size_t i, struct errors *errors)
{
    const struct target *t = &self->target[i];
    if (!t->metric[0])
        return errors_add(errors, STATUS_BAD_INPUT, "%s: target %zu has no metric",
                          self->box.path, i + 1);
    for (size_t other = 0; other < i; other++)
        if (strcmp(self->target[other].metric, t->metric) == 0)
            return refuse(self, "metric", i, errors, "there is a target for that already");
    if (!sweep_given(&self->box.parameters, "calibrate.targets", i, "value"))
        return refuse(self, "metric", i, errors, "the target has no value");
    return STATUS_OK;
}

static enum status check_file(const struct targets *self, struct errors *errors)
{
    enum status status = STATUS_OK;
    int64_t least = MOMENTS_POINTS_LEAST((int64_t)self->box.axes);
    if (!self->options->scenario[0])
        status = errors_add(errors, STATUS_BAD_INPUT,
                            "%s: calibrate.scenario is missing: the file that is fitted",
                            self->box.path);
    if (!self->box.axes)
        status = errors_add(errors, STATUS_BAD_INPUT,
                            "%s: calibrate.parameters is missing: a list of what to find",
                            self->box.path);
    if (self->count < self->box.axes || !self->count)
        status = errors_add(errors, STATUS_BAD_INPUT,
                            "%s: %zu targets cannot tell %zu parameters: give as many at least",
                            self->box.path, self->count, self->box.axes);
    if (self->options->points < least) {
        char what[128];
        snprintf(what, sizeof what, "points must be at least %d for %zu parameters", (int)least,
                 self->box.axes);
        status = refuse(self, "points", 0, errors, what);
    }
    for (size_t i = 0; i < self->box.axes; i++)
        if (check_bound(self, i, errors)) status = STATUS_BAD_INPUT;
    for (size_t i = 0; i < self->count; i++)
        if (check_target(self, i, errors)) status = STATUS_BAD_INPUT;
    return status;
}

/* Parameters as axes of a sweep. */
static void make_axes(struct targets *self)
{
    const struct targets_bound *bound = parameters_block(&self->box.parameters,
                                                         "calibrate.parameters");
    for (size_t i = 0; i < self->box.axes; i++) {
        struct sweep_axis *axis = &self->axis[i];
        memcpy(axis->path, bound[i].path, sizeof axis->path);
        axis->from = bound[i].low;
        axis->to = bound[i].high;
        axis->scale = bound[i].scale;
    }
    self->as_sweep.design = SWEEP_SOBOL;
    self->box.axis = self->axis;
    self->box.noun = "parameter";
    self->box.options = &self->as_sweep;
}

enum status targets_read(struct targets *self, const char *path, struct errors *errors)
{
    struct sweep *box = &self->box;
    *self = (struct targets){.box.path = strdup(path)};
    char *folder = file_folder_of(path);
    enum status status = box->path && folder ? targets_defaults(&box->parameters)
                                             : STATUS_NO_MEMORY;
    if (!status) status = scenario_read(&box->parameters, path, errors);
    if (!status) {
        self->options = parameters_block(&box->parameters, "calibrate");
        self->target = parameters_block(&box->parameters, "calibrate.targets");
        self->count = (size_t)parameters_count(&box->parameters, "calibrate.targets");
        box->axes = (size_t)parameters_count(&box->parameters, "calibrate.parameters");
        make_axes(self);
        status = check_file(self, errors);
    }
    if (!status) {
        bool here = strcmp(folder, ".") == 0 && path[0] != '.';
        box->scenario = here ? strdup(self->options->scenario)
                             : file_join(folder, self->options->scenario);
        if (!box->scenario) status = STATUS_NO_MEMORY;
    }
    free(folder);
    return status;
}

void targets_free(struct targets *self) { sweep_free(&self->box); }
