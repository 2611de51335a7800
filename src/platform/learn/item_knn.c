/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Videos that please the same viewers. With r = reward less `level`, what is usual, an act on
 * video v adds r_v r_j to the pair of v and each of the last videos j that pleased this viewer
 * before. So a pair's sum is that over viewers v' of r_uv' r_v'v, of those who came to v after
 * u, and as far back as a viewer's memory of ITEM_KNN_RECENT videos reaches. Similarity of v
 * and j, from what the last viewers of v (about `memory` of them, by a decaying sum) have said:
 *     product   (1 / memory) sum of r_v r_j
 *     cosine    sum of r_v r_j / sqrt((|r_v|^2 + shrinkage) (|r_j|^2 + shrinkage))
 * What is not positive is dropped. With level 0 there is nothing else, and what is shown
 * together counts as liked together.
 *
 * A video remembers ITEM_KNN_LIST others, as the heavy hitters by |r_v r_j| (space saving:
 * Metwally, Agrawal & El Abbadi 2005): a pair that is not listed takes the place of the least.
 * Similarities are made of what a listed one was given since it came in, nothing inherited. A
 * video that is forgotten and comes back starts anew.
 *
 * Video: counts of the places (with what they took over), sums since, numbers, tags, |r_v|^2.
 * Numbers are kept as bits, which are no NaN's as long as there are fewer than 2^30 videos.
 */
#include "item_knn.h"

#include "base/code16.h"
#include "world/entity.h"

#define LIST ITEM_KNN_LIST
enum { COUNT = 0, SUM = LIST, NUMBER = 2 * LIST, TAG = 3 * LIST, SQUARE = 4 * LIST, VIDEO };

enum similarity { SIMILARITY_PRODUCT, SIMILARITY_COSINE };

struct item_knn_parameters {
    struct profile_parameters profile;
    int32_t similarity;
    double level, liked, memory, shrinkage;
};

/* The ranking is left to what the index finds near the profile. */
#define PROFILE_ALONE                                                                          \
    "platform.ranker=item_knn platform.rank.item_knn.weight=0 "                                \
    "platform.rank.item_knn.popularity=0 creators.count=600 platform.clusters=40 run.days=1"
/* New videos, which few have seen, beside older ones; pairs alone rank them. */
#define NEW_AND_OLD                                                                            \
    "platform.ranker=item_knn platform.rank.item_knn.popularity=0 "                            \
    "platform.retrievers=[\"content\"] platform.learn.item_knn.memory=1000 "                   \
    "platform.learn.item_knn.level=0 creators.count=60 creators.videos_per_week=14 "           \
    "creators.backlog_days=2"
