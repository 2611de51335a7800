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
     .initial = "4",
     .meaning = "of the raters remembered of a video, the nearest that its score is made of",
     .source = "A",
     .plausible_low = 2,
     .plausible_high = 8,
     .when = SCHEMA_WINDOW,
     .split = SCHEMA_SPLIT_VIEWER,
     .moves = "auc_true",
     .sign = 1,
     .from = "1",
     .to = "8",
     .needs = "platform.ranker=user_knn platform.rank.user_knn.popularity=0 run.days=4",
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
     .split = SCHEMA_SPLIT_VIEWER,
     .moves = "auc_true",
     .sign = 1,
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
     .split = SCHEMA_SPLIT_VIEWER,
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

static float bias(const void *parameters, const struct item_facts *facts)
{
    const struct user_knn_weights *p = parameters;
    return (float)p->popularity * arm_lead(facts->counters);
}

typedef uint8_t eight_bytes __attribute__((vector_size(8)));
typedef int16_t eight_shorts __attribute__((vector_size(16)));

/* The viewer's direction as products with bytes want it: two lanes at a time, four times over.
 */
struct asker {
    eight_shorts lanes[VECTOR_DIM / 2];
    int32_t offset; /* what the zeros of the bytes add */
    float unit;     /* of a product */
};

static void ask(const struct request *request, struct asker *out)
{
    const int16_t *lane = request->query->lane;
    int32_t sum = 0;
    for (int k = 0; k < VECTOR_DIM; k++) {
        sum += lane[k];
        for (int r = 0; r < USER_KNN_GROUP; r++) out->lanes[k / 2][2 * r + k % 2] = lane[k];
    }
    out->offset = USER_KNN_ONE * sum;
    out->unit = 1.0f / ((float)USER_KNN_ONE * (float)VECTOR_ONE);
}

/* Sums of products of neighbours: four of eight. */
static inline vector_four_bits add_pairs(eight_shorts a, eight_shorts b)
{
#ifdef __SSE2__
    return (vector_four_bits)__builtin_ia32_pmaddwd128(a, b);
#else
    vector_four_bits sum = {0};
    for (int i = 0; i < 4; i++) sum[i] = a[2 * i] * b[2 * i] + a[2 * i + 1] * b[2 * i + 1];
    return sum;
#endif
}

#define GROUPS (USER_KNN_RATERS / USER_KNN_GROUP)

/* Cosines with all raters, 0 where there is none or it is not positive. Bytes are at most 255:
 * 16 products fit an int. */
static inline void alike(const struct asker *asker, const uint32_t *block, vector_four *out)
{
    const char *at = (const char *)block;
    for (int g = 0; g < GROUPS; g++) {
        vector_four_bits sum = (vector_four_bits){0} - asker->offset;
        vector_four_bits rater = vector_load_bits(block + USER_KNN_REWARD + 4 * g);
        for (int k = 0; k < VECTOR_DIM / 2; k++, at += sizeof(eight_bytes)) {
            eight_bytes bytes;
            memcpy(&bytes, at, sizeof(bytes));
            sum += add_pairs(__builtin_convertvector(bytes, eight_shorts), asker->lanes[k]);
        }
        sum &= (sum > 0) & (rater != 0);
        out[g] = __builtin_convertvector(sum, vector_four) * asker->unit;
    }
}

/* Those with `most` or more above them go to 0; of equal ones all stay. No branch depends on
 * who they are. */
static inline void keep_nearest(vector_four *how, int32_t most)
{
    vector_four_bits above[GROUPS] = {{0}};
    for (int g = 0; g < GROUPS; g++)
        for (int i = 0; i < USER_KNN_GROUP; i++)
            for (int k = 0; k < GROUPS; k++) above[k] -= (vector_four){0} + how[g][i] > how[k];
    for (int g = 0; g < GROUPS; g++)
        how[g] = (vector_four)((vector_four_bits)how[g] & (above[g] < most));
}

static inline float opinion(const struct asker *asker, const uint32_t *block, int32_t most,
                            float shrinkage)
{
    vector_four how[GROUPS], sum = {0}, weights = {0};
    alike(asker, block, how);
    if (most < USER_KNN_RATERS) keep_nearest(how, most);
    for (int g = 0; g < GROUPS; g++) {
        vector_four_bits reward = vector_load_bits(block + USER_KNN_REWARD + 4 * g) >> 16;
        sum += how[g] * __builtin_convertvector(reward, vector_four);
        weights += how[g];
    }
    float up = (sum[0] + sum[2]) + (sum[1] + sum[3]);
    float down = (weights[0] + weights[2]) + (weights[1] + weights[3]);
    return up * (1.0f / USER_KNN_REWARD_UNIT) / (down + shrinkage);
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
                                   (int32_t)p->neighbours, shrinkage);
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
