/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SLOW */
/*
 * Every registry member makes a world of its own: no two members of a kind, and no list with
 * one of them left out, end in the same state; no two lists of metrics give the same tables, no
 * two metrics the same columns.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "engine/team.h"
#include "lab.h"
#include "measure/metric.h"
#include "platform/ranker.h"

#define VARIANTS_MOST 128

/* A world in which every channel, stream and source has something to do. */
static const char busy[] =
    "viewers.weibull.share=0.02 revenue.tips.rate=0.01 creators.boost=0.5 "
    "creators.review_days=0.25 growth.paid_boost.min_spend=0.0 revenue.ads.cpm=100.0 "
    "revenue.ads.min_followers=0 revenue.ads.min_views=0 platform.pools.tiers=[20.0] "
    "viewers.session.search=0.2 platform.rerank.staff_boost.share=0.3 "
    "growth.notification.follower=1.0 growth.notification.open=0.5 "
    "growth.livestream.adopt=1.0 growth.search.outside=0.3 growth.collaboration.rate=20.0 "
    "growth.collaboration.worth=10.0 growth.collaboration.cost=0.01 "
    "platform.retrievers=[\"content\",\"follow\",\"trending\",\"cold_start\",\"explore\","
    "\"promoted\",\"search\"]";

struct variant {
    char setting[1024];
    enum status status;
    uint64_t hash, digest; /* of the state, of all tables */
};

struct variants {
    struct variant variant[VARIANTS_MOST];
    size_t count;
};

static void run(void *context, uint32_t item, uint32_t thread)
{
    struct variant *v = &((struct variants *)context)->variant[item];
    struct lab lab;
    (void)thread;
    v->status = lab_init(&lab, lab_tiny, NULL);
    if (!v->status) v->status = lab_needs(&lab, busy);
    if (!v->status) v->status = lab_needs(&lab, v->setting);
    if (!v->status) v->status = lab_begin(&lab, NULL);
    if (!v->status) v->status = lab_run(&lab);
    v->hash = lab.hash;
    v->digest = lab.digest;
    lab_free(&lab);
}

/* One variant a member that is chosen by name. */
static void add_choices(struct variants *all, const struct model *model, const char *kind,
                        const char *path)
{
    const struct registry *registry = registry_kind(&model->registries, kind);
    for (size_t m = 0; m < registry->count; m++) {
        struct variant *v = &all->variant[all->count++];
        snprintf(v->setting, sizeof v->setting, "%s=\"%s\"", path, registry->member[m]->name);
    }
}

/* The whole list, then one variant a member without it. */
static void add_lists(struct variants *all, const struct model *model, const char *kind,
                      const char *path)
{
    const struct registry *registry = registry_kind(&model->registries, kind);
    for (size_t without = 0; without <= registry->count; without++) {
        struct variant *v = &all->variant[all->count++];
        int n = snprintf(v->setting, sizeof v->setting, "%s=[", path);
        bool first = true;
        for (size_t m = 0; m < registry->count; m++) {
            if (m + 1 == without) continue;
            n += snprintf(v->setting + n, sizeof v->setting - (size_t)n, "%s\"%s\"",
                          first ? "" : ", ", registry->member[m]->name);
            first = false;
        }
        snprintf(v->setting + n, sizeof v->setting - (size_t)n, "]");
    }
}

