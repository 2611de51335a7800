/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "lab.h"

static const struct lab_options town = {
    .viewers = 500, .creators = 60, .videos = 3000, .shards = 8, .threads = 1};

static void open_town(struct lab *lab, const char *const *set)
{
    struct lab_options o = town;
    o.set = set;
    lab_open(lab, &o);
}

static uint64_t total(const struct lab *lab)
{
    uint64_t n = 0;
    for (int i = 0; i < SOURCES; i++) n += lab->shown[i];
    return n;
}

/* Shares are those of the slate; where there is enough to show they are met on average. */
static void reserved_shares_are_met(void **state)
{
    static const char *const set[] = {"platform.retrieve.explore.share=0.1",
                                      "platform.retrieve.follow.share=0.05",
                                      "platform.retrieve.cold_start.share=0.15",
                                      "platform.rerankers=[\"creator_cap\"]", NULL};
    struct lab lab;
    (void)state;
    open_town(&lab, set);
    for (int i = 0; i < 20; i++) lab_window(&lab, 5);
    double n = (double)total(&lab);
    assert_true(n > 50000);
    /* 5 sigma of a share p of n is below 5 sqrt(p / n) < 0.008 */
    assert_near((double)lab.shown[SOURCE_EXPLORE] / n, 0.1, 0.008);
    assert_near((double)lab.shown[SOURCE_COLD_START] / n, 0.15, 0.008);
    assert_near((double)lab.shown[SOURCE_FOLLOW] / n, 0.05, 0.008);
    assert_int_equal(lab.shown[SOURCE_PROMOTED], 0);
    assert_int_equal(lab.shown[SOURCE_SHARED], 0);
    lab_close(&lab);
}

static void ad_load_is_met_and_spaced(void **state)
{
    static const double load[] = {0.0, 0.08, 0.15, 0.5};
    (void)state;
    for (int i = 0; i < 4; i++) {
        struct lab lab;
        open_town(&lab, NULL);
        ((struct slots_parameters *)parameters_block(&lab.parameters, "platform.ads"))
            ->load = load[i];
        for (int w = 0; w < 10; w++) lab_window(&lab, 0);
        assert_near((double)lab.ads / (double)total(&lab), load[i], 0.008);
        lab_close(&lab);
    }
}

static uint32_t worst_run;
static void count_ad_runs(struct lab *lab, const struct feed *feed,
                          const struct slate_entry *entry, uint32_t n)
{
    (void)lab, (void)feed;
    for (uint32_t i = 1; i < n; i++) worst_run += entry[i].ad && entry[i - 1].ad;
}

static void no_two_ads_follow_each_other(void **state)
{
    static const char *const set[] = {"platform.ads.load=0.4", NULL};
    struct lab lab;
    (void)state;
    open_town(&lab, set);
    lab.slate = count_ad_runs;
    worst_run = 0;
    for (int w = 0; w < 5; w++) lab_window(&lab, 0);
    assert_int_equal(worst_run, 0);
    lab_close(&lab);
}

struct tally {
    uint64_t slates, entries;
    uint32_t most_of_a_creator;
    double topics;
};

static void tally_slate(struct lab *lab, const struct feed *feed,
                        const struct slate_entry *entry, uint32_t n)
{
    struct tally *t = lab->context;
    uint64_t topics = 0;
    (void)feed;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t same = 0;
        const struct video *v = world_video(&lab->world, entry[i].video);
        for (uint32_t k = 0; k < n; k++)
            same += world_video(&lab->world, entry[k].video)->creator == v->creator;
        if (same > t->most_of_a_creator) t->most_of_a_creator = same;
        topics |= UINT64_C(1) << v->topic;
    }
    t->slates++;
    t->entries += n;
    t->topics += __builtin_popcountll(topics);
}

static struct tally tally_with(const char *rerankers, const char *more)
{
    const char *const set[] = {rerankers, more, NULL};
    struct tally t = {0};
    struct lab lab;
    open_town(&lab, set);
    lab.slate = tally_slate;
    lab.context = &t;
    for (int w = 0; w < 10; w++) lab_window(&lab, 5);
    lab_close(&lab);
    return t;
}

