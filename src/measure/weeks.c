/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "weeks.h"

#include <string.h>

#include "base/memory.h"
#include "variation.h"

#define ROWS_MOST (UINT64_C(1) << 31)

static enum status reserve(struct weeks *self, size_t n)
{
    size_t totals = self->capacity, weeks = self->capacity, known = self->capacity;
    enum status status = memory_grow(&self->total, &totals, n, sizeof *self->total);
    if (!status) status = memory_grow(&self->week, &weeks, n, sizeof *self->week);
    if (!status) status = memory_grow(&self->known, &known, n, sizeof *self->known);
    if (status) return status;
    self->capacity = known < totals ? known : totals;
    return STATUS_OK;
}

/* Those that joined in the week have no whole one yet, but for those here at the start. */
static void add_week(struct weeks *self, const struct creator_shard *creators, bool first,
                     weeks_sum sum)
{
    size_t before = self->count;
    self->count = creators->count;
    for (size_t r = 0; r < self->count; r++) {
        int64_t now = sum(&creators->row[r]);
        if (r < before || (first && creators->row[r].joined <= 0)) {
            memmove(&self->week[r][1], &self->week[r][0],
                    (WEEKS_KEPT - 1) * sizeof self->week[r][0]);
            self->week[r][0] = now - self->total[r];
            if (self->known[r] < WEEKS_KEPT) self->known[r]++;
        }
        self->total[r] = now;
    }
}

enum status weeks_day(struct weeks *self, const struct metric_view *view, weeks_sum sum)
{
    const struct world *w = view->world;
    int64_t days = view->to / TIME_DAY;
    if (days % 7) return STATUS_OK;
    for (uint32_t s = 0; s < w->shards.count; s++) {
        enum status status = reserve(&self[s], w->creators[s].count);
        if (status) return status;
        add_week(&self[s], &w->creators[s], days == 7, sum);
    }
    return STATUS_OK;
}

/* ------------------------------------------------------------------------------------- risk */

struct departures {
    double variation; /* sum over creators */
    size_t creators, weeks;
    double *departure; /* room for all weeks */
};

static void look_at(struct departures *all, const int64_t *week, size_t n)
{
    double x[WEEKS_KEPT], mean = 0;
    for (size_t i = 0; i < n; i++) {
        x[i] = (double)week[i];
        mean += x[i] / (double)n;
    }
    if (!(mean > 0)) return;
    all->variation += variation_of(x, n);
    all->creators++;
    for (size_t i = 0; i < n; i++) all->departure[all->weeks++] = x[i] / mean - 1;
}

enum status weeks_risk(const struct weeks *self, const struct world *world, int32_t cohort,
                       struct weeks_risk *out)
{
    struct departures all = {0};
    size_t room = 0;
    *out = (struct weeks_risk){0};
    for (uint32_t s = 0; s < world->shards.count; s++) room += self[s].count * WEEKS_KEPT;
    all.departure = memory_alloc(room, sizeof *all.departure);
    if (!all.departure) return STATUS_NO_MEMORY;
    for (uint32_t s = 0; s < world->shards.count; s++)
        for (size_t r = 0; r < self[s].count && r < world->creators[s].count; r++) {
            const struct creator *c = &world->creators[s].row[r];
            bool counts = cohort == WEEKS_ALL || c->cohort == cohort;
            if (counts && self[s].known[r] >= WEEKS_LEAST && c->left == TIME_NEVER)
                look_at(&all, self[s].week[r], self[s].known[r]);
        }
    out->creators = all.creators;
    if (all.creators) {
        out->cv = all.variation / (double)all.creators;
        out->cvar5 = variation_shortfall(all.departure, all.weeks, 0.05);
    }
    memory_free(all.departure);
    return STATUS_OK;
}

/* ------------------------------------------------------------------------------------ state */

void weeks_visit(struct weeks *self, uint32_t shards, struct visitor *v)
{
    for (uint32_t s = 0; s < shards; s++) {
        uint64_t n = self[s].count;
        visit_count(v, "weeks.count", &n, ROWS_MOST);
        if (visit_loading(v) && !v->status) v->status = reserve(&self[s], (size_t)n);
        if (v->status) return;
        self[s].count = (size_t)n;
        VISIT_ARRAY(v, "weeks.total", self[s].total, (size_t)n);
        VISIT_ARRAY(v, "weeks.week", self[s].week, (size_t)n);
        VISIT_ARRAY(v, "weeks.known", self[s].known, (size_t)n);
        for (size_t r = 0; visit_loading(v) && !v->status && r < n; r++)
            if (self[s].known[r] > WEEKS_KEPT) v->status = STATUS_BAD_INPUT;
    }
}

void weeks_free(struct weeks *self, uint32_t shards)
{
    for (uint32_t s = 0; s < shards; s++) {
        memory_free(self[s].total);
        memory_free(self[s].week);
        memory_free(self[s].known);
    }
}
