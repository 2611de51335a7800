/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From numbers to values of axes, and whether the scenario takes them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/maths.h"
#include "sweep_parts.h"

/* The shortest decimal that reads back to the same bits: more digits than enough do, too. */
static void print_number(double x, char out[SWEEP_VALUE_SIZE])
{
    char text[400];
    int low = 1, high = 17;
    while (low < high) {
        int middle = (low + high) / 2;
        snprintf(text, sizeof text, "%.*g", middle, x);
        double back = strtod(text, NULL);
        if (back < x || back > x)
            low = middle + 1;
        else
            high = middle;
    }
    snprintf(text, sizeof text, "%.*g", low, x);
    snprintf(out, SWEEP_VALUE_SIZE, "%.*s", SWEEP_VALUE_SIZE - 1, text);
}

/* 1e+06 is no integer. */
static void print_value(double x, char out[SWEEP_VALUE_SIZE])
{
    if (fabs(x) < 9e15 && !(x < floor(x) || x > floor(x)))
        snprintf(out, SWEEP_VALUE_SIZE, "%.0f", x);
    else
        print_number(x, out);
}

/* Between the ends of a range twelve digits say enough: 10, not 10.000000000000002. */
static double rounded(double x)
{
    char text[400];
    snprintf(text, sizeof text, "%.12g", x);
    return strtod(text, NULL);
}

/* At part t of a range; both ends exactly. */
static double between(const struct sweep_axis *axis, double t)
{
    if (t <= 0) return axis->from;
    if (t >= 1) return axis->to;
    if (axis->scale == SWEEP_LINEAR) return rounded(axis->from + (axis->to - axis->from) * t);
    return rounded(axis->from * maths_exp(t * maths_log(axis->to / axis->from)));
}

uint64_t sweep_levels(const struct sweep *self, size_t axis)
{
    const struct sweep_axis *a = &self->axis[axis];
    if (a->values.count) return (uint64_t)a->values.count;
    if (a->choices.count) return (uint64_t)a->choices.count;
    return self->options->design == SWEEP_GRID ? (uint64_t)a->steps : 0;
}

void sweep_level(const struct sweep *self, size_t axis, uint64_t k, char out[SWEEP_VALUE_SIZE])
{
    const struct sweep_axis *a = &self->axis[axis];
    if (a->choices.count) {
        snprintf(out, SWEEP_VALUE_SIZE, "%s", a->choices.name[k]);
        return;
    }
    double x = a->values.count ? a->values.value[k]
                               : between(a, (double)k / (double)(a->steps - 1));
    if (!a->values.count && self->whole[axis]) x = floor(x + 0.5);
    print_value(x, out);
}

void sweep_value(const struct sweep *self, size_t axis, double u, char out[SWEEP_VALUE_SIZE])
{
    const struct sweep_axis *a = &self->axis[axis];
    uint64_t levels = sweep_levels(self, axis);
    if (levels) {
        uint64_t k = (uint64_t)(u * (double)levels);
        sweep_level(self, axis, k < levels ? k : levels - 1, out);
    } else if (self->whole[axis] && a->scale == SWEEP_LINEAR) {
        double x = floor(a->from + u * (a->to - a->from + 1));
        print_value(x < a->to ? x : a->to, out);
    } else {
        double x = between(a, u);
        print_value(self->whole[axis] ? floor(x + 0.5) : x, out);
    }
}

/* -------------------------------------------------------------------------- the scenario's
 * word
 */

/* Every listed value, or both ends of a range, as --set would take them. */
static enum status try_values(const struct sweep *self, size_t i, struct parameters *scenario,
                              struct errors *errors)
{
    const struct sweep_axis *axis = &self->axis[i];
    char where[512], value[SWEEP_VALUE_SIZE];
    enum status status = STATUS_OK;
    sweep_where(self, "path", i, where, sizeof where);
    bool listed = axis->values.count || axis->choices.count;
    uint64_t count = listed ? sweep_levels(self, i) : 2;
    for (uint64_t k = 0; k < count; k++) {
        if (listed)
            sweep_level(self, i, k, value);
        else
            print_value(k ? axis->to : axis->from, value);
        enum status set = parameters_set(scenario, axis->path, value, where, errors);
        if (set) status = set;
    }
    return status;
}

/* Steps that are too many for whole numbers would try one value twice. */
static enum status check_steps(const struct sweep *self, size_t i, struct errors *errors)
{
    char where[512], before[SWEEP_VALUE_SIZE], value[SWEEP_VALUE_SIZE];
    uint64_t levels = sweep_levels(self, i);
    for (uint64_t k = 0; k < levels; k++) {
        sweep_level(self, i, k, value);
        if (k && strcmp(before, value) == 0) {
            sweep_where(self, "path", i, where, sizeof where);
            return errors_add(errors, STATUS_BAD_INPUT, "%s: %s `%s` has the value %s twice",
                              where, self->noun, self->axis[i].path, value);
        }
        memcpy(before, value, sizeof before);
    }
    return STATUS_OK;
}

static enum status check_setting(struct sweep *self, size_t i, struct parameters *scenario,
                                 struct errors *errors)
{
    const struct sweep_axis *axis = &self->axis[i];
    char where[512], before[4096];
    struct parameter at;
    sweep_where(self, "path", i, where, sizeof where);
    if (strcmp(axis->path, "run.replicate") == 0 || strcmp(axis->path, "run.plugins") == 0)
        return errors_add(errors, STATUS_BAD_INPUT, "%s: %s `%s`: %s", where, self->noun,
                          axis->path,
                          axis->path[4] == 'r' ? "is what the replications vary"
                                               : "plug-ins are the same at all points");
    if (!parameters_find(scenario, axis->path, &at)) /* for its words on the path */
        return parameters_set(scenario, axis->path, "0", where, errors);
    self->whole[i] = at.row->type == SCHEMA_INT;
    bool number = self->whole[i] || at.row->type == SCHEMA_FLOAT;
    if (!number && !axis->choices.count)
        return errors_add(
            errors, STATUS_BAD_INPUT, "%s: %s `%s` is no number%s", where, self->noun,
            axis->path, strcmp(self->noun, "axis") == 0 ? ": list its values in choices" : "");
    int length = parameters_print(&at, before, sizeof before);
    bool fits = length < (int)sizeof before;
    enum status status = try_values(self, i, scenario, errors);
    if (!status) status = check_steps(self, i, errors);
    if (fits) {
        enum status back = parameters_store_text(scenario, &at, before, where, errors);
        if (back) status = back;
    }
    return status;
}

enum status sweep_check(struct sweep *self, struct parameters *scenario, struct errors *errors)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < self->axes; i++) {
        enum status found = check_setting(self, i, scenario, errors);
        if (found) status = found;
    }
    enum status found = sweep_read_conditions(self, scenario, errors);
    return found ? found : status;
}
