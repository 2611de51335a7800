/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * reelsim advise --topic programming --followers 2000 --hours 10: which streams, and where to
 * promote? Writes the arms as scenarios, compares them in two stages, and answers.
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "compare.h"
#include "experiment.h"
#include "experiment/advice.h"
#include "io/file.h"

#define USUAL_REPLICATIONS 8
#define USUAL_WORLDS 24 /* with --uncertain */
#define HISTORY_REPLICATIONS 2
#define SECONDS 1.1e-4 /* of one core, a viewer and day, measured on 5,000 viewers */
#define SCENARIO_MOST (1u << 20)

#define BIT(option) (UINT32_C(1) << (option))
#define TOLD                                                                                   \
    (BIT(EXPERIMENT_TOPIC) | BIT(EXPERIMENT_FOLLOWERS) | BIT(EXPERIMENT_HOURS) |               \
     BIT(EXPERIMENT_VIEWS) | BIT(EXPERIMENT_REPLICATIONS) | BIT(EXPERIMENT_UNCERTAIN))
#define TAKEN (BIT(EXPERIMENT_JOBS) | BIT(EXPERIMENT_ON_ERROR) | BIT(EXPERIMENT_FAILED) | TOLD)

struct advise {
    const struct arguments *arguments;
    struct advice advice;
    struct advice_found found[ADVICE_STAGES];
    enum advice_stage stage; /* that runs */
    int64_t replications, days;
    int64_t jobs;                    /* at a time, if cores are free */
    uint64_t failed;                 /* runs, of all stages */
    char *folder, *command, *answer; /* owned */
    char *path[ADVICE_ARMS_MOST];    /* owned; of the stage's scenarios */
};

static const char *option_of(const struct advise *self, enum experiment_option option)
{
    return self->arguments->experiment[option];
}

/* ------------------------------------------------------------------------------------- files
 */

/* One that is there and says something else belongs to another question. */
static enum status put_file(const struct advise *self, const char *path, const char *text,
                            struct errors *errors)
{
    struct file file = {0};
    if (file_exists(path) && !self->arguments->force) {
        char *old = NULL;
        size_t length = 0;
        enum status status = file_read(path, SCENARIO_MOST, &old, &length, errors);
        bool same = !status && strcmp(old, text) == 0;
        free(old);
        if (status || same) return status;
        return errors_add(errors, STATUS_BAD_INPUT,
                          "%s: the answer to another question is there; --force replaces it, "
                          "--out takes another folder",
                          self->folder);
    }
    enum status status = file_create(&file, path, errors);
    if (status) return status;
    fputs(text, file.stream);
    return file_commit(&file, errors);
}

/* `arm` = ADVICE_ARMS_MOST: the world. */
static enum status put_scenario(const struct advise *self, size_t arm, const char *path,
                                struct errors *errors)
{
    char *text = NULL;
    size_t length = 0;
    FILE *to = open_memstream(&text, &length);
    if (!to) return STATUS_NO_MEMORY;
    if (arm == ADVICE_ARMS_MOST)
        advice_world(&self->advice, to);
    else
        advice_arm(&self->advice, self->stage, arm, to);
    enum status status = fclose(to) == 0 ? put_file(self, path, text, errors)
                                         : STATUS_NO_MEMORY;
    free(text);
    return status;
}

static char *scenario_path(const struct advise *self, const char *name)
{
    char file[160];
    snprintf(file, sizeof file, "scenarios/%s.cfg", name);
    return file_join(self->folder, file);
}

static enum status put_world(const struct advise *self, struct errors *errors)
{
    char *path = scenario_path(self, "world");
    enum status status = path ? file_make_folder_of(path, errors) : STATUS_NO_MEMORY;
    if (!status) status = put_scenario(self, ADVICE_ARMS_MOST, path, errors);
    free(path);
    return status;
}

static void forget_paths(struct advise *self)
{
    for (size_t a = 0; a < ADVICE_ARMS_MOST; a++) {
        free(self->path[a]);
        self->path[a] = NULL;
    }
}

static enum status put_arms(struct advise *self, struct errors *errors)
{
    enum status status = STATUS_OK;
    forget_paths(self);
    for (size_t a = 0; a < advice_arms(self->stage) && !status; a++) {
        self->path[a] = scenario_path(self, advice_name(self->stage, a));
        status = self->path[a] ? put_scenario(self, a, self->path[a], errors)
                               : STATUS_NO_MEMORY;
    }
    return status;
}

