/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/sweep.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "experiment/crew.h"
#include "io/file.h"
#include "io/scenario.h"
#include "io/scenario_line.h"
#include "sweep_parts.h"

#define FIELD(member) offsetof(struct sweep_parameters, member)
static const struct schema_row rows[] = {
    {.path = "scenario",
     .type = SCHEMA_TEXT,
     .initial = "\"\"",
     .meaning = "the scenario that is run at every point; relative to the sweep's file",
     .source = "A",
     .offset = FIELD(scenario)},
    {.path = "name",
     .type = SCHEMA_TEXT,
     .initial = "\"\"",
     .meaning = "name of the folder under output/; empty: that of the sweep's file",
     .source = "A",
     .offset = FIELD(name)},
    {.path = "design",
     .type = SCHEMA_CHOICE,
     .initial = "\"grid\"",
     .choices = SWEEP_DESIGN_WORDS,
     .meaning = "which points: all combinations of the axes' values, or `points` of them at "
                "random, one in each slice of every axis (Latin hypercube), or of a sequence "
                "that fills the space evenly (Sobol, Halton)",
     .source = "A",
     .offset = FIELD(design)},
    {.path = "points",
     .type = SCHEMA_INT,
     .unit = "1",
     .low = 1,
     .high = SWEEP_POINTS_MOST,
     .initial = "100",
     .meaning = "points of a design that is no grid",
     .source = "A",
     .offset = FIELD(points)},
    {.path = "replications",
     .type = SCHEMA_INT,
     .unit = "1",
     .low = 1,
     .high = 100000,
     .initial = "1",
     .meaning = "runs at every point, run.replicate = 0, 1, ...: the same people and moods at "
                "all points",
     .source = "A",
     .offset = FIELD(replications)},
    {.path = "seed",
     .type = SCHEMA_INT,
     .unit = "1",
     .high = 4294967295.0,
     .initial = "1",
     .meaning = "seed of a random or Latin hypercube design; runs have the scenario's run.seed",
     .source = "A",
     .offset = FIELD(seed)},
    {.path = "set",
     .type = SCHEMA_NAMES,
     .initial = "[]",
     .meaning = "settings of all points, \"run.days = 20\"",
     .source = "A",
     .offset = FIELD(set)},
    {.path = "where",
     .type = SCHEMA_NAMES,
     .initial = "[]",
     .meaning = "conditions that points must fulfil, \"a < b\": < <= > >= == != between axes, "
                "settings of the scenario and numbers",
     .source = "A",
     .offset = FIELD(where)},
    {.path = "figures",
     .type = SCHEMA_NAMES,
     .initial = "[]",
     .meaning = "figures of the report, as `gather` names them, shell patterns too; its "
                "answer is about the first; empty: what is asked for most",
     .source = "A",
     .offset = FIELD(figures)},
    {.path = "on_error",
     .type = SCHEMA_CHOICE,
     .initial = "\"skip\"",
     .choices = CREW_POLICY_WORDS,
     .meaning = "when a run fails: go on with the others, stop, or try it twice more",
     .source = "A",
     .offset = FIELD(on_error)},
};
static const struct schema_table sweep_table = {
    .prefix = "sweep", .size = sizeof(struct sweep_parameters), SCHEMA_ROWS(rows)};
#undef FIELD

#define FIELD(member) offsetof(struct sweep_axis, member)
static const struct schema_row axis_rows[] = {
    {.path = "path",
     .type = SCHEMA_TEXT,
     .initial = "\"\"",
     .meaning = "the setting that the axis varies",
     .source = "A",
     .offset = FIELD(path)},
    {.path = "values",
     .type = SCHEMA_FLOATS,
     .unit = "1",
     .low = -1e300,
     .high = 1e300,
     .initial = "[]",
     .meaning = "its values, where they are numbers",
     .source = "A",
     .offset = FIELD(values)},
    {.path = "choices",
     .type = SCHEMA_NAMES,
     .initial = "[]",
     .meaning = "its values as --set takes them, where they are words or lists",
     .source = "A",
     .offset = FIELD(choices)},
    {.path = "from",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = -1e300,
     .high = 1e300,
     .initial = "0",
     .meaning = "first value of a range, in place of a list",
     .source = "A",
     .offset = FIELD(from)},
    {.path = "to",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = -1e300,
     .high = 1e300,
     .initial = "0",
     .meaning = "last value of a range",
     .source = "A",
     .offset = FIELD(to)},
    {.path = "steps",
     .type = SCHEMA_INT,
     .unit = "1",
     .low = 2,
     .high = 1000000,
     .initial = "5",
     .meaning = "values of a range in a grid, the first and the last counted",
     .source = "A",
     .offset = FIELD(steps)},
    {.path = "scale",
     .type = SCHEMA_CHOICE,
     .initial = "\"linear\"",
     .choices = SWEEP_SCALE_WORDS,
     .meaning = "a range's values lie at equal differences or at equal ratios",
     .source = "A",
     .offset = FIELD(scale)},
};
#undef FIELD
static const struct schema_table axis_table = {.prefix = "sweep.axes",
                                               .size = sizeof(struct sweep_axis),
                                               .most = SWEEP_AXES_MOST,
                                               SCHEMA_ROWS(axis_rows)};

