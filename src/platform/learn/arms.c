/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Each video as one arm a group of viewers: how often it was shown to them, and how many of
 * them watched it long (18 s or to the end).
 *
 * A viewer's group is the side of each of `cuts` planes on which the direction of its profile
 * lies (SimHash: two directions at an angle a are parted by a plane with probability a / pi),
 * so that those of a group like much the same. The planes go through the origin and are at
 * right angles to each other: their normals are rows of a Walsh matrix. Topics have no
 * preferred direction, so any such planes cut as well. A viewer whose profile says nothing is
 * in no group; its acts are counted with the whole audience's, in the video's own counters.
 *
 * Viewer: profile. Side: the group. Video: of each group impressions, long views. Beyond 65,535
 * impressions both are halved: it is known well enough by then.
 */
#include "arms.h"

struct arms_parameters {
    struct profile_parameters profile;
    int64_t cuts;
};

/* What the profile moves is what the index finds near it. */
#define PROFILE_ALONE                                                                          \
    "platform.ranker=thompson platform.retrievers=[\"content\"] creators.count=600 "           \
    "platform.clusters=40 run.days=1"
static const struct schema_row rows[] = {
    PROFILE_ROWS(struct arms_parameters, PROFILE_ALONE, "plays_7s", -1),
    {.path = "cuts",
     .type = SCHEMA_INT,
     .unit = "1",
     .low = 0,
     .high = ARMS_CUTS,
     .initial = "2",
     .meaning = "planes that cut the audience into groups, each cut doubling their number; "
                "0 = the whole audience is one",
     .source = "A (a first pool of 300 leaves each of 4 groups 75 impressions)",
     .plausible_low = 0,
     .plausible_high = ARMS_CUTS,
     .when = SCHEMA_START,
     .moves = "gini_views",
     .sign = -1,
     .from = "0",
     .to = "3",
     .needs = "platform.ranker=thompson",
     .offset = offsetof(struct arms_parameters, cuts)},
};
static const struct schema_table table = {
    .prefix = "platform.learn.arms", .size = sizeof(struct arms_parameters), SCHEMA_ROWS(rows)};

/* -------------------------------------------------------------------------------- viewers */

/* Is x on the upper side of plane k? Its normal is +1 in lanes whose bit k is clear, else -1.
 */
static bool above(const float *x, int k)
{
    float sum = 0;
    for (int lane = 0; lane < VECTOR_DIM; lane++) sum += lane >> k & 1 ? -x[lane] : x[lane];
    return sum > 0;
}

static void find_group(const struct arms_parameters *p, float *session)
{
    int group = 0;
    session[ARMS_GROUP] = ARMS_NONE;
    if (p->cuts == 0 || !profile_known(p, session)) return;
    for (int k = 0; k < (int)p->cuts; k++) group |= above(session, k) << k;
    session[ARMS_GROUP] = (float)group;
}

static void open_row(const void *parameters, const int16_t *row, float *session)
{
    profile_open(parameters, row, session);
    find_group(parameters, session);
}

static void acted(const void *parameters, float *session, const struct learned_video *video,
                  const struct impression *act)
{
    profile_acted(parameters, session, video, act);
    find_group(parameters, session);
}

static void side(const void *parameters, const float *session, int16_t *out)
{
    (void)parameters;
    out[0] = (int16_t)maths_whole(session[ARMS_GROUP], ARMS_NONE, ARMS_GROUPS - 1);
    out[1] = 0;
}

/* --------------------------------------------------------------------------------- videos */

enum { SHOWN, WATCHED, COUNTS };

static void video_init(const void *parameters, uint64_t name, const struct packed16 *feature,
                       float *video)
{
    (void)parameters, (void)name, (void)feature;
    memset(video, 0, ARMS_GROUPS * COUNTS * sizeof(*video));
}

static void learn(const void *parameters, const float *common, float *video,
                  const struct impression *act, const int16_t *from)
{
    (void)parameters, (void)common;
    if (from[0] < 0 || from[0] >= ARMS_GROUPS) return;
    float *count = video + COUNTS * from[0];
    count[SHOWN] += 1.0f;
    count[WATCHED] += act->acts & ACT_PLAY_18S ? 1.0f : 0.0f;
    if (count[SHOWN] < ARMS_MOST) return;
    count[SHOWN] *= 0.5f;
    count[WATCHED] *= 0.5f;
}

static void block(const void *parameters, const float *video, uint32_t *out)
{
    (void)parameters;
    for (int g = 0; g < ARMS_GROUPS; g++, video += COUNTS)
        out[g] = (uint32_t)maths_whole(video[SHOWN] + 0.5f, 0, UINT16_MAX) |
                 (uint32_t)maths_whole(video[WATCHED] + 0.5f, 0, UINT16_MAX) << 16;
}

const struct learner learn_arms = {
    .about = {.name = "arms",
              .doc = "profile, and how often each group of like profiles watched a video long",
              .reference = "Charikar 2002, Similarity estimation techniques from rounding "
                           "algorithms, doi 10.1145/509907.509965",
              .parameters = &table},
    .feature_space = true,
    .viewer_lanes = PROFILE_END,
    .session_floats = ARMS_SESSION,
    .video_floats = ARMS_GROUPS * COUNTS,
    .side_lanes = 2,
    .block_words = ARMS_GROUPS,
    .open = open_row,
    .known = profile_known,
    .acted = acted,
    .close = profile_close,
    .side = side,
    .video_init = video_init,
    .learn = learn,
    .block = block,
};
