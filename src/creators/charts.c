/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The public charts, and each creator's income by stream since its last review: both exist only
 * when a strategy in use asks for them.
 */
#include "base/memory.h"
#include "parts.h"

#define LATELY (28 * TIME_DAY)

enum status charts_open(struct creators *self)
{
    uint32_t needs = 0;

    for (int32_t k = 0; k < self->cohort_count; k++) needs |= self->strategy[k]->needs;
    if (needs & STRATEGY_CHARTS) {
        self->charts = memory_alloc(1, sizeof *self->charts);
        if (!self->charts) return STATUS_NO_MEMORY;
        self->charts->at = TIME_NEVER;
    }
    if (needs & STRATEGY_STREAMS) {
        self->paid = memory_alloc(self->world->shards.count, sizeof *self->paid);
        if (!self->paid) return STATUS_NO_MEMORY;
    }
    return STATUS_OK;
}

void charts_free(struct creators *self)
{
    memory_free(self->charts);
    if (!self->paid) return;
    for (uint32_t s = 0; s < self->world->shards.count; s++) memory_free(self->paid[s].row);
    memory_free(self->paid);
}

enum status charts_room(struct creators *self, uint32_t shard, size_t count)
{
    if (!self->paid) return STATUS_OK;
    struct paid_shard *paid = &self->paid[shard];
    return memory_grow(&paid->row, &paid->capacity, count, sizeof *paid->row);
}

void charts_income(struct creators *self, uint32_t shard, const struct creator *creator,
                   int64_t *since)
{
    struct paid_row *paid = &self->paid[shard].row[creator - self->world->creators[shard].row];

    for (int i = 0; i < LEDGER_STREAMS_MAX; i++) {
        since[i] = creator->income[i] - paid->income[i];
        paid->income[i] = creator->income[i];
    }
}

static bool outshines(const struct creator *c, const struct star *star)
{
    if (star->name == 0 || c->reach_mean != star->plays) return c->reach_mean > star->plays;
    return c->name < star->name;
}

static void count_in(struct chart *chart, const struct creator *c)
{
    chart->plays += (uint64_t)((double)c->reach_mean + 0.5);
    chart->creators++;
    if (!outshines(c, &chart->star)) return;
    chart->star = (struct star){.name = c->name,
                                .plays = c->reach_mean,
                                .videos_per_week = (float)production_rate(c),
                                .commercial = c->plan.commercial,
                                .exclusive = c->plan.exclusive,
                                .live = c->plan.live,
                                .price = c->plan.price};
}

void charts_close(struct creators *self)
{
    const struct world *w = self->world;
    struct charts *charts = self->charts;

    if (!charts || w->close / TIME_DAY == w->now / TIME_DAY) return;
    *charts = (struct charts){.at = w->close};
    for (uint32_t s = 0; s < w->shards.count; s++)
        for (size_t r = 0; r < w->creators[s].count; r++) {
            const struct creator *c = &w->creators[s].row[r];
            if (c->left != TIME_NEVER || !c->posts || w->close - c->posted > LATELY) continue;
            count_in(&charts->topic[c->plan.topic], c);
        }
}

static void visit_charts(struct charts *charts, struct visitor *v)
{
    struct chart *topic = charts->topic;

    VISIT_VALUE(v, "creators.charts.at", charts->at);
    VISIT_FIELD(v, "creators.charts.plays", topic, TOPICS_MAX, plays);
    VISIT_FIELD(v, "creators.charts.creators", topic, TOPICS_MAX, creators);
    VISIT_FIELD(v, "creators.charts.star", topic, TOPICS_MAX, star.name);
    VISIT_FIELD(v, "creators.charts.star.plays", topic, TOPICS_MAX, star.plays);
    VISIT_FIELD(v, "creators.charts.star.videos", topic, TOPICS_MAX, star.videos_per_week);
    VISIT_FIELD(v, "creators.charts.star.commercial", topic, TOPICS_MAX, star.commercial);
    VISIT_FIELD(v, "creators.charts.star.exclusive", topic, TOPICS_MAX, star.exclusive);
}

void charts_visit(struct creators *self, struct visitor *v)
{
    const struct world *w = self->world;

    if (self->charts) visit_charts(self->charts, v);
    if (self->charts && self->levers) {
        struct chart *topic = self->charts->topic;
        VISIT_FIELD(v, "creators.charts.star.live", topic, TOPICS_MAX, star.live);
        VISIT_FIELD(v, "creators.charts.star.price", topic, TOPICS_MAX, star.price);
    }
    if (!self->paid) return;
    for (uint32_t s = 0; s < w->shards.count && !v->status; s++) {
        size_t count = w->creators[s].count;
        if (visit_loading(v)) v->status = charts_room(self, s, count);
        if (!v->status) VISIT_MONEY(v, "creators.paid", self->paid[s].row, count, income);
    }
}