/* ------------------------------------------------------------------------------- the question
 */

/* --set viewers.count=N or run.days=N (--days N), the last one. */
static int64_t set_number(const struct arguments *arguments, const char *path, int64_t usual)
{
    size_t length = strlen(path);
    int64_t value = usual;
    for (int i = 0; i < arguments->set_count; i++)
        if (strncmp(arguments->set[i], path, length) == 0 && arguments->set[i][length] == '=')
            value = strtoll(arguments->set[i] + length + 1, NULL, 10);
    return value > 0 ? value : usual;
}

static enum status tell_command(struct advise *self)
{
    size_t length = 0;
    FILE *to = open_memstream(&self->command, &length);
    if (!to) return STATUS_NO_MEMORY;
    experiment_again(self->arguments, "advise", TOLD, to);
    return fclose(to) == 0 ? STATUS_OK : STATUS_NO_MEMORY;
}

static enum status choose_folder(struct advise *self)
{
    char name[256];
    if (self->arguments->out)
        self->folder = strdup(self->arguments->out);
    else {
        snprintf(name, sizeof name, "output/advise-%.120s-%.0f", self->advice.topic,
                 self->advice.followers);
        self->folder = strdup(name);
    }
    return self->folder ? STATUS_OK : STATUS_NO_MEMORY;
}

static enum status ask(struct advise *self, struct errors *errors)
{
    struct model model = {0};
    struct history history;
    const char *topic = option_of(self, EXPERIMENT_TOPIC),
               *followers = option_of(self, EXPERIMENT_FOLLOWERS),
               *hours = option_of(self, EXPERIMENT_HOURS),
               *views = option_of(self, EXPERIMENT_VIEWS);
    if (!topic || !followers || !hours || self->arguments->operand_count)
        return errors_add(errors, STATUS_USAGE,
                          "usage: reelsim advise --topic NAME --followers N --hours H [--views "
                          "FILE.csv]\n                      [--replications R] [--uncertain] "
                          "[--days N] [--json]");
    enum status status = scenario_load(&model, self->arguments, NULL, errors);
    if (status) return status;
    status = advice_init(&self->advice, &(struct advice_asked){topic, followers, hours}, &model,
                         errors);
    model_free(&model);
    if (!status && views) status = history_read(&history, views, errors);
    if (status) return status;
    int64_t viewers = set_number(self->arguments, "viewers.count", ADVICE_VIEWERS);
    advice_settle(&self->advice, viewers, views ? &history : NULL);
    self->days = set_number(self->arguments, "run.days", ADVICE_DAYS);
    self->replications = option_of(self, EXPERIMENT_UNCERTAIN) ? USUAL_WORLDS
                                                               : USUAL_REPLICATIONS;
    self->jobs = crew_machine().cores;
    status = experiment_number(self->arguments, EXPERIMENT_JOBS, 4096, &self->jobs, errors);
    if (status) return status;
    return experiment_number(self->arguments, EXPERIMENT_REPLICATIONS, REPLICATIONS_MOST,
                             &self->replications, errors);
}

/* -------------------------------------------------------------------------------- the stages
 */

static void say_size(const struct advise *self)
{
    int64_t cores = crew_machine().cores, at_once = self->jobs < cores ? self->jobs : cores;
    double runs = (double)(advice_arms(ADVICE_STREAMS) + advice_arms(ADVICE_PROMOTION)) *
                  (double)self->replications;
    if (self->advice.has_history) runs += ADVICE_SKILLS * HISTORY_REPLICATIONS;
    double seconds = runs * (double)self->advice.viewers * (double)self->days * SECONDS,
           minutes = ceil(seconds / 60 / (double)at_once);
    if (self->arguments->quiet || self->arguments->json) return;
    printf("%.0f runs of %" PRId64 " viewers for %" PRId64 " days: %zu ways to earn and %zu "
           "ways to promote, %" PRId64 " times each;\nabout %.0f minute%s on %" PRId64
           " free core%s "
           "(Ctrl-C: the same command goes on)\n",
           runs, self->advice.viewers, self->days, advice_arms(ADVICE_STREAMS),
           advice_arms(ADVICE_PROMOTION), self->replications, minutes, minutes == 1 ? "" : "s",
           at_once, at_once == 1 ? "" : "s");
    fflush(stdout);
}

