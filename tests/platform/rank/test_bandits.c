/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bandits over videos: what each does with two arms of which one is known better. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>

#include "../lab.h"
#include "platform/learn/arms.h"
#include "platform/members.h"

#define ARMS 8

/* A snapshot of some videos whose counters are given, as the ranker's bias and spread make it.
 */
struct bandits {
    struct lab lab;
    const struct ranker *ranker;
    const void *parameters;
    struct item item[ARMS];
    float learned[ARMS], session[LEARNER_SESSION_MAX];
    uint32_t block[ARMS][ARMS_GROUPS];
    struct snapshot snapshot;
    struct stream draw;
    struct request request;
};

static void open_bandits(struct bandits *self, const struct ranker *ranker)
{
    const struct schema_table *tables[64];
    *self = (struct bandits){.ranker = ranker};
    size_t n = lab_tables(&self->lab, tables);
    require(parameters_init(&self->lab.parameters, tables, n) == STATUS_OK);
    self->parameters = parameters_block(&self->lab.parameters,
                                        ranker->about.parameters->prefix);
    self->snapshot = (struct snapshot){.item = self->item,
                                       .learned = self->learned,
                                       .block = self->block[0],
                                       .block_words = ARMS_GROUPS,
                                       .extent = ARMS,
                                       .count = ARMS};
    self->draw = stream_open((struct stream_key){{3, 4}}, 5, 6);
    self->request = (struct request){
        .snapshot = &self->snapshot, .session = self->session, .size = 1, .draw = &self->draw};
}

/* The requests to come are those of a viewer in that group; ARMS_NONE = of one in none. */
static void set_group(struct bandits *self, int group)
{
    self->request.personal = group != ARMS_NONE;
    self->session[ARMS_GROUP] = (float)group;
}

static void set_arm(struct bandits *self, int arm, uint32_t impressions, uint32_t plays)
{
    const struct video_counters c = {.impressions = impressions, .plays_18s = plays};
    const struct item_facts facts = {.counters = &c};
    self->item[arm].bias = self->ranker->bias(self->parameters, &facts);
    if (self->ranker->extra) self->learned[arm] = self->ranker->extra(self->parameters, &facts);
}

/* What a group has made of it, beside what all have. */
static void set_group_arm(struct bandits *self, int arm, int group, uint32_t impressions,
                          uint32_t plays)
{
    self->block[arm][group] = impressions | plays << 16;
}

static double score_of(struct bandits *self, uint32_t arm)
{
    float score;
    self->ranker->score(self->parameters, &self->request, &arm, 1, &score);
    return (double)score;
}

/* Best of the first n arms. */
static uint32_t best_arm(struct bandits *self, uint32_t n)
{
    static const uint32_t place[ARMS] = {0, 1, 2, 3, 4, 5, 6, 7};
    float score[ARMS];
    uint32_t best = 0;
    self->ranker->score(self->parameters, &self->request, place, n, score);
    for (uint32_t i = 1; i < n; i++)
        if (score[i] > score[best]) best = i;
    return best;
}

/* The best arm but for a share epsilon of the places, which any arm may get. */
static void epsilon_of_places_are_random(void **state)
{
    enum { TRIALS = 40000 };
    struct bandits arms;
    uint32_t other = 0;
    (void)state;
    open_bandits(&arms, &rank_epsilon_greedy);
    for (int i = 0; i < ARMS; i++) set_arm(&arms, i, 1000, 100);
    set_arm(&arms, 3, 1000, 900);
    for (int t = 0; t < TRIALS; t++) other += best_arm(&arms, ARMS) != 3;
    /* epsilon = 0.1, and one in eight random ones is the best: 0.0875 +- 0.0014 */
    assert_near((double)other / TRIALS, 0.1 * 7 / 8, 5 * 0.0014);
    parameters_free(&arms.lab.parameters);
}

/* Auer et al. 2002, figure 1: share + sqrt(2 ln t / n), nothing random. */
static void ucb_is_optimistic(void **state)
{
    struct bandits arms;
    (void)state;
    open_bandits(&arms, &rank_ucb);
    arms.snapshot.impressions = 10000;
    set_arm(&arms, 0, 9000, 4500); /* 0.5 + sqrt(2 * 9.21 / 9001) = 0.545 */
    set_arm(&arms, 1, 1000, 450);  /* 0.45 + sqrt(18.42 / 1001) = 0.586 */
    assert_int_equal(best_arm(&arms, 2), 1);
    set_arm(&arms, 1, 4000, 1800); /* 0.45 + sqrt(18.42 / 4001) = 0.518: known by now */
    assert_int_equal(best_arm(&arms, 2), 0);
    set_arm(&arms, 2, 0, 0); /* never tried */
    assert_int_equal(best_arm(&arms, 3), 2);
    arms.snapshot.impressions = 1; /* without trials there is no bound */
    assert_int_equal(best_arm(&arms, 2), 0);
    parameters_free(&arms.lab.parameters);
}

