/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SLOW */
/* THREADS */
/*
 * A run is a pure function of scenario, seed and version: with everything on, under every
 * member of every registry, the state and all tables are the same for any number of threads,
 * any order of shards, either machine code of the kernels, and when it was saved and resumed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "growth/parts.h"
#include "platform/core.h"
#include "sim/kinds.h"
#include "sim/parts.h"
#include "ways.h"

/* Over scenarios/09_full.cfg, in small: short-lived videos, people who come and go, a policy
 * that changes early. Whatever can be queued, held back or owed is so at any moment. */
static const char *const full[] = {
    "run.days=2",
    "run.shards=8",
    "viewers.count=250",
    "viewers.rate=0.5",
    "viewers.session.budget=20.0",
    "viewers.session.stay=0.995",
    "viewers.session.search=0.3",
    "viewers.arrivals.market=500",
    "viewers.arrivals.innovation=0.05",
    "viewers.friends.open=0.6",
    "viewers.weibull.share=0.005",
    "creators.cohorts[0].count=30",
    "creators.cohorts[1].count=12",
    "creators.cohorts[2].count=8",
    "creators.cohorts[3].count=5",
    "creators.backlog_days=4.0",
    "creators.review_days=0.4",
    "creators.life.exit_new=0.9",
    "creators.life.exit_established=0.9",
    "creators.life.entry_rate=8.0",
    "creators.life.living=0.01",
    "creators.production.violations=0.2",
    "platform.clusters=8",
    "platform.moderation.prevalence=0.2",
    "platform.moderation.automatic=0.3",
    "platform.moderation.delay=6.0",
    "platform.moderation.reinstated=0.05",
    "platform.moderation.appeal_delay=3.0",
    "platform.catalogue.days=3.0",
    "platform.catalogue.cold_days=0.5",
    "platform.catalogue.cold=1.0",
    "platform.pools.tiers=20,60,200",
    "platform.rerank.staff_boost.share=0.3",
    "revenue.ads.cpm=100.0",
    "revenue.ads.min_followers=0",
    "revenue.ads.min_views=0",
    "revenue.tips.rate=0.005",
    "revenue.subscription.min_followers=0",
    "revenue.subscription.rate=0.05",
    "revenue.subscription.period=0.4",
    "revenue.subscription.trial_days=0.3",
    "creators.exclusive=0.2",
    "revenue.creator_fund.min_followers=0",
    "revenue.creator_fund.min_views=0",
    "revenue.commerce.min_followers=0",
    "revenue.commerce.click=0.5",
    "revenue.commerce.order=0.3",
    "revenue.commerce.hold_days=1",
    "revenue.course.min_followers=0",
    "revenue.course.offered=0.5",
    "revenue.course.page=0.5",
    "revenue.course.trial=0.5",
    "revenue.course.price=0.2",
    "revenue.course.refund_days=1",
    "revenue.course.refund=0.5",
    "revenue.sponsor.min_followers=0",
    "revenue.sponsor.days=1",
    "revenue.group_buy.min_followers=0",
    "revenue.group_buy.offered=0.5",
    "revenue.group_buy.join=0.1",
    "revenue.group_buy.price=2.0",
    "revenue.group_buy.threshold=3",
    "revenue.collectible.min_followers=0",
    "revenue.collectible.offered=0.5",
    "revenue.collectible.buy=0.1",
    "revenue.collectible.price=2.0",
    "revenue.collectible.editions=2",
    "revenue.collectible.resale=0.9",
    "growth.paid_boost.min_spend=0.0",
    "growth.paid_boost.cpm=2.0",
    "growth.cross_platform.cost=0.01",
    "growth.notification.follower=0.8",
    "growth.offline_event.venue=0.01",
    "growth.offline_event.guest=0.0001",
    "growth.offline_event.ahead=0.3",
    "growth.offline_event.curious=0.2",
    "growth.livestream.adopt=0.5",
    "growth.livestream.hours=14.0",
    "growth.livestream.cost=0.001",
    "growth.livestream.attend=0.5",
    "growth.livestream.shown=0.1",
    "growth.livestream.seats=40",
    "growth.notification.open=0.5",
    "growth.notification.mute=0.01",
    "growth.cascades.silence=0.5",
    "policy.changes[0].day=0.6",
    "policy.changes[1].day=1.2",
    "policy.changes[4].day=1.84", /* at the close at which it is saved */
    "measure.interval=0.5",
    "measure.panel=40",
    "measure.sample=50",
    NULL,
};

/* Under the thread sanitizer, which looks for races only: a day, a few ways. */
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define FEW 1
#endif
#endif
#ifndef FEW
#define FEW 0
#endif

#define EVENING 1.84 /* days: the second evening, shortly after eight */

