/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who has watched a video, and how they liked it: a sample of the raters of each video, with
 * the direction of their profile and their reward less what is usual for them. Viewers are
 * alike by their profiles, of features of what pleased them: two who never met the same video
 * can be.
 *
 * The sample is a reservoir (Vitter 1985): the n-th rater takes one of the places with
 * probability places / n. From n = `memory` on it stays at places / memory, so that raters fade
 * (Aggarwal 2006). Which place it is follows from the video's name, n and what was watched: a
 * hash, not a draw, since learners have none.
 *
 * Viewer: profile. Side: the direction in bytes, usual reward, is it known. Video: the places,
 * each the bits of four words and the reward; raters so far; a fold of the name.
 */
#include "user_knn.h"

#include "engine/stream.h"
#include "profile.h"

#define RATERS USER_KNN_RATERS
#define RATER (VECTOR_DIM / 4 + 1) /* floats */
enum { SEEN = RATERS * RATER, NAME, VIDEO };
enum { SIDE_USUAL = VECTOR_DIM / 2, SIDE_KNOWN, SIDE_LANES };

struct user_knn_parameters {
    struct profile_parameters profile;
    double memory;
};

static const struct schema_row rows[] = {
    PROFILE_ROWS(struct user_knn_parameters, "platform.ranker=user_knn creators.count=300",
                 "play_7s_rate", -1),
    {.path = "memory",
     .type = SCHEMA_FLOAT,
     .unit = "raters",
     .low = RATERS,
     .high = 1e6,
     .initial = "200",
     .meaning = "raters of a video that its sample is drawn from, the older ones less and less",
     .source = "A",
     .plausible_low = 50,
     .plausible_high = 2000,
     .when = SCHEMA_WINDOW,
     .moves = "gini_views", /* raters who stay favour the same videos all along */
     .sign = 1,
     .from = "8",
     .to = "1e6",
     .needs = "platform.ranker=user_knn platform.rank.user_knn.popularity=0 "
              "platform.rank.user_knn.shrinkage=0.01 platform.retrievers=[\"content\"] "
              "creators.count=60 creators.videos_per_week=14 creators.backlog_days=4",
     .offset = offsetof(struct user_knn_parameters, memory)},
};
static const struct schema_table table = {.prefix = "platform.learn.user_knn",
                                          .size = sizeof(struct user_knn_parameters),
                                          SCHEMA_ROWS(rows)};

/* A lane of a unit vector as a byte. */
static uint8_t byte_of(float lane)
{
    float x = lane * (float)USER_KNN_ONE + (float)USER_KNN_ONE + 0.5f;
    return (uint8_t)(x < 0 ? 0 : x > 2 * USER_KNN_ONE ? 2 * USER_KNN_ONE : (int)x);
}

static void side(const void *parameters, const float *session, int16_t *out)
{
    float direction[VECTOR_DIM];
    uint8_t bytes[VECTOR_DIM];
    memcpy(direction, session, sizeof(direction));
    vector_normalise(direction);
    for (int k = 0; k < VECTOR_DIM; k++) bytes[k] = byte_of(direction[k]);
    memcpy(out, bytes, sizeof(bytes));
    out[SIDE_USUAL] = (int16_t)(session[USUAL] * USER_KNN_REWARD_UNIT);
    out[SIDE_KNOWN] = profile_known(parameters, session);
}

static void video_init(const void *parameters, uint64_t name, const struct packed16 *feature,
                       float *video)
{
    (void)parameters, (void)feature;
    memset(video, 0, VIDEO * sizeof(*video));
    video[NAME] = (float)(name_fold(name) >> 8);
}

/* The finaliser of MurmurHash3 (Appleby, public domain): every bit of it depends on each of
 * x's. */
static uint32_t mix(uint32_t x)
{
    x = (x ^ x >> 16) * UINT32_C(0x85ebca6b);
    x = (x ^ x >> 13) * UINT32_C(0xc2b2ae35);
    return x ^ x >> 16;
}

/* The place of the next rater; RATERS or more = none. */
static uint32_t place_for(const float *video, const struct impression *act, float memory)
{
    uint32_t n = (uint32_t)maths_whole(video[SEEN], 0, 1000000) + 1;
    uint32_t among = (float)n < memory ? n : (uint32_t)memory;
    if (n <= RATERS) return n - 1;
    uint32_t lot = mix(mix((uint32_t)video[NAME] ^ n << 8) + act->watch_ms);
    return (uint32_t)((uint64_t)lot * among >> 32);
}

static void learn(const void *parameters, const float *common, float *video,
                  const struct impression *act, const int16_t *row)
{
    const struct user_knn_parameters *p = parameters;
    (void)common;
    if (!row[SIDE_KNOWN]) return;
    uint32_t at = place_for(video, act, (float)p->memory);
    if (at < RATERS) {
        float usual = (float)row[SIDE_USUAL] * (1.0f / USER_KNN_REWARD_UNIT);
        memcpy(video + at * RATER, row, VECTOR_DIM);
        video[at * RATER + RATER - 1] = learner_reward(act) - usual;
    }
    video[SEEN] += 1.0f;
    if (video[SEEN] >= 1e6f)
        video[SEEN] -= 5e5f; /* the lots go on, and stay exact in a float */
}

static void publish(const void *parameters, const float *common, const float *video,
                    struct packed16 *vector, float *bias)
{
    (void)parameters, (void)common, (void)video, (void)vector;
    *bias = 0;
}

static void block(const void *parameters, const float *video, uint32_t *out)
{
    uint8_t byte[USER_KNN_REWARD * 4] = {0};
    (void)parameters;
    memset(out, 0, USER_KNN_WORDS * sizeof(*out));
    for (int i = 0; (float)i < video[SEEN] && i < RATERS; i++) {
        uint8_t direction[VECTOR_DIM];
        float unit = video[i * RATER + RATER - 1] * USER_KNN_REWARD_UNIT;
        int16_t reward = (int16_t)maths_whole(unit, -32768, 32767);
        memcpy(direction, video + i * RATER, sizeof(direction));
        for (int k = 0; k < VECTOR_DIM; k++) byte[user_knn_byte(i, k)] = direction[k];
        out[USER_KNN_REWARD + i] = (uint32_t)(uint16_t)reward << 16 | 1;
    }
    memcpy(out, byte, sizeof(byte));
}

const struct learner learn_user_knn = {
    .about = {.name = "user_knn",
              .doc = "profile, and of each video a sample of those who watched it",
              .reference = "Resnick et al. 1994, doi 10.1145/192844.192905; Das et al. 2007",
              .parameters = &table},
    .feature_space = true,
    .viewer_lanes = PROFILE_END,
    .session_floats = PROFILE_END,
    .video_floats = VIDEO,
    .side_lanes = SIDE_LANES,
    .block_words = USER_KNN_WORDS,
    .open = profile_open,
    .known = profile_known,
    .acted = profile_acted,
    .close = profile_close,
    .side = side,
    .video_init = video_init,
    .learn = learn,
    .publish = publish,
    .block = block,
};
