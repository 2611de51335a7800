/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page of an advice: a picture and a table for each stage. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/version.h"
#include "experiment/advice.h"
#include "io/answer_page.h"

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
    struct answer_bars picture[ADVICE_STAGES];
    struct answer_value hour[ADVICE_STAGES][ADVICE_ARMS_MOST];
    const char *row[ADVICE_STAGES][ADVICE_ARMS_MOST];
    size_t tables;
};

static void draw(struct leaf *out, const struct advice_found *found, const char *heading)
{
    static const char *const measure = "an hour worked";
    size_t stage = out->tables;
    out->picture[stage] = (struct answer_bars){
        .name = stage ? "promotion" : "streams",
        .heading = heading,
        .caption = "What an hour worked brought, after costs: the mean over the runs, and its "
                   "95 % interval. The same people and luck stand behind all rows, so two rows "
                   "may differ for certain although their intervals overlap: the table says "
                   "which cannot be told from the best.",
        .title = stage ? "Profit an hour by way to promote (yuan)"
                       : "Profit an hour by way to earn (yuan)",
        .subtitle = "point: mean over the runs; line: its 95 % interval",
        .row = out->row[stage],
        .measure = &measure,
        .value = out->hour[stage],
        .rows = found->arms,
        .measures = 1,
        .points = true};
}

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
        out->row[out->tables][k] = arm->name;
        out->hour[out->tables][k] = (struct answer_value){arm->hour.mean, arm->hour.low,
                                                          arm->hour.high};
    }
    draw(out, found, heading);
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
    const struct answer_page page = {
        .folder = self->folder,
        .formats = self->formats,
        .quiet = self->quiet,
        .title = leaf->title,
        .answer = leaf->answer,
        .scope = leaf->scope,
        .picture = leaf->picture,
        .pictures = leaf->tables,
        .table = leaf->about,
        .tables = leaf->tables,
        .reproduce = leaf->reproduce,
    };
    if (!status) status = answer_page_make(&page, errors);
    free(leaf->answer);
    free(leaf->scope);
    free(leaf->reproduce);
    memory_free(leaf);
    return status;
}
