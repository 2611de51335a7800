/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Do the same creators stay on top? Spearman's rank correlation of what they got in the last
 * four weeks with what they got in the four before, over creators who were here all the time: 1
 * = a fixed order, 0 = a lottery (Fields & Ok 1999 on measures of mobility).
 */
#include <math.h>

#include "base/memory.h"
#include "measure/metric.h"
#include "measure/variation.h"
#include "measure/weeks.h"

static const struct column columns[] = {
    {"rank_correlation_income", "1",
     "rank correlation of creators' income of the last 4 weeks with that of the 4 before; "
     "empty "
     "before week 8"},
    {"rank_correlation_views", "1", "the same of impressions"},
};

struct months {
    struct weeks *income, *views; /* owned; [shards]; in the first shard's state only */
};

static int64_t views_of(const struct creator *c) { return (int64_t)c->impressions; }

static enum status open_months(void *states, uint32_t shards, const struct metric_view *view)
{
    struct months *self = states;
    (void)view;
    self->income = memory_alloc(shards, sizeof *self->income);
    self->views = memory_alloc(shards, sizeof *self->views);
    return self->income && self->views ? STATUS_OK : STATUS_NO_MEMORY;
}

static enum status day(void *states, const struct metric_view *view)
{
    struct months *self = states;
    enum status status = weeks_day(self->income, view, creator_income);
    return status ? status : weeks_day(self->views, view, views_of);
}

static size_t collect(const struct weeks *all, const struct world *w, double *last,
                      double *before)
{
    size_t n = 0;
    for (uint32_t s = 0; s < w->shards.count; s++)
        for (size_t r = 0; r < all[s].count; r++) {
            if (all[s].known[r] < WEEKS_KEPT || w->creators[s].row[r].left != TIME_NEVER)
                continue;
            last[n] = before[n] = 0;
            for (size_t i = 0; i < WEEKS_KEPT; i++)
                *(i < WEEKS_KEPT / 2 ? &last[n] : &before[n]) += (double)all[s].week[r][i];
            n++;
        }
    return n;
}

static enum status correlation(const struct weeks *all, const struct world *w,
                               struct cell *cell)
{
    size_t room = 0;
    for (uint32_t s = 0; s < w->shards.count; s++) room += all[s].count;
    double *x = memory_alloc(2 * room, sizeof *x);
    if (!x) return STATUS_NO_MEMORY;
    size_t n = collect(all, w, x, x + room);
    double found = (double)NAN;
    enum status status = variation_rank_correlation(x, x + room, n, &found);
    *cell = cell_float(found);
    memory_free(x);
    return status;
}

static void sample(void *states, const struct metric_view *view, struct cell *cells)
{
    const struct months *self = states;
    metric_fault(view, correlation(self->income, view->world, &cells[0]));
    metric_fault(view, correlation(self->views, view->world, &cells[1]));
}

static void visit(void *states, uint32_t shards, struct visitor *v)
{
    struct months *self = states;
    weeks_visit(self->income, shards, v);
    weeks_visit(self->views, shards, v);
}

static void release(void *states, uint32_t shards)
{
    struct months *self = states;
    if (self->income) weeks_free(self->income, shards);
    if (self->views) weeks_free(self->views, shards);
    memory_free(self->income);
    memory_free(self->views);
}

const struct metric metric_mobility = {
    .about = {.name = "mobility",
              .doc = "rank correlation of creators' income and views from month to month",
              .reference = "Spearman 1904; Fields & Ok 1999",
              .state_size = sizeof(struct months)},
    .columns = columns,
    .column_count = sizeof columns / sizeof columns[0],
    .open = open_months,
    .day = day,
    .sample = sample,
    .visit = visit,
    .close = release,
};
