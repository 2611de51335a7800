/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the learner `user_knn` keeps of those who have watched a video, as its ranker reads it.
 *
 * A rater is the direction of a viewer's profile, in bytes of (lane * 63 + 63) from 0 to 126,
 * so that their bits are never those of a NaN, and by how much the reward was above that
 * viewer's usual one. Block: USER_KNN_RATERS raters, each four words of bytes, then a word: 0 =
 * no rater, else 1 in the upper half and the reward in units of 1/4096 in the lower.
 */
#ifndef PLATFORM_LEARN_USER_KNN_H
#define PLATFORM_LEARN_USER_KNN_H

#include "platform/learner.h"

#define USER_KNN_RATERS 12
#define USER_KNN_RATER (VECTOR_DIM / 4 + 1) /* words */
#define USER_KNN_WORDS (USER_KNN_RATERS * USER_KNN_RATER)
#define USER_KNN_ONE 63 /* units of a lane, and the byte that is 0 */
#define USER_KNN_REWARD_UNIT 4096.0f

#endif
