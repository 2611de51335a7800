/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The reward that a factorisation machine expects, without what is common to all videos.
 */
#include "platform/ranker.h"

static float bias(const void *parameters, const struct item_facts *facts)
{
    (void)parameters;
    return facts->learned;
}

const struct ranker rank_fm = {
    .about = {.name = "fm",
              .doc = "factorisation machine over viewers, videos and features, learned online",
              .reference = "Rendle 2010, doi 10.1109/ICDM.2010.127"},
    .learner = "fm",
    .bias = bias,
};
