/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rows about entities, and the samples of entities that metrics look at.
 */
#include <stdlib.h>

#include "base/memory.h"
#include "earnings.h"
#include "parts.h"

struct metric_view panels_view(const struct measure *self)
{
    return (struct metric_view){
        .world = self->world,
        .rank = self->services.rank,
        .truth = self->services.truth,
        .interval = self->interval,
        .from = self->from,
        .to = self->world->close,
        .panel = {self->panel, self->panel_count, self->member, self->limit, self->taste},
        .sample_videos = self->sample,
        .sample_count = self->sample_count,
        .retention = {self->days, self->joined, self->returned},
    };
}

/* One who may be on the panel. */
struct candidate {
    uint64_t name;
    uint32_t viewer;
};

/* Those with the lowest names so far, the highest of them on top (a heap). */
struct lowest {
    struct candidate *row;
    size_t count, most;
};

static void lowest_sink(struct lowest *self, size_t at, struct candidate from)
{
    for (size_t child = 2 * at + 1; child < self->count; child = 2 * at + 1) {
        if (child + 1 < self->count && self->row[child + 1].name > self->row[child].name)
            child++;
        if (self->row[child].name <= from.name) break;
        self->row[at] = self->row[child];
        at = child;
    }
    self->row[at] = from;
}

static void lowest_put(struct lowest *self, struct candidate from)
{
    if (self->count < self->most) {
        self->row[self->count++] = from;
        if (self->count == self->most)
            for (size_t at = self->most / 2; at-- > 0;) lowest_sink(self, at, self->row[at]);
    } else if (self->most && from.name < self->row[0].name) {
        lowest_sink(self, 0, from);
    }
}

