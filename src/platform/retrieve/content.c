/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The content index: clusters near the viewer's vector, and in each a random run of neighbours.
 *
 * Of the eight clusters nearest to the viewer a few are drawn, so that two requests in a row
 * look at other stretches of the catalogue. Without a profile the runs start anywhere.
 */
#include "platform/retriever.h"

struct content_parameters {
    struct quota quota;
    int64_t clusters;
};

static const struct schema_row rows[] = {
    {.path = "share",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0",
     .meaning = "share of the slate reserved for it; 0 = it competes for what is left",
     .source = "A",
     .plausible_low = 0,
     .plausible_high = 0.5,
     .when = SCHEMA_WINDOW,
     .split = SCHEMA_SPLIT_VIEWER,
     .moves = "impressions_content",
     .sign = 1,
     .offset = offsetof(struct content_parameters, quota.share)},
    {.path = "candidates",
     .type = SCHEMA_INT,
     .unit = "videos",
     .low = 1,
     .high = CANDIDATES_MAX,
     .initial = "128",
     .meaning = "videos looked at a request",
     .source = "A (V REC: 500)",
     .plausible_low = 32,
     .plausible_high = 256,
     .when = SCHEMA_WINDOW,
     .split = SCHEMA_SPLIT_VIEWER,
     .moves = "watch_hours",
     .sign = 1,
     .from = "4",
     .to = "256",
     .needs = "creators.count=200",
     .offset = offsetof(struct content_parameters, quota.candidates)},
    {.path = "clusters",
     .type = SCHEMA_INT,
     .unit = "1",
     .low = 1,
     .high = 8,
     .initial = "4",
     .meaning = "clusters drawn of the eight nearest; the candidates are split among them",
     .source = "A",
     .plausible_low = 2,
     .plausible_high = 8,
     .when = SCHEMA_WINDOW,
     .split = SCHEMA_SPLIT_VIEWER,
     .moves = "play_7s_rate",
     .sign = 1,
     .from = "1",
     .to = "8",
     .needs = "creators.count=300 run.days=1",
     .offset = offsetof(struct content_parameters, clusters)},
};
static const struct schema_table table = {.prefix = "platform.retrieve.content",
                                          .size = sizeof(struct content_parameters),
                                          SCHEMA_ROWS(rows)};

/* `n` places from `begin` on; what they hold is asked for while other runs are drawn. Four
 * items are three lines of memory. */
_Static_assert(4 * sizeof(struct item) == 3 * 64, "as said");
static void stretch(const struct snapshot *snapshot, uint32_t begin, uint32_t n,
                    uint32_t *place)
{
    const char *at = (const char *)(snapshot->item + begin);
    vector_four_bits next = (vector_four_bits){0, 1, 2, 3} + (int32_t)begin;
    uint32_t i = 0;
    for (; i + 4 <= n; i += 4, at += 3 * 64, next += 4) {
        memcpy(place + i, &next, sizeof next);
        __builtin_prefetch(at);
        __builtin_prefetch(at + 64);
        __builtin_prefetch(at + 128);
    }
    for (; i < n; i++, at += sizeof(struct item)) {
        place[i] = begin + i;
        __builtin_prefetch(at);
    }
    if (n) __builtin_prefetch(at - 1);
}

/* `want` places of a cluster that follow each other, from a random one, round the end: every
 * item is as likely. */
static uint32_t run(const struct request *request, uint32_t cluster, uint32_t want,
                    uint32_t *place)
{
    const struct snapshot *snapshot = request->snapshot;
    uint32_t size = snapshot->size[cluster], begin = snapshot->begin[cluster];
    uint32_t n = want < size ? want : size;
    uint32_t first = n < size ? stream_below(request->draw, size) : 0;
    uint32_t to_end = size - first < n ? size - first : n;
    stretch(snapshot, begin + first, to_end, place);
    stretch(snapshot, begin, n - to_end, place + to_end);
    return n;
}

/* Distinct clusters that hold something, at random. */
static uint32_t draw_clusters(const struct request *request, uint32_t most, uint16_t *out)
{
    const struct snapshot *snapshot = request->snapshot;
    uint32_t n = 0;
    for (uint32_t attempt = 0; attempt < 4 * most && n < most; attempt++) {
        uint16_t c = (uint16_t)stream_below(request->draw, snapshot->clusters);
        bool fresh = snapshot->size[c] > 0;
        for (uint32_t i = 0; i < n; i++) fresh = fresh && out[i] != c;
        if (fresh) out[n++] = c;
    }
    return n;
}

/* Of the nearest clusters `most` at random (the first steps of a shuffle). */
static uint32_t choose_clusters(const struct request *request, uint32_t most, uint16_t *out)
{
    uint32_t n = request->nearest_count;
    if (!request->personal || n == 0) return draw_clusters(request, most, out);
    uint16_t all[8];
    for (uint32_t i = 0; i < n; i++) all[i] = request->nearest[i];
    if (most > n) most = n;
    for (uint32_t i = 0; i < most; i++) {
        uint32_t k = most == n ? i : i + stream_below(request->draw, n - i);
        out[i] = all[k];
        all[k] = all[i];
    }
    return most;
}

static uint32_t retrieve(const void *parameters, const struct request *request, uint32_t *place,
                         uint32_t *tag, uint32_t most)
{
    const struct content_parameters *p = parameters;
    uint16_t cluster[8];
    uint32_t clusters = choose_clusters(request, (uint32_t)p->clusters, cluster);
    uint32_t n = 0;
    (void)tag;
    for (uint32_t i = 0; i < clusters && n < most; i++) {
        uint32_t want = (most - n) / (clusters - i);
        n += run(request, cluster[i], want ? want : 1, place + n);
    }
    return n;
}

const struct retriever retrieve_content = {
    .about = {.name = "content",
              .doc = "clusters of extracted features nearest to the viewer's vector",
              .reference = "inverted file index: Sivic & Zisserman 2003; Jegou et al. 2011",
              .parameters = &table},
    .source = SOURCE_CONTENT,
    .retrieve = retrieve,
};
