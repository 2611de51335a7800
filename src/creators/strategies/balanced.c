/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Money now against the audience: selling earns and drives people away (Mitchell 2021: an
 * influencer milks trust or builds it). It weighs
 *     (1 - care) ln(.01 + money) + care (ln watch time an impression + ln(1 + follows)) ,
 * money against what it hopes for, follows per thousand impressions, and moves commercial
 * intensity and exclusive share uphill by small tries (ascent.h). Its topic and pace stay.
 * Who sells or hides nothing at birth does not begin to but by creators.levers.
 */
#include <string.h>

#include "creators/ascent.h"
#include "creators/outlook.h"

#define EXPECT 0.2
enum own { OWN_COMMERCIAL, OWN_EXCLUSIVE, OWN_COUNT };

struct balanced_parameters {
    double care, probe, step, momentum;
};

#define NEEDS "creators.strategy=balanced creators.review_days=0.25"
/* Nothing but the strategy makes videos differ in how much they sell. */
#define SOLD_ALIKE " creators.production.commercial_sd=0.0 run.days=4 viewers.count=200"
#define BUSY " creators.production.commercial_sd=0.0 creators.videos_per_week=14.0 "
#define ROW(name, moves_, sign_, needs_)                                                       \
    .path = #name, .type = SCHEMA_FLOAT, .unit = "1", .low = 0, .when = SCHEMA_WINDOW,         \
    .moves = moves_, .sign = sign_, .needs = needs_,                                           \
    .offset = offsetof(struct balanced_parameters, name)
static const struct schema_row rows[] = {
    {ROW(care, "videos.commercial", -1,
         "creators.strategy=balanced creators.balanced.probe=0.3 creators.balanced.step=3 "
         "viewers.match.commercial=3 run.days=12 " OUTLOOK_EARNING),
     .high = 1, .initial = "0.5", .meaning = "weight of the audience against money",
     .source = "A", .plausible_low = 0.2, .plausible_high = 0.8, .from = "0", .to = "1"},
    {ROW(probe, "sd videos.commercial", 1, NEEDS SOLD_ALIKE), .high = 0.5, .initial = "0.05",
     .meaning = "how far it tries selling and hiding to either side", .source = "A",
     .plausible_low = 0.02, .plausible_high = 0.15, .from = "0.01", .to = "0.4"},
    {ROW(step, "sd videos.commercial", 1, NEEDS BUSY "run.days=4 viewers.count=100"),
     .high = 10, .initial = "0.3", .meaning = "move in probes for a surprise of usual size",
     .source = "A", .plausible_low = 0.1, .plausible_high = 1, .from = "0", .to = "2"},
    {ROW(momentum, "sd videos.commercial", -1,
         NEEDS BUSY "run.days=8 viewers.count=60 creators.balanced.step=1.0"),
     .high = 0.99, .initial = "0.7", .meaning = "share of its last direction that it keeps",
     .source = "A", .plausible_low = 0, .plausible_high = 0.9, .from = "0", .to = "0.95"},
};
static const struct schema_table table = {.prefix = "creators.balanced",
                                          .size = sizeof(struct balanced_parameters),
                                          SCHEMA_ROWS(rows)};

/* A creator's memory, as floats. */
struct memory {
    float begun;
    struct ascent ascent;
    float has[OWN_COUNT];
    float known, expected;
};
_Static_assert(sizeof(struct memory) <= sizeof(float) * CREATOR_STRATEGY_FLOATS, "memory fits");

static double welfare(const struct strategy_view *view, double care, double spent)
{
    const struct creator_period *period = view->period;
    double impressions = (double)period->impressions;
    double income = (double)period->income / (double)MICRO - spent;
    double money = outlook_hoped(view, income > 0 ? income : 0);
    double seconds = (double)period->watch_ms / 1000 / impressions;
    double follows = 1000 * (double)period->follows / impressions;

    return (1 - care) * maths_log(0.01 + money) +
           care * (maths_log(0.1 + seconds) + maths_log(1 + follows));
}

static double worth(const void *parameters, const struct strategy_view *view)
{
    const struct balanced_parameters *p = parameters;

    if (view->period->impressions == 0) return maths_log(0.01);
    return welfare(view, p->care, (double)view->last->spent / (double)MICRO);
}

static void learn(struct memory *m, const struct balanced_parameters *p,
                  const struct ascent_lever *lever, double got)
{
    const struct ascent_pace pace = {.step = p->step, .momentum = p->momentum};

    if (m->known == 0.0f) {
        m->expected = (float)got;
        m->known = 1;
        return;
    }
    ascent_learn(&m->ascent, lever, OWN_COUNT, &pace, got - (double)m->expected);
    m->expected += (float)(EXPECT * (got - (double)m->expected));
}

static void review(const void *parameters, const struct strategy_view *view, float *memory,
                   struct stream *draw, struct creator_plan *plan)
{
    const struct balanced_parameters *p = parameters;
    struct ascent_lever lever[OWN_COUNT];
    float out[OWN_COUNT];
    struct memory m;

    memcpy(&m, memory, sizeof m);
    if (m.begun == 0.0f) {
        m.ascent.centre[OWN_COMMERCIAL] = plan->commercial;
        m.ascent.centre[OWN_EXCLUSIVE] = plan->exclusive;
        m.has[OWN_COMMERCIAL] = plan->commercial > 0;
        m.has[OWN_EXCLUSIVE] = plan->exclusive > 0;
        m.begun = 1;
    }
    /* Without an audience there is nothing to weigh. */
    if (view->period->posts > 0 && view->period->impressions > 0) {
        for (int i = 0; i < OWN_COUNT; i++)
            lever[i] = (struct ascent_lever){0, m.has[i] != 0.0f, p->probe};
        learn(&m, p, lever, welfare(view, p->care, 0));
        ascent_try(&m.ascent, lever, OWN_COUNT, draw, out);
        plan->commercial = out[OWN_COMMERCIAL];
        plan->exclusive = out[OWN_EXCLUSIVE];
    }
    memcpy(memory, &m, sizeof m);
}

const struct strategy strategy_balanced = {
    .about = {.name = "balanced",
              .doc = "trades commercial intensity against watch time and follows",
              .reference = "Mitchell 2021, RAND J. Econ. 52:3-21; Spall 1992",
              .parameters = &table},
    .review = review,
    .worth = worth,
    .moves = LEVER_BIT(LEVER_SELLING) | LEVER_BIT(LEVER_EXCLUSIVE),
};
