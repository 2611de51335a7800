/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What those made of the video who are most like this viewer, of a sample of those who watched
 * it. With w = cosine of profiles where it is positive, over the `neighbours` nearest,
 *     score = weight sum of w (reward - usual reward) / (sum of w + shrinkage)
 *           + popularity (share of long views - usual share)
 */
#include "platform/learn/user_knn.h"

#include "arm.h"

struct user_knn_weights {
    int64_t neighbours;
    double shrinkage, weight, popularity;
};

static const struct schema_row rows[] = {
    {.path = "neighbours",
     .type = SCHEMA_INT,
     .unit = "1",
     .low = 1,
     .high = USER_KNN_RATERS,
     .initial = "6",
     .meaning = "of the raters remembered of a video, the nearest that its score is made of",
     .source = "A",
     .plausible_low = 2,
     .plausible_high = 12,
     .when = SCHEMA_WINDOW,
     .moves = "hash",
     .needs = "platform.ranker=user_knn",
     .offset = offsetof(struct user_knn_weights, neighbours)},
    {.path = "shrinkage",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0.001,
     .high = 1000,
     .initial = "1",
     .meaning = "raters of no opinion, as alike as can be, beside the others",
     .source = "A (as significance weights: Herlocker et al. 1999)",
     .plausible_low = 0.2,
     .plausible_high = 5,
     .when = SCHEMA_WINDOW,
     .moves = "hash",
     .needs = "platform.ranker=user_knn",
     .offset = offsetof(struct user_knn_weights, shrinkage)},
    {.path = "weight",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1e6,
     .initial = "1",
     .meaning = "weight of what raters like this viewer made of a video",
     .source = "A",
     .plausible_low = 0.2,
     .plausible_high = 5,
     .when = SCHEMA_WINDOW,
     .moves = "ndcg_true",
     .sign = 1,
     .from = "0",
     .to = "1",
     .needs = "platform.ranker=user_knn",
     .offset = offsetof(struct user_knn_weights, weight)},
    {.path = "popularity",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 100,
     .initial = "1",
     .meaning = "weight of the share of long views beside the raters",
     .source = "A",
     .plausible_low = 0.1,
     .plausible_high = 5,
     .when = SCHEMA_START,
     .moves = "r videos.quality,impressions",
     .sign = 1,
     .from = "0",
     .to = "10",
     .needs = "platform.ranker=user_knn",
     .offset = offsetof(struct user_knn_weights, popularity)},
};
static const struct schema_table table = {.prefix = "platform.rank.user_knn",
                                          .size = sizeof(struct user_knn_weights),
                                          SCHEMA_ROWS(rows)};

#define PRIOR 50.0f /* impressions after which a video's own share counts half */

static float bias(const void *parameters, const struct item_facts *facts)
{
    const struct user_knn_weights *p = parameters;
    return (float)p->popularity * (arm_mean(facts->counters, PRIOR) - LONG_VIEWS);
}

/* The viewer's direction as products with bytes want it. */
struct asker {
    int16_t lane[VECTOR_DIM];
    int32_t offset; /* what the zeros of the bytes add */
    float unit;     /* of a product */
};

static void ask(const struct request *request, struct asker *out)
{
    int32_t sum = 0;
    memcpy(out->lane, request->query->lane, sizeof(out->lane));
    for (int k = 0; k < VECTOR_DIM; k++) sum += out->lane[k];
    out->offset = USER_KNN_ONE * sum;
    out->unit = 1.0f / ((float)USER_KNN_ONE * (float)VECTOR_ONE);
}

/* Cosine with a rater. Bytes are at most 255, so 16 products fit an int. */
static inline float alike(const struct asker *asker, const uint32_t *rater)
{
    uint8_t byte[VECTOR_DIM];
    int32_t sum = 0;
    memcpy(byte, rater, sizeof(byte));
    for (int k = 0; k < VECTOR_DIM; k++) sum += (int32_t)byte[k] * asker->lane[k];
    return (float)(sum - asker->offset) * asker->unit;
}

struct nearest {
    uint32_t count, most;
    float alike[USER_KNN_RATERS], reward[USER_KNN_RATERS];
};

/* Keeps the most alike, in falling order; a later equal one stays behind. */
static inline void meet(struct nearest *list, float how, float reward)
{
    uint32_t at = list->count;
    if (at == list->most) {
        if (how <= list->alike[at - 1]) return;
        at--;
    } else {
        list->count++;
    }
    for (; at > 0 && list->alike[at - 1] < how; at--) {
        list->alike[at] = list->alike[at - 1];
        list->reward[at] = list->reward[at - 1];
    }
    list->alike[at] = how;
    list->reward[at] = reward;
}

static float opinion(const struct asker *asker, const uint32_t *rater, uint32_t most,
                     float shrinkage)
{
    struct nearest list = {.most = most};
    float sum = 0, weights = shrinkage;
    for (int i = 0; i < USER_KNN_RATERS; i++, rater += USER_KNN_RATER) {
        uint32_t word = rater[USER_KNN_RATER - 1];
        if (!word) break;
        float how = alike(asker, rater);
        if (how > 0)
            meet(&list, how, (float)(int16_t)(uint16_t)word * (1.0f / USER_KNN_REWARD_UNIT));
    }
    for (uint32_t i = 0; i < list.count; i++) {
        sum += list.alike[i] * list.reward[i];
        weights += list.alike[i];
    }
    return sum / weights;
}

static void score(const void *parameters, const struct request *request, const uint32_t *place,
                  size_t n, float *out)
{
    const struct user_knn_weights *p = parameters;
    const struct snapshot *snapshot = request->snapshot;
    float weight = (float)p->weight, shrinkage = (float)p->shrinkage;
    struct asker asker;
    for (size_t i = 0; i < n; i++) out[i] = snapshot->item[place[i]].bias;
    if (!request->personal) return;
    ask(request, &asker);
    for (size_t i = 0; i < n; i++)
        out[i] += weight * opinion(&asker, snapshot_block(snapshot, place[i]),
                                   (uint32_t)p->neighbours, shrinkage);
}

const struct ranker rank_user_knn = {
    .about =
        {.name = "user_knn",
         .doc = "what viewers of like taste made of the video, of a sample of its raters",
         .reference = "Resnick et al. 1994; Herlocker et al. 1999, doi 10.1145/312624.312682",
         .parameters = &table},
    .learner = "user_knn",
    .bias = bias,
    .score = score,
};
