/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Levers in whole runs: the same bytes by any number of threads and after a resume, no byte
 * where nothing moves them, and an effect where something does.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ways.h"

static const char *const busy[] = {
    "run.days=2",
    "run.shards=4",
    "viewers.count=200",
    "viewers.rate=1.0",
    "creators.count=60",
    "creators.boost=0.0",
    "creators.exclusive=0.0",
    "creators.review_days=0.25",
    "revenue.streams=[\"ads\", \"tips\", \"course\", \"subscription\"]",
    "revenue.ads.min_followers=0",
    "revenue.ads.min_views=0",
    "revenue.ads.cpm=100.0",
    "revenue.tips.rate=0.01",
    "revenue.course.min_followers=0",
    "revenue.course.offered=1.0",
    "revenue.course.page=0.5",
    "revenue.course.price=0.05",
    "revenue.course.price_ordinary=4.95",
    "growth.channels=[\"paid_boost\", \"livestream\", \"offline_event\"]",
    "growth.paid_boost.min_spend=0.0",
    "growth.offline_event.venue=0.1",
    "growth.offline_event.guest=0.01",
    "growth.livestream.shown=0.2",
    NULL};
#define ALL                                                                                    \
    "creators.levers.of=[\"selling\", \"exclusive\", \"promotion\", \"live\", \"price\", "     \
    "\"pace\", \"channels\"]"

struct seen {
    double live, priced, exclusive, boost, pots;
};

static void look(struct sim *sim, void *context)
{
    const struct world *w = sim_world(sim);
    struct seen *seen = context;
    if (!seen) return;
    *seen = (struct seen){0};
    for (uint32_t s = 0; s < w->shards.count; s++)
        for (size_t i = 0; i < w->creators[s].count; i++) {
            const struct creator *c = &w->creators[s].row[i];
            seen->live += c->plan.live > 0;
            seen->priced += c->plan.price != 0;
            seen->exclusive += c->plan.exclusive > 0;
            seen->boost += c->plan.boost > 0;
        }
}

static struct ways_outcome run(const char *strategy, const char *levers, uint32_t threads,
                               double save, struct seen *seen)
{
    struct ways_job job = {.base = busy,
                           .set = {strategy, levers},
                           .way = {.threads = threads},
                           .save = {save},
                           .look = look,
                           .context = seen};
    struct ways_outcome out = ways_run(&job);
    assert_true(out.impressions > 1000);
    return out;
}

static void any_number_of_threads_and_a_resume(void **state)
{
    static const struct {
        const char *strategy;
        uint32_t threads[3]; /* 0 = no more */
    } way[] = {{"creators.strategy=best_response", {2, 3, 8}},
               {"creators.strategy=imitate_top", {3}},
               {"creators.strategy=diversify", {1}}};
    (void)state;
    for (int k = 0; k < 3; k++) {
        struct seen seen;
        struct ways_outcome one = run(way[k].strategy, ALL, 1, 0, &seen);
        print_message("%s: of 60, %.0f live, %.0f with a price of their own, %.0f hide, "
                      "%.0f promote\n",
                      way[k].strategy, seen.live, seen.priced, seen.exclusive, seen.boost);
        if (k != 1)
            assert_true(seen.live > 5 && seen.priced > 5 && seen.exclusive > 5 &&
                        seen.boost > 3);
        for (int i = 0; i < 3 && way[k].threads[i]; i++) {
            struct ways_outcome other = run(way[k].strategy, ALL, way[k].threads[i], 1.3, NULL);
            assert_true(ways_same(&one, &other, way[k].strategy));
        }
    }
}

static void nothing_moves_under_static(void **state)
{
    (void)state;
    struct ways_outcome without = run("creators.strategy=static", "creators.levers.of=[]", 1, 0,
                                      NULL);
    struct ways_outcome with = run("creators.strategy=static", ALL, 1, 0, NULL);
    assert_true(with.digest == without.digest);
}

/* Levers of streams and channels that are not in use change no byte. */
static void what_is_not_there_costs_nothing(void **state)
{
    static const char *const bare[] = {"revenue.streams=[\"ads\"]", "growth.channels=[]", NULL};
    struct ways_job job = {.base = bare,
                           .set = {"run.days=2", "viewers.count=200", "creators.count=40",
                                   "run.shards=4", "creators.review_days=0.5"},
                           .way = {.threads = 1}};
    struct ways_outcome without = ways_run(&job);
    (void)state;
    job.set[5] = "creators.levers.of=[\"exclusive\", \"promotion\", \"live\", \"price\", "
                 "\"channels\"]";
    struct ways_outcome with = ways_run(&job);
    assert_true(ways_same(&without, &with, "levers without use"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_number_of_threads_and_a_resume),
        cmocka_unit_test(nothing_moves_under_static),
        cmocka_unit_test(what_is_not_there_costs_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