/* An arm against the logarithm of the regret: two arms of which one is better by 0.2, played a
 * few thousand times. UCB1's bound is 8 ln(n) / 0.2 + (1 + pi^2 / 3) 0.2 = 333 for n = 4000;
 * taking turns would cost 400. */
static void regret_stays_below_the_bound(void **state)
{
    enum { PLAYS = 4000 };
    static const struct ranker *const all[] = {&rank_ucb, &rank_thompson};
    (void)state;
    for (int k = 0; k < 2; k++) {
        struct bandits arms;
        uint32_t tried[2] = {0}, paid[2] = {0};
        struct stream luck = stream_open((struct stream_key){{7, 8}}, 9, 0);
        open_bandits(&arms, all[k]);
        for (int t = 0; t < PLAYS; t++) {
            for (int a = 0; a < 2; a++) set_arm(&arms, a, tried[a], paid[a]);
            arms.snapshot.impressions = (uint64_t)t;
            uint32_t a = best_arm(&arms, 2);
            tried[a]++;
            paid[a] += stream_bernoulli(&luck, a == 1 ? 0.6 : 0.4);
        }
        print_message("%s: the worse arm %u times of %d\n", all[k]->about.name, tried[0],
                      PLAYS);
        assert_true(0.2 * tried[0] < (k == 0 ? 333 : 60));
        assert_true(tried[0] > 5);
        parameters_free(&arms.lab.parameters);
    }
}

/* P(the arm is the better one) under the Beta distributions of both, by quadrature. */
static double chance_of(const double arm[2][2])
{
    double sum = 0;
    for (int i = 0; i < 2000; i++) {
        double x = (i + 0.5) / 2000;
        sum += gsl_ran_beta_pdf(x, arm[0][0], arm[0][1]) *
               gsl_cdf_beta_P(x, arm[1][0], arm[1][1]) / 2000;
    }
    return sum;
}

/* Probability matching: an arm is played as often as it is likely to be the best. */
static void thompson_matches_probabilities(void **state)
{
    enum { TRIALS = 40000 };
    static const uint32_t plays[][4] = {{20, 8, 200, 70}, {50, 12, 60, 18}, {400, 120, 30, 9}};
    struct bandits arms;
    (void)state;
    open_bandits(&arms, &rank_thompson);
    for (size_t k = 0; k < sizeof plays / sizeof *plays; k++) {
        const uint32_t *p = plays[k];
        const double prior = 3;
        const double beta[2][2] = {{p[1] + 0.3 * prior, p[0] - p[1] + 0.7 * prior},
                                   {p[3] + 0.3 * prior, p[2] - p[3] + 0.7 * prior}};
        uint32_t first = 0;
        set_arm(&arms, 0, p[0], p[1]);
        set_arm(&arms, 1, p[2], p[3]);
        for (int t = 0; t < TRIALS; t++) first += best_arm(&arms, 2) == 0;
        double share = (double)first / TRIALS, exact = chance_of(beta);
        print_message("played %.4f, is the best with %.4f\n", share, exact);
        /* 4 standard errors, and what normal draws differ from Beta ones */
        assert_near(share, exact, 4 * sqrt(exact * (1 - exact) / TRIALS) + 0.02);
    }
    parameters_free(&arms.lab.parameters);
}

/* Mean and standard deviation of many scores of an arm. */
static void moments_of(struct bandits *self, uint32_t arm, double *mean, double *deviation)
{
    enum { TRIALS = 20000 };
    double sum = 0, square = 0;
    for (int t = 0; t < TRIALS; t++) {
        double x = score_of(self, arm);
        sum += x, square += x * x;
    }
    *mean = sum / TRIALS;
    *deviation = sqrt(fmax(0, square / TRIALS - *mean * *mean));
}

/* All: 400 impressions, 120 long, share .3 whatever the prior. One group: 40, 30 of them long;
 * another was never shown it. With prior k the means are (30 + .3 k) / (40 + k) and .3, with as
 * many impressions as 40 + k and k behind them. */
