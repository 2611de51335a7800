/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/calibration.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/version.h"
#include "engine/stream.h"
#include "experiment/figures.h"
#include "io/file.h"
#include "io/pinned.h"

#define SETTING_SIZE (SCHEMA_TEXT_SIZE + SWEEP_VALUE_SIZE + 2)
#define WHAT_MOST 4096
#define PINNED "scenario.json"

/* ------------------------------------------------------------------------------------ folder
 */

static enum status write_what(const char *path, const char *what, struct errors *errors)
{
    struct file file = {0};
    enum status status = file_create(&file, path, errors);
    if (!status) {
        fputs(what, file.stream);
        status = file_commit(&file, errors);
    }
    file_discard(&file);
    return status;
}

static enum status compare_what(const char *path, const char *what, struct errors *errors)
{
    char *text = NULL;
    size_t length = 0;
    enum status status = file_read(path, WHAT_MOST, &text, &length, errors);
    if (!status && strcmp(text, what) != 0)
        status = errors_add(errors, STATUS_BAD_INPUT,
                            "%s: a calibration of another scenario, other settings or another "
                            "build is there: put that back to go on; --out takes another "
                            "folder, --force begins anew",
                            path);
    free(text);
    return status;
}

static enum status forget(const struct calibration *self, const char *path)
{
    char *trials = file_join(self->folder, "trials");
    bool gone = trials && (!file_exists(trials) || file_remove(trials)) && file_remove(path);
    free(trials);
    return gone ? STATUS_OK
                : errors_add(self->errors, STATUS_IO, "%s: cannot be removed: %s", self->folder,
                             strerror(errno));
}

enum status calibration_open(const struct calibration *self, const char *settings, bool force)
{
    char what[512];
    char *path = file_join(self->folder, "what"), *trials = file_join(self->folder, "trials");
    char *pinned = file_join(self->folder, PINNED);
    enum status status = path && trials && pinned ? STATUS_OK : STATUS_NO_MEMORY;
    snprintf(what, sizeof what, "calibration\nversion %s\ngit %s\nscenario %016" PRIx64 "\n",
             version_number(), version_git(), name_of(settings, 0));
    if (!status && file_exists(path)) {
        if (!force) status = compare_what(path, what, self->errors);
        if (status) pinned_compare(pinned, settings, self->folder, self->errors);
        if (force) status = forget(self, path);
    } else if (!status && file_exists(trials)) {
        status = errors_add(self->errors, STATUS_BAD_INPUT,
                            "%s: holds `trials` but is no calibration's folder; choose another "
                            "with --out",
                            self->folder);
    }
    if (!status) status = file_make_folder(self->folder, self->errors);
    if (!status && !file_exists(path)) {
        status = pinned_save(pinned, settings, self->errors);
        if (!status) status = write_what(path, what, self->errors);
    }
    free(pinned);
    free(path);
    free(trials);
    return status;
}

/* ------------------------------------------------------------------------------------ values
 */

void calibration_text(const struct targets *targets, size_t parameter, double u,
                      char out[SWEEP_VALUE_SIZE])
{
    sweep_value(&targets->box, parameter, u, out);
}

/* Beyond the bounds, too, where an interval may end. */
double calibration_number(const struct targets *targets, size_t parameter, double u)
{
    const struct sweep_axis *axis = &targets->axis[parameter];
    if (axis->scale == SWEEP_LOG) return axis->from * pow(axis->to / axis->from, u);
    return axis->from + u * (axis->to - axis->from);
}

/* ------------------------------------------------------------------------------------- trials
 */

/* The trials of n points, one after another. */
struct batch {
    struct calibration *calibration;
    const struct moments_runs *ask;
    size_t at;          /* the next trial = at */
    const char **words; /* owned */
    char *axes;         /* owned */
    char *folder;       /* owned; of the last trial */
    char *pinned;       /* owned; what the scenario was */
};

/* Words of a point's parameters, and the name that they make. */
static uint64_t name_point(struct batch *self, size_t point)
{
    const struct targets *t = self->calibration->targets;
    uint64_t name = 0;
    for (size_t k = 0; k < t->box.axes; k++) {
        char value[SWEEP_VALUE_SIZE], *word = self->axes + k * SETTING_SIZE;
        calibration_text(t, k, self->ask->u[point * t->box.axes + k], value);
        snprintf(word, SETTING_SIZE, "%s=%s", t->axis[k].path, value);
        self->words[self->calibration->set_count + (int)k] = word;
        name = name_of(word, name);
    }
    return name;
}

