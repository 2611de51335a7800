/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How unequally impressions fall on the videos of the active catalogue.
 */
#include "measure/inequality.h"
#include "measure/metric.h"

static const struct column columns[] = {
    {"gini_views", "1", "Gini coefficient of impressions to date over active videos"},
    {"top1_share_views", "1", "share of those impressions that the top 1 % of videos hold"},
    {"top10_share_views", "1", "share of those impressions that the top 10 % of videos hold"},
};

static size_t collect(const struct world *world, uint64_t *out)
{
    size_t n = 0;
    for (uint32_t s = 0; s < world->shards.count; s++) {
        const struct video_shard *videos = &world->videos[s];
        for (size_t r = 0; r < videos->count; r++) {
            if (videos->counter[r].state != VIDEO_ACTIVE) continue;
            if (out) out[n] = videos->counter[r].impressions;
            n++;
        }
    }
    return n;
}

static void sample(void *states, const struct metric_view *view, struct cell *cells)
{
    (void)states;
    metric_fault(view, inequality_sample(view->world, collect, cells));
}

const struct metric metric_views_inequality = {
    .about = {.name = "views_inequality",
              .doc = "Gini coefficient and top shares of impressions over active videos",
              .reference = "Gini 1912; Salganik, Dodds & Watts 2006"},
    .columns = columns,
    .column_count = sizeof columns / sizeof columns[0],
    .sample = sample,
};
