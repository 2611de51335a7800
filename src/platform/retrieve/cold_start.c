/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Impressions that traffic pools guarantee: of a stretch of this shard's allowances the one
 * that the ranker likes best for this viewer.
 */
#include "platform/retriever.h"

static const struct schema_row rows[] = {
    {.path = "share",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0.2",
     .meaning =
         "most of the slate that serves guaranteed impressions; beyond it they queue; 0 = none",
     .source = "A (V KR, V2 WEI: a quota exists)",
     .plausible_low = 0.05,
     .plausible_high = 0.35,
     .when = SCHEMA_WINDOW,
     .split = SCHEMA_SPLIT_VIEWER,
     .moves = "impressions_cold_start",
     .sign = 1,
     .offset = offsetof(struct quota, share)},
    {.path = "candidates",
     .type = SCHEMA_INT,
     .unit = "videos",
     .low = 1,
     .high = 64,
     .initial = "8",
     .meaning = "owed videos among which the ranker chooses",
     .source = "A",
     .plausible_low = 1,
     .plausible_high = 32,
     .when = SCHEMA_WINDOW,
     .split = SCHEMA_SPLIT_VIEWER,
     .moves = "impressions_cold_start",
     .sign = 1,
     .offset = offsetof(struct quota, candidates)},
};
static const struct schema_table table = {
    .prefix = "platform.retrieve.cold_start", .size = sizeof(struct quota), SCHEMA_ROWS(rows)};

static uint32_t retrieve(const void *parameters, const struct request *request, uint32_t *place,
                         uint32_t *tag, uint32_t most)
{
    uint32_t count = request->cold_start_count, n = most < count ? most : count;
    uint32_t first = n < count ? stream_below(request->draw, count) : 0;
    (void)parameters;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t k = first + i < count ? first + i : first + i - count;
        place[i] = request->cold_start[k].place;
        tag[i] = k;
    }
    return n;
}

const struct retriever retrieve_cold_start = {
    .about = {.name = "cold_start",
              .doc = "impressions that traffic pools guarantee",
              .reference = "none",
              .parameters = &table},
    .source = SOURCE_COLD_START,
    .uses = ALLOWANCE_COLD_START,
    .retrieve = retrieve,
};
