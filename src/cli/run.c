/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * reelsim run SCENARIO: one run, from a scenario to a folder of tables, manifest and pictures.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "branch.h"
#include "command.h"
#include "experiment.h"
#include "io/checkpoint.h"
#include "io/file.h"
#include "io/manifest.h"
#include "io/pictures.h"
#include "io/pinned.h"
#include "io/resolved.h"
#include "io/results.h"
#include "io/states.h"
#include "progress.h"
#include "sim/sim.h"
#include "together.h"
#include "world/world.h"

volatile sig_atomic_t command_interrupted;

static void on_signal(int number)
{
    (void)number;
    command_interrupted = 1;
}

void command_catch_signals(void)
{
    struct sigaction action = {.sa_handler = on_signal,
                               .sa_flags = (int)(SA_RESTART | SA_RESETHAND)};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    signal(SIGXFSZ, SIG_IGN);
}

struct run {
    const struct arguments *arguments;
    struct ranks *ranks; /* NULL = this process alone */
    struct model model;
    struct resolved resolved; /* text owned; as it was at the start */
    struct branch branch;     /* of --from */
    struct results results;
    struct sim *sim;
    struct errors *errors; /* of the command, for what a visitor finds */
    sim_time every, saved; /* checkpoints; 0 = only when interrupted */
    sim_time keep;         /* states for inspect; 0 = none */
    double began;
    uint32_t threads;
};

static void visit_run(void *context, struct visitor *v)
{
    struct run *self = context;
    if (!visit_loading(v)) self->resolved.now = sim_now(self->sim);
    resolved_visit(&self->resolved, v, self->results.partial, self->errors);
    if (!v->status) sim_visit(self->sim, v);
    if (!v->status) results_visit(&self->results, v);
}

/* Other ranks than the first have parts of the state, and no file. */
static enum status show_state(struct run *self)
{
    struct visitor v = post_witness(VISIT_SAVE);
    sim_visit(self->sim, &v);
    return v.status;
}

static enum status save_state(struct run *self, struct errors *errors)
{
    self->saved = sim_now(self->sim);
    if (!together_first(self->ranks)) return show_state(self);
    char *path = results_path(&self->results, "checkpoint");
    enum status status = path ? results_mark(&self->results, errors) : STATUS_NO_MEMORY;
    if (!status) status = checkpoint_save(path, visit_run, self, errors);
    free(path);
    return status;
}

static enum status load_state(struct run *self, struct errors *errors)
{
    char *path = results_path(&self->results, "checkpoint");
    enum status status = path ? checkpoint_load(path, visit_run, self, errors)
                              : STATUS_NO_MEMORY;
    if (!status) status = sim_restored(self->sim);
    if (!status && together_first(self->ranks)) status = results_rewind(&self->results, errors);
    free(path);
    self->saved = sim_now(self->sim);
    return status;
}

/* For those who look inside later: of every so many days, and of the end. */
static enum status keep_state(struct run *self, struct errors *errors)
{
    sim_time now = sim_now(self->sim);
    bool due = self->keep && now > 0 && (sim_done(self->sim) || now % self->keep == 0);
    if (!due) return STATUS_OK;
    if (!together_first(self->ranks)) return show_state(self);
    size_t said = errors->count;
    char *path = states_path(self->results.partial, (long)(now / TIME_DAY), errors);
    if (!path) return errors->count > said ? STATUS_IO : STATUS_NO_MEMORY;
    enum status status = results_mark(&self->results, errors);
    if (!status) status = checkpoint_save(path, visit_run, self, errors);
    free(path);
    return status;
}

/* "every=7d", "end" */
static enum status read_states(struct run *self, struct errors *errors)
{
    const char *text = self->arguments->states;
    long days = 0;
    char rest = 0;
    if (!text) return STATUS_OK;
    self->keep = TIME_NEVER;
    if (strcmp(text, "end") == 0) return STATUS_OK;
    if (sscanf(text, "every=%6ldd%c", &days, &rest) != 1 || days < 1 ||
        text[strlen(text) - 1] != 'd')
        return errors_add(errors, STATUS_USAGE,
                          "--states %s: must be every=7d (whole days) or end", text);
    self->keep = days * TIME_DAY;
    return STATUS_OK;
}

