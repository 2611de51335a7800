/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Screen and glean: watch time is Weibull with a decreasing hazard, its scale grows with the
 * match (Liu, White & Dumais 2010 for the shape; anchors C1 and C2 for the numbers); the acts
 * are Bernoullis, each with a logit linear in the match. C1's shapes, .333 and .349, describe
 * a whole feed, a mixture over matches that spread by `spread`; the same survival at 7 and 18 s
 * comes of a Weibull of shape .44 and scale 1.1 s at each match.
 *
 * Rates are stated as they are seen: averages over videos whose match spreads by `spread` about
 * 0 (random videos). A logit of slope b then has the intercept logit(rate) - b^2 spread^2 / 2,
 * since for rare acts E exp(bM) = exp(b mean + b^2 spread^2 / 2).
 */
#include "viewers/choice.h"

#include "base/maths.h"
#include "engine/stream.h"

enum lane { LIKE, COMMENT, SHARE, FOLLOW, PROFILE, HIDE, REPORT, LANES = 8 };

struct weibull_parameters {
    double shape, scale, gain, loop, loop_below, spread, followed, violating;
    double like, comment, share, follow, profile, hide, report;
    double like_ratio, comment_ratio, share_ratio, follow_ratio, profile_ratio, hide_ratio;
};

#define AT(member) .offset = offsetof(struct weibull_parameters, member)
/* `low` and `high`: what is plausible, for assumptions; 0, 0 = not given. */
#define RATE(name, value, what, origin, column, low_, high_)                                   \
    {                                                                                          \
        .path = #name, .type = SCHEMA_FLOAT, .unit = "1", .low = 1e-9, .high = 0.99,           \
        .initial = value, .meaning = "rate of " what " on random videos", .source = origin,    \
        .plausible_low = low_, .plausible_high = high_, .when = SCHEMA_WINDOW,                 \
        .moves = column, .sign = 1, .from = "0.0001", .to = "0.05", AT(name)                   \
    }
#define RATIO(name, value, what, origin, rate, column, low_, high_)                            \
    {                                                                                          \
        .path = #name, .type = SCHEMA_FLOAT, .unit = "1", .low = 0.001, .high = 1000,          \
        .initial = value, .meaning = "how much likelier " what " is on a personalised video",  \
        .source = origin, .plausible_low = low_, .plausible_high = high_,                      \
        .when = SCHEMA_WINDOW, .moves = column, .sign = 1, .from = "0.2", .to = "5",           \
        .needs = "viewers.weibull." #rate "=0.01", AT(name)                                    \
    }

