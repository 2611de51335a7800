/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A factorisation machine over viewer, video and the 16 extracted features f of the video:
 *     r = mean + b_u + b_v + w . f + p_u . (v_v + V f)
 * Pairs that the viewer is no part of are the same for everybody; b_v stands for them. The
 * factors V of the features and their weights w are common to all videos, so a video that
 * nobody has seen yet is placed by what was learned from those like it. They move once a
 * window, by the mean gradient of its acts:
 *     V += rate (mean of e p_u f' - lambda V),      w likewise
 * V begins at half the identity: factors and features turn the same way at first.
 *
 * Viewer: factors.h. Video: 16 factors, bias, impressions learned from, 16 features. Common: V
 * by features, w, then in the sums the number of acts.
 */
#include "factors.h"

#define VIDEO_BIAS VECTOR_DIM
#define VIDEO_SEEN (VECTOR_DIM + 1)
#define VIDEO_FEATURE (VECTOR_DIM + 2)
#define COMMON_LINEAR (VECTOR_DIM * VECTOR_DIM)
#define COMMON_ACTS (COMMON_LINEAR + VECTOR_DIM)

struct fm_parameters {
    struct factors_parameters factors;
    double feature_rate;
};

static const struct schema_row rows[] = {
    FACTORS_ROWS(struct fm_parameters, "platform.ranker=fm"),
    {.path = "feature_rate",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 10,
     .initial = "0.5",
     .meaning = "step of the features' factors a window, along the mean gradient of its acts",
     .source = "A",
     .plausible_low = 0.1,
     .plausible_high = 2,
     .when = SCHEMA_WINDOW,
     .moves = "play_7s_rate",
     .sign = -1,
     .from = "0.1",
     .to = "10",
     .needs = "platform.ranker=fm creators.videos_per_week=28.0",
     .offset = offsetof(struct fm_parameters, feature_rate)},
};
static const struct schema_table table = {
    .prefix = "platform.learn.fm", .size = sizeof(struct fm_parameters), SCHEMA_ROWS(rows)};

static void common_init(const void *parameters, float *common)
{
    (void)parameters;
    for (int k = 0; k < VECTOR_DIM; k++) common[k * VECTOR_DIM + k] = 0.5f;
}

/* q = v + V f, bias = b_v + w . f */
static float compose(const float *common, const float *video, float *q)
{
    const float *feature = video + VIDEO_FEATURE;
    memcpy(q, video, VECTOR_DIM * sizeof(*q));
    for (int k = 0; k < VECTOR_DIM; k++) vector_add(q, feature[k], common + k * VECTOR_DIM);
    return video[VIDEO_BIAS] + vector_dot(common + COMMON_LINEAR, feature);
}

static void gather(const void *parameters, const struct learned_act *act, float *sum)
{
    float f[VECTOR_DIM], q[VECTOR_DIM], error;
    (void)parameters;
    vector_unpack(f, act->feature);
    vector_unpack(q, act->video->vector);
    error = factors_error(act->session, q, act->video->bias, act->act);
    for (int k = 0; k < VECTOR_DIM; k++)
        vector_add(sum + k * VECTOR_DIM, error * f[k], act->session);
    vector_add(sum + COMMON_LINEAR, error, f);
    sum[COMMON_ACTS] += 1.0f;
}

static void common_step(const void *parameters, float *common, const float *sum)
{
    const struct fm_parameters *p = parameters;
    float rate = (float)p->feature_rate, each = rate / (sum[COMMON_ACTS] + 100.0f);
    float keep = 1.0f - rate * 0.01f * (float)p->factors.regularisation;
    for (int k = 0; k < COMMON_ACTS; k++)
        common[k] = factors_clamp(common[k] * keep + each * sum[k]);
}

static void video_init(const void *parameters, uint64_t name, const struct packed16 *feature,
                       float *video)
{
    (void)parameters;
    (void)name;
    memset(video, 0, VIDEO_FEATURE * sizeof(*video));
    vector_unpack(video + VIDEO_FEATURE, feature);
}

static void learn(const void *parameters, const float *common, float *video,
                  const struct impression *act, const int16_t *row)
{
    const struct fm_parameters *p = parameters;
    float rate = factors_step(&p->factors, p->factors.video_rate, act);
    float keep = 1.0f - rate * (float)p->factors.regularisation;
    float viewer[FACTORS_LANES], step = 1.0f / (video[VIDEO_SEEN] + 20.0f), q[VECTOR_DIM];
    factors_open(parameters, row, viewer);
    float bias = compose(common, video, q), error = factors_error(viewer, q, bias, act);
    vector_scale(video, keep);
    vector_add(video, rate * error, viewer);
    video[VIDEO_BIAS] = factors_clamp(video[VIDEO_BIAS] + (step > rate ? step : rate) * error);
    if (video[VIDEO_SEEN] < 1e6f) video[VIDEO_SEEN] += 1.0f;
}

static void publish(const void *parameters, const float *common, const float *video,
                    struct packed16 *vector, float *bias)
{
    float q[VECTOR_DIM];
    (void)parameters;
    *bias = compose(common, video, q);
    vector_pack(vector, q);
}

const struct learner learn_fm = {
    .about = {.name = "fm",
              .doc = "factors of viewers, videos and their features, by online SGD",
              .reference = "Rendle 2010, doi 10.1109/ICDM.2010.127",
              .parameters = &table},
    .viewer_lanes = FACTORS_LANES,
    .session_floats = FACTORS_LANES,
    .video_floats = VIDEO_FEATURE + VECTOR_DIM,
    .side_lanes = FACTORS_SIDE,
    .common_floats = COMMON_ACTS + 1,
    .open = factors_open,
    .known = factors_known,
    .acted = factors_acted,
    .close = factors_close,
    .side = factors_side,
    .video_init = video_init,
    .learn = learn,
    .publish = publish,
    .common_init = common_init,
    .gather = gather,
    .common_step = common_step,
};
