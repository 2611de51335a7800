/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/gather.h"

#include <fnmatch.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "experiment/claim.h"
#include "experiment/kept.h"

struct gathering {
    const struct gather_options *options;
    FILE *to;
    char **metric; /* owned; columns of a wide table */
    size_t metrics, room;
};

enum status gather_each(const struct plan *plan, gather_trial each, void *context,
                        struct gather_counts *counts, struct errors *errors)
{
    struct plan_walk walk = {0};
    struct kept kept = {0};
    bool more = true;
    enum status status = plan_begin(&walk, plan, errors);
    *counts = (struct gather_counts){0};
    while (!status) {
        struct figures figures = {0};
        status = plan_next(&walk, &more, errors);
        if (status || !more) break;
        status = kept_read(&kept, &walk, errors);
        counts->done += kept.state == TRIAL_DONE;
        counts->failed += kept.state == TRIAL_FAILED;
        counts->absent += kept.state == TRIAL_ABSENT;
        if (!status && kept.state == TRIAL_DONE)
            status = kept_figures(&kept, &walk, &figures, errors);
        if (!status && kept.state != TRIAL_ABSENT)
            status = each(context, &walk, &kept, &figures);
        figures_free(&figures);
    }
    kept_free(&kept);
    plan_end(&walk);
    return status;
}

static void write_heads(FILE *to, const struct plan_walk *walk)
{
    fputs("point,replicate", to);
    for (size_t i = 0; i < plan_axes(walk); i++) {
        putc(',', to);
        plan_field(to, plan_axis(walk, i));
    }
}

static void write_place(FILE *to, const struct plan_walk *walk)
{
    fprintf(to, "%" PRIu64 ",%" PRIu64, walk->point, walk->replicate);
    for (size_t i = 0; i < plan_axes(walk); i++) {
        putc(',', to);
        plan_field(to, plan_value(walk, i));
    }
}

static void write_number(FILE *to, double value)
{
    putc(',', to);
    if (isfinite(value)) fprintf(to, "%.9g", value);
}

/* The heads alone: of a sweep none of whose trials is done, too. */
static enum status write_header(const struct plan *plan, FILE *to, const char *rest,
                                struct errors *errors)
{
    struct plan_walk walk = {0};
    enum status status = plan_begin(&walk, plan, errors);
    if (!status) {
        write_heads(to, &walk);
        fputs(rest, to);
    }
    plan_end(&walk);
    return status;
}

/* ------------------------------------------------------------------------------- the tables
 */

bool gather_wants(const char *patterns, const char *name)
{
    char pattern[400];
    if (!patterns) return true;
    for (const char *at = patterns; *at; at += *at == ',') {
        size_t length = strcspn(at, ",");
        snprintf(pattern, sizeof pattern, "%.*s", (int)length, at);
        if (fnmatch(pattern, name, 0) == 0) return true;
        at += length;
    }
    return false;
}

#define PATTERNS_MOST 64

/* Patterns that have fitted nothing so far, in order; returns how many. Those are kept that fit
 * none of the trial's figures. */
static size_t keep_unfitted(char pattern[PATTERNS_MOST][400], size_t n,
                            const struct figures *figures)
{
    size_t left = 0;
    for (size_t k = 0; k < n; k++) {
        bool fits = false;
        for (size_t i = 0; i < figures->count && !fits; i++)
            fits = fnmatch(pattern[k], figures->name[i], 0) == 0;
        if (!fits) memmove(pattern[left++], pattern[k], sizeof pattern[k]);
    }
    return left;
}

enum status gather_check(const struct plan *plan, const char *patterns, struct errors *errors)
{
    struct plan_walk walk = {0};
    struct kept kept = {0};
    char pattern[PATTERNS_MOST][400];
    size_t left = 0;
    bool more = true, done = false;
    for (const char *at = patterns ? patterns : ""; *at && left < PATTERNS_MOST;
         at += *at == ',') {
        size_t length = strcspn(at, ",");
        snprintf(pattern[left++], sizeof pattern[0], "%.*s", (int)length, at);
        at += length;
    }
    enum status status = left ? plan_begin(&walk, plan, errors) : STATUS_OK;
    while (!status && left) {
        struct figures figures = {0};
        status = plan_next(&walk, &more, errors);
        if (status || !more) break;
        status = kept_read(&kept, &walk, errors);
        if (status || kept.state != TRIAL_DONE) continue;
        status = kept_figures(&kept, &walk, &figures, errors);
        if (!status) left = keep_unfitted(pattern, left, &figures);
        figures_free(&figures);
        done = true;
    }
    kept_free(&kept);
    plan_end(&walk);
    for (size_t k = 0; k < left && done && (!status || status == STATUS_USAGE); k++)
        status = errors_add(errors, STATUS_USAGE,
                            "--metric %s: no trial has it; `reelsim gather` without it lists "
                            "what they have",
                            pattern[k]);
    return status;
}

static enum status write_long(void *context, const struct plan_walk *walk,
                              const struct kept *kept, const struct figures *figures)
{
    struct gathering *self = context;
    (void)kept;
    for (size_t i = 0; i < figures->count; i++) {
        if (!gather_wants(self->options->metrics, figures->name[i])) continue;
        write_place(self->to, walk);
        putc(',', self->to);
        plan_field(self->to, figures->name[i]);
        write_number(self->to, figures->value[i]);
        putc('\n', self->to);
    }
    return ferror(self->to) ? STATUS_IO : STATUS_OK;
}

