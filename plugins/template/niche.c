/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A recommender of one's own, to copy from: the built-in profile, with a malus for what many
 * have already seen (popularity discounting).
 *
 *     score = product(profile, features) - penalty * log10(1 + impressions)
 *
 * The first term is the linear score that a ranker with a learner gets by itself; `bias` is the
 * part that no viewer changes. A ranker that wants more than that gives `score` (see
 * include/platform/ranker.h).
 */
#include <reelsim/plugin.h>

/* One member a parameter; the platform gives the struct to every function. */
struct niche_parameters {
    double penalty;
};

static const struct schema_row rows[] = {
    {.path = "penalty",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 10,
     .initial = "0.1",
     .meaning = "what ten times the impressions cost, in units of the cosine",
     .source = "A",
     .plausible_low = 0.02,
     .plausible_high = 0.5,
     .when = SCHEMA_START,
     .moves = "gini_views",
     .sign = -1,
     .from = "0.0",
     .to = "0.5",
     .needs = "platform.ranker=niche",
     .offset = offsetof(struct niche_parameters, penalty)},
};
static const struct schema_table table = {.prefix = "platform.rank.niche",
                                          .size = sizeof(struct niche_parameters),
                                          SCHEMA_ROWS(rows)};

static float bias(const void *parameters, const struct item_facts *facts)
{
    const struct niche_parameters *p = parameters;
    const float log10_e = 0.43429448f;
    return -(float)p->penalty * log10_e *
           maths_logf(1.0f + (float)facts->counters->impressions);
}

static const struct ranker niche = {
    .about = {.name = "niche",
              .doc = "cosine of profile and features, less for what many have seen",
              .reference = "Steck 2011, doi 10.1145/2043932.2043957",
              .parameters = &table},
    .learner = "content",
    .bias = bias,
};

REELSIM_PLUGINS(REELSIM_PLUGIN("ranker", &niche));
