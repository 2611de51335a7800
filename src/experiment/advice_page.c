/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page of an advice is that of a comparison, with the arms of both stages. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/version.h"
#include "experiment/advice.h"
#include "io/comparison_page.h"

#define COLUMNS 6
#define ROWS (ADVICE_ARMS_MOST + 1)
#define CELL 64

struct table {
    char text[ROWS * COLUMNS][CELL];
    const char *cell[ROWS * COLUMNS];
};

struct leaf {
    struct table table[ADVICE_STAGES];
    char title[256];
    char *answer, *scope, *reproduce; /* owned */
    struct answer_table about[ADVICE_STAGES];
    struct comparison_spread spread[COMPARISON_SPREADS];
    size_t tables, spreads;
};

static void fill(struct leaf *out, const struct advice_found *found, const char *heading)
{
    static const char *const head[COLUMNS] = {"arm",
                                              "what it is",
                                              "yuan an hour",
                                              "95 % interval",
                                              "worst 5 % of creators",
                                              "as good as the best?"};
    struct table *table = &out->table[out->tables];
    for (size_t c = 0; c < COLUMNS; c++) table->cell[c] = head[c];
    for (size_t k = 0; k < found->arms; k++) {
        const struct advice_arm *arm = &found->arm[k];
        size_t at = (k + 1) * COLUMNS;
        for (size_t c = 2; c < COLUMNS; c++) table->cell[at + c] = table->text[at + c];
        table->cell[at] = arm->name;
        table->cell[at + 1] = arm->words;
        snprintf(table->text[at + 2], CELL, "%.2f", arm->hour.mean);
        snprintf(table->text[at + 3], CELL, isnan(arm->hour.low) ? "\u2013" : "%.2f to %.2f",
                 arm->hour.low, arm->hour.high);
        snprintf(table->text[at + 4], CELL, isnan(arm->cvar) ? "\u2013" : "%.2f", arm->cvar);
        snprintf(table->text[at + 5], CELL, "%s",
                 k == 0       ? "best"
                 : arm->alike ? "cannot be told apart"
                              : "less");
        if (out->spreads < COMPARISON_SPREADS)
            out->spread[out->spreads++] = (struct comparison_spread){
                arm->name,           found->value + k * found->replications,
                found->replications, arm->hour.mean,
                arm->hour.low,       arm->hour.high};
    }
    out->about[out->tables] = (struct answer_table){
        heading,
        "What an hour worked brought, after costs, in the model world: mean over the runs with "
        "its interval, and the mean of the 5 % of creators who did worst (CVaR).",
        table->cell, COLUMNS, found->arms + 1};
    out->tables++;
}

static enum status gather(const struct advice_page *self, struct leaf *out)
{
    const struct advice *advice = self->advice;
    size_t length = 0;
    FILE *to = open_memstream(&out->answer, &length);
    if (!to) return STATUS_NO_MEMORY;
    advice_headline(self->found, to);
    if (fclose(to) || !(to = open_memstream(&out->scope, &length))) return STATUS_NO_MEMORY;
    advice_say(advice, self->found, to);
    fputs("Each stage has a page with all its figures: streams/report.html, "
          "promotion/report.html.\n",
          to);
    if (fclose(to) || !(to = open_memstream(&out->reproduce, &length))) return STATUS_NO_MEMORY;
    fprintf(to, "%s\n\nreelsim %s (%s)\n", self->command, version_number(), version_git());
    if (fclose(to)) return STATUS_NO_MEMORY;
    snprintf(out->title, sizeof out->title, "%.120s, %g followers, %g hours a week: what pays?",
             advice->topic, advice->followers, advice->hours);
    fill(out, &self->found[ADVICE_STREAMS], "How to earn");
    if (self->found[ADVICE_PROMOTION].arms)
        fill(out, &self->found[ADVICE_PROMOTION], "Where to promote");
    return STATUS_OK;
}

enum status advice_page_write(const struct advice_page *self, struct errors *errors)
{
    struct leaf *leaf = memory_alloc(1, sizeof *leaf);
    if (!leaf) return STATUS_NO_MEMORY;
    enum status status = gather(self, leaf);
    const struct comparison_page page = {
        .folder = self->folder,
        .formats = self->formats,
        .quiet = self->quiet,
        .title = leaf->title,
        .answer = leaf->answer,
        .scope = leaf->scope,
        .metric = "profit an hour worked",
        .spread = leaf->spread,
        .spreads = leaf->spreads,
        .table = leaf->about,
        .tables = leaf->tables,
        .reproduce = leaf->reproduce,
    };
    if (!status) status = comparison_page_make(&page, errors);
    free(leaf->answer);
    free(leaf->scope);
    free(leaf->reproduce);
    memory_free(leaf);
    return status;
}