static const struct schema_row rows[] = {
    PROFILE_ROWS(struct item_knn_parameters, PROFILE_ALONE, "plays_7s", -1),
    {.path = "similarity",
     .type = SCHEMA_CHOICE,
     .unit = "1",
     .initial = "\"cosine\"",
     .choices = "product|cosine",
     .meaning = "product: (1/N) sum of products of rewards; cosine",
     .source = "scenario",
     .when = SCHEMA_START,
     .moves = "gini_views",
     .sign = -1,
     .from = "\"product\"",
     .to = "\"cosine\"",
     .needs = NEW_AND_OLD " platform.learn.item_knn.shrinkage=0",
     .offset = offsetof(struct item_knn_parameters, similarity)},
    {.path = "level",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = -1,
     .high = 2,
     .initial = "0.35",
     .meaning =
         "reward that counts as nothing, less than it against a pair; 0 = rewards as they are",
     .source = "A (a usual reward)",
     .plausible_low = 0,
     .plausible_high = 0.5,
     .when = SCHEMA_START,
     .moves = "ndcg_true",
     .sign = 1,
     .from = "0",
     .to = "0.35",
     .needs = "platform.ranker=item_knn",
     .offset = offsetof(struct item_knn_parameters, level)},
    {.path = "liked",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0.01,
     .high = 2,
     .initial = "0.35",
     .meaning = "reward from which a viewer remembers a video as liked",
     .source = "A (a usual reward)",
     .plausible_low = 0.2,
     .plausible_high = 0.6,
     .when = SCHEMA_WINDOW,
     .moves = "auc_true",
     .sign = -1,
     .from = "0.35",
     .to = "2",
     .needs = "platform.ranker=item_knn platform.rank.item_knn.popularity=0 run.days=4",
     .offset = offsetof(struct item_knn_parameters, liked)},
    {.path = "memory",
     .type = SCHEMA_FLOAT,
     .unit = "viewers",
     .low = 1,
     .high = 1e6,
     .initial = "200",
     .meaning = "viewers of a video that its pairs are made of: N of the product",
     .source = "A",
     .plausible_low = 50,
     .plausible_high = 2000,
     .when = SCHEMA_START,
     .moves = "auc_true",
     .sign = 1,
     .from = "1",
     .to = "200",
     .needs = "platform.ranker=item_knn platform.rank.item_knn.popularity=0 run.days=4",
     .offset = offsetof(struct item_knn_parameters, memory)},
    {.path = "shrinkage",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1e6,
     .initial = "5",
     .meaning = "squared rewards that cosines count each video as having beyond its own",
     .source = "A (as damping: Koren 2010)",
     .plausible_low = 1,
     .plausible_high = 50,
     .when = SCHEMA_START,
     .moves = "gini_views",
     .sign = 1,
     .from = "0",
     .to = "100",
     .needs = NEW_AND_OLD,
     .offset = offsetof(struct item_knn_parameters, shrinkage)},
};
static const struct schema_table table = {.prefix = "platform.learn.item_knn",
                                          .size = sizeof(struct item_knn_parameters),
                                          SCHEMA_ROWS(rows)};

/* -------------------------------------------------------------------------------- viewers */

static void open_row(const void *parameters, const int16_t *row, float *session)
{
    profile_open(parameters, row, session);
    for (int i = ITEM_KNN_AT; i < ITEM_KNN_SESSION; i += ITEM_KNN_LANES) {
        for (int k = 0; k < 3; k++) session[i + k] = (float)(uint16_t)row[i + k];
        session[i + 3] = (float)(row[i + 3] > 0 ? row[i + 3] : 0) *
                         (1.0f / ITEM_KNN_REWARD_UNIT);
    }
}

static void close_row(const void *parameters, const float *session, int16_t *row)
{
    profile_close(parameters, session, row);
    for (int i = ITEM_KNN_AT; i < ITEM_KNN_SESSION; i += ITEM_KNN_LANES) {
        for (int k = 0; k < 3; k++)
            row[i + k] = (int16_t)(uint16_t)maths_whole(session[i + k], 0, 65535);
        row[i + 3] = (int16_t)maths_whole(session[i + 3] * ITEM_KNN_REWARD_UNIT, -32768, 32767);
    }
}

/* To the front; a video that is there already moves there. */
static void remember(float *session, uint32_t video, uint16_t tag, float reward)
{
    float *first = session + ITEM_KNN_AT;
    int at = 0;
    while (at < ITEM_KNN_RECENT - 1) {
        struct item_knn_recent recent = item_knn_recent(session, at);
        if (!(recent.reward > 0) || recent.video == video) break;
        at++;
    }
    memmove(first + ITEM_KNN_LANES, first, (size_t)at * ITEM_KNN_LANES * sizeof(*first));
    first[0] = (float)(video & 0xffff);
    first[1] = (float)(video >> 16);
    first[2] = (float)tag;
    first[3] = reward;
}

static void acted(const void *parameters, float *session, const struct learned_video *video,
                  const struct impression *act)
{
    const struct item_knn_parameters *p = parameters;
    float reward = learner_reward(act);
    profile_acted(parameters, session, video, act);
    if (reward >= (float)p->liked && reward > (float)p->level)
        remember(session, act->video, video->tag, reward - (float)p->level);
}

static void side(const void *parameters, const float *session, int16_t *out)
{
    int16_t row[ITEM_KNN_SESSION];
    close_row(parameters, session, row);
    memcpy(out, row + ITEM_KNN_AT, sizeof(row) - ITEM_KNN_AT * sizeof(*row));
}

/* --------------------------------------------------------------------------------- videos */

