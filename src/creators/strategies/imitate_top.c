/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Does as the best known do. It looks at the four topics nearest to its own; the most-played
 * creator there is its model. Plays are public, so it knows how far it is behind, and the
 * further, the likelier it copies: chance = 1 - own plays / the model's (imitation in
 * proportion to the difference: Schlag 1998). It then takes over the topic, and goes a part of
 * the way to the model's pace, commercial intensity and share of exclusive videos (and, where
 * creators decide them, its live hours and prices), with noise: it sees videos, not plans. What
 * the model spends on promotion nobody sees.
 */
#include <string.h>

#include "creators/outlook.h"

#define NEAR 4

struct imitate_parameters {
    double copy, noise;
};

static const struct schema_row rows[] = {
    {.path = "copy",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0.3",
     .meaning = "part of the way to the model's pace, selling and exclusive share that one "
                "imitation goes",
     .source = "A",
     .plausible_low = 0.1,
     .plausible_high = 0.6,
     .when = SCHEMA_WINDOW,
     .moves = "sd videos.commercial",
     .sign = 1,
     .from = "0",
     .to = "1",
     .needs = "creators.strategy=imitate_top creators.review_days=0.25 "
              "creators.production.commercial_sd=0.0 run.days=4 viewers.count=200",
     .offset = offsetof(struct imitate_parameters, copy)},
    {.path = "noise",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 2,
     .initial = "0.2",
     .meaning = "error in what is copied: sd of the pace's logarithm and, in tenths, of shares",
     .source = "A",
     .plausible_low = 0,
     .plausible_high = 0.5,
     .when = SCHEMA_WINDOW,
     .moves = "sd videos.commercial",
     .sign = 1,
     .from = "0",
     .to = "1",
     .needs = "creators.strategy=imitate_top creators.review_days=0.25 "
              "creators.production.commercial_sd=0.0 run.days=4 viewers.count=200",
     .offset = offsetof(struct imitate_parameters, noise)},
};
static const struct schema_table table = {.prefix = "creators.imitate_top",
                                          .size = sizeof(struct imitate_parameters),
                                          SCHEMA_ROWS(rows)};

/* A creator's memory, as floats. */
struct memory {
    float begun;
    float topic[NEAR];
};

static uint8_t topic_at(const struct memory *m, int i)
{
    return (uint8_t)maths_whole(m->topic[i], 0, TOPICS_MAX - 1);
}

/* The topic of the most-played; ties to the nearer. */
static uint8_t model_topic(const struct memory *m, const struct charts *charts)
{
    uint8_t best = topic_at(m, 0);

    for (int i = 1; i < NEAR; i++) {
        uint8_t k = topic_at(m, i);
        if (charts->topic[k].star.plays > charts->topic[best].star.plays) best = k;
    }
    return best;
}

/* Part of the way from own to theirs, as seen; what neither does is not done. */
static float towards(float own, float theirs, double copy, double error)
{
    double x = (double)own + copy * ((double)theirs + error - (double)own);

    if (own <= 0 && theirs <= 0) return 0;
    return (float)(x < 0 ? 0 : x > 1 ? 1 : x);
}

static void copy_plan(const struct imitate_parameters *p, const struct strategy_view *view,
                      const struct star *star, struct stream *draw, struct creator_plan *plan)
{
    double pace = stream_normal(draw), sells = stream_normal(draw), hides = stream_normal(draw);
    double own = (double)plan->videos_per_week, theirs = (double)star->videos_per_week;

    if (own > 0 && theirs > 0) {
        double gap = maths_log(theirs / own) + p->noise * pace;
        double rate = own * maths_exp(p->copy * gap);
        outlook_pace(view, (float)(rate < 40 ? rate : 40), plan);
    }
    plan->commercial = towards(plan->commercial, star->commercial, p->copy,
                               0.1 * p->noise * sells);
    plan->exclusive = towards(plan->exclusive, star->exclusive, p->copy,
                              0.1 * p->noise * hides);
    if (view->live_most > 0) {
        double most = view->live_most, share = (double)star->live / most;
        plan->live = (float)most * towards((float)((double)plan->live / most),
                                           share < 1 ? (float)share : 1, p->copy,
                                           0.1 * p->noise * stream_normal(draw));
    }
    if (view->prices)
        plan->price = (int8_t)(plan->price + p->copy * (star->price - plan->price));
}

static void review(const void *parameters, const struct strategy_view *view, float *memory,
                   struct stream *draw, struct creator_plan *plan)
{
    struct memory m;

    memcpy(&m, memory, sizeof m);
    if (m.begun == 0.0f) {
        outlook_topics(view, plan->topic, NEAR, m.topic);
        m.begun = 1;
        memcpy(memory, &m, sizeof m);
    }
    if (!view->charts) return;
    uint8_t topic = model_topic(&m, view->charts);
    const struct star *star = &view->charts->topic[topic].star;
    double own = (double)view->period->impressions * 7 / view->days;
    /* Nobody there, itself, or nobody better. */
    if (star->name == 0 || star->name == view->name || !((double)star->plays > own)) return;
    if (!stream_bernoulli(draw, 1 - own / (double)star->plays)) return;
    plan->topic = topic;
    copy_plan(parameters, view, star, draw, plan);
}

const struct strategy strategy_imitate_top = {
    .about = {.name = "imitate_top",
              .doc = "copies topic, pace and selling of the most-played creator of near topics",
              .reference = "Schlag 1998, J. Econ. Theory 78:130-156",
              .parameters = &table},
    .review = review,
    .needs = STRATEGY_CHARTS,
    .imitates = LEVER_BIT(LEVER_SELLING) | LEVER_BIT(LEVER_EXCLUSIVE) | LEVER_BIT(LEVER_LIVE) |
                LEVER_BIT(LEVER_PRICE) | LEVER_BIT(LEVER_PACE),
};
