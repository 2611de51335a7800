/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Matrix factorisation with biases: the viewer's side of factors.h, and for the video
 *     q_v += rate (e p_u - lambda q_v),      b_v likewise
 * The viewer's side moves within the session; the video's side at the window's end, with the
 * viewer's factors as they were when it was watched (side record). A new video starts at half
 * its features, so that factors and features turn the same way and cold videos are not at the
 * saddle.
 *
 * Video: 16 factors, bias, impressions learned from.
 */
#include "factors.h"

#define VIDEO_BIAS VECTOR_DIM
#define VIDEO_SEEN (VECTOR_DIM + 1)

struct mf_parameters {
    struct factors_parameters factors;
};

static const struct schema_row rows[] = {
    FACTORS_ROWS(struct mf_parameters, "platform.ranker=mf")};
static const struct schema_table table = {
    .prefix = "platform.learn.mf", .size = sizeof(struct mf_parameters), SCHEMA_ROWS(rows)};

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
static void learn(const void *parameters, const float *common, float *video,
                  const struct impression *act, const int16_t *row)
{
    const struct mf_parameters *p = parameters;
    float rate = factors_step(&p->factors, p->factors.video_rate, act);
    float keep = 1.0f - rate * (float)p->factors.regularisation;
    float viewer[FACTORS_LANES], step = 1.0f / (video[VIDEO_SEEN] + 20.0f), error;
    (void)common;
    factors_open(parameters, row, viewer);
    error = factors_error(viewer, video, video[VIDEO_BIAS], act);
    vector_scale(video, keep);
    vector_add(video, rate * error, viewer);
    video[VIDEO_BIAS] = factors_clamp(video[VIDEO_BIAS] + (step > rate ? step : rate) * error);
    if (video[VIDEO_SEEN] < 1e6f) video[VIDEO_SEEN] += 1.0f;
}

static void publish(const void *parameters, const float *common, const float *video,
                    struct packed16 *vector, float *bias)
{
    (void)parameters, (void)common;
    vector_pack(vector, video);
    *bias = video[VIDEO_BIAS];
}

const struct learner learn_mf = {
    .about = {.name = "mf",
              .doc = "factors and biases of viewers and videos, by online SGD",
              .reference = "Koren, Bell & Volinsky 2009, doi 10.1109/MC.2009.263",
              .parameters = &table},
    .viewer_lanes = FACTORS_LANES,
    .session_floats = FACTORS_LANES,
    .video_floats = VECTOR_DIM + 2,
    .side_lanes = FACTORS_SIDE,
    .open = factors_open,
    .known = factors_known,
    .acted = factors_acted,
    .close = factors_close,
    .side = factors_side,
    .video_init = video_init,
    .learn = learn,
    .publish = publish,
};
