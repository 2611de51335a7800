/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/replications.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/parameters_suggest.h"
#include "base/version.h"
#include "experiment/figures.h"
#include "experiment/units.h"
#include "io/checkpoint.h"
#include "io/file.h"
#include "io/pinned.h"
#include "world/world.h"

#define PLAN_MOST (64u << 20)
#define METRICS_MOST 256

char *replications_folder(const struct replications *self, size_t arm, size_t replication)
{
    char name[SCHEMA_TEXT_SIZE + 32];
    snprintf(name, sizeof name, "%s/%c%04zu", self->arm[arm].name, self->worlds ? 'w' : 'r',
             replication);
    return file_join(self->folder, name);
}

/* What the arm's scenario was. */
static char *pinned_path(const struct replications *self, size_t arm)
{
    char name[SCHEMA_TEXT_SIZE + 32];
    snprintf(name, sizeof name, "%s/scenario.json", self->arm[arm].name);
    return file_join(self->folder, name);
}

/* -------------------------------------------------------------------------------------- plan
 */

/* All that the trials depend on. Their number is part of it only where the draws depend on it.
 */
static enum status write_plan(const struct replications *self, FILE *to)
{
    fprintf(to, "reelsim %s\nseed %" PRId64 "\n%s\n", version_number(), self->seed,
            self->worlds ? "worlds" : "replications");
    if (self->from.file)
        fprintf(to, "from a state of day %.9g, %016" PRIx64 "\n", self->from.day,
                checkpoint_digest(self->from.file));
    if (self->assumptions)
        fprintf(to, "uncertain %zu of %zu\n", self->assumptions->count, self->count);
    for (size_t a = 0; a < self->arms; a++) {
        char *text = pinned_text(self->arm[a].model, self->from.file);
        if (!text) return STATUS_NO_MEMORY;
        fprintf(to, "arm %s\n%s\n", self->arm[a].name, text);
        free(text);
    }
    return STATUS_OK;
}

static char *plan_text(const struct replications *self)
{
    char *text = NULL;
    size_t length = 0;
    FILE *to = open_memstream(&text, &length);
    if (!to) return NULL;
    enum status status = write_plan(self, to);
    if (fclose(to) == 0 && !status) return text;
    free(text);
    return NULL;
}

/* What of each arm is another thing than it was. */
static void tell_differences(const struct replications *self, struct errors *errors)
{
    for (size_t a = 0; a < self->arms; a++) {
        char *path = pinned_path(self, a),
             *text = pinned_text(self->arm[a].model, self->from.file);
        if (path && text) pinned_compare(path, text, self->arm[a].name, errors);
        free(path);
        free(text);
    }
}

static enum status compare_plans(const struct replications *self, const char *path,
                                 const char *plan, struct errors *errors)
{
    char *old = NULL;
    size_t length = 0;
    enum status status = file_read(path, PLAN_MOST, &old, &length, errors);
    if (!status && strcmp(old, plan) != 0) {
        tell_differences(self, errors);
        status = errors_add(errors, STATUS_BAD_INPUT,
                            "%s: another comparison is there (other arms, settings, seed or "
                            "version): put that back to go on; --force replaces it, --out "
                            "takes another folder",
                            self->folder);
    }
    free(old);
    return status;
}

static enum status save_plan(const char *path, const char *plan, struct errors *errors)
{
    struct file file = {0};
    enum status status = file_create(&file, path, errors);
    if (status) return status;
    fputs(plan, file.stream);
    return file_commit(&file, errors);
}

/* The arm's folder with what its scenario is. Arms of one past have settings alone, as texts.
 */
static enum status make_arm(const struct replications *self, size_t arm, struct errors *errors)
{
    char *path = pinned_path(self, arm),
         *text = pinned_text(self->arm[arm].model, self->from.file);
    enum status status = path && text ? STATUS_OK : STATUS_NO_MEMORY;
    if (!status) status = file_make_folder_of(path, errors);
    if (!status && !file_exists(path)) status = pinned_save(path, text, errors);
    free(path);
    free(text);
    return status;
}

enum status replications_open(const struct replications *self, struct errors *errors)
{
    char *path = file_join(self->folder, "plan"), *plan = plan_text(self);
    enum status status = path && plan ? STATUS_OK : STATUS_NO_MEMORY;
    bool there = !status && file_exists(path);
    if (there && self->force) {
        if (!file_remove(self->folder))
            status = errors_add(errors, STATUS_IO, "%s: cannot be removed", self->folder);
        there = false;
    }
    if (!status && !there && file_exists(self->folder))
        status = errors_add(errors, STATUS_BAD_INPUT,
                            "%s: is there and was not left by a comparison; choose another "
                            "folder with --out",
                            self->folder);
    if (!status && there) status = compare_plans(self, path, plan, errors);
    if (!status && !there) {
        status = file_make_folder(self->folder, errors);
        if (!status) status = save_plan(path, plan, errors);
    }
    for (size_t a = 0; a < self->arms && !status; a++) status = make_arm(self, a, errors);
    free(plan);
    free(path);
    return status;
}

