/* SPDX-License-Identifier: GPL-3.0-or-later */
/* THREADS */
/*
 * Offline events: what they cost, who comes, how the followers won there fade.
 */
#include "base/maths.h"
#include "growth/bent.h"
#include "growth/parts.h"

#define VIEWERS                                                                                \
    500 /* a shard; none follows anybody, all are into topic 0, as all creators are */
#define ALL (4.0 * VIEWERS)
#define SET(name, text) scene_set(&play->scene, "growth.offline_event." name, text)

static const struct scene_size size = {4, VIEWERS, 3, 3};

static void set_up(struct play *play)
{
    play_init(play, "[\"offline_event\"]");
    scene_set(&play->scene, "regions.count", "1");
    SET("venue", "10.0");
    SET("guest", "0.000007");
    SET("ahead", "0.0");
    SET("places", "1000000");
    SET("curious", "0.0");
    SET("follow", "1.0");
    SET("stay", "1.0");
}

/* Gives creator 0 of a shard money and lets it spend. */
static int64_t spend(struct play *play, uint32_t shard, int64_t budget)
{
    struct promotion_service promotion = growth_promotion(play->growth);
    play_endow(play, shard, 0, budget);
    return promotion.promote(promotion.self, shard, 0, budget);
}

/* It takes place in the next window at the earliest. */
static void hold(struct play *play)
{
    for (int i = 0; i < 2; i++) play_window(play, false);
}

static uint32_t followers(const struct play *play, uint32_t shard)
{
    return play->scene.world.creators[shard].row[0].followers;
}

/* Ten units and seven micro-units a guest. */
static void budgets_are_kept_to_the_micro_unit(void **state)
{
    static const int64_t budget[] = {0,        6,        9999999,  10000000,
                                     10000006, 10000007, 10000013, 10000014,
                                     10000699, 17000000, 17000006, 20000000};
    static const int64_t spent[] = {0,        0,        0,        0,        0,        10000007,
                                    10000007, 10000014, 10000693, 17000000, 17000000, 17000000};
    (void)state;
    for (size_t i = 0; i < sizeof(budget) / sizeof(budget[0]); i++) {
        struct play play_, *play = &play_;
        set_up(play);
        play_begin(play, size);
        const struct creator *c = &play->scene.world.creators[2].row[0];
        assert_int_equal(spend(play, 2, budget[i]), spent[i]);
        assert_int_equal(c->balance, budget[i] - spent[i]);
        assert_int_equal(c->spend[0], spent[i]);
        assert_int_equal(play->scene.world.creators[2].book.balance[ACCOUNT_PROMOTION],
                         spent[i]);
        if (spent[i]) assert_int_equal(spend(play, 2, 50 * MICRO), 0); /* one at a time */
        play_end(play);
    }
}

static void guests_come_and_follow(void **state)
{
    struct play play_, *play = &play_;
    (void)state;
    set_up(play);
    SET("curious", "0.4");
    SET("follow", "0.5");
    play_begin(play, size);
    assert_true(spend(play, 0, 20 * MICRO) > 0);
    hold(play);
    play_within(followers(play, 0), ALL * 0.2, sqrt(ALL * 0.2 * 0.8));
    uint32_t won = followers(play, 0), rows = 0;
    struct world *w = &play->scene.world;
    for (uint32_t s = 0; s < 4; s++)
        for (uint32_t i = 0; i < VIEWERS; i++)
            rows += relation_count(&w->viewers[s].relations, &w->viewers[s].row[i].relations,
                                   RELATION_FOLLOW);
    assert_int_equal(rows, won);
    for (int i = 0; i < 48; i++) play_window(play, false);
    assert_int_equal(followers(play, 0), won); /* it is over, and they stay */
    play_end(play);
}

/* Everybody follows the second creator of its shard, and has room for no more: it is dropped
 * for the first of shard 0, and told so. */
static void the_oldest_goes(void **state)
{
    struct play play_, *play = &play_;
    (void)state;
    set_up(play);
    SET("curious", "1.0");
    scene_set(&play->scene, "viewers.follows.most", "1");
    play_begin(play, size);
    struct world *w = &play->scene.world;
    for (uint32_t s = 0; s < 4; s++) {
        w->creators[s].row[1].followers = VIEWERS;
        for (uint32_t i = 0; i < VIEWERS; i++)
            require(!relation_add(
                &w->viewers[s].relations, &w->viewers[s].row[i].relations,
                relation_make(RELATION_FOLLOW, entity_number(w->shards, 1, s)), 1, NULL));
    }
    assert_true(spend(play, 0, 20 * MICRO) > 0);
    hold(play);
    assert_int_equal(followers(play, 0), ALL);
    for (uint32_t s = 0; s < 4; s++) {
        assert_int_equal(w->creators[s].row[1].followers, 0);
        assert_int_equal(w->creators[s].row[1].unfollows, VIEWERS);
        for (uint32_t i = 0; i < VIEWERS; i++)
            assert_int_equal(w->viewers[s].row[i].relations.count, 1);
    }
    play_end(play);
}

/* More would come than there are places: all that were paid for, no more. */
static void places_are_kept(void **state)
{
    struct play play_, *play = &play_;
    (void)state;
    set_up(play);
    SET("curious", "1.0");
    play_begin(play, size);
    assert_int_equal(spend(play, 1, 10 * MICRO + 7 * 102 + 6), 10 * MICRO + 7 * 102);
    hold(play);
    assert_int_equal(followers(play, 1), 102);
    play_end(play);
}

