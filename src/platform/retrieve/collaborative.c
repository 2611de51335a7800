/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What lately pleased viewers alike: those to whose vectors the same cluster is the nearest
 * (the platform's lists.c keeps count). Of the viewer's nearest groups the best that it has not
 * seen lately.
 */
#include "platform/retriever.h"

struct collaborative_parameters {
    struct group_quota group;
    int64_t groups;
};

#define COLLABORATIVE "platform.retrievers=[\"content\",\"collaborative\"]"
static const struct schema_row rows[] = {
    {.path = "share",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0.1",
     .meaning =
         "share of the slate for what pleased viewers alike; 0 = it competes for what is "
         "left",
     .source = "A",
     .plausible_low = 0,
     .plausible_high = 0.5,
     .when = SCHEMA_WINDOW,
     .split = SCHEMA_SPLIT_VIEWER,
     .moves = "impressions_collaborative",
     .sign = 1,
     .needs = COLLABORATIVE,
     .offset = offsetof(struct collaborative_parameters, group.quota.share)},
    {.path = "candidates",
     .type = SCHEMA_INT,
     .unit = "videos",
     .low = 1,
     .high = 256,
     .initial = "32",
     .meaning = "videos looked at a request",
     .source = "A",
     .plausible_low = 8,
     .plausible_high = 128,
     .when = SCHEMA_WINDOW,
     .split = SCHEMA_SPLIT_VIEWER,
     .moves = "play_7s_rate",
     .sign = 1,
     .from = "1",
     .to = "256",
     .needs = COLLABORATIVE " creators.count=300",
     .offset = offsetof(struct collaborative_parameters, group.quota.candidates)},
    {.path = "half_life",
     .type = SCHEMA_FLOAT,
     .unit = "h",
     .low = 0.1,
     .high = 8760,
     .initial = "24",
     .meaning = "time in which what pleased a group counts half",
     .source = "A",
     .plausible_low = 6,
     .plausible_high = 168,
     .when = SCHEMA_WINDOW,
     .moves = "gini_views",
     .sign = 1,
     .from = "0.1",
     .to = "1000",
     .needs = COLLABORATIVE " creators.count=300 creators.videos_per_week=14.0 run.days=3 "
                            "platform.retrieve.content.share=0.05 "
                            "platform.retrieve.collaborative.share=1.0",
     .offset = offsetof(struct collaborative_parameters, group.half_life)},
    {.path = "groups",
     .type = SCHEMA_INT,
     .unit = "1",
     .low = 1,
     .high = 8,
     .initial = "2",
     .meaning = "nearest groups that a viewer is taken to be alike; the candidates are split "
                "among them",
     .source = "A",
     .plausible_low = 1,
     .plausible_high = 4,
     .when = SCHEMA_WINDOW,
     .split = SCHEMA_SPLIT_VIEWER,
     .moves = "gini_views",
     .sign = 1,
     .from = "1",
     .to = "8",
     .needs = COLLABORATIVE " creators.count=300 platform.retrieve.content.share=0.05",
     .offset = offsetof(struct collaborative_parameters, groups)},
};
static const struct schema_table table = {.prefix = "platform.retrieve.collaborative",
                                          .size = sizeof(struct collaborative_parameters),
                                          SCHEMA_ROWS(rows)};

static bool among(const uint32_t *place, uint32_t n, uint32_t what)
{
    for (uint32_t i = 0; i < n; i++)
        if (place[i] == what) return true;
    return false;
}

static uint32_t retrieve(const void *parameters, const struct request *request, uint32_t *place,
                         uint32_t *tag, uint32_t most)
{
    const struct collaborative_parameters *p = parameters;
    const struct snapshot *snapshot = request->snapshot;
    uint32_t groups = request->nearest_count, n = 0;
    (void)tag;
    if (groups > (uint32_t)p->groups) groups = (uint32_t)p->groups;
    for (uint32_t g = 0; g < groups; g++) {
        uint32_t end = n + (most - n) / (groups - g), count;
        const uint32_t *list = place_list(&snapshot->group, request->nearest[g], &count);
        for (uint32_t i = 0; i < count && n < end; i++)
            if (!seen_item(&request->seen, &snapshot->item[list[i]]) &&
                !among(place, n, list[i]))
                place[n++] = list[i];
    }
    return n;
}

const struct retriever retrieve_collaborative = {
    .about = {.name = "collaborative",
              .doc = "what lately pleased viewers with the same nearest cluster",
              .reference = "Das et al. 2007, Google News personalization, WWW",
              .parameters = &table},
    .source = SOURCE_COLLABORATIVE,
    .lists = PLACES_OF_GROUP,
    .retrieve = retrieve,
};