static enum status find_folder(struct batch *self, size_t point, size_t replicate)
{
    char name[96];
    uint64_t hash = name_point(self, point);
    snprintf(name, sizeof name, "trials/%02x/%016" PRIx64 "-%zu", (unsigned)(hash >> 56), hash,
             replicate);
    free(self->folder);
    self->folder = file_join(self->calibration->folder, name);
    return self->folder ? STATUS_OK : STATUS_NO_MEMORY;
}

static enum status next_trial(void *context, struct trial *trial)
{
    struct batch *self = context;
    const struct calibration *c = self->calibration;
    const struct moments_runs *ask = self->ask;
    if (self->at == ask->points * ask->count) return STATUS_OK;
    size_t point = self->at / ask->count, replicate = ask->first + self->at % ask->count;
    self->at++;
    enum status status = find_folder(self, point, replicate);
    if (!status) status = file_make_folder_of(self->folder, c->errors);
    *trial = (struct trial){.scenario = c->targets->box.scenario,
                            .pinned = self->pinned,
                            .set = self->words,
                            .set_count = (size_t)c->set_count + c->targets->box.axes,
                            .seed = c->seed,
                            .replicate = (int64_t)replicate,
                            .folder = self->folder};
    return status;
}

static enum status read_trial(const struct batch *self, double *out)
{
    const struct calibration *c = self->calibration;
    struct figures figures = {0};
    enum status status = STATUS_OK;
    bool done = trial_state(self->folder) == TRIAL_DONE;
    if (done) status = figures_read(&figures, self->folder, c->errors);
    for (size_t m = 0; m < c->targets->count && !status; m++) {
        bool known = false;
        const char *metric = c->targets->target[m].metric;
        for (size_t i = 0; i < figures.count; i++)
            known |= strcmp(figures.name[i], metric) == 0;
        if (done && !known)
            status = errors_add(c->errors, STATUS_BAD_INPUT,
                                "%s: the runs have no figure `%s`; `reelsim gather` and "
                                "docs/CODEBOOK.md say what there is",
                                c->targets->box.path, metric);
        out[m] = figures_value(&figures, metric);
    }
    figures_free(&figures);
    return status;
}

static void add_progress(struct crew_progress *sum, const struct crew_progress *more)
{
    sum->before += more->before;
    sum->done += more->done;
    sum->failed += more->failed;
    sum->failed_before += more->failed_before;
    sum->seconds += more->seconds;
    if (!sum->failure[0]) memcpy(sum->failure, more->failure, sizeof sum->failure);
}

static enum status simulate(void *context, const struct moments_runs *ask)
{
    struct calibration *self = context;
    struct batch batch = {.calibration = self, .ask = ask};
    const struct crew_source source = {.context = &batch, .next = next_trial};
    struct crew_progress progress = {0};
    batch.words = calloc((size_t)self->set_count + MOMENTS_PARAMETERS, sizeof *batch.words);
    batch.axes = calloc(MOMENTS_PARAMETERS, SETTING_SIZE);
    batch.pinned = file_join(self->folder, PINNED);
    enum status status = batch.words && batch.axes && batch.pinned ? STATUS_OK
                                                                   : STATUS_NO_MEMORY;
    for (int i = 0; i < self->set_count && !status; i++) batch.words[i] = self->set[i];
    self->crew.total = ask->points * ask->count;
    if (!status) status = crew_run(&self->crew, &source, &progress, self->errors);
    add_progress(&self->progress, &progress);
    for (size_t i = 0; i < ask->points * ask->count && !status; i++) {
        status = find_folder(&batch, i / ask->count, ask->first + i % ask->count);
        if (!status) status = read_trial(&batch, ask->out + i * self->targets->count);
    }
    free(batch.words);
    free(batch.axes);
    free(batch.folder);
    free(batch.pinned);
    return status;
}

enum status calibration_run(struct calibration *self, struct moments_fit *out)
{
    const struct targets *t = self->targets;
    double value[MOMENTS_TARGETS], error[MOMENTS_TARGETS], weight[MOMENTS_TARGETS];
    for (size_t m = 0; m < t->count; m++) {
        value[m] = t->target[m].value;
        error[m] = t->target[m].error > 0 ? t->target[m].error : NAN;
        weight[m] = t->target[m].weight;
    }
    const struct moments_problem problem = {.parameters = t->box.axes,
                                            .targets = t->count,
                                            .replications = (size_t)t->options->replications,
                                            .points = (size_t)t->options->points,
                                            .target = value,
                                            .error = error,
                                            .weight = weight,
                                            .simulate = simulate,
                                            .context = self};
    return moments_fit(&problem, out, self->errors);
}