static void expect_all_different(const char *kind, const char *path, bool list)
{
    struct lab lab;
    struct team team;
    struct variants *all = memory_alloc(1, sizeof *all);
    /* what only looks leaves no state */
    const bool watched = strcmp(kind, "metric") == 0;
    size_t failed = 0;
    assert_non_null(all);
    assert_int_equal(lab_init(&lab, NULL, NULL), STATUS_OK);
    if (list)
        add_lists(all, &lab.model, kind, path);
    else
        add_choices(all, &lab.model, kind, path);
    lab_free(&lab);
    assert_true(all->count <= VARIANTS_MOST);
    team_init(&team, 2);
    team_run(&team, (uint32_t)all->count, run, all);
    team_free(&team);
    for (size_t i = 0; i < all->count; i++) {
        if (all->variant[i].status)
            failed++, print_message("%s fails\n", all->variant[i].setting);
        for (size_t j = 0; j < i; j++) {
            if (watched ? all->variant[i].digest != all->variant[j].digest
                        : all->variant[i].hash != all->variant[j].hash)
                continue;
            failed++;
            print_message("%s and %s make the same world\n", all->variant[i].setting,
                          all->variant[j].setting);
        }
    }
    memory_free(all);
    assert_int_equal(failed, 0);
}

static void test_rankers(void **state)
{
    (void)state;
    expect_all_different("ranker", "platform.ranker", false);
}

static void test_retrievers(void **state)
{
    (void)state;
    expect_all_different("retriever", "platform.retrievers", true);
}

static void test_rerankers(void **state)
{
    (void)state;
    expect_all_different("reranker", "platform.rerankers", true);
}

static void test_strategies(void **state)
{
    (void)state;
    expect_all_different("strategy", "creators.strategy", false);
}

static void test_choices(void **state)
{
    (void)state;
    expect_all_different("choice", "viewers.choice", false);
}

static void test_channels(void **state)
{
    (void)state;
    expect_all_different("channel", "growth.channels", true);
}

static void test_streams(void **state)
{
    (void)state;
    expect_all_different("stream", "revenue.streams", true);
}

static void test_metrics(void **state)
{
    (void)state;
    expect_all_different("metric", "measure.metrics", true);
}

/* Every learner is somebody's: a ranker asks for it by name.
 */
static void test_every_learner_is_used(void **state)
{
    (void)state;
    struct lab lab;
    size_t unused = 0;
    assert_int_equal(lab_init(&lab, NULL, NULL), STATUS_OK);
    const struct registry *learners = registry_kind(&lab.model.registries, "learner"),
                          *rankers = registry_kind(&lab.model.registries, "ranker");
    for (size_t m = 0; m < learners->count; m++) {
        bool used = false;
        for (size_t r = 0; r < rankers->count; r++) {
            const struct ranker *ranker = (const struct ranker *)rankers->member[r];
            used |= ranker->learner && strcmp(ranker->learner, learners->member[m]->name) == 0;
        }
        if (!used) print_message("learner %s: no ranker\n", learners->member[m]->name);
        unused += !used;
    }
    lab_free(&lab);
    assert_int_equal(unused, 0);
}

static void test_metrics_have_columns_of_their_own(void **state)
{
    (void)state;
    struct lab lab;
    size_t twice = 0, empty = 0;
    assert_int_equal(lab_init(&lab, NULL, NULL), STATUS_OK);
    const struct registry *metrics = registry_kind(&lab.model.registries, "metric");
    for (size_t a = 0; a < metrics->count; a++) {
        const struct metric *x = (const struct metric *)metrics->member[a];
        empty += x->column_count == 0;
        for (size_t b = 0; b < a; b++) {
            const struct metric *y = (const struct metric *)metrics->member[b];
            for (size_t i = 0; i < x->column_count; i++)
                for (size_t j = 0; j < y->column_count; j++)
                    twice += strcmp(x->columns[i].name, y->columns[j].name) == 0;
        }
    }
    lab_free(&lab);
    assert_int_equal(empty, 0);
    assert_int_equal(twice, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rankers),
        cmocka_unit_test(test_retrievers),
        cmocka_unit_test(test_rerankers),
        cmocka_unit_test(test_strategies),
        cmocka_unit_test(test_choices),
        cmocka_unit_test(test_channels),
        cmocka_unit_test(test_streams),
        cmocka_unit_test(test_metrics),
        cmocka_unit_test(test_every_learner_is_used),
        cmocka_unit_test(test_metrics_have_columns_of_their_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