static uint32_t number_at(const float *video, int i)
{
    uint32_t number;
    memcpy(&number, video + NUMBER + i, sizeof(number));
    return number;
}

static void video_init(const void *parameters, uint64_t name, const struct packed16 *feature,
                       float *video)
{
    (void)parameters, (void)name, (void)feature;
    memset(video, 0, VIDEO * sizeof(*video));
}

/* The place of a pair: its own, else that of the least. */
static int place_for(const float *video, uint32_t number)
{
    int least = 0;
    for (int i = 0; i < LIST; i++) {
        if (video[COUNT + i] > 0 && number_at(video, i) == number) return i;
        if (video[COUNT + i] < video[COUNT + least]) least = i;
    }
    return least;
}

static void add_pair(float *video, uint32_t number, uint16_t tag, float product)
{
    int at = place_for(video, number);
    if (number_at(video, at) != number || video[TAG + at] != (float)tag) {
        if (number_at(video, at) == number) video[COUNT + at] = 0; /* another video's */
        memcpy(video + NUMBER + at, &number, sizeof(number));
        video[TAG + at] = (float)tag;
        video[SUM + at] = 0;
    }
    video[COUNT + at] += product < 0 ? -product : product;
    video[SUM + at] += product;
}

static void learn(const void *parameters, const float *common, float *video,
                  const struct impression *act, const int16_t *row)
{
    const struct item_knn_parameters *p = parameters;
    float reward = learner_reward(act) - (float)p->level, keep = 1.0f - 1.0f / (float)p->memory;
    (void)common;
    for (int i = 0; i < 2 * LIST; i++) video[COUNT + i] *= keep;
    video[SQUARE] = video[SQUARE] * keep + reward * reward;
    for (int i = 0; i < ITEM_KNN_RECENT; i++, row += ITEM_KNN_LANES) {
        uint32_t number = (uint32_t)(uint16_t)row[0] | (uint32_t)(uint16_t)row[1] << 16;
        if (row[3] <= 0) break;
        if (number == act->video) continue;
        add_pair(video, number, (uint16_t)row[2],
                 reward * (float)row[3] * (1.0f / ITEM_KNN_REWARD_UNIT));
    }
}

static void publish(const void *parameters, const float *common, const float *video,
                    struct packed16 *vector, float *bias)
{
    (void)parameters, (void)common, (void)video, (void)vector;
    *bias = 0;
}

static void block(const void *parameters, const float *video, uint32_t *out)
{
    const struct item_knn_parameters *p = parameters;
    float each = 1.0f / (float)p->memory, scale = 1.0f;
    if (p->similarity == SIMILARITY_COSINE)
        each = scale = 1.0f / sqrtf(video[SQUARE] + (float)p->shrinkage + 1e-6f);
    for (int i = 0; i < LIST; i++) {
        bool used = video[SUM + i] > 0;
        uint16_t similar = code16_encode(video[SUM + i] * each * (1.0f / ITEM_KNN_MOST));
        out[i] = used ? number_at(video, i) : ENTITY_NONE;
        out[LIST + i] = used ? (uint32_t)video[TAG + i] << 16 | similar : 0;
    }
    out[ITEM_KNN_SCALE] = code16_encode(scale * (1.0f / ITEM_KNN_MOST));
}

const struct learner learn_item_knn = {
    .about =
        {.name = "item_knn",
         .doc = "profile, the last videos that pleased, and of each video those liked with it",
         .reference = "Sarwar et al. 2001, doi 10.1145/371920.372071; Linden et al. 2003",
         .parameters = &table},
    .feature_space = true,
    .viewer_lanes = ITEM_KNN_SESSION,
    .session_floats = ITEM_KNN_SESSION,
    .video_floats = VIDEO,
    .side_lanes = ITEM_KNN_RECENT * ITEM_KNN_LANES,
    .block_words = ITEM_KNN_WORDS,
    .neighbours = LIST,
    .open = open_row,
    .known = profile_known,
    .acted = acted,
    .close = close_row,
    .side = side,
    .video_init = video_init,
    .learn = learn,
    .publish = publish,
    .block = block,
};
