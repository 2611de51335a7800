/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Can those who are new be seen? The share of the interval's impressions that fell on creators
 * who joined in the trailing 30 days, and their share of the creators who have not left.
 */
#include "base/memory.h"
#include "measure/metric.h"

#define NEW_DAYS 30

static const struct column columns[] = {
    {"new_creator_share_views", "1",
     "share of impressions on creators who joined in the trailing 30 days (not at the start)"},
    {"new_creator_share", "1", "share of them among creators who have not left"},
};

/* Impressions of each creator at the end of the last interval. */
struct reach {
    uint64_t *before; /* owned */
    size_t count, capacity;
};

struct shares {
    uint64_t views, new_views, creators, new_creators;
};

static enum status look_at(struct reach *reach, const struct creator_shard *creators,
                           sim_time since, struct shares *sum)
{
    enum status status = memory_grow(&reach->before, &reach->capacity, creators->count,
                                     sizeof *reach->before);
    if (status) return status;
    reach->count = creators->count;
    for (size_t r = 0; r < creators->count; r++) {
        const struct creator *c = &creators->row[r];
        uint64_t views = c->impressions - reach->before[r];
        bool is_new = c->joined > 0 && c->joined > since, here = c->left == TIME_NEVER;
        sum->views += views;
        sum->new_views += is_new ? views : 0;
        sum->creators += here;
        sum->new_creators += here && is_new;
        reach->before[r] = c->impressions;
    }
    return STATUS_OK;
}

static void sample(void *states, const struct metric_view *view, struct cell *cells)
{
    struct reach *all = states;
    struct shares sum = {0};
    enum status status = STATUS_OK;
    for (uint32_t s = 0; s < view->world->shards.count && !status; s++)
        status = look_at(&all[s], &view->world->creators[s], view->to - NEW_DAYS * TIME_DAY,
                         &sum);
    metric_fault(view, status);
    cells[0] = sum.views ? cell_float((double)sum.new_views / (double)sum.views) : cell_empty();
    cells[1] = sum.creators ? cell_float((double)sum.new_creators / (double)sum.creators)
                            : cell_empty();
}

static void visit(void *states, uint32_t shards, struct visitor *v)
{
    struct reach *all = states;
    for (uint32_t s = 0; s < shards; s++) {
        uint64_t n = all[s].count;
        visit_count(v, "metric.new_creators.count", &n, UINT64_C(1) << 31);
        if (visit_loading(v) && !v->status)
            v->status = memory_grow(&all[s].before, &all[s].capacity, (size_t)n,
                                    sizeof *all[s].before);
        if (v->status) return;
        all[s].count = (size_t)n;
        VISIT_ARRAY(v, "metric.new_creators.before", all[s].before, (size_t)n);
    }
}

static void release(void *states, uint32_t shards)
{
    struct reach *all = states;
    for (uint32_t s = 0; s < shards; s++) memory_free(all[s].before);
}

const struct metric metric_new_creators = {
    .about = {.name = "new_creators",
              .doc = "share of impressions on creators of the last 30 days",
              .reference = "none",
              .state_size = sizeof(struct reach)},
    .columns = columns,
    .column_count = sizeof columns / sizeof columns[0],
    .sample = sample,
    .visit = visit,
    .close = release,
};
