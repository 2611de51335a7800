/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SLOW */
/*
 * What recommenders do to a platform, as the literature has it: small worlds under the same
 * seeds that differ in one member, and the mean of the paired differences at 3 sigma.
 */
#include "pairs.h"

#define ARM(...)                                                                               \
    (const char *const[]) { __VA_ARGS__ }
#define FIRST 6
#define MOST 16

/* A figure is above under the second of two settings. */
static void expect(const char *base, const char *less, const char *more, const char *figure)
{
    struct pairs pairs = {.base = base, .arm = ARM(less, more), .arms = 2, .figure = {figure}};
    assert_true(pairs_hold(&pairs, &(struct pairs_claim){0, 0, 1}, 1, 0, FIRST, MOST));
}

/* Salganik, Dodds & Watts 2006: what is popular becomes more so. */
static void popularity_concentrates_views(void **state)
{
    (void)state;
    expect("platform.pools.tiers=[5.0]", "platform.ranker=random", "platform.ranker=popular",
           "gini_views");
}

/* Chaney, Stewart & Engelhardt 2018: one order for everybody makes histories alike; orders by
 * taste keep them apart. */
static void one_order_makes_histories_alike(void **state)
{
    (void)state;
    expect("creators.count=300 viewers.rate=0.3", "platform.ranker=random",
           "platform.ranker=popular", "homogenisation");
}

static void the_truth_ranks_best(void **state)
{
    static const struct pairs_claim claim[] = {{0, 0, 1}, {0, 1, 2}};
    struct pairs pairs = {.arm = ARM("platform.ranker=random", "platform.ranker=content",
                                     "platform.ranker=oracle"),
                          .arms = 3,
                          .figure = {"ndcg_true"}};
    (void)state;
    assert_true(pairs_hold(&pairs, claim, 2, 0, FIRST, MOST));
}

/* Koren, Bell & Volinsky 2009: taste from the log alone, without features. */
static void factors_are_learnt_without_features(void **state)
{
    (void)state;
    expect("platform.extraction_noise=20.0 run.days=4", "platform.ranker=random",
           "platform.ranker=mf", "ndcg_true");
}

/* Carbonell & Goldstein 1998: what is like what was taken is worth less. */
static void diversity_widens_the_feed(void **state)
{
    (void)state;
    expect("creators.count=150 platform.rerank.diversity.weight=20.0",
           "platform.rerankers=[\"no_repeats\", \"creator_cap\"]",
           "platform.rerankers=[\"no_repeats\", \"creator_cap\", \"diversity\"]",
           "topic_entropy");
}

static void each_source_serves_what_it_is_for(void **state)
{
    static const struct pairs_claim claim[] = {{0, 0, 1}, {1, 0, 2}, {2, 0, 3}, {3, 0, 4}};
    struct pairs pairs = {.base = "platform.pools.tiers=[5.0]",
                          .arm = ARM("platform.retrievers=[\"content\"]",
                                     "platform.retrievers=[\"content\", \"follow\"]",
                                     "platform.retrievers=[\"content\", \"trending\"]",
                                     "platform.retrievers=[\"content\", \"cold_start\"]",
                                     "platform.retrievers=[\"content\", \"explore\"]"),
                          .arms = 5,
                          .figure = {"impressions_follow", "impressions_trending",
                                     "impressions_cold_start", "impressions_explore"}};
    (void)state;
    assert_true(pairs_hold(&pairs, claim, 4, 0, FIRST, MOST));
}

/* A plan that stays: every video of a creator is of its home topic, as sold as at the start. */
static void a_static_plan_stays(void **state)
{
    (void)state;
    expect("creators.review_days=0.25 creators.production.commercial_sd=0.0 "
           "creators.count=20 creators.backlog_days=0.1 run.days=4",
           "creators.strategy=static", "creators.strategy=explore_exploit",
           "sd videos.commercial");
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
