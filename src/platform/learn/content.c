/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A profile: the running mean of the features of what the viewer watched, weighted by how it
 * was received and kept at unit length. What is left quickly pushes the profile away.
 *
 * Row: 16 lanes of the profile, then the number of acts learned from (saturating at 16,000).
 */
#include "platform/learner.h"

#define ACTS_MOST 16000.0f
#define ACTS_KNOWN 3.0f /* below it the profile says nothing yet */

struct profile_parameters {
    double rate, baseline;
};

static const struct schema_row rows[] = {
    {.path = "rate",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0.02",
     .meaning = "step of the profile an act, once 1/acts has fallen below it",
     .source = "A",
     .plausible_low = 0.005,
     .plausible_high = 0.1,
     .when = SCHEMA_WINDOW,
     .moves = "watch_hours",
     .sign = 1,
     .from = "0",
     .to = "0.02",
     .offset = offsetof(struct profile_parameters, rate)},
    {.path = "baseline",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = -1,
     .high = 1,
     .initial = "0.25",
     .meaning = "reward of an impression that leaves the profile alone",
     .source = "A",
     .plausible_low = 0,
     .plausible_high = 0.5,
     .when = SCHEMA_WINDOW,
     .moves = "hash",
     .offset = offsetof(struct profile_parameters, baseline)},
};
static const struct schema_table table = {.prefix = "platform.learn.content",
                                          .size = sizeof(struct profile_parameters),
                                          SCHEMA_ROWS(rows)};

static void open_row(const void *parameters, const int16_t *row, float *session)
{
    struct packed16 vector;
    (void)parameters;
    memcpy(&vector, row, sizeof(vector));
    vector_unpack(session, &vector);
    session[VECTOR_DIM] = (float)row[VECTOR_DIM];
}

static bool known(const void *parameters, const float *session)
{
    (void)parameters;
    return session[VECTOR_DIM] >= ACTS_KNOWN;
}

static void acted(const void *parameters, float *session, const struct learned_video *video,
                  const struct impression *act)
{
    const struct profile_parameters *p = parameters;
    float weight = learner_reward(act) - (float)p->baseline;
    float acts = session[VECTOR_DIM], step = 1.0f / (1.0f + acts), rate = (float)p->rate;
    float x[VECTOR_DIM];
    if (acts == 0.0f && weight <= 0.0f) return; /* nothing to turn away from */
    vector_unpack(x, video->vector);
    vector_add(session, weight * (step > rate ? step : rate), x);
    vector_normalise(session);
    if (acts < ACTS_MOST) session[VECTOR_DIM] = acts + 1.0f;
}

static void close_row(const void *parameters, const float *session, int16_t *row)
{
    struct packed16 vector;
    (void)parameters;
    vector_pack(&vector, session);
    memcpy(row, &vector, sizeof(vector));
    row[VECTOR_DIM] = (int16_t)session[VECTOR_DIM];
}

const struct learner learn_content = {
    .about = {.name = "content",
              .doc = "profile: weighted running mean of the features watched",
              .reference = "Rocchio 1971, Relevance feedback in information retrieval",
              .parameters = &table},
    .feature_space = true,
    .viewer_lanes = VECTOR_DIM + 1,
    .session_floats = VECTOR_DIM + 1,
    .open = open_row,
    .known = known,
    .acted = acted,
    .close = close_row,
};