static void groups_have_their_own_posterior(void **state)
{
    enum { SHOWN = 2, NEVER = 5 };
    static const struct ranker *const all[] = {&rank_epsilon_greedy, &rank_ucb, &rank_thompson};
    static const double prior[] = {10, 1, 3};
    (void)state;
    for (int k = 0; k < 3; k++) {
        struct bandits arms;
        double shown = (30 + 0.3 * prior[k]) / (40 + prior[k]), mean, deviation;
        open_bandits(&arms, all[k]);
        arms.request.size = 0; /* nothing at random */
        arms.snapshot.impressions = 10000;
        set_arm(&arms, 0, 400, 120);
        set_group_arm(&arms, 0, SHOWN, 40, 30);
        const double width = k == 1 ? sqrt(2 * log(10001)) : 0;
        const double own[][3] = {/* group, mean, impressions behind it */
                                 {SHOWN, shown, 40},
                                 {NEVER, 0.3, 0},
                                 {ARMS_NONE, 0.3, 400}};
        for (int g = 0; g < 3; g++) {
            double m = own[g][1], n = own[g][2] + prior[k];
            set_group(&arms, (int)own[g][0]);
            moments_of(&arms, 0, &mean, &deviation);
            double sd = k == 2 ? sqrt(m * (1 - m) / (n + 1)) : 0;
            assert_near(mean, m + width / sqrt(own[g][2] + 1), 1e-5 + 5 * sd / sqrt(20000));
            assert_near(deviation, sd, 1e-3 + 0.03 * sd); /* of the draw's own sd: 1 to .1 % */
            double given = score_of(&arms, 0);
            double part = (double)all[k]->uncertain(arms.parameters, &arms.request, 0,
                                                    (float)given);
            assert_near(given - part, m, 1e-5);
        }
        parameters_free(&arms.lab.parameters);
    }
}

/* Two groups of opposite taste play two videos of which all together like neither more: each
 * group comes to play its own, with the regret that a bandit of its own would have. */
static void groups_part_ways(void **state)
{
    enum { PLAYS = 8000 };
    static const struct ranker *const all[] = {&rank_ucb, &rank_thompson};
    (void)state;
    for (int k = 0; k < 2; k++) {
        struct bandits arms;
        uint32_t tried[2][2] = {{0}}, paid[2][2] = {{0}};
        struct stream luck = stream_open((struct stream_key){{7, 8}}, 9, 0);
        open_bandits(&arms, all[k]);
        for (int t = 0; t < PLAYS; t++) {
            const int group = t % 2;
            for (int a = 0; a < 2; a++) {
                set_arm(&arms, a, tried[0][a] + tried[1][a], paid[0][a] + paid[1][a]);
                for (int g = 0; g < 2; g++) set_group_arm(&arms, a, g, tried[g][a], paid[g][a]);
            }
            arms.snapshot.impressions = (uint64_t)t;
            set_group(&arms, group);
            uint32_t a = best_arm(&arms, 2);
            tried[group][a]++;
            paid[group][a] += stream_bernoulli(&luck, a == (uint32_t)group ? 0.6 : 0.4);
        }
        for (int g = 0; g < 2; g++) {
            print_message("%s: group %d the worse arm %u times of %d\n", all[k]->about.name, g,
                          tried[g][1 - g], PLAYS / 2);
            /* of UCB1 with n = 8000: 8 ln(n) / 0.2 + (1 + pi^2 / 3) 0.2 = 361 */
            assert_true(0.2 * tried[g][1 - g] < (k == 0 ? 361 : 60));
            assert_true(tried[g][1 - g] > 5);
        }
        parameters_free(&arms.lab.parameters);
    }
}

/* Of two videos that promise the same the one wins whose direction the viewer knows less; with
 * alpha = 0 neither does. */
static void linucb_goes_where_it_knows_least(void **state)
{
    struct bandits arms;
    float session[LEARNER_SESSION_MAX] = {0}, score[2];
    const uint32_t place[] = {0, 1};
    (void)state;
    open_bandits(&arms, &rank_linucb);
    for (int k = 0; k < VECTOR_DIM; k++) session[VECTOR_DIM + k] = 1;
    session[0] = session[1] = 0.2f;
    session[VECTOR_DIM] = 100; /* shown 99 times */
    arms.item[0].vector.lane[0] = arms.item[1].vector.lane[1] = VECTOR_ONE;
    arms.request.session = session;
    arms.request.personal = true;
    rank_linucb.score(arms.parameters, &arms.request, place, 2, score);
    assert_near(score[0], 0.2 + 0.3 * 0.1, 1e-6);
    assert_near(score[1], 0.2 + 0.3 * 1.0, 1e-6);
    lab_set(&arms.lab, "platform.rank.linucb.alpha=0");
    rank_linucb.score(arms.parameters, &arms.request, place, 2, score);
    assert_near(score[0], score[1], 1e-6);
    parameters_free(&arms.lab.parameters);
}

/* The newest first, to some seconds after a year. */
static void chronological_is_by_age(void **state)
{
    struct video_counters older = {.published = 365 * TIME_DAY}, newer = older;
    (void)state;
    newer.published += 8 * TIME_SECOND;
    const struct item_facts a = {.counters = &older}, b = {.counters = &newer};
    assert_true(rank_chronological.bias(NULL, &b) > rank_chronological.bias(NULL, &a));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(epsilon_of_places_are_random),
        cmocka_unit_test(ucb_is_optimistic),
        cmocka_unit_test(regret_stays_below_the_bound),
        cmocka_unit_test(thompson_matches_probabilities),
        cmocka_unit_test(groups_have_their_own_posterior),
        cmocka_unit_test(groups_part_ways),
        cmocka_unit_test(linucb_goes_where_it_knows_least),
        cmocka_unit_test(chronological_is_by_age),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