static enum status on_found(void *context, struct comparison_report *report,
                            struct errors *errors)
{
    static const char *const title[] = {"Which skill gives these views?", "How to earn",
                                        "Where to promote"};
    struct advise *self = context;
    struct advice_found *found = &self->found[self->stage];
    size_t length = 0;
    enum status status = advice_look(found, self->stage, report, errors);
    if (status || self->stage == ADVICE_HISTORY) return status;
    free(self->answer);
    self->answer = NULL;
    FILE *to = open_memstream(&self->answer, &length);
    if (!to) return STATUS_NO_MEMORY;
    advice_say_stage(found, to);
    if (fclose(to)) return STATUS_NO_MEMORY;
    report->title = title[self->stage];
    report->answer = self->answer;
    return STATUS_OK;
}

static enum status run_stage(struct advise *self, enum advice_stage stage,
                             struct errors *errors)
{
    static const char *const name[] = {"history", "streams", "promotion"};
    struct arguments *arguments = memory_alloc(1, sizeof *arguments);
    char count[32], *folder = file_join(self->folder, name[stage]);
    struct compare_job job = {arguments, self->command, "series,cohorts,creators",
                              on_found,  self,          &self->failed};
    self->stage = stage;
    enum status status = arguments && folder ? put_arms(self, errors) : STATUS_NO_MEMORY;
    if (!status) {
        *arguments = *self->arguments;
        arguments->out = folder;
        arguments->operand_count = (int)advice_arms(stage);
        for (int a = 0; a < arguments->operand_count; a++)
            arguments->operand[a] = self->path[a];
        snprintf(count, sizeof count, "%" PRId64,
                 stage == ADVICE_HISTORY ? HISTORY_REPLICATIONS : self->replications);
        arguments->experiment[EXPERIMENT_REPLICATIONS] = count;
        arguments->experiment[EXPERIMENT_METRIC] = "focal.profit_hour";
        if (stage == ADVICE_HISTORY) {
            arguments->experiment[EXPERIMENT_METRIC] = "focal.impressions";
            arguments->experiment[EXPERIMENT_UNCERTAIN] = NULL;
            arguments->plots = false;
        }
        for (int k = EXPERIMENT_TOPIC; k <= EXPERIMENT_VIEWS; k++)
            arguments->experiment[k] = NULL;
        status = compare_do(&job, errors);
    }
    free(folder);
    memory_free(arguments);
    return status;
}

static enum status run_stages(struct advise *self, struct errors *errors)
{
    enum status status = put_world(self, errors);
    if (!status && self->advice.has_history) {
        status = run_stage(self, ADVICE_HISTORY, errors);
        if (!status) advice_match(&self->advice, self->found[ADVICE_HISTORY].views);
    }
    if (!status) status = run_stage(self, ADVICE_STREAMS, errors);
    self->advice.plan = self->found[ADVICE_STREAMS].best;
    return status ? status : run_stage(self, ADVICE_PROMOTION, errors);
}

static enum status conclude(const struct advise *self, struct errors *errors)
{
    const struct arguments *arguments = self->arguments;
    const struct advice_page page = {&self->advice, self->found,
                                     self->folder,  arguments->format,
                                     self->command, arguments->quiet || arguments->json};
    enum status status = arguments->plots ? advice_page_write(&page, errors) : STATUS_OK;
    if (status) return status;
    if (arguments->json) {
        advice_json(&self->advice, self->found, stdout);
    } else if (!arguments->quiet) {
        putchar('\n');
        advice_say(&self->advice, self->found, stdout);
        printf("\nresults     %s\n", self->folder);
    }
    if (!self->failed) return STATUS_OK;
    return errors_add(errors, STATUS_FAULT,
                      "%" PRIu64
                      " of the runs failed and are left out: see failures.csv in %s/streams "
                      "and %s/promotion; --failed tries them again",
                      self->failed, self->folder, self->folder);
}

enum status command_advise(const struct arguments *arguments, struct errors *errors)
{
    struct advise *self = memory_alloc(1, sizeof *self);
    if (!self) return STATUS_NO_MEMORY;
    self->arguments = arguments;
    enum status status = experiment_options_only(arguments, "advise", TAKEN, errors);
    if (!status) status = ask(self, errors);
    if (!status) status = choose_folder(self);
    if (!status) status = tell_command(self);
    if (!status) say_size(self);
    if (!status) status = run_stages(self, errors);
    if (!status) status = conclude(self, errors);
    for (int k = 0; k < ADVICE_STAGES; k++) advice_found_free(&self->found[k]);
    forget_paths(self);
    free(self->folder);
    free(self->command);
    free(self->answer);
    memory_free(self);
    return status;
}
