/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "lab.h"
#include "world/boost_target.h"

static uint64_t dealt(const struct lab *lab, int kind)
{
    uint64_t n = 0;
    for (uint32_t s = 0; s < lab->world.shards.count; s++) {
        const struct allowance_list *list = &lab->platform->shard[s].allowance[kind];
        for (size_t i = 0; i < list->count; i++) n += list->row[i].left;
    }
    return n;
}

/* A boost of a million impressions that ends now is dealt whole, as even as it goes. */
static void lots_sum_and_are_even(void **state)
{
    struct lab_options o = {
        .viewers = 400, .creators = 20, .videos = 50, .shards = 16, .threads = 1};
    static const uint32_t amounts[] = {1, 7, 15, 16, 17, 1000003};
    (void)state;
    for (size_t k = 0; k < sizeof(amounts) / sizeof(amounts[0]); k++) {
        struct lab lab;
        lab_open(&lab, &o);
        lab_boost(&lab, lab_any(&lab, 3), amounts[k], lab.world.close + 1);
        assert_int_equal(platform_close(lab.platform), STATUS_OK);
        assert_int_equal(dealt(&lab, 1), amounts[k]);
        for (uint32_t s = 0; s < 16; s++) {
            const struct allowance_list *list = &lab.platform->shard[s].allowance[1];
            uint32_t left = list->count ? list->row[0].left : 0;
            assert_true(list->count <= 1);
            assert_true(left == amounts[k] / 16 || left == amounts[k] / 16 + 1);
        }
        lab_close(&lab);
    }
}

/* The first shard is another one in other windows and for other videos. */
static void first_shard_rotates(void **state)
{
    struct lab_options o = {
        .viewers = 400, .creators = 20, .videos = 50, .shards = 16, .threads = 1};
    struct lab lab;
    uint32_t hits[16] = {0}, used = 0;
    (void)state;
    lab_open(&lab, &o);
    lab_boost(&lab, lab_any(&lab, 3), 1, TIME_NEVER / 2);
    for (int w = 0; w < 60; w++) {
        assert_int_equal(platform_close(lab.platform), STATUS_OK);
        for (uint32_t s = 0; s < 16; s++)
            hits[s] += lab.platform->shard[s].allowance[1].count > 0;
        lab.world.now = lab.world.close;
        lab.world.close += lab.world.window;
    }
    for (uint32_t s = 0; s < 16; s++) used += hits[s] > 0;
    assert_true(used >= 12);
    for (uint32_t s = 0; s < 16; s++) assert_true(hits[s] < 20);
    lab_close(&lab);
}

struct count {
    uint32_t cold[4096]; /* by shard * 512 + row */
};

static void count_cold(struct lab *lab, const struct impression *row)
{
    struct count *c = lab->context;
    uint32_t at = entity_shard(lab->world.shards, row->video) * 512 +
                  entity_row(lab->world.shards, row->video);
    if (row->source == SOURCE_COLD_START) c->cold[at]++;
}

/* No video is guaranteed more than its first pool, however long the run, and most get all of
 * it. */
static void guarantees_are_never_exceeded(void **state)
{
    static const char *const set[] = {"platform.pools.tiers=[40.0]", "platform.pools.hours=6",
                                      "platform.retrieve.cold_start.share=0.3", NULL};
    struct lab_options o = {
        .viewers = 300, .creators = 30, .videos = 100, .shards = 8, .threads = 1, .set = set};
    static struct count counts;
    struct lab lab;
    uint64_t cold = 0;
    (void)state;
    counts = (struct count){{0}};
    lab_open(&lab, &o);
    lab.row = count_cold;
    lab.context = &counts;
    for (int w = 0; w < 100; w++) lab_window(&lab, 2);
    for (uint32_t i = 0; i < 4096; i++) {
        assert_true(counts.cold[i] <= 40);
        cold += counts.cold[i];
    }
    assert_int_equal(cold, lab.shown[SOURCE_COLD_START]);
    struct platform_figures f = platform_figures(lab.platform);
    assert_true(f.guarantees_done >= 200);
    assert_true(f.guarantee_hours > 0 && f.guarantee_hours < 12);
    lab_close(&lab);
}

/* What is paid for is served, and not one more (lab_paid stops the test otherwise): also when
 * slates are left half watched. */
