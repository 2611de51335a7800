/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the learner `user_knn` keeps of those who have watched a video, as its ranker reads it.
 *
 * A rater is the direction of a viewer's profile, in bytes of (lane * 63 + 63) from 0 to 126,
 * so that their bits are never those of a NaN, and by how much the reward was above that
 * viewer's usual one. Block: eight raters, in two groups of four: of a group, for each two
 * lanes of the direction, the bytes of all four, so that products with them come out side by
 * side.
 * Then for each rater a word: 0 = none, else 1 in the lower half and the reward in units of
 * 1/4096 in the upper.
 */
#ifndef PLATFORM_LEARN_USER_KNN_H
#define PLATFORM_LEARN_USER_KNN_H

#include "platform/learner.h"

#define USER_KNN_RATERS 8
#define USER_KNN_GROUP 4
#define USER_KNN_REWARD (USER_KNN_RATERS * VECTOR_DIM / 4) /* word of the first reward */
#define USER_KNN_WORDS (USER_KNN_REWARD + USER_KNN_RATERS)
#define USER_KNN_ONE 63 /* units of a lane, and the byte that is 0 */
#define USER_KNN_REWARD_UNIT 4096.0f

/* Where the byte of a rater's lane stands in the block. */
static inline int user_knn_byte(int rater, int lane)
{
    int pair = rater / USER_KNN_GROUP * (VECTOR_DIM / 2) + lane / 2;
    return (pair * USER_KNN_GROUP + rater % USER_KNN_GROUP) * 2 + lane % 2;
}

#endif
