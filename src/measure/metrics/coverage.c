/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Catalogue coverage: the share of active videos that anybody saw in the interval. Held against
 * the counters as they were when it began, so an impression costs nothing.
 */
#include "base/memory.h"
#include "measure/metric.h"

static const struct column columns[] = {
    {"coverage", "1", "share of active videos with an impression in the interval"},
};

/* Impressions of each video row at the end of the last interval; none beyond `count`. */
struct seen {
    uint32_t *before; /* owned */
    size_t count, capacity;
};

/* A row that another video has taken over since then has that one's impressions. */
static bool was_shown(const struct seen *seen, const struct video_counters *c, size_t row,
                      sim_time from)
{
    uint32_t before = row < seen->count && c->published < from ? seen->before[row] : 0;
    return c->impressions > before;
}

static enum status note(struct seen *seen, const struct video_shard *videos)
{
    enum status status = memory_grow(&seen->before, &seen->capacity, videos->count,
                                     sizeof *seen->before);
    if (status) return status;
    seen->count = videos->count;
    for (size_t r = 0; r < videos->count; r++) seen->before[r] = videos->counter[r].impressions;
    return STATUS_OK;
}

static void sample(void *states, const struct metric_view *view, struct cell *cells)
{
    struct seen *all = states;
    uint64_t active = 0, shown = 0;
    enum status status = STATUS_OK;
    for (uint32_t s = 0; s < view->world->shards.count && !status; s++) {
        const struct video_shard *videos = &view->world->videos[s];
        for (size_t r = 0; r < videos->count; r++) {
            if (videos->counter[r].state != VIDEO_ACTIVE) continue;
            active++;
            shown += was_shown(&all[s], &videos->counter[r], r, view->from);
        }
        status = note(&all[s], videos);
    }
    metric_fault(view, status);
    cells[0] = active ? cell_float((double)shown / (double)active) : cell_empty();
}

static void visit(void *states, uint32_t shards, struct visitor *v)
{
    struct seen *all = states;
    for (uint32_t s = 0; s < shards; s++) {
        uint64_t n = all[s].count;
        visit_count(v, "metric.coverage.count", &n, UINT64_C(1) << 32);
        if (visit_loading(v) && !v->status)
            v->status = memory_grow(&all[s].before, &all[s].capacity, (size_t)n,
                                    sizeof *all[s].before);
        if (v->status) return;
        all[s].count = (size_t)n;
        VISIT_ARRAY(v, "metric.coverage.before", all[s].before, (size_t)n);
    }
}

static void release(void *states, uint32_t shards)
{
    struct seen *all = states;
    for (uint32_t s = 0; s < shards; s++) memory_free(all[s].before);
}

const struct metric metric_coverage = {
    .about = {.name = "coverage",
              .doc = "share of active videos that anybody saw",
              .reference = "Herlocker et al. 2004",
              .state_size = sizeof(struct seen)},
    .columns = columns,
    .column_count = 1,
    .sample = sample,
    .visit = visit,
    .close = release,
};
