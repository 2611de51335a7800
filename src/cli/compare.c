/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * reelsim compare A.cfg B.cfg ...: paired replications of some scenarios, and what they say.
 * reelsim run SCENARIO --replications R is the same with one arm.
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "branch_arm.h"
#include "compare.h"
#include "experiment.h"
#include "experiment/comparison_report.h"
#include "experiment/interference.h"
#include "io/file.h"
#include "world/world.h"

#define USUAL_REPLICATIONS 10
#define USUAL_MOST 200 /* with --precision */
#define METRICS_MOST 64

#define BIT(option) (UINT32_C(1) << (option))
#define TAKEN                                                                                  \
    (BIT(EXPERIMENT_JOBS) | BIT(EXPERIMENT_ON_ERROR) | BIT(EXPERIMENT_REPLICATIONS) |          \
     BIT(EXPERIMENT_FAILED) | BIT(EXPERIMENT_PRECISION) | BIT(EXPERIMENT_METRIC) |             \
     BIT(EXPERIMENT_WORLDS))
#define TAKEN_OF_ARMS                                                                          \
    (BIT(EXPERIMENT_BASELINE) | BIT(EXPERIMENT_UNCERTAIN) | BIT(EXPERIMENT_INTERFERENCE))
/* What decides the figures. */
#define TOLD                                                                                   \
    (BIT(EXPERIMENT_REPLICATIONS) | BIT(EXPERIMENT_WORLDS) | BIT(EXPERIMENT_PRECISION) |       \
     BIT(EXPERIMENT_METRIC) | TAKEN_OF_ARMS)

struct compare {
    const struct compare_job *job;
    const struct arguments *arguments; /* the job's */
    struct model model[PAIRED_ARMS];
    struct branch branch; /* of --from */
    struct branch_arm branch_arm[PAIRED_ARMS];
    struct replications_arm arm[PAIRED_ARMS];
    char name[PAIRED_ARMS][COMPARISON_NAME];
    size_t arms, loaded;
    char *metrics; /* owned; the texts of metric[] */
    const char *metric[METRICS_MOST];
    char *folder, *command; /* owned */
    struct assumptions assumptions;
    struct flip *flip;       /* owned */
    struct success *success; /* owned */
    struct replications run;
    struct comparison comparison;
    struct interference interference;
    struct crew_progress progress;
};

static bool asked(const struct compare *self, enum experiment_option option)
{
    return experiment_asked(self->arguments, option);
}

/* -------------------------------------------------------------------------------------- arms
 */

/* Two arms of one name would share a folder. */
static void name_arm(struct compare *self, size_t a, const char *name)
{
    snprintf(self->name[a], COMPARISON_NAME, "%.80s", name);
    for (size_t b = 0, n = 2; b < a; b++) {
        if (strcmp(self->name[a], self->name[b]) != 0) continue;
        snprintf(self->name[a], COMPARISON_NAME, "%.80s_%zu", name, n++);
        b = (size_t)-1; /* that may be another's name: from the front */
    }
}

/* Days that figures leave out. */
static double warmup_of(const struct compare *self, size_t a)
{
    struct parameter at;
    require(parameters_find(&self->model[a].parameters, "measure.warmup", &at));
    return *(const double *)at.value;
}

static enum status check_days(const struct compare *self, size_t a, struct errors *errors)
{
    const struct run_parameters *run = parameters_block(&self->model[a].parameters, "run");
    double warmup = warmup_of(self, a);
    if ((double)run->days > warmup) return STATUS_OK;
    return errors_add(errors, STATUS_BAD_INPUT,
                      "%s: run.days = %" PRId64
                      " is no longer than measure.warmup = %g: no day "
                      "is left to compare",
                      self->arm[a].scenario, run->days, warmup);
}

/* The scenario of the state's run, then what the arm changes on its day. */
static enum status load_branch(struct compare *self, size_t a, struct errors *errors)
{
    const struct branch_arm_source source = {self->arguments, self->arguments->operand[a]};
    struct model *model = &self->model[a];
    enum status status = self->branch.state
                             ? scenario_restore(model, self->branch.past.text,
                                                self->branch.state, errors)
                             : branch_open(&self->branch, self->arguments, model, errors);
    if (!status)
        status = branch_arm_read(&self->branch_arm[a], &self->branch, model, &source, errors);
    if (status) model_free(model);
    return status;
}

