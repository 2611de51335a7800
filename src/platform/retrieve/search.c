/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Answers to a query: videos of the topic asked for, by how near their features are to it and
 * by how many people watched them for long. The platform knows the query, not who wanted what.
 */
#include "platform/retriever.h"

#define SEARCH                                                                                 \
    "platform.retrievers=[\"content\",\"search\"] viewers.session.search=0.5 "                 \
    "creators.count=300"
static const struct schema_row rows[] = {
    {.path = "share",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0.8",
     .meaning = "share of a slate with a query for its answers; 0 = none is reserved, and it "
                "competes for what is left",
     .source = "A",
     .plausible_low = 0.5,
     .plausible_high = 1,
     .when = SCHEMA_WINDOW,
     .split = SCHEMA_SPLIT_VIEWER,
     .moves = "impressions_search",
     .sign = 1,
     .from = "0.2",
     .to = "1",
     .needs = SEARCH,
     .offset = offsetof(struct topic_quota, quota.share)},
    {.path = "candidates",
     .type = SCHEMA_INT,
     .unit = "videos",
     .low = 1,
     .high = 128,
     .initial = "16",
     .meaning = "best answers not seen lately among which the ranker chooses",
     .source = "A",
     .plausible_low = 10,
     .plausible_high = 64,
     .when = SCHEMA_WINDOW,
     .split = SCHEMA_SPLIT_VIEWER,
     .moves = "impressions_search",
     .sign = 1,
     .needs = SEARCH,
     .offset = offsetof(struct topic_quota, quota.candidates)},
    {.path = "popularity",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 10,
     .initial = "0.05",
     .meaning = "weight of ln(1 + long views) beside the cosine of topic and features",
     .source = "A",
     .plausible_low = 0,
     .plausible_high = 0.2,
     .when = SCHEMA_WINDOW,
     .moves = "gini_views",
     .sign = 1,
     .to = "10",
     .from = "0",
     .needs = SEARCH,
     .offset = offsetof(struct topic_quota, popularity)},
};
static const struct schema_table table = {.prefix = "platform.retrieve.search",
                                          .size = sizeof(struct topic_quota),
                                          SCHEMA_ROWS(rows)};

static uint32_t retrieve(const void *parameters, const struct request *request, uint32_t *place,
                         uint32_t *tag, uint32_t most)
{
    const struct snapshot *snapshot = request->snapshot;
    uint32_t query = request->feed->query, count = 0, n = 0;
    const uint32_t *list = query ? place_list(&snapshot->topic, query - 1, &count) : NULL;
    (void)parameters, (void)tag;
    for (uint32_t i = 0; i < count && n < most; i++)
        if (!seen_item(&request->seen, &snapshot->item[list[i]])) place[n++] = list[i];
    return n;
}

const struct retriever retrieve_search = {
    .about = {.name = "search",
              .doc = "videos of the topic that a session opens with asking for",
              .reference = "Robertson & Zaragoza 2009 (relevance), static rank as a prior: "
                           "Craswell et al. 2005",
              .parameters = &table},
    .source = SOURCE_SEARCH,
    .lists = PLACES_OF_TOPIC,
    .queried = true,
    .retrieve = retrieve,
};
