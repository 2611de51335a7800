/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SLOW */
/*
 * What recommenders do to a platform, as the literature has it: small worlds under the same
 * seeds that differ in one member, and the mean of the paired differences at 3 sigma.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <gsl/gsl_cdf.h>

#include "engine/team.h"
#include "lab.h"

#define PAIRS 16
#define TAIL 0.0013498980316300946 /* of a normal beyond 3 */

struct claim {
    const char *base, *less, *more; /* settings: of both worlds, of either */
    const char *figure;             /* greater in the second */
};

struct trial {
    const struct claim *claim;
    double figure[2][PAIRS]; /* [less, more] */
    enum status status[2 * PAIRS];
};

static void run(void *context, uint32_t item, uint32_t thread)
{
    struct trial *trial = context;
    const struct claim *claim = trial->claim;
    const uint32_t side = item & 1, pair = item >> 1;
    struct lab lab;
    char seed[32];
    (void)thread;
    snprintf(seed, sizeof seed, "run.seed=%u", pair + 1);
    enum status status = lab_init(&lab, lab_tiny, NULL);
    if (!status) status = lab_set(&lab, seed);
    if (!status) status = lab_needs(&lab, claim->base);
    if (!status) status = lab_needs(&lab, side ? claim->more : claim->less);
    if (!status) status = lab_begin(&lab, NULL);
    if (!status) status = lab_run(&lab);
    if (!status && !lab_figure(&lab, claim->figure, &trial->figure[side][pair]))
        status = STATUS_USAGE;
    trial->status[item] = status;
    lab_free(&lab);
}

static void expect(const struct claim *claim)
{
    struct trial trial = {.claim = claim};
    struct team team;
    double mean = 0, squares = 0;
    team_init(&team, 2);
    team_run(&team, 2 * PAIRS, run, &trial);
    for (int i = 0; i < 2 * PAIRS; i++) assert_int_equal(trial.status[i], STATUS_OK);
    for (int i = 0; i < PAIRS; i++) mean += (trial.figure[1][i] - trial.figure[0][i]) / PAIRS;
    for (int i = 0; i < PAIRS; i++)
        squares += pow(trial.figure[1][i] - trial.figure[0][i] - mean, 2);
    const double error = sqrt(squares / (PAIRS - 1) / PAIRS);
    const double needed = gsl_cdf_tdist_Qinv(TAIL, PAIRS - 1);
    if (!(mean > needed * error))
        print_message("%s: %g less under %s than under %s, standard error %g\n", claim->figure,
                      mean, claim->less, claim->more, error);
    assert_true(mean > needed * error);
}

/* Salganik, Dodds & Watts 2006: what is popular becomes more so. */
static void popularity_concentrates_views(void **state)
{
    (void)state;
    expect(&(struct claim){"platform.pools.tiers=[5.0]", "platform.ranker=random",
                           "platform.ranker=popular", "gini_views"});
}

/* Chaney, Stewart & Engelhardt 2018: one order for everybody makes histories alike; orders by
 * taste keep them apart. */
static void one_order_makes_histories_alike(void **state)
{
    (void)state;
    expect(&(struct claim){"creators.count=300 viewers.rate=0.3", "platform.ranker=random",
                           "platform.ranker=popular", "homogenisation"});
}

static void the_truth_ranks_best(void **state)
{
    (void)state;
    expect(
        &(struct claim){"", "platform.ranker=content", "platform.ranker=oracle", "ndcg_true"});
    expect(
        &(struct claim){"", "platform.ranker=random", "platform.ranker=content", "ndcg_true"});
}

/* Koren, Bell & Volinsky 2009: taste from the log alone, without features. */
static void factors_are_learnt_without_features(void **state)
{
    (void)state;
    expect(&(struct claim){"platform.extraction_noise=20.0 run.days=4",
                           "platform.ranker=random", "platform.ranker=mf", "ndcg_true"});
}

/* Carbonell & Goldstein 1998: what is like what was taken is worth less. */
static void diversity_widens_the_feed(void **state)
{
    (void)state;
    expect(
        &(struct claim){"creators.count=150 "
                        "platform.rerank.diversity.weight=20.0",
                        "platform.rerankers=[\"no_repeats\", \"creator_cap\"]",
                        "platform.rerankers=[\"no_repeats\", \"creator_cap\", \"diversity\"]",
                        "topic_entropy"});
}

static void each_source_serves_what_it_is_for(void **state)
{
    (void)state;
    static const char *const sources[] = {"follow", "trending", "cold_start", "explore"};
    for (size_t i = 0; i < sizeof sources / sizeof sources[0]; i++) {
        char more[96], figure[48];
        snprintf(more, sizeof more, "platform.retrievers=[\"content\", \"%s\"]", sources[i]);
        snprintf(figure, sizeof figure, "impressions_%s", sources[i]);
        expect(&(struct claim){"platform.pools.tiers=[5.0]",
                               "platform.retrievers=[\"content\"]", more, figure});
    }
}

/* A plan that stays: every video of a creator is of its home topic, as sold as at the start. */
static void a_static_plan_stays(void **state)
{
    (void)state;
    expect(&(struct claim){"creators.review_days=0.25 creators.production.commercial_sd=0.0 "
                           "creators.count=20 creators.backlog_days=0.1 run.days=4",
                           "creators.strategy=static", "creators.strategy=explore_exploit",
                           "sd videos.commercial"});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(popularity_concentrates_views),
        cmocka_unit_test(one_order_makes_histories_alike),
        cmocka_unit_test(the_truth_ranks_best),
        cmocka_unit_test(factors_are_learnt_without_features),
        cmocka_unit_test(diversity_widens_the_feed),
        cmocka_unit_test(each_source_serves_what_it_is_for),
        cmocka_unit_test(a_static_plan_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
