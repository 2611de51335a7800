/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The sum over the last videos that pleased the viewer of their similarity with this one times
 * what they were worth,
 *     score = sum over j of s_vj r_j + popularity (share of long views - usual share),
 * the similarities being those that the video lists: what is not among its nearest counts 0.
 */
#include "platform/learn/item_knn.h"
#include "base/code16.h"

#include "arm.h"

struct item_knn_weights {
    double weight, popularity;
};

static const struct schema_row rows[] = {
    {.path = "weight",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1e6,
     .initial = "3",
     .meaning = "weight of the summed similarities",
     .source = "A",
     .plausible_low = 0.5,
     .plausible_high = 20,
     .when = SCHEMA_WINDOW,
     .split = SCHEMA_SPLIT_VIEWER,
     .moves = "auc_true",
     .sign = 1,
     .from = "0",
     .to = "3",
     .needs = "platform.ranker=item_knn platform.rank.item_knn.popularity=0 run.days=4",
     .offset = offsetof(struct item_knn_weights, weight)},
    {.path = "popularity",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 100,
     .initial = "1",
     .meaning = "weight of the share of long views beside the similarities",
     .source = "A",
     .plausible_low = 0.1,
     .plausible_high = 5,
     .when = SCHEMA_START,
     .moves = "r videos.quality,impressions",
     .sign = 1,
     .from = "0",
     .to = "10",
     .needs = "platform.ranker=item_knn",
     .offset = offsetof(struct item_knn_weights, popularity)},
};
static const struct schema_table table = {.prefix = "platform.rank.item_knn",
                                          .size = sizeof(struct item_knn_weights),
                                          SCHEMA_ROWS(rows)};

static float bias(const void *parameters, const struct item_facts *facts)
{
    const struct item_knn_weights *p = parameters;
    return (float)p->popularity * arm_lead(facts->counters);
}

/* What pleased the viewer and is still in the feed, and what each is worth: reward, scale and
 * the unit of similarities. */
struct pleased {
    uint32_t count;
    uint32_t video[ITEM_KNN_RECENT];
    uint16_t tag[ITEM_KNN_RECENT];
    float worth[ITEM_KNN_RECENT];
};

static void find_pleased(const struct request *request, float weight, struct pleased *out)
{
    const struct snapshot *snapshot = request->snapshot;
    out->count = 0;
    for (int i = 0; i < ITEM_KNN_RECENT; i++) {
        struct item_knn_recent recent = item_knn_recent(request->session, i);
        if (!(recent.reward > 0)) break;
        uint32_t place = snapshot_find(snapshot, recent.video, recent.tag);
        if (place == ENTITY_NONE) continue;
        uint16_t code = (uint16_t)snapshot_block(snapshot, place)[ITEM_KNN_SCALE];
        uint32_t n = out->count++;
        out->video[n] = recent.video;
        out->tag[n] = recent.tag;
        out->worth[n] = weight * recent.reward * ITEM_KNN_MOST * ITEM_KNN_MOST *
                        code16_decode(code);
    }
}

/* Is any of the numbers listed? Four are compared at a time; the last of the sixteen words is
 * no number, and a hit there is found out later. */
static inline bool any_listed(const uint32_t *list, const struct pleased *pleased)
{
    vector_four_bits a = vector_load_bits(list), b = vector_load_bits(list + 4);
    vector_four_bits c = vector_load_bits(list + 8), d = vector_load_bits(list + 12);
    vector_four_bits hit = {0};
    for (uint32_t j = 0; j < pleased->count; j++) {
        vector_four_bits wanted = (vector_four_bits){0} + (int32_t)pleased->video[j];
        hit |= (a == wanted) | (b == wanted) | (c == wanted) | (d == wanted);
    }
    return vector_mask(hit) != 0;
}

static float similar(const uint32_t *list, const struct pleased *pleased)
{
    float sum = 0;
    for (uint32_t j = 0; j < pleased->count; j++)
        for (int i = 0; i < ITEM_KNN_LIST; i++) {
            uint32_t word = list[ITEM_KNN_LIST + i];
            if (list[i] == pleased->video[j] && word >> 16 == pleased->tag[j])
                sum += pleased->worth[j] * code16_decode((uint16_t)word);
        }
    return sum;
}

static void score(const void *parameters, const struct request *request, const uint32_t *place,
                  size_t n, float *out)
{
    const struct item_knn_weights *p = parameters;
    const struct snapshot *snapshot = request->snapshot;
    struct pleased pleased = {0};
    if (request->personal) find_pleased(request, (float)p->weight, &pleased);
    for (size_t i = 0; i < n; i++) {
        const uint32_t *list = snapshot_block(snapshot, place[i]);
        out[i] = snapshot->item[place[i]].bias;
        if (pleased.count && any_listed(list, &pleased)) out[i] += similar(list, &pleased);
    }
}

const struct ranker rank_item_knn = {
    .about = {.name = "item_knn",
              .doc = "videos that those like who liked what this viewer liked last",
              .reference = "Sarwar et al. 2001, doi 10.1145/371920.372071",
              .parameters = &table},
    .learner = "item_knn",
    .bias = bias,
    .score = score,
};
