/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Learner and ranker item_knn: the formulas, the bounded lists, and what they recommend. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/code16.h"
#include "platform/lab.h"
#include "platform/learn/item_knn.h"
#include "platform/members.h"

#define VIDEOS 10
#define SUM ITEM_KNN_LIST /* where a video keeps its sums */

struct world_of_pairs {
    struct lab lab;
    const void *parameters;
    float video[VIDEOS][256];
    double level;
    double sum[VIDEOS][VIDEOS], square[VIDEOS]; /* what they should be */
};

static void open_pairs(struct world_of_pairs *self, bool centred, const char *setting)
{
    const struct schema_table *tables[64];
    *self = (struct world_of_pairs){.level = centred ? 0.35 : 0};
    size_t n = lab_tables(&self->lab, tables);
    require(learn_item_knn.video_floats <= 256);
    require(parameters_init(&self->lab.parameters, tables, n) == STATUS_OK);
    lab_set(&self->lab, "platform.learn.item_knn.memory=50");
    lab_set(&self->lab,
            centred ? "platform.learn.item_knn.level=0.35" : "platform.learn.item_knn.level=0");
    lab_set(&self->lab, setting);
    self->parameters = parameters_block(&self->lab.parameters, "platform.learn.item_knn");
    for (int v = 0; v < VIDEOS; v++)
        learn_item_knn.video_init(self->parameters, 1, NULL, self->video[v]);
}

static uint16_t tag_of(uint32_t video) { return (uint16_t)(1000 + video); }

/* One viewer watches a video: the video learns from what pleased the viewer before. */
static void watch(struct world_of_pairs *self, float *session, uint32_t video,
                  uint32_t watch_ms)
{
    struct impression act = {.video = video, .watch_ms = watch_ms, .acts = ACT_CONSENT};
    struct packed16 feature = {{VECTOR_ONE}};
    struct learned_video shown = {&feature, 0, 20000, 0, tag_of(video)};
    int16_t side[LEARNER_SIDE_MAX];
    learn_item_knn.side(self->parameters, session, side);
    learn_item_knn.acted(self->parameters, session, &shown, &act);
    learn_item_knn.learn(self->parameters, NULL, self->video[video], &act, side);
}

/* The same, as the formulas say: memory[] = what pleased before, newest first. */
static void watch_plainly(struct world_of_pairs *self, uint32_t *memory, double *reward,
                          uint32_t video, uint32_t watch_ms)
{
    double reward_now = watch_ms / (watch_ms + 10000.0), r = reward_now - self->level;
    double keep = 1 - 1.0 / 50;
    int at = 0;
    for (int j = 0; j < VIDEOS; j++) self->sum[video][j] *= keep;
    self->square[video] = self->square[video] * keep + r * r;
    for (int i = 0; i < ITEM_KNN_RECENT && reward[i] > 0; i++)
        if (memory[i] != video) self->sum[video][memory[i]] += r * reward[i];
    if (reward_now < 0.35) return;
    while (at < ITEM_KNN_RECENT - 1 && reward[at] > 0 && memory[at] != video) at++;
    for (; at > 0; at--) memory[at] = memory[at - 1], reward[at] = reward[at - 1];
    memory[0] = video;
    reward[0] = r;
}

static void watch_all(struct world_of_pairs *self)
{
    struct stream draw = stream_open((struct stream_key){{1, 2}}, 3, 4);
    for (int viewer = 0; viewer < 60; viewer++) {
        float session[LEARNER_SESSION_MAX] = {0};
        uint32_t memory[ITEM_KNN_RECENT] = {0};
        double reward[ITEM_KNN_RECENT] = {0};
        for (int act = 0; act < 20; act++) {
            uint32_t video = stream_below(&draw, VIDEOS);
            uint32_t watch_ms = 500 + stream_below(&draw, 14000);
            watch(self, session, video, watch_ms);
            watch_plainly(self, memory, reward, video, watch_ms);
        }
    }
}

static double similarity(const struct world_of_pairs *self, uint32_t v, uint32_t j,
                         bool product)
{
    if (product) return self->sum[v][j] / 50;
    return self->sum[v][j] / sqrt((self->square[v] + 5) * (self->square[j] + 5));
}

/* What the blocks of two videos say of the pair. */
static double published(const struct world_of_pairs *self, uint32_t v, uint32_t j)
{
    uint32_t a[LEARNER_BLOCK_MAX], b[LEARNER_BLOCK_MAX];
    learn_item_knn.block(self->parameters, self->video[v], a);
    learn_item_knn.block(self->parameters, self->video[j], b);
    for (int i = 0; i < ITEM_KNN_LIST; i++)
        if (a[i] == j) {
            assert_int_equal(a[ITEM_KNN_LIST + i] >> 16, tag_of(j));
            return (double)(code16_decode((uint16_t)a[ITEM_KNN_LIST + i]) *
                            code16_decode((uint16_t)b[ITEM_KNN_SCALE])) *
                   64 * 64;
        }
    return 0;
}