/* Arms of one past. */
static enum status load_branches(struct compare *self, struct errors *errors)
{
    enum status status = STATUS_OK;
    for (size_t a = 0; a < self->arms && !status; a++) {
        struct branch_arm *arm = &self->branch_arm[a];
        status = load_branch(self, a, errors);
        if (status) break;
        self->loaded++;
        name_arm(self, a, arm->name);
        self->arm[a] = (struct replications_arm){.name = self->name[a],
                                                 .scenario = self->arguments->operand[a],
                                                 .model = &self->model[a],
                                                 .set = (const char *const *)arm->set,
                                                 .set_count = arm->count};
        status = check_days(self, a, errors);
    }
    if (status) return status;
    const struct run_parameters *run = parameters_block(&self->model[0].parameters, "run");
    self->run.from = (struct replications_past){
        self->branch.state, (double)self->branch.past.now / (double)TIME_DAY, run->replicate,
        run->world};
    return STATUS_OK;
}

/* The experiment of a scenario, or of everybody in one of its arms. */
static const char *const twin_name[INTERFERENCE_WORLDS] = {"split", "all_a", "all_b"};
static const char *const twin_set[INTERFERENCE_WORLDS] = {NULL, "experiment.share=0.0",
                                                          "experiment.share=1.0"};

/* The command line's settings come last: over the twins' own. */
static bool share_is_set(const struct arguments *arguments)
{
    for (int i = 0; i < arguments->set_count; i++)
        if (strncmp(arguments->set[i], "experiment.share=", 17) == 0) return true;
    return false;
}

static bool share_is_dated(const struct parameters *parameters)
{
    char path[64];
    struct parameter at;
    for (int32_t i = 0; i < parameters_count(parameters, "policy.changes"); i++) {
        snprintf(path, sizeof path, "policy.changes[%d].set", (int)i);
        if (parameters_find(parameters, path, &at) && strcmp(at.value, "experiment.share") == 0)
            return true;
    }
    return false;
}

static enum status make_twin(struct compare *self, size_t a, struct errors *errors)
{
    struct parameters *parameters = &self->model[a].parameters;
    const struct experiment_parameters *p = parameters_block(parameters, "experiment");
    if (p->split == SCHEMA_SPLIT_NONE || share_is_dated(parameters) ||
        share_is_set(self->arguments))
        return errors_add(
            errors, STATUS_BAD_INPUT,
            "--interference: %s must have an experiment.split other than none, and "
            "its share from the start, in the file",
            self->arm[a].scenario);
    snprintf(self->name[a], COMPARISON_NAME, "%s", twin_name[a]);
    if (!twin_set[a]) return STATUS_OK;
    self->arm[a].set = &twin_set[a];
    self->arm[a].set_count = 1;
    return parameters_set(parameters, "experiment.share", strchr(twin_set[a], '=') + 1,
                          "--interference", errors);
}

static enum status load_arms(struct compare *self, struct errors *errors)
{
    bool twins = asked(self, EXPERIMENT_INTERFERENCE);
    enum status status = STATUS_OK;
    if (self->arguments->operand_count > PAIRED_ARMS)
        return errors_add(errors, STATUS_USAGE, "at most %d arms", PAIRED_ARMS);
    self->arms = twins ? INTERFERENCE_WORLDS : (size_t)self->arguments->operand_count;
    if (self->arguments->from) return load_branches(self, errors);
    for (size_t a = 0; a < self->arms; a++) {
        const char *path = self->arguments->operand[twins ? 0 : a];
        enum status load = scenario_load(&self->model[self->loaded], self->arguments, path,
                                         errors);
        if (load) {
            status = load; /* the others' errors are told, too */
            continue;
        }
        if (status) {
            model_free(&self->model[self->loaded]);
            continue;
        }
        self->loaded++;
        const struct run_parameters *run = parameters_block(&self->model[a].parameters, "run");
        name_arm(self, a, run->name);
        self->arm[a] = (struct replications_arm){
            .name = self->name[a], .scenario = path, .model = &self->model[a]};
        status = check_days(self, a, errors);
        if (!status && twins) status = make_twin(self, a, errors);
    }
    return status;
}

