/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A profile: the decaying average of the features of what the viewer watched, each weighted by
 * how well it was received against a level half way between a common one and what is usual for
 * this viewer. What does worse pushes the profile away, and what does no better is forgotten:
 * without either a profile would stay with whatever came first. Products are taken with its
 * direction, as with that of every vector in feature space.
 *
 * Row: 16 lanes of the average, the number of acts learned from (saturating at 16,000), the
 * viewer's usual reward. Session: 16 floats of the average, then acts, usual reward. Learners
 * that know more of a viewer keep it behind.
 */
#ifndef PLATFORM_LEARN_PROFILE_H
#define PLATFORM_LEARN_PROFILE_H

#include "platform/learner.h"

#define ACTS_MOST 16000.0f
#define ACTS_KNOWN 3.0f /* below it the profile says nothing yet */
#define ACTS VECTOR_DIM
#define USUAL (VECTOR_DIM + 1)
#define PROFILE_END (VECTOR_DIM + 2)

/* First in the parameters of a learner with a profile. */
struct profile_parameters {
    double rate, baseline;
};

/* What a faster profile and a higher baseline move, and which way: as a rule they rank worse.
 */
#define PROFILE_ROWS(structure, requires, moves_, sign_)                                       \
    {.path = "rate",                                                                           \
     .type = SCHEMA_FLOAT,                                                                     \
     .unit = "1",                                                                              \
     .low = 0,                                                                                 \
     .high = 1,                                                                                \
     .initial = "0.005",                                                                       \
     .meaning = "step of the profile an act, once 1/acts has fallen below it",                 \
     .source = "A (memory of 200 acts; V STCA: 50 to 200 in simulators, 10,000 at Douyin)",    \
     .plausible_low = 0.001,                                                                   \
     .plausible_high = 0.02,                                                                   \
     .when = SCHEMA_WINDOW,                                                                    \
     .moves = moves_,                                                                          \
     .sign = sign_,                                                                            \
     .from = "0",                                                                              \
     .to = "0.3",                                                                              \
     .needs = requires,                                                                        \
     .offset = offsetof(structure, profile.rate)},                                             \
    {                                                                                          \
        .path = "baseline", .type = SCHEMA_FLOAT, .unit = "1", .low = -1, .high = 1,           \
        .initial = "0.25",                                                                     \
        .meaning = "reward that is half of the level against which acts are held, the other "  \
                   "half is the viewer's own",                                                 \
        .source = "A", .plausible_low = 0, .plausible_high = 0.5, .when = SCHEMA_WINDOW,       \
        .moves = moves_, .sign = sign_, .needs = requires,                                     \
        .offset = offsetof(structure, profile.baseline)                                        \
    }

static inline void profile_open(const void *parameters, const int16_t *row, float *session)
{
    const struct profile_parameters *p = parameters;
    struct packed16 vector;
    memcpy(&vector, row, sizeof(vector));
    vector_unpack(session, &vector);
    session[ACTS] = (float)row[ACTS];
    session[USUAL] = row[ACTS] ? (float)row[USUAL] * (1.0f / VECTOR_ONE) : (float)p->baseline;
}

static inline bool profile_known(const void *parameters, const float *session)
{
    (void)parameters;
    return session[ACTS] >= ACTS_KNOWN && vector_dot(session, session) > 1e-12f;
}

static inline void profile_acted(const void *parameters, float *session,
                                 const struct learned_video *video,
                                 const struct impression *act)
{
    const struct profile_parameters *p = parameters;
    float reward = learner_reward(act), acts = session[ACTS], rate = (float)p->rate;
    float step = 1.0f / (1.0f + acts), slow = 1.0f / (10.0f + acts), x[VECTOR_DIM];
    float weight = reward - 0.5f * ((float)p->baseline + session[USUAL]);
    if (step < rate) step = rate;
    session[USUAL] += (reward - session[USUAL]) * (slow > rate ? slow : rate);
    vector_unpack(x, video->vector);
    vector_scale(session, 1.0f - step);
    vector_add(session, weight * step, x);
    if (acts < ACTS_MOST) session[ACTS] = acts + 1.0f;
}

static inline void profile_close(const void *parameters, const float *session, int16_t *row)
{
    struct packed16 vector;
    (void)parameters;
    vector_pack(&vector, session);
    memcpy(row, &vector, sizeof(vector));
    row[ACTS] = (int16_t)session[ACTS];
    row[USUAL] = session[ACTS] > 0 ? (int16_t)(session[USUAL] * VECTOR_ONE) : 0;
}

/* Cosine of the profile and a video's features; 0 while the profile says nothing. */
static inline float profile_match(const float *session, const struct packed16 *feature)
{
    float x[VECTOR_DIM], square = vector_dot(session, session);
    if (!profile_known(NULL, session)) return 0;
    vector_unpack(x, feature);
    return vector_dot(session, x) / sqrtf(square);
}

/* Days between two sessions by the low bits of their occasions (day << 7 | session of the day),
 * as struct learned_video names them; modulo 512. */
static inline uint32_t profile_gap(uint16_t earlier, uint16_t later)
{
    return ((uint32_t)(later >> 7) - (uint32_t)(earlier >> 7)) & 511;
}

#endif
