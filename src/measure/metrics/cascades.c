/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The cascades of shares that ended: how many, how large, how deep, how viral. Structural
 * virality is the mean distance of two sharers: 2 (n - 1) / n in a star of n, (n + 1) / 3 in a
 * chain (Goel, Anderson, Hofman & Watts 2016, Management Science 62(1)).
 */
#include "measure/metric.h"

static const struct column columns[] = {
    {"cascades", "1", "cascades that ended, of at least growth.cascades.least sharers"},
    {"cascade_size", "viewers", "their mean number of sharers"},
    {"cascade_depth", "1", "their mean depth"},
    {"cascade_virality", "1", "their mean structural virality"},
};

static void sample(void *states, const struct metric_view *view, struct cell *cells)
{
    const struct cascade_sums *c = &view->sums->cascades;
    double n = (double)c->count;
    (void)states;
    cells[0] = cell_int((int64_t)c->count);
    cells[1] = c->count ? cell_float((double)c->size / n) : cell_empty();
    cells[2] = c->count ? cell_float((double)c->depth / n) : cell_empty();
    cells[3] = c->count ? cell_float(c->virality / n) : cell_empty();
}

const struct metric metric_cascades = {
    .about = {.name = "cascades",
              .doc = "number, size, depth and structural virality of cascades of shares",
              .reference = "Goel et al. 2016"},
    .columns = columns,
    .column_count = sizeof columns / sizeof columns[0],
    .sample = sample,
};
