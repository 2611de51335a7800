/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Amortised equity of attention: over time each video should get attention in proportion to its
 * merit. Attention is its impressions, merit its share of long views times the time that it has
 * been in the feed. A video that had more than its due, in proportion to all, is held back by
 * weight ln(attention / due); one that had less is not, so it moves up. Biega's programme finds
 * the best order of all rankings together; this is its greedy form, for one slate at a time.
 */
#include "platform/reranker.h"

#define PRIOR 50.0f /* impressions after which a video's own share counts half */
#define SHARE 0.3f  /* of long views to begin with */

struct fairness_parameters {
    double weight;
};

static const struct schema_row rows[] = {
    {.path = "weight",
     .type = SCHEMA_FLOAT,
     .unit = "sd",
     .low = 0,
     .high = 100,
     .initial = "0.5",
     .meaning = "what e times the attention that is due costs, in sd of scores",
     .source = "A",
     .plausible_low = 0,
     .plausible_high = 2,
     .when = SCHEMA_WINDOW,
     .split = SCHEMA_SPLIT_VIEWER,
     .moves = "gini_views",
     .sign = -1,
     .from = "0",
     .to = "10",
     .needs = "platform.ranker=popular platform.rerankers=[\"no_repeats\",\"fairness\"]",
     .offset = offsetof(struct fairness_parameters, weight)},
};
static const struct schema_table table = {.prefix = "platform.rerank.fairness",
                                          .size = sizeof(struct fairness_parameters),
                                          SCHEMA_ROWS(rows)};

/* Attention of a video, and what it merits of it but for a factor common to all. */
static float attention(const struct video_counters *c) { return (float)c->impressions + 1.0f; }

static float merit(const struct video_counters *c, sim_time now)
{
    float share = ((float)c->plays_18s + PRIOR * SHARE) / ((float)c->impressions + PRIOR);
    float hours = (float)((double)(now - c->published) / (double)TIME_HOUR);
    return share * (hours > 1.0f ? hours : 1.0f);
}

/* The factor is such that the candidates at hand got together what they merit together. */
static void screen(const void *parameters, const struct request *request, const uint32_t *place,
                   size_t n, float *score)
{
    const struct fairness_parameters *p = parameters;
    const struct snapshot *snapshot = request->snapshot;
    float ratio[CANDIDATES_MAX], cost = (float)p->weight * request->spread;
    double got = 0, due = 0;
    for (size_t i = 0; i < n; i++) {
        const struct video_counters *c = snapshot_counters(snapshot, place[i]);
        float merits = merit(c, snapshot->built);
        got += (double)attention(c);
        due += (double)merits;
        ratio[i] = attention(c) / merits;
    }
    float common = (float)(due / (got + 1e-9));
    for (size_t i = 0; i < n; i++) {
        float more = ratio[i] * common;
        if (more > 1.0f) score[i] -= cost * maths_logf(more);
    }
}

const struct reranker rerank_fairness = {
    .about = {.name = "fairness",
              .doc = "holds back videos that had more attention than they merit",
              .reference = "Biega, Gummadi & Weikum 2018, doi 10.1145/3209978.3210063",
              .parameters = &table},
    .screen = screen,
};
