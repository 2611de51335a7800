/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Spreads its risks. A period's worth is money and attention less what their concentration in
 * few streams costs: each stream may be cut by `shock` of itself for reasons that the past does
 * not show (a rule, a boycott), independently of the others, so with relative risk aversion
 * `risk` the certainty equivalent is
 *     Y (1 - risk/2 shock^2 H),  H = sum (y_s / Y)^2 ,
 * attention being a stream too. Four near topics, three levels of selling and three of
 * exclusive videos are then held like assets (Markowitz 1952, without covariances): of each
 * factor the shares w >= 0, summing to 1, that maximise sum w r - risk / (2 mean r) sum w^2
 * var, over the means and variances of what options brought. An option is drawn by its share
 * for each period; a part of reviews tries one at random.
 */
#include <string.h>

#include "creators/no_regret.h"
#include "creators/outlook.h"

#define OPTIONS 4
enum factor { FACTOR_TOPIC, FACTOR_COMMERCIAL, FACTOR_EXCLUSIVE, FACTORS };

static const int options[FACTORS] = {OPTIONS, 3, 3};
static const int first[FACTORS] = {0, 4, 7}; /* of each factor among all the assets */
#define ASSETS 10
static const float levels[3] = {1.0f, 0.5f, 2.0f}; /* of what it was at birth */

struct diversify_parameters {
    double risk, shock, alpha, explore;
};

#define NEEDS "creators.strategy=diversify creators.review_days=0.25"
/* Nothing but the strategy makes videos differ in how much they sell. */
#define SOLD_ALIKE " creators.production.commercial_sd=0.0 run.days=4 viewers.count=200"
#define ROW(name, moves_, sign_, needs_)                                                       \
    .path = #name, .type = SCHEMA_FLOAT, .unit = "1", .low = 0, .when = SCHEMA_WINDOW,         \
    .moves = moves_, .sign = sign_, .needs = needs_,                                           \
    .offset = offsetof(struct diversify_parameters, name)
static const struct schema_row rows[] = {
    {ROW(risk, "sd videos.commercial", -1,
         NEEDS " creators.diversify.explore=0.5 creators.diversify.shock=0 "
               "creators.production.commercial_sd=0.0 run.days=6 viewers.count=60 "
               "creators.videos_per_week=28.0 creators.backlog_days=1"),
     .high = 20, .initial = "2", .meaning = "relative risk aversion",
     .source = "A (1 to 4 in the economics of households)", .plausible_low = 1,
     .plausible_high = 4, .from = "0.01", .to = "20"},
    {ROW(shock, "videos.commercial", -1,
         "creators.strategy=diversify creators.diversify.explore=0.5 "
         "creators.diversify.alpha=0.9 run.days=20 " OUTLOOK_EARNING),
     .high = 1, .initial = "0.6",
     .meaning = "what a stream may lose or gain beyond what its past shows: relative sd",
     .source = "V2 (swings of 50-70 % after a change of algorithm or rate)",
     .plausible_low = 0.3, .plausible_high = 0.8, .from = "0", .to = "1"},
    {ROW(alpha, "videos.commercial", 1,
         "creators.strategy=diversify creators.diversify.explore=1 "
         "run.days=20 " OUTLOOK_EARNING),
     .high = 1, .initial = "0.1",
     .meaning = "step of an option's mean and variance towards what it brought", .source = "A",
     .plausible_low = 0.05, .plausible_high = 0.3, .from = "0", .to = "0.9"},
    {ROW(explore, "sd videos.commercial", 1, NEEDS SOLD_ALIKE), .high = 1, .initial = "0.1",
     .meaning = "share of reviews that draw an option of one factor evenly", .source = "A",
     .plausible_low = 0.02, .plausible_high = 0.3, .from = "0", .to = "0.9"},
};
static const struct schema_table table = {.prefix = "creators.diversify",
                                          .size = sizeof(struct diversify_parameters),
                                          SCHEMA_ROWS(rows)};

/* A creator's memory, as floats. */
struct memory {
    float begun;
    float used[FACTORS];
    struct {
        float mean, variance, tries;
    } asset[ASSETS];
    float topic[OPTIONS]; /* home first, then the nearest others */
    float commercial, exclusive;
};
_Static_assert(sizeof(struct memory) <= sizeof(float) * CREATOR_STRATEGY_FLOATS, "memory fits");

static int used_of(const struct memory *m, int factor)
{
    return maths_whole(m->used[factor], 0, options[factor] - 1);
}

/* Certainty equivalent of the period's money and attention, against what is hoped for. */
static double equivalent(const struct strategy_view *view, const struct diversify_parameters *p)
{
    double attention = (double)view->period->impressions * view->attention_value / 1000.0;
    double sum = attention, squares = attention * attention;

    for (int i = 0; view->income && i < LEDGER_STREAMS_MAX; i++) {
        double income = (double)view->income[i] / (double)MICRO;
        if (income <= 0) continue; /* refunds beyond what came in */
        sum += income;
        squares += income * income;
    }
    if (sum <= 0) return 0;
    double kept = 1 - 0.5 * p->risk * p->shock * p->shock * squares / (sum * sum);
    return kept > 0 ? outlook_hoped(view, sum) * kept : 0;
}