static void creators_are_capped(void **state)
{
    (void)state;
    assert_true(tally_with("platform.rerankers=[]", NULL).most_of_a_creator > 2);
    assert_int_equal(tally_with("platform.rerankers=[\"creator_cap\"]", NULL).most_of_a_creator,
                     1);
    assert_int_equal(
        tally_with("platform.rerankers=[\"creator_cap\"]", "platform.rerank.creator_cap.most=2")
            .most_of_a_creator,
        2);
}

/* More weight on diversity, more topics in a slate; the same by features. */
static void diversity_widens_slates(void **state)
{
    struct tally none, some, much, features;
    (void)state;
    none = tally_with("platform.rerankers=[]", NULL);
    some = tally_with("platform.rerankers=[\"diversity\"]", NULL);
    much = tally_with("platform.rerankers=[\"diversity\"]",
                      "platform.rerank.diversity.weight=20");
    features = tally_with("platform.rerankers=[\"diversity\"]",
                          "platform.rerank.diversity.by=features");
    double each = 1.0 / (double)none.slates;
    print_message("topics a slate: %.2f %.2f %.2f, by features %.2f\n", none.topics * each,
                  some.topics * each, much.topics * each, features.topics * each);
    assert_true(some.topics * each > none.topics * each + 0.04);
    assert_true(much.topics * each > some.topics * each + 0.15);
    assert_true(features.topics * each > none.topics * each);
}

/* The last videos of a viewer, fewer than those that fill a generation of its seen list: each
 * sets two bits at most. */
#define LAST (SEEN_FULL / 2 - 2)
struct history {
    uint32_t video[500][LAST];
    uint32_t next[500];
    uint64_t repeats;
};

static void look_back(struct lab *lab, const struct impression *row)
{
    struct history *h = lab->context;
    uint32_t v = entity_row(lab->world.shards, row->viewer) * 8 +
                 entity_shard(lab->world.shards, row->viewer);
    if (v >= 500) return;
    for (int i = 0; i < LAST; i++) h->repeats += h->video[v][i] == row->video + 1;
    h->video[v][h->next[v]++ % LAST] = row->video + 1;
}

static void nothing_comes_twice(void **state)
{
    static const char *const without[] = {"platform.rerankers=[]", NULL};
    static struct history h;
    struct lab lab;
    (void)state;
    for (int k = 0; k < 2; k++) {
        h = (struct history){.repeats = 0};
        open_town(&lab, k ? NULL : without);
        lab.row = look_back;
        lab.context = &h;
        for (int w = 0; w < 10; w++) lab_window(&lab, 5);
        if (k)
            assert_int_equal(h.repeats, 0);
        else
            assert_true(h.repeats > 100);
        lab_close(&lab);
    }
}

/* Without consent nothing is learned and slates do not depend on what was done. */
static void no_consent_no_profile(void **state)
{
    struct lab lab;
    (void)state;
    open_town(&lab, NULL);
    for (uint32_t s = 0; s < 8; s++)
        for (size_t i = 0; i < lab.world.viewers[s].count; i++)
            if (i % 2) lab.world.viewers[s].row[i].flags = 0;
    for (int w = 0; w < 10; w++) lab_window(&lab, 0);
    for (uint32_t s = 0; s < 8; s++)
        for (uint32_t i = 0; i < lab.world.viewers[s].count; i++) {
            const uint16_t *lanes = rows_viewer(lab.platform, s, i) + 2 * SEEN_WORDS;
            uint32_t any = 0;
            for (uint32_t k = 0; k < lab.platform->wide.lanes; k++) any |= lanes[k];
            if (i % 2) assert_int_equal(any, 0);
        }
    lab_close(&lab);
}

static void check_impersonal(struct lab *lab, const struct feed *feed,
                             const struct slate_entry *entry, uint32_t n)
{
    (void)entry;
    const struct session *session = session_row(&lab->platform->shard[feed->shard], feed->slot);
    require(n > 0);
    require(!(feed->flags & VIEWER_FEED_OPTOUT) || !session->known);
}

