/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What most people have watched for long, ever: the same order for everybody.
 */
#include "platform/ranker.h"

static float bias(const void *parameters, const struct item_facts *facts)
{
    const struct video_counters *c = facts->counters;
    (void)parameters;
    return maths_logf(1.0f + (float)c->plays_18s + (float)c->likes);
}

const struct ranker rank_popular = {
    .about = {.name = "popular",
              .doc = "long views and likes since publication, the same for everybody",
              .reference = "Salganik, Dodds & Watts 2006, Science 311:854"},
    .bias = bias,
};
