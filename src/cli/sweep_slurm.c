/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * reelsim sweep --slurm: a job array whose tasks are plain `reelsim sweep`s that share the
 * work.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <math.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "experiment.h"
#include "io/file.h"
#include "sweep.h"

#define TASKS_USUAL 64
#define ARRAY_USUAL 1001 /* Slurm's MaxArraySize where nobody set it */
#define TASK_SECONDS 60  /* a task should have that much to do */
#define MARGIN_TIME 2.0  /* nodes are slower and busier than the machine of the forecast */
#define MARGIN_SPARE 300 /* s: for starts, shared disks, the table */
#define MARGIN_BYTES 1.5
#define SPARE_BYTES 256e6
#define OUTPUT_MOST 65536

struct array {
    const struct sweeping *sweeping;
    uint64_t trials;
    int64_t tasks, throttle, jobs; /* throttle 0 = none */
    uint32_t threads;
    double trial_s, trial_bytes; /* 0 = not known */
    char *here;                  /* owned; the folder that it is submitted from */
    char *folder, *script;       /* owned; for scripts and what tasks say */
};

/* --------------------------------------------------------------------------- Slurm's commands
 */

/* What a command says; false when it cannot be started or fails (*code 127 or its own). `mute`:
 * its complaints are nobody's business. */
static bool call(char *const *words, bool mute, char **text, int *code)
{
    int ends[2], state = 0;
    posix_spawn_file_actions_t actions;
    pid_t child;
    *text = calloc(1, OUTPUT_MOST);
    *code = 127;
    if (!*text || pipe(ends)) return false;
    int error = posix_spawn_file_actions_init(&actions);
    if (!error) error = posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    if (!error) error = posix_spawn_file_actions_addclose(&actions, ends[0]);
    if (!error) error = posix_spawn_file_actions_addclose(&actions, ends[1]);
    if (!error && mute)
        error = posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY,
                                                 0);
    if (!error) error = posix_spawnp(&child, words[0], &actions, NULL, words, environ);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    for (size_t used = 0; !error && used < OUTPUT_MOST - 1;) {
        ssize_t n = read(ends[0], *text + used, OUTPUT_MOST - 1 - used);
        if (n == 0 || (n < 0 && errno != EINTR)) break;
        used += n > 0 ? (size_t)n : 0;
    }
    close(ends[0]);
    if (error) return false;
    while (waitpid(child, &state, 0) < 0 && errno == EINTR) continue;
    *code = WIFEXITED(state) ? WEXITSTATUS(state) : 128;
    return *code == 0;
}

/* The site's limit, or the one that Slurm has by itself: also where its commands are, but no
 * cluster. */
static int64_t largest_array(void)
{
    char program[] = "scontrol", show[] = "show", config[] = "config", *text = NULL;
    char *const words[] = {program, show, config, NULL};
    long long most = ARRAY_USUAL;
    int code;
    const char *row = call(words, true, &text, &code) ? strstr(text, "MaxArraySize") : NULL;
    const char *equals = row ? strchr(row, '=') : NULL;
    if (equals && sscanf(equals + 1, "%lld", &most) != 1) most = ARRAY_USUAL;
    free(text);
    return most;
}

/* ------------------------------------------------------------------------------------ its size
 */

/* Of the longest trial and of the largest. */
static enum status forecast(struct array *self, struct errors *errors)
{
    struct sweep_cost cost;
    enum status status = sweep_cost_make(&cost, self->sweeping, errors);
    if (status) return status;
    self->trial_bytes = cost.bytes;
    self->trial_s = cost.most_s / self->threads;
    return STATUS_OK;
}

/* As many tasks as there are trials, but no more than have something to do. */
static int64_t usual_tasks(const struct array *self, int64_t most)
{
    double tasks = fmin((double)self->trials, TASKS_USUAL);
    if (self->trial_s > 0)
        tasks = fmin(tasks, ceil((double)self->trials * self->trial_s / TASK_SECONDS));
    return tasks < 1 ? 1 : tasks < (double)most ? (int64_t)tasks : most;
}

