/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Points of the distribution of impressions over the active catalogue, and of its Lorenz curve
 * (Lorenz 1905): what the median, 90th and 99th percentile video got, and what share of all
 * impressions the least seen half, 90 % and 99 % of videos got together.
 */
#include <stdlib.h>

#include "base/memory.h"
#include "measure/metric.h"

static const struct column columns[] = {
    {"views_p50", "1", "impressions to date of the median active video"},
    {"views_p90", "1", "impressions to date of the 90th percentile of active videos"},
    {"views_p99", "1", "impressions to date of the 99th percentile of active videos"},
    {"lorenz_views_p50", "1", "share of those impressions that the least seen half hold"},
    {"lorenz_views_p90", "1", "share that the least seen 90 % hold"},
    {"lorenz_views_p99", "1", "share that the least seen 99 % hold"},
};

static int ascending(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static size_t collect(const struct world *w, uint32_t *out, size_t most)
{
    size_t n = 0;
    for (uint32_t s = 0; s < w->shards.count; s++)
        for (size_t r = 0; r < w->videos[s].count && n < most; r++)
            if (w->videos[s].counter[r].state == VIDEO_ACTIVE)
                out[n++] = w->videos[s].counter[r].impressions;
    return n;
}

static void sample(void *states, const struct metric_view *view, struct cell *cells)
{
    static const size_t percents[] = {50, 90, 99};
    size_t n = (size_t)view->sums->active_videos, at = 0;
    uint32_t *views = memory_alloc(n, sizeof *views);
    uint64_t total = 0, below = 0;
    (void)states;
    for (size_t i = 0; i < 6; i++) cells[i] = cell_empty();
    if (!views) metric_fault(view, STATUS_NO_MEMORY);
    if (views) n = collect(view->world, views, n);
    if (views && n) {
        qsort(views, n, sizeof *views, ascending);
        for (size_t i = 0; i < n; i++) total += views[i];
        for (size_t p = 0; p < 3; p++) {
            size_t rank = (n * percents[p] + 99) / 100; /* nearest rank */
            for (; at < rank; at++) below += views[at];
            cells[p] = cell_int(views[rank - 1]);
            if (total) cells[p + 3] = cell_float((double)below / (double)total);
        }
    }
    memory_free(views);
}

const struct metric metric_views_percentiles = {
    .about = {.name = "views_percentiles",
              .doc = "percentiles and Lorenz curve of impressions over active videos",
              .reference = "Lorenz 1905"},
    .columns = columns,
    .column_count = sizeof columns / sizeof columns[0],
    .sample = sample,
};