/* "PATH=a,b,c" with all members of a kind. */
static void add_all(struct ways_job *job, size_t *n, const char *path,
                    const struct member *const *members)
{
    static char text[8][1024];
    size_t used = (size_t)snprintf(text[*n], sizeof text[*n], "%s=[", path);
    for (size_t i = 0; members[i]; i++)
        used += (size_t)snprintf(text[*n] + used, sizeof text[*n] - used, "%s\"%s\"",
                                 i ? "," : "", members[i]->name);
    snprintf(text[*n] + used, sizeof text[*n] - used, "]");
    job->set[*n] = text[*n];
    ++*n;
}

static struct ways_job everything(size_t *n)
{
    struct ways_job job = {
        .scenario = "scenarios/09_full.cfg", .base = full, .way = {.threads = 1}};
    *n = 0;
    add_all(&job, n, "platform.retrievers", platform_retrievers);
    add_all(&job, n, "platform.rerankers", platform_rerankers);
    add_all(&job, n, "growth.channels", growth_channels);
    add_all(&job, n, "revenue.streams", revenue_streams);
    add_all(&job, n, "measure.metrics", measure_metrics);
    return job;
}

/* ------------------------------------------------------------ what is open when it is saved */

struct open_things {
    size_t moments;
    size_t sessions, promises, reviews, allowances, orders, trees, churned, gone, retired;
};

static void look_at_platform(const struct platform *platform, struct open_things *open)
{
    for (uint32_t s = 0; s < platform->world->shards.count; s++) {
        const struct platform_shard *shard = &platform->shard[s];
        open->reviews += shard->reviews.count;
        open->allowances += shard->allowance[0].count + shard->allowance[1].count;
        open->retired += shard->resting.count;
        for (uint32_t i = 0; i < shard->session_count; i++)
            open->promises += session_row(shard, i)->open ? session_row(shard, i)->promises : 0;
    }
}

static void look_at_people(const struct world *w, struct open_things *open)
{
    for (uint32_t s = 0; s < w->shards.count; s++) {
        for (size_t r = 0; r < w->viewers[s].count; r++) {
            open->sessions += w->viewers[s].row[r].session != 0;
            open->churned += (w->viewers[s].row[r].flags & VIEWER_CHURNED) != 0;
        }
        for (size_t r = 0; r < w->creators[s].count; r++)
            open->gone += w->creators[s].row[r].left != TIME_NEVER;
        for (size_t i = 0; i < w->boosts[s].count; i++)
            open->orders += w->boosts[s].row[i].left > 0;
    }
}

static void look(struct sim *sim, void *context)
{
    struct open_things *open = context;
    if (sim_done(sim)) return;
    open->moments++;
    look_at_platform(sim->platform, open);
    look_at_people(&sim->world, open);
    for (uint32_t s = 0; s < sim->world.shards.count; s++)
        open->trees += sim->growth->shards[s].cascades.nodes;
}

static void test_saved_in_the_middle_of_everything(void **state)
{
    size_t n;
    struct open_things open = {0};
    struct ways_job job = everything(&n);
    (void)state;
    job.set[n++] = "viewers.count=600"; /* so many that something of each kind is open */
    job.set[n++] = "viewers.arrivals.market=900";
    struct ways_outcome straight = ways_run(&job);
    job.save[0] = EVENING;
    job.look = look;
    job.context = &open;
    struct ways_outcome resumed = ways_run(&job);
    print_message("open when saved: %zu sessions with %zu promises, %zu reviews, %zu "
                  "allowances, %zu orders, %zu cascades; %zu creators gone, %zu viewers "
                  "churned, %zu videos retired\n",
                  open.sessions, open.promises, open.reviews, open.allowances, open.orders,
                  open.trees, open.gone, open.churned, open.retired);
    assert_int_equal(open.moments, 1);
    assert_true(open.sessions > 0 && open.promises > 0 && open.reviews > 0);
    assert_true(open.allowances > 0 && open.orders > 0 && open.trees > 0);
    assert_true(open.gone > 0 && open.churned > 0 && open.retired > 0);
    assert_true(ways_same(&straight, &resumed, "resumed"));
}

static void test_resumed_twice_and_at_every_hour(void **state)
{
    size_t n;
    struct ways_job job = everything(&n);
    struct ways_outcome straight = ways_run(&job);
    (void)state;
    for (int i = 0; i < 6; i++) {
        char what[32];
        job.way.threads = (uint32_t)i % 3 + 1;
        job.save[0] = 0.03 + 0.17 * i;
        job.save[1] = i % 2 ? 0 : 1.05 + 0.15 * i;
        struct ways_outcome resumed = ways_run(&job);
        snprintf(what, sizeof what, "saved at %d/6", i);
        assert_true(ways_same(&straight, &resumed, what));
    }
}

/* --------------------------------------------------------------------- threads and machines */

