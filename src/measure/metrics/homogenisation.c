/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How much viewers' histories overlap: the mean Jaccard index of what pairs of panel viewers
 * saw in the interval (Chaney, Stewart & Engelhardt 2018). The panel is cut into consecutive
 * pairs.
 */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "measure/metric.h"

#define HISTORY 128 /* most recent impressions kept a panel viewer */
#define PANEL_MOST 1024

static const struct column columns[] = {
    {"homogenisation", "1", "mean Jaccard index of the interval's histories of panel viewers"},
};

/* A panel viewer's videos reach many shards: each shard keeps the (viewer, video) rows that it
 * saw, and the pairs are put together at the end of the interval. */
struct seen {
    uint64_t *row; /* owned: panel index << 32 | video */
    size_t count, capacity;
};

static int compare_numbers(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static int compare_rows(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static void rows(void *state, const struct metric_view *view, uint32_t shard,
                 const struct impression *impressions, size_t n)
{
    (void)shard;
    struct seen *seen = state;
    for (size_t i = 0; i < n; i++) {
        const uint32_t *at = bsearch(&impressions[i].viewer, view->panel, view->panel_count,
                                     sizeof *view->panel, compare_numbers);
        if (!at) continue;
        if (memory_grow(&seen->row, &seen->capacity, seen->count + 1, sizeof *seen->row))
            return;
        seen->row[seen->count++] = (uint64_t)(at - view->panel) << 32 | impressions[i].video;
    }
}

/* Two ascending lists without doubles. */
static double jaccard(const uint32_t *a, size_t n, const uint32_t *b, size_t m)
{
    size_t i = 0, j = 0, both = 0;
    while (i < n && j < m) {
        both += a[i] == b[j];
        if (a[i] <= b[j]) {
            j += a[i] == b[j];
            i++;
        } else {
            j++;
        }
    }
    return n + m == both ? 0 : (double)both / (double)(n + m - both);
}

/* All rows of all shards, ascending, each once. */
static uint64_t *gather(struct seen *all, uint32_t shards, size_t *count)
{
    size_t n = 0, kept = 0;
    for (uint32_t s = 0; s < shards; s++) n += all[s].count;
    uint64_t *row = memory_alloc(n, sizeof *row);
    if (!row) return NULL;
    n = 0;
    for (uint32_t s = 0; s < shards; s++) {
        if (all[s].count) memcpy(row + n, all[s].row, all[s].count * sizeof *row);
        n += all[s].count;
        all[s].count = 0;
    }
    qsort(row, n, sizeof *row, compare_rows);
    for (size_t i = 0; i < n; i++)
        if (i == 0 || row[i] != row[i - 1]) row[kept++] = row[i];
    *count = kept;
    return row;
}

static void sample(void *states, const struct metric_view *view, struct cell *cells)
{
    size_t n = 0, pairs = 0, at = 0;
    double sum = 0;
    uint64_t *row = gather(states, view->world->shards.count, &n);
    cells[0] = cell_empty();
    if (!row) return;
    for (uint64_t p = 0; p + 1 < view->panel_count; p += 2) {
        uint32_t list[2][HISTORY];
        size_t length[2] = {0, 0};
        for (uint64_t k = 0; k < 2; k++)
            for (; at < n && row[at] >> 32 == p + k; at++)
                if (length[k] < HISTORY) list[k][length[k]++] = (uint32_t)row[at];
        if (!length[0] || !length[1]) continue;
        sum += jaccard(list[0], length[0], list[1], length[1]);
        pairs++;
    }
    memory_free(row);
    if (pairs) cells[0] = cell_float(sum / (double)pairs);
}

static void visit(void *states, uint32_t shards, struct visitor *v)
{
    struct seen *all = states;
    for (uint32_t s = 0; s < shards; s++) {
        uint64_t n = all[s].count;
        visit_count(v, "metric.homogenisation.count", &n, UINT64_C(1) << 32);
        if (visit_loading(v) && !v->status) {
            if (memory_grow(&all[s].row, &all[s].capacity, (size_t)n, sizeof *all[s].row))
                v->status = STATUS_NO_MEMORY;
            all[s].count = (size_t)n;
        }
        if (!v->status) VISIT_ARRAY(v, "metric.homogenisation.row", all[s].row, all[s].count);
    }
}

static void release(void *states, uint32_t shards)
{
    struct seen *all = states;
    for (uint32_t s = 0; s < shards; s++) memory_free(all[s].row);
}

const struct metric metric_homogenisation = {
    .about = {.name = "homogenisation",
              .doc = "mean Jaccard index between viewers' histories",
              .reference = "Chaney, Stewart & Engelhardt 2018",
              .state_size = sizeof(struct seen)},
    .columns = columns,
    .column_count = 1,
    .rows = rows,
    .sample = sample,
    .visit = visit,
    .close = release,
};
