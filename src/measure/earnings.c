/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How the income of an interval is spread over the creators of a cohort.
 */
#include "earnings.h"

#include <stdlib.h>

#include "base/memory.h"
#include "weeks.h"

#define CREATOR_ROWS_MAX (UINT64_C(1) << 31)
#define TAIL 0.05

static int64_t profit_of(const struct creator *c)
{
    int64_t spent = c->produced;
    for (int i = 0; i < LEDGER_CHANNELS_MAX; i++) spent += c->spend[i];
    return creator_income(c) - spent;
}

/* What each creator has earned by now is what the next interval starts from. */
enum status earnings_mark(struct measure *self, bool warm)
{
    const struct world *w = self->world;
    for (uint32_t s = 0; s < w->shards.count; s++) {
        struct earned *earned = &self->earned[s];
        size_t n = w->creators[s].count;
        enum status status = memory_grow(&earned->row, &earned->room, n, sizeof *earned->row);
        if (status) return status;
        for (size_t r = earned->count; r < n; r++) earned->row[r] = (struct earned_row){0};
        for (size_t r = 0; r < n; r++) {
            const struct creator *c = &w->creators[s].row[r];
            earned->row[r].income = creator_income(c);
            if (!warm) continue;
            earned->row[r].profit = profit_of(c);
            earned->row[r].worked = c->worked;
        }
        earned->count = n;
    }
    return STATUS_OK;
}

struct earnings_after earnings_after(const struct measure *self, uint32_t shard, size_t row)
{
    const struct creator *c = &self->world->creators[shard].row[row];
    const struct earned *earned = &self->earned[shard];
    struct earned_row before = {0};
    if (row < earned->count) before = earned->row[row];
    return (struct earnings_after){profit_of(c) - before.profit, c->worked - before.worked};
}

enum status earnings_day(struct measure *self)
{
    const struct metric_view view = panels_view(self);
    return weeks_day(self->weeks, &view, creator_income);
}

void earnings_free(struct measure *self)
{
    if (self->weeks) weeks_free(self->weeks, self->world->shards.count);
    memory_free(self->weeks);
    for (uint32_t s = 0; self->earned && s < self->world->shards.count; s++)
        memory_free(self->earned[s].row);
    memory_free(self->earned);
}

/* Those who were here for some of the interval count. */
static bool counts(const struct measure *self, const struct creator *c)
{
    return c->left > self->from;
}

static int ascending(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

struct earnings_spread earnings_spread_of(int64_t *income, size_t n)
{
    struct earnings_spread spread = {.creators = n};
    if (!n) return spread;
    qsort(income, n, sizeof *income, ascending);
    double sum = 0, squares = 0, tail = TAIL * (double)n, left = tail < 1 ? 1 : tail;
    for (size_t i = 0; i < n; i++) sum += (double)income[i];
    spread.mean = sum / (double)n;
    for (size_t i = 0; i < n; i++) {
        double off = (double)income[i] - spread.mean;
        squares += off * off;
    }
    spread.cv = spread.mean > 0 ? sqrt(squares / (double)n) / spread.mean : 0;
    tail = left;
    for (size_t i = 0; left > 0; i++) {
        double part = left < 1 ? left : 1;
        spread.cvar += part * (double)income[i];
        left -= part;
    }
    spread.cvar /= tail;
    return spread;
}

/* All incomes of the interval, cohort by cohort; begin[k] is where cohort k's stand. */
static void sort_out(const struct measure *self, int64_t *income, size_t *begin)
{
    const struct world *w = self->world;
    for (uint32_t s = 0; s < w->shards.count; s++)
        for (size_t r = 0; r < w->creators[s].count; r++) {
            const struct creator *c = &w->creators[s].row[r];
            const struct earned *before = &self->earned[s];
            if (!counts(self, c)) continue;
            income[begin[c->cohort]++] = creator_income(c) -
                                         (r < before->count ? before->row[r].income : 0);
        }
}

enum status earnings_spread(const struct measure *self, struct earnings_spread *out)
{
    const struct world *w = self->world;
    size_t begin[INTERVAL_COHORTS] = {0}, all = 0;
    for (uint32_t s = 0; s < w->shards.count; s++)
        for (size_t r = 0; r < w->creators[s].count; r++)
            begin[w->creators[s].row[r].cohort] += counts(self, &w->creators[s].row[r]);
    for (size_t k = 0; k < self->cohort_count; k++) {
        out[k].creators = begin[k];
        begin[k] = all;
        all += out[k].creators;
    }
    int64_t *income = memory_alloc(all ? all : 1, sizeof *income);
    if (!income) return STATUS_NO_MEMORY;
    sort_out(self, income, begin);
    for (size_t k = 0; k < self->cohort_count; k++)
        out[k] = earnings_spread_of(income + begin[k] - out[k].creators, out[k].creators);
    memory_free(income);
    return STATUS_OK;
}

void earnings_visit(struct measure *self, struct visitor *v)
{
    weeks_visit(self->weeks, self->world->shards.count, v);
    for (uint32_t s = 0; s < self->world->shards.count && !v->status; s++) {
        struct earned *earned = &self->earned[s];
        uint64_t count = earned->count;
        visit_count(v, "measure.earned.count", &count, CREATOR_ROWS_MAX);
        if (!v->status && visit_loading(v)) {
            v->status = memory_grow(&earned->row, &earned->room, count, sizeof *earned->row);
            if (!v->status) earned->count = count;
        }
        if (v->status) return;
        VISIT_MONEY(v, "measure.earned.income", earned->row, earned->count, income);
        VISIT_MONEY(v, "measure.earned.profit", earned->row, earned->count, profit);
        VISIT_FIELD(v, "measure.earned.worked", earned->row, earned->count, worked);
    }
}
