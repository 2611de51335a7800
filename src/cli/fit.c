/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * reelsim fit LOG: what a real log says of its audience and its videos, for people, as JSON,
 * and as the file that a scenario with run.population = "file" starts from.
 */
#include "fit.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "evaluate.h"
#include "experiment/fit.h"
#include "io/audience.h"
#include "io/file.h"

static const struct schema_row rows[] = {
    {.path = "gap",
     .type = SCHEMA_FLOAT,
     .unit = "min",
     .low = 0.01,
     .high = 1e6,
     .initial = "30",
     .meaning = "silence of a user that ends a session in the log",
     .source = "A (Catledge & Pitkow 1995: 25.5)",
     .plausible_low = 5,
     .plausible_high = 60,
     .moves = "sessions",
     .offset = offsetof(struct fit_parameters, gap)},
};
const struct schema_table fit_table = {
    .prefix = "fit", .size = sizeof(struct fit_parameters), SCHEMA_ROWS(rows)};

struct fit {
    const struct arguments *arguments;
    struct parameters parameters;
    struct log log;
    struct log_figures figures;
    struct audience audience;
    struct embedding_fit judged;
    char *words; /* owned */
};

/* The space of a world has VECTOR_DIM dimensions, whatever the recommender's default. */
static enum status set_factors(struct parameters *parameters, struct errors *errors)
{
    static const char path[] = "evaluate." EMBEDDING_RECOMMENDER ".factors";
    struct parameter at;
    char number[8];
    require(parameters_find(parameters, path, &at));
    bool given = at.block->given[at.row - at.table->rows];
    if (given && *(const int64_t *)at.value != VECTOR_DIM)
        return errors_add(errors, STATUS_USAGE,
                          "%s = %" PRId64
                          ": a world's vectors have %d dimensions, so fit takes "
                          "that many factors",
                          path, *(const int64_t *)at.value, VECTOR_DIM);
    snprintf(number, sizeof number, "%d", VECTOR_DIM);
    return parameters_set(parameters, path, number, "fit", errors);
}

static enum status read_log(struct fit *self, FILE *words, struct errors *errors)
{
    const struct arguments *arguments = self->arguments;
    const char *log = arguments->evaluate[EVALUATE_LOG];
    if ((log != NULL) + arguments->operand_count != 1)
        return errors_add(errors, STATUS_USAGE, "usage: reelsim fit LOG [--out FILE]");
    if (!log) log = arguments->operand[0];
    enum status status = evaluate_read_log(&self->log, log, arguments, words, errors);
    if (status) return status;
    log_finish(&self->log);
    status = log_figures_of(&self->log.rows, &self->figures);
    if (!status) evaluate_figures_words(&self->figures, words);
    return status;
}

/* ------------------------------------------------------------------------------------ saying
 */

static uint64_t sessions_of(const struct audience *self)
{
    uint64_t sum = 0;
    for (uint32_t u = 0; u < self->viewers; u++) sum += self->viewer[u].sessions;
    return sum;
}

static double per(double a, double b) { return b > 0 ? a / b : 0; }

static double mean_quality(const struct audience *self)
{
    double sum = 0;
    for (uint32_t i = 0; i < self->videos; i++)
        sum += (double)self->video[i].quality / self->videos;
    return sum;
}

static void print_acts(const struct audience *a)
{
    const char *between = "acts       a row: ";
    for (int k = 0; k < AUDIENCE_ACTS; k++) {
        if (a->act_rate[k] < 0) continue;
        printf("%s%s %.4g", between, audience_act_name[k], a->act_rate[k]);
        between = ", ";
    }
    if (*between == ',') printf("\n");
}

