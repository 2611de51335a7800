/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The order that pairwise learning found: product of factors + video bias.
 */
#include "platform/ranker.h"

static float bias(const void *parameters, const struct item_facts *facts)
{
    (void)parameters;
    return facts->learned;
}

const struct ranker rank_bpr = {
    .about = {.name = "bpr",
              .doc = "Bayesian personalised ranking, learned online from pairs of a session",
              .reference = "Rendle et al. 2009, arXiv 1205.2618"},
    .learner = "bpr",
    .bias = bias,
};
