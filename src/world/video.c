/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "world/video.h"

#include <string.h>

#include "base/memory.h"

#define VIDEO_ROWS_MAX (UINT64_C(1) << 31)

void video_shard_free(struct video_shard *self)
{
    memory_free(self->row);
    memory_free(self->counter);
    memory_free(self->feature);
    memory_free(self->free_row);
    *self = (struct video_shard){0};
}

/* The arrays share one capacity: each grows from the same one, which moves only when all have.
 */
static enum status reserve(struct video_shard *self, size_t need)
{
    size_t rows = self->capacity, counters = self->capacity, features = self->capacity;
    enum status status = memory_grow(&self->row, &rows, need, sizeof(*self->row));
    if (!status) status = memory_grow(&self->counter, &counters, need, sizeof(*self->counter));
    if (!status) status = memory_grow(&self->feature, &features, need, sizeof(*self->feature));
    if (!status) self->capacity = rows;
    return status;
}

uint32_t video_add(struct video_shard *self)
{
    uint32_t row;
    uint8_t uses = 0;
    if (self->free_count > 0) {
        row = self->free_row[--self->free_count];
        uses = (uint8_t)(self->counter[row].uses + 1);
    } else {
        if (reserve(self, self->count + 1)) return ENTITY_NONE;
        row = (uint32_t)self->count++;
    }
    self->row[row] = (struct video){0};
    self->counter[row] = (struct video_counters){.state = VIDEO_PENDING,
                                                 .removed_day = INT16_MIN,
                                                 .uses = uses,
                                                 .ordinal = (uint32_t)self->published++};
    self->feature[row] = (struct packed16){{0}};
    return row;
}

/* The stack has room for every row: it grows by the table's capacity, so that it seldom does.
 */
void video_release(struct video_shard *self, uint32_t row)
{
    require(row < self->count && self->counter[row].state != VIDEO_FREE);
    if (memory_grow(&self->free_row, &self->free_capacity, self->free_count + 1,
                    sizeof(*self->free_row)))
        return; /* the row is lost to reuse, nothing else */
    self->counter[row].state = VIDEO_FREE;
    self->free_row[self->free_count++] = row;
}

/* Those that were met are of no state meanwhile. */
bool video_rows_once(struct video_shard *self, const uint32_t *row, size_t n,
                     enum video_state state)
{
    size_t met = 0;
    while (met < n && row[met] < self->count && self->counter[row[met]].state == state)
        self->counter[row[met++]].state = UINT8_MAX;
    for (size_t i = 0; i < met; i++) self->counter[row[i]].state = (uint8_t)state;
    return met == n;
}

static void visit_truth(struct video_shard *self, struct visitor *v)
{
    struct video *rows = self->row;
    size_t n = self->count;
    VISIT_FIELD(v, "videos.content", rows, n, content);
    VISIT_FIELD(v, "videos.name", rows, n, name);
    VISIT_FIELD(v, "videos.creator", rows, n, creator);
    VISIT_FIELD(v, "videos.duration_ms", rows, n, duration_ms);
    VISIT_FIELD(v, "videos.quality", rows, n, quality);
    VISIT_FIELD(v, "videos.hook", rows, n, hook);
    VISIT_FIELD(v, "videos.commercial", rows, n, commercial);
    VISIT_FIELD(v, "videos.topic", rows, n, topic);
    VISIT_FIELD(v, "videos.format", rows, n, format);
    VISIT_FIELD(v, "videos.flags", rows, n, flags);
    VISIT_FIELD(v, "videos.cohort", rows, n, cohort);
}

static void visit_counters(struct video_shard *self, struct visitor *v)
{
    struct video_counters *rows = self->counter;
    size_t n = self->count;
    VISIT_FIELD(v, "videos.published", rows, n, published);
    VISIT_FIELD(v, "videos.pooled", rows, n, pooled);
    VISIT_FIELD(v, "videos.heated", rows, n, heated);
    VISIT_FIELD(v, "videos.due", rows, n, due);
    VISIT_FIELD(v, "videos.watch_ms", rows, n, watch_ms);
    VISIT_FIELD(v, "videos.impressions", rows, n, impressions);
    VISIT_FIELD(v, "videos.plays_7s", rows, n, plays_7s);
    VISIT_FIELD(v, "videos.plays_18s", rows, n, plays_18s);
    VISIT_FIELD(v, "videos.completions", rows, n, completions);
    VISIT_FIELD(v, "videos.likes", rows, n, likes);
    VISIT_FIELD(v, "videos.comments", rows, n, comments);
    VISIT_FIELD(v, "videos.shares", rows, n, shares);
    VISIT_FIELD(v, "videos.follows", rows, n, follows);
    VISIT_FIELD(v, "videos.hides", rows, n, hides);
    VISIT_FIELD(v, "videos.reports", rows, n, reports);
    VISIT_FIELD(v, "videos.paid_impressions", rows, n, paid_impressions);
    VISIT_FIELD(v, "videos.pool_impressions", rows, n, pool_impressions);
    VISIT_FIELD(v, "videos.pool_paid", rows, n, pool_paid);
    VISIT_FIELD(v, "videos.pool_score", rows, n, pool_score);
    VISIT_FIELD(v, "videos.heat", rows, n, heat);
    VISIT_FIELD(v, "videos.guaranteed", rows, n, guaranteed);
    VISIT_FIELD(v, "videos.ordinal", rows, n, ordinal);
    VISIT_FIELD(v, "videos.uses", rows, n, uses);
    VISIT_FIELD(v, "videos.removed_day", rows, n, removed_day);
    VISIT_FIELD(v, "videos.pool", rows, n, pool);
    VISIT_FIELD(v, "videos.state", rows, n, state);
    VISIT_FIELD(v, "videos.marks", rows, n, marks);
}

/* Sizes first; a loading visitor then finds room for the columns. */
static void visit_sizes(struct video_shard *self, struct visitor *v)
{
    uint64_t count = self->count, free_count = self->free_count, active = self->active;
    visit_count(v, "videos.count", &count, VIDEO_ROWS_MAX);
    visit_count(v, "videos.free_count", &free_count, VIDEO_ROWS_MAX);
    visit_count(v, "videos.active", &active, VIDEO_ROWS_MAX);
    VISIT_VALUE(v, "videos.ever", self->published);
    if (v->status || !visit_loading(v)) return;
    if (free_count > count || active > count) {
        v->status = STATUS_BAD_INPUT;
        return;
    }
    v->status = reserve(self, count);
    if (!v->status)
        v->status = memory_grow(&self->free_row, &self->free_capacity, free_count,
                                sizeof(*self->free_row));
    if (v->status) return;
    self->count = count;
    self->free_count = free_count;
    self->active = active;
}

void video_shard_visit(struct video_shard *self, struct visitor *v)
{
    visit_sizes(self, v);
    if (v->status) return;
    visit_truth(self, v);
    visit_counters(self, v);
    VISIT_FIELD(v, "videos.feature", self->feature, self->count, lane);
    VISIT_ARRAY(v, "videos.free_row", self->free_row, self->free_count);
    if (visit_loading(v) && !v->status &&
        !video_rows_once(self, self->free_row, self->free_count, VIDEO_FREE))
        v->status = STATUS_BAD_INPUT;
}
