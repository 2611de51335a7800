/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sources that read lists of places: by region, for queries, by groups of viewers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "lab.h"

static const struct lab_options town = {
    .viewers = 500, .creators = 60, .videos = 2000, .shards = 8, .threads = 1};

static void open_town(struct lab *lab, const char *retrievers, const char *setting)
{
    const char *const set[] = {retrievers, setting, "platform.rerankers=[\"no_repeats\"]",
                               NULL};
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

static uint32_t region_of_creator(struct lab *lab, uint32_t video)
{
    const struct world *w = &lab->world;
    return regions_of(&w->regions, world_creator(w, world_video(w, video)->creator)->name);
}

static void check_local(struct lab *lab, const struct impression *row)
{
    const struct world *w = &lab->world;
    if (row->source != SOURCE_LOCAL) return;
    uint64_t name = viewer_name(world_viewer(w, row->viewer));
    require(regions_of(&w->regions, name) == region_of_creator(lab, row->video));
}

static void local_is_of_the_region(void **state)
{
    struct lab lab;
    (void)state;
    open_town(&lab, "platform.retrievers=[\"content\", \"local\"]",
              "platform.retrieve.local.share=0.3");
    lab.row = check_local;
    for (int i = 0; i < 10; i++) lab_window(&lab, 5);
    double n = (double)total(&lab);
    assert_true(n > 20000);
    /* 5 sigma of .3 of n is below .016; some regions are small, so less may be shown */
    assert_in_range((int)(1000 * (double)lab.shown[SOURCE_LOCAL] / n), 240, 316);
    lab_close(&lab);
}

/* Every item stands in the list of its creator's region, once, in the order of places. */
static void regions_share_out_the_catalogue(void **state)
{
    struct lab lab;
    uint32_t sum = 0;
    (void)state;
    open_town(&lab, "platform.retrievers=[\"content\", \"local\"]", NULL);
    for (int i = 0; i < 4; i++) lab_window(&lab, 10);
    const struct snapshot *snapshot = &lab.platform->snapshot[0];
    assert_int_equal(snapshot->region.count, lab.world.regions.count);
    for (uint32_t k = 0; k < snapshot->region.count; k++) {
        uint32_t count;
        const uint32_t *place = place_list(&snapshot->region, k, &count);
        sum += count;
        for (uint32_t i = 0; i < count; i++) {
            assert_true(i == 0 || place[i] > place[i - 1]);
            assert_int_equal(region_of_creator(&lab, snapshot->item[place[i]].video), k);
        }
    }
    assert_int_equal(sum, snapshot->count);
    lab_close(&lab);
}

static void check_answer(struct lab *lab, const struct impression *row)
{
    if (row->source != SOURCE_SEARCH) return;
    require(world_video(&lab->world, row->video)->topic ==
            world_viewer(&lab->world, row->viewer)->topic);
    require(entity_row(lab->world.shards, row->viewer) % 4 == 0);
    require(row->at < 16000); /* of the first slate */
}

/* Only slates with a query have answers, all of the topic asked for. */
static void queries_are_answered(void **state)
{
    struct lab lab;
    (void)state;
    open_town(&lab, "platform.retrievers=[\"content\", \"search\"]",
              "platform.retrieve.search.share=0.8");
    lab.row = check_answer;
    for (int i = 0; i < 4; i++) lab_window(&lab, 5);
    double n = (double)total(&lab);
    /* a quarter of sessions, one slate of two, .8 of it: .1, less where a topic is seen up;
     * first slates are a little more than half of what is shown */
    assert_in_range((int)(1000 * (double)lab.shown[SOURCE_SEARCH] / n), 70, 130);
    lab_close(&lab);
}

/* What is nearer to the topic and watched for longer comes first. */
static void answers_are_in_order(void **state)
{
    struct lab lab;
    (void)state;
    open_town(&lab, "platform.retrievers=[\"content\", \"search\"]",
              "platform.retrieve.search.popularity=0.1");
    for (int i = 0; i < 6; i++) lab_window(&lab, 5);
    const struct snapshot *snapshot = &lab.platform->snapshot[0];
    for (uint32_t k = 0; k < snapshot->topic.count; k++) {
        uint32_t count;
        const uint32_t *place = place_list(&snapshot->topic, k, &count);
        double last = 1e9;
        for (uint32_t i = 0; i < count; i++) {
            uint32_t video = snapshot->item[place[i]].video;
            uint32_t s = entity_shard(lab.world.shards, video);
            float x[VECTOR_DIM];
            vector_unpack(x, &lab.world.videos[s].feature[entity_row(lab.world.shards, video)]);
            double score = (double)vector_dot(x, lab.world.topics.topic[k].vector) +
                           0.1 * log(1.0 + snapshot_counters(snapshot, place[i])->plays_18s);
            assert_int_equal(snapshot->item[place[i]].topic, k);
            assert_true(score <= last + 1e-3);
            last = score;
        }
        assert_true(count > 20);
    }
    lab_close(&lab);
}

/* The best answer to a topic, and the one at the end of the list. */
static void ends_of(struct lab *lab, uint32_t topic, uint32_t out[2])
{
    uint32_t count;
    const uint32_t *place = place_list(&lab->platform->snapshot[0].topic, topic, &count);
    assert_true(count > 20);
    out[0] = lab->platform->snapshot[0].item[place[0]].video;
    out[1] = lab->platform->snapshot[0].item[place[count - 1]].video;
}

/* Titles made for search make up a share of what is lacking to a perfect match: with all of it
 * the worst answer is the best, with nothing it stays. */
static void titles_bring_nearer(void **state)
{
    struct lab lab;
    static const double nothing = 0, all = 1;
    uint32_t before[2], after[2];
    (void)state;
    open_town(&lab, "platform.retrievers=[\"content\", \"search\"]",
              "platform.retrieve.search.popularity=0.0");
    assert_null(lab.platform->lists.title_gain); /* no channel sells them here */
    ends_of(&lab, 3, before);
    lab.world.videos[entity_shard(lab.world.shards, before[1])]
        .row[entity_row(lab.world.shards, before[1])]
        .flags |= VIDEO_TITLED;
    const double *const gain[] = {NULL, &nothing, &all};
    for (int i = 0; i < 3; i++) {
        lab.platform->lists.title_gain = gain[i];
        assert_int_equal(lists_make(lab.platform), STATUS_OK);
        ends_of(&lab, 3, after);
        assert_int_equal(after[0], before[i == 2]);
        assert_true((after[1] == before[1]) == (i < 2));
    }
    lab_close(&lab);
}

/* Counts of one group: they add up, halve in their time, and the last place goes to a newcomer
 * with the count that was there. */
static void groups_count_and_forget(void **state)
{
    struct lab lab;
    (void)state;
    open_town(&lab, "platform.retrievers=[\"content\", \"collaborative\"]",
              "platform.retrieve.collaborative.half_life=0.5"); /* three windows */
    struct platform *p = lab.platform;
    struct pleased act[3 + LIKED_MAX];
    size_t n = 0;
    const uint32_t first = lab_any(&lab, 0);
    for (int i = 0; i < 3; i++) act[n++] = (struct pleased){0, first};
    for (uint32_t i = 1; i <= LIKED_MAX; i++) act[n++] = (struct pleased){0, lab_any(&lab, i)};
    p->shard[3].pleased = (struct pleased_list){act, n, n};
    lists_absorb(p);
    p->shard[3].pleased = (struct pleased_list){NULL, 0, 0};
    struct liked *group = p->lists.liked;
    assert_int_equal(group[0].video, first);
    assert_near(group[0].score, 3, 1e-6);
    /* 64 others for 63 places: the last one took over the first of those that had 1 */
    assert_int_equal(group[1].video, lab_any(&lab, LIKED_MAX));
    assert_near(group[1].score, 2, 1e-6);
    assert_near(group[2].score, 1, 1e-6);
    for (int i = 0; i < 3; i++) lists_absorb(p);
    assert_near(group[0].score, 1.5, 1e-5);
    assert_int_equal(lists_make(p), STATUS_OK);
    uint32_t count;
    const uint32_t *place = place_list(&p->snapshot[0].group, 0, &count);
    assert_int_equal(count, LIKED_MAX);
    assert_int_equal(p->snapshot[0].item[place[0]].video, first);
    assert_int_equal(p->snapshot[0].item[place[1]].video, group[1].video);
    refresh_remove(p, first); /* what has left the index makes room */
    lists_absorb(p);
    assert_int_equal(group[0].video, ENTITY_NONE);
    lab_close(&lab);
}

static double liking[2], times[2];

static void note_liking(struct lab *lab, const struct impression *row)
{
    const struct viewer *viewer = world_viewer(&lab->world, row->viewer);
    const struct video *video = world_video(&lab->world, row->video);
    if (row->source != SOURCE_COLLABORATIVE && row->source != SOURCE_EXPLORE) return;
    int k = row->source == SOURCE_COLLABORATIVE;
    liking[k] += (double)packed_dot(&viewer->taste, &video->content) * 0x1p-28 +
                 (double)video->quality - 0.5;
    times[k]++;
}

/* What pleased viewers alike pleases: far above what is shown by chance. */
static void groups_share_their_taste(void **state)
{
    struct lab lab;
    (void)state;
    open_town(&lab, "platform.retrievers=[\"collaborative\", \"explore\", \"content\"]",
              "platform.retrieve.explore.share=0.1");
    for (int i = 0; i < 10; i++) lab_window(&lab, 5);
    memset(liking, 0, sizeof(liking)), memset(times, 0, sizeof(times));
    lab.row = note_liking;
    for (int i = 0; i < 10; i++) lab_window(&lab, 5);
    print_message("match: collaborative %.3f (%.0f), explore %.3f (%.0f)\n",
                  liking[1] / times[1], times[1], liking[0] / times[0], times[0]);
    assert_true(times[0] > 1000 && times[1] > 1000);
    assert_true(liking[1] / times[1] > liking[0] / times[0] + 0.3);
    lab_close(&lab);
}

static void without_sources_no_lists(void **state)
{
    struct lab lab;
    uint32_t count;
    (void)state;
    open_town(&lab, "platform.retrievers=[\"content\"]", NULL);
    lab_window(&lab, 5);
    assert_null(lab.platform->lists.liked);
    assert_null(place_list(&lab.platform->snapshot[0].region, 0, &count));
    assert_null(place_list(&lab.platform->snapshot[0].topic, 0, &count));
    assert_null(place_list(&lab.platform->snapshot[0].group, 0, &count));
    lab_close(&lab);
}

/* What a file says of groups is looked at before it is used. */
static void wrong_groups_are_refused(void **state)
{
    static const char *const set[] = {"platform.retrievers=[\"content\", \"collaborative\"]",
                                      NULL};
    struct lab_options o = town;
    (void)state;
    o.set = set;
    for (int k = 0; k < 3; k++) {
        struct lab first, second;
        lab_open(&first, &o);
        for (int i = 0; i < 3; i++) lab_window(&first, 2);
        struct liked *liked = first.platform->lists.liked;
        if (k == 1) liked[5] = (struct liked){0x7ffffff0, 1};
        if (k == 2) liked[5] = (struct liked){lab_any(&first, 0), -1};
        struct lab_image image = lab_save(&first);
        lab_close(&first);
        assert_int_equal(lab_load(&second, &o, &image), k ? STATUS_BAD_INPUT : STATUS_OK);
        memory_free(image.bytes);
        lab_close(&second);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(local_is_of_the_region),
        cmocka_unit_test(regions_share_out_the_catalogue),
        cmocka_unit_test(queries_are_answered),
        cmocka_unit_test(answers_are_in_order),
        cmocka_unit_test(titles_bring_nearer),
        cmocka_unit_test(groups_count_and_forget),
        cmocka_unit_test(groups_share_their_taste),
        cmocka_unit_test(without_sources_no_lists),
        cmocka_unit_test(wrong_groups_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