static enum status choose_size(struct array *self, struct errors *errors)
{
    const struct arguments *a = self->sweeping->arguments;
    int64_t most = largest_array() - 1;
    self->jobs = 1;
    self->threads = a->threads ? a->threads : 1;
    if (most < 1) most = 1;
    enum status status = experiment_number(a, EXPERIMENT_JOBS, 4096, &self->jobs, errors);
    if (!status) status = experiment_number(a, EXPERIMENT_TASKS, most, &self->tasks, errors);
    if (status && self->tasks == 0 && experiment_asked(a, EXPERIMENT_TASKS))
        (void)errors_add(errors, status, "an array must stay below this site's MaxArraySize");
    if (!status)
        status = experiment_number(a, EXPERIMENT_THROTTLE, 1000000, &self->throttle, errors);
    if (!status) status = forecast(self, errors);
    if (!status && !self->tasks) self->tasks = usual_tasks(self, most);
    return status;
}

/* ---------------------------------------------------------------------------------- its script
 */

/* A path as a value of an option in a line of #SBATCH; '%' begins a pattern in some. */
static void print_path(const char *path, bool pattern, FILE *to)
{
    putc('"', to);
    for (; *path; path++) {
        if (*path == '"' || *path == '\\') putc('\\', to);
        if (*path == '%' && pattern) putc('%', to);
        putc(*path, to);
    }
}

static void print_limits(const struct array *self, FILE *to)
{
    int64_t at_once = self->throttle && self->throttle < self->tasks ? self->throttle
                                                                     : self->tasks;
    double turns = ceil((double)self->trials / (double)(at_once * self->jobs));
    double minutes = (MARGIN_TIME * turns * self->trial_s + MARGIN_SPARE) / 60;
    double bytes = MARGIN_BYTES * (double)self->jobs * self->trial_bytes + SPARE_BYTES;
    fprintf(to, "#SBATCH --cpus-per-task=%" PRId64 "\n", self->jobs * self->threads);
    if (!(self->trial_s > 0)) return;
    fprintf(to, "#SBATCH --mem=%.0fM\n#SBATCH --time=%.0f\n", ceil(bytes / 1e6), ceil(minutes));
}

static void print_name(const struct array *self, FILE *to)
{
    const char *slash = strrchr(self->sweeping->folder, '/');
    fputs("#SBATCH --job-name=reelsim-", to);
    for (const char *at = slash ? slash + 1 : self->sweeping->folder; *at; at++)
        putc(strchr(" \t\"'\\#", *at) ? '_' : *at, to);
    putc('\n', to);
}

static void print_option(const char *name, const char *value, FILE *to)
{
    if (!value) return;
    fprintf(to, " --%s ", name);
    trial_quote(value, to);
}

/* The command of a task: this one, with what makes it one of many. */
static void print_command(const struct array *self, FILE *to)
{
    const struct arguments *a = self->sweeping->arguments;
    char program[4096] = "reelsim";
    ssize_t n = readlink("/proc/self/exe", program, sizeof program - 1);
    if (n > 0) program[n] = 0;
    fputs("cd ", to);
    trial_quote(self->here, to);
    fputs(" || exit 1\nexec ", to);
    trial_quote(program, to);
    fputs(" sweep ", to);
    trial_quote(a->operand[0], to);
    for (int i = 0; i < a->set_count; i++) print_option("set", a->set[i], to);
    print_option("replications", a->experiment[EXPERIMENT_REPLICATIONS], to);
    print_option("only", a->experiment[EXPERIMENT_ONLY], to);
    print_option("on-error", a->experiment[EXPERIMENT_ON_ERROR], to);
    print_option("stale", a->experiment[EXPERIMENT_STALE], to);
    print_option("metric", a->experiment[EXPERIMENT_METRIC], to);
    print_option("out", self->sweeping->folder, to);
    fprintf(to,
            " --jobs %" PRId64 " --threads %u --quiet%s --task \"$SLURM_ARRAY_TASK_ID/%" PRId64
            "\"\n",
            self->jobs, self->threads, a->plots ? "" : " --no-plots", self->tasks);
}

static enum status print_script(const struct array *self, FILE *to)
{
    const char *more = self->sweeping->arguments->experiment[EXPERIMENT_SBATCH];
    fputs("#!/bin/bash\n", to);
    print_name(self, to);
    fprintf(to, "#SBATCH --array=0-%" PRId64, self->tasks - 1);
    if (self->throttle) fprintf(to, "%%%" PRId64, self->throttle);
    putc('\n', to);
    print_limits(self, to);
    fputs("#SBATCH --requeue\n#SBATCH --open-mode=append\n#SBATCH --signal=B:TERM@60\n"
          "#SBATCH --output=",
          to);
    print_path(self->folder, true, to);
    fputs("/%A_%a.txt\"\n", to);
    if (more) fprintf(to, "#SBATCH %s\n", more);
    fprintf(to,
            "# %" PRIu64 " trials are shared by the tasks: each takes one after another until "
            "none is left.\n# Exit codes: 0 all done, 1 trials failed, 3 stopped (TERM): run "
            "again, it goes on.\n",
            self->trials);
    print_command(self, to);
    return ferror(to) ? STATUS_IO : STATUS_OK;
}

