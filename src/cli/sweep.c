/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * reelsim sweep SWEEP.cfg: a scenario at many points, each in a folder of its own.
 */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "experiment.h"
#include "experiment/claim.h"
#include "experiment/gather.h"
#include "experiment/sweep_points.h"
#include "experiment/sweep_report.h"
#include "io/file.h"
#include "sweep.h"
#include "sweeping.h"

#define USUAL_STALE 120 /* s; a claim that is older is of a dead process */

#define TAKEN                                                                                  \
    (1u << EXPERIMENT_JOBS | 1u << EXPERIMENT_ON_ERROR | 1u << EXPERIMENT_REPLICATIONS |       \
     1u << EXPERIMENT_ONLY | 1u << EXPERIMENT_FAILED | 1u << EXPERIMENT_DRY_RUN |              \
     1u << EXPERIMENT_STATUS | 1u << EXPERIMENT_LIST_COMMANDS | 1u << EXPERIMENT_SLURM |       \
     1u << EXPERIMENT_TASKS | 1u << EXPERIMENT_THROTTLE | 1u << EXPERIMENT_SBATCH |            \
     1u << EXPERIMENT_TASK | 1u << EXPERIMENT_STALE | 1u << EXPERIMENT_METRIC)

static enum status choose_folder(struct sweeping *self)
{
    char folder[SWEEPING_FOLDER];
    sweeping_folder(self->arguments->operand[0], self->sweep.options->name, "", folder);
    self->folder = strdup(self->arguments->out ? self->arguments->out : folder);
    return self->folder ? STATUS_OK : STATUS_NO_MEMORY;
}

/* A task of an array begins when the queue lets it, and is the same experiment as the others:
 * what was edited since is for another sweep. --status only looks at what is there. Whoever
 * gives the whole command again may want the edit to count, and is asked (plan_make). */
static enum status choose_pin(struct sweeping *self)
{
    const struct arguments *a = self->arguments;
    if (!experiment_asked(a, EXPERIMENT_TASK) && !experiment_asked(a, EXPERIMENT_STATUS))
        return STATUS_OK;
    self->pin = file_join(self->folder, "scenario.json");
    if (!self->pin) return STATUS_NO_MEMORY;
    if (file_exists(self->pin)) return STATUS_OK;
    free(self->pin);
    self->pin = NULL;
    return STATUS_OK;
}

/* The command that makes it again, and the figures that its page is about. */
static enum status tell_command(struct sweeping *self)
{
    const struct arguments *a = self->arguments;
    const struct name_list *names = &self->sweep.options->figures;
    size_t length = 0;
    FILE *to = open_memstream(&self->command, &length);
    if (!to) return STATUS_NO_MEMORY;
    experiment_again(a, "sweep", 1u << EXPERIMENT_REPLICATIONS | 1u << EXPERIMENT_METRIC, to);
    if (fclose(to) || !(to = open_memstream(&self->figures, &length))) return STATUS_NO_MEMORY;
    for (int i = 0; i < names->count && !experiment_asked(a, EXPERIMENT_METRIC); i++)
        fprintf(to, "%s%s", i ? "," : "", names->name[i]);
    if (experiment_asked(a, EXPERIMENT_METRIC)) fputs(a->experiment[EXPERIMENT_METRIC], to);
    return fclose(to) ? STATUS_NO_MEMORY : STATUS_OK;
}

static enum status open_plan(struct sweeping *self, struct errors *errors)
{
    enum status status = tell_command(self);
    if (status) return status;
    const struct plan_options options = {.folder = self->folder,
                                         .settings = self->settings,
                                         .force = self->arguments->force,
                                         .begun = self->pin != NULL,
                                         .command = self->command,
                                         .figures = self->figures,
                                         .seed = sweeping_seed(self)};
    return plan_make(&self->plan, &self->sweep, &options, errors);
}

/* ------------------------------------------------------------------------------ before it runs
 */

