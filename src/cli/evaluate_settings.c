/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The settings of `reelsim evaluate`: a schema of their own, beside the recommenders'. */
#include <stdio.h>
#include <string.h>

#include "evaluate.h"
#include "fit.h"
#include "recommend/recommender.h"

#define TABLES_MOST 64

#define FIELD(member) offsetof(struct evaluate_parameters, member)

static const struct schema_row rows[] = {
    {.path = "split",
     .type = SCHEMA_CHOICE,
     .initial = "\"random\"",
     .choices = SPLIT_WORDS,
     .meaning = "which rows test: at random, the same share of each user or item, each user's "
                "last, the latest, a share of one fold's users",
     .source = "A",
     .offset = FIELD(split)},
    {.path = "test_share",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0.0001,
     .high = 0.9,
     .initial = "0.2",
     .meaning = "share of the rows that test; not of `last`, nor where folds share all rows",
     .source = "A",
     .offset = FIELD(test_share)},
    {.path = "validation",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .high = 0.9,
     .initial = "0",
     .meaning = "share of the rows that neither train nor test: for tuning",
     .source = "A",
     .offset = FIELD(validation)},
    {.path = "judge",
     .type = SCHEMA_CHOICE,
     .initial = "\"test\"",
     .choices = JUDGE_WORDS,
     .meaning = "which rows the figures are of; validation leaves the test rows unseen",
     .source = "A",
     .offset = FIELD(judge)},
    {.path = "folds",
     .type = SCHEMA_INT,
     .unit = "1",
     .low = 1,
     .high = SPLIT_FOLDS_MOST,
     .initial = "1",
     .meaning = "parts of a cross-validation, each the test once; figures are means over them",
     .source = "A",
     .offset = FIELD(folds)},
    {.path = "leave",
     .type = SCHEMA_INT,
     .unit = "1",
     .low = 1,
     .high = 1000,
     .initial = "1",
     .meaning = "rows of each user that test when split = last",
     .source = "A",
     .offset = FIELD(leave)},
    {.path = "seed",
     .type = SCHEMA_INT,
     .unit = "1",
     .high = 4294967295.0,
     .initial = "1",
     .meaning = "seed of the division of rows and of training; --seed",
     .source = "A",
     .offset = FIELD(seed)},
    {.path = "k",
     .type = SCHEMA_FLOATS,
     .unit = "1",
     .low = 1,
     .high = EVALUATION_DEEPEST,
     .initial = "[10]",
     .meaning = "lengths of the lists that are judged",
     .source = "A",
     .offset = FIELD(k)},
    {.path = "relevant_from",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = -1e30,
     .high = 1e30,
     .initial = "0",
     .meaning = "a test row is relevant when its value is at least this",
     .source = "A",
     .offset = FIELD(relevant_from)},
    {.path = "ndcg",
     .type = SCHEMA_CHOICE,
     .initial = "\"binary\"",
     .choices = NDCG_WORDS,
     .meaning = "gains of NDCG: 1 a hit and 1 / log2(rank + 1) (RecBole), or its value and "
                "1 / max(1, log2(rank)) (LensKit 0.14)",
     .source = "A",
     .offset = FIELD(ndcg)},
    {.path = "resamples",
     .type = SCHEMA_INT,
     .unit = "1",
     .high = 100000,
     .initial = "1000",
     .meaning = "draws of the bootstrap over users; 0 = no intervals",
     .source = "A",
     .offset = FIELD(resamples)},
};

static const struct schema_table table = {
    .prefix = "evaluate", .size = sizeof(struct evaluate_parameters), SCHEMA_ROWS(rows)};

static const struct {
    const char *name, *path;
} options[EVALUATE_OPTIONS] = {
#define EVALUATE_ROW(id, name, path) {name, path},
    EVALUATE_OPTION_LIST(EVALUATE_ROW)
#undef EVALUATE_ROW
};

