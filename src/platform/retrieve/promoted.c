/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Impressions that somebody has paid for: of a stretch of this shard's allowances those that
 * are meant for this viewer.
 */
#include "platform/retriever.h"
#include "world/boost_target.h"

static const struct schema_row rows[] = {
    {.path = "share",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0.05",
     .meaning = "most of the slate that serves paid impressions; 0 = none",
     .source = "A",
     .plausible_low = 0.01,
     .plausible_high = 0.15,
     .when = SCHEMA_WINDOW,
     .split = SCHEMA_SPLIT_VIEWER,
     .moves = "impressions_promoted",
     .sign = 1,
     .from = "0.01",
     .to = "0.3",
     .needs = "growth.channels=[\"paid_boost\"] creators.boost=1.0 creators.review_days=0.25 "
              "growth.paid_boost.min_spend=0.0 revenue.ads.cpm=1000.0 "
              "revenue.ads.min_followers=0 revenue.ads.min_views=0",
     .offset = offsetof(struct quota, share)},
    {.path = "candidates",
     .type = SCHEMA_INT,
     .unit = "videos",
     .low = 1,
     .high = 64,
     .initial = "8",
     .meaning = "paid videos among which the ranker chooses",
     .source = "A",
     .plausible_low = 1,
     .plausible_high = 32,
     .when = SCHEMA_WINDOW,
     .split = SCHEMA_SPLIT_VIEWER,
     .moves = "impressions_promoted",
     .sign = 1,
     .needs = "growth.channels=[\"paid_boost\"] creators.boost=1.0 creators.review_days=0.25 "
              "growth.paid_boost.min_spend=0.0 revenue.ads.cpm=1000.0 "
              "revenue.ads.min_followers=0 revenue.ads.min_views=0",
     .offset = offsetof(struct quota, candidates)},
};
static const struct schema_table table = {
    .prefix = "platform.retrieve.promoted", .size = sizeof(struct quota), SCHEMA_ROWS(rows)};

static bool is_new(const struct request *request)
{
    bool may_be_known = (request->feed->flags & VIEWER_CONSENT) &&
                        !(request->feed->flags & VIEWER_FEED_OPTOUT);
    return may_be_known && !request->personal;
}

/* A targeted order wants viewers whose profile leans to the topic; where vectors are not
 * features nobody can tell, and the order goes to all. */
static bool meant_for(const struct request *request, uint32_t topic)
{
    if (topic == BOOST_NEW) return is_new(request);
    if (topic >= (uint32_t)request->topics->count || !request->feature_space) return true;
    if (!request->personal) return false;
    float direction[VECTOR_DIM];
    vector_unpack(direction, request->query);
    return vector_dot(direction, request->topics->topic[topic].vector) > 0.3f;
}

static uint32_t retrieve(const void *parameters, const struct request *request, uint32_t *place,
                         uint32_t *tag, uint32_t most)
{
    uint32_t count = request->promoted_count, look = most < count ? most : count, n = 0;
    uint32_t first = look < count ? stream_below(request->draw, count) : 0;
    (void)parameters;
    for (uint32_t i = 0; i < look; i++) {
        uint32_t k = first + i < count ? first + i : first + i - count;
        if (!meant_for(request, request->promoted[k].topic)) continue;
        place[n] = request->promoted[k].place;
        tag[n++] = k;
    }
    return n;
}

const struct retriever retrieve_promoted = {
    .about = {.name = "promoted",
              .doc = "impressions bought by boosts",
              .reference = "none",
              .parameters = &table},
    .source = SOURCE_PROMOTED,
    .uses = ALLOWANCE_PROMOTED,
    .retrieve = retrieve,
};