static void print_forecast(const struct sweeping *self, const struct sweep_cost *cost,
                           const struct crew_options *crew)
{
    uint64_t replications = (uint64_t)self->sweep.options->replications;
    uint64_t trials = cost->points * replications;
    double seconds = cost->core_s / (double)cost->points;
    double whole = seconds * (double)trials / crew->jobs / crew->threads;
    whole = fmax(whole, cost->most_s / crew->threads); /* the longest is not shared */
    if (self->arguments->json) {
        printf("{\"points\": %" PRIu64 ", \"replications\": %" PRIu64 ", \"trials\": %" PRIu64
               ", \"jobs\": %u, \"threads\": %u, \"bytes_per_trial\": %.0f, "
               "\"core_s_per_trial\": %.6g, \"core_s_least\": %.6g, \"core_s_most\": %.6g, "
               "\"wall_s\": %.6g, \"points_tried\": %u}\n",
               cost->points, replications, trials, crew->jobs, crew->threads, cost->bytes,
               seconds, cost->least_s, cost->most_s, whole, cost->tried);
        return;
    }
    printf("%" PRIu64 " points x %" PRIu64 " replications = %" PRIu64
           " trials, %u at a time with %u thread%s each\n",
           cost->points, replications, trials, crew->jobs, crew->threads,
           crew->threads == 1 ? "" : "s");
    printf("memory      %.0f MB for the largest trial, %.0f MB for %u at a time\n",
           cost->bytes / 1e6, cost->bytes / 1e6 * crew->jobs, crew->jobs);
    printf("time        %.3g s a trial on one core (%.3g to %.3g s), about %.3g s in all\n",
           seconds, cost->least_s, cost->most_s, whole);
    printf("measured now in short runs at %u of the points; the viewers and days of each point "
           "are counted\n",
           cost->tried);
}

static enum status forecast(struct sweeping *self, struct errors *errors)
{
    struct crew_options crew;
    struct sweep_cost cost;
    enum status status = sweep_cost_make(&cost, self, errors);
    if (!status)
        status = sweep_crew(self, &crew,
                            cost.points * (uint64_t)self->sweep.options->replications, errors);
    if (!status) print_forecast(self, &cost, &crew);
    return status;
}

/* Of the file's points, or of --only's: what a folder holds is not looked at. */
static enum status dry_run(struct sweeping *self, bool slurm, struct errors *errors)
{
    const struct arguments *a = self->arguments;
    uint64_t points = 0;
    if (experiment_asked(a, EXPERIMENT_FAILED))
        return errors_add(errors, STATUS_USAGE,
                          "--dry-run looks at no results: it cannot know those of --failed");
    enum status status = sweep_count_points(&self->sweep, NULL, &points, errors);
    if (!status)
        status = sweep_only_read(&self->only, a->experiment[EXPERIMENT_ONLY], points, errors);
    if (status) return status;
    return slurm ? sweep_slurm(self, NULL, true, errors) : forecast(self, errors);
}

/* ---------------------------------------------------------------------------------- its state
 */

static void print_counts(const struct sweeping *self, const struct gather_counts *counts)
{
    if (self->arguments->json)
        printf("{\"points\": %" PRIu64 ", \"replications\": %" PRIu64 ", \"trials\": %" PRIu64
               ", \"done\": %" PRIu64 ", \"failed\": %" PRIu64 ", \"absent\": %" PRIu64
               ", \"claimed\": %" PRIu64 "}\n",
               self->plan.points, self->plan.replications, plan_trials(&self->plan),
               counts->done, counts->failed, counts->absent, counts->claimed);
    else
        printf("%" PRIu64 " points x %" PRIu64 " replications = %" PRIu64 " trials: %" PRIu64
               " done, %" PRIu64 " failed, %" PRIu64 " to do (%" PRIu64 " claimed)\n",
               self->plan.points, self->plan.replications, plan_trials(&self->plan),
               counts->done, counts->failed, counts->absent, counts->claimed);
}