static double worth(const void *parameters, const struct strategy_view *view)
{
    return equivalent(view, parameters) -
           outlook_hoped(view, (double)view->last->spent / (double)MICRO);
}

/* The variance of a single try is taken for the square of what it brought. */
static void learn(struct memory *m, double alpha, double got)
{
    for (int f = 0; f < FACTORS; f++) {
        int a = first[f] + used_of(m, f);
        double mean = (double)m->asset[a].mean, variance = (double)m->asset[a].variance;
        double off = got - mean;
        if (m->asset[a].tries == 0.0f) {
            mean = got;
            variance = got * got;
        } else {
            mean += alpha * off;
            variance = (1 - alpha) * (variance + alpha * off * off);
        }
        m->asset[a].mean = (float)mean;
        m->asset[a].variance = (float)variance;
        m->asset[a].tries += 1;
    }
}

/* Mean over the known options of a factor. */
static double usual(const struct memory *m, int factor)
{
    double sum = 0, n = 0;

    for (int a = first[factor]; a < first[factor] + options[factor]; a++)
        if (m->asset[a].tries > 0) sum += (double)m->asset[a].mean, n++;
    return n > 0 ? sum / n : 0;
}

/* w_o = (r_o - level) / cost_o where that is positive, with the level at which they sum to 1:
 * the largest over all sets of best options. */
static void fill_shares(const double *r, const double *cost, int n, double *share)
{
    double level = -1e300;

    for (int i = 0; i < n; i++) {
        double weight = 0, height = -1; /* of those at least as good as option i */
        for (int j = 0; j < n; j++) {
            if (cost[j] <= 0 || cost[i] <= 0 || r[j] < r[i]) continue;
            weight += 1 / cost[j];
            height += r[j] / cost[j];
        }
        if (weight > 0 && height / weight > level) level = height / weight;
    }
    for (int i = 0; i < n; i++)
        share[i] = cost[i] > 0 && r[i] > level ? (r[i] - level) / cost[i] : 0;
}

/* Mean-variance shares of a factor's options; those not tried yet have none. */
static void portfolio(const struct memory *m, int factor, double risk, double *share)
{
    double r[OPTIONS], cost[OPTIONS], mean = usual(m, factor), sum = 0;

    for (int o = 0; o < options[factor]; o++) {
        int a = first[factor] + o;
        double variance = (double)m->asset[a].variance / (mean > 0 ? mean : 1);
        r[o] = (double)m->asset[a].mean;
        cost[o] = m->asset[a].tries > 0 ? risk * variance + 1e-6 * mean + 1e-12 : 0;
    }
    fill_shares(r, cost, options[factor], share);
    for (int o = 0; o < options[factor]; o++) sum += share[o];
    if (!(sum > 0.5)) share[used_of(m, factor)] = 1; /* nothing is known */
}

static void choose(struct memory *m, const struct diversify_parameters *p, struct stream *draw)
{
    bool explore = stream_bernoulli(draw, p->explore);
    int tried = (int)stream_below(draw, FACTORS);
    double share[OPTIONS];

    for (int f = 0; f < FACTORS; f++) {
        portfolio(m, f, p->risk, share);
        for (int o = 0; explore && f == tried && o < options[f]; o++)
            share[o] = 1.0 / options[f];
        m->used[f] = (float)no_regret_draw(share, options[f], draw);
    }
}

static void review(const void *parameters, const struct strategy_view *view, float *memory,
                   struct stream *draw, struct creator_plan *plan)
{
    const struct diversify_parameters *p = parameters;
    struct memory m;

    memcpy(&m, memory, sizeof m);
    if (m.begun == 0.0f) {
        outlook_topics(view, plan->topic, OPTIONS, m.topic);
        m.commercial = plan->commercial;
        m.exclusive = plan->exclusive;
        m.begun = 1;
    }
    /* A period without a video teaches nothing about videos. */
    if (view->period->posts > 0) {
        learn(&m, p->alpha, equivalent(view, p));
        choose(&m, p, draw);
        plan->topic = (uint8_t)maths_whole(m.topic[used_of(&m, FACTOR_TOPIC)], 0,
                                           TOPICS_MAX - 1);
        plan->commercial = m.commercial * levels[used_of(&m, FACTOR_COMMERCIAL)];
        plan->exclusive = m.exclusive * levels[used_of(&m, FACTOR_EXCLUSIVE)];
    }
    memcpy(memory, &m, sizeof m);
}

const struct strategy strategy_diversify = {
    .about =
        {.name = "diversify",
         .doc = "mean-variance shares of topics, selling and exclusive videos; spread over "
                "streams is worth something",
         .reference = "Markowitz 1952, J. Finance 7:77-91; Pratt 1964",
         .parameters = &table},
    .review = review,
    .needs = STRATEGY_STREAMS,
    .worth = worth,
    .moves = LEVER_BIT(LEVER_SELLING) | LEVER_BIT(LEVER_EXCLUSIVE),
};