static void print_words(const struct fit *self)
{
    const struct audience *a = &self->audience;
    double sessions = (double)sessions_of(a), days = (double)a->span_s / 86400;
    printf("%s", self->words);
    if (a->timed)
        printf(
            "sessions   %.0f in %.1f days: %.3g a user and day, %.3g rows each; hours between "
            "two: %.2g to %.3g, median %.3g\n",
            sessions, days, per(sessions, (double)a->viewers * days),
            per((double)self->figures.rows, sessions), a->gap_s[0] / 3600,
            a->gap_s[AUDIENCE_GAPS - 1] / 3600, a->gap_s[AUDIENCE_GAPS / 2] / 3600);
    printf("videos     mean quality %.3f%s; %" PRIu32 " %s\n", mean_quality(a),
           a->valued ? "" : " (the log has no values)", a->creators,
           a->authored ? "authors" : "authors: one each, the log names none");
    print_acts(a);
    printf("vectors    %s, %d factors: mean cosine of a user with what it met %.3f, with what "
           "others met %.3f\n",
           EMBEDDING_RECOMMENDER, VECTOR_DIM, self->judged.met, self->judged.other);
    if (self->arguments->out) printf("audience   %s\n", self->arguments->out);
}

static void print_json(const struct fit *self)
{
    const struct audience *a = &self->audience;
    double sessions = (double)sessions_of(a), days = (double)a->span_s / 86400;
    const char *comma = "";
    printf("{");
    evaluate_figures_json(&self->figures);
    printf(", \"days\": %.9g, \"authors\": %" PRIu32 ", \"mean_quality\": %.9g", days,
           a->authored ? a->creators : 0, mean_quality(a));
    if (a->timed) {
        printf(", \"sessions\": %.0f, \"sessions_user_day\": %.9g, \"rows_session\": %.9g, "
               "\"gap_hours\": {",
               sessions, per(sessions, (double)a->viewers * days),
               per((double)self->figures.rows, sessions));
        for (int q = 0; q < AUDIENCE_GAPS; q++)
            printf("%s\"p%g\": %.9g", q ? ", " : "", 100 * log_figures_at[q],
                   a->gap_s[q] / 3600);
        printf("}");
    }
    printf(", \"act_rates\": {");
    for (int k = 0; k < AUDIENCE_ACTS; k++) {
        if (a->act_rate[k] < 0) continue;
        printf("%s\"%s\": %.9g", comma, audience_act_name[k], a->act_rate[k]);
        comma = ", ";
    }
    printf("}, \"vectors\": \"%s\", \"cosine_met\": %.9g, \"cosine_other\": %.9g}\n",
           EMBEDDING_RECOMMENDER, self->judged.met, self->judged.other);
}

/* ------------------------------------------------------------------------------- the command
 */

static enum status fit(struct fit *self, struct errors *errors)
{
    const struct arguments *arguments = self->arguments;
    const struct evaluate_parameters *common = parameters_block(&self->parameters, "evaluate");
    const struct fit_parameters *own = parameters_block(&self->parameters, "fit");
    struct team team;
    size_t length;
    FILE *words = open_memstream(&self->words, &length);
    if (!words) return STATUS_NO_MEMORY;
    enum status status = read_log(self, words, errors);
    if (fclose(words) && !status) status = STATUS_NO_MEMORY;
    if (status) return status;
    team_init(&team, arguments->threads);
    const struct seed seed = {.seed = (uint32_t)common->seed};
    const struct fit_options options = {
        .embedding = parameters_block(&self->parameters, "evaluate." EMBEDDING_RECOMMENDER),
        .how = {.seed = seed, .threads = team.threads},
        .gap_min = own->gap};
    status = fit_learn(&self->log, &options, &self->audience, &self->judged);
    if (!status && arguments->out) status = file_make_folder_of(arguments->out, errors);
    if (!status && arguments->out)
        status = audience_save(&self->audience, arguments->out, errors);
    if (status) return status;
    if (arguments->json)
        print_json(self);
    else if (!arguments->quiet)
        print_words(self);
    return STATUS_OK;
}

enum status command_fit(const struct arguments *arguments, struct errors *errors)
{
    const uint32_t taken = 1u << EVALUATE_LOG | 1u << EVALUATE_COLUMNS | 1u << EVALUATE_PRESET;
    struct fit self = {.arguments = arguments};
    enum status status = evaluate_options_only(arguments, "fit", taken, errors);
    if (!status) status = evaluate_settings(&self.parameters, arguments, errors);
    if (!status) status = set_factors(&self.parameters, errors);
    if (!status) status = fit(&self, errors);
    audience_free(&self.audience);
    log_free(&self.log);
    free(self.words);
    parameters_free(&self.parameters);
    return status;
}
