/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Uniform exploration: any item with the same probability, which is recorded in the log.
 */
#include "platform/retriever.h"

static const struct schema_row rows[] = {
    {.path = "share",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0.01",
     .meaning = "share of the slate for uniformly random videos",
     .source = "V KR (0.37 %), HEAT",
     .plausible_low = 0.002,
     .plausible_high = 0.05,
     .when = SCHEMA_WINDOW,
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
     .moves = "hash",
     .needs = "platform.retrieve.explore.share=0.2",
     .offset = offsetof(struct quota, candidates)},
};
static const struct schema_table table = {
    .prefix = "platform.retrieve.explore", .size = sizeof(struct quota), SCHEMA_ROWS(rows)};

/* Places are drawn until one is in use: at least two in three are, but for tiny catalogues. */
static uint32_t retrieve(const void *parameters, const struct request *request, uint32_t *place,
                         uint32_t *tag, uint32_t most)
{
    const struct snapshot *snapshot = request->snapshot;
    uint32_t n = 0;
    (void)parameters, (void)tag;
    if (snapshot->count == 0) return 0;
    if (most > snapshot->count) most = snapshot->count;
    for (uint32_t attempt = 0; attempt < 64 * most && n < most; attempt++) {
        uint32_t next = stream_below(request->draw, snapshot->extent);
        bool fresh = snapshot->item[next].video != ENTITY_NONE;
        for (uint32_t i = 0; i < n; i++) fresh = fresh && place[i] != next;
        if (fresh) place[n++] = next;
    }
    return n;
}

static float propensity(const void *parameters, const struct request *request, uint32_t place,
                        double slots)
{
    const struct quota *p = parameters;
    (void)place;
    return p->candidates == 1 ? (float)(slots / request->snapshot->count) : 0;
}

const struct retriever retrieve_explore = {
    .about = {.name = "explore",
              .doc = "uniformly random videos",
              .reference = "Gao et al. 2022 (KuaiRand), arXiv 2208.08696",
              .parameters = &table},
    .source = SOURCE_EXPLORE,
    .retrieve = retrieve,
    .propensity = propensity,
};