enum status evaluate_defaults(struct parameters *parameters)
{
    const struct schema_table *tables[TABLES_MOST] = {&table, &fit_table};
    size_t count = 2;
    for (size_t r = 0; recommenders[r]; r++) {
        require(count < TABLES_MOST);
        if (recommenders[r]->about.parameters)
            tables[count++] = recommenders[r]->about.parameters;
    }
    return parameters_init(parameters, tables, count);
}

enum status evaluate_options_only(const struct arguments *arguments, const char *what,
                                  uint32_t taken, struct errors *errors)
{
    enum status status = STATUS_OK;
    for (int i = 0; i < EVALUATE_OPTIONS; i++)
        if (arguments->evaluate[i] && !(taken >> i & 1))
            status = errors_add(errors, STATUS_USAGE, "reelsim %s does not take --%s", what,
                                options[i].name);
    if (arguments->strict && !taken)
        status = errors_add(errors, STATUS_USAGE, "reelsim %s does not take --strict", what);
    return status;
}

static enum status set(struct parameters *parameters, const char *path, const char *text,
                       const char *where, struct errors *errors)
{
    char list[256];
    if (strcmp(path, "evaluate.k") == 0 && *text != '[') {
        snprintf(list, sizeof list, "[%s]", text);
        text = list;
    }
    return parameters_set(parameters, path, text, where, errors);
}

/* "evaluate.mf.factors=64"; --seed has become "run.seed=N". */
static enum status set_pair(struct parameters *parameters, const char *text,
                            struct errors *errors)
{
    char path[256];
    const char *equals = strchr(text, '=');
    if (!equals || equals == text || (size_t)(equals - text) >= sizeof path)
        return errors_add(errors, STATUS_BAD_INPUT, "--set %s: must be PATH=VALUE", text);
    snprintf(path, sizeof path, "%.*s", (int)(equals - text), text);
    if (strcmp(path, "run.seed") == 0) snprintf(path, sizeof path, "evaluate.seed");
    return set(parameters, path, equals + 1, "command line", errors);
}

static enum status check(const struct evaluate_parameters *self, struct errors *errors)
{
    if (self->k.count < 1 || self->k.count > EVALUATION_DEPTHS)
        return errors_add(errors, STATUS_USAGE, "--k needs 1 to %d numbers", EVALUATION_DEPTHS);
    for (int32_t i = 0; i < self->k.count; i++)
        if (self->k.value[i] != (double)(uint32_t)self->k.value[i])
            return errors_add(errors, STATUS_USAGE, "--k %g: must be a whole number",
                              self->k.value[i]);
    if (self->test_share + self->validation >= 1)
        return errors_add(errors, STATUS_USAGE,
                          "evaluate.test_share + evaluate.validation = %g, must be below 1",
                          self->test_share + self->validation);
    if (self->judge == JUDGE_VALIDATION && !(self->validation > 0))
        return errors_add(errors, STATUS_USAGE, "--judge validation needs --validation SHARE");
    if (self->folds > 1 && (self->split == SPLIT_LAST || self->split == SPLIT_TEMPORAL))
        return errors_add(errors, STATUS_USAGE,
                          "--folds is of splits random, user, item and sample: there is only "
                          "one last");
    return STATUS_OK;
}

enum status evaluate_settings(struct parameters *parameters, const struct arguments *arguments,
                              struct errors *errors)
{
    enum status status = evaluate_defaults(parameters);
    if (status) return status;
    for (int i = 0; i < EVALUATE_OPTIONS; i++) {
        char where[32];
        if (!options[i].path || !arguments->evaluate[i]) continue;
        snprintf(where, sizeof where, "--%s", options[i].name);
        enum status set_status = set(parameters, options[i].path, arguments->evaluate[i], where,
                                     errors);
        if (set_status) status = set_status;
    }
    for (int i = 0; i < arguments->set_count; i++) {
        enum status set_status = set_pair(parameters, arguments->set[i], errors);
        if (set_status) status = set_status;
    }
    return status ? status : check(parameters_block(parameters, "evaluate"), errors);
}
