/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * reelsim list [KIND]: everything that can be swapped, with its source.
 * reelsim list columns: every column of every table that a run leaves, as docs/CODEBOOK.md.
 */
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "measure/measure.h"
#include "recommend/recommender.h"

static void list_kind(const struct registry *kind)
{
    printf("%s\n", kind->kind);
    for (size_t m = 0; m < kind->count; m++) {
        const struct member *member = kind->member[m];
        printf("  %-20s %s", member->name, member->doc);
        if (member->reference && strcmp(member->reference, "none"))
            printf(" [%s]", member->reference);
        printf("\n");
    }
}

/* Those of `reelsim evaluate`, which no scenario chooses from. */
static void list_recommenders(void)
{
    const struct member *member[64];
    struct registry kind = {.kind = "recommender", .member = member};
    while (recommenders[kind.count] && kind.count < 64) {
        member[kind.count] = &recommenders[kind.count]->about;
        kind.count++;
    }
    list_kind(&kind);
}

static void add_kinds(const struct model *model, char *text, size_t size)
{
    size_t used = 0;
    for (size_t k = 0; model_kind(model, k) && used < size; k++)
        used += (size_t)snprintf(text + used, size - used, "%s%s", k ? ", " : "",
                                 model_kind(model, k));
}

/* ----------------------------------------------------------------------------- the codebook */

static void print_columns(const struct column *columns, size_t n, const char *from)
{
    for (size_t c = 0; c < n; c++)
        printf("| `%s` | %s | %s%s |\n", columns[c].name, columns[c].unit,
               columns[c].definition, from);
}

/* Metrics add their columns to series.csv. */
static void print_metrics(const struct registries *registries)
{
    const struct registry *kind = registry_kind(registries, "metric");
    for (size_t m = 0; kind && m < kind->count; m++) {
        const struct metric *metric = (const struct metric *)kind->member[m];
        char from[SCHEMA_NAME_SIZE + 16];
        snprintf(from, sizeof from, " (metric `%s`)", metric->about.name);
        print_columns(metric->columns, metric->column_count, from);
    }
}

static void list_columns(const struct registries *registries)
{
    printf("# Codebook\n\nMade by `make docs` from the declarations beside the code; `reelsim "
           "list columns` prints the\nsame. Every table is a CSV with a header; those whose "
           "names end in .zst "
           "are packed (`zstdcat`, R's and pandas' readers). An empty cell is "
           "a value that there is none of. Counts and\nsums are of the row's interval, unless "
           "their definition says when. Unit 1 is a number without one;\ncurrency is the major "
           "unit of `run.currency`, exact to a millionth. Columns with `<...>` in their\nname "
           "stand for one of each in use. Columns of a metric are there when `measure.metrics` "
           "asks for it.\n");
    for (int t = 0; t < TABLES; t++) {
        const struct column *columns;
        enum table_id table = (enum table_id)t;
        printf("\n## %s\n\nA row: %s.\n\n| Column | Unit | Definition |\n|---|---|---|\n",
               table_file(table), table_meaning(table));
        for (size_t part = 0, n; (n = measure_declared(table, part, &columns)) > 0; part++)
            print_columns(columns, n, "");
        if (table == TABLE_SERIES) print_metrics(registries);
    }
}

/* "ranker" and "rankers", "strategy" and "strategies". */
static bool is_asked(const char *wanted, const char *kind)
{
    size_t n = strlen(kind);
    if (strncmp(wanted, kind, n) == 0 && (!wanted[n] || strcmp(wanted + n, "s") == 0))
        return true;
    return kind[n - 1] == 'y' && strncmp(wanted, kind, n - 1) == 0 &&
           strcmp(wanted + n - 1, "ies") == 0;
}

enum status command_list(const struct arguments *arguments, struct errors *errors)
{
    struct model model = {0};
    enum status status = scenario_load(
        &model, arguments, arguments->operand_count > 1 ? arguments->operand[1] : NULL, errors);
    if (status) return status;
    const char *wanted = arguments->operand_count ? arguments->operand[0] : NULL;
    size_t shown = wanted && strcmp(wanted, "columns") == 0;
    if (shown) list_columns(&model.registries);
    for (size_t k = 0; k < model.registries.count; k++) {
        const struct registry *kind = &model.registries.kind[k];
        if (wanted && !is_asked(wanted, kind->kind)) continue;
        if (shown++) printf("\n");
        list_kind(kind);
    }
    if (!wanted || is_asked(wanted, "recommender")) {
        if (shown++) printf("\n");
        list_recommenders();
    }
    if (!shown) {
        char kinds[512] = "";
        add_kinds(&model, kinds, sizeof kinds);
        status = errors_add(errors, STATUS_USAGE,
                            "unknown kind \"%s\", must be one of: %s, recommender, columns",
                            wanted, kinds);
    }
    model_free(&model);
    return status;
}