/* ----------------------------------------------------------------------------------- options
 */

static enum status read_baseline(struct compare *self, struct errors *errors)
{
    const char *name = self->arguments->experiment[EXPERIMENT_BASELINE];
    char known[1024] = "";
    if (!name) return STATUS_OK;
    for (size_t a = 0, used = 0; a < self->arms; a++) {
        if (strcmp(self->name[a], name) == 0) {
            self->run.baseline = a;
            return STATUS_OK;
        }
        if (used < sizeof known - COMPARISON_NAME)
            used += (size_t)snprintf(known + used, sizeof known - used, "%s%s", a ? ", " : "",
                                     self->name[a]);
    }
    return errors_add(errors, STATUS_USAGE, "--baseline %s: the arms are %s", name, known);
}

static enum status read_precision(struct compare *self, struct errors *errors)
{
    const char *text = self->arguments->experiment[EXPERIMENT_PRECISION];
    char *end = NULL;
    if (!text) return STATUS_OK;
    self->run.precision = strtod(text, &end);
    if (end == text || *end || !(self->run.precision > 0 && self->run.precision < 1))
        return errors_add(errors, STATUS_USAGE,
                          "--precision %s: must be a number between 0 and 1, like 0.02", text);
    if (asked(self, EXPERIMENT_UNCERTAIN))
        return errors_add(errors, STATUS_USAGE,
                          "--precision: a design of plausible worlds has its size from the "
                          "start; give --replications");
    return STATUS_OK;
}

static enum status read_metrics(struct compare *self, struct errors *errors)
{
    const char *text = self->arguments->experiment[EXPERIMENT_METRIC];
    if (!text) return STATUS_OK;
    self->metrics = strdup(text);
    if (!self->metrics) return STATUS_NO_MEMORY;
    char *rest = NULL;
    for (char *at = strtok_r(self->metrics, ",", &rest); at; at = strtok_r(NULL, ",", &rest)) {
        if (self->run.metrics == METRICS_MOST)
            return errors_add(errors, STATUS_USAGE, "--metric: at most %d", METRICS_MOST);
        self->metric[self->run.metrics++] = at;
    }
    if (!self->run.metrics) return errors_add(errors, STATUS_USAGE, "--metric: names none");
    self->run.metric = self->metric;
    return STATUS_OK;
}

static enum status read_count(struct compare *self, struct errors *errors)
{
    bool worlds = asked(self, EXPERIMENT_WORLDS);
    int64_t count = asked(self, EXPERIMENT_PRECISION) ? USUAL_MOST : USUAL_REPLICATIONS;
    if (worlds && asked(self, EXPERIMENT_REPLICATIONS))
        return errors_add(errors, STATUS_USAGE,
                          "--worlds has the same people each time, --replications others: one "
                          "of the two");
    if (self->arguments->from && asked(self, EXPERIMENT_INTERFERENCE))
        return errors_add(errors, STATUS_USAGE,
                          "--interference: twins live apart from the start, without --from");
    if (self->arguments->from && (worlds || asked(self, EXPERIMENT_UNCERTAIN)))
        return errors_add(
            errors, STATUS_USAGE,
            "--from: all runs have the same people and other luck already, and "
            "what was assumed in their past is past: no --worlds, no --uncertain");
    enum status status = experiment_number(self->arguments,
                                           worlds ? EXPERIMENT_WORLDS : EXPERIMENT_REPLICATIONS,
                                           REPLICATIONS_MOST, &count, errors);
    self->run.worlds = worlds;
    self->run.count = (size_t)count;
    return status;
}

