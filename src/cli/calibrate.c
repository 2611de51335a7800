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
#include "io/pinned.h"
#include "sim/sim.h"
#include "sweeping.h"
#include "world/world.h"

#define TAKEN                                                                                  \
    (1u << EXPERIMENT_JOBS | 1u << EXPERIMENT_ON_ERROR | 1u << EXPERIMENT_REPLICATIONS |       \
     1u << EXPERIMENT_FAILED | 1u << EXPERIMENT_POINTS)

struct calibrating {
    const struct arguments *arguments;
    struct arguments run; /* with the settings of the targets' file before its own */
    char set[SCHEMA_NAMES_MAX][SCHEMA_NAME_SIZE];
    struct targets targets;
    struct model model;
    char *settings; /* owned; the scenario as it is now (io/pinned.h) */
    char *command;  /* owned; that makes it again */
    char folder[SWEEPING_FOLDER];
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

/* With the budget that it had, given or not. */
static enum status tell_command(struct calibrating *self)
{
    size_t length = 0;
    FILE *to = open_memstream(&self->command, &length);
    if (!to) return STATUS_NO_MEMORY;
    experiment_again(self->arguments, "calibrate", 0, to);
    fprintf(to, " --points %" PRId64 " --replications %" PRId64, self->targets.options->points,
            self->targets.options->replications);
    return fclose(to) == 0 ? STATUS_OK : STATUS_NO_MEMORY;
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
    self->settings = pinned_text(&self->model, NULL);
    return self->settings ? tell_command(self) : STATUS_NO_MEMORY;
}

static enum status search(struct calibrating *self, struct errors *errors)
{
    const struct arguments *a = self->arguments;
    struct calibration *c = &self->calibration;
    const struct targets_parameters *o = self->targets.options;
    const struct run_parameters *run = parameters_block(&self->model.parameters, "run");
    struct progress line;
    sweeping_folder(a->operand[0], o->name, "", self->folder);
    *c = (struct calibration){.targets = &self->targets,
                              .folder = a->out ? a->out : self->folder,
                              .set = self->run.set,
                              .set_count = self->run.set_count,
                              .seed = run->seed,
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
                                              .model = &self->model,
                                              .command = self->command,
                                              .formats = a->format,
                                              .page = a->plots,
                                              .quiet = a->quiet || a->json};
    struct trial_failure why;
    bool known = trial_failure_read(p->failure, &why);
    uint64_t failed = p->failed + p->failed_before;
    enum status status = calibration_report_write(&report, errors);
    if (status) return status;
    if (a->json) {
        calibration_json(&report, stdout);
    } else if (!a->quiet) {
        calibration_answer(&report, stdout);
        printf("\n%zu points; %" PRIu64 " runs, %" PRIu64 " found there, %" PRIu64
               " failed; %.1f s\nresults     %s\n",
               self->fit.points, p->done, p->before, failed, p->seconds,
               self->calibration.folder);
    }
    if (!failed) return STATUS_OK;
    return errors_add(errors, STATUS_FAULT,
                      "%" PRIu64 " runs failed, their points do not count; --failed tries them "
                      "again. The first: %s%s%s",
                      failed, p->failure, known ? ": " : "", why.message);
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
    free(self->command);
    memory_free(self);
    return status;
}
