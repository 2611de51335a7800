/* SPDX-License-Identifier: GPL-3.0-or-later */
/* THREADS */
/*
 * Rooms: when they are held and announced, who is told, what they cost, how seats are dealt.
 */
#include "base/maths.h"
#include "growth/bent.h"
#include "growth/parts.h"

#define CREATORS 300 /* a shard */
#define ALL (4.0 * CREATORS)
#define SET(name, text) scene_set(&play->scene, "growth.livestream." name, text)

static const struct scene_size size = {4, 40, CREATORS, CREATORS};

static void set_up(struct play *play)
{
    play_init(play, "[\"livestream\"]");
    SET("adopt", "1.0");
    SET("attend", "0.0");
}

static bool was_there(const struct room *old, size_t n, const struct room *room)
{
    for (size_t i = 0; i < n; i++)
        if (old[i].creator == room->creator && old[i].starts == room->starts) return true;
    return false;
}

/* A third of the creators, seven hours a week in rooms of two: half a room a day each. Every
 * one is announced one to two windows ahead, for an hour between 18 and 22. */
static void rooms_keep_their_schedule(void **state)
{
    struct play play_, *play = &play_;
    static struct room old[4 * CREATORS];
    size_t before = 0;
    double held = 0;
    (void)state;
    set_up(play);
    SET("adopt", "0.3333");
    SET("hours", "7.0");
    play_begin(play, size);
    const struct world *w = &play->scene.world;
    for (int hour = 0; hour < 10 * 24; hour++) {
        play_window(play, false);
        for (size_t i = 0; i < w->rooms.count; i++) {
            const struct room *room = &w->rooms.room[i];
            double at = (double)(room->starts % TIME_DAY) / (double)TIME_HOUR;
            assert_true(at >= 18 && at < 22.0001);
            assert_true(room->ends - room->starts == 2 * TIME_HOUR + 1);
            if (was_there(old, before, room)) continue;
            held++;
            assert_true(room->starts >= w->close + w->window);
            assert_true(room->starts < w->close + 2 * w->window);
        }
        for (before = 0; before < w->rooms.count; before++) old[before] = w->rooms.room[before];
    }
    /* 10 evenings; adopters are the same on each of them */
    double p = 1.0 / 3, mean = ALL * 10 * p / 2;
    play_within(held, mean, sqrt(ALL * (p * 10 * 0.25 + p * (1 - p) * 25)));
    assert_int_equal(w->rooms.rooms + w->rooms.count, held);
    play_end(play);
}

static void seats_are_dealt_whole(void **state)
{
    struct play play_, *play = &play_;
    (void)state;
    set_up(play);
    SET("hours", "84.0");
    SET("seats", "10");
    play_begin(play, size);
    const struct world *w = &play->scene.world;
    uint32_t most_first = 0, rooms = 0;
    for (int hour = 0; hour < 22; hour++) {
        play_window(play, false);
        for (size_t i = 0; i < w->rooms.count; i++) {
            uint32_t sum = 0;
            for (uint32_t s = 0; s < 4; s++) {
                uint32_t seats = w->rooms.free[s * w->rooms.count + i];
                assert_true(seats == 2 || seats == 3);
                sum += seats;
            }
            assert_int_equal(sum, 10);
            most_first += w->rooms.free[i] == 3;
            rooms++;
        }
    }
    assert_true(rooms > 100);
    play_within(most_first, rooms / 2.0,
                rooms / 10.0); /* it is not always the same shards' turn */
    play_end(play);
}

/* Creator i of a shard has i micro-units; a room of two hours costs 2 * 60 of them. */
static void only_who_can_pay_goes_live(void **state)
{
    struct play play_, *play = &play_;
    struct world *w = &play->scene.world;
    (void)state;
    set_up(play);
    SET("hours", "14.0");
    SET("cost", "0.00006");
    play_begin(play, size);
    for (uint32_t s = 0; s < 4; s++)
        for (uint32_t i = 0; i < CREATORS; i++) play_endow(play, s, i, i);
    for (int hour = 0; hour < 23; hour++) play_window(play, false);
    for (uint32_t s = 0; s < 4; s++) {
        for (uint32_t i = 0; i < CREATORS; i++) {
            const struct creator *c = &w->creators[s].row[i];
            int64_t cost = i < 120 ? 0 : 120;
            assert_int_equal(c->balance, i - cost);
            assert_int_equal(c->spend[0], cost);
            assert_int_equal(c->period.spent, cost);
            assert_true(c->worked == (cost ? 2 : 0));
        }
        assert_int_equal(w->creators[s].book.balance[ACCOUNT_PROMOTION], 180 * 120);
    }
    play_end(play);
}

/* Of the followers of a room some come, after it has begun. */
static void followers_come(void **state)
{
    struct play play_, *play = &play_;
    struct world *w = &play->scene.world;
    double rooms = 0;
    (void)state;
    set_up(play);
    SET("hours", "14.0");
    SET("attend", "0.5");
    SET("late", "0.0");
    play_start(play, size);
    play_follow(play, 60);
    double follows = 0;
    for (uint32_t s = 0; s < 4; s++)
        for (uint32_t i = 0; i < 40; i++) follows += w->viewers[s].row[i].relations.count;
    play_populate(play);
    for (int hour = 0; hour < 24; hour++) {
        play_window(play, false);
        rooms = (double)(w->rooms.rooms + w->rooms.count);
    }
    assert_true(rooms == ALL); /* each once */
    double came = (double)engine_executed(play->engine);
    play_within(came, follows / 2, sqrt(follows / 4));
    play_end(play);
}

static enum status load(const char *column)
{
    struct play first, second;
    set_up(&first);
    set_up(&second);
    play_begin(&first, size);
    while (first.scene.world.rooms.count < 200) play_window(&first, false);
    play_start(&second, size);
    enum status status = bent_load(&first, &second, column);
    if (!status) {
        const struct room_board *a = &first.scene.world.rooms, *b = &second.scene.world.rooms;
        assert_int_equal(a->count, b->count);
        assert_memory_equal(a->room, b->room, a->count * sizeof(*a->room));
        assert_memory_equal(a->free, b->free, 4 * a->count * sizeof(*a->free));
    }
    play_end(&first);
    play_end(&second);
    return status;
}

static void impossible_states_are_refused(void **state)
{
    (void)state;
    assert_int_equal(load("none"), STATUS_OK);
    assert_int_equal(load("livestream.rooms"), STATUS_BAD_INPUT);
    assert_int_equal(load("livestream.creator"), STATUS_BAD_INPUT);
    assert_int_equal(load("livestream.video_creator"), STATUS_BAD_INPUT);
    assert_int_equal(load("livestream.topic"), STATUS_BAD_INPUT);
    assert_int_equal(load("livestream.cohort"), STATUS_BAD_INPUT);
    assert_int_equal(load("livestream.quality"), STATUS_BAD_INPUT);
    assert_int_equal(load("livestream.commercial"), STATUS_BAD_INPUT);
    assert_int_equal(load("livestream.ends"), STATUS_BAD_INPUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rooms_keep_their_schedule),
        cmocka_unit_test(seats_are_dealt_whole),
        cmocka_unit_test(only_who_can_pay_goes_live),
        cmocka_unit_test(followers_come),
        cmocka_unit_test(impossible_states_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
