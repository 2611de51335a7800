/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is hot: acts that lose half their weight every platform.heat_half_life.
 *
 * ln(heat now) = ln(heat at t) - rate (now - t); the term in `now` is the same for all items,
 * so an item that nobody was shown keeps its place without being looked at again.
 */
#include "platform/ranker.h"

static float bias(const void *parameters, const struct item_facts *facts)
{
    const struct video_counters *c = facts->counters;
    (void)parameters;
    return maths_logf(0.01f + c->heat) + (float)(facts->heat_rate * (double)c->heated);
}

const struct ranker rank_trending = {
    .about = {.name = "trending",
              .doc = "time-decayed acts, the same for everybody",
              .reference = "Cormode et al. 2009, Forward decay (ICDE)"},
    .bias = bias,
};
