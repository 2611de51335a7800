/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Keeps the plan it was born with: the baseline that every other strategy is held against.
 */
#include "creators/strategy.h"

static void review(const void *parameters, const struct strategy_view *view, float *memory,
                   struct stream *draw, struct creator_plan *plan)
{
    (void)parameters;
    (void)view;
    (void)memory;
    (void)draw;
    (void)plan;
}

const struct strategy strategy_static = {
    .about = {.name = "static", .doc = "keeps its plan", .reference = "none"},
    .review = review,
};
