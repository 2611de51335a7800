/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rows of cohorts.csv: what each creator cohort did, reached and earned in an interval.
 */
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "earnings.h"
#include "weeks.h"

/* Of one cohort, from one pass over the creators. */
struct standing {
    struct cohort_totals totals;
    uint64_t active, joined, left, initial, survivors;
    int64_t balance, waiting;
    struct earnings_spread spread;
    struct weeks_risk risk;
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
    self->earned = memory_alloc(self->world->shards.count, sizeof *self->earned);
    self->weeks = memory_alloc(self->world->shards.count, sizeof *self->weeks);
    return self->cohort && self->earned && self->weeks ? STATUS_OK : STATUS_NO_MEMORY;
}

static void count_creator(const struct measure *self, const struct creator *c,
                          struct standing *standing)
{
    standing->active += c->left == TIME_NEVER;
    standing->joined += c->joined > self->from && c->joined <= self->world->close;
    standing->left += c->left > self->from && c->left <= self->world->close;
    standing->initial += c->joined == 0;
    standing->survivors += c->joined == 0 && c->left == TIME_NEVER;
    standing->balance += c->balance;
    standing->totals.followers += c->followers;
    standing->totals.unfollows += c->unfollows;
    standing->totals.worked += c->worked;
    standing->totals.posts += c->posts;
    for (size_t i = 0; i < LEDGER_STREAMS_MAX; i++) standing->totals.income[i] += c->income[i];
    for (size_t i = 0; i < LEDGER_CHANNELS_MAX; i++) standing->totals.spend[i] += c->spend[i];
    standing->totals.produced += c->produced;
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
    return earnings_mark(self, true);
}

static int64_t change(const int64_t *now, const int64_t *before, size_t n)
{
    int64_t sum = 0;
    for (size_t i = 0; i < n; i++) sum += now[i] - before[i];
    return sum;
}

/* Empty where there is nothing to be a share of. */
static struct cell share(double part, double whole)
{
    return whole > 0 ? cell_float(part / whole) : cell_empty();
}

/* What the cohort's creators make of their work, and how their audience takes it. */
static size_t add_success(const struct measure *self, size_t k, const struct standing *now,
                          const struct interval *interval, struct cell *cells)
{
    const struct cohort_totals *before = &self->cohort[k];
    int64_t income = change(now->totals.income, before->income, LEDGER_STREAMS_MAX);
    int64_t produced = now->totals.produced - before->produced;
    int64_t costs = change(now->totals.spend, before->spend, LEDGER_CHANNELS_MAX) + produced;
    double hours = now->totals.worked - before->worked;
    double shown = (double)interval->cohort_impressions[k];
    size_t n = 0;
    cells[n++] = cell_float(hours);
    cells[n++] = cell_money(costs);
    cells[n++] = cell_money(produced);
    cells[n++] = share((double)(income - costs) / (double)MICRO, hours);
    cells[n++] = now->spread.creators ? cell_float(now->spread.cv) : cell_empty();
    cells[n++] = now->spread.creators ? cell_float(now->spread.cvar / (double)MICRO)
                                      : cell_empty();
    cells[n++] = now->risk.creators ? cell_float(now->risk.cv) : cell_empty();
    cells[n++] = now->risk.creators ? cell_float(now->risk.cvar5) : cell_empty();
    cells[n++] = share((double)now->survivors, (double)now->initial);
    cells[n++] = share((double)interval->cohort_completions[k], shown);
    cells[n++] = share((double)interval->cohort_hides[k], shown);
    cells[n++] = cell_int(interval->cohort_viewers[k].now);
    cells[n++] = share((double)interval->cohort_pleasure[k] / (double)RECEPTION_UNIT, shown);
    cells[n++] = share(interval->cohort_viewers[k].again, interval->cohort_viewers[k].before);
    cells[n++] = share((double)(now->totals.unfollows - before->unfollows),
                       (double)before->followers);
    cells[n++] = share((double)now->waiting * (double)(self->world->close - self->from) /
                           (double)TIME_DAY,
                       (double)income);
    return n;
}

static enum status emit_one(struct measure *self, size_t k, const struct standing *now,
                            const struct interval *interval)
{
    const struct cohort_totals *before = &self->cohort[k];
    struct cell cells[MEASURE_COLUMNS_MAX];
    size_t n = 0;
    cells[n++] = cell_float((double)self->from / (double)TIME_DAY);
    cells[n++] = cell_text(cohorts_name(self, (uint8_t)k));
    cells[n++] = cell_int((int64_t)now->active);
    cells[n++] = cell_int((int64_t)now->joined);
    cells[n++] = cell_int((int64_t)now->left);
    cells[n++] = cell_int((int64_t)(now->totals.posts - before->posts));
    cells[n++] = cell_int((int64_t)now->totals.followers);
    cells[n++] = cell_int((int64_t)interval->cohort_impressions[k]);
    cells[n++] = cell_float(measure_hours(interval->cohort_watch_ms[k]));
    cells[n++] = cell_money(change(now->totals.income, before->income, LEDGER_STREAMS_MAX));
    cells[n++] = cell_money(now->balance);
    n += add_success(self, k, now, interval, cells + n);
    for (size_t i = 0; i < self->services.stream_count; i++)
        cells[n++] = cell_money(now->totals.income[i] - before->income[i]);
    for (size_t i = 0; i < self->services.channel_count; i++)
        cells[n++] = cell_money(now->totals.spend[i] - before->spend[i]);
    require(n == self->cohorts_count);
    return measure_emit(self, TABLE_COHORTS, cells, n);
}

enum status cohorts_emit(struct measure *self, const struct interval *interval)
{
    struct earnings_spread spread[INTERVAL_COHORTS];
    int64_t waiting[SCHEMA_NAMES_MAX] = {0};
    enum status status = earnings_spread(self, spread);
    struct standing *all = status ? NULL : count_all(self);
    if (!all) return STATUS_NO_MEMORY;
    if (self->services.waiting) self->services.waiting(self->services.revenue, waiting);
    for (size_t k = 0; k < self->cohort_count && !status; k++) {
        all[k].spread = spread[k];
        all[k].waiting = waiting[k];
        status = weeks_risk(self->weeks, self->world, (int32_t)k, &all[k].risk);
        if (!status) status = emit_one(self, k, &all[k], interval);
        self->cohort[k] = all[k].totals;
    }
    memory_free(all);
    /* Summaries count intervals that begin after the warm-up: the one that ends here did not.
     */
    bool warm = (double)self->from < self->p->warmup * (double)TIME_DAY;
    return status ? status : earnings_mark(self, warm);
}

void cohorts_visit(struct measure *self, struct visitor *v)
{
    struct cohort_totals *all = self->cohort;
    VISIT_FIELD(v, "measure.cohort_posts", all, self->cohort_count, posts);
    VISIT_FIELD(v, "measure.cohort_unfollows", all, self->cohort_count, unfollows);
    VISIT_FIELD(v, "measure.cohort_followers", all, self->cohort_count, followers);
    VISIT_FIELD(v, "measure.cohort_worked", all, self->cohort_count, worked);
    VISIT_FIELD(v, "measure.cohort_income", all, self->cohort_count, income);
    VISIT_FIELD(v, "measure.cohort_spend", all, self->cohort_count, spend);
    VISIT_FIELD(v, "measure.cohort_produced", all, self->cohort_count, produced);
    earnings_visit(self, v);
}
