/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How long creators who join stay: the product-limit estimate of the share still here 7 and 30
 * days after joining (Kaplan & Meier 1958). Only those who joined during the run count: how
 * long the others have been here is not known.
 */
#include "measure/metric.h"

static const struct column columns[] = {
    {"creator_survival_7d", "1",
     "share of creators who joined during the run still here after 7 days (Kaplan-Meier)"},
    {"creator_survival_30d", "1", "the same after 30 days"},
};

#define AGES 30 /* days */

/* By day of age: those watched through (part of) it, and those who left on it. */
struct table {
    uint64_t at_risk[AGES], left[AGES];
};

static void add_creator(struct table *table, const struct creator *c, sim_time now)
{
    bool gone = c->left != TIME_NEVER;
    int64_t stay = ((gone ? c->left : now) - c->joined) / TIME_DAY;
    for (int64_t age = 0; age < AGES && age <= stay; age++) {
        /* A day that is not over yet says nothing of those who are still here. */
        table->at_risk[age] += gone || age < stay;
        table->left[age] += gone && age == stay;
    }
}

/* Empty until somebody has been watched that long. */
static struct cell survival(const struct table *table, int days)
{
    double share = 1;
    for (int age = 0; age < days; age++) {
        if (table->at_risk[age] == 0) return cell_empty();
        share *= 1 - (double)table->left[age] / (double)table->at_risk[age];
    }
    return cell_float(share);
}

static void sample(void *states, const struct metric_view *view, struct cell *cells)
{
    const struct world *w = view->world;
    struct table table = {{0}, {0}};
    (void)states;
    for (uint32_t s = 0; s < w->shards.count; s++)
        for (size_t r = 0; r < w->creators[s].count; r++)
            if (w->creators[s].row[r].joined > 0)
                add_creator(&table, &w->creators[s].row[r], view->to);
    cells[0] = survival(&table, 7);
    cells[1] = survival(&table, 30);
}

const struct metric metric_creator_survival = {
    .about = {.name = "creator_survival",
              .doc = "share of new creators still here after 7 and 30 days",
              .reference = "Kaplan & Meier 1958"},
    .columns = columns,
    .column_count = sizeof columns / sizeof columns[0],
    .sample = sample,
};
