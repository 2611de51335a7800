/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * In a live room: how long visits are, what happens in them, who is let in.
 */
#include "base/maths.h"
#include "viewers/check.h"
#include "viewers/lab.h"

#define VIEWERS 2000

struct hall {
    struct lab lab;
    struct room room;
    uint32_t first[3], free[2];
    struct room_count happened[2];
    uint64_t offers;
    double match;
};

static void on_paid(void *self, struct moment *m)
{
    struct hall *hall = self;
    if (m->video_number != ENTITY_NONE) return; /* after the room, in the same session */
    assert_ptr_equal(m->video, &hall->room.video);
    assert_true(m->at >= hall->room.starts && m->at < hall->room.ends);
    hall->offers++;
    m->acts |= ACT_TIP;
}

/* Everybody is sent to a room of ten days, in the first hour. */
static void fill(struct hall *hall, struct room_terms terms, uint32_t seats, uint64_t crowd)
{
    const char *settings[] = {"viewers.count=2000",     "run.shards=2",
                              "viewers.rate=0.000001",  "viewers.rate_sigma=0",
                              "viewers.session.stay=0", NULL};
    *hall = (struct hall){.first = {0, 1, 1}, .free = {seats, seats}};
    lab_open(&hall->lab, settings);
    hall->lab.act = (struct act_service){.revenue = hall, .paid = on_paid};
    lab_populate(&hall->lab, 100, 25);
    struct world *w = &hall->lab.world;
    hall->room = (struct room){.video = *world_video(w, lab_video(&hall->lab, 0)),
                               .ends = 10 * TIME_DAY};
    hall->room.creator = hall->room.video.creator;
    hall->room.last.visits = crowd;
    if (entity_shard(w->shards, hall->room.creator) == 1) hall->first[1] = 0;
    w->rooms = (struct room_board){.room = &hall->room,
                                   .first = hall->first,
                                   .count = 1,
                                   .terms = terms,
                                   .happened = hall->happened,
                                   .free = hall->free};
    for (uint32_t s = 0; s < 2; s++)
        for (uint32_t i = 0; i < w->viewers[s].count; i++)
            assert_int_equal(engine_plan(w->engine, entity_number(w->shards, i, s),
                                         (sim_time)i * 100, EVENT_SESSION,
                                         hall->room.creator + 1),
                             STATUS_OK);
    lab_run(&hall->lab, TIME_HOUR);
    room_add(&hall->happened[0], &hall->happened[1]);
    lab_free(&hall->lab);
}

static const struct room_terms usual = {
    .stay = 0.3, .minutes = 8, .sigma = 0.5, .chat = 0.05, .beat = 1, .among = 1};

static void within(double figure, double theory, double error)
{
    if (fabs(figure - theory) > 4 * error)
        fail_msg("%g, expected %g with a standard error of %g", figure, theory, error);
}

/* Glances of 3 e^(.9^2 / 2) s and stays of 8 e^(.5^2 / 2) min, 7 to 3; so many messages a
 * minute; a minute begun is an offer, and here a gift. */
static void test_lengths(void **state)
{
    struct hall hall;
    (void)state;
    fill(&hall, usual, VIEWERS, 3);
    double n = (double)hall.happened[0].visits;
    double mean = 0.3 * 8 * maths_exp(0.125) + 0.7 * 0.05 * maths_exp(0.405);
    double square = 0.3 * 64 * maths_exp(0.5) + 0.7 * 0.0025 * maths_exp(1.62);
    double minutes = (double)hall.happened[0].watch_ms / 60000;
    assert_true(n > 0.99 * VIEWERS);
    within(minutes / n, mean, sqrt((square - mean * mean) / n));
    within((double)hall.happened[0].chats, 0.05 * minutes, sqrt(0.05 * minutes));
    assert_int_equal(hall.happened[0].gifts, hall.offers);
    /* one each, and the whole minutes of those who stay: half a minute less on average */
    within((double)hall.offers / n, 1 + 0.3 * (8 * maths_exp(0.125) - 0.5),
           sqrt((square - mean * mean) / n));
}

/* ln(1 + 3) of the last window's crowd, at a slope of .5: twice as many stay. */
static void test_crowds_draw(void **state)
{
    struct room_terms terms = usual;
    struct hall without, with, nobody;
    (void)state;
    terms.slope = 0.5;
    fill(&without, terms, VIEWERS, 3);
    terms.crowd = 1;
    fill(&with, terms, VIEWERS, 3);
    fill(&nobody, terms, VIEWERS, 0); /* what goes on now is not seen */
    double ratio = (double)with.happened[0].watch_ms / (double)without.happened[0].watch_ms;
    assert_true(ratio > 1.7 && ratio < 2.3);
    assert_int_equal(without.happened[0].watch_ms, nobody.happened[0].watch_ms);
}

static void test_seats(void **state)
{
    struct hall hall;
    (void)state;
    fill(&hall, usual, 100, 0);
    assert_int_equal(hall.happened[0].visits, 200);
    assert_true(hall.happened[0].turned_away > 0.85 * VIEWERS);
    assert_int_equal(hall.free[0] + hall.free[1], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lengths),
        cmocka_unit_test(test_crowds_draw),
        cmocka_unit_test(test_seats),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