static void paid_impressions_are_exact(void **state)
{
    static const char *const set[] = {"platform.retrieve.promoted.share=0.3", NULL};
    struct lab_options o = {.viewers = 300,
                            .creators = 30,
                            .videos = 500,
                            .shards = 8,
                            .threads = 1,
                            .boosts = 40,
                            .set = set};
    struct lab lab;
    uint64_t left = 0;
    (void)state;
    lab_open(&lab, &o);
    for (int w = 0; w < 144; w++) lab_window(&lab, 0);
    for (uint32_t s = 0; s < 8; s++)
        for (size_t i = 0; i < lab.world.boosts[s].count; i++)
            left += lab.world.boosts[s].row[i].left;
    assert_int_equal(lab.shown[SOURCE_PROMOTED] + left, 40 * 100);
    assert_true(left < 400); /* nine in ten, before they end */
    lab_close(&lab);
}

/* Promises of a session that stays open over the close are not dealt again. */
static void promises_are_held_back(void **state)
{
    static const char *const set[] = {"platform.retrieve.promoted.share=1",
                                      "platform.retrieve.promoted.candidates=16",
                                      "platform.rerankers=[]",
                                      "platform.retrieve.cold_start.share=0",
                                      "platform.retrieve.follow.share=0",
                                      "platform.retrieve.explore.share=0",
                                      NULL};
    struct lab_options o = {
        .viewers = 100, .creators = 10, .videos = 100, .shards = 1, .threads = 1, .set = set};
    struct lab lab;
    struct slate_entry entry[SLATE_MAX];
    uint32_t promised = 0;
    (void)state;
    lab_open(&lab, &o);
    for (uint32_t i = 0; i < 12; i++) lab_boost(&lab, i, 1, lab.world.close + 1);
    assert_int_equal(platform_close(lab.platform), STATUS_OK);
    assert_int_equal(dealt(&lab, 1), 12);
    lab.world.now = lab.world.close;
    lab.world.close += lab.world.window;
    struct feed feed = {.name = 5, .flags = VIEWER_CONSENT, .now = lab.world.now};
    lab.feed.open(lab.feed.self, &feed);
    uint32_t n = lab.feed.slate(lab.feed.self, &feed, entry);
    for (uint32_t i = 0; i < n; i++) promised += entry[i].source == SOURCE_PROMOTED;
    assert_in_range(promised, 5, PROMISES_MAX);
    assert_int_equal(dealt(&lab, 1), 12 - promised);
    for (size_t i = 0; i < lab.world.boosts[0].count; i++)
        lab.world.boosts[0].row[i].ends = lab.world.close + 1;
    assert_int_equal(platform_close(lab.platform), STATUS_OK);
    assert_int_equal(dealt(&lab, 1), 12 - promised);
    lab.feed.close(lab.feed.self, &feed); /* never watched: free again from the next close on */
    for (size_t i = 0; i < lab.world.boosts[0].count; i++)
        lab.world.boosts[0].row[i].ends = TIME_DAY;
    assert_int_equal(platform_close(lab.platform), STATUS_OK);
    assert_int_equal(dealt(&lab, 1), 12);
    lab_close(&lab);
}

static uint64_t dealt_for(const struct lab *lab, uint32_t topic)
{
    const struct allowance_list *list = &lab->platform->shard[0].allowance[1];
    uint64_t n = 0;
    for (size_t i = 0; i < list->count; i++)
        if (list->row[i].topic == topic) n += list->row[i].left;
    return n;
}

/* Within a window what a slate promised and nobody watched goes back to the list, for those
 * whom it was meant for. */
static void unwatched_promises_return(void **state)
{
    static const char *const set[] = {"platform.retrieve.promoted.share=1", NULL};
    struct lab_options o = {.viewers = 100,
                            .creators = 10,
                            .videos = 100,
                            .shards = 1,
                            .threads = 1,
                            .boosts = 12,
                            .set = set};
    struct lab lab;
    struct slate_entry entry[SLATE_MAX];
    const uint32_t topic = UINT32_MAX - 4; /* none of the world's: whom it is for, all agree */
    (void)state;
    lab_open(&lab, &o);
    for (size_t i = 0; i < lab.world.boosts[0].count; i++)
        lab.world.boosts[0].row[i].topic = topic;
    assert_int_equal(platform_close(lab.platform), STATUS_OK);
    lab.world.now = lab.world.close;
    lab.world.close += lab.world.window;
    uint64_t before = dealt(&lab, 1);
    assert_int_equal(dealt_for(&lab, topic), before);
    struct feed feed = {.name = 5, .flags = VIEWER_CONSENT, .now = lab.world.now};
    lab.feed.open(lab.feed.self, &feed);
    assert_true(lab.feed.slate(lab.feed.self, &feed, entry) > 0);
    assert_true(dealt(&lab, 1) < before);
    lab.feed.close(lab.feed.self, &feed);
    assert_int_equal(dealt(&lab, 1), before);
    assert_int_equal(dealt_for(&lab, topic), before);
    lab_close(&lab);
}

