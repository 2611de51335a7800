/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rows of cohorts.csv: what each creator cohort did, reached and earned in an interval.
 */
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "parts.h"

/* Of one cohort, from one pass over the creators. */
struct standing {
    struct cohort_totals totals;
    uint64_t active, joined, left, followers;
    int64_t balance;
};

const char *cohorts_name(const struct measure *self, uint8_t cohort)
{
    char path[64];
    struct parameter at;
    snprintf(path, sizeof path, "creators.cohorts[%u].name", cohort);
    return parameters_find(self->world->parameters, path, &at) ? at.value : "all";
}

enum status cohorts_init(struct measure *self)
{
    int32_t n = parameters_count(self->world->parameters, "creators.cohorts");
    self->cohort_count = n > 0 ? (size_t)n : 1;
    self->cohort = memory_alloc(self->cohort_count, sizeof *self->cohort);
    return self->cohort ? STATUS_OK : STATUS_NO_MEMORY;
}

static void count_creator(const struct measure *self, const struct creator *c,
                          struct standing *standing)
{
    standing->active += c->left == TIME_NEVER;
    standing->joined += c->joined > self->from && c->joined <= self->world->close;
    standing->left += c->left > self->from && c->left <= self->world->close;
    standing->followers += c->followers;
    standing->balance += c->balance;
    standing->totals.posts += c->posts;
    for (size_t i = 0; i < LEDGER_STREAMS_MAX; i++) standing->totals.income[i] += c->income[i];
    for (size_t i = 0; i < LEDGER_CHANNELS_MAX; i++) standing->totals.spend[i] += c->spend[i];
}

static struct standing *count_all(const struct measure *self)
{
    const struct world *w = self->world;
    struct standing *all = memory_alloc(self->cohort_count, sizeof *all);
    for (uint32_t s = 0; all && s < w->shards.count; s++)
        for (size_t r = 0; r < w->creators[s].count; r++) {
            const struct creator *c = &w->creators[s].row[r];
            require(c->cohort < self->cohort_count);
            count_creator(self, c, &all[c->cohort]);
        }
    return all;
}

enum status cohorts_begin(struct measure *self)
{
    struct standing *all = count_all(self);
    if (!all) return STATUS_NO_MEMORY;
    for (size_t k = 0; k < self->cohort_count; k++) self->cohort[k] = all[k].totals;
    memory_free(all);
    return STATUS_OK;
}

static enum status emit_one(struct measure *self, size_t k, const struct standing *now,
                            const struct interval *interval)
{
    const struct cohort_totals *before = &self->cohort[k];
    struct cell cells[MEASURE_COLUMNS_MAX];
    size_t n = 0;
    int64_t income = 0;
    for (size_t i = 0; i < LEDGER_STREAMS_MAX; i++)
        income += now->totals.income[i] - before->income[i];
    cells[n++] = cell_float((double)self->from / (double)TIME_DAY);
    cells[n++] = cell_text(cohorts_name(self, (uint8_t)k));
    cells[n++] = cell_int((int64_t)now->active);
    cells[n++] = cell_int((int64_t)now->joined);
    cells[n++] = cell_int((int64_t)now->left);
    cells[n++] = cell_int((int64_t)(now->totals.posts - before->posts));
    cells[n++] = cell_int((int64_t)now->followers);
    cells[n++] = cell_int((int64_t)interval->cohort_impressions[k]);
    cells[n++] = cell_float(measure_hours(interval->cohort_watch_ms[k]));
    cells[n++] = cell_money(income);
    cells[n++] = cell_money(now->balance);
    for (size_t i = 0; i < self->services.stream_count; i++)
        cells[n++] = cell_money(now->totals.income[i] - before->income[i]);
    for (size_t i = 0; i < self->services.channel_count; i++)
        cells[n++] = cell_money(now->totals.spend[i] - before->spend[i]);
    require(n == self->cohorts_count);
    return measure_emit(self, TABLE_COHORTS, cells, n);
}

enum status cohorts_emit(struct measure *self, const struct interval *interval)
{
    enum status status = STATUS_OK;
    struct standing *all = count_all(self);
    if (!all) return STATUS_NO_MEMORY;
    for (size_t k = 0; k < self->cohort_count && !status; k++) {
        status = emit_one(self, k, &all[k], interval);
        self->cohort[k] = all[k].totals;
    }
    memory_free(all);
    return status;
}

void cohorts_visit(struct measure *self, struct visitor *v)
{
    struct cohort_totals *all = self->cohort;
    VISIT_FIELD(v, "measure.cohort_posts", all, self->cohort_count, posts);
    VISIT_FIELD(v, "measure.cohort_income", all, self->cohort_count, income);
    VISIT_FIELD(v, "measure.cohort_spend", all, self->cohort_count, spend);
}
