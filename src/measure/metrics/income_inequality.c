/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How unequally income falls on the creators who are here.
 */
#include "measure/inequality.h"
#include "measure/metric.h"

static const struct column columns[] = {
    {"gini_income", "1", "Gini coefficient of income to date over active creators who posted"},
    {"top1_share_income", "1", "share of that income that the top 1 % of creators hold"},
    {"top10_share_income", "1", "share of that income that the top 10 % of creators hold"},
};

static size_t collect(const struct world *world, uint64_t *out)
{
    size_t n = 0;
    for (uint32_t s = 0; s < world->shards.count; s++) {
        const struct creator_shard *creators = &world->creators[s];
        for (size_t r = 0; r < creators->count; r++) {
            const struct creator *c = &creators->row[r];
            if (c->left != TIME_NEVER || c->posts == 0) continue;
            int64_t income = creator_income(c);
            if (out) out[n] = income > 0 ? (uint64_t)income : 0;
            n++;
        }
    }
    return n;
}

static void sample(void *states, const struct metric_view *view, struct cell *cells)
{
    (void)states;
    metric_fault(view, inequality_sample(view->world, collect, cells));
}

const struct metric metric_income_inequality = {
    .about = {.name = "income_inequality",
              .doc = "Gini coefficient and top share of income over active creators",
              .reference = "Gini 1912"},
    .columns = columns,
    .column_count = sizeof columns / sizeof columns[0],
    .sample = sample,
};