/* "every=1d", "every=6h" */
static enum status read_every(struct run *self, struct errors *errors)
{
    const char *text = self->arguments->checkpoint;
    char unit = 0, rest = 0;
    double number = 0;
    if (!text) return STATUS_OK;
    bool read = sscanf(text, "every=%lf%c%c", &number, &unit, &rest) == 2 &&
                strchr("dhm", unit);
    double length = unit == 'd'   ? (double)TIME_DAY
                    : unit == 'h' ? (double)TIME_HOUR
                                  : (double)TIME_MINUTE;
    if (!read || !(number * length >= (double)TIME_MINUTE && number < 1e6))
        return errors_add(errors, STATUS_USAGE,
                          "--checkpoint %s: must be like every=1d, every=6h or every=30m, a "
                          "minute at least",
                          text);
    self->every = (sim_time)(number * length);
    return STATUS_OK;
}

static enum status open_folder(struct run *self, struct errors *errors)
{
    const struct run_parameters *run = parameters_block(&self->model.parameters, "run");
    char folder[SCHEMA_TEXT_SIZE + 16];
    snprintf(folder, sizeof folder, "output/%s", run->name);
    const struct results_options options = {
        .folder = self->arguments->out ? self->arguments->out : folder,
        .tables = self->arguments->tables,
        .force = self->arguments->force,
        .resume = self->arguments->resume,
        .name_only = !together_first(self->ranks)};
    return results_open(&self->results, &options, errors);
}

static void visit_past(void *context, struct visitor *v)
{
    struct run *self = context;
    resolved_visit(&self->branch.past, v, self->branch.state, self->errors);
    if (!v->status) sim_visit(self->sim, v);
    if (!v->status) results_visit(&self->results, v);
}

/* Of a run of an experiment: has it gone on from the state that the experiment began with? */
static enum status check_past(const struct run *self, struct errors *errors)
{
    const char *pinned = self->arguments->experiment[EXPERIMENT_PINNED];
    char *text = NULL;
    enum status status = pinned ? pinned_read(pinned, &text, errors) : STATUS_OK;
    if (text)
        status = pinned_check(text, &self->model, self->branch.state, self->arguments->from,
                              errors);
    free(text);
    return status;
}

/* The first of a run that branches off another: its state, and its tables as far as they were
 * then. The state is looked at after both: what took its place in between is found. */
static enum status begin_branch(struct run *self, struct errors *errors)
{
    enum status status = checkpoint_load(self->branch.state, visit_past, self, errors);
    if (!status) status = sim_restored(self->sim);
    if (!status && together_first(self->ranks))
        status = results_branch(&self->results, self->branch.folder, errors);
    if (!status) status = check_past(self, errors);
    self->saved = sim_now(self->sim);
    return status;
}

static enum status begin(struct run *self, struct errors *errors)
{
    struct sim_options options = {
        .threads = together_threads(self->ranks, self->arguments->threads),
        .shuffle_shards = self->arguments->shuffle,
        .loads = self->arguments->from != NULL,
        .ranks = self->ranks};
    if (together_first(self->ranks)) options.sink = results_sink(&self->results);
    enum status status = sim_init(&self->sim, &self->model, &options, errors);
    self->resolved.text = resolved_text(&self->model.parameters);
    if (!status && !self->resolved.text) status = STATUS_NO_MEMORY;
    if (!status) status = open_folder(self, errors);
    status = together_agree(self->ranks, status);
    if (status) return status;
    self->threads = sim_world(self->sim)->team->threads;
    for (int t = 0; t < TABLES; t++)
        results_shape(&self->results, (enum table_id)t, sim_shape(self->sim, (enum table_id)t));
    if (self->arguments->resume) return load_state(self, errors);
    return self->branch.state ? begin_branch(self, errors) : sim_populate(self->sim);
}