static enum status print_status(const struct sweeping *self, struct errors *errors)
{
    struct gather_counts counts;
    enum status status = gather_count(&self->plan, &counts, errors);
    if (!status) print_counts(self, &counts);
    return status;
}

/* Those that would be run now. A failed one's folder makes room for the run to come. */
static enum status list_commands(struct sweep_source *source)
{
    for (;;) {
        struct trial trial = {0};
        enum status status = sweep_source_next(source, &trial);
        if (status || !trial.folder) return status;
        enum trial_state state = trial_state(trial.folder);
        if (state == TRIAL_DONE || (state == TRIAL_FAILED && !source->failed)) continue;
        if (state == TRIAL_FAILED && !file_remove(trial.folder)) return STATUS_IO;
        status = trial_print(&trial, program_invocation_name, stdout);
        if (status) return status;
    }
}

/* ---------------------------------------------------------------------------------- the run
 */

/* The table comes last: it says that all is there. */
static enum status write_tables(const struct sweeping *self, struct errors *errors)
{
    const struct gather_options options = {.plan = &self->plan};
    struct gather_counts counts;
    for (int table = 0; table < 2; table++) {
        struct file file = {0};
        char *path = file_join(self->plan.folder, table ? "table.csv" : "failed.csv");
        enum status status = path ? file_create(&file, path, errors) : STATUS_NO_MEMORY;
        if (!status)
            status = table ? gather_table(&options, file.stream, &counts, errors)
                           : gather_failed(&self->plan, file.stream, errors);
        if (!status) status = file_commit(&file, errors);
        file_discard(&file);
        free(path);
        if (status) return status;
    }
    return STATUS_OK;
}

/* Of a sweep some of whose trials are done, and not too many to look at. */
static enum status write_page(const struct sweeping *self, uint64_t done, struct errors *errors)
{
    const struct arguments *a = self->arguments;
    bool quiet = a->quiet || a->json;
    /* of a task neither is the command that was given: the description has that */
    bool task = experiment_asked(a, EXPERIMENT_TASK);
    const struct sweep_report report = {.plan = &self->plan,
                                        .command = task ? NULL : self->command,
                                        .figures = task ? NULL : self->figures,
                                        .formats = a->format,
                                        .quiet = quiet,
                                        .say = quiet ? NULL : stdout};
    if (!a->plots || !done) return STATUS_OK;
    if (plan_trials(&self->plan) <= SWEEP_POINTS_TRIALS)
        return sweep_report_write(&report, errors);
    if (!quiet)
        (void)errors_add(errors, STATUS_OK, "no page: more than %d trials",
                         SWEEP_POINTS_TRIALS);
    return STATUS_OK;
}

/* A task of an array finds the table written by another when that was made after the last trial
 * that it ended itself (--slurm removes older ones). */
static bool is_written(const struct sweeping *self, const char *table, const char *last)
{
    struct stat there, ended;
    if (!experiment_asked(self->arguments, EXPERIMENT_TASK) || stat(table, &there))
        return false;
    if (!*last) return true;
    return stat(last, &ended) == 0 && (there.st_mtim.tv_sec > ended.st_ctim.tv_sec ||
                                       (there.st_mtim.tv_sec == ended.st_ctim.tv_sec &&
                                        there.st_mtim.tv_nsec > ended.st_ctim.tv_nsec));
}

static void tidy(const struct plan *plan)
{
    for (uint64_t bucket = 0; bucket < plan_buckets(plan); bucket++) {
        char *place = plan_bucket(plan, bucket, false);
        if (place) crew_tidy(place);
        free(place);
    }
}

