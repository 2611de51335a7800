/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A weighted sum over what an impression may lead to: each head expects the video's own share
 * of the act, and more of it the better the video matches the profile, by the slope that the
 * learner has found for that act. What weighs 0 is not aimed at.
 */
#include "platform/learn/heads.h"
#include "platform/ranker.h"

struct objective_weights {
    double weight[HEADS];
};

#define ALONE                                                                                  \
    " platform.rank.multi_objective.watch=0 platform.rank.multi_objective.like=0"              \
    " platform.rank.multi_objective.share=0 platform.rank.multi_objective.return=0"            \
    " platform.rank.multi_objective.comment=0 platform.rank.multi_objective.follow=0"          \
    " platform.rank.multi_objective.purchase=0"
#define HEAD_ROW(head, name, value, what, moves_, sign_, also)                                 \
    {                                                                                          \
        .path = name, .type = SCHEMA_FLOAT, .unit = "1", .low = 0, .high = 1000,               \
        .initial = value, .meaning = what, .source = "A (as platform.pools.weights)",          \
        .plausible_low = 0, .plausible_high = 50, .when = SCHEMA_START, .moves = moves_,       \
        .sign = sign_, .from = "0", .to = "100",                                               \
        .needs = "platform.ranker=multi_objective" also,                                       \
        .offset = offsetof(struct objective_weights, weight[head])                             \
    }

static const struct schema_row rows[] = {
    HEAD_ROW(HEAD_WATCH, "watch", "1", "worth of the time watched, s / (s + 10 s)", "auc_true",
             1, ""),
    HEAD_ROW(HEAD_LIKE, "like", "5", "worth of a like", "auc_true", -1, ""),
    HEAD_ROW(HEAD_COMMENT, "comment", "10", "worth of a comment", "comment_rate", 1,
             ALONE " viewers.weibull.comment=0.05"),
    HEAD_ROW(HEAD_SHARE, "share", "20", "worth of a share", "r videos.impressions,shares", 1,
             ""),
    HEAD_ROW(HEAD_FOLLOW, "follow", "20", "worth of a follow", "follow_rate", 1,
             ALONE " viewers.weibull.follow=0.02"),
    HEAD_ROW(HEAD_PURCHASE, "purchase", "20", "worth of a tip", "revenue_tips/impressions", 1,
             ALONE " revenue.streams=[\"tips\"] revenue.tips.rate=0.1 revenue.tips.slope=3.0 "
                   "revenue.tips.sigma=0.0 viewers.tip_sigma=0.0 viewers.purse.month=1000.0"),
    HEAD_ROW(HEAD_RETURN, "return", "1", "worth of a viewer who is back the same day",
             "ndcg_true", -1, ""),
};
static const struct schema_table table = {.prefix = "platform.rank.multi_objective",
                                          .size = sizeof(struct objective_weights),
                                          SCHEMA_ROWS(rows)};

static float bias(const void *parameters, const struct item_facts *facts)
{
    const struct objective_weights *p = parameters;
    const struct video_counters *c = facts->counters;
    const float *mean = facts->common + HEADS_MEAN;
    float n = (float)c->impressions, seconds = (float)c->watch_ms * 1e-3f / (n + 1e-6f);
    float acts[HEADS] = {[HEAD_WATCH] = n * seconds / (seconds + 10.0f),
                         [HEAD_LIKE] = (float)c->likes,
                         [HEAD_COMMENT] = (float)c->comments,
                         [HEAD_SHARE] = (float)c->shares,
                         [HEAD_FOLLOW] = (float)c->follows};
    float sum = (float)p->weight[HEAD_PURCHASE] * facts->learned;
    for (int h = 0; h < HEAD_PURCHASE; h++)
        sum += (float)p->weight[h] * heads_share(acts[h], n, mean[h]);
    return sum;
}

static float weight(const void *parameters, const float *common)
{
    const struct objective_weights *p = parameters;
    float slope = 0;
    for (int h = 0; h < HEADS; h++) slope += (float)p->weight[h] * common[HEADS_SLOPE + h];
    return slope;
}

const struct ranker rank_multi_objective = {
    .about = {.name = "multi_objective",
              .doc = "weighs watch time, likes, comments, shares, follows, purchases, returns",
              .reference = "Zhao et al. 2019, doi 10.1145/3298689.3346997",
              .parameters = &table},
    .learner = "multi_objective",
    .weight = weight,
    .bias = bias,
};
