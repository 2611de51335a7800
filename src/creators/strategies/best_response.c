/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Uphill on expected reward, which is money and the worth of attention less promotion, an hour
 * worked. Pace, commercial intensity, exclusive share and share of income for promotion are
 * levers: each period they are set a little to one side at random, and the surprise moves them
 * (ascent.h). What a creator does not do at all at its birth (sells nothing, hides nothing,
 * buys nothing) it does not begin but by creators.levers. Topics have no slope: four of them
 * are options of multiplicative weights (no_regret.h), home first among them.
 */
#include <string.h>

#include "creators/ascent.h"
#include "creators/no_regret.h"
#include "creators/outlook.h"

#define TOPICS 4
#define HOME 1.5f /* head start of the home topic's log weight: two thirds of the shares */
#define EXPECT 0.2
enum own { OWN_PACE, OWN_COMMERCIAL, OWN_EXCLUSIVE, OWN_BOOST, OWN_COUNT };

struct response_parameters {
    double probe, step, momentum, rate, explore;
};

#define NEEDS "creators.strategy=best_response creators.review_days=0.25"
/* Nothing but the strategy makes videos differ in how much they sell. */
#define SOLD_ALIKE " creators.production.commercial_sd=0.0 run.days=4 viewers.count=200"
#define BUSY " creators.production.commercial_sd=0.0 creators.videos_per_week=14.0 "
#define ROW(name, moves_, sign_, also)                                                         \
    .path = #name, .type = SCHEMA_FLOAT, .unit = "1", .low = 0, .when = SCHEMA_WINDOW,         \
    .moves = moves_, .sign = sign_, .needs = NEEDS also,                                       \
    .offset = offsetof(struct response_parameters, name)
static const struct schema_row rows[] = {
    {ROW(probe, "sd videos.commercial", 1, SOLD_ALIKE), .high = 0.5, .initial = "0.1",
     .meaning = "how far it tries a share to either side; pace by thrice that of its logarithm",
     .source = "A", .plausible_low = 0.05, .plausible_high = 0.2, .from = "0.01", .to = "0.4"},
    {ROW(step, "sd videos.commercial", 1, BUSY "run.days=4 viewers.count=100"), .high = 10,
     .initial = "0.3", .meaning = "move in probes for a surprise of usual size", .source = "A",
     .plausible_low = 0.1, .plausible_high = 1, .from = "0", .to = "2"},
    {ROW(momentum, "sd videos.commercial", -1,
         BUSY "run.days=8 viewers.count=60 creators.best_response.step=1.0"),
     .high = 0.99, .initial = "0.7", .meaning = "share of its last direction that it keeps",
     .source = "A", .plausible_low = 0, .plausible_high = 0.9, .from = "0", .to = "0.95"},
    {ROW(rate, "videos.quality", -1,
         " run.days=6 viewers.count=60 creators.videos_per_week=28.0 creators.skill_sd=0 "
         "creators.production.quality_sd=0 creators.backlog_days=1 "
         "creators.best_response.explore=0.2"),
     .high = 5, .initial = "0.3", .meaning = "learning rate of the weights of topics",
     .source = "A", .plausible_low = 0.05, .plausible_high = 1, .from = "0", .to = "5"},
    {ROW(explore, "videos.quality", -1, SOLD_ALIKE), .high = 1, .initial = "0.1",
     .meaning = "share of reviews that draw a topic evenly", .source = "A",
     .plausible_low = 0.02, .plausible_high = 0.3, .from = "0", .to = "1"},
};
static const struct schema_table table = {.prefix = "creators.best_response",
                                          .size = sizeof(struct response_parameters),
                                          SCHEMA_ROWS(rows)};

/* A creator's memory, as floats. */
struct memory {
    float begun;
    struct ascent ascent;
    float rate; /* videos a week at birth */
    float has[OWN_COUNT];
    float topic[TOPICS], weight[TOPICS];
    float expected[TOPICS]; /* reward on each; 0 = not known */
    float mean;             /* reward on whatever topic; 0 = not known */
    float used, share;      /* topic in use and the share that it had */
};
_Static_assert(sizeof(struct memory) <= sizeof(float) * CREATOR_STRATEGY_FLOATS, "memory fits");

static void begin(struct memory *m, const struct strategy_view *view,
                  const struct creator_plan *plan)
{
    float *centre = m->ascent.centre;

    outlook_topics(view, plan->topic, TOPICS, m->topic);
    m->rate = plan->videos_per_week;
    centre[OWN_COMMERCIAL] = plan->commercial;
    centre[OWN_EXCLUSIVE] = plan->exclusive;
    centre[OWN_BOOST] = plan->boost;
    for (int i = 0; i < OWN_COUNT; i++) m->has[i] = centre[i] > 0;
    m->has[OWN_PACE] = m->rate > 0;
    m->weight[0] = HOME;
    m->share = 1;
    m->begun = 1;
}

