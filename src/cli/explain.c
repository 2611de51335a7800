/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * reelsim explain [PATH]: what the parameters mean, from their schema rows alone; a line each
 * when they are several, unless --full asks for all of it.
 * reelsim explain NAME: every member of that name, whatever its kind, with its parameters.
 */
#include <stdio.h>
#include <string.h>

#include "base/parameters_suggest.h"
#include "command.h"
#include "experiment/sweep.h"
#include "experiment/targets.h"
#include "recommend/recommender.h"

static const char *type_text(enum schema_type type)
{
    static const char *const text[] = {
        [SCHEMA_BOOL] = "true or false", [SCHEMA_INT] = "integer", [SCHEMA_FLOAT] = "number",
        [SCHEMA_CHOICE] = "choice",      [SCHEMA_TEXT] = "text",   [SCHEMA_NAMES] = "names",
        [SCHEMA_FLOATS] = "numbers"};
    return text[type];
}

struct explaining {
    const char *prefix; /* only rows below this path; "" = all */
    size_t shown;
    bool whole; /* every field, not one line */
    bool full;  /* of several, too */
};

static bool below(const char *path, const char *prefix)
{
    size_t n = strlen(prefix);
    return strncmp(path, prefix, n) == 0 &&
           (n == 0 || path[n] == 0 || path[n] == '.' || path[n] == '[' || prefix[n - 1] == '.');
}

/* "none|mmr" */
static void print_words(const char *words)
{
    printf("  allowed    ");
    for (; *words; words++)
        if (*words == '|')
            printf(", ");
        else
            putchar(*words);
    printf("\n");
}

static void print_range(const struct schema_row *row)
{
    if (row->type == SCHEMA_INT || row->type == SCHEMA_FLOAT || row->type == SCHEMA_FLOATS)
        printf("  allowed    [%.10g, %.10g]\n", row->low, row->high);
    if (row->choices && row->type == SCHEMA_CHOICE)
        print_words(row->choices);
    else if (row->choices)
        printf("  allowed    members of the kind %s: `reelsim list %s`\n", row->choices,
               row->choices);
    if (row->plausible_low < row->plausible_high)
        printf("  plausible  [%.10g, %.10g]\n", row->plausible_low, row->plausible_high);
}

/* `value` is the scenario's own, NULL where it leaves the default. */
static void explain_row(const struct schema_row *row, const char *path, const char *value,
                        struct explaining *e)
{
    e->shown++;
    if (!e->whole) {
        printf("%-44s %-18s %s", path, value ? value : row->initial, row->meaning);
        if (value && strcmp(value, row->initial)) printf(" (default %s)", row->initial);
        putchar('\n');
        return;
    }
    printf("%s\n  %s\n", path, row->meaning);
    printf("  type       %s%s%s\n", type_text(row->type), row->unit ? ", in " : "",
           row->unit ? row->unit : "");
    print_range(row);
    printf("  default    %s\n", row->initial);
    if (value) printf("  now        %s\n", value);
    printf("  source     %s\n", row->source ? row->source : "-");
    printf("  changes    %s\n", row->when == SCHEMA_WINDOW
                                    ? "between windows, by policy.changes"
                                    : "only at the start");
    printf("  moves      %s%s\n", row->moves ? row->moves : "-",
           row->sign > 0   ? " (up)"
           : row->sign < 0 ? " (down)"
                           : "");
    if (row->split != SCHEMA_SPLIT_NONE)
        printf("  splits     by %s\n",
               row->split == SCHEMA_SPLIT_VIEWER ? "viewer" : "creator");
    if (row->needs) printf("  acts under %s\n", row->needs);
}

/* By table, so that lists of groups without a group in this scenario are explained, too. */
static void explain_tables(const struct parameters *parameters, struct explaining *e)
{
    for (size_t b = 0; b < parameters->block_count; b++) {
        const struct schema_table *table = parameters->blocks[b].table;
        for (size_t r = 0; r < table->row_count; r++) {
            char path[192], value[4096] = "";
            snprintf(path, sizeof path, "%s%s.%s", table->prefix, table->most ? "[]" : "",
                     table->rows[r].path);
            if (!below(path, e->prefix)) continue;
            struct parameter at;
            bool given = parameters_find(parameters, path, &at) && at.block->given[r];
            if (given) parameters_print(&at, value, sizeof value);
            explain_row(&table->rows[r], path, given ? value : NULL, e);
        }
    }
}

