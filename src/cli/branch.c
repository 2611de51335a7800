/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "branch.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/checkpoint.h"
#include "io/states.h"
#include "world/world.h"

static void visit_scenario(void *context, struct visitor *v)
{
    *(struct resolved *)context = resolved_load(v);
}

enum status branch_open(struct branch *self, const struct arguments *arguments,
                        struct model *model, struct errors *errors)
{
    enum status status = states_resolve(arguments->from, arguments->day, &self->folder,
                                        &self->state, errors);
    if (!status) status = checkpoint_peek(self->state, visit_scenario, &self->past, errors);
    return status ? status : scenario_restore(model, self->past.text, self->state, errors);
}

void branch_free(struct branch *self)
{
    free(self->past.text);
    free(self->folder);
    free(self->state);
    *self = (struct branch){0};
}

/* A change of the branch's first close: as if the scenario had always had it. */
static enum status add_change(const struct branch *self, struct parameters *parameters,
                              const char *path, const char *text, struct errors *errors)
{
    const struct run_parameters *run = parameters_block(parameters, "run");
    double close = (double)self->past.now + run->window * (double)TIME_MINUTE / 2;
    const struct {
        const char *row;
        struct value value;
    } rows[] = {
        {"day", {.kind = VALUE_FLOAT, .number = close / (double)TIME_DAY}},
        {"set", {.kind = VALUE_TEXT, .text = path}},
        {"value", {.kind = VALUE_TEXT, .text = text}},
    };
    int32_t index = 0;
    char name[64];
    enum status status = parameters_grow(parameters, "policy.changes", &index);
    if (status == STATUS_BAD_INPUT)
        return errors_add(errors, status,
                          "--set %s=%s: the scenario has as many policy.changes "
                          "as it may",
                          path, text);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0] && !status; i++) {
        struct parameter at;
        snprintf(name, sizeof name, "policy.changes[%d].%s", (int)index, rows[i].row);
        require(parameters_find(parameters, name, &at));
        status = parameters_store(parameters, &at, &rows[i].value, "--set", errors);
    }
    return status;
}

/* What of a run is its future's own affair. */
static bool is_free(const char *path)
{
    static const char *const free_rows[] = {"run.days", "run.name", "run.seed", "run.replicate",
                                            "run.world"};
    for (size_t i = 0; i < sizeof free_rows / sizeof free_rows[0]; i++)
        if (strcmp(path, free_rows[i]) == 0) return true;
    return false;
}

enum status branch_set(const struct branch *self, struct parameters *parameters,
                       const char *text, const char *where, struct errors *errors)
{
    char path[256];
    struct parameter at;
    const char *value = scenario_setting(text, path, sizeof path, errors);
    if (!value) return STATUS_BAD_INPUT;
    bool known = parameters_find(parameters, path, &at);
    if (!known || is_free(path)) return parameters_set(parameters, path, value, where, errors);
    if (at.row->when != SCHEMA_WINDOW)
        return errors_add(errors, STATUS_BAD_INPUT,
                          "%s: %s: `%s` is read once at the start, and this run begins at day "
                          "%g of another; a branch may change what a policy may, run.days, "
                          "run.name, run.seed, run.replicate and run.world",
                          where, text, path, (double)self->past.now / (double)TIME_DAY);
    return add_change(self, parameters, path, value, errors);
}

enum status branch_check_days(const struct branch *self, const struct parameters *parameters,
                              const char *from, struct errors *errors)
{
    const struct run_parameters *run = parameters_block(parameters, "run");
    if (run->days * TIME_DAY > self->past.now) return STATUS_OK;
    return errors_add(errors, STATUS_BAD_INPUT,
                      "--from %s: is of day %g and run.days = %" PRId64
                      ": nothing is left to run; --days asks for more",
                      from, (double)self->past.now / (double)TIME_DAY, run->days);
}