/* Of no member's name comes more than 80 letters: a path has its length. */
static enum status choose_folder(struct compare *self, bool alone)
{
    char text[4096] = "output/compare";
    size_t used = strlen(text);
    bool twins = asked(self, EXPERIMENT_INTERFERENCE);
    if (alone)
        snprintf(text, sizeof text, "output/%s-%s", self->name[0],
                 self->run.worlds ? "worlds" : "replications");
    if (twins) {
        const struct run_parameters *run = parameters_block(&self->model[0].parameters, "run");
        snprintf(text, sizeof text, "output/%.80s-interference", run->name);
    }
    for (size_t a = 0; a < self->arms && !alone && !twins; a++) {
        if (used > 160) {
            snprintf(text + used, sizeof text - used, "-and-%zu-more", self->arms - a);
            break;
        }
        used += (size_t)snprintf(text + used, sizeof text - used, "-%s", self->name[a]);
    }
    self->folder = strdup(self->arguments->out ? self->arguments->out : text);
    return self->folder ? STATUS_OK : STATUS_NO_MEMORY;
}

static enum status draw_assumptions(struct compare *self, struct errors *errors)
{
    struct model *model[PAIRED_ARMS];
    if (!asked(self, EXPERIMENT_UNCERTAIN)) return STATUS_OK;
    for (size_t a = 0; a < self->arms; a++) model[a] = &self->model[a];
    enum status status = assumptions_gather(&self->assumptions, model, self->arms);
    if (!status && !self->assumptions.count)
        status = errors_add(errors, STATUS_BAD_INPUT,
                            "--uncertain: the arms set every assumption themselves");
    if (!status)
        status = assumptions_draw(&self->assumptions, (uint32_t)self->run.seed,
                                  self->run.count);
    self->run.assumptions = &self->assumptions;
    return status;
}

static enum status tell_command(struct compare *self, bool alone)
{
    size_t length = 0;
    if (self->job->command) {
        self->command = strdup(self->job->command);
        return self->command ? STATUS_OK : STATUS_NO_MEMORY;
    }
    FILE *to = open_memstream(&self->command, &length);
    if (!to) return STATUS_NO_MEMORY;
    experiment_again(self->arguments, alone ? "run" : "compare", TOLD, to);
    return fclose(to) == 0 ? STATUS_OK : STATUS_NO_MEMORY;
}

static enum status prepare(struct compare *self, bool alone, struct errors *errors)
{
    const struct arguments *arguments = self->arguments;
    enum status status = experiment_options_only(arguments,
                                                 alone ? "run --replications" : "compare",
                                                 alone ? TAKEN : TAKEN | TAKEN_OF_ARMS, errors);
    if (!status) status = read_count(self, errors);
    if (!status) status = read_precision(self, errors);
    if (!status) status = read_metrics(self, errors);
    if (!status) status = load_arms(self, errors);
    if (!status) status = read_baseline(self, errors);
    if (!status) status = choose_folder(self, alone);
    if (status) return status;
    const struct run_parameters *run = parameters_block(&self->model[0].parameters, "run");
    self->run.folder = self->folder;
    self->run.arm = self->arm;
    self->run.arms = self->arms;
    if (!arguments->from) { /* else they are among the arms' own */
        self->run.set = arguments->set;
        self->run.set_count = (size_t)arguments->set_count;
    }
    self->run.seed = run->seed;
    self->run.force = arguments->force;
    self->run.tables = self->job->tables;
    if (asked(self, EXPERIMENT_INTERFERENCE)) {
        self->run.tables = "series,cohorts,arms";
        if (!asked(self, EXPERIMENT_BASELINE)) self->run.baseline = INTERFERENCE_ALL_A;
    }
    status = draw_assumptions(self, errors);
    return status ? status : tell_command(self, alone);
}

/* ----------------------------------------------------------------------------------- results
 */

