/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Matrix factorisation with biases by stochastic gradient descent on the watch reward:
 *     r = mean + b_u + b_v + p_u . q_v,      e = reward - r
 *     p_u += rate (e q_v - lambda p_u),      q_v += rate (e p_u - lambda q_v),   b likewise
 * The viewer's side moves within the session; the video's side at the window's end, with the
 * viewer's factors as they were when it was watched (side record). A new video starts at half
 * its features, so that factors and features turn the same way and cold videos are not at the
 * saddle.
 *
 * Viewer: 16 factors, bias. Video: 16 factors, bias, impressions learned from.
 */
#include "platform/learner.h"

#define VIDEO_BIAS VECTOR_DIM
#define VIDEO_SEEN (VECTOR_DIM + 1)

struct mf_parameters {
    double viewer_rate, video_rate, regularisation;
};

static const struct schema_row rows[] = {
    {.path = "viewer_rate",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0.05",
     .meaning = "step of a viewer's factors an impression",
     .source = "A",
     .plausible_low = 0.005,
     .plausible_high = 0.1,
     .when = SCHEMA_WINDOW,
     .moves = "ndcg_true",
     .sign = 1,
     .from = "0",
     .to = "0.05",
     .needs = "platform.ranker=mf",
     .offset = offsetof(struct mf_parameters, viewer_rate)},
    {.path = "video_rate",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0.02",
     .meaning = "step of a video's factors an impression",
     .source = "A",
     .plausible_low = 0.005,
     .plausible_high = 0.1,
     .when = SCHEMA_WINDOW,
     .moves = "hash",
     .needs = "platform.ranker=mf",
     .offset = offsetof(struct mf_parameters, video_rate)},
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
     .moves = "hash",
     .needs = "platform.ranker=mf",
     .offset = offsetof(struct mf_parameters, regularisation)},
};
static const struct schema_table table = {
    .prefix = "platform.learn.mf", .size = sizeof(struct mf_parameters), SCHEMA_ROWS(rows)};

static void open_row(const void *parameters, const int16_t *row, float *session)
{
    struct packed16 vector;
    (void)parameters;
    memcpy(&vector, row, sizeof(vector));
    vector_unpack(session, &vector);
    session[VECTOR_DIM] = (float)row[VECTOR_DIM] * (1.0f / VECTOR_ONE);
}

static bool known(const void *parameters, const float *session)
{
    (void)parameters;
    return vector_dot(session, session) > 1e-4f;
}

static float clamp_lane(float x) { return x > 1.99f ? 1.99f : x < -1.99f ? -1.99f : x; }

static void acted(const void *parameters, float *session, const struct learned_video *video,
                  const struct impression *act)
{
    const struct mf_parameters *p = parameters;
    float rate = (float)p->viewer_rate, keep = 1.0f - rate * (float)p->regularisation;
    float q[VECTOR_DIM], error, *bias = &session[VECTOR_DIM];
    vector_unpack(q, video->vector);
    error = learner_reward(act) - LEARNER_REWARD_MEAN - *bias - video->bias -
            vector_dot(session, q);
    vector_scale(session, keep);
    vector_add(session, rate * error, q);
    *bias = clamp_lane(*bias * keep + rate * error);
}

static void close_row(const void *parameters, const float *session, int16_t *row)
{
    struct packed16 vector;
    (void)parameters;
    vector_pack(&vector, session);
    memcpy(row, &vector, sizeof(vector));
    row[VECTOR_DIM] = (int16_t)(session[VECTOR_DIM] * VECTOR_ONE);
}

static void side(const void *parameters, const float *session, int16_t *out)
{
    close_row(parameters, session, out);
    out[VECTOR_DIM + 1] = 0;
}

static void video_init(const void *parameters, uint64_t name, const struct packed16 *feature,
                       float *video)
{
    (void)parameters;
    (void)name;
    vector_unpack(video, feature);
    vector_scale(video, 0.5f);
    video[VIDEO_BIAS] = video[VIDEO_SEEN] = 0.0f;
}

/* The bias moves by a mean's step at first, so that a video's level is found before its
 * factors. */
static void learn(const void *parameters, float *video, const struct impression *act,
                  const int16_t *row)
{
    const struct mf_parameters *p = parameters;
    float rate = (float)p->video_rate, keep = 1.0f - rate * (float)p->regularisation;
    float viewer[VECTOR_DIM + 1], step = 1.0f / (video[VIDEO_SEEN] + 20.0f), error;
    open_row(parameters, row, viewer);
    error = learner_reward(act) - LEARNER_REWARD_MEAN - viewer[VECTOR_DIM] - video[VIDEO_BIAS] -
            vector_dot(viewer, video);
    vector_scale(video, keep);
    vector_add(video, rate * error, viewer);
    video[VIDEO_BIAS] = clamp_lane(video[VIDEO_BIAS] + (step > rate ? step : rate) * error);
    if (video[VIDEO_SEEN] < 1e6f) video[VIDEO_SEEN] += 1.0f;
}

static void publish(const void *parameters, const float *video, struct packed16 *vector,
                    float *bias)
{
    (void)parameters;
    vector_pack(vector, video);
    *bias = video[VIDEO_BIAS];
}

const struct learner learn_mf = {
    .about = {.name = "mf",
              .doc = "factors and biases of viewers and videos, by online SGD",
              .reference = "Koren, Bell & Volinsky 2009, doi 10.1109/MC.2009.263",
              .parameters = &table},
    .viewer_lanes = VECTOR_DIM + 1,
    .session_floats = VECTOR_DIM + 1,
    .video_floats = VECTOR_DIM + 2,
    .side_lanes = VECTOR_DIM + 2,
    .open = open_row,
    .known = known,
    .acted = acted,
    .close = close_row,
    .side = side,
    .video_init = video_init,
    .learn = learn,
    .publish = publish,
};
