/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What creators of the viewer's region have made: of each of the clusters nearest to the viewer
 * a random run of the region's items; without a profile a run of all that the region has.
 */
#include "platform/retriever.h"

static const struct schema_row rows[] = {
    {.path = "share",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0.05",
     .meaning = "share of the slate for videos of the viewer's region; 0 = none is reserved, "
                "and it competes for what is left",
     .source = "A",
     .plausible_low = 0.02,
     .plausible_high = 0.3,
     .when = SCHEMA_WINDOW,
     .split = SCHEMA_SPLIT_VIEWER,
     .moves = "impressions_local",
     .sign = 1,
     .needs = "platform.retrievers=[\"content\",\"local\"]",
     .offset = offsetof(struct quota, share)},
    {.path = "candidates",
     .type = SCHEMA_INT,
     .unit = "videos",
     .low = 1,
     .high = 256,
     .initial = "32",
     .meaning = "of the region's videos, looked at a request",
     .source = "A",
     .plausible_low = 8,
     .plausible_high = 128,
     .when = SCHEMA_WINDOW,
     .split = SCHEMA_SPLIT_VIEWER,
     .moves = "impressions_local",
     .sign = 1,
     .needs = "platform.retrievers=[\"content\",\"local\"]",
     .offset = offsetof(struct quota, candidates)},
};
static const struct schema_table table = {
    .prefix = "platform.retrieve.local", .size = sizeof(struct quota), SCHEMA_ROWS(rows)};

/* A stretch of the region's list. */
struct stretch {
    const uint32_t *place;
    uint32_t count;
};

/* How many places of the list lie before `place`. */
static uint32_t before(struct stretch list, uint32_t place)
{
    uint32_t low = 0, high = list.count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (list.place[middle] < place)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct stretch of_cluster(const struct snapshot *snapshot, struct stretch list,
                                 uint32_t cluster)
{
    uint32_t from = before(list, snapshot->begin[cluster]);
    uint32_t to = before(list, snapshot->begin[cluster + 1]);
    return (struct stretch){list.place + from, to - from};
}

/* `want` that follow each other, from a random one, round the end. */
static uint32_t run(const struct request *request, struct stretch list, uint32_t want,
                    uint32_t *place)
{
    uint32_t n = want < list.count ? want : list.count;
    uint32_t first = n < list.count ? stream_below(request->draw, list.count) : 0;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t k = first + i < list.count ? first + i : first + i - list.count;
        place[i] = list.place[k];
        __builtin_prefetch(request->snapshot->item + place[i]);
    }
    return n;
}

static uint32_t retrieve(const void *parameters, const struct request *request, uint32_t *place,
                         uint32_t *tag, uint32_t most)
{
    const struct snapshot *snapshot = request->snapshot;
    struct stretch list;
    uint32_t n = 0;
    (void)parameters, (void)tag;
    list.place = place_list(&snapshot->region, request->region, &list.count);
    for (uint32_t i = 0; list.count && i < request->nearest_count && n < most; i++) {
        uint32_t want = (most - n) / (request->nearest_count - i);
        n += run(request, of_cluster(snapshot, list, request->nearest[i]), want ? want : 1,
                 place + n);
    }
    return n ? n : run(request, list, most, place);
}

const struct retriever retrieve_local = {
    .about = {.name = "local",
              .doc = "videos by creators of the viewer's own region",
              .reference = "Levandoski et al. 2012 (LARS), ICDE",
              .parameters = &table},
    .source = SOURCE_LOCAL,
    .lists = PLACES_OF_REGION,
    .retrieve = retrieve,
};
