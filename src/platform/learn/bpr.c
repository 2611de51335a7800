/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Bayesian personalised ranking, online: a video that was received well must score above one
 * that was not, i above j,
 *     x = p_u . (q_i - q_j) + b_i - b_j,      g = 1 / (1 + e^x)
 *     p_u += rate (g (q_i - q_j) - lambda p_u),  q_i += rate (g p_u - lambda q_i),  q_j against
 * Pairs come from one session, so each is a choice that one viewer made in one mood: the video
 * at hand and the last one before it that was received the other way. Of a pair the video at
 * hand moves; its partner moves as the one at hand of other pairs.
 *
 * A vector's last lane is the video's bias; the viewer's is 0. Viewer: 15 factors. Session: 16
 * floats, then the packed vectors of the last video received well and the last that was not.
 * Video: 15 factors, bias.
 */
#include "platform/learner.h"

#define FACTORS (VECTOR_DIM - 1)
#define BIAS FACTORS
#define PARTNER_FLOATS (sizeof(struct packed16) / sizeof(float))
#define SCORE_UNIT 4096.0f /* a partner's score as it travels, within 8 */

enum reception { SKIPPED, LIKED };

struct bpr_parameters {
    double viewer_rate, video_rate, regularisation, liked, debias;
};

static const struct schema_row rows[] = {
    {.path = "viewer_rate",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0.1",
     .meaning = "step of a viewer's factors a pair",
     .source = "A",
     .plausible_low = 0.01,
     .plausible_high = 0.2,
     .when = SCHEMA_WINDOW,
     .moves = "ndcg_true",
     .sign = 1,
     .from = "0",
     .to = "0.1",
     .needs = "platform.ranker=bpr",
     .offset = offsetof(struct bpr_parameters, viewer_rate)},
    {.path = "video_rate",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0.05",
     .meaning = "step of a video's factors a pair",
     .source = "A",
     .plausible_low = 0.01,
     .plausible_high = 0.2,
     .when = SCHEMA_WINDOW,
     .moves = "auc_true",
     .sign = -1,
     .needs = "platform.ranker=bpr",
     .offset = offsetof(struct bpr_parameters, video_rate)},
    {.path = "regularisation",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0.02",
     .meaning = "pull of factors and biases to 0",
     .source = "A",
     .plausible_low = 0.001,
     .plausible_high = 0.1,
     .when = SCHEMA_WINDOW,
     .moves = "auc_true",
     .sign = 1,
     .needs = "platform.ranker=bpr",
     .offset = offsetof(struct bpr_parameters, regularisation)},
    {.path = "liked",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = -1,
     .high = 2,
     .initial = "0.35",
     .meaning = "reward from which a video counts as received well",
     .source = "A (a usual reward)",
     .plausible_low = 0.2,
     .plausible_high = 0.6,
     .when = SCHEMA_WINDOW,
     .moves = "auc_true",
     .sign = -1,
     .needs = "platform.ranker=bpr",
     .offset = offsetof(struct bpr_parameters, liked)},
    {.path = "debias",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 1,
     .high = 1000,
     .initial = "1",
     .meaning =
         "most that an impression shown by chance counts, by 1 / propensity; 1 = no more",
     .source = "Schnabel et al. 2016, arXiv 1602.05352",
     .plausible_low = 1,
     .plausible_high = 20,
     .when = SCHEMA_WINDOW,
     .moves = "ndcg_true",
     .sign = -1,
     .needs = "platform.ranker=bpr platform.retrieve.explore.share=0.2",
     .offset = offsetof(struct bpr_parameters, debias)},
};
static const struct schema_table table = {
    .prefix = "platform.learn.bpr", .size = sizeof(struct bpr_parameters), SCHEMA_ROWS(rows)};

/* Where the session keeps its last video of this reception. */
static size_t partner(enum reception received)
{
    return VECTOR_DIM + (size_t)received * PARTNER_FLOATS;
}

static void open_row(const void *parameters, const int16_t *row, float *session)
{
    struct packed16 vector;
    (void)parameters;
    memcpy(&vector, row, sizeof(vector));
    vector_unpack(session, &vector);
    memset(session + VECTOR_DIM, 0, 2 * sizeof(vector));
}

static bool known(const void *parameters, const float *session)
{
    (void)parameters;
    return vector_dot(session, session) > 1e-4f;
}

static enum reception reception_of(const struct bpr_parameters *p, const struct impression *act)
{
    return learner_reward(act) >= (float)p->liked ? LIKED : SKIPPED;
}

/* The step that this impression counts for. */
static float step_of(const struct bpr_parameters *p, double rate, const struct impression *act)
{
    float step = (float)rate * learner_weight(act, p->debias);
    float most = (float)rate > LEARNER_STEP_MOST ? (float)rate : LEARNER_STEP_MOST;
    return step < most ? step : most;
}

