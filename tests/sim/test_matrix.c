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
    "revenue.subscription.refund_days=1",
    "revenue.subscription.refund=0.3",
    "creators.exclusive=0.2",
    "revenue.creator_fund.min_followers=0",
    "revenue.creator_fund.min_views=0",
    "revenue.creator_fund.payout_days=1",
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
    "revenue.group_buy.payout_days=1",
    "revenue.collectible.min_followers=0",
    "revenue.collectible.offered=0.5",
    "revenue.collectible.buy=0.1",
    "revenue.collectible.price=2.0",
    "revenue.collectible.editions=2",
    "revenue.collectible.resale=0.9",
    "revenue.collectible.payout_days=1",
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
    "growth.search.outside=0.3",
    "growth.search.cost=0.001",
    "growth.collaboration.rate=40.0",
    "growth.collaboration.cost=0.001",
    "growth.collaboration.worth=0.1",
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
#define FEW 1 /* clang */
#endif
#elif defined(__SANITIZE_THREAD__)
#define FEW 1 /* gcc */
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

/* Half the people: what is made in many ways. */
static void halve(struct ways_job *job, size_t *n)
{
    job->set[(*n)++] = "viewers.count=125";
    job->set[(*n)++] = "viewers.arrivals.market=250";
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

/* The way that the others are held against. */
static struct ways_outcome straight(struct ways_job job)
{
    job.way = (struct lab_way){.threads = 1};
    memset(job.save, 0, sizeof job.save);
    job.look = NULL;
    return ways_run(&job);
}

/* So many people that something of each kind is open when it is saved; then on any number of
 * threads, shuffled, by the other machine code. */
static void test_saved_in_the_middle_of_everything(void **state)
{
    static const struct lab_way ways[] = {{1, false}, {2, true}, {3, false}, {8, true}};
    size_t n;
    struct open_things open = {0};
    struct ways_job job = everything(&n);
    (void)state;
    job.set[n++] = "viewers.count=600";
    job.set[n++] = "viewers.arrivals.market=900";
    const struct ways_outcome all = straight(job);
    job.save[0] = EVENING;
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        char what[32];
        job.way = ways[i];
        job.look = i ? NULL : look;
        job.context = &open;
        if (ways[i].threads == 2) setenv("REELSIM_KERNELS", "baseline", 1);
        struct ways_outcome resumed = ways_run(&job);
        unsetenv("REELSIM_KERNELS");
        snprintf(what, sizeof what, "resumed on %u threads", ways[i].threads);
        assert_true(ways_same(&all, &resumed, what));
    }
    print_message("open when saved: %zu sessions with %zu promises, %zu reviews, %zu "
                  "allowances, %zu orders, %zu cascades; %zu creators gone, %zu viewers "
                  "churned, %zu videos retired\n",
                  open.sessions, open.promises, open.reviews, open.allowances, open.orders,
                  open.trees, open.gone, open.churned, open.retired);
    assert_int_equal(open.moments, 1);
    assert_true(open.sessions > 0 && open.promises > 0 && open.reviews > 0);
    assert_true(open.allowances > 0 && open.orders > 0 && open.trees > 0);
    assert_true(open.gone > 0 && open.churned > 0 && open.retired > 0);
}

/* --------------------------------------------------------------------- threads and machines */

/* On any number of threads, in any order of shards, straight and saved at any hour, once or
 * twice. */
static void test_threads_shards_hours(void **state)
{
    static const struct {
        struct lab_way way;
        double save[2];
    } ways[] = {
        {{3, true}, {0}},          {{8, false}, {0}},          {{2, false}, {0}},
        {{1, true}, {0.03, 1.05}}, {{3, false}, {0.20, 0}},    {{2, true}, {0.37, 1.35}},
        {{1, false}, {0.54, 0}},   {{2, false}, {0.71, 1.65}}, {{3, true}, {0.88, 0}}};
    size_t n;
    struct ways_job job = everything(&n);
    (void)state;
    halve(&job, &n);
    if (FEW) job.set[n++] = "run.days=1";
    const struct ways_outcome all = straight(job);
    for (size_t i = 0; i < (FEW ? 1 : sizeof ways / sizeof ways[0]); i++) {
        char what[64];
        job.way = ways[i].way;
        memcpy(job.save, ways[i].save, sizeof job.save);
        struct ways_outcome other = ways_run(&job);
        snprintf(what, sizeof what, "%u threads%s, saved at %g and %g", job.way.threads,
                 job.way.shuffle ? ", shuffled" : "", job.save[0], job.save[1]);
        assert_true(ways_same(&all, &other, what));
    }
}

/* ------------------------------------------------------------------------------ every member
 */

#define COHORTS 4

static size_t count_of(const struct member *const *members)
{
    size_t n = 0;
    while (members[n]) n++;
    return n;
}

/* The k-th world has the k-th ranker, with its learner, the next strategies for its cohorts,
 * and the next choice: straight on one thread = saved in the evening, resumed on three,
 * shuffled. That no two of a kind make the same world is test_registry's. */
static bool holds_under(size_t k)
{
    size_t n;
    char setting[2 + COHORTS][128];
    struct ways_job job = everything(&n);
    halve(&job, &n);
    snprintf(setting[0], sizeof setting[0], "platform.ranker=%s", platform_rankers[k]->name);
    snprintf(setting[1], sizeof setting[1], "viewers.choice=%s",
             viewers_choices[k % count_of(viewers_choices)]->name);
    for (size_t c = 0; c < COHORTS; c++)
        snprintf(setting[2 + c], sizeof setting[0], "creators.cohorts[%zu].strategy=%s", c,
                 creators_strategies[(k * COHORTS + c) % count_of(creators_strategies)]->name);
    for (size_t i = 0; i < 2 + COHORTS; i++) job.set[n++] = setting[i];
    job.set[n++] = "run.days=1"; /* the evening of the first day will do */
    job.set[n++] = "policy.changes[1].day=0.3";
    job.set[n++] = "policy.changes[4].day=0.84";
    const struct ways_outcome all = straight(job);
    job.way = (struct lab_way){3, true};
    job.save[0] = EVENING - 1;
    const struct ways_outcome resumed = ways_run(&job);
    return ways_same(&all, &resumed, setting[0]);
}

static void test_every_member(void **state)
{
    bool good = true;
    const size_t rankers = count_of(platform_rankers);
    (void)state;
    assert_true(rankers >= count_of(creators_strategies));
    assert_true(rankers >= count_of(viewers_choices));
    for (size_t k = 0; k < rankers; k++) good = holds_under(k) && good;
    assert_true(good);
}

int main(void)
{
    const struct CMUnitTest few[] = {cmocka_unit_test(test_threads_shards_hours)};
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_saved_in_the_middle_of_everything),
        cmocka_unit_test(test_threads_shards_hours),
        cmocka_unit_test(test_every_member),
    };
    return FEW ? cmocka_run_group_tests(few, NULL, NULL)
               : cmocka_run_group_tests(tests, NULL, NULL);
}