static void check_similarities(bool centred, bool product)
{
    struct world_of_pairs world;
    int pairs = 0;
    open_pairs(&world, centred,
               product ? "platform.learn.item_knn.similarity=product"
                       : "platform.learn.item_knn.similarity=cosine");
    watch_all(&world);
    for (uint32_t v = 0; v < VIDEOS; v++)
        for (uint32_t j = 0; j < VIDEOS; j++) {
            double wanted = v == j ? 0 : similarity(&world, v, j, product);
            if (wanted < 0) wanted = 0; /* dropped */
            /* a remembered reward is rounded to 1/4096, a published figure by 0.025 % */
            assert_near(published(&world, v, j), wanted, 2e-3 * wanted + 2e-4);
            pairs += wanted > 0;
        }
    /* few videos: every list is whole */
    if (centred)
        assert_in_range(pairs, 20, VIDEOS * (VIDEOS - 1) - 1);
    else
        assert_int_equal(pairs, VIDEOS * (VIDEOS - 1));
    parameters_free(&world.lab.parameters);
}

static void similarities_are_the_formulas(void **state)
{
    (void)state;
    for (int k = 0; k < 4; k++) check_similarities(k & 1, k >> 1);
}

/* A video met with another once in three times, and each time with one that never comes again:
 * the one that matters stays on the list, and no sum is above the truth. */
static void lists_keep_the_heavy_hitters(void **state)
{
    struct world_of_pairs world;
    (void)state;
    open_pairs(&world, false, "platform.learn.item_knn.memory=1000000");
    struct impression act = {.video = 1, .watch_ms = 10000, .acts = ACT_CONSENT};
    double truth = 0;
    for (int i = 0; i < 3000; i++) {
        int16_t side[LEARNER_SIDE_MAX] = {0};
        for (int k = 0; k < 2; k++) {
            uint32_t number = k == 0 && i % 3 == 0 ? 2 : (uint32_t)(1000 + 2 * i + k);
            side[4 * k] = (int16_t)(number & 0xffff);
            side[4 * k + 1] = (int16_t)(number >> 16);
            side[4 * k + 2] = 7;
            side[4 * k + 3] = 2048; /* half a unit of reward */
        }
        if (i % 3 == 0) truth += 0.25;
        learn_item_knn.learn(world.parameters, NULL, world.video[1], &act, side);
    }
    uint32_t block[LEARNER_BLOCK_MAX];
    learn_item_knn.block(world.parameters, world.video[1], block);
    int at = 0;
    while (at < ITEM_KNN_LIST && block[at] != 2) at++;
    assert_true(at < ITEM_KNN_LIST);
    double kept = (double)world.video[1][SUM + at];
    print_message("sum of the heavy hitter: %.1f of %.1f\n", kept, truth);
    assert_true(kept <= truth + 1e-3 && kept > 0.9 * truth);
    for (int i = 0; i < ITEM_KNN_LIST; i++)
        if (i != at) assert_true(world.video[1][SUM + i] <= 0.25f + 1e-5f);
    parameters_free(&world.lab.parameters);
}

/* A number that another video has now is another video: its pair starts anew. */
static void recycled_numbers_start_anew(void **state)
{
    struct world_of_pairs world;
    struct impression act = {.video = 1, .watch_ms = 10000, .acts = ACT_CONSENT};
    int16_t side[LEARNER_SIDE_MAX] = {5, 0, 7, 2048};
    (void)state;
    open_pairs(&world, false, "platform.learn.item_knn.memory=1000000");
    for (int i = 0; i < 10; i++)
        learn_item_knn.learn(world.parameters, NULL, world.video[1], &act, side);
    side[2] = 8;
    learn_item_knn.learn(world.parameters, NULL, world.video[1], &act, side);
    uint32_t block[LEARNER_BLOCK_MAX], found = 0;
    learn_item_knn.block(world.parameters, world.video[1], block);
    for (int i = 0; i < ITEM_KNN_LIST; i++) {
        if (block[i] != 5) continue;
        found++;
        assert_int_equal(block[ITEM_KNN_LIST + i] >> 16, 8);
        assert_near(world.video[1][SUM + i], 0.25, 1e-3);
    }
    assert_int_equal(found, 1);
    parameters_free(&world.lab.parameters);
}

/* ------------------------------------------------------------------------------- snapshots */

/* Three items: what pleased the viewer, one that is liked with it, one that looks like it. */
struct shelf {
    struct item item[3];
    uint32_t block[3 * ITEM_KNN_WORDS], position[3];
    const uint32_t *positions[1];
    size_t rows[1];
    struct snapshot snapshot;
    float session[LEARNER_SESSION_MAX];
    struct packed16 query;
    struct request request;
};