/* ------------------------------------------------------------------------------------ trials
 */

/* Trials of the replications from..to, an arm after the other. */
struct listing {
    const struct replications *self;
    size_t next, end; /* replication * arms + arm */
    char *folder;     /* owned, of the last trial */
    char *pinned;     /* owned, of its arm */
    char *text;       /* owned; [assumptions + 1][SETTING] */
    const char **set; /* owned; the arm's, those of the command line, then `text` */
};
#define SETTING 192

/* Settings of a trial: the arm's own, those of all arms, drawn assumptions, its luck. */
static size_t gather_settings(struct listing *list, size_t arm, size_t r)
{
    const struct replications *self = list->self;
    const struct replications_arm *of = &self->arm[arm];
    const char **set = list->set;
    char *text = list->text;
    for (size_t i = 0; i < of->set_count; i++) *set++ = of->set[i];
    for (size_t i = 0; i < self->set_count; i++) *set++ = self->set[i];
    for (size_t k = 0; self->assumptions && k < self->assumptions->count; k++) {
        assumptions_setting(self->assumptions, k, r, text, SETTING);
        *set++ = text;
        text += SETTING;
    }
    if (self->worlds || self->from.file) {
        snprintf(text, SETTING, "run.world=%" PRId64, self->from.world + (int64_t)r);
        *set++ = text;
    }
    return (size_t)(set - list->set);
}

static int64_t replicate_of(const struct replications *self, size_t r)
{
    if (self->from.file) return self->from.replicate;
    return self->worlds ? 0 : (int64_t)r;
}

static enum status next_trial(void *context, struct trial *trial)
{
    struct listing *list = context;
    const struct replications *self = list->self;
    *trial = (struct trial){0};
    free(list->folder);
    free(list->pinned);
    list->folder = list->pinned = NULL;
    if (list->next == list->end) return STATUS_OK;
    size_t r = list->next / self->arms, arm = list->next % self->arms;
    list->folder = replications_folder(self, arm, r);
    list->pinned = pinned_path(self, arm);
    if (!list->folder || !list->pinned) return STATUS_NO_MEMORY;
    *trial = (struct trial){.scenario = self->arm[arm].scenario,
                            .from = self->from.file,
                            .pinned = list->pinned,
                            .set = list->set,
                            .set_count = gather_settings(list, arm, r),
                            .seeded = true,
                            .seed = self->seed,
                            .replicate = replicate_of(self, r),
                            .folder = list->folder,
                            .tables = self->tables   ? self->tables
                                      : self->worlds ? "series,cohorts,creators,videos"
                                                     : NULL,
                            .number = list->next++};
    return STATUS_OK;
}

/* Of the arm that has most. */
static size_t settings_most(const struct replications *self)
{
    size_t most = 0;
    for (size_t a = 0; a < self->arms; a++)
        if (self->arm[a].set_count > most) most = self->arm[a].set_count;
    return most + self->set_count;
}

static enum status run_range(const struct replications *self, size_t from, size_t to,
                             struct crew_progress *progress, struct errors *errors)
{
    size_t more = (self->assumptions ? self->assumptions->count : 0) + 1;
    struct listing list = {.self = self, .next = from * self->arms, .end = to * self->arms};
    list.text = memory_alloc(more, SETTING);
    list.set = memory_alloc(settings_most(self) + more, sizeof *list.set);
    enum status status = list.text && list.set ? STATUS_OK : STATUS_NO_MEMORY;
    if (!status) {
        const struct crew_source source = {&list, next_trial, NULL};
        struct crew_options options = self->crew;
        options.total = (to - from) * self->arms;
        status = crew_run(&options, &source, progress, errors);
    }
    free(list.folder);
    free(list.pinned);
    memory_free(list.set);
    memory_free(list.text);
    return status;
}

/* ----------------------------------------------------------------------------------- figures
 */

static enum status read_figures(const struct replications *self, const char *folder,
                                struct figures *out, struct errors *errors)
{
    return self->from.file ? figures_read_since(out, folder, self->from.day, errors)
                           : figures_read(out, folder, errors);
}

static bool has_figure(const struct figures *figures, const char *name)
{
    for (size_t i = 0; i < figures->count; i++)
        if (strcmp(figures->name[i], name) == 0) return true;
    return false;
}

/* The first done replication of an arm; none: no figures. */
static enum status read_first(const struct replications *self, size_t arm, size_t count,
                              struct figures *out, struct errors *errors)
{
    *out = (struct figures){0};
    for (size_t r = 0; r < count; r++) {
        char *folder = replications_folder(self, arm, r);
        if (!folder) return STATUS_NO_MEMORY;
        bool done = trial_state(folder) == TRIAL_DONE;
        enum status status = done ? read_figures(self, folder, out, errors) : STATUS_OK;
        free(folder);
        if (done || status) return status;
    }
    return STATUS_OK;
}