/* One of those that share the work writes them. */
static enum status write_results_once(const struct sweeping *self, const char *last,
                                      uint64_t done, struct errors *errors)
{
    struct claim claim = {0};
    bool held = true;
    char *table = file_join(self->plan.folder, "table.csv");
    enum status status = table ? STATUS_OK : STATUS_NO_MEMORY;
    while (!status && held && !is_written(self, table, last)) {
        if (command_interrupted) status = STATUS_INTERRUPTED;
        if (!status) status = claim_take(&claim, table, self->stale_s, &held, errors);
        if (!status && held) usleep(200000);
    }
    if (!status && !held && !is_written(self, table, last)) {
        tidy(&self->plan);
        status = write_tables(self, errors);
        if (!status) status = write_page(self, done, errors);
    }
    claim_release(&claim);
    free(table);
    return status;
}

static enum status finish(const struct sweeping *self, const struct crew_progress *progress,
                          struct errors *errors)
{
    struct gather_counts counts;
    struct trial_failure why;
    enum status status = gather_count(&self->plan, &counts, errors);
    if (!status && !counts.absent)
        status = write_results_once(self, progress->last, counts.done, errors);
    if (status) return status;
    if (self->arguments->json || !self->arguments->quiet) print_counts(self, &counts);
    bool told = !counts.absent && !self->arguments->json && !self->arguments->quiet;
    if (told) printf("table       %s/table.csv\n", self->plan.folder);
    if (told && counts.done && self->arguments->plots &&
        plan_trials(&self->plan) <= SWEEP_POINTS_TRIALS)
        printf("report      %s/report.html\n", self->plan.folder);
    if (progress->failed && trial_failure_read(progress->failure, &why))
        fprintf(stderr, "failed: %s: %s\n", progress->failure, why.message);
    if (!counts.failed) return STATUS_OK;
    (void)errors_add(errors, STATUS_FAULT,
                     "%" PRIu64 " trial%s failed: see %s/failed.csv; --failed tries again",
                     counts.failed, counts.failed == 1 ? "" : "s", self->plan.folder);
    if (counts.sealed)
        (void)errors_add(errors, STATUS_FAULT,
                         "%" PRIu64 " of them are packed, which --failed passes over: unpack "
                         "first (docs/SWEEPS.md)",
                         counts.sealed);
    return STATUS_FAULT;
}

static enum status run_trials(struct sweeping *self, struct sweep_source *source,
                              struct errors *errors)
{
    const struct crew_source from = {source, sweep_source_next, sweep_source_again};
    struct crew_options options;
    struct crew_progress progress;
    struct progress line;
    enum status status = sweep_crew(self, &options, sweep_source_total(source), errors);
    if (status) return status;
    experiment_show(&options, self->arguments, &line);
    if (!experiment_asked(self->arguments, EXPERIMENT_ON_ERROR))
        options.policy = (enum crew_policy)self->sweep.options->on_error;
    options.again = source->failed;
    options.stale_s = self->stale_s;
    status = crew_run(&options, &from, &progress, errors);
    progress_end(&line);
    if (status == STATUS_INTERRUPTED)
        fprintf(stderr, "stopped; %" PRIu64 " trials are kept: the same command goes on\n",
                progress.before + progress.done);
    return status ? status : finish(self, &progress, errors);
}

/* --task 3/40: the first trial of the fourth of forty that share them. */
static enum status read_task(const struct sweeping *self, uint64_t *first,
                             struct errors *errors)
{
    const char *text = self->arguments->experiment[EXPERIMENT_TASK];
    unsigned long task = 0, tasks = 1;
    int used = 0;
    if (!text) return STATUS_OK;
    if (sscanf(text, "%7lu/%7lu%n", &task, &tasks, &used) != 2 || text[used] || task >= tasks)
        return errors_add(errors, STATUS_USAGE, "--task %s: must be like 3/40, from 0/40 on",
                          text);
    *first = plan_trials(&self->plan) / tasks * task;
    return STATUS_OK;
}