/* Pace is e^lever times that of birth, an eighth to eight times. */
static void describe(const struct memory *m, double probe, struct ascent_lever *lever)
{
    for (int i = 0; i < OWN_COUNT; i++)
        lever[i] = (struct ascent_lever){.low = 0, .high = 1, .probe = probe};
    lever[OWN_PACE] = (struct ascent_lever){.low = -2.08, .high = 2.08, .probe = 3 * probe};
    for (int i = 0; i < OWN_COUNT; i++)
        if (m->has[i] == 0.0f) lever[i].low = lever[i].high = (double)m->ascent.centre[i];
}

/* What was bought at the last review has brought this period's reach. */
static double worth(const void *parameters, const struct strategy_view *view)
{
    (void)parameters;
    return outlook_reward(view) - outlook_spent(view);
}

static int used_of(const struct memory *m) { return maths_whole(m->used, 0, TOPICS - 1); }

static void learn_topic(struct memory *m, const struct response_parameters *p, double got)
{
    double mean = (double)m->mean, positive = got > 0 ? got : 0;

    if (mean > 0) {
        /* In (-1/2, 1/2) whatever the currency; 0 = as usual. */
        double gain = positive / (positive + mean) - 0.5;
        no_regret_learn_played(m->weight, TOPICS, used_of(m),
                               p->rate * gain / (double)m->share);
        m->mean += (float)(EXPECT * (positive - mean));
    } else
        m->mean = (float)positive;
}

static void learn(struct memory *m, const struct response_parameters *p,
                  const struct ascent_lever *lever, double got)
{
    const struct ascent_pace pace = {.step = p->step, .momentum = p->momentum};
    float *expected = &m->expected[used_of(m)];

    learn_topic(m, p, got);
    if (*expected == 0.0f) {
        *expected = (float)got;
        return;
    }
    ascent_learn(&m->ascent, lever, OWN_COUNT, &pace, got - (double)*expected);
    *expected += (float)(EXPECT * (got - (double)*expected));
}

static void choose_topic(struct memory *m, double explore, struct stream *draw)
{
    double share[TOPICS];

    no_regret_shares(m->weight, TOPICS, explore, share);
    int used = no_regret_draw(share, TOPICS, draw);
    m->used = (float)used;
    m->share = (float)share[used];
}

static void write_plan(const struct memory *m, const float *out,
                       const struct strategy_view *view, struct creator_plan *plan)
{
    plan->topic = (uint8_t)maths_whole(m->topic[used_of(m)], 0, TOPICS_MAX - 1);
    plan->commercial = out[OWN_COMMERCIAL];
    plan->exclusive = out[OWN_EXCLUSIVE];
    plan->boost = out[OWN_BOOST];
    outlook_pace(view, m->rate * (float)maths_exp((double)out[OWN_PACE]), plan);
}

static void review(const void *parameters, const struct strategy_view *view, float *memory,
                   struct stream *draw, struct creator_plan *plan)
{
    const struct response_parameters *p = parameters;
    struct ascent_lever lever[OWN_COUNT];
    float out[OWN_COUNT];
    struct memory m;

    memcpy(&m, memory, sizeof m);
    if (m.begun == 0.0f) begin(&m, view, plan);
    /* A period without a video teaches nothing about videos. */
    if (view->period->posts > 0) {
        describe(&m, p->probe, lever);
        learn(&m, p, lever, worth(p, view));
        choose_topic(&m, p->explore, draw);
        ascent_try(&m.ascent, lever, OWN_COUNT, draw, out);
        write_plan(&m, out, view, plan);
    }
    memcpy(memory, &m, sizeof m);
}

const struct strategy strategy_best_response = {
    .about = {.name = "best_response",
              .doc = "gradient on its own reward by small tries; topics by no-regret weights",
              .reference = "Spall 1992, IEEE TAC 37:332-341; Auer et al. 2002, SIAM J. Comput. "
                           "32:48-77; Yao et al. 2024 (arXiv 2410.23683)",
              .parameters = &table},
    .review = review,
    .worth = worth,
    .moves = LEVER_BIT(LEVER_PACE) | LEVER_BIT(LEVER_SELLING) | LEVER_BIT(LEVER_EXCLUSIVE) |
             LEVER_BIT(LEVER_PROMOTION),
};
