/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Retriever item_to_item: whose neighbours it finds, by which of the two ways, and for whom. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "platform/lab.h"
#include "platform/members.h"

#define ITEMS 40
#define LIST 3
#define WORDS (2 * LIST)

/* Two clusters of 20: vectors turn from the first lane to the second. */
struct shelf {
    struct lab lab;
    struct item item[ITEMS];
    uint32_t block[ITEMS * WORDS], position[ITEMS], begin[3], size[2];
    const uint32_t *positions[1];
    size_t rows[1];
    struct snapshot snapshot;
    struct stream draw;
    struct recent recent;
    struct request request;
};

static uint16_t tag_of(uint32_t video) { return (uint16_t)(300 + video); }

static void open_shelf(struct shelf *self)
{
    const struct schema_table *tables[64];
    *self = (struct shelf){
        .positions = {self->position}, .rows = {ITEMS}, .begin = {0, 20, 40}, .size = {20, 20}};
    size_t n = lab_tables(&self->lab, tables);
    require(parameters_init(&self->lab.parameters, tables, n) == STATUS_OK);
    for (uint32_t i = 0; i < ITEMS; i++) {
        float x[VECTOR_DIM] = {(float)(ITEMS - i), (float)i};
        vector_normalise(x);
        vector_pack(&self->item[i].vector, x);
        self->item[i].video = self->position[i] = i;
        self->item[i].mark[0] = (uint8_t)(tag_of(i) >> 8);
        self->item[i].mark[1] = (uint8_t)tag_of(i);
    }
    for (int i = 0; i < ITEMS * WORDS; i++) self->block[i] = i % WORDS < LIST ? ENTITY_NONE : 0;
    self->snapshot = (struct snapshot){.item = self->item,
                                       .block = self->block,
                                       .block_words = WORDS,
                                       .extent = ITEMS,
                                       .count = ITEMS,
                                       .clusters = 2,
                                       .begin = self->begin,
                                       .size = self->size,
                                       .position = self->positions,
                                       .rows = self->rows,
                                       .shards = {1, 0}};
    self->draw = stream_open((struct stream_key){{3, 4}}, 5, 6);
    self->request = (struct request){.snapshot = &self->snapshot,
                                     .kernels = kernels_choose(),
                                     .recent = &self->recent,
                                     .draw = &self->draw};
}

static void please(struct shelf *self, uint32_t video)
{
    self->recent.video[self->recent.count] = video;
    self->recent.tag[self->recent.count++] = tag_of(video);
}

static uint32_t retrieve(struct shelf *self, uint32_t *place, uint32_t most)
{
    const void *p = parameters_block(&self->lab.parameters, "platform.retrieve.item_to_item");
    uint32_t tag[CANDIDATES_MAX];
    uint32_t n = retrieve_item_to_item.retrieve(p, &self->request, place, tag, most);
    require(n <= most);
    for (uint32_t i = 0; i < n; i++) {
        require(place[i] < self->snapshot.extent);
        for (uint32_t k = 0; k < i; k++) require(place[k] != place[i]);
    }
    return n;
}

/* Without lists: those of its cluster that point most nearly its way, nearest first. */
static void vectors_say_what_is_near(void **state)
{
    struct shelf shelf;
    uint32_t place[CANDIDATES_MAX];
    (void)state;
    open_shelf(&shelf);
    assert_int_equal(retrieve(&shelf, place, 8), 0); /* nothing has pleased */
    please(&shelf, 10);
    assert_int_equal(retrieve(&shelf, place, 4), 4);
    for (int i = 0; i < 4; i++) assert_true(place[i] >= 8 && place[i] <= 12 && place[i] != 10);
    assert_true(place[0] == 9 || place[0] == 11);
    shelf.recent.count = 0;
    please(&shelf, 20); /* at the edge: the other side is another cluster's */
    assert_int_equal(retrieve(&shelf, place, 3), 3);
    assert_int_equal(place[0], 21);
    assert_int_equal(place[1], 22);
    assert_int_equal(place[2], 23);
    shelf.recent.count = 0;
    please(&shelf, 5);
    please(&shelf, 30);
    assert_int_equal(retrieve(&shelf, place, 8), 8); /* half for each */
    for (int i = 0; i < 8; i++) assert_true(i < 4 ? place[i] < 10 : place[i] > 25);
    parameters_free(&shelf.lab.parameters);
}

/* Where the learner lists what goes with a video those are the neighbours, wherever they are;
 * but for one that has left. */
static void lists_come_first(void **state)
{
    struct shelf shelf;
    uint32_t place[CANDIDATES_MAX];
    const uint32_t listed[LIST] = {35, 2, 17};
    (void)state;
    open_shelf(&shelf);
    shelf.snapshot.neighbours = LIST;
    for (int i = 0; i < LIST; i++) {
        shelf.block[10 * WORDS + i] = listed[i];
        shelf.block[10 * WORDS + LIST + i] = (uint32_t)tag_of(listed[i]) << 16 | 5;
    }
    please(&shelf, 10);
    assert_int_equal(retrieve(&shelf, place, 8), 3);
    for (int i = 0; i < LIST; i++) assert_int_equal(place[i], listed[i]);
    shelf.item[2].mark[1] ^= 1; /* the number is another video's now */
    assert_int_equal(retrieve(&shelf, place, 8), 2);
    assert_int_equal(place[1], 17);
    shelf.recent.count = 0;
    please(&shelf, 11); /* no list yet */
    assert_int_equal(retrieve(&shelf, place, 2), 2);
    assert_true(place[0] == 10 || place[0] == 12);
    shelf.recent.tag[0] ^= 1; /* what pleased has left */
    assert_int_equal(retrieve(&shelf, place, 2), 0);
    parameters_free(&shelf.lab.parameters);
}

