/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Heads of a multi-objective model: what an impression may lead to, and where the learner keeps
 * what it makes of each, for the ranker that weighs them.
 */
#ifndef PLATFORM_LEARN_HEADS_H
#define PLATFORM_LEARN_HEADS_H

#include "platform/learner.h"

enum head {
    HEAD_WATCH, /* s / (s + 10) of the seconds watched, as in the reward */
    HEAD_LIKE,
    HEAD_COMMENT,
    HEAD_SHARE,
    HEAD_FOLLOW,
    HEAD_PURCHASE, /* tips, as long as nothing else is bought */
    HEAD_RETURN,   /* of the viewer */
    HEADS
};

/* Common floats: sums of the points (x = cosine) of all heads but the return, the same of the
 * return, sums of y and x y by head, then what is made of them. */
enum {
    HEADS_COUNT,
    HEADS_X,
    HEADS_XX,
    HEADS_OF_RETURN,
    HEADS_Y = 2 * HEADS_OF_RETURN,
    HEADS_XY = HEADS_Y + HEADS,
    HEADS_SUMS = HEADS_XY + HEADS,
    HEADS_MEAN = HEADS_SUMS, /* share of impressions; of returns 2^-days */
    HEADS_SLOPE = HEADS_MEAN + HEADS,
    HEADS_FLOATS = HEADS_SLOPE + HEADS
};

/* What an impression led to; the return is not known yet. */
static inline void heads_of(const struct impression *act, float y[HEADS])
{
    float seconds = (float)act->watch_ms * 1e-3f;
    y[HEAD_WATCH] = seconds / (seconds + 10.0f);
    y[HEAD_LIKE] = (act->acts & ACT_LIKE) != 0;
    y[HEAD_COMMENT] = (act->acts & ACT_COMMENT) != 0;
    y[HEAD_SHARE] = (act->acts & ACT_SHARE) != 0;
    y[HEAD_FOLLOW] = (act->acts & ACT_FOLLOW) != 0;
    y[HEAD_PURCHASE] = (act->acts & ACT_TIP) != 0;
    y[HEAD_RETURN] = 0;
}

#define HEADS_PRIOR 50.0f /* impressions after which a video's own share counts half */

static inline float heads_share(float acts, float impressions, float mean)
{
    return (acts + HEADS_PRIOR * mean) / (impressions + HEADS_PRIOR);
}

#endif