static void test_threads_shards_kernels(void **state)
{
    static const struct lab_way ways[] = {{3, true},  {2, false}, {3, false},
                                          {8, false}, {1, true},  {2, true}};
    size_t n;
    struct ways_job job = everything(&n);
    if (FEW) job.set[n++] = "run.days=1";
    struct ways_outcome straight = ways_run(&job);
    (void)state;
    for (size_t i = 0; i < (FEW ? 1 : sizeof ways / sizeof ways[0]); i++) {
        char what[32];
        job.way = ways[i];
        struct ways_outcome other = ways_run(&job);
        snprintf(what, sizeof what, "%u threads%s", ways[i].threads,
                 ways[i].shuffle ? ", shuffled" : "");
        assert_true(ways_same(&straight, &other, what));
    }
    job.way = (struct lab_way){.threads = 2};
    setenv("REELSIM_KERNELS", "baseline", 1);
    struct ways_outcome baseline = ways_run(&job);
    unsetenv("REELSIM_KERNELS");
    assert_true(ways_same(&straight, &baseline, "baseline kernels"));
}

/* ------------------------------------------------------------------------------ every member
 */

#define MEMBERS_MOST 64

/* Under each member of a kind: straight on one thread = resumed on three, shuffled; and no two
 * members leave the same. */
static bool holds_under_each(const char *path, const struct member *const *members)
{
    uint64_t hash[MEMBERS_MOST];
    bool good = true;
    for (size_t i = 0; members[i] && i < MEMBERS_MOST; i++) {
        size_t n;
        char setting[128];
        struct ways_job job = everything(&n);
        snprintf(setting, sizeof setting, "%s=%s", path, members[i]->name);
        job.set[n] = setting;
        struct ways_outcome straight = ways_run(&job);
        job.way = (struct lab_way){3, true};
        job.save[0] = EVENING;
        struct ways_outcome resumed = ways_run(&job);
        good = ways_same(&straight, &resumed, setting) && good;
        hash[i] = straight.hash;
        for (size_t k = 0; k < i; k++) {
            if (hash[k] != hash[i]) continue;
            print_error("%s: the same world as under %s\n", setting, members[k]->name);
            good = false;
        }
    }
    return good;
}

static void test_every_ranker_and_its_learner(void **state)
{
    (void)state;
    assert_true(holds_under_each("platform.ranker", platform_rankers));
    for (size_t i = 0; platform_learners[i]; i++) {
        bool used = false;
        for (size_t k = 0; platform_rankers[k]; k++) {
            const char *learner = ((const struct ranker *)platform_rankers[k])->learner;
            used = used || (learner && strcmp(learner, platform_learners[i]->name) == 0);
        }
        if (!used) print_error("no ranker uses learner %s\n", platform_learners[i]->name);
        assert_true(used);
    }
}

static void test_every_strategy(void **state)
{
    (void)state;
    assert_true(holds_under_each("creators.cohorts[0].strategy", creators_strategies));
}

static void test_every_choice(void **state)
{
    (void)state;
    assert_true(holds_under_each("viewers.choice", viewers_choices));
}

/* Without a member of a list the world is another one: each has a part in it. */
static bool each_counts(const char *path, const struct member *const *members,
                        const char *ranker)
{
    size_t n;
    struct ways_job job = everything(&n);
    job.set[n++] = ranker;
    uint64_t all = ways_run(&job).digest;
    bool good = all != 0;
    for (size_t i = 0; members[i]; i++) {
        char setting[1024];
        size_t used = (size_t)snprintf(setting, sizeof setting, "%s=[", path);
        const char *comma = "";
        for (size_t k = 0; members[k]; k++) {
            if (k == i) continue;
            used += (size_t)snprintf(setting + used, sizeof setting - used, "%s\"%s\"", comma,
                                     members[k]->name);
            comma = ",";
        }
        snprintf(setting + used, sizeof setting - used, "]");
        job.set[n] = setting;
        uint64_t without = ways_run(&job).digest;
        if (without != 0 && without != all) continue;
        print_error("%s: the same without %s\n", path, members[i]->name);
        good = false;
    }
    return good;
}

static void test_every_member_of_a_list(void **state)
{
    (void)state;
    const char *const mf = "platform.ranker=mf";
    assert_true(each_counts("platform.retrievers", platform_retrievers, mf));
    /* calibration goes by a profile in the space of features */
    assert_true(
        each_counts("platform.rerankers", platform_rerankers, "platform.ranker=content"));
    assert_true(each_counts("growth.channels", growth_channels, mf));
    assert_true(each_counts("revenue.streams", revenue_streams, mf));
    assert_true(each_counts("measure.metrics", measure_metrics, mf));
}

int main(void)
{
    const struct CMUnitTest few[] = {cmocka_unit_test(test_threads_shards_kernels)};
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_saved_in_the_middle_of_everything),
        cmocka_unit_test(test_resumed_twice_and_at_every_hour),
        cmocka_unit_test(test_threads_shards_kernels),
        cmocka_unit_test(test_every_ranker_and_its_learner),
        cmocka_unit_test(test_every_strategy),
        cmocka_unit_test(test_every_choice),
        cmocka_unit_test(test_every_member_of_a_list),
    };
    return FEW ? cmocka_run_group_tests(few, NULL, NULL)
               : cmocka_run_group_tests(tests, NULL, NULL);
}
