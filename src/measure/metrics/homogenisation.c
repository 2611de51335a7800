/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How much viewers' histories overlap: the mean Jaccard index of what pairs of panel viewers
 * saw on a day (Chaney, Stewart & Engelhardt 2018, RecSys). The panel is cut into consecutive
 * pairs, which is a random pairing; a day counts when both were there. In intervals of several
 * days it is the mean over all pairs and days.
 */
#include "base/memory.h"
#include "measure/metric.h"
#include "measure/panel_log.h"

static const struct column columns[] = {
    {"homogenisation", "1",
     "mean Jaccard index of what two panel viewers saw on a day (part of a day in shorter "
     "intervals)"},
};

/* A panel viewer's videos lie in many shards. */
struct histories {
    struct panel_log log;
    double overlap; /* first shard's only: sum over the pairs looked at in the interval */
    uint64_t pairs;
};

static void rows(void *state, const struct metric_view *view, uint32_t shard,
                 const struct impression *impressions, size_t n)
{
    (void)shard;
    struct histories *self = state;
    for (size_t i = 0; i < n; i++) {
        uint32_t position = panel_index(&view->panel, impressions[i].viewer);
        if (position != PANEL_NONE) panel_log_add(&self->log, position, impressions[i].video);
    }
}

/* Two ascending lists without doubles, not both empty. */
static double jaccard(const uint64_t *a, size_t n, const uint64_t *b, size_t m)
{
    size_t i = 0, j = 0, both = 0;
    while (i < n && j < m) {
        uint32_t x = (uint32_t)a[i], y = (uint32_t)b[j];
        both += x == y;
        i += x <= y;
        j += y <= x;
    }
    return (double)both / (double)(n + m - both);
}

/* Moves one viewer's rows, each once, to the front of `to`; returns how many, and where the
 * next one's begin. */
static size_t take_viewer(const uint64_t *row, size_t n, size_t *at, uint64_t *to)
{
    size_t kept = 0, i = *at;
    for (; i < n && row[i] >> 32 == row[*at] >> 32; i++)
        if (kept == 0 || row[i] != to[kept - 1]) to[kept++] = row[i];
    *at = i;
    return kept;
}

static void look_at_pairs(uint64_t *row, size_t n, struct histories *sum)
{
    uint64_t previous = UINT64_MAX;
    const uint64_t *first = NULL;
    size_t first_count = 0;
    for (size_t at = 0; at < n;) {
        uint64_t position = row[at] >> 32, *own = row + at;
        size_t count = take_viewer(row, n, &at, own);
        if (position % 2 == 1 && previous == position - 1) {
            sum->overlap += jaccard(first, first_count, own, count);
            sum->pairs++;
        }
        previous = position;
        first = own;
        first_count = count;
    }
}

static struct panel_logs logs_of(void *states, uint32_t shards)
{
    return (struct panel_logs){states, sizeof(struct histories), shards};
}

static enum status look_at_histories(void *states, const struct metric_view *view)
{
    size_t n;
    uint64_t *row = panel_logs_take(logs_of(states, view->world->shards.count), &n);
    if (!row) return STATUS_NO_MEMORY;
    look_at_pairs(row, n, states);
    memory_free(row);
    return STATUS_OK;
}

static enum status reserve(void *states, const struct metric_view *view)
{
    return panel_logs_reserve(logs_of(states, view->world->shards.count));
}

static void sample(void *states, const struct metric_view *view, struct cell *cells)
{
    struct histories *sum = states;
    metric_fault(view, look_at_histories(states, view));
    cells[0] = sum->pairs ? cell_float(sum->overlap / (double)sum->pairs) : cell_empty();
    sum->overlap = 0;
    sum->pairs = 0;
}

static void visit(void *states, uint32_t shards, struct visitor *v)
{
    struct histories *sum = states;
    panel_logs_visit(logs_of(states, shards), v);
    VISIT_VALUE(v, "metric.homogenisation.overlap", sum->overlap);
    VISIT_VALUE(v, "metric.homogenisation.pairs", sum->pairs);
}

static void release(void *states, uint32_t shards) { panel_logs_free(logs_of(states, shards)); }

const struct metric metric_homogenisation = {
    .about = {.name = "homogenisation",
              .doc = "mean Jaccard index between viewers' histories",
              .reference = "Chaney, Stewart & Engelhardt 2018",
              .state_size = sizeof(struct histories)},
    .columns = columns,
    .column_count = 1,
    .begin = reserve,
    .rows = rows,
    .window = reserve,
    .day = look_at_histories,
    .sample = sample,
    .visit = visit,
    .close = release,
};