static enum status run_windows(struct run *self, struct errors *errors)
{
    const struct run_parameters *run = parameters_block(&self->model.parameters, "run");
    struct progress progress;
    enum status status = STATUS_OK;
    bool quiet = self->arguments->quiet || self->arguments->json ||
                 !together_first(self->ranks);
    progress_begin(&progress, quiet, sim_now(self->sim), run->days * TIME_DAY);
    while (!status && !sim_done(self->sim)) {
        if (together_any(self->ranks, command_interrupted)) {
            status = save_state(self, errors);
            if (!status) status = STATUS_INTERRUPTED;
            if (status == STATUS_INTERRUPTED) status = together_agree(self->ranks, status);
            break;
        }
        if (self->every && sim_now(self->sim) - self->saved >= self->every)
            status = save_state(self, errors);
        if (!status) status = keep_state(self, errors);
        if (!status) status = sim_step(self->sim, errors);
        progress_show(&progress, self->sim);
    }
    progress_end(&progress);
    return status ? status : keep_state(self, errors);
}

/* Means over figures that still move say little. */
static void warn_of_trends(const struct run *self)
{
    struct summary column;
    const char *between = "warning: after the warm-up these still have a trend: ";
    for (size_t c = 0; sim_summary(self->sim, c, &column); c++) {
        if (!column.trend) continue;
        fprintf(stderr, "%s%s (%+.0f %%)", between, column.column->name, 100 * column.change);
        between = ", ";
    }
    if (*between == ',') fprintf(stderr, "; a longer measure.warmup may help\n");
}

/* What the ranks told one another. MPI's seconds hold the waiting for slower ranks. */
static void print_ranks(const struct run *self, uint64_t impressions)
{
    const struct ranks *r = self->ranks;
    double n = impressions ? (double)impressions : 1;
    printf(
        "ranks       %u: %.1f bytes an impression came to rank 0, %.1f left it; %.1f s of it "
        "in MPI\n",
        r->count, (double)r->received / n, (double)r->sent / n, r->seconds);
}

static enum status write_manifest(struct run *self, struct errors *errors)
{
    struct rusage usage;
    struct file file = {0};
    struct manifest manifest = {.parameters = &self->model.parameters,
                                .scenario = self->resolved.text,
                                .audience = sim_world(self->sim)->audience,
                                .plugins = self->model.libraries,
                                .sim = self->sim,
                                .figures = sim_figures(self->sim),
                                .ranks = self->ranks,
                                .threads = self->threads,
                                .wall_s = progress_clock() - self->began};
    char *path = results_path(&self->results, "manifest.json");
    enum status status = sim_hash(self->sim, &manifest.state_hash);
    if (!together_first(self->ranks)) {
        free(path);
        return status;
    }
    getrusage(RUSAGE_SELF, &usage);
    manifest.peak_rss_bytes = (uint64_t)usage.ru_maxrss * 1024;
    if (!status) status = path ? file_create(&file, path, errors) : STATUS_NO_MEMORY;
    if (!status) {
        manifest_write(&manifest, file.stream);
        status = file_commit(&file, errors);
    }
    free(path);
    if (status) return status;
    if (!self->arguments->quiet) warn_of_trends(self);
    if (self->arguments->json) {
        manifest_write(&manifest, stdout);
    } else if (!self->arguments->quiet) {
        printf("state hash  %016" PRIx64 "\n", manifest.state_hash);
        printf("impressions %" PRIu64 " in %.1f s on %u thread%s%s\n",
               manifest.figures.impressions, manifest.wall_s, self->threads,
               self->threads == 1 ? "" : "s", self->ranks ? " a rank" : "");
        if (self->ranks) print_ranks(self, manifest.figures.impressions);
    }
    return STATUS_OK;
}

static enum status draw_pictures(struct run *self, struct errors *errors)
{
    const char *const folder[] = {self->results.partial};
    const struct pictures_options options = {.folder = folder,
                                             .count = 1,
                                             .formats = self->arguments->format,
                                             .page = true,
                                             .tolerant = true,
                                             .quiet = self->arguments->quiet};
    return pictures_make(&options, errors);
}

