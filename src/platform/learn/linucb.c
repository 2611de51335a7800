/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Bayesian linear regression of the reward on a video's extracted features, one a viewer: mean
 * and precision of the weights, of which the precision's diagonal is kept. With x = features,
 * r = reward, S = 1 / precision:
 *     mean += S x (r - x . mean) / (1 + x . S x),      precision += x^2
 * This is ridge regression when features are orthogonal; what the diagonal forgets otherwise
 * makes it too sure, never too unsure.
 *
 * Row: 16 lanes of the mean, 16 of the precision beyond the prior. Session: the same as floats,
 * prior included.
 */
#include "platform/learner.h"

#define PRECISION VECTOR_DIM
#define PRECISION_UNIT 16.0f /* lanes to one; at most 2047 beyond the prior */

struct linucb_parameters {
    double prior;
};

static const struct schema_row rows[] = {
    {.path = "prior",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0.01,
     .high = 1000,
     .initial = "1",
     .meaning = "precision of each weight to begin with (the pull to 0 of ridge regression)",
     .source = "Li et al. 2010: 1",
     .plausible_low = 0.1,
     .plausible_high = 10,
     .when = SCHEMA_START,
     .moves = "auc_true",
     .sign = 1,
     .needs = "platform.ranker=linucb",
     .offset = offsetof(struct linucb_parameters, prior)},
};
static const struct schema_table table = {.prefix = "platform.learn.linucb",
                                          .size = sizeof(struct linucb_parameters),
                                          SCHEMA_ROWS(rows)};

static void open_row(const void *parameters, const int16_t *row, float *session)
{
    const struct linucb_parameters *p = parameters;
    struct packed16 vector;
    memcpy(&vector, row, sizeof(vector));
    vector_unpack(session, &vector);
    for (int k = 0; k < VECTOR_DIM; k++)
        session[PRECISION + k] = (float)p->prior +
                                 (float)row[PRECISION + k] * (1.0f / PRECISION_UNIT);
}

static bool known(const void *parameters, const float *session)
{
    (void)parameters;
    return vector_dot(session, session) > 1e-6f;
}

static void acted(const void *parameters, float *session, const struct learned_video *video,
                  const struct impression *act)
{
    float x[VECTOR_DIM], gain[VECTOR_DIM], error;
    (void)parameters;
    vector_unpack(x, video->vector);
    for (int k = 0; k < VECTOR_DIM; k++) gain[k] = x[k] / session[PRECISION + k];
    error = learner_reward(act) - LEARNER_REWARD_MEAN - vector_dot(session, x);
    vector_add(session, error / (1.0f + vector_dot(gain, x)), gain);
    for (int k = 0; k < VECTOR_DIM; k++) session[PRECISION + k] += x[k] * x[k];
}

static void close_row(const void *parameters, const float *session, int16_t *row)
{
    const struct linucb_parameters *p = parameters;
    struct packed16 vector;
    vector_pack(&vector, session);
    memcpy(row, &vector, sizeof(vector));
    for (int k = 0; k < VECTOR_DIM; k++) {
        float lanes = (session[PRECISION + k] - (float)p->prior) * PRECISION_UNIT + 0.5f;
        row[PRECISION + k] = (int16_t)(lanes < 32767.0f ? lanes : 32767.0f);
    }
}

const struct learner learn_linucb = {
    .about = {.name = "linucb",
              .doc = "regression of rewards on features, with its uncertainty, a viewer",
              .reference = "Li, Chu, Langford & Schapire 2010, doi 10.1145/1772690.1772758",
              .parameters = &table},
    .feature_space = true,
    .viewer_lanes = 2 * VECTOR_DIM,
    .session_floats = 2 * VECTOR_DIM,
    .open = open_row,
    .known = known,
    .acted = acted,
    .close = close_row,
};
