/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is hot now: a run of the list of the hottest videos that passed their first pool.
 */
#include "platform/retriever.h"

static const struct schema_row rows[] = {
    {.path = "share",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0.05",
     .meaning = "share of the slate for the hottest videos; 0 = none is reserved, and it "
                "competes for what is left",
     .source = "A",
     .plausible_low = 0,
     .plausible_high = 0.2,
     .when = SCHEMA_WINDOW,
     .split = SCHEMA_SPLIT_VIEWER,
     .moves = "impressions_trending",
     .sign = 1,
     .offset = offsetof(struct quota, share)},
    {.path = "candidates",
     .type = SCHEMA_INT,
     .unit = "videos",
     .low = 1,
     .high = 64,
     .initial = "16",
     .meaning = "of the hottest videos, looked at a request",
     .source = "A",
     .plausible_low = 4,
     .plausible_high = 64,
     .when = SCHEMA_WINDOW,
     .split = SCHEMA_SPLIT_VIEWER,
     .moves = "impressions_trending",
     .sign = 1,
     .from = "1",
     .to = "64",
     .needs = "platform.pools.tiers=[5.0]",
     .offset = offsetof(struct quota, candidates)},
};
static const struct schema_table table = {
    .prefix = "platform.retrieve.trending", .size = sizeof(struct quota), SCHEMA_ROWS(rows)};

static uint32_t retrieve(const void *parameters, const struct request *request, uint32_t *place,
                         uint32_t *tag, uint32_t most)
{
    const struct snapshot *snapshot = request->snapshot;
    uint32_t count = snapshot->trending_count, n = most < count ? most : count;
    uint32_t first = n < count ? stream_below(request->draw, count) : 0;
    (void)parameters, (void)tag;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t k = first + i < count ? first + i : first + i - count;
        place[i] = snapshot->trending[k];
    }
    return n;
}

const struct retriever retrieve_trending = {
    .about = {.name = "trending",
              .doc = "hottest videos by time-decayed acts",
              .reference = "none",
              .parameters = &table},
    .source = SOURCE_TRENDING,
    .retrieve = retrieve,
};
