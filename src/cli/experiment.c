/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "experiment/forecast.h"
#include "experiment/trial.h"
#include "world/world.h"

static const char *const names[EXPERIMENT_OPTIONS] = {
#define EXPERIMENT_NAME(id, name, valued) name,
    EXPERIMENT_OPTION_LIST(EXPERIMENT_NAME)
#undef EXPERIMENT_NAME
};

bool experiment_is(const char *command)
{
    static const char *const commands[] = {"compare", "advise",      "sweep",
                                           "gather",  "sensitivity", "calibrate"};
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
        if (strcmp(commands[i], command) == 0) return true;
    return false;
}

enum status experiment_options_only(const struct arguments *arguments, const char *what,
                                    uint32_t taken, struct errors *errors)
{
    enum status status = STATUS_OK;
    for (int i = 0; i < EXPERIMENT_OPTIONS; i++)
        if (arguments->experiment[i] && !(taken >> i & 1))
            status = errors_add(errors, STATUS_USAGE, "reelsim %s does not take --%s", what,
                                names[i]);
    return status;
}

enum status experiment_number(const struct arguments *arguments, enum experiment_option option,
                              int64_t most, int64_t *value, struct errors *errors)
{
    const char *text = arguments->experiment[option];
    char *end = NULL;
    if (!text) return STATUS_OK;
    long long number = strtoll(text, &end, 10);
    if (end == text || *end || number < 1 || number > most)
        return errors_add(errors, STATUS_USAGE,
                          "--%s %s: must be a whole number in [1, %" PRId64 "]", names[option],
                          text, most);
    *value = number;
    return STATUS_OK;
}

static void print_option(const char *name, const char *value, FILE *to)
{
    if (!value) return;
    fprintf(to, " --%s", name);
    if (!*value) return;
    putc(' ', to);
    trial_quote(value, to);
}

void experiment_again(const struct arguments *arguments, const char *command, uint32_t told,
                      FILE *to)
{
    fprintf(to, "reelsim %s", command);
    for (int i = 0; i < arguments->operand_count; i++) {
        putc(' ', to);
        trial_quote(arguments->operand[i], to);
    }
    print_option("from", arguments->from, to);
    print_option("day", arguments->day, to);
    for (int i = 0; i < arguments->set_count; i++) print_option("set", arguments->set[i], to);
    for (int i = 0; i < EXPERIMENT_OPTIONS; i++)
        if (told >> i & 1) print_option(names[i], arguments->experiment[i], to);
    print_option("format", arguments->format, to);
    print_option("out", arguments->out, to);
}

static enum status read_policy(const struct arguments *arguments, enum crew_policy *policy,
                               struct errors *errors)
{
    static const char *const words[] = {"skip", "stop", "retry"};
    const char *text = arguments->experiment[EXPERIMENT_ON_ERROR];
    if (!text) return STATUS_OK;
    for (int i = 0; i < 3; i++) {
        if (strcmp(text, words[i]) != 0) continue;
        *policy = (enum crew_policy)i;
        return STATUS_OK;
    }
    return errors_add(errors, STATUS_USAGE, "--on-error %s: must be skip, stop or retry", text);
}

/* A small world is far below this many bytes (measured: 20,000 viewers, 60 MB). */
#define SMALL_BYTES(viewers) (1e8 + 4000 * (viewers))

enum status experiment_bytes(const struct model *model, double free_bytes, double *bytes,
                             struct errors *errors)
{
    struct parameter viewers;
    struct forecast forecast;
    require(parameters_find(&model->parameters, "viewers.count", &viewers));
    double count = (double)*(const int64_t *)viewers.value;
    if (model->audience) count = (double)model->audience->viewers;
    *bytes = SMALL_BYTES(count);
    if (model->audience || *bytes * crew_machine().cores < 0.5 * free_bytes) return STATUS_OK;
    enum status status = forecast_make(&forecast, model, errors);
    if (!status) *bytes = forecast.total_bytes;
    return status;
}

enum status experiment_crew_check(const struct arguments *arguments, struct errors *errors)
{
    int64_t jobs = 0;
    enum crew_policy policy;
    enum status status = experiment_number(arguments, EXPERIMENT_JOBS, 4096, &jobs, errors);
    return status ? status : read_policy(arguments, &policy, errors);
}

enum status experiment_crew(struct crew_options *out, const struct arguments *arguments,
                            const struct model *model, uint64_t trials, struct errors *errors)
{
    struct crew_machine machine = crew_machine();
    int64_t jobs = 0;
    double bytes = 0;
    enum status status = experiment_number(arguments, EXPERIMENT_JOBS, 4096, &jobs, errors);
    *out = (struct crew_options){.total = trials, .interrupted = &command_interrupted};
    if (!status) status = read_policy(arguments, &out->policy, errors);
    if (!status && !jobs) status = experiment_bytes(model, machine.free_bytes, &bytes, errors);
    if (status) return status;
    out->jobs = (uint32_t)jobs;
    out->threads = arguments->threads;
    crew_size(&machine, bytes, trials, &out->jobs, &out->threads);
    command_catch_signals();
    return STATUS_OK;
}

void experiment_show(struct crew_options *out, const struct arguments *arguments,
                     struct progress *line)
{
    progress_begin(line, arguments->quiet || arguments->json, 0, 0);
    out->show = progress_trials;
    out->show_context = line;
}