/* Success in the worlds that an arm has, were they fewer than asked for. */
static enum status look_at_arm(const struct compare *self, size_t arm,
                               struct success out[SUCCESS_KINDS], struct errors *errors)
{
    size_t worlds = self->comparison.replications, known = 0;
    char **folder = memory_alloc(worlds, sizeof *folder);
    enum status status = folder ? STATUS_OK : STATUS_NO_MEMORY;
    for (size_t w = 0; w < worlds && !status; w++) {
        folder[known] = replications_folder(&self->run, arm, w);
        if (!folder[known])
            status = STATUS_NO_MEMORY;
        else if (trial_state(folder[known]) == TRIAL_DONE)
            known++;
        else
            free(folder[known]);
    }
    for (size_t k = 0; k < SUCCESS_KINDS && !status; k++) {
        out[k] = (struct success){.unpredictability = NAN,
                                  .relative = NAN,
                                  .gini = NAN,
                                  .gini_low = NAN,
                                  .gini_high = NAN};
        if (known > 1)
            status = success_read((const char *const *)folder, known, (enum success_kind)k,
                                  &out[k], errors);
    }
    for (size_t w = 0; w < known; w++) free(folder[w]);
    memory_free(folder);
    return status;
}

static enum status look_at_success(struct compare *self, struct errors *errors)
{
    enum status status = STATUS_OK;
    if (!self->run.worlds) return STATUS_OK;
    self->success = memory_alloc(self->arms * SUCCESS_KINDS, sizeof *self->success);
    if (!self->success) return STATUS_NO_MEMORY;
    for (size_t a = 0; a < self->arms && !status; a++)
        status = look_at_arm(self, a, &self->success[a * SUCCESS_KINDS], errors);
    return status;
}

static enum status look_at_flips(struct compare *self)
{
    if (!self->run.assumptions || self->arms < 2) return STATUS_OK;
    double *lead = comparison_report_lead(&self->comparison);
    self->flip = memory_alloc(self->assumptions.count, sizeof *self->flip);
    enum status status = lead && self->flip ? STATUS_OK : STATUS_NO_MEMORY;
    if (!status) status = assumptions_flips(&self->assumptions, lead, self->flip);
    memory_free(lead);
    return status;
}

static void say_precision(const struct compare *self)
{
    const struct comparison *c = &self->comparison;
    if (!(self->run.precision > 0)) return;
    bool reached = comparison_precise(c, c->replications, self->run.precision);
    printf("%s a precision of %g in %s after %zu replications%s\n",
           reached ? "Stopped at" : "Did not reach", self->run.precision, c->metric[0],
           c->replications,
           reached ? ". Stopping when the sample\nlooks calm makes intervals cover a little "
                     "less than they say (Glynn & Whitt 1992)."
                   : ", the most that were asked for (--replications).");
}

static void say(const struct compare *self, const struct comparison_report *report)
{
    bool twins = asked(self, EXPERIMENT_INTERFERENCE);
    if (self->arguments->json) {
        if (twins)
            interference_json(&self->interference, stdout);
        else
            comparison_json(&self->comparison, stdout);
        return;
    }
    if (self->arguments->quiet) return;
    if (twins) {
        interference_print(&self->interference, stdout);
        putchar('\n');
    }
    comparison_answer(&self->comparison, stdout);
    comparison_scope(&self->comparison, self->run.assumptions, stdout);
    say_precision(self);
    comparison_print(&self->comparison, stdout);
    comparison_report_print(report, stdout);
    printf("\n%" PRIu64 " runs, %" PRIu64 " of them found there, %" PRIu64 " failed; %.1f s\n",
           self->progress.before + self->progress.done + self->progress.failed,
           self->progress.before, self->progress.failed + self->progress.failed_before,
           self->progress.seconds);
    printf("results     %s\n", self->folder);
}

/* The others' answer stands, yet who looks at the exit code alone must see it, too. */
static enum status tell_failures(const struct compare *self, struct errors *errors)
{
    const struct crew_progress *p = &self->progress;
    uint64_t failed = p->failed + p->failed_before;
    if (self->job->failed) *self->job->failed += failed;
    if (!failed || self->job->failed) return STATUS_OK;
    return errors_add(errors, STATUS_FAULT,
                      "%" PRIu64 " run%s failed and %s left out: see %s/failures.csv; --failed "
                      "tries them again",
                      failed, failed == 1 ? "" : "s", failed == 1 ? "is" : "are", self->folder);
}