static void open_shelf(struct shelf *self, struct world_of_pairs *world)
{
    *self = (struct shelf){.positions = {self->position}, .rows = {3}};
    self->item[0].vector.lane[0] = self->item[2].vector.lane[0] = VECTOR_ONE;
    self->item[1].vector.lane[1] = VECTOR_ONE;
    for (uint32_t i = 0; i < 3; i++) {
        self->item[i].video = self->position[i] = i;
        self->item[i].mark[0] = (uint8_t)(tag_of(i) >> 8);
        self->item[i].mark[1] = (uint8_t)tag_of(i);
        learn_item_knn.block(world->parameters, world->video[i],
                             self->block + i * ITEM_KNN_WORDS);
    }
    self->snapshot = (struct snapshot){.item = self->item,
                                       .block = self->block,
                                       .block_words = ITEM_KNN_WORDS,
                                       .neighbours = ITEM_KNN_LIST,
                                       .extent = 3,
                                       .count = 3,
                                       .position = self->positions,
                                       .rows = self->rows,
                                       .shards = {1, 0}};
    self->query.lane[0] = VECTOR_ONE;
    self->request = (struct request){.snapshot = &self->snapshot,
                                     .kernels = kernels_choose(),
                                     .query = &self->query,
                                     .session = self->session,
                                     .personal = true};
}

/* Viewers who like 0 like 1, which looks otherwise; who likes 2, which looks like 0, likes
 * nothing else. */
static void watch_what_goes_together(struct world_of_pairs *world)
{
    for (int viewer = 0; viewer < 30; viewer++) {
        float session[LEARNER_SESSION_MAX] = {0};
        watch(world, session, 0, 30000);
        watch(world, session, 1, 30000);
        float other[LEARNER_SESSION_MAX] = {0};
        watch(world, other, 2, 30000);
    }
}

static void liked_together_beats_looking_alike(void **state)
{
    struct world_of_pairs world;
    struct shelf shelf;
    const uint32_t place[] = {1, 2};
    float score[2], by_features[2];
    (void)state;
    open_pairs(&world, false, "platform.learn.item_knn.similarity=cosine");
    watch_what_goes_together(&world);
    open_shelf(&shelf, &world);
    double s = published(&world, 1, 0);
    watch(&world, shelf.session, 0, 30000);
    const void *p = parameters_block(&world.lab.parameters, "platform.rank.item_knn");
    rank_item_knn.score(p, &shelf.request, place, 2, score);
    const struct score_terms terms = {&shelf.query, &shelf.item->vector, &shelf.item->bias,
                                      sizeof(struct item), 0x1p-28f};
    shelf.request.kernels->score_gather(&terms, place, 2, by_features);
    assert_true(score[0] > score[1] + 0.1f);
    assert_true(by_features[0] < by_features[1]);
    /* the score is s_vj r_j */
    const struct {
        double weight;
    } *w = p;
    assert_near(score[0], w->weight * s * 0.75, 1e-3 * w->weight);
    assert_near(score[1], 0, 1e-6);
    shelf.request.personal = false; /* nobody may know what pleased */
    rank_item_knn.score(p, &shelf.request, place, 2, score);
    assert_near(score[0], 0, 1e-6);
    shelf.request.personal = true;
    shelf.item[0].mark[0] ^= 1; /* what pleased has left, another video has its number */
    rank_item_knn.score(p, &shelf.request, place, 2, score);
    assert_near(score[0], 0, 1e-6);
    parameters_free(&world.lab.parameters);
}

/* Blocks and sessions of any bits: scores come out, no table is left. */
static void any_bits_are_survived(void **state)
{
    struct world_of_pairs world;
    struct shelf shelf;
    struct stream draw = stream_open((struct stream_key){{1, 2}}, 3, 4);
    const uint32_t place[] = {0, 1, 2};
    (void)state;
    open_pairs(&world, false, "platform.learn.item_knn.similarity=cosine");
    open_shelf(&shelf, &world);
    const void *p = parameters_block(&world.lab.parameters, "platform.rank.item_knn");
    for (int round = 0; round < 2000; round++) {
        int16_t row[LEARNER_SESSION_MAX];
        float score[3];
        for (size_t i = 0; i < 3 * ITEM_KNN_WORDS; i++)
            shelf.block[i] = stream_below(&draw, 4) ? stream_word(&draw)
                                                    : stream_below(&draw, 4);
        for (size_t i = 0; i < LEARNER_SESSION_MAX; i++)
            row[i] = (int16_t)(stream_below(&draw, 2) ? stream_word(&draw) : 0);
        learn_item_knn.open(world.parameters, row, shelf.session);
        rank_item_knn.score(p, &shelf.request, place, 3, score);
        for (int i = 0; i < 3; i++) assert_true(isfinite(score[i]));
    }
    parameters_free(&world.lab.parameters);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(similarities_are_the_formulas),
        cmocka_unit_test(lists_keep_the_heavy_hitters),
        cmocka_unit_test(recycled_numbers_start_anew),
        cmocka_unit_test(liked_together_beats_looking_alike),
        cmocka_unit_test(any_bits_are_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