/* One set of parameters, as much of it as is asked for. */
static bool explain_set(const struct parameters *parameters, struct explaining *e)
{
    struct parameter exact;
    size_t before = e->shown;
    e->whole = e->full || parameters_find(parameters, e->prefix, &exact) ||
               strchr(e->prefix, '[');
    explain_tables(parameters, e);
    return e->shown > before;
}

static void explain_member(const char *kind, const struct member *member,
                           const struct parameters *parameters, struct explaining *e)
{
    struct explaining own = {.prefix = member->parameters ? member->parameters->prefix : "",
                             .whole = e->full};
    printf("%s%s %s: %s", e->shown++ ? "\n" : "", kind, member->name, member->doc);
    if (member->reference && strcmp(member->reference, "none"))
        printf(" [%s]", member->reference);
    printf("\n");
    if (member->parameters) explain_tables(parameters, &own);
}

/* Everything of that name: a ranker, its learner and the recommender of `evaluate`, say. */
static bool explain_name(const struct model *model, const struct parameters *offline,
                         struct explaining *e)
{
    for (size_t k = 0; k < model->registries.count; k++) {
        const struct registry *kind = &model->registries.kind[k];
        const struct member *member = registry_find(&model->registries, kind->kind, e->prefix);
        if (member) explain_member(kind->kind, member, &model->parameters, e);
    }
    for (size_t i = 0; recommenders[i]; i++)
        if (strcmp(recommenders[i]->about.name, e->prefix) == 0)
            explain_member("recommender", &recommenders[i]->about, offline, e);
    return e->shown > 0;
}

/* The member whose name is nearest to a misspelt one; NULL when none is near. */
static const char *near_member(const struct model *model, const char *name)
{
    const char *near = NULL;
    int best = (int)strlen(name) / 3 + 1;
    for (size_t k = 0; k < model->registries.count; k++)
        for (size_t m = 0; m < model->registries.kind[k].count; m++)
            near = parameters_suggest_nearer(name, model->registries.kind[k].member[m]->name,
                                             &best, near);
    return near;
}

static enum status complain(const struct model *model, const struct parameters *parameters,
                            const char *prefix, struct errors *errors)
{
    char near[192];
    const char *hint = parameters_suggest(parameters, prefix, near, sizeof near);
    if (!hint) hint = near_member(model, prefix);
    return errors_add(errors, STATUS_USAGE, "no parameter `%s`%s%s%s", prefix,
                      hint ? ", did you mean `" : "; `reelsim explain` lists them all",
                      hint ? hint : "", hint ? "`?" : "");
}

enum status command_explain(const struct arguments *arguments, struct errors *errors)
{
    struct model model = {0};
    struct parameters offline = {0}, sweep = {0}, targets = {0};
    const char *scenario = arguments->operand_count > 1 ? arguments->operand[1] : NULL;
    const char *prefix = arguments->operand_count ? arguments->operand[0] : "";
    enum status status = scenario_load(&model, arguments, scenario, errors);
    if (!status) status = evaluate_defaults(&offline);
    if (!status) status = sweep_defaults(&sweep);
    if (!status) status = targets_defaults(&targets);
    if (!status) {
        struct explaining e = {.prefix = prefix, .full = arguments->full};
        bool found = explain_set(&model.parameters, &e);
        bool known = explain_set(&offline, &e);
        known |= explain_set(&sweep, &e);
        known |= explain_set(&targets, &e);
        if (!found && !known && !explain_name(&model, &offline, &e))
            status = complain(&model,
                              strncmp(prefix, "eval", 4) == 0    ? &offline
                              : strncmp(prefix, "sweep", 5) == 0 ? &sweep
                              : strncmp(prefix, "calib", 5) == 0 ? &targets
                                                                 : &model.parameters,
                              prefix, errors);
    }
    parameters_free(&offline);
    parameters_free(&sweep);
    parameters_free(&targets);
    model_free(&model);
    return status;
}
