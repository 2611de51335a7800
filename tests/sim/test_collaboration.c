/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SLOW */
/*
 * What a collaboration is for: small worlds under the same seeds in which two cohorts, of few
 * and of many followers, collaborate often or never, and the mean of the paired differences at
 * 3 sigma. Viewers see whom they follow and what chance brings, so that a video reaches few
 * who do not follow its creator but by the partner's page.
 */
#include "pairs.h"
#include "sim/parts.h"

static const char *const cohort[] = {"small", "large", "others"};

/* Followers of a creator of the cohort at the end. */
static bool followers(struct lab *lab, const char *figure, double *value)
{
    const struct world *w = &lab->sim->world;
    uint32_t wanted = 0;
    double sum = 0, n = 0;
    while (strcmp(figure, cohort[wanted]) != 0) wanted++;
    for (uint32_t s = 0; s < w->shards.count; s++)
        for (size_t i = 0; i < w->creators[s].count; i++) {
            if (w->creators[s].row[i].cohort != wanted) continue;
            sum += w->creators[s].row[i].followers;
            n++;
        }
    *value = sum / n;
    return n > 0;
}

static void both_sides_gain_followers(void **state)
{
    static const struct pairs_claim claim[] = {{0, 0, 1}, {1, 0, 1}};
    static const char *const arm[] = {"growth.collaboration.rate=0.0",
                                      "growth.collaboration.rate=100.0"};
    struct pairs pairs = {
        .base = "run.days=6 viewers.weibull.follow=0.03 creators.backlog_days=3.0 "
                "creators.strategy=static creators.videos_per_week=20.0 "
                "creators.followers_sigma=0.0 creators.life.entry_rate=0.0 "
                "creators.cohorts[0].name=small creators.cohorts[0].count=8 "
                "creators.cohorts[0].followers=60 "
                "creators.cohorts[1].name=large creators.cohorts[1].count=8 "
                "creators.cohorts[1].followers=200 "
                "creators.cohorts[2].name=others creators.cohorts[2].count=100 "
                "creators.cohorts[2].followers=40 creators.cohorts[2].videos_per_week=2.0 "
                "creators.cohorts[2].channels=[\"social_share\"] "
                "growth.channels=[\"social_share\",\"collaboration\"] "
                "growth.collaboration.cost=0.0 growth.collaboration.hours=0.0 "
                "growth.collaboration.worth=10.0 growth.collaboration.error=1.0 "
                "growth.collaboration.among=200 "
                "platform.retrievers=[\"follow\",\"explore\"] "
                "platform.retrieve.follow.share=0.7 platform.retrieve.explore.share=0.3",
        .arm = arm,
        .arms = 2,
        .read = followers,
        .figure = {"small", "large"}};
    (void)state;
    assert_true(pairs_hold(&pairs, claim, 2, 0, 6, 20));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_sides_gain_followers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
