/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How uncertain a creator's income is: the coefficient of variation of its weekly income over
 * the last eight weeks (four at least), in the mean over creators who earn; and over all their
 * weeks the expected shortfall, what the worst 5 % of weeks bring against a creator's mean week
 * (Rockafellar & Uryasev 2000). -1 = nothing at all.
 */
#include "base/memory.h"
#include "measure/metric.h"
#include "measure/variation.h"
#include "measure/weeks.h"

#define WEEKS_LEAST 4

static const struct column columns[] = {
    {"income_cv", "1",
     "coefficient of variation of weekly income over the last 8 weeks, mean over creators here "
     "who earned; empty before week 4"},
    {"income_cvar5", "1",
     "mean of the worst 5 % of these weeks as a relative departure from the creator's mean"},
};

struct volatility {
    double variation; /* sum over creators */
    size_t creators, weeks;
    double *departure; /* owned; room for all weeks */
};

static void look_at(struct volatility *v, const int64_t *week, size_t n)
{
    double x[WEEKS_KEPT], mean = 0;
    for (size_t i = 0; i < n; i++) {
        x[i] = (double)week[i];
        mean += x[i] / (double)n;
    }
    if (!(mean > 0)) return;
    v->variation += variation_of(x, n);
    v->creators++;
    for (size_t i = 0; i < n; i++) v->departure[v->weeks++] = x[i] / mean - 1;
}

static enum status day(void *states, const struct metric_view *view)
{
    return weeks_day(states, view, creator_income);
}

static void sample(void *states, const struct metric_view *view, struct cell *cells)
{
    const struct weeks *all = states;
    const struct world *w = view->world;
    struct volatility v = {0};
    size_t room = 0;
    cells[0] = cells[1] = cell_empty();
    for (uint32_t s = 0; s < w->shards.count; s++) room += all[s].count * WEEKS_KEPT;
    v.departure = memory_alloc(room, sizeof *v.departure);
    if (!v.departure) {
        metric_fault(view, STATUS_NO_MEMORY);
        return;
    }
    for (uint32_t s = 0; s < w->shards.count; s++)
        for (size_t r = 0; r < all[s].count; r++)
            if (all[s].known[r] >= WEEKS_LEAST && w->creators[s].row[r].left == TIME_NEVER)
                look_at(&v, all[s].week[r], all[s].known[r]);
    if (v.creators) {
        cells[0] = cell_float(v.variation / (double)v.creators);
        cells[1] = cell_float(variation_shortfall(v.departure, v.weeks, 0.05));
    }
    memory_free(v.departure);
}

static void visit(void *states, uint32_t shards, struct visitor *v)
{
    weeks_visit(states, shards, v);
}

static void release(void *states, uint32_t shards) { weeks_free(states, shards); }

const struct metric metric_income_volatility = {
    .about = {.name = "income_volatility",
              .doc = "coefficient of variation and expected shortfall of weekly income",
              .reference = "Rockafellar & Uryasev 2000",
              .state_size = sizeof(struct weeks)},
    .columns = columns,
    .column_count = sizeof columns / sizeof columns[0],
    .day = day,
    .sample = sample,
    .visit = visit,
    .close = release,
};