static void opt_out_is_heard(void **state)
{
    struct lab lab;
    (void)state;
    open_town(&lab, NULL);
    for (uint32_t s = 0; s < 8; s++)
        for (size_t i = 0; i < lab.world.viewers[s].count; i += 2)
            lab.world.viewers[s].row[i].flags = VIEWER_CONSENT | VIEWER_FEED_OPTOUT;
    lab.slate = check_impersonal;
    for (int w = 0; w < 5; w++) lab_window(&lab, 0);
    lab_close(&lab);
}

/* With explore alone each item is as likely as any other, and the log says how likely. */
static double propensities, explored;
static void add_propensity(struct lab *lab, const struct impression *row)
{
    (void)lab;
    if (row->source != SOURCE_EXPLORE) {
        require(row->propensity == 0);
        return;
    }
    explored++;
    propensities += (double)propensity_decode(row->propensity);
}

/* Mean of the logged propensities over what it should be: `share` of ten slots, an item. */
static double propensity_ratio(uint32_t videos, double share, const char *const *set)
{
    struct lab_options o = {.viewers = 300,
                            .creators = 30,
                            .videos = videos,
                            .shards = 4,
                            .threads = 1,
                            .set = set};
    struct lab lab;
    lab_open(&lab, &o);
    propensities = explored = 0;
    lab.row = add_propensity;
    for (int w = 0; w < 3; w++) lab_window(&lab, 0);
    double items = (double)platform_figures(lab.platform).items;
    lab_close(&lab);
    assert_true(explored > 100);
    assert_true(items > 0.99 * videos);
    return propensities / explored / (10 * share / items);
}

/* In units of 1/65535 the second, one in 80,000, was rounded to one unit. */
static void propensity_of_exploration(void **state)
{
    static const char *const half[] = {"platform.retrieve.explore.share=0.5", NULL};
    static const char *const some[] = {"platform.retrieve.explore.share=0.05", NULL};
    (void)state;
    assert_near(propensity_ratio(100, 0.5, half), 1, 1.0 / 4096);
    assert_near(propensity_ratio(40000, 0.05, some), 1, 1.0 / 4096);
}

/* Chance without a share has no places: it does not compete for those of the ranking. */
static void no_share_is_no_exploration(void **state)
{
    static const char *const none[] = {"platform.retrieve.explore.share=0", NULL};
    struct lab_options o = {
        .viewers = 300, .creators = 30, .videos = 500, .shards = 4, .threads = 1, .set = none};
    struct lab lab;
    (void)state;
    lab_open(&lab, &o);
    propensities = explored = 0;
    lab.row = add_propensity;
    for (int w = 0; w < 3; w++) lab_window(&lab, 0);
    lab_close(&lab);
    assert_true(explored == 0);
}

/* A viewer who has seen the whole catalogue still gets something. */
static void small_catalogues_repeat(void **state)
{
    struct lab_options o = {
        .viewers = 20, .creators = 5, .videos = 30, .shards = 2, .threads = 1};
    struct lab lab;
    struct tally t = {0};
    (void)state;
    lab_open(&lab, &o);
    lab.slate = tally_slate;
    lab.context = &t;
    lab.requests = 10;
    for (int w = 0; w < 10; w++) lab_window(&lab, 0);
    assert_true((double)t.entries > 2.0 * (double)t.slates);
    lab_close(&lab);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reserved_shares_are_met),
        cmocka_unit_test(no_share_is_no_exploration),
        cmocka_unit_test(ad_load_is_met_and_spaced),
        cmocka_unit_test(no_two_ads_follow_each_other),
        cmocka_unit_test(creators_are_capped),
        cmocka_unit_test(diversity_widens_slates),
        cmocka_unit_test(nothing_comes_twice),
        cmocka_unit_test(no_consent_no_profile),
        cmocka_unit_test(opt_out_is_heard),
        cmocka_unit_test(propensity_of_exploration),
        cmocka_unit_test(small_catalogues_repeat),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