enum status sweep_defaults(struct parameters *parameters)
{
    static const struct schema_table *const tables[] = {&sweep_table, &axis_table};
    return parameters_init(parameters, tables, 2);
}

bool sweep_given(const struct parameters *parameters, const char *list, size_t n,
                 const char *name)
{
    char path[64];
    struct parameter at;
    snprintf(path, sizeof path, "%s[%zu].%s", list, n, name);
    require(parameters_find(parameters, path, &at));
    size_t row = (size_t)(at.row - at.table->rows);
    return at.block->given[(size_t)at.index * at.table->row_count + row];
}

static bool is_given(const struct sweep *self, size_t axis, const char *name)
{
    return sweep_given(&self->parameters, "sweep.axes", axis, name);
}

void sweep_where(const struct sweep *self, const char *name, size_t n, char *out, size_t size)
{
    int line = scenario_line(self->path, name, (int)n);
    if (line)
        snprintf(out, size, "%s:%d", self->path, line);
    else
        snprintf(out, size, "%s", self->path);
}

static enum status refuse_axis(const struct sweep *self, size_t axis, struct errors *errors,
                               const char *what)
{
    char where[512];
    sweep_where(self, "path", axis, where, sizeof where);
    return errors_add(errors, STATUS_BAD_INPUT, "%s: axis `%s`: %s", where,
                      self->axis[axis].path, what);
}

/* What an axis says of itself, without the scenario. */
static enum status check_axis(const struct sweep *self, size_t i, struct errors *errors)
{
    const struct sweep_axis *axis = &self->axis[i];
    bool range = is_given(self, i, "from") || is_given(self, i, "to");
    int kinds = (axis->values.count > 0) + (axis->choices.count > 0) + range;
    if (!axis->path[0])
        return errors_add(errors, STATUS_BAD_INPUT,
                          "%s: axis %zu has no path: the setting that it varies", self->path,
                          i + 1);
    for (size_t other = 0; other < i; other++)
        if (strcmp(self->axis[other].path, axis->path) == 0)
            return refuse_axis(self, i, errors, "there is one of that path already");
    if (kinds != 1)
        return refuse_axis(self, i, errors,
                           "must have either values = [1, 2], choices = [\"a\", \"b\"], or "
                           "from and to");
    if (!range && (is_given(self, i, "steps") || is_given(self, i, "scale")))
        return refuse_axis(self, i, errors, "steps and scale are of a range, from and to");
    if (range && !(is_given(self, i, "from") && is_given(self, i, "to")))
        return refuse_axis(self, i, errors, "from and to go together");
    if (range && !(axis->from < axis->to))
        return refuse_axis(self, i, errors, "from must be below to");
    if (range && axis->scale == SWEEP_LOG && !(axis->from > 0))
        return refuse_axis(self, i, errors, "a log scale must begin above 0");
    return STATUS_OK;
}

static enum status check_file(struct sweep *self, struct errors *errors)
{
    enum status status = STATUS_OK;
    if (!self->options->scenario[0])
        status = errors_add(errors, STATUS_BAD_INPUT,
                            "%s: sweep.scenario is missing: the file that is run at every "
                            "point",
                            self->path);
    if (self->axes == 0)
        status = errors_add(errors, STATUS_BAD_INPUT,
                            "%s: sweep.axes is missing: a list of the settings to vary",
                            self->path);
    for (size_t i = 0; i < self->axes; i++)
        if (check_axis(self, i, errors)) status = STATUS_BAD_INPUT;
    return status;
}

enum status sweep_read(struct sweep *self, const char *path, struct errors *errors)
{
    *self = (struct sweep){.path = strdup(path), .noun = "axis"};
    char *folder = file_folder_of(path);
    enum status status = self->path && folder ? sweep_defaults(&self->parameters)
                                              : STATUS_NO_MEMORY;
    if (!status) status = scenario_read(&self->parameters, path, errors);
    if (status) goto out;
    self->options = parameters_block(&self->parameters, "sweep");
    self->axis = parameters_block(&self->parameters, "sweep.axes");
    self->axes = (size_t)parameters_count(&self->parameters, "sweep.axes");
    status = check_file(self, errors);
    if (status) goto out;
    bool here = strcmp(folder, ".") == 0 && path[0] != '.';
    self->scenario = here ? strdup(self->options->scenario)
                          : file_join(folder, self->options->scenario);
    if (!self->scenario) status = STATUS_NO_MEMORY;
out:
    free(folder);
    return status;
}

void sweep_free(struct sweep *self)
{
    if (self->parameters.blocks) parameters_free(&self->parameters);
    free(self->path);
    free(self->scenario);
    *self = (struct sweep){0};
}