/* The video that the session remembers of this reception; false = none yet. */
static bool recall(const float *session, enum reception received, float *vector)
{
    static const struct packed16 nothing;
    struct packed16 packed;
    memcpy(&packed, session + partner(received), sizeof(packed));
    vector_unpack(vector, &packed);
    return memcmp(&packed, &nothing, sizeof(packed)) != 0;
}

/* 1 / (1 + e^x): how wrong the order is, x = by how much the better one leads. */
static float wrongness(float lead) { return maths_sigmoidf(-lead); }

static void acted(const void *parameters, float *session, const struct learned_video *video,
                  const struct impression *act)
{
    const struct bpr_parameters *p = parameters;
    enum reception received = reception_of(p, act);
    float rate = step_of(p, p->viewer_rate, act), keep = 1.0f - rate * (float)p->regularisation;
    float q[VECTOR_DIM], other[VECTOR_DIM];
    vector_unpack(q, video->vector);
    if (recall(session, received == LIKED ? SKIPPED : LIKED, other)) {
        float sign = received == LIKED ? 1.0f : -1.0f;
        vector_add(q, -1.0f, other);
        float lead = sign * (vector_dot(session, q) + q[BIAS]);
        vector_scale(session, keep);
        vector_add(session, rate * sign * wrongness(lead), q);
        session[BIAS] = 0;
    }
    memcpy(session + partner(received), video->vector, sizeof(*video->vector));
}

static void close_row(const void *parameters, const float *session, int16_t *row)
{
    struct packed16 vector;
    (void)parameters;
    vector_pack(&vector, session);
    memcpy(row, &vector, sizeof(vector));
}

/* Lanes of a side record behind the viewer's: scores of both partners, which there are. */
enum { SIDE_SCORE = VECTOR_DIM, SIDE_KNOWN = VECTOR_DIM + 2, SIDE_LANES = VECTOR_DIM + 4 };

static void side(const void *parameters, const float *session, int16_t *out)
{
    close_row(parameters, session, out);
    out[SIDE_KNOWN] = out[SIDE_KNOWN + 1] = 0;
    for (int k = SKIPPED; k <= LIKED; k++) {
        float q[VECTOR_DIM], score = 0;
        if (recall(session, (enum reception)k, q)) {
            score = (vector_dot(session, q) + q[BIAS]) * SCORE_UNIT;
            out[SIDE_KNOWN] |= (int16_t)(1 << k);
        }
        score = score > 32767.0f ? 32767.0f : score < -32767.0f ? -32767.0f : score;
        out[SIDE_SCORE + k] = (int16_t)score;
    }
}

static void video_init(const void *parameters, uint64_t name, const struct packed16 *feature,
                       float *video)
{
    (void)parameters;
    (void)name;
    vector_unpack(video, feature);
    vector_scale(video, 0.5f);
    video[BIAS] = 0;
}

static void learn(const void *parameters, const float *common, float *video,
                  const struct impression *act, const int16_t *row)
{
    const struct bpr_parameters *p = parameters;
    enum reception received = reception_of(p, act), other = received == LIKED ? SKIPPED : LIKED;
    float rate = step_of(p, p->video_rate, act), keep = 1.0f - rate * (float)p->regularisation;
    float viewer[VECTOR_DIM], sign = received == LIKED ? 1.0f : -1.0f;
    struct packed16 packed;
    (void)common;
    if (!(row[SIDE_KNOWN] & 1 << other)) return;
    memcpy(&packed, row, sizeof(packed));
    vector_unpack(viewer, &packed);
    float lead = sign * (vector_dot(viewer, video) + video[BIAS] -
                         (float)row[SIDE_SCORE + other] * (1.0f / SCORE_UNIT));
    viewer[BIAS] = 1.0f; /* what a bias is multiplied with */
    vector_scale(video, keep);
    vector_add(video, rate * sign * wrongness(lead), viewer);
    video[BIAS] = video[BIAS] > 1.99f ? 1.99f : video[BIAS] < -1.99f ? -1.99f : video[BIAS];
}

static void publish(const void *parameters, const float *common, const float *video,
                    struct packed16 *vector, float *bias)
{
    (void)parameters, (void)common;
    vector_pack(vector, video);
    *bias = video[BIAS];
}

const struct learner learn_bpr = {
    .about = {.name = "bpr",
              .doc = "factors that put videos received well above others, from pairs",
              .reference = "Rendle et al. 2009, arXiv 1205.2618",
              .parameters = &table},
    .viewer_lanes = VECTOR_DIM,
    .session_floats = VECTOR_DIM + 2 * PARTNER_FLOATS,
    .video_floats = VECTOR_DIM,
    .side_lanes = SIDE_LANES,
    .open = open_row,
    .known = known,
    .acted = acted,
    .close = close_row,
    .side = side,
    .video_init = video_init,
    .learn = learn,
    .publish = publish,
};
