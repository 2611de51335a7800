/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Exploration: any item with the same probability, or in proportion to a power of its heat.
 *
 * With power 1 and a long half-life of heat that is preferential attachment (Simon 1955): what
 * was watched draws watchers in proportion, so that shares neither grow nor shrink on average,
 * and a world that starts from a real audience keeps the popularity that its videos bring.
 * With one candidate a place the propensity is known and recorded in the log.
 */
#include "platform/retriever.h"

struct explore_parameters {
    struct quota quota;
    double popularity;
};

static const struct schema_row rows[] = {
    {.path = "share",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0.01",
     .meaning = "share of the slate for uniformly random videos; 0 = none",
     .source = "V KR (0.37 %), HEAT",
     .plausible_low = 0.002,
     .plausible_high = 0.05,
     .when = SCHEMA_WINDOW,
     .split = SCHEMA_SPLIT_VIEWER,
     .moves = "impressions_explore",
     .sign = 1,
     .offset = offsetof(struct quota, share)},
    {.path = "candidates",
     .type = SCHEMA_INT,
     .unit = "videos",
     .low = 1,
     .high = 64,
     .initial = "1",
     .meaning =
         "drawn a request; with more than 1 the ranker chooses and propensity is unknown",
     .source = "A",
     .plausible_low = 1,
     .plausible_high = 4,
     .when = SCHEMA_WINDOW,
     .split = SCHEMA_SPLIT_VIEWER,
     .moves = "impressions_explore",
     .sign = 1,
     .needs = "platform.retrieve.explore.share=0.2",
     .offset = offsetof(struct quota, candidates)},
    {.path = "popularity",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 3,
     .initial = "0",
     .meaning = "exponent of heat in the draw: 0 = all videos alike, 1 = in proportion",
     .source = "A (1: Simon 1955)",
     .plausible_low = 0,
     .plausible_high = 1,
     .when = SCHEMA_WINDOW,
     .moves = "gini_views",
     .sign = 1,
     .from = "0",
     .to = "1.5",
     .needs = "platform.retrieve.explore.share=0.8",
     .offset = offsetof(struct explore_parameters, popularity)},
};
static const struct schema_table table = {.prefix = "platform.retrieve.explore",
                                          .size = sizeof(struct explore_parameters),
                                          SCHEMA_ROWS(rows)};

/* The place whose stretch of the running sums holds x: the first one above it. */
static uint32_t place_of(const struct snapshot *snapshot, double x)
{
    uint32_t low = 0, high = snapshot->extent - 1;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (snapshot->pull[middle] > x)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

static uint32_t draw_place(const struct explore_parameters *p, const struct request *request)
{
    const struct snapshot *snapshot = request->snapshot;
    if (!(p->popularity > 0) || !snapshot->pull)
        return stream_below(request->draw, snapshot->extent);
    return place_of(snapshot,
                    stream_uniform(request->draw) * snapshot->pull[snapshot->extent - 1]);
}

#define DRAWN_MOST 32 /* at a time, so that their waits overlap */

/* Places are drawn until one is in use: at least two in three are, but for tiny catalogues. */
static uint32_t retrieve(const void *parameters, const struct request *request, uint32_t *place,
                         uint32_t *tag, uint32_t most)
{
    const struct snapshot *snapshot = request->snapshot;
    uint32_t n = 0;
    (void)tag;
    if (snapshot->count == 0) return 0;
    if (most > snapshot->count) most = snapshot->count;
    for (uint32_t attempt = 0; attempt < 64 * most && n < most;) {
        uint32_t drawn[DRAWN_MOST], lacking = most - n < DRAWN_MOST ? most - n : DRAWN_MOST;
        for (uint32_t k = 0; k < lacking; k++) { /* all that are sure to be looked at */
            drawn[k] = draw_place(parameters, request);
            __builtin_prefetch(&snapshot->item[drawn[k]].video);
        }
        attempt += lacking;
        for (uint32_t k = 0; k < lacking; k++) {
            bool fresh = snapshot->item[drawn[k]].video != ENTITY_NONE;
            for (uint32_t i = 0; i < n; i++) fresh = fresh && place[i] != drawn[k];
            if (fresh) place[n++] = drawn[k];
        }
    }
    return n;
}

static float propensity(const void *parameters, const struct request *request, uint32_t place,
                        double slots)
{
    const struct explore_parameters *p = parameters;
    const double *pull = request->snapshot->pull;
    double share = 1.0 / request->snapshot->count;
    if (p->quota.candidates != 1) return 0;
    if (p->popularity > 0 && pull)
        share = (pull[place] - (place ? pull[place - 1] : 0)) /
                pull[request->snapshot->extent - 1];
    return (float)(slots * share);
}

static double pull(const void *parameters)
{
    const struct explore_parameters *p = parameters;
    return p->popularity;
}

const struct retriever retrieve_explore = {
    .about = {.name = "explore",
              .doc = "random videos: all alike, or by their popularity",
              .reference = "Gao et al. 2022 (KuaiRand), arXiv 2208.08696",
              .parameters = &table},
    .source = SOURCE_EXPLORE,
    .retrieve = retrieve,
    .propensity = propensity,
    .pull = pull,
};