static enum status read_sharing(struct sweeping *self, struct errors *errors)
{
    static const enum experiment_option of_slurm[] = {EXPERIMENT_TASKS, EXPERIMENT_THROTTLE,
                                                      EXPERIMENT_SBATCH};
    const struct arguments *a = self->arguments;
    bool slurm = experiment_asked(a, EXPERIMENT_SLURM);
    int64_t stale = USUAL_STALE;
    for (size_t i = 0; i < 3 && !slurm; i++)
        if (experiment_asked(a, of_slurm[i]))
            return errors_add(errors, STATUS_USAGE,
                              "--tasks, --throttle and --sbatch are of --slurm");
    if (slurm &&
        (experiment_asked(a, EXPERIMENT_TASK) || experiment_asked(a, EXPERIMENT_STATUS) ||
         experiment_asked(a, EXPERIMENT_LIST_COMMANDS)))
        return errors_add(errors, STATUS_USAGE,
                          "--slurm does not go with --task, --status or --list-commands");
    enum status status = experiment_number(a, EXPERIMENT_STALE, 86400, &stale, errors);
    self->stale_s = (double)stale;
    return status;
}

/* Of a new sweep, before anything of it is written; one that was begun has its own points. */
static enum status check_only(const struct sweeping *self, struct errors *errors)
{
    const char *text = self->arguments->experiment[EXPERIMENT_ONLY];
    struct sweep_only only = {0};
    uint64_t points;
    if (!text || access(self->folder, F_OK) == 0) return STATUS_OK;
    enum status status = sweep_count_points(&self->sweep, NULL, &points, errors);
    if (!status) status = sweep_only_read(&only, text, points, errors);
    sweep_only_free(&only);
    return status;
}

static enum status act(struct sweeping *self, struct errors *errors)
{
    const struct arguments *a = self->arguments;
    struct sweep_source source = {.plan = &self->plan,
                                  .sweep = &self->sweep,
                                  .set = self->run.set,
                                  .set_count = self->run.set_count,
                                  .seed = sweeping_seed(self),
                                  .failed = experiment_asked(a, EXPERIMENT_FAILED),
                                  .only = &self->only,
                                  .listed = experiment_asked(a, EXPERIMENT_LIST_COMMANDS),
                                  .errors = errors};
    bool slurm = experiment_asked(a, EXPERIMENT_SLURM);
    if (experiment_asked(a, EXPERIMENT_DRY_RUN)) return dry_run(self, slurm, errors);
    enum status status = open_plan(self, errors);
    if (!status && experiment_asked(a, EXPERIMENT_STATUS)) return print_status(self, errors);
    if (!status) status = read_task(self, &source.first, errors);
    if (!status)
        status = sweep_only_read(&self->only, a->experiment[EXPERIMENT_ONLY], self->plan.points,
                                 errors);
    if (!status) status = sweep_source_begin(&source);
    if (!status && slurm)
        status = sweep_slurm(self, &source, false, errors);
    else if (!status)
        status = experiment_asked(a, EXPERIMENT_LIST_COMMANDS)
                     ? list_commands(&source)
                     : run_trials(self, &source, errors);
    sweep_source_end(&source);
    return status;
}

enum status command_sweep(const struct arguments *arguments, struct errors *errors)
{
    if (arguments->operand_count != 1)
        return errors_add(errors, STATUS_USAGE, "usage: reelsim sweep SWEEP.cfg [options]");
    struct sweeping *self = calloc(1, sizeof *self);
    if (!self) return STATUS_NO_MEMORY;
    self->arguments = arguments;
    enum status status = experiment_options_only(arguments, "sweep", TAKEN, errors);
    if (!status) status = read_sharing(self, errors);
    if (!status) status = sweeping_open(self, errors);
    if (!status) status = choose_folder(self);
    if (!status) status = choose_pin(self);
    if (!status) status = sweeping_read(self, errors);
    if (!status) status = check_only(self, errors);
    if (!status) status = act(self, errors);
    sweeping_free(self);
    return status;
}
