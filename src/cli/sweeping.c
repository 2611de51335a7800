/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sweeping.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "experiment.h"
#include "io/pinned.h"
#include "sim/sim.h"
#include "world/world.h"

/* "run.days = 20" as --set takes it, without blanks around the sign. */
static void tidy(const char *text, char out[SCHEMA_NAME_SIZE])
{
    const char *equals = strchr(text, '=');
    int head = equals ? (int)(equals - text) : (int)strlen(text);
    while (head > 0 && text[head - 1] == ' ') head--;
    const char *value = equals ? equals + 1 + strspn(equals + 1, " ") : "";
    snprintf(out, SCHEMA_NAME_SIZE, "%.*s%s%s", head, text, equals ? "=" : "", value);
}

enum status sweeping_settings(const struct arguments *given, const struct name_list *set,
                              char (*text)[SCHEMA_NAME_SIZE], struct arguments *out,
                              struct errors *errors)
{
    *out = *given;
    out->owned_count = 0;
    if (set->count + given->set_count > ARGUMENT_SETS_MAX - SWEEP_AXES_MOST - 2)
        return errors_add(errors, STATUS_USAGE, "too many settings beside the axes");
    for (int i = 0; i < set->count; i++) {
        tidy(set->name[i], text[i]);
        out->set[i] = text[i];
    }
    for (int i = 0; i < given->set_count; i++) out->set[set->count + i] = given->set[i];
    out->set_count = set->count + given->set_count;
    return STATUS_OK;
}

enum status sweeping_open(struct sweeping *self, struct errors *errors)
{
    return sweep_read(&self->sweep, self->arguments->operand[0], errors);
}

enum status sweeping_read(struct sweeping *self, struct errors *errors)
{
    static const struct name_list none = {0};
    struct sim *sim = NULL;
    const struct sim_options options = {.threads = 1};
    enum status status = sweeping_settings(self->arguments,
                                           self->pin ? &none : &self->sweep.options->set,
                                           self->set, &self->run, errors);
    self->run.experiment[EXPERIMENT_PINNED] = self->pin;
    if (!status) {
        struct sweep_parameters *own = parameters_block(&self->sweep.parameters, "sweep");
        status = experiment_number(self->arguments, EXPERIMENT_REPLICATIONS, 100000,
                                   &own->replications, errors);
        if (self->ranges) own->design = SWEEP_SOBOL;
    }
    if (!status) status = experiment_crew_check(self->arguments, errors);
    if (!status) status = scenario_load(&self->model, &self->run, self->sweep.scenario, errors);
    if (!status) status = sweep_check(&self->sweep, &self->model.parameters, errors);
    if (!status) status = sim_init(&sim, &self->model, &options, errors);
    sim_free(sim);
    if (status) return status;
    self->settings = pinned_text(&self->model, NULL);
    return self->settings ? STATUS_OK : STATUS_NO_MEMORY;
}

void sweeping_folder(const char *file, const char *name, const char *suffix,
                     char folder[SWEEPING_FOLDER])
{
    const char *slash = strrchr(file, '/');
    const char *stem = slash ? slash + 1 : file, *dot = strrchr(stem, '.');
    int length = dot && dot > stem ? (int)(dot - stem) : (int)strlen(stem);
    if (*name)
        snprintf(folder, SWEEPING_FOLDER, "output/%s%s", name, suffix);
    else
        snprintf(folder, SWEEPING_FOLDER, "output/%.*s%s", length, stem, suffix);
}

int64_t sweeping_seed(const struct sweeping *self)
{
    const struct run_parameters *run = parameters_block(&self->model.parameters, "run");
    return run->seed;
}

void sweeping_free(struct sweeping *self)
{
    plan_free(&self->plan);
    sweep_free(&self->sweep);
    model_free(&self->model);
    sweep_only_free(&self->only);
    free(self->settings);
    free(self->folder);
    free(self->pin);
    free(self->command);
    free(self->figures);
    free(self);
}
