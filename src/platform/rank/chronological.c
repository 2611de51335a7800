/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Newest first: what feeds were before they were ranked, and what the law gives those who opt
 * out of ranking.
 */
#include "platform/ranker.h"

static float bias(const void *parameters, const struct item_facts *facts)
{
    (void)parameters;
    return (float)((double)facts->counters->published / (double)TIME_HOUR);
}

const struct ranker rank_chronological = {
    .about = {.name = "chronological",
              .doc = "newest first, the same for everybody",
              .reference = "Guess et al. 2023, doi 10.1126/science.abp9364"},
    .bias = bias,
};
