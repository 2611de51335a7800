/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The follow feed: the newest videos of a few of the creators that the viewer follows.
 */
#include "platform/retriever.h"
#include "world/relation.h"

#define CREATORS_MAX 8

struct follow_parameters {
    struct quota quota;
    int64_t creators;
};

static const struct schema_row rows[] = {
    {.path = "share",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0.1",
     .meaning = "share of the slate for followed creators' newest videos; 0 = none is "
                "reserved, and it competes for what is left",
     .source = "A (V2 direction: 85/10/5)",
     .plausible_low = 0.02,
     .plausible_high = 0.4,
     .when = SCHEMA_WINDOW,
     .split = SCHEMA_SPLIT_VIEWER,
     .moves = "impressions_follow",
     .sign = 1,
     .offset = offsetof(struct follow_parameters, quota.share)},
    {.path = "candidates",
     .type = SCHEMA_INT,
     .unit = "videos",
     .low = 1,
     .high = 32,
     .initial = "12",
     .meaning = "videos looked at a request",
     .source = "A",
     .plausible_low = 4,
     .plausible_high = 32,
     .when = SCHEMA_WINDOW,
     .split = SCHEMA_SPLIT_VIEWER,
     .moves = "impressions_follow",
     .sign = 1,
     .offset = offsetof(struct follow_parameters, quota.candidates)},
    {.path = "creators",
     .type = SCHEMA_INT,
     .unit = "1",
     .low = 1,
     .high = CREATORS_MAX,
     .initial = "4",
     .meaning = "creators looked up a request, drawn from those followed",
     .source = "A",
     .plausible_low = 1,
     .plausible_high = 8,
     .when = SCHEMA_WINDOW,
     .split = SCHEMA_SPLIT_VIEWER,
     .moves = "impressions_follow",
     .sign = 1,
     .from = "1",
     .to = "8",
     .offset = offsetof(struct follow_parameters, creators)},
};
static const struct schema_table table = {.prefix = "platform.retrieve.follow",
                                          .size = sizeof(struct follow_parameters),
                                          SCHEMA_ROWS(rows)};

/* A stretch of the viewer's relations from a random one on, but for friends. */
static uint32_t draw_creators(const struct request *request, uint32_t most, uint32_t *out)
{
    const struct feed *feed = request->feed;
    if (feed->follow_count == 0) return 0;
    uint32_t first = stream_below(request->draw, feed->follow_count), n = 0;
    for (uint32_t i = 0; i < feed->follow_count && n < most; i++) {
        uint32_t k = first + i < feed->follow_count ? first + i
                                                    : first + i - feed->follow_count;
        if (relation_kind(feed->follows[k]) != RELATION_FRIEND)
            out[n++] = relation_other(feed->follows[k]);
    }
    return n;
}

static const struct newest *newest_of(const struct snapshot *snapshot, uint32_t creator)
{
    return &snapshot->newest[entity_shard(snapshot->shards, creator)]
                            [entity_row(snapshot->shards, creator)];
}

static void fetch_place(const struct snapshot *snapshot, uint32_t video)
{
    __builtin_prefetch(&snapshot->position[entity_shard(snapshot->shards, video)]
                                          [entity_row(snapshot->shards, video)]);
}

static uint32_t retrieve(const void *parameters, const struct request *request, uint32_t *place,
                         uint32_t *tag, uint32_t most)
{
    const struct follow_parameters *p = parameters;
    const struct snapshot *snapshot = request->snapshot;
    uint32_t creator[CREATORS_MAX], video[4 * CREATORS_MAX], videos = 0, n = 0;
    (void)tag;
    uint32_t creators = draw_creators(request, (uint32_t)p->creators, creator);
    for (uint32_t i = 0; i < creators; i++) __builtin_prefetch(newest_of(snapshot, creator[i]));
    for (uint32_t i = 0; i < creators; i++) {
        const struct newest *newest = newest_of(snapshot, creator[i]);
        for (int k = 0; k < 4 && newest->video[k] != ENTITY_NONE; k++) {
            video[videos++] = newest->video[k];
            fetch_place(snapshot, newest->video[k]);
        }
    }
    for (uint32_t i = 0; i < videos && n < most; i++) {
        place[n] = snapshot_place(snapshot, video[i]);
        n += place[n] != ENTITY_NONE;
    }
    return n;
}

const struct retriever retrieve_follow = {
    .about = {.name = "follow",
              .doc = "newest videos of creators that the viewer follows",
              .reference = "none",
              .parameters = &table},
    .source = SOURCE_FOLLOW,
    .retrieve = retrieve,
};