static enum status write_script(const struct array *self, struct errors *errors)
{
    struct file file = {0};
    enum status status = file_make_folder(self->folder, errors);
    if (!status) status = file_create(&file, self->script, errors);
    if (!status) status = print_script(self, file.stream);
    if (!status) status = file_commit(&file, errors);
    file_discard(&file);
    return status;
}

/* ------------------------------------------------------------------------------- to submit it
 */

/* Trials that have not ended. The folder of a failed one that is tried again makes room. */
static enum status count_left(struct array *self, struct sweep_source *source)
{
    for (;;) {
        struct trial trial = {0};
        enum status status = sweep_source_next(source, &trial);
        if (status || !trial.folder) return status;
        enum trial_state state = trial_state(trial.folder);
        if (state == TRIAL_DONE || (state == TRIAL_FAILED && !source->failed)) continue;
        if (state == TRIAL_FAILED && !file_remove(trial.folder)) return STATUS_IO;
        self->trials++;
    }
}

static enum status count_all(struct array *self, struct errors *errors)
{
    const struct sweep *sweep = &self->sweeping->sweep;
    uint64_t points = 0;
    enum status status = sweep_count_points(sweep, &self->sweeping->only, &points, errors);
    self->trials = points * (uint64_t)sweep->options->replications;
    return status;
}

/* Tables of before: a task that finds one takes it for this array's. */
static void remove_tables(const struct sweeping *sweeping)
{
    static const char *const names[] = {"table.csv", "failed.csv"};
    for (size_t i = 0; i < 2; i++) {
        char *path = file_join(sweeping->folder, names[i]);
        if (path && file_exists(path)) (void)file_remove(path);
        free(path);
    }
}

static enum status submit(const struct array *self, struct errors *errors)
{
    char program[] = "sbatch", parsable[] = "--parsable", *text = NULL;
    char *const words[] = {program, parsable, self->script, NULL};
    int code = 0;
    remove_tables(self->sweeping);
    if (!call(words, false, &text, &code)) {
        free(text);
        if (code == 127)
            return errors_add(errors, STATUS_FAULT,
                              "sbatch is not there: submit %s where it is, or see "
                              "--list-commands",
                              self->script);
        return errors_add(errors, STATUS_FAULT, "sbatch refused %s (exit code %d)",
                          self->script, code);
    }
    text[strcspn(text, ";\r\n")] = 0;
    if (self->sweeping->arguments->json)
        printf("{\"job\": \"%s\", \"tasks\": %" PRId64 ", \"trials\": %" PRIu64 "}\n", text,
               self->tasks, self->trials);
    else
        printf("job %s: %" PRId64 " tasks share %" PRIu64 " trials; --status tells how many "
               "are done\n",
               text, self->tasks, self->trials);
    free(text);
    return STATUS_OK;
}

static enum status name_files(struct array *self, struct errors *errors)
{
    self->here = getcwd(NULL, 0);
    char *folder = self->here ? file_join(self->here, self->sweeping->folder) : NULL;
    self->folder = folder ? file_join(folder, "slurm") : NULL;
    self->script = self->folder ? file_join(self->folder, "array.sh") : NULL;
    free(folder);
    if (!self->script) return STATUS_NO_MEMORY;
    const char *more = self->sweeping->arguments->experiment[EXPERIMENT_SBATCH];
    if (strpbrk(self->script, "\r\n") || (more && strpbrk(more, "\r\n")))
        return errors_add(errors, STATUS_USAGE, "--sbatch and paths must be of one line");
    return STATUS_OK;
}

enum status sweep_slurm(struct sweeping *self, struct sweep_source *source, bool dry,
                        struct errors *errors)
{
    struct array array = {.sweeping = self};
    enum status status = name_files(&array, errors);
    if (!status) status = dry ? count_all(&array, errors) : count_left(&array, source);
    if (!status && array.trials == 0) {
        printf("nothing is left to do\n");
    } else if (!status) {
        status = choose_size(&array, errors);
        if (!status && dry) status = print_script(&array, stdout);
        if (!status && !dry) status = write_script(&array, errors);
        if (!status && !dry) status = submit(&array, errors);
    }
    free(array.here);
    free(array.folder);
    free(array.script);
    return status;
}
