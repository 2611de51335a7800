/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How uncertain a creator's weekly income is.
 */
#include "measure/metric.h"
#include "measure/weeks.h"

static const struct column columns[] = {
    {"income_cv", "1",
     "coefficient of variation of weekly income over the last 8 weeks, mean over creators here "
     "who earned; empty before week 4"},
    {"income_cvar5", "1",
     "mean of the worst 5 % of these weeks as a relative departure from the creator's mean"},
};

static enum status day(void *states, const struct metric_view *view)
{
    return weeks_day(states, view, creator_income);
}

static void sample(void *states, const struct metric_view *view, struct cell *cells)
{
    struct weeks_risk risk;
    metric_fault(view, weeks_risk(states, view->world, WEEKS_ALL, &risk));
    cells[0] = risk.creators ? cell_float(risk.cv) : cell_empty();
    cells[1] = risk.creators ? cell_float(risk.cvar5) : cell_empty();
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
