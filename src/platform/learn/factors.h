/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The viewer's side of a factor model by stochastic gradient descent on the watch reward:
 *     r = mean + b_u + b_v + p_u . q_v,      e = reward - r
 *     p_u += rate (e q_v - lambda p_u),      b_u likewise
 * Where the video's q_v and b_v come from is the model's own matter.
 *
 * Row and side record: 16 factors, bias.
 */
#ifndef PLATFORM_LEARN_FACTORS_H
#define PLATFORM_LEARN_FACTORS_H

#include "platform/learner.h"

#define FACTORS_LANES (VECTOR_DIM + 1)
#define FACTORS_SIDE (VECTOR_DIM + 2)

/* First in the parameters of a model of factors. */
struct factors_parameters {
    double viewer_rate, video_rate, regularisation, debias;
};

#define FACTORS_ROWS(structure, requires)                                                      \
    {.path = "viewer_rate",                                                                    \
     .type = SCHEMA_FLOAT,                                                                     \
     .unit = "1",                                                                              \
     .low = 0,                                                                                 \
     .high = 1,                                                                                \
     .initial = "0.05",                                                                        \
     .meaning = "step of a viewer's factors an impression",                                    \
     .source = "A",                                                                            \
     .plausible_low = 0.005,                                                                   \
     .plausible_high = 0.1,                                                                    \
     .when = SCHEMA_WINDOW,                                                                    \
     .moves = "ndcg_true",                                                                     \
     .sign = 1,                                                                                \
     .from = "0",                                                                              \
     .to = "0.05",                                                                             \
     .needs = requires,                                                                        \
     .offset = offsetof(structure, factors.viewer_rate)},                                      \
        {.path = "video_rate",                                                                 \
         .type = SCHEMA_FLOAT,                                                                 \
         .unit = "1",                                                                          \
         .low = 0,                                                                             \
         .high = 1,                                                                            \
         .initial = "0.02",                                                                    \
         .meaning = "step of a video's factors an impression",                                 \
         .source = "A",                                                                        \
         .plausible_low = 0.005,                                                               \
         .plausible_high = 0.1,                                                                \
         .when = SCHEMA_WINDOW,                                                                \
         .moves = "auc_true",                                                                  \
         .sign = -1,                                                                           \
         .needs = requires,                                                                    \
         .offset = offsetof(structure, factors.video_rate)},                                   \
        {.path = "regularisation",                                                             \
         .type = SCHEMA_FLOAT,                                                                 \
         .unit = "1",                                                                          \
         .low = 0,                                                                             \
         .high = 1,                                                                            \
         .initial = "0.02",                                                                    \
         .meaning = "pull of factors and biases to 0",                                         \
         .source = "A",                                                                        \
         .plausible_low = 0.001,                                                               \
         .plausible_high = 0.1,                                                                \
         .when = SCHEMA_WINDOW,                                                                \
         .moves = "auc_true",                                                                  \
         .sign = -1,                                                                           \
         .to = "0.5",                                                                          \
         .from = "0.001",                                                                      \
         .needs = requires,                                                                    \
         .offset = offsetof(structure, factors.regularisation)},                               \
    {                                                                                          \
        .path = "debias", .type = SCHEMA_FLOAT, .unit = "1", .low = 1, .high = 1000,           \
        .initial = "1",                                                                        \
        .meaning =                                                                             \
            "most that an impression shown by chance counts, by 1 / propensity; 1 = no more",  \
        .source = "Schnabel et al. 2016, arXiv 1602.05352", .plausible_low = 1,                \
        .plausible_high = 20, .when = SCHEMA_WINDOW, .moves = "auc_true", .sign = -1,          \
        .needs = requires " platform.retrieve.explore.share=0.2",                              \
        .offset = offsetof(structure, factors.debias)                                          \
    }

static inline float factors_clamp(float x)
{
    return x > 1.99f ? 1.99f : x < -1.99f ? -1.99f : x;
}

static inline void factors_open(const void *parameters, const int16_t *row, float *session)
{
    struct packed16 vector;
    (void)parameters;
    memcpy(&vector, row, sizeof(vector));
    vector_unpack(session, &vector);
    session[VECTOR_DIM] = (float)row[VECTOR_DIM] * (1.0f / VECTOR_ONE);
}

static inline bool factors_known(const void *parameters, const float *session)
{
    (void)parameters;
    return vector_dot(session, session) > 1e-4f;
}

/* The step that this impression counts for. */
static inline float factors_step(const struct factors_parameters *p, double rate,
                                 const struct impression *act)
{
    float step = (float)rate * learner_weight(act, p->debias);
    float most = (float)rate > LEARNER_STEP_MOST ? (float)rate : LEARNER_STEP_MOST;
    return step < most ? step : most;
}

/* What the reward was beyond what the model expected. */
static inline float factors_error(const float *viewer, const float *q, float bias,
                                  const struct impression *act)
{
    return learner_reward(act) - LEARNER_REWARD_MEAN - viewer[VECTOR_DIM] - bias -
           vector_dot(viewer, q);
}

static inline void factors_acted(const void *parameters, float *session,
                                 const struct learned_video *video,
                                 const struct impression *act)
{
    const struct factors_parameters *p = parameters;
    float rate = factors_step(p, p->viewer_rate, act),
          keep = 1.0f - rate * (float)p->regularisation;
    float q[VECTOR_DIM], error, *bias = &session[VECTOR_DIM];
    vector_unpack(q, video->vector);
    error = factors_error(session, q, video->bias, act);
    vector_scale(session, keep);
    vector_add(session, rate * error, q);
    *bias = factors_clamp(*bias * keep + rate * error);
}

static inline void factors_close(const void *parameters, const float *session, int16_t *row)
{
    struct packed16 vector;
    (void)parameters;
    vector_pack(&vector, session);
    memcpy(row, &vector, sizeof(vector));
    row[VECTOR_DIM] = (int16_t)(session[VECTOR_DIM] * VECTOR_ONE);
}

static inline void factors_side(const void *parameters, const float *session, int16_t *out)
{
    factors_close(parameters, session, out);
    out[VECTOR_DIM + 1] = 0;
}

#endif