static void any_bits_are_survived(void **state)
{
    struct shelf shelf;
    struct stream draw = stream_open((struct stream_key){{1, 2}}, 3, 4);
    uint32_t place[CANDIDATES_MAX];
    (void)state;
    open_shelf(&shelf);
    shelf.snapshot.neighbours = LIST;
    for (int round = 0; round < 2000; round++) {
        for (int i = 0; i < ITEMS * WORDS; i++)
            shelf.block[i] = stream_below(&draw, 2) ? stream_word(&draw)
                                                    : stream_below(&draw, ITEMS);
        shelf.recent.count = 0;
        for (uint32_t i = 0; i < RECENT_MAX; i++)
            please(&shelf,
                   stream_below(&draw, 2) ? stream_word(&draw) : stream_below(&draw, ITEMS));
        retrieve(&shelf, place, 1 + stream_below(&draw, 64));
    }
    parameters_free(&shelf.lab.parameters);
}

/* In a platform: those who may be known get neighbours under any ranker, the others none. */
struct tally {
    uint64_t shown[2];
};

static void count_row(struct lab *lab, const struct impression *row)
{
    struct tally *tally = lab->context;
    if (row->source != SOURCE_ITEM_TO_ITEM) return;
    tally->shown[(world_viewer(&lab->world, row->viewer)->flags & VIEWER_FEED_OPTOUT) != 0]++;
}

/* A slate for somebody who has no session open has nothing that pleased in it. */
static void explain_outside(struct lab *lab)
{
    struct explanation out;
    const struct feed feed = {.slot = ENTITY_NONE, .flags = VIEWER_CONSENT, .name = 5};
    assert_int_equal(platform_explain(lab->platform, &feed, 10, &out), STATUS_OK);
    assert_true(out.count > 0);
    for (uint32_t i = 0; i < out.count; i++)
        assert_int_not_equal(out.item[i].source, SOURCE_ITEM_TO_ITEM);
}

static void only_the_known_are_served(void **state)
{
    static const char *const ranker[] = {"platform.ranker=popular", "platform.ranker=mf",
                                         "platform.ranker=item_knn"};
    (void)state;
    for (size_t r = 0; r < sizeof ranker / sizeof *ranker; r++) {
        const char *const set[] = {ranker[r],
                                   "platform.retrievers=[\"content\", \"item_to_item\"]",
                                   "platform.retrieve.item_to_item.share=0.5", NULL};
        struct lab_options o = {.viewers = 300,
                                .creators = 20,
                                .videos = 600,
                                .shards = 4,
                                .threads = 1,
                                .set = set};
        struct tally tally = {{0}};
        struct lab lab;
        lab_open(&lab, &o);
        for (uint32_t s = 0; s < 4; s++)
            for (size_t i = 0; i < lab.world.viewers[s].count; i += 2)
                lab.world.viewers[s].row[i].flags |= VIEWER_FEED_OPTOUT;
        lab.row = count_row;
        lab.context = &tally;
        lab.requests = 4;
        for (int w = 0; w < 10; w++) lab_window(&lab, 2);
        explain_outside(&lab);
        lab_close(&lab);
        print_message("%s: %llu\n", ranker[r], (unsigned long long)tally.shown[0]);
        assert_true(tally.shown[0] > 500);
        assert_int_equal(tally.shown[1], 0);
    }
}

static uint64_t play(const char *ranker, int save_at)
{
    const char *const set[] = {ranker, "platform.retrievers=[\"content\", \"item_to_item\"]",
                               "platform.staleness=30", NULL};
    struct lab_options o = {.viewers = 200,
                            .creators = 20,
                            .videos = 300,
                            .shards = 8,
                            .threads = save_at ? 3 : 1,
                            .set = set};
    struct lab lab;
    lab_open(&lab, &o);
    for (int w = 0; w < 12; w++) {
        if (save_at && w == save_at) {
            struct lab_image image = lab_save(&lab);
            lab_close(&lab);
            require(lab_load(&lab, &o, &image) == STATUS_OK);
            memory_free(image.bytes);
        }
        lab_window(&lab, 2);
    }
    uint64_t hash = lab_hash(&lab);
    lab_close(&lab);
    return hash;
}

/* Old snapshots have their blocks too; a run that was killed goes on with both. */
static void stale_blocks_resume(void **state)
{
    static const char *const ranker[] = {"platform.ranker=item_knn", "platform.ranker=user_knn",
                                         "platform.ranker=als"};
    (void)state;
    for (size_t r = 0; r < sizeof ranker / sizeof *ranker; r++)
        assert_int_equal(play(ranker[r], 0), play(ranker[r], 6));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vectors_say_what_is_near), cmocka_unit_test(lists_come_first),
        cmocka_unit_test(any_bits_are_survived),    cmocka_unit_test(only_the_known_are_served),
        cmocka_unit_test(stale_blocks_resume),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
