/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A creator's strategy: from what it could see to a plan (MODEL section 3). Reviewed every
 * creators.review_days; it sees its own figures, noised by policy.transparency, never the truth.
 */
#ifndef CREATORS_STRATEGY_H
#define CREATORS_STRATEGY_H

#include "engine/stream.h"
#include "world/creator.h"
#include "world/member.h"
#include "world/topics.h"

/* What a strategy may look at. All borrowed. */
struct strategy_view {
    const struct creator *creator;        /* itself: expertise, hours, plan */
    const struct creator_period *period;  /* since the last review, noised */
    const struct topics *topics;
    const float *closeness;               /* [topics] cosine of its expertise with each topic */
    double hours_worked;                  /* h, at least 0.1 */
    double attention_value;               /* currency that 1000 impressions are worth to it */
};

struct strategy {
    struct member about;
    /* Fills `plan` (holds the present one) from what was seen; `memory` is this creator's own
     * CREATOR_STRATEGY_FLOATS, zeroed at its birth. Bounds are enforced by the caller. */
    void (*review)(const void *parameters, const struct strategy_view *view, float *memory,
                   struct stream *draw, struct creator_plan *plan);
};

#endif
