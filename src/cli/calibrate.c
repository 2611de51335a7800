/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * reelsim calibrate TARGETS.cfg: settings of a scenario that make its figures meet targets.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "experiment.h"
#include "experiment/calibration.h"
#include "io/resolved.h"
#include "sim/sim.h"
#include "sweeping.h"

#define TAKEN                                                                                  \
    (1u << EXPERIMENT_JOBS | 1u << EXPERIMENT_ON_ERROR | 1u << EXPERIMENT_REPLICATIONS |       \
     1u << EXPERIMENT_FAILED | 1u << EXPERIMENT_POINTS)

struct calibrating {
    const struct arguments *arguments;
    struct arguments run; /* with the settings of the targets' file before its own */
    char set[SCHEMA_NAMES_MAX][SCHEMA_NAME_SIZE];
    struct targets targets;
    struct model model;
    char *settings; /* owned; the resolved scenario */
    char folder[SWEEPING_FOLDER], command[2048];
    struct calibration calibration;
    struct moments_fit fit;
};

static enum status read_budget(struct calibrating *self, struct errors *errors)
{
    struct targets_parameters *own = parameters_block(&self->targets.box.parameters,
                                                      "calibrate");
    enum status status = experiment_number(self->arguments, EXPERIMENT_REPLICATIONS, 10000,
                                           &own->replications, errors);
    if (!status)
        status = experiment_number(self->arguments, EXPERIMENT_POINTS, 100000, &own->points,
                                   errors);
    size_t n = self->targets.box.axes;
    if (!status && own->replications < 3)
        return errors_add(errors, STATUS_USAGE, "--replications: 3 at least, for intervals");
    if (!status && (size_t)own->points < MOMENTS_POINTS_LEAST(n))
        return errors_add(errors, STATUS_USAGE, "--points: %zu at least for %zu parameters",
                          MOMENTS_POINTS_LEAST(n), n);
    return status;
}

static void tell_command(struct calibrating *self)
{
    const struct arguments *a = self->arguments;
    int size = (int)sizeof self->command;
    int used = snprintf(self->command, sizeof self->command,
                        "reelsim calibrate %s --points %" PRId64 " --replications %" PRId64,
                        a->operand[0], self->targets.options->points,
                        self->targets.options->replications);
    for (int i = 0; i < a->set_count && used < size; i++)
        used += snprintf(self->command + used, (size_t)(size - used), " --set '%s'", a->set[i]);
}

/* Targets and scenario, with all that is wrong in either. */
static enum status read_all(struct calibrating *self, struct errors *errors)
{
    struct sim *sim = NULL;
    const struct sim_options options = {.threads = 1};
    struct targets *t = &self->targets;
    enum status status = targets_read(t, self->arguments->operand[0], errors);
    if (!status)
        status = sweeping_settings(self->arguments, &t->options->set, self->set, &self->run,
                                   errors);
    if (!status) status = read_budget(self, errors);
    if (!status) status = scenario_load(&self->model, &self->run, t->box.scenario, errors);
    if (!status) status = sweep_check(&t->box, &self->model.parameters, errors);
    if (!status) status = sim_init(&sim, &self->model, &options, errors);
    sim_free(sim);
    if (status) return status;
    tell_command(self);
    self->settings = resolved_text(&self->model.parameters);
    return self->settings ? STATUS_OK : STATUS_NO_MEMORY;
}

static enum status search(struct calibrating *self, struct errors *errors)
{
    const struct arguments *a = self->arguments;
    struct calibration *c = &self->calibration;
    const struct targets_parameters *o = self->targets.options;
    struct progress line;
    sweeping_folder(a->operand[0], o->name, "", self->folder);
    *c = (struct calibration){.targets = &self->targets,
                              .folder = a->out ? a->out : self->folder,
                              .set = self->run.set,
                              .set_count = self->run.set_count,
                              .errors = errors};
    enum status status = experiment_crew(&c->crew, a, &self->model,
                                         (uint64_t)(o->points * o->replications), errors);
    c->crew.again = experiment_asked(a, EXPERIMENT_FAILED);
    if (!status) status = calibration_open(c, self->settings, a->force);
    if (status) return status;
    experiment_show(&c->crew, a, &line);
    status = calibration_run(c, &self->fit);
    progress_end(&line);
    if (status == STATUS_INTERRUPTED)
        fprintf(stderr, "stopped; what is done is kept in %s: the same command goes on\n",
                c->folder);
    return status;
}

static enum status finish(struct calibrating *self, struct errors *errors)
{
    const struct arguments *a = self->arguments;
    const struct crew_progress *p = &self->calibration.progress;
    const struct calibration_report report = {.calibration = &self->calibration,
                                              .fit = &self->fit,
                                              .command = self->command,
                                              .formats = a->format,
                                              .page = a->plots,
                                              .quiet = a->quiet || a->json};
    enum status status = calibration_report_write(&report, errors);
    if (status) return status;
    if (a->json) {
        calibration_json(&report, stdout);
    } else if (!a->quiet) {
        calibration_answer(&report, stdout);
        printf("\n%zu points; %" PRIu64 " runs, %" PRIu64 " found there, %" PRIu64
               " failed; %.1f s\nresults     %s\n",
               self->fit.points, p->done, p->before, p->failed + p->failed_before, p->seconds,
               self->calibration.folder);
    }
    return STATUS_OK;
}

enum status command_calibrate(const struct arguments *arguments, struct errors *errors)
{
    if (arguments->operand_count != 1)
        return errors_add(errors, STATUS_USAGE,
                          "usage: reelsim calibrate TARGETS.cfg [--points N] "
                          "[--replications R] [options]");
    struct calibrating *self = memory_alloc(1, sizeof *self);
    if (!self) return STATUS_NO_MEMORY;
    self->arguments = arguments;
    enum status status = experiment_options_only(arguments, "calibrate", TAKEN, errors);
    if (!status) status = read_all(self, errors);
    if (!status) status = search(self, errors);
    if (!status) status = finish(self, errors);
    targets_free(&self->targets);
    model_free(&self->model);
    free(self->settings);
    memory_free(self);
    return status;
}