static int by_number(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* A bit for each number of a viewer up to the panel's highest. */
static enum status mark_members(struct measure *self)
{
    self->limit = self->panel_count ? self->panel[self->panel_count - 1] + 1 : 0;
    memory_free(self->member);
    self->member = memory_alloc((size_t)self->limit / 64 + 1, sizeof *self->member);
    if (!self->member) return STATUS_NO_MEMORY;
    for (size_t i = 0; i < self->panel_count; i++)
        self->member[self->panel[i] / 64] |= UINT64_C(1) << self->panel[i] % 64;
    return STATUS_OK;
}

/* The viewers of the initial population with the lowest birth names: a random choice that
 * neither threads nor newcomers change. */
enum status panels_choose(struct measure *self)
{
    const struct world *w = self->world;
    size_t n = 0;
    for (uint32_t s = 0; s < w->shards.count; s++) n += w->viewers[s].count;
    struct lowest chosen = {.most = n < (size_t)self->p->panel ? n : (size_t)self->p->panel};
    chosen.row = memory_alloc(chosen.most, sizeof *chosen.row);
    if (!chosen.row) return STATUS_NO_MEMORY;
    for (uint32_t s = 0; s < w->shards.count; s++) {
        for (size_t r = 0; r < w->viewers[s].count; r++) {
            uint32_t origin = viewer_origin(&w->viewers[s], r);
            if (origin & ORIGIN_NEWCOMER) continue;
            lowest_put(&chosen, (struct candidate){viewer_birth_name(origin, false),
                                                   entity_number(w->shards, (uint32_t)r, s)});
        }
    }
    for (size_t i = 0; i < chosen.count; i++) self->panel[i] = chosen.row[i].viewer;
    self->panel_count = chosen.count;
    qsort(self->panel, chosen.count, sizeof *self->panel, by_number);
    memory_free(chosen.row);
    return mark_members(self);
}

void panels_look(struct measure *self)
{
    const struct world *w = self->world;
    for (size_t p = 0; p < self->panel_count; p++)
        if (!w->viewers[entity_shard(w->shards, self->panel[p])].elsewhere)
            self->taste[p] = world_viewer(w, self->panel[p])->taste;
    while (post_turn(w->post))
        for (size_t p = 0; p < self->panel_count; p++)
            post_bytes(w->post, entity_shard(w->shards, self->panel[p]), &self->taste[p],
                       sizeof *self->taste);
}

/* Systematic sampling: a random start, then every (n / k)-th active video in (shard, row)
 * order.
 */
void panels_sample(struct measure *self)
{
    const struct world *w = self->world;
    uint64_t active = 0, seen = 0, want = (uint64_t)self->p->sample;
    for (uint32_t s = 0; s < w->shards.count; s++) active += w->videos[s].active;
    if (want > active) want = active;
    struct stream draw = stream_open(self->key,
                                     name_of("measure.sample", (uint64_t)self->interval), 0);
    double step = want ? (double)active / (double)want : 0,
           start = stream_uniform(&draw) * step;
    self->sample_count = 0;
    for (uint32_t s = 0; s < w->shards.count; s++)
        for (size_t r = 0; r < w->videos[s].count; r++) {
            if (w->videos[s].counter[r].state != VIDEO_ACTIVE) continue;
            double next = start + (double)self->sample_count * step;
            if (seen++ != (uint64_t)next || self->sample_count == want) continue;
            self->sample[self->sample_count++] = entity_number(w->shards, (uint32_t)r, s);
        }
}

enum status panels_emit_video(struct measure *self, uint32_t shard, uint32_t row)
{
    const struct world *w = self->world;
    const struct video *v = &w->videos[shard].row[row];
    const struct video_counters *c = &w->videos[shard].counter[row];
    const struct cell cells[] = {
        cell_int(video_id(w->shards, shard, c->ordinal)),
        cell_int(v->creator),
        cell_text(cohorts_name(self, v->cohort)),
        cell_text(w->topics.topic[v->topic].name),
        c->marks & VIDEO_ENTERED ? cell_int(measure_day(c->published)) : cell_empty(),
        cell_float((double)v->duration_ms / 1000.0),
        cell_float((double)v->quality),
        cell_float((double)v->commercial),
        cell_int(c->impressions),
        cell_int(c->plays_7s),
        cell_int(c->plays_18s),
        cell_int(c->completions),
        cell_float(measure_hours(c->watch_ms)),
        cell_int(c->likes),
        cell_int(c->comments),
        cell_int(c->shares),
        cell_int(c->follows),
        cell_int(c->hides),
        cell_int(c->pool),
        c->removed_day == INT16_MIN ? cell_empty() : cell_int(c->removed_day),
        cell_int(c->paid_impressions),
        cell_int(c->reports),
    };
    return measure_emit(self, TABLE_VIDEOS, cells, sizeof cells / sizeof cells[0]);
}

void measure_pool(struct measure *self, const struct pool_verdict *verdict)
{
    const struct world *w = self->world;
    const struct video_counters *c = &w->videos[verdict->shard].counter[verdict->row];
    if (!self->p->pools) return;
    const struct cell cells[] = {
        cell_float((double)w->close / (double)TIME_DAY),
        cell_int(video_id(w->shards, verdict->shard, c->ordinal)),
        cell_int(c->pool),
        cell_float((double)c->pooled / (double)TIME_DAY),
        cell_int(c->pool_impressions),
        cell_int(c->pool_paid),
        cell_float((double)verdict->score),
        cell_int(verdict->passed),
    };
    enum status status = measure_emit(self, TABLE_POOLS, cells, sizeof cells / sizeof cells[0]);
    if (status && !self->emitted) self->emitted = status;
}

static enum status emit_creator(struct measure *self, uint32_t shard, size_t row)
{
    const struct world *w = self->world;
    const struct creator *c = &w->creators[shard].row[row];
    const struct earnings_after after = earnings_after(self, shard, row);
    struct cell cells[MEASURE_COLUMNS_MAX];
    size_t n = 0;
    cells[n++] = cell_int(entity_number(w->shards, (uint32_t)row, shard));
    cells[n++] = cell_text(cohorts_name(self, c->cohort));
    cells[n++] = cell_text(w->topics.topic[c->topic].name);
    cells[n++] = cell_int(measure_day(c->joined));
    cells[n++] = c->left == TIME_NEVER ? cell_empty() : cell_int(measure_day(c->left));
    cells[n++] = cell_int(c->followers);
    cells[n++] = cell_int(c->posts);
    cells[n++] = cell_int((int64_t)c->impressions);
    cells[n++] = cell_float(measure_hours(c->watch_ms));
    cells[n++] = cell_float((double)c->morale);
    cells[n++] = cell_money(c->balance);
    cells[n++] = cell_money(c->produced);
    cells[n++] = cell_float(after.worked);
    cells[n++] = cell_money(after.profit);
    for (size_t i = 0; i < self->services.stream_count; i++)
        cells[n++] = cell_money(c->income[i]);
    for (size_t i = 0; i < self->services.channel_count; i++)
        cells[n++] = cell_money(c->spend[i]);
    return measure_emit(self, TABLE_CREATORS, cells, n);
}

enum status panels_emit_creators(struct measure *self)
{
    const struct world *w = self->world;
    enum status status = STATUS_OK;
    for (uint32_t s = 0; s < w->shards.count && !status; s++)
        for (size_t r = 0; r < w->creators[s].count && !status; r++)
            status = emit_creator(self, s, r);
    return status;
}
