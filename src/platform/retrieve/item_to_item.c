/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * More like what pleased: neighbours of the last videos that this viewer liked in this session.
 * Where the ranker's learner lists what goes with a video (`item_knn`) those are the
 * neighbours; else, and for a video that has no list yet, those of a stretch of its cluster
 * whose vectors, as served, point most nearly its way.
 */
#include "platform/retriever.h"

#define LOOK 64 /* items of a cluster that are compared */

struct item_to_item_parameters {
    struct quota quota;
    int64_t recent;
};

static const struct schema_row rows[] = {
    {.path = "share",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0.2",
     .meaning = "share of the slate for neighbours of what pleased in this session; 0 = none "
                "is reserved, and it competes for what is left",
     .source = "A",
     .plausible_low = 0,
     .plausible_high = 0.5,
     .when = SCHEMA_WINDOW,
     .split = SCHEMA_SPLIT_VIEWER,
     .moves = "impressions_item_to_item",
     .sign = 1,
     .needs = "platform.retrievers=[\"content\",\"item_to_item\"]",
     .offset = offsetof(struct item_to_item_parameters, quota.share)},
    {.path = "candidates",
     .type = SCHEMA_INT,
     .unit = "videos",
     .low = 1,
     .high = 64,
     .initial = "24",
     .meaning = "neighbours looked at a request, of all those videos together",
     .source = "A",
     .plausible_low = 8,
     .plausible_high = 64,
     .when = SCHEMA_WINDOW,
     .split = SCHEMA_SPLIT_VIEWER,
     .moves = "impressions_item_to_item",
     .sign = 1,
     .needs = "platform.retrievers=[\"content\",\"item_to_item\"]",
     .offset = offsetof(struct item_to_item_parameters, quota.candidates)},
    {.path = "recent",
     .type = SCHEMA_INT,
     .unit = "videos",
     .low = 1,
     .high = RECENT_MAX,
     .initial = "4",
     .meaning = "of the last videos that pleased, those whose neighbours are asked for",
     .source = "A",
     .plausible_low = 1,
     .plausible_high = 4,
     .when = SCHEMA_WINDOW,
     .split = SCHEMA_SPLIT_VIEWER,
     .moves = "play_7s_rate",
     .sign = 1,
     .needs = "platform.retrievers=[\"content\",\"item_to_item\"] creators.count=300 "
              "platform.retrieve.content.share=0.05",
     .offset = offsetof(struct item_to_item_parameters, recent)},
};
static const struct schema_table table = {.prefix = "platform.retrieve.item_to_item",
                                          .size = sizeof(struct item_to_item_parameters),
                                          SCHEMA_ROWS(rows)};

/* Where candidates are written. */
struct finds {
    uint32_t *place, count, most;
};

static void find(struct finds *finds, uint32_t place)
{
    bool fresh = finds->count < finds->most;
    for (uint32_t i = 0; i < finds->count && fresh; i++) fresh = finds->place[i] != place;
    if (fresh) finds->place[finds->count++] = place;
}

/* Those listed beside the item; returns whether there are any. */
static bool find_listed(const struct snapshot *snapshot, uint32_t item, uint32_t want,
                        struct finds *finds)
{
    const uint32_t *number = snapshot_block(snapshot, item);
    const uint32_t *tag = number + snapshot->neighbours;
    uint32_t found = 0;
    for (uint32_t i = 0; i < snapshot->neighbours && found < want; i++) {
        uint32_t place = snapshot_find(snapshot, number[i], (uint16_t)(tag[i] >> 16));
        if (place == ENTITY_NONE || place == item) continue;
        find(finds, place);
        found++;
    }
    return found > 0;
}

/* The cluster that holds a place, by bisection. */
static uint32_t cluster_of(const struct snapshot *snapshot, uint32_t place)
{
    uint32_t low = 0, high = snapshot->clusters;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (snapshot->begin[middle] <= place)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* Cosine but for the length of `to`, which is the same for all; nothing has no direction. */
static float nearness(const struct packed16 *to, const struct packed16 *vector)
{
    float square = (float)packed_dot(vector, vector);
    return square > 0 ? (float)packed_dot(to, vector) / sqrtf(square) : 0.0f;
}

static void find_near(const struct request *request, uint32_t item, uint32_t want,
                      struct finds *finds)
{
    const struct snapshot *snapshot = request->snapshot;
    uint32_t cluster = cluster_of(snapshot, item), size = snapshot->size[cluster];
    uint32_t look = size < LOOK ? size : LOOK, place[LOOK], best[LOOK], n = 0;
    uint32_t first = look < size ? stream_below(request->draw, size) : 0;
    float near[LOOK];
    for (uint32_t i = 0; i < look; i++) {
        uint32_t k = first + i < size ? first + i : first + i - size;
        uint32_t at = snapshot->begin[cluster] + k;
        if (at == item) continue;
        place[n] = at;
        near[n++] = nearness(&snapshot->item[item].vector, &snapshot->item[at].vector);
    }
    if (want > n) want = n;
    if (!want) return;
    request->kernels->top_k(near, n, best, want);
    for (uint32_t i = 0; i < want; i++) find(finds, place[best[i]]);
}

static uint32_t retrieve(const void *parameters, const struct request *request, uint32_t *place,
                         uint32_t *tag, uint32_t most)
{
    const struct item_to_item_parameters *p = parameters;
    const struct snapshot *snapshot = request->snapshot;
    const struct recent *recent = request->recent;
    struct finds finds = {place, 0, most};
    (void)tag;
    if (!recent || !recent->count) return 0;
    uint32_t videos = recent->count < p->recent ? recent->count : (uint32_t)p->recent;
    for (uint32_t i = 0; i < videos && finds.count < most; i++) {
        uint32_t item = snapshot_find(snapshot, recent->video[i], recent->tag[i]);
        uint32_t want = (most - finds.count + videos - i - 1) / (videos - i);
        if (item == ENTITY_NONE) continue;
        if (snapshot->neighbours && find_listed(snapshot, item, want, &finds)) continue;
        find_near(request, item, want, &finds);
    }
    return finds.count;
}

const struct retriever retrieve_item_to_item = {
    .about = {.name = "item_to_item",
              .doc = "neighbours of the videos that pleased this viewer in this session",
              .reference = "Linden, Smith & York 2003, doi 10.1109/MIC.2003.1167344",
              .parameters = &table},
    .source = SOURCE_ITEM_TO_ITEM,
    .recent = true,
    .retrieve = retrieve,
};