/* A picture that fails costs the run nothing but the picture. */
static enum status finish(struct run *self, struct errors *errors)
{
    enum status status = sim_finish(self->sim), drawn = STATUS_OK;
    if (!together_first(self->ranks)) return status ? status : write_manifest(self, errors);
    if (!status) status = results_close(&self->results, errors);
    if (!status) status = write_manifest(self, errors);
    if (!status && self->arguments->plots) drawn = draw_pictures(self, errors);
    if (!status) status = results_finish(&self->results, errors);
    if (!status && drawn)
        return errors_add(errors, drawn,
                          "%s: the tables are whole, the pictures are not; `reelsim plot %s` "
                          "draws them",
                          self->results.final, self->results.final);
    if (!status && !self->arguments->json && !self->arguments->quiet)
        printf("results     %s\n", self->results.final);
    return status;
}

/* ---------------------------------------------------------------------------- branches */

/* The scenario of the run that it comes from, with what --set makes of it from here on. */
static enum status load_branch(struct run *self, struct errors *errors)
{
    const struct arguments *a = self->arguments;
    struct branch *branch = &self->branch;
    enum status status = branch_open(branch, a, &self->model, errors);
    for (int i = 0; i < a->set_count && branch->past.text && !status; i++)
        status = branch_set(branch, &self->model.parameters, a->set[i], "command line", errors);
    return status ? status
                  : branch_check_days(branch, &self->model.parameters, a->from, errors);
}

/* Replications are runs of their own: several processes are for one world. */
static enum status alone_only(const struct arguments *arguments, struct errors *errors)
{
    if (arguments->ranks)
        return errors_add(
            errors, STATUS_USAGE,
            "replications and worlds are runs of their own: start them by reelsim, "
            "not by reelsim-mpi, which runs one world in several processes");
    return compare_alone(arguments, errors);
}

enum status command_run(const struct arguments *arguments, struct errors *errors)
{
    if (arguments->operand_count != (arguments->from ? 0 : 1))
        return errors_add(errors, STATUS_USAGE,
                          "usage: reelsim run SCENARIO [options], or reelsim run --from DIR "
                          "[--day D] [options], whose scenario is that of DIR");
    bool many = experiment_asked(arguments, EXPERIMENT_REPLICATIONS) ||
                experiment_asked(arguments, EXPERIMENT_WORLDS);
    if (many && arguments->from)
        return errors_add(errors, STATUS_USAGE,
                          "--from with --replications or --worlds: one branch at a time; "
                          "--set run.world=N is other luck");
    if (many) return alone_only(arguments, errors);
    enum status status = experiment_options_only(arguments, "run", 1u << EXPERIMENT_PINNED,
                                                 errors);
    if (status) return status;
    struct run self = {.arguments = arguments,
                       .ranks = arguments->ranks,
                       .errors = errors,
                       .began = progress_clock()};
    self.results.lock = -1;
    status = read_every(&self, errors);
    if (!status) status = read_states(&self, errors);
    if (status) return status;
    status = arguments->from
                 ? load_branch(&self, errors)
                 : scenario_load(&self.model, arguments, arguments->operand[0], errors);
    status = together_agree(self.ranks, status);
    if (status) goto out;
    command_catch_signals();
    status = begin(&self, errors);
    bool began = status == STATUS_OK;
    if (!status) status = run_windows(&self, errors);
    if (!status) status = finish(&self, errors);
    if (status == STATUS_IO && !errors->count) /* a row was not written: say which and why */
        status = results_close(&self.results, errors);
    if (status == STATUS_INTERRUPTED && together_first(self.ranks))
        fprintf(stderr, "stopped at day %.1f; what is done is kept in %s: --resume goes on\n",
                (double)sim_now(self.sim) / (double)TIME_DAY, self.results.partial);
    if (!began && !arguments->resume && status_exit_code(status) == 2)
        results_discard(&self.results);
    else
        results_free(&self.results);
    sim_free(self.sim);
out:
    free(self.resolved.text);
    branch_free(&self.branch);
    model_free(&self.model);
    return status;
}
