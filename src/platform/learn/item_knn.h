/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the learner `item_knn` keeps, as its ranker reads it.
 *
 * Session (and row): a profile, then the last videos that pleased, newest first, each as the
 * two halves of its number, its tag, its reward less the level; 0 = none.
 *
 * Block: numbers of ITEM_KNN_LIST videos that are liked together with this one; then for each
 * its tag in the upper half of a word and in the lower how similar it is; then the scale that
 * this video has as the other one of a pair.
 */
#ifndef PLATFORM_LEARN_ITEM_KNN_H
#define PLATFORM_LEARN_ITEM_KNN_H

#include "platform/learner.h"
#include "profile.h"

#define ITEM_KNN_RECENT 6
#define ITEM_KNN_LANES 4 /* of a recent video */
#define ITEM_KNN_AT PROFILE_END
#define ITEM_KNN_SESSION (ITEM_KNN_AT + ITEM_KNN_RECENT * ITEM_KNN_LANES)
#define ITEM_KNN_LIST 15
#define ITEM_KNN_SCALE (2 * ITEM_KNN_LIST) /* word of the block */
#define ITEM_KNN_WORDS (ITEM_KNN_SCALE + 1)

#define ITEM_KNN_REWARD_UNIT 4096.0f /* of a reward in a lane */
/* Similarities and scales are at most this: a reward less its level is at most 3, and 64 pairs
 * that go as well are taken for all. */
#define ITEM_KNN_MOST 64.0f

struct item_knn_recent {
    uint32_t video;
    uint16_t tag;
    float reward; /* less the level; 0 = none */
};

static inline struct item_knn_recent item_knn_recent(const float *session, int i)
{
    const float *at = session + ITEM_KNN_AT + i * ITEM_KNN_LANES;
    uint32_t low = (uint32_t)maths_whole(at[0], 0, 65535);
    uint32_t high = (uint32_t)maths_whole(at[1], 0, 65535);
    return (struct item_knn_recent){low | high << 16, (uint16_t)maths_whole(at[2], 0, 65535),
                                    at[3]};
}

#endif