static const struct schema_row rows[] = {
    {.path = "shape",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0.1,
     .high = 5,
     .initial = "0.44",
     .meaning = "shape of watch time at a given match; below 1 the hazard decreases",
     .source = "D C1: its .333 and .349 are of the whole feed, whose match spreads by .65",
     .when = SCHEMA_WINDOW,
     .moves = "plays_18s/plays_7s",
     .sign = -1,
     .from = "0.44",
     .to = "1.5",
     AT(shape)},
    {.path = "scale",
     .type = SCHEMA_FLOAT,
     .unit = "s",
     .low = 0.01,
     .high = 1000,
     .initial = "1.1",
     .meaning = "scale of watch time on a video of match 0",
     .source = "D C1, C2: its 1.26 s is of the whole feed, whose match spreads by .65",
     .when = SCHEMA_WINDOW,
     .moves = "completions",
     .sign = 1,
     .from = "0.5",
     .to = "5",
     AT(scale)},
    {.path = "gain",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = -5,
     .high = 10,
     .initial = "2.41",
     .meaning = "growth of ln(scale of watch time) a unit of match",
     .source = "D C2",
     .when = SCHEMA_WINDOW,
     .moves = "completions",
     .sign = 1,
     .from = "0",
     .to = "2.41",
     AT(gain)},
    {.path = "loop",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 0.95,
     .initial = "0.25",
     .meaning = "probability that a finished short clip is watched again",
     .source = "A",
     .plausible_low = 0.1,
     .plausible_high = 0.5,
     .when = SCHEMA_WINDOW,
     .moves = "watch_hours",
     .sign = 1,
     .from = "0",
     .to = "0.8",
     AT(loop)},
    {.path = "loop_below",
     .type = SCHEMA_FLOAT,
     .unit = "s",
     .low = 0,
     .high = 3600,
     .initial = "15",
     .meaning = "clips shorter than this may be watched again",
     .source = "A",
     .plausible_low = 8,
     .plausible_high = 20,
     .when = SCHEMA_WINDOW,
     .moves = "watch_hours",
     .sign = 1,
     .from = "0",
     .to = "60",
     AT(loop_below)},
    {.path = "spread",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 3,
     .initial = "0.65",
     .meaning = "standard deviation of the match within a feed, for which rates are stated",
     .source = "A (measured: .65 over random videos and over the whole feed)",
     .plausible_low = 0.4,
     .plausible_high = 0.8,
     .when = SCHEMA_WINDOW,
     .moves = "likes",
     .sign = -1,
     .from = "0",
     .to = "2",
     AT(spread)},
    {.path = "followed",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0.01,
     .high = 100,
     .initial = "2",
     .meaning = "multiplies the odds of acts on followed creators' videos",
     .source = "V (sign) ZAN; size A",
     .plausible_low = 1.2,
     .plausible_high = 4,
     .when = SCHEMA_WINDOW,
     .moves = "likes",
     .sign = 1,
     .from = "1",
     .to = "20",
     AT(followed)},
    {.path = "violating",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0.01,
     .high = 10000,
     .initial = "50",
     .meaning = "multiplies the odds of a report when the video breaks rules",
     .source = "A",
     .plausible_low = 10,
     .plausible_high = 200,
     .when = SCHEMA_WINDOW,
     .moves = "reports",
     .sign = 1,
     .from = "1",
     .to = "1000",
     .needs = "creators.production.violations=0.3 platform.moderation.recall=0.0",
     AT(violating)},
    RATE(like, "0.0047", "likes", "V KR-A", "likes", 0, 0),
    RATE(comment, "0.00035", "comments", "V KR-A", "comments", 0, 0),
    RATE(share, "0.0005", "shares", "V KR-A, TEN", "shares", 0, 0),
    RATE(follow, "0.00021", "follows", "V KR-A", "follows", 0, 0),
    RATE(profile, "0.005", "visits to the creator's page", "V KR-A (personalised 2 %)",
         "profile_visits", 0, 0),
    RATE(hide, "0.00142", "hides", "V KR-A", "hides", 0, 0),
    RATE(report, "0.00002", "reports", "A", "reports", 5e-6, 1e-4),
    RATIO(like_ratio, "4.0", "a like", "V->D KR-A", like, "likes", 0, 0),
    RATIO(comment_ratio, "7.3", "a comment", "V->D KR-A", comment, "comments", 0, 0),
    RATIO(share_ratio, "3.0", "a share", "V->D KR-A", share, "shares", 0, 0),
    RATIO(follow_ratio, "7.4", "a follow", "V->D KR-A (6.7 with the tenth already followed)",
          follow, "follows", 0, 0),
    RATIO(profile_ratio, "4.0", "a visit to the page", "A as likes", profile, "profile_visits",
          2, 8),
    RATIO(hide_ratio, "0.43", "a hide or a report", "V->D KR-A", hide, "hides", 0, 0),
};
static const struct schema_table table = {
    .prefix = "viewers.weibull", .size = sizeof(struct weibull_parameters), SCHEMA_ROWS(rows)};

/* Most impressions see no act at all. Cells of the match hold, for each word that decides about
 * acts, the value from which it surely decides against. */
#define CELLS 48
#define CELL_LOW (-4.0f)
#define CELL_WIDTH 0.25f
#define NO_ACT_WORDS 5 /* words 2..6 of a scene */

struct weibull_state {
    uint32_t no_act[2][CELLS][NO_ACT_WORDS]; /* [followed][cell] */
    uint32_t no_hide[CELLS];                 /* word 2 decides for hide or report above this */
    float intercept[LANES], slope[LANES];
    float log_scale, gain, inverse_shape;
    float followed;  /* ln of the odds ratio */
    float violating; /* the same, of a report */
    float loop, loop_below;
    float loop2, loop3; /* powers of loop */
};

static void prepare_lane(struct weibull_state *s, enum lane lane, double rate, double ratio,
                         double spread)
{
    double slope = maths_log(ratio);

    s->slope[lane] = (float)slope;
    s->intercept[lane] = (float)(maths_log(rate / (1 - rate)) -
                                 0.5 * slope * slope * spread * spread);
}

/* An upper bound of a lane's probability in a cell, as a word; the logits are monotone. */
static double cell_most(const struct weibull_state *s, enum lane lane, int cell, float more)
{
    double most = 0;

    for (int edge = 0; edge < 2; edge++) {
        float match = CELL_LOW + CELL_WIDTH * (float)(cell + edge);
        double p = (double)maths_sigmoidf(s->intercept[lane] + s->slope[lane] * match + more);
        if (p > most) most = p;
    }
    return most * (1 + 1e-4) + 1e-6;
}

static uint32_t cell_word(double p) { return p < 1 ? (uint32_t)(p * 0x1p32) : UINT32_MAX; }

static void prepare_cells(struct weibull_state *s)
{
    static const enum lane lane[NO_ACT_WORDS] = {LIKE, COMMENT, SHARE, FOLLOW, PROFILE};

    for (int cell = 0; cell < CELLS; cell++) {
        double out = cell_most(s, HIDE, cell, 0) + cell_most(s, REPORT, cell, 0);
        s->no_hide[cell] = out < 1 ? (uint32_t)((1 - out) * 0x1p32) : 0;
        for (int followed = 0; followed < 2; followed++)
            for (int k = 0; k < NO_ACT_WORDS; k++)
                s->no_act[followed][cell][k] = cell_word(
                    cell_most(s, lane[k], cell, followed ? s->followed : 0));
    }
}

