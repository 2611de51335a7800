/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The contest of Jagadeesan, Garg & Steinhardt 2022 ("Supply-side equilibria in recommender
 * systems") with one type of viewers: P creators choose a quality q >= 0 at a cost q^beta, the
 * best takes all N viewers (equal ones share them). There is no equilibrium in pure qualities;
 * in the symmetric mixed one F(q) = (q^beta / N)^(1 / (P - 1)) on [0, N^(1 / beta)] and nobody
 * earns anything. N = 1: viewers are measured by the whole of them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "creators/no_regret.h"

#define GRID 101 /* qualities 0, .01, ..., 1 */
#define MOST 3

struct contest {
    int creators;
    double beta;
    float weight[MOST][GRID];
    double share[MOST][GRID];
    double mean[GRID]; /* time average over all creators */
    double payoff;     /* of all the play, a creator and round */
};

static double quality(int j) { return (double)j / (GRID - 1); }
static double equilibrium(const struct contest *c, double q)
{
    return pow(pow(q, c->beta), 1.0 / (c->creators - 1));
}

/* The audience that quality j can expect against rivals who play by these shares: 1 / (1 + the
 * number of equals) when nobody is above. */
static void audience(const double *const *rival, int rivals, double *out)
{
    double below[MOST] = {0};

    for (int j = 0; j < GRID; j++) {
        double equal[MOST] = {1}; /* probability of so many equals, and none above */
        for (int r = 0; r < rivals; r++) {
            double tie = rival[r][j];
            for (int n = r + 1; n > 0; n--) equal[n] = equal[n] * below[r] + equal[n - 1] * tie;
            equal[0] *= below[r];
            below[r] += tie;
        }
        out[j] = 0;
        for (int n = 0; n <= rivals; n++) out[j] += equal[n] / (n + 1);
    }
}

static void gains_of(const struct contest *c, int who, double *gain)
{
    const double *rival[MOST];
    int n = 0;

    for (int i = 0; i < c->creators; i++)
        if (i != who) rival[n++] = c->share[i];
    audience(rival, n, gain);
    for (int j = 0; j < GRID; j++) gain[j] -= pow(quality(j), c->beta);
}

/* Two start from a favourite quality each. Three start alike: with three there are equilibria
 * in which they differ besides (Baye, Kovenock & de Vries 1996), and unlike starts end there.
 */
static void begin(struct contest *c)
{
    for (int i = 0; i < c->creators; i++)
        for (int j = 0; j < GRID; j++)
            c->weight[i][j] = (float)(-3 * fabs(quality(j) -
                                                (c->creators == 2 ? 0.3 * (i + 1) : 0.5)));
}

static void play(struct contest *c, int rounds, double rate)
{
    double gain[MOST][GRID];

    begin(c);
    for (int t = 0; t < rounds; t++) {
        for (int i = 0; i < c->creators; i++)
            no_regret_shares(c->weight[i], GRID, 0, c->share[i]);
        for (int i = 0; i < c->creators; i++) gains_of(c, i, gain[i]);
        for (int i = 0; i < c->creators; i++) {
            for (int j = 0; j < GRID; j++) {
                double part = c->share[i][j] / (rounds * c->creators);
                c->mean[j] += part;
                c->payoff += part * gain[i][j];
            }
            no_regret_learn(c->weight[i], GRID, rate, gain[i]);
        }
    }
}

static double kolmogorov(const struct contest *c)
{
    double below = 0, worst = 0;

    for (int j = 0; j < GRID; j++) {
        double f = equilibrium(c, quality(j));
        worst = fmax(worst, fabs(below + c->mean[j] / 2 - f));
        below += c->mean[j];
    }
    return worst;
}

/* What the best quality would earn beyond the average play, against others of average play. */
static double exploitability(const struct contest *c)
{
    const double *rival[MOST] = {c->mean, c->mean, c->mean};
    double gain[GRID], best = -1e9, own = 0;

    audience(rival, c->creators - 1, gain);
    for (int j = 0; j < GRID; j++) {
        gain[j] -= pow(quality(j), c->beta);
        best = fmax(best, gain[j]);
        own += c->mean[j] * gain[j];
    }
    return best - own;
}

static void check_contest(int creators, double beta)
{
    struct contest c = {.creators = creators, .beta = beta};

    play(&c, 20000, 0.02);
    double distance = kolmogorov(&c), open = exploitability(&c);
    print_message("%d creators, beta %g: Kolmogorov %.4f, exploitability %.4f, payoff %.4f\n",
                  creators, beta, distance, open, c.payoff);
    assert_true(distance < 0.05);
    assert_true(open < 0.05);
    assert_true(fabs(c.payoff) < 0.05);
}

static void no_regret_play_finds_the_mixed_equilibrium(void **state)
{
    (void)state;
    check_contest(2, 1);
    check_contest(2, 2);
    check_contest(2, 4);
    check_contest(3, 1);
    check_contest(3, 2);
}

/* The yardstick itself: the equilibrium's own grid version is not exploitable, another is. */
static void only_the_equilibrium_is_not_exploitable(void **state)
{
    struct contest c = {.creators = 2, .beta = 2};

    (void)state;
    for (int j = 0; j < GRID; j++)
        c.mean[j] = equilibrium(&c, fmin(1, quality(j) + 0.005)) -
                    (j ? equilibrium(&c, quality(j) - 0.005) : 0);
    assert_true(kolmogorov(&c) < 0.01);
    assert_true(exploitability(&c) < 0.01);
    for (int j = 0; j < GRID; j++) c.mean[j] = 1.0 / GRID;
    assert_true(kolmogorov(&c) > 0.2);
    assert_true(exploitability(&c) > 0.05);
}

/* The best quality against a rival's: just above it while that pays, else none at all. */
static int best_response(int rival, double beta)
{
    double share[GRID] = {0}, gain[GRID];
    const double *other = share;
    int best = 0;

    share[rival] = 1;
    audience(&other, 1, gain);
    for (int j = 0; j < GRID; j++) {
        gain[j] -= pow(quality(j), beta);
        if (gain[j] > gain[best]) best = j;
    }
    return best;
}

/* In turns, each plays the best answer to the other: both climb until nothing is left to win,
 * one gives up, the other falls after it, and it all begins again. */
static void best_responses_in_turn_run_in_a_circle(void **state)
{
    int q[2] = {0, 0}, rest = 0, last = -1, lap = 0, laps = 0, top = 0;

    (void)state;
    for (int t = 0; t < 5000; t++) {
        int answer = best_response(q[(t + 1) % 2], 2);
        rest += answer == q[t % 2];
        q[t % 2] = answer;
        top = answer > top ? answer : top;
        if (answer != 0 || q[(t + 1) % 2] == 0) continue;
        if (last >= 0) {
            assert_true(lap == 0 || lap == t - last); /* laps are all alike */
            lap = t - last;
            laps++;
        }
        last = t;
    }
    print_message("%d laps of %d turns\n", laps, lap);
    assert_int_equal(rest, 0);
    assert_true(laps > 40 && lap > 50);
    assert_true(quality(top) > 0.9);
}

static void weights_have_known_values(void **state)
{
    float weight[3] = {0};
    double share[3], gain[3] = {1, 0, -1};

    (void)state;
    no_regret_learn(weight, 3, 2, gain);
    assert_true(weight[0] == 0 && weight[1] == -2 && weight[2] == -4);
    no_regret_shares(weight, 3, 0, share);
    assert_true(fabs(share[0] - 0.8668133321973349) < 1e-12);
    assert_true(fabs(share[0] + share[1] + share[2] - 1) < 1e-12);
    no_regret_shares(weight, 3, 1, share);
    assert_true(share[2] == 1.0 / 3);
    for (int i = 0; i < 1000; i++) no_regret_learn(weight, 3, 2, gain);
    assert_true(weight[0] == 0 && weight[1] == -60 && weight[2] == -60);
    no_regret_learn_played(weight, 3, 1, 62);
    assert_true(weight[1] == 0 && weight[0] == -2);
}

/* Exp3 against two options that pay with chance .3 and .7: the better one is played. */
static void what_was_played_is_enough_to_learn_by(void **state)
{
    float weight[2] = {0};
    double share[2], good = 0;
    const struct stream_key key = {{5, 6}};

    (void)state;
    for (uint32_t t = 0; t < 4000; t++) {
        struct stream draw = stream_open(key, 1, t);
        no_regret_shares(weight, 2, 0.1, share);
        int i = no_regret_draw(share, 2, &draw);
        double gain = stream_bernoulli(&draw, i ? 0.7 : 0.3) ? 0.5 : -0.5;
        no_regret_learn_played(weight, 2, i, 0.05 * gain / share[i]);
        good += i == 1;
    }
    assert_true(good / 4000 > 0.85);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(weights_have_known_values),
        cmocka_unit_test(what_was_played_is_enough_to_learn_by),
        cmocka_unit_test(only_the_equilibrium_is_not_exploitable),
        cmocka_unit_test(no_regret_play_finds_the_mixed_equilibrium),
        cmocka_unit_test(best_responses_in_turn_run_in_a_circle),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
