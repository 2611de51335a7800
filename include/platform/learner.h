/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Learners: what the platform makes of consented acts.
 *
 * A learner keeps a row of int16 a viewer and a row of floats a video. While a session is open
 * the viewer's row is unfolded to floats, of which the first 16 are the vector that products
 * are taken with (or its direction: `feature_space`); the viewer's side learns within the
 * session from its own acts. The video's side learns from the log at the window's end, with a
 * side record that travelled with the impression when the learner asks for one. What all share
 * (weights of a model) moves at the close, by sums over the shards of viewers. Only learners
 * that a running ranker names have state.
 */
#ifndef PLATFORM_LEARNER_H
#define PLATFORM_LEARNER_H

#include <stdbool.h>

#include "base/maths.h"
#include "base/member.h"
#include "base/vector16.h"
#include "world/activity.h"

#define LEARNER_SESSION_MAX 48 /* floats */
#define LEARNER_SIDE_MAX 24    /* int16 */
#define LEARNER_BLOCK_MAX 64   /* words */

/* A video as the snapshot has it, and the session in which it is shown. */
struct learned_video {
    const struct packed16 *vector;
    float bias; /* the learner's; 0 when it has none */
    uint32_t duration_ms;
    uint16_t session; /* day << 7 | of the viewer's day, modulo 2^16 */
    uint16_t tag;     /* item_tag: which of the videos that had its number */
};

/* An act about to be learned from, for what all viewers and videos share. */
struct learned_act {
    const float *session; /* as it was before the act */
    const struct learned_video *video;
    const struct packed16 *feature; /* as extracted */
    const struct impression *act;
    const float *common; /* as of the last close */
};

struct learner {
    struct member about;
    bool feature_space;      /* its video vectors are the extracted features themselves, and
                                products are taken with the direction of the viewer's */
    uint32_t viewer_lanes;   /* int16 a viewer, zeros for a new one; <= LEARNER_SESSION_MAX */
    uint32_t session_floats; /* 16..LEARNER_SESSION_MAX */
    uint32_t video_floats;   /* a video; 0 = none */
    uint32_t side_lanes;     /* int16 of a side record, even; 0 = none; asks for video_floats */
    uint32_t common_floats;  /* that all viewers and videos share; 0 = none */
    uint32_t block_words;    /* that the snapshot has of a video beside its vector; 0 = none */
    uint32_t neighbours; /* the block begins with so many numbers of videos that go with this
                            one, ENTITY_NONE = none, then as many words whose upper half is
                            each one's tag; 0 = it does not */
    /* A session opens and closes: row to floats and back. `known` = the vector says something.
     */
    void (*open)(const void *parameters, const int16_t *row, float *session);
    bool (*known)(const void *parameters, const float *session);
    void (*acted)(const void *parameters, float *session, const struct learned_video *video,
                  const struct impression *act);
    void (*close)(const void *parameters, const float *session, int16_t *row);
    /* The viewer's side as it travels, before `acted` has seen the act. */
    void (*side)(const void *parameters, const float *session, int16_t *side);
    /* Video's side; NULL without video_floats. `name` is the birth name; `side` is NULL without
     * side_lanes. */
    void (*video_init)(const void *parameters, uint64_t name, const struct packed16 *feature,
                       float *video);
    void (*learn)(const void *parameters, const float *common, float *video,
                  const struct impression *act, const int16_t *side);
    /* What the snapshot shows: vector (in feature space it stays the extracted one) and learned
     * bias. NULL, in feature space: no bias, and a ranker's `extra` may have its room. */
    void (*publish)(const void *parameters, const float *common, const float *video,
                    struct packed16 *vector, float *bias);
    /* The block; NULL without block_words. Ranking reads what a checkpoint held: no bits in it
     * may lead out of a table or be a NaN. */
    void (*block)(const void *parameters, const float *video, uint32_t *block);
    /* At a refresh of the snapshot, of each video that was shown since the last one, before
     * `publish`: what is too dear to do an act. May be NULL. */
    void (*settle)(const void *parameters, const float *common, float *video);
    /* What is common; NULL without common_floats. It starts as zeros, then `common_init` (may
     * be NULL). While a window runs each shard of viewers adds up, from zeros, what its acts
     * have to say of it: `gather` before `acted` sees the act. At the close `common_step` takes
     * the sums over all shards. */
    void (*common_init)(const void *parameters, float *common);
    void (*gather)(const void *parameters, const struct learned_act *act, float *sum);
    void (*common_step)(const void *parameters, float *common, const float *sum);
};

/* Inverse propensity weight, clipped (Schnabel et al. 2016): who was shown by chance stands for
 * all those who were not. Rows without a logged propensity were chosen, for certain: weight 1.
 * In [1, most]; `most` = 1 is plain learning. */
static inline float learner_weight(const struct impression *act, double most)
{
    float p = propensity_decode(act->propensity), clip = (float)most;
    float weight = p > 0 ? 1.0f / p : 1.0f;
    return weight < clip ? weight : clip;
}

#define LEARNER_STEP_MOST 0.5f /* of a weighted step: beyond 1 it would overshoot */

#define LEARNER_REWARD_MEAN 0.35f /* a usual one: what learners subtract */

/* The reward of an impression in [-1, 2]: saturating in the seconds watched (half at 10 s),
 * more for acts that took an effort, less for `hide` and `report`. A modelling choice, the same
 * for every learner. */
static inline float learner_reward(const struct impression *act)
{
    float seconds = (float)act->watch_ms * 1e-3f;
    float reward = seconds / (seconds + 10.0f);

    if (act->acts & (ACT_LIKE | ACT_COMMENT)) reward += 0.5f;
    if (act->acts & (ACT_SHARE | ACT_FOLLOW | ACT_TIP)) reward += 0.5f;
    if (act->acts & (ACT_HIDE | ACT_REPORT)) reward -= 1.0f;
    return reward;
}

#endif