static void they_live_there(void **state)
{
    struct play play_, *play = &play_;
    (void)state;
    set_up(play);
    scene_set(&play->scene, "regions.count", "12");
    SET("curious", "1.0");
    SET("ahead", "1.0");
    play_begin(play, size);
    struct world *w = &play->scene.world;
    uint32_t region = regions_of(&w->regions, w->creators[0].row[0].name), there = 0;
    for (uint32_t s = 0; s < 4; s++)
        for (uint32_t i = 0; i < VIEWERS; i++)
            there += regions_of(&w->regions, viewer_name(&w->viewers[s].row[i])) == region;
    assert_true(spend(play, 0, 20 * MICRO) > 0);
    for (int i = 0; i < 23; i++) play_window(play, false);
    assert_int_equal(followers(play, 0), 0);
    for (int i = 0; i < 3; i++) play_window(play, false);
    assert_int_equal(followers(play, 0), there);
    play_end(play);
}

/* Followers of the first shard come and bring all their friends who do not follow yet. */
static void friends_are_brought(void **state)
{
    struct play play_, *play = &play_;
    struct world *w = &play->scene.world;
    static bool brought[4 * VIEWERS];
    uint32_t expected = 0;
    (void)state;
    set_up(play);
    SET("attend", "1.0");
    SET("friends", "1.0");
    play_start(play, size);
    for (uint32_t i = 0; i < VIEWERS; i++) w->viewers[3].row[i].topic = 1;
    for (uint32_t i = 0; i < 20; i++)
        assert_int_equal(relation_add(&w->viewers[0].relations, &w->viewers[0].row[i].relations,
                                      relation_make(RELATION_FOLLOW, 0), 64, NULL),
                         STATUS_OK);
    play_befriend(play, 6);
    memset(brought, 0, sizeof(brought));
    for (uint32_t i = 0; i < 20; i++) {
        const struct relation_list *list = &w->viewers[0].row[i].relations;
        const struct relation *row = relation_rows(&w->viewers[0].relations, list);
        for (uint32_t k = 0; k < list->count; k++) {
            uint32_t friend = relation_other(row[k]);
            bool host = friend % 4 == 0 && friend / 4 < 20;
            if (relation_kind(row[k]) != RELATION_FRIEND || host || brought[friend]) continue;
            brought[friend] = true;
            expected++;
        }
    }
    play_populate(play);
    assert_true(spend(play, 0, 20 * MICRO) > 0);
    hold(play);
    assert_true(expected > 60);
    assert_int_equal(followers(play, 0), expected);
    play_end(play);
}

/* After d days n (stay + (1 - stay) 2^(-d / half-life)) are left. */
static void interest_fades(void **state)
{
    struct play play_, *play = &play_;
    (void)state;
    set_up(play);
    SET("curious", "1.0");
    SET("stay", "0.25");
    SET("half_life", "2.0");
    play_begin(play, size);
    assert_true(spend(play, 0, 30 * MICRO) > 0);
    hold(play);
    assert_true(followers(play, 0) == ALL);
    for (int day = 1; day <= 8; day++) {
        while (play->scene.world.close % TIME_DAY != 0) play_window(play, false);
        double p = 0.25 + 0.75 * maths_exp(-0.34657359 * day);
        play_within(followers(play, 0), ALL * p, sqrt(ALL * p * (1 - p)));
        assert_true(play->scene.world.creators[0].row[0].unfollows + followers(play, 0) == ALL);
        play_window(play, false);
    }
    play_end(play);
}

static enum status load(const char *column)
{
    struct play first, second;
    set_up(&first);
    scene_set(&first.scene, "growth.offline_event.curious", "1.0");
    scene_set(&first.scene, "growth.offline_event.stay", "0.0");
    set_up(&second);
    play_begin(&first, size);
    assert_true(spend(&first, 3, 20 * MICRO) > 0);
    hold(&first);
    scene_set(&first.scene, "growth.offline_event.ahead", "9.0");
    assert_true(spend(&first, 3, 20 * MICRO) > 0);
    play_start(&second, size);
    enum status status = bent_load(&first, &second, column);
    play_end(&first);
    play_end(&second);
    return status;
}

static void impossible_states_are_refused(void **state)
{
    (void)state;
    assert_int_equal(load("none"), STATUS_OK);
    assert_int_equal(load("offline_event.bookings"), STATUS_BAD_INPUT);
    assert_int_equal(load("offline_event.when"), STATUS_BAD_INPUT);
    assert_int_equal(load("offline_event.creator"), STATUS_BAD_INPUT);
    assert_int_equal(load("offline_event.places"), STATUS_BAD_INPUT);
    assert_int_equal(load("offline_event.won_viewer"), STATUS_BAD_INPUT);
    assert_int_equal(load("offline_event.won_creator"), STATUS_BAD_INPUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(budgets_are_kept_to_the_micro_unit),
        cmocka_unit_test(guests_come_and_follow),
        cmocka_unit_test(the_oldest_goes),
        cmocka_unit_test(places_are_kept),
        cmocka_unit_test(they_live_there),
        cmocka_unit_test(friends_are_brought),
        cmocka_unit_test(interest_fades),
        cmocka_unit_test(impossible_states_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
