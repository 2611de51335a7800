/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Catalogue coverage: the share of active videos that anybody saw in the interval.
 */
#include "base/memory.h"
#include "measure/metric.h"

static const struct column columns[] = {
    {"coverage", "1", "share of active videos with an impression in the interval"},
};

struct seen {
    uint8_t *row; /* owned; a flag a video row */
    size_t capacity;
};

static void rows(void *state, const struct metric_view *view, uint32_t shard,
                 const struct impression *impressions, size_t n)
{
    struct seen *seen = state;
    if (memory_grow(&seen->row, &seen->capacity, view->world->videos[shard].count, 1)) return;
    for (size_t i = 0; i < n; i++)
        seen->row[entity_row(view->world->shards, impressions[i].video)] = 1;
}

static void sample(void *states, const struct metric_view *view, struct cell *cells)
{
    struct seen *all = states;
    uint64_t active = 0, shown = 0;
    for (uint32_t s = 0; s < view->world->shards.count; s++) {
        const struct video_shard *videos = &view->world->videos[s];
        for (size_t r = 0; r < videos->count; r++) {
            bool here = videos->counter[r].state == VIDEO_ACTIVE;
            active += here;
            shown += here && r < all[s].capacity && all[s].row[r];
        }
        for (size_t r = 0; r < all[s].capacity; r++) all[s].row[r] = 0;
    }
    cells[0] = active ? cell_float((double)shown / (double)active) : cell_empty();
}

static void visit(void *states, uint32_t shards, struct visitor *v)
{
    struct seen *all = states;
    for (uint32_t s = 0; s < shards; s++) {
        uint64_t n = all[s].capacity;
        visit_count(v, "metric.coverage.count", &n, UINT64_C(1) << 32);
        if (visit_loading(v) && !v->status &&
            memory_grow(&all[s].row, &all[s].capacity, (size_t)n, 1))
            v->status = STATUS_NO_MEMORY;
        if (!v->status) VISIT_ARRAY(v, "metric.coverage.row", all[s].row, (size_t)n);
    }
}

static void release(void *states, uint32_t shards)
{
    struct seen *all = states;
    for (uint32_t s = 0; s < shards; s++) memory_free(all[s].row);
}

const struct metric metric_coverage = {
    .about = {.name = "coverage",
              .doc = "share of active videos that anybody saw",
              .reference = "Herlocker et al. 2004",
              .state_size = sizeof(struct seen)},
    .columns = columns,
    .column_count = 1,
    .rows = rows,
    .sample = sample,
    .visit = visit,
    .close = release,
};
