/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The reward that matrix factorisation expects: video bias + product of factors. What is common
 * to all videos (mean, viewer's bias) orders nothing and is left out.
 */
#include "platform/ranker.h"

static float bias(const void *parameters, const struct item_facts *facts)
{
    (void)parameters;
    return facts->learned;
}

const struct ranker rank_mf = {
    .about = {.name = "mf",
              .doc = "matrix factorisation of watch rewards, learned online",
              .reference = "Koren, Bell & Volinsky 2009, doi 10.1109/MC.2009.263"},
    .learner = "mf",
    .bias = bias,
};