/* A world of one shard whose slates may be all paid for, two places a slate. */
static void open_two_places(struct lab *lab)
{
    static const char *const set[] = {
        "platform.slate=10", "platform.retrieve.promoted.share=0.2",
        "platform.retrieve.promoted.candidates=16", "platform.rerankers=[]", NULL};
    struct lab_options o = {
        .viewers = 100, .creators = 10, .videos = 100, .shards = 1, .threads = 1, .set = set};
    lab_open(lab, &o);
}

/* The next window: its allowances are dealt. */
static void turn_window(struct lab *lab)
{
    assert_int_equal(platform_close(lab->platform), STATUS_OK);
    lab->world.now = lab->world.close;
    lab->world.close += lab->world.window;
}

/* The bids of what a slate has of paid videos, added up; `count` = how many. */
static int64_t bids_shown(struct lab *lab, struct feed *feed, uint32_t *count)
{
    struct slate_entry entry[SLATE_MAX];
    uint32_t n = lab->feed.slate(lab->feed.self, feed, entry);
    int64_t sum = 0;
    *count = 0;
    for (uint32_t i = 0; i < n; i++) {
        if (entry[i].source != SOURCE_PROMOTED) continue;
        sum += allowance_bid(lab->platform, entry[i].video);
        ++*count;
    }
    return sum;
}

/* Twelve orders that bid 1 to 12 micro-units, an impression each: the first slate has 12 and
 * 11, the next one 10 and 9, and none goes at or below the advertisers' reserve of 8. */
static void the_highest_bids_have_the_places(void **state)
{
    static const double reserve = 0.008, bid = 20;
    struct lab lab;
    uint32_t count;
    (void)state;
    open_two_places(&lab);
    lab.world.market = (struct ad_market){.open = true, .orders = &bid, .reserve = &reserve};
    for (uint32_t i = 0; i < 12; i++) {
        lab_boost(&lab, i, 1, lab.world.close + 1);
        lab.world.boosts[0].row[i].price = (i * 5) % 12 + 1;
    }
    turn_window(&lab);
    for (uint32_t i = 0; i < 3; i++) { /* three sessions, all open: each keeps what it has */
        static const int64_t shown[] = {12 + 11, 10 + 9, 0};
        struct feed feed = {
            .row = i, .slot = i, .name = 5 + i, .flags = VIEWER_CONSENT, .now = lab.world.now};
        lab.feed.open(lab.feed.self, &feed);
        assert_int_equal(bids_shown(&lab, &feed, &count), shown[i]);
        assert_int_equal(count, i < 2 ? 2 : 0);
    }
    lab_close(&lab);
}

/* Orders for those who are new go to who may be known and is not yet. */
static void new_viewers_only(void **state)
{
    struct lab lab;
    uint32_t count;
    (void)state;
    open_two_places(&lab);
    for (uint32_t i = 0; i < 12; i++) {
        lab_boost(&lab, i, 1, lab.world.close + 1);
        lab.world.boosts[0].row[i].topic = BOOST_NEW;
    }
    turn_window(&lab);
    struct feed feed = {.name = 5, .flags = 0, .now = lab.world.now};
    lab.feed.open(lab.feed.self, &feed);
    (void)bids_shown(&lab, &feed, &count);
    assert_int_equal(count, 0); /* no consent: nobody may know whether it is new */
    lab.feed.close(lab.feed.self, &feed);
    feed.flags = VIEWER_CONSENT;
    lab.feed.open(lab.feed.self, &feed);
    (void)bids_shown(&lab, &feed, &count);
    assert_int_equal(count, 2);
    lab.feed.close(lab.feed.self, &feed);
    lab_close(&lab);
}

static void rows_in_use_go_from_the_top(void **state)
{
    struct allowance row[5] = {{10, 0, 0}, {11, 1, 0}, {12, 0, 0}, {13, 2, 0}, {14, 0, 0}};
    struct allowance_list list = {.row = row, .count = 5, .capacity = 5};
    uint32_t tag[] = {0, 4, 2, 1};
    (void)state;
    allowance_use(&list, tag, 4);
    assert_int_equal(list.count, 2);
    assert_int_equal(list.row[0].place + list.row[1].place, 24); /* 11 and 13 */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lots_sum_and_are_even),
        cmocka_unit_test(first_shard_rotates),
        cmocka_unit_test(guarantees_are_never_exceeded),
        cmocka_unit_test(paid_impressions_are_exact),
        cmocka_unit_test(promises_are_held_back),
        cmocka_unit_test(unwatched_promises_return),
        cmocka_unit_test(the_highest_bids_have_the_places),
        cmocka_unit_test(new_viewers_only),
        cmocka_unit_test(rows_in_use_go_from_the_top),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