static void prepare(void *state, const void *parameters)
{
    const struct weibull_parameters *p = parameters;
    struct weibull_state *s = state;

    *s = (struct weibull_state){.log_scale = (float)maths_log(p->scale),
                                .gain = (float)p->gain,
                                .inverse_shape = (float)(1 / p->shape),
                                .followed = (float)maths_log(p->followed),
                                .violating = (float)maths_log(p->violating),
                                .loop = (float)p->loop,
                                .loop_below = (float)p->loop_below};
    s->loop2 = s->loop * s->loop;
    s->loop3 = s->loop2 * s->loop;
    prepare_lane(s, LIKE, p->like, p->like_ratio, p->spread);
    prepare_lane(s, COMMENT, p->comment, p->comment_ratio, p->spread);
    prepare_lane(s, SHARE, p->share, p->share_ratio, p->spread);
    prepare_lane(s, FOLLOW, p->follow, p->follow_ratio, p->spread);
    prepare_lane(s, PROFILE, p->profile, p->profile_ratio, p->spread);
    prepare_lane(s, HIDE, p->hide, p->hide_ratio, p->spread);
    prepare_lane(s, REPORT, p->report, p->hide_ratio, p->spread);
    prepare_cells(s);
}

/* Seconds watched: inverse of 1 - exp(-(t / scale)^shape), cut at the end; a short clip that
 * was finished starts again up to three times. */
static float watch_time(const struct weibull_state *s, const struct choice_scene *scene)
{
    float t = maths_expf(s->log_scale + s->gain * scene->match +
                         scene->log_exponential * s->inverse_shape);
    float u = word_uniformf(scene->word[1]);
    int again = (u < s->loop) + (u < s->loop2) + (u < s->loop3);

    /* Nothing here can be guessed: no branches. */
    again &= -(int)(scene->duration_s < s->loop_below);
    return maths_where(t < scene->duration_s, t, scene->duration_s * (float)(1 + again));
}

/* True when the words rule out every act, whatever the match is within its cell. */
static bool no_act(const struct weibull_state *s, const struct choice_scene *scene)
{
    float at = (scene->match - CELL_LOW) * (1 / CELL_WIDTH);
    if (!(at >= 0 && at < CELLS) || scene->violating) return false;
    const uint32_t *word = scene->word + 2, *most = s->no_act[scene->followed][(int)at];
    return (word[0] > most[0]) & (word[1] > most[1]) & (word[2] > most[2]) &
           (word[3] > most[3]) & (word[4] > most[4]) & (word[0] < s->no_hide[(int)at]);
}

static unsigned draw_acts(const struct weibull_state *s, const struct choice_scene *scene)
{
    float p[LANES], logit[LANES];

    for (int i = 0; i < LANES; i++) logit[i] = s->intercept[i] + s->slope[i] * scene->match;
    if (scene->followed)
        for (int i = LIKE; i <= PROFILE; i++) logit[i] += s->followed;
    if (scene->violating) logit[REPORT] += s->violating;
    for (int i = 0; i < LANES; i++) p[i] = maths_sigmoidf(logit[i]);

    /* A like, a hide and a report exclude one another: they share one uniform. */
    float u = word_uniformf(scene->word[2]);
    unsigned acts = u < p[LIKE] ? ACT_LIKE : 0;
    if (u > 1.0f - p[HIDE] - p[REPORT] && !acts)
        acts = u > 1.0f - p[REPORT] ? ACT_REPORT : ACT_HIDE;
    acts |= word_uniformf(scene->word[3]) < p[COMMENT] ? ACT_COMMENT : 0;
    acts |= word_uniformf(scene->word[4]) < p[SHARE] ? ACT_SHARE : 0;
    acts |= !scene->followed && word_uniformf(scene->word[5]) < p[FOLLOW] ? ACT_FOLLOW : 0;
    acts |= word_uniformf(scene->word[6]) < p[PROFILE] ? ACT_PROFILE : 0;
    return acts;
}

static void choose(const void *state, const struct choice_scene *scene,
                   struct choice_outcome *outcome)
{
    const struct weibull_state *s = state;
    unsigned acts = no_act(s, scene) ? 0 : draw_acts(s, scene);

    outcome->watch_s = watch_time(s, scene);
    outcome->acts = (uint16_t)(acts | choice_plays(outcome->watch_s, scene->duration_s));
}

const struct choice choice_weibull = {
    .about = {.name = "weibull",
              .doc = "Weibull watch time by match, acts as logits of it",
              .reference = "Liu, White & Dumais 2010, SIGIR; rates: KuaiRand",
              .parameters = &table,
              .state_size = sizeof(struct weibull_state)},
    .prepare = prepare,
    .choose = choose,
};