static enum status no_such_metric(const char *metric, const struct figures *figures,
                                  struct errors *errors)
{
    char known[2000] = "";
    const char *near = NULL;
    int best = (int)strlen(metric) / 3 + 1;
    for (size_t i = 0, used = 0; i < figures->count; i++) {
        near = parameters_suggest_nearer(metric, figures->name[i], &best, near);
        if (used < sizeof known - 80)
            used += (size_t)snprintf(known + used, sizeof known - used, "%s%.60s",
                                     i ? ", " : "", figures->name[i]);
    }
    return errors_add(errors, STATUS_USAGE, "--metric %s: no arm has it%s%s%s %s", metric,
                      near ? ", did you mean " : "", near ? near : "",
                      near ? "? There are" : "; there are", known);
}

/* What people ask of a platform first; of a creator, when the arms are about one. */
static const char *const usual[] = {
    "focal.profit_hour", "creator_income", "platform_profit", "watch_hours", "dau",
    "gini_views"};
#define USUAL (sizeof usual / sizeof *usual)

static void name_unit(const struct replications *self, struct comparison *out)
{
    const struct model *model = self->arm[0].model;
    const struct run_parameters *run = parameters_block(&model->parameters, "run");
    const struct column *column = units_of_figure(model, out->metric[0]);
    _Static_assert(COMPARISON_UNIT == UNITS_TEXT, "one size");
    units_text(column ? column->unit : "", run->currency, out->unit);
}

static enum status begin_table(const struct replications *self, size_t count,
                               struct comparison *out, struct errors *errors)
{
    const char *arm[PAIRED_ARMS], *metric[METRICS_MOST];
    struct figures figures[PAIRED_ARMS] = {{0}};
    enum status status = STATUS_OK;
    size_t metrics = 0, wanted = self->metric ? self->metrics : USUAL, known = 0;
    for (size_t a = 0; a < self->arms && !status; a++) {
        arm[a] = self->arm[a].name;
        status = read_first(self, a, count, &figures[a], errors);
        if (!known && figures[a].count) known = a;
    }
    for (size_t m = 0; m < wanted && metrics < METRICS_MOST && !status; m++) {
        const char *name = self->metric ? self->metric[m] : usual[m];
        size_t have = 0, done = 0;
        for (size_t a = 0; a < self->arms; a++) {
            have += has_figure(&figures[a], name);
            done += figures[a].count > 0;
        }
        if (self->metric && done && !have)
            status = no_such_metric(name, &figures[known], errors);
        if (self->metric || !done || have == done) metric[metrics++] = name;
    }
    if (!status) status = comparison_init(out, arm, self->arms, metric, metrics);
    for (size_t a = 0; a < self->arms; a++) figures_free(&figures[a]);
    if (!status) name_unit(self, out);
    out->baseline = self->baseline;
    out->since = self->from.file ? self->from.day : 0;
    return status;
}

static enum status read_range(const struct replications *self, size_t from, size_t to,
                              struct comparison *out, struct errors *errors)
{
    enum status status = comparison_grow(out, to);
    for (size_t r = from; r < to && !status; r++)
        for (size_t a = 0; a < self->arms && !status; a++) {
            struct figures figures = {0};
            char *folder = replications_folder(self, a, r);
            if (!folder) status = STATUS_NO_MEMORY;
            if (!status && trial_state(folder) == TRIAL_DONE)
                status = read_figures(self, folder, &figures, errors);
            for (size_t m = 0; m < out->metrics && figures.count && !status; m++)
                comparison_value(out, m, a)[r] = figures_value(&figures, out->metric[m]);
            figures_free(&figures);
            free(folder);
        }
    return status;
}

/* --------------------------------------------------------------------------------------- all
 */

static void add_up(struct crew_progress *sum, const struct crew_progress *more)
{
    sum->before += more->before;
    sum->done += more->done;
    sum->failed += more->failed;
    sum->failed_before += more->failed_before;
    sum->seconds += more->seconds;
    if (!*sum->failure) memcpy(sum->failure, more->failure, sizeof sum->failure);
}

/* Where to look next: named metrics are looked for after the first replication, a precision
 * after PAIRED_LEAST of them and from there a quarter more each time. The choice depends on the
 * number alone, so that other cores give the same answer. */
static size_t next_stop(const struct replications *self, size_t done)
{
    size_t stop = self->count;
    if (self->precision > 0) stop = done < PAIRED_LEAST ? PAIRED_LEAST : done + (done + 3) / 4;
    if (self->metric && done == 0) stop = 1;
    return stop < self->count ? stop : self->count;
}

enum status replications_run(const struct replications *self, struct comparison *out,
                             struct crew_progress *progress, struct errors *errors)
{
    enum status status = STATUS_OK;
    size_t done = 0;
    *progress = (struct crew_progress){0};
    *out = (struct comparison){0};
    while (done < self->count && !status) {
        size_t stop = next_stop(self, done);
        struct crew_progress part = {0};
        status = run_range(self, done, stop, &part, errors);
        add_up(progress, &part);
        if (!status && !out->arms) status = begin_table(self, stop, out, errors);
        if (!status) status = read_range(self, done, stop, out, errors);
        done = stop;
        if (!status && self->precision > 0 && comparison_precise(out, done, self->precision))
            break;
    }
    return status ? status : comparison_analyse(out);
}