/* Ordinal of a column, looked for from where the last one was: mostly it is the next. */
static size_t find_column(const struct gathering *self, const char *name, size_t from)
{
    for (size_t i = 0; i < self->metrics; i++) {
        size_t at = (from + i) % self->metrics;
        if (strcmp(self->metric[at], name) == 0) return at;
    }
    return self->metrics;
}

static enum status note_columns(void *context, const struct plan_walk *walk,
                                const struct kept *kept, const struct figures *figures)
{
    struct gathering *self = context;
    (void)walk;
    (void)kept;
    size_t at = 0;
    for (size_t i = 0; i < figures->count; i++) {
        if (!gather_wants(self->options->metrics, figures->name[i])) continue;
        at = find_column(self, figures->name[i], at);
        if (at++ < self->metrics) continue;
        enum status status = memory_grow(&self->metric, &self->room, self->metrics + 1,
                                         sizeof *self->metric);
        if (status) return status;
        self->metric[self->metrics] = strdup(figures->name[i]);
        if (!self->metric[self->metrics]) return STATUS_NO_MEMORY;
        self->metrics++;
    }
    return STATUS_OK;
}

static enum status write_wide(void *context, const struct plan_walk *walk,
                              const struct kept *kept, const struct figures *figures)
{
    struct gathering *self = context;
    if (kept->state != TRIAL_DONE) return STATUS_OK;
    double *row = memory_alloc(self->metrics, sizeof *row);
    if (!row) return STATUS_NO_MEMORY;
    for (size_t c = 0; c < self->metrics; c++) row[c] = NAN;
    for (size_t i = 0, at = 0; i < figures->count && self->metrics; i++) {
        at = find_column(self, figures->name[i], at);
        if (at < self->metrics) row[at++] = figures->value[i];
    }
    write_place(self->to, walk);
    for (size_t c = 0; c < self->metrics; c++) write_number(self->to, row[c]);
    putc('\n', self->to);
    memory_free(row);
    return ferror(self->to) ? STATUS_IO : STATUS_OK;
}

static enum status gather_wide(struct gathering *self, struct gather_counts *counts,
                               struct errors *errors)
{
    const struct plan *plan = self->options->plan;
    enum status status = gather_each(plan, note_columns, self, counts, errors);
    if (!status) status = write_header(plan, self->to, "", errors);
    for (size_t c = 0; c < self->metrics && !status; c++) {
        putc(',', self->to);
        plan_field(self->to, self->metric[c]);
    }
    if (status) return status;
    putc('\n', self->to);
    return gather_each(plan, write_wide, self, counts, errors);
}

enum status gather_table(const struct gather_options *options, FILE *to,
                         struct gather_counts *counts, struct errors *errors)
{
    struct gathering self = {.options = options, .to = to};
    enum status status;
    if (options->wide) {
        status = gather_wide(&self, counts, errors);
    } else {
        status = write_header(options->plan, to, ",metric,value\n", errors);
        if (!status) status = gather_each(options->plan, write_long, &self, counts, errors);
    }
    for (size_t c = 0; c < self.metrics; c++) free(self.metric[c]);
    memory_free(self.metric);
    return status;
}

static enum status write_failure(void *context, const struct plan_walk *walk,
                                 const struct kept *kept, const struct figures *figures)
{
    struct gathering *self = context;
    struct trial_failure why;
    (void)figures;
    if (kept->state != TRIAL_FAILED) return STATUS_OK;
    trial_failure_parse(kept->failed, &why);
    write_place(self->to, walk);
    fprintf(self->to, ",%d,", why.exit_code);
    if (why.seed >= 0) fprintf(self->to, "%" PRId64, why.seed);
    putc(',', self->to);
    plan_field(self->to, why.message);
    putc('\n', self->to);
    return ferror(self->to) ? STATUS_IO : STATUS_OK;
}

enum status gather_failed(const struct plan *plan, FILE *to, struct errors *errors)
{
    const struct gather_options options = {.plan = plan};
    struct gathering self = {.options = &options, .to = to};
    struct gather_counts counts;
    enum status status = write_header(plan, to, ",exit,seed,message\n", errors);
    return status ? status : gather_each(plan, write_failure, &self, &counts, errors);
}

/* Packed trials have to be read. */
enum status gather_count(const struct plan *plan, struct gather_counts *counts,
                         struct errors *errors)
{
    struct plan_walk walk = {0};
    struct kept kept = {0};
    bool more = true;
    enum status status = plan_begin(&walk, plan, errors);
    *counts = (struct gather_counts){0};
    while (!status) {
        status = plan_next(&walk, &more, errors);
        if (status || !more) break;
        enum trial_state state = plan_state(&walk);
        if (walk.packed) {
            status = kept_read(&kept, &walk, errors);
            state = kept.state;
        }
        counts->done += state == TRIAL_DONE;
        counts->failed += state == TRIAL_FAILED;
        counts->absent += state == TRIAL_ABSENT;
        counts->sealed += state == TRIAL_FAILED && walk.packed;
        counts->claimed += state == TRIAL_ABSENT && walk.there && claim_is_there(walk.folder);
    }
    kept_free(&kept);
    plan_end(&walk);
    return status;
}
