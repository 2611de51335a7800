/* SPDX-License-Identifier: GPL-3.0-or-later */
/* THREADS */
/*
 * Search: how many come with a question, and about what; what titles cost, and whose they are.
 */
#include "growth/parts.h"
#include "growth/play.h"

#define VIEWERS 2000 /* a shard */
#define SET(name, text) scene_set(&play->scene, "growth.search." name, text)

static const struct scene_size size = {4, VIEWERS, 2, 8};

static void set_up(struct play *play)
{
    play_init(play, "[\"search\"]");
    SET("outside", "0.0");
    SET("cost", "0.000007");
}

static void start(struct play *play)
{
    play_start(play, size);
    for (uint32_t s = 0; s < size.shards; s++)
        for (uint32_t i = 0; i < VIEWERS; i++)
            play->scene.world.viewers[s].row[i].topic = (uint8_t)(i % 3);
    play_populate(play);
}

struct answer {
    double all, own, topic[TOPICS_MAX];
};

/* What is asked in ten days. */
static struct answer ten_days(const char *taste)
{
    struct play play_, *play = &play_;
    struct answer out = {0};
    set_up(play);
    SET("outside", "0.25");
    SET("taste", taste);
    start(play);
    for (int i = 0; i < 240; i++) play_window(play, i % 2);
    for (uint32_t s = 0; s < size.shards; s++) {
        out.own += (double)play->own[s];
        for (int k = 0; k < play->scene.world.topics.count; k++) {
            out.topic[k] += (double)play->asked[s][k];
            out.all += (double)play->asked[s][k];
        }
    }
    play_end(play);
    return out;
}

/* Poisson with the mean of a quarter a viewer and day. */
static void as_many_as_asked_for(void **state)
{
    double mean = 0.25 * 10 * size.shards * VIEWERS;
    (void)state;
    const struct answer a = ten_days("1.0");
    play_within(a.all, mean, sqrt(mean));
    assert_true(a.own >= a.all); /* everybody asks for what it likes best */
    for (int k = 0; k < 3; k++) play_within(a.topic[k], mean / 3, sqrt(mean / 3));
}

/* What everybody asks for: topics by their weights. */
static void by_demand(void **state)
{
    struct play play_, *play = &play_;
    (void)state;
    const struct answer a = ten_days("0.0");
    set_up(play);
    start(play);
    const struct topics *topics = &play->scene.world.topics;
    for (int k = 0; k < topics->count; k++) {
        double p = topics->topic[k].weight;
        play_within(a.topic[k], a.all * p, sqrt(a.all * p * (1 - p)));
    }
    play_end(play);
}

/* What the first 400 viewers asked in two days, among `viewers` a shard in so many shards. */
static uint64_t first_400(uint32_t shards, uint32_t viewers)
{
    const struct scene_size crowd = {shards, viewers, 2, 8};
    struct play play_, *play = &play_;
    uint64_t told = 0;
    set_up(play);
    SET("outside", "0.5");
    SET("taste", "0.3");
    play->known = 400;
    play_start(play, crowd);
    for (uint32_t s = 0; s < shards; s++)
        for (uint32_t i = 0; i < viewers; i++) {
            struct viewer *viewer = &play->scene.world.viewers[s].row[i];
            viewer->ordinal = i * shards + s;
            viewer->topic = (uint8_t)(viewer->ordinal % 3);
        }
    play_populate(play);
    for (int i = 0; i < 48; i++) play_window(play, i % 2);
    for (uint32_t s = 0; s < shards; s++) told += play->told[s];
    play_end(play);
    return told;
}

/* One viewer more, or three times as many, or other shards: everybody asks what it asked. */
static void others_change_no_question(void **state)
{
    uint64_t told = first_400(4, 100);
    (void)state;
    assert_true(told != 0);
    assert_true(first_400(4, 101) == told);
    assert_true(first_400(4, 300) == told);
    assert_true(first_400(2, 200) == told);
}

/* Gives creator 0 of shard 1 money and lets it spend. */
static int64_t spend(struct play *play, int64_t budget)
{
    struct promotion_service promotion = growth_promotion(play->growth);
    play_endow(play, 1, 0, budget);
    return promotion.promote(promotion.self, 1, 0, budget);
}

static struct video *video_of(struct play *play, int i)
{
    struct world *w = &play->scene.world;
    return &w->videos[1].row[entity_row(w->shards, w->creators[1].row[0].videos[i])];
}

/* Rows 6, 4, 2 and 0 are the creator's, newest first; the second one is for subscribers. */
static void give_videos(struct play *play)
{
    struct world *w = &play->scene.world;
    for (uint32_t i = 0; i < 4; i++)
        w->creators[1].row[0].videos[i] = entity_number(w->shards, 6 - 2 * i, 1);
    video_of(play, 1)->flags |= VIDEO_EXCLUSIVE;
}

static int titles(struct play *play)
{
    int n = 0;
    for (int i = 0; i < 4; i++) n |= (video_of(play, i)->flags & VIDEO_TITLED ? 1 : 0) << i;
    return n;
}

/* Seven micro-units a video, the newest first, each once; those for subscribers never. */
static void budgets_are_kept_to_the_micro_unit(void **state)
{
    static const struct {
        int64_t budget, spent;
        int titles;
    } row[] = {{6, 0, 0}, {7, 7, 1}, {13, 7, 5}, {6, 0, 5}, {100, 7, 13}, {100, 0, 13}};
    struct play play_, *play = &play_;
    int64_t spent = 0;
    (void)state;
    set_up(play);
    start(play);
    give_videos(play);
    const struct creator *c = &play->scene.world.creators[1].row[0];
    for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
        int64_t before = c->balance;
        assert_int_equal(spend(play, row[i].budget), row[i].spent);
        spent += row[i].spent;
        assert_int_equal(titles(play), row[i].titles);
        assert_int_equal(c->balance, before + row[i].budget - row[i].spent);
        assert_int_equal(c->spend[0], spent);
        assert_int_equal(play->scene.world.creators[1].book.balance[ACCOUNT_PROMOTION], spent);
    }
    play_end(play);
}

/* A video that has left, and another's in its row. */
static void others_videos_are_left_alone(void **state)
{
    struct play play_, *play = &play_;
    (void)state;
    set_up(play);
    start(play);
    give_videos(play);
    struct world *w = &play->scene.world;
    video_of(play, 0)->creator = entity_number(w->shards, 1, 1);
    w->videos[1].counter[2].state = VIDEO_RETIRED;
    assert_int_equal(spend(play, 100), 7);
    assert_int_equal(titles(play), 8);
    play_end(play);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_many_as_asked_for),
        cmocka_unit_test(by_demand),
        cmocka_unit_test(others_change_no_question),
        cmocka_unit_test(budgets_are_kept_to_the_micro_unit),
        cmocka_unit_test(others_videos_are_left_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
