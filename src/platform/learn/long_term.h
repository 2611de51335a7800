/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The state that a viewer is left in, and where the learner keeps its value for the ranker.
 */
#ifndef PLATFORM_LEARN_LONG_TERM_H
#define PLATFORM_LEARN_LONG_TERM_H

#include "platform/learner.h"

enum { LONG_TERM_MATCH, LONG_TERM_SHARE, LONG_TERM_LENGTH, LONG_TERM_MEANS };
#define LONG_TERM_DIM (1 + LONG_TERM_MEANS) /* of a state: 1, then the means */
#define LONG_TERM_STEP 0.05f                /* of the means, a video */

/* Common floats: the matrix by rows, the rewards, the weights that solve them. */
enum {
    LONG_TERM_REWARD = LONG_TERM_DIM * LONG_TERM_DIM,
    LONG_TERM_SUMS = LONG_TERM_REWARD + LONG_TERM_DIM,
    LONG_TERM_VALUE = LONG_TERM_SUMS,
    LONG_TERM_FLOATS = LONG_TERM_VALUE + LONG_TERM_DIM
};

/* Of a video: 0 to 1, half at 20 seconds. */
static inline float long_term_length(uint32_t duration_ms)
{
    float seconds = (float)duration_ms * 1e-3f;
    return seconds / (seconds + 20.0f);
}

/* What one video with that much of a mean is worth in sessions to come. */
static inline float long_term_worth(const float *common, int mean)
{
    return LONG_TERM_STEP * common[LONG_TERM_VALUE + 1 + mean];
}

#endif