static enum status conclude(struct compare *self, struct errors *errors)
{
    enum status status = look_at_flips(self);
    if (!status) status = look_at_success(self, errors);
    struct comparison_report report = {
        .run = &self->run,
        .comparison = &self->comparison,
        .flip = self->flip,
        .success = self->success,
        .command = self->command,
        .warmup = fmax(warmup_of(self, 0), self->comparison.since),
        .formats = self->arguments->format,
        .page = self->arguments->plots,
        .quiet = self->arguments->quiet || self->arguments->json,
    };
    if (!status && asked(self, EXPERIMENT_INTERFERENCE)) {
        status = interference_read(&self->run, self->comparison.replications,
                                   &self->interference, errors);
        if (!status) status = interference_write(&self->interference, self->folder, errors);
    }
    if (!status && self->job->found)
        status = self->job->found(self->job->context, &report, errors);
    if (!status) status = comparison_report_write(&report, errors);
    if (status) return status;
    if (!self->job->found) say(self, &report);
    for (size_t a = 0; a < self->arms; a++)
        if (comparison_cell(&self->comparison, 0, a)->mean.n == 0)
            status = errors_add(errors, STATUS_FAULT, "%s: no replication gave %s%s%s",
                                self->name[a], self->comparison.metric[0],
                                *self->progress.failure ? "; the first that failed: " : "",
                                self->progress.failure);
    enum status failures = tell_failures(self, errors);
    return status ? status : failures;
}

static enum status run_all(struct compare *self, struct errors *errors)
{
    struct progress line;
    enum status status = experiment_crew(&self->run.crew, self->arguments, &self->model[0],
                                         (uint64_t)self->run.count * self->arms, errors);
    if (status) return status;
    experiment_show(&self->run.crew, self->arguments, &line);
    self->run.crew.again = asked(self, EXPERIMENT_FAILED);
    status = replications_open(&self->run, errors);
    if (!status)
        status = replications_run(&self->run, &self->comparison, &self->progress, errors);
    progress_end(&line);
    if (status == STATUS_INTERRUPTED)
        fprintf(stderr, "stopped; what is done is kept in %s: the same command goes on\n",
                self->folder);
    return status;
}

static enum status compare(const struct compare_job *job, bool alone, struct errors *errors)
{
    struct compare *self = memory_alloc(1, sizeof *self);
    if (!self) return STATUS_NO_MEMORY;
    self->job = job;
    self->arguments = job->arguments;
    enum status status = prepare(self, alone, errors);
    if (!status) status = run_all(self, errors);
    if (!status) status = conclude(self, errors);
    for (size_t a = 0; a < self->loaded; a++) model_free(&self->model[a]);
    for (size_t a = 0; a < self->arms && a < PAIRED_ARMS; a++)
        branch_arm_free(&self->branch_arm[a]);
    branch_free(&self->branch);
    comparison_free(&self->comparison);
    interference_free(&self->interference);
    assumptions_free(&self->assumptions);
    memory_free(self->flip);
    memory_free(self->success);
    free(self->metrics);
    free(self->folder);
    free(self->command);
    memory_free(self);
    return status;
}

enum status command_compare(const struct arguments *arguments, struct errors *errors)
{
    bool twins = experiment_asked(arguments, EXPERIMENT_INTERFERENCE);
    if (twins ? arguments->operand_count != 1 : arguments->operand_count < 2)
        return errors_add(errors, STATUS_USAGE,
                          "usage: reelsim compare A.cfg B.cfg ... [--replications R | "
                          "--precision 0.02 | --worlds W]\n"
                          "                       [--from DIR [--day D]] (arms branch off its "
                          "state)\n"
                          "                       [--metric NAME,..] [--baseline NAME] "
                          "[--uncertain] [--json]\n"
                          "       reelsim compare SPLIT.cfg --interference [--replications R]");
    const struct compare_job job = {.arguments = arguments};
    return compare(&job, false, errors);
}

enum status compare_alone(const struct arguments *arguments, struct errors *errors)
{
    const struct compare_job job = {.arguments = arguments};
    return compare(&job, true, errors);
}

enum status compare_do(const struct compare_job *job, struct errors *errors)
{
    return compare(job, false, errors);
}
