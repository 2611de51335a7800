/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How much of the feed is advertising.
 */
#include "measure/metric.h"

static const struct column columns[] = {
    {"ad_load", "1", "share of impressions with an ad"},
};

static void sample(void *states, const struct metric_view *view, struct cell *cells)
{
    double shown = (double)view->sums->impressions;
    double ads = (double)interval_acts(view->sums, ACT_AD);
    (void)states;
    cells[0] = shown > 0 ? cell_float(ads / shown) : cell_empty();
}

const struct metric metric_ad_load = {
    .about = {.name = "ad_load",
              .doc = "share of impressions with an ad",
              .reference = "Huang, Reiley & Riabov 2018"},
    .columns = columns,
    .column_count = 1,
    .sample = sample,
};
