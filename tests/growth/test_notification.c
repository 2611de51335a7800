/* SPDX-License-Identifier: GPL-3.0-or-later */
/* THREADS */
/*
 * Notifications against what can be worked out by hand: who is told, who opens, how they tire.
 */
#include "base/maths.h"
#include "growth/bent.h"
#include "growth/parts.h"

#define VIEWERS 1000 /* a shard */
#define ALL (4.0 * VIEWERS)
#define SET(name, text) scene_set(&play->scene, "growth.notification." name, text)

static const struct scene_size size = {4, VIEWERS, 3, 3};

static void set_up(struct play *play)
{
    play_init(play, "[\"notification\"]");
    SET("follower", "1.0");
    SET("open", "1.0");
    SET("fatigue", "0.0");
    SET("mute", "0.0");
    SET("delay", "0.0");
}

static void tie(struct play *play, enum relation_kind kind, uint32_t creator)
{
    struct world *w = &play->scene.world;
    for (uint32_t s = 0; s < w->shards.count; s++)
        for (uint32_t i = 0; i < VIEWERS; i++)
            assert_int_equal(relation_add(&w->viewers[s].relations,
                                          &w->viewers[s].row[i].relations,
                                          relation_make(kind, creator), 64, NULL),
                             STATUS_OK);
}

/* All follow the creators 0 of the shards 0 and 1, whose numbers are 0 and 1; a window passes,
 * for what is there at the start is no news. */
static void start(struct play *play)
{
    play_start(play, size);
    tie(play, RELATION_FOLLOW, 0);
    tie(play, RELATION_FOLLOW, 1);
    play_populate(play);
    play_window(play, false);
}

/* A creator's video, a new one, enters the feed at the close. */
static void publish(struct play *play, uint32_t creator)
{
    struct world *w = &play->scene.world;
    uint32_t shard = entity_shard(w->shards, creator);
    uint32_t row = entity_row(w->shards, creator);
    w->videos[shard].counter[row].published = w->close;
    w->videos[shard].row[row].name = name_child(w->videos[shard].row[row].name, 1);
}

static double opened(const struct play *play)
{
    double sum = 0;
    for (int s = 0; s < 4; s++) sum += (double)play->reached[s];
    return sum;
}

static void all_who_let_them_through_are_told(void **state)
{
    struct play play_, *play = &play_;
    (void)state;
    set_up(play);
    SET("follower", "0.3");
    SET("open", "0.5");
    start(play);
    publish(play, 0);
    publish(play, 1);
    publish(play, 4); /* nobody follows it */
    play_window(play, false);
    assert_true(opened(play) == 0); /* told at this close: opened in a later window */
    play_window(play, false);
    play_within(opened(play), 2 * ALL * 0.15, sqrt(2 * ALL * 0.15 * 0.85));
    double before = opened(play);
    for (int i = 0; i < 5; i++) play_window(play, false);
    assert_true(opened(play) == before);
    play_end(play);
}

/* A pair's bell is on or off for good: at 30 % who are told, at all, a fifth of the second. */
static void bells_last(void **state)
{
    struct play play_, *play = &play_;
    (void)state;
    set_up(play);
    SET("follower", "0.3");
    start(play);
    publish(play, 0);
    for (int i = 0; i < 2; i++) play_window(play, false);
    double first = opened(play);
    publish(play, 0);
    for (int i = 0; i < 2; i++) play_window(play, false);
    assert_true(opened(play) == 2 * first);
    play_end(play);
}

/* The k-th notification in as many hours finds a load of L(k) = (L(k - 1) + 1) 2^(-1 / (24
 * memory)), is opened with p e^(-fatigue L), and is the last with mute (L + 1). */
static void check_tired(const char *fatigue, double f, const char *mute, double m)
{
    struct play play_, *play = &play_;
    double load = 0, here = 1, mean = 0, fade = maths_exp(-0.6931471805599453 / 24 / 0.25);
    set_up(play);
    SET("open", "0.4");
    SET("memory", "0.25");
    SET("fatigue", fatigue);
    SET("mute", mute);
    start(play);
    for (int k = 0; k < 40; k++) {
        publish(play, 0);
        play_window(play, false);
        mean += here * 0.4 * maths_exp(-f * load);
        here *= 1 - m * (load + 1);
        load = (load + 1) * fade;
    }
    play_window(play, false);
    /* Muting makes a viewer's counts vary by about six times as much as a Poisson's. */
    play_within(opened(play), ALL * mean, sqrt(ALL * mean * (m > 0 ? 6 : 1)));
    play_end(play);
}

static void viewers_tire(void **state)
{
    (void)state;
    check_tired("0.0", 0, "0.0", 0);
    check_tired("0.5", 0.5, "0.0", 0);
    check_tired("0.0", 0, "0.01", 0.01);
}

static void delays_are_exponential(void **state)
{
    struct play play_, *play = &play_;
    (void)state;
    set_up(play);
    SET("delay", "5.0");
    start(play);
    publish(play, 0);
    play_window(play, false);
    for (int hour = 1; hour < 20; hour++) {
        play_window(play, false);
        double p = 1 - maths_exp(-hour / 5.0);
        play_within(opened(play), ALL * p, sqrt(ALL * p * (1 - p)) + 1);
    }
    play_end(play);
}

/* Who has given up since is not told; who follows since is told from the next day on; an
 * exclusive video is subscribers' own. */
static void told_are_those_who_follow(void **state)
{
    struct play play_, *play = &play_;
    struct world *w = &play->scene.world;
    (void)state;
    set_up(play);
    start(play);
    for (uint32_t i = 0; i < VIEWERS; i++)
        assert_true(relation_remove(&w->viewers[2].relations, &w->viewers[2].row[i].relations,
                                    relation_make(RELATION_FOLLOW, 0)));
    tie(play, RELATION_FOLLOW, 4);
    publish(play, 0);
    publish(play, 4);
    for (int i = 0; i < 2; i++) play_window(play, false);
    assert_true(opened(play) == 3 * VIEWERS);
    while (w->close % TIME_DAY != 0) play_window(play, false);
    publish(play, 4);
    for (int i = 0; i < 2; i++) play_window(play, false);
    assert_true(opened(play) == 7 * VIEWERS);
    w->videos[0].row[0].flags |= VIDEO_EXCLUSIVE;
    SET("subscriber", "1.0");
    publish(play, 0);
    for (int i = 0; i < 2; i++) play_window(play, false);
    assert_true(opened(play) == 7 * VIEWERS);
    tie(play, RELATION_RENEWED, 0);
    while (w->close % TIME_DAY != 0) play_window(play, false);
    publish(play, 0);
    for (int i = 0; i < 2; i++) play_window(play, false);
    assert_true(opened(play) == 10 * VIEWERS); /* the second shard follows it no more */
    play_end(play);
}

/* A channel that does not ask costs nobody the lists. */
static void lists_are_made_for_who_asks(void **state)
{
    struct play play_, *play = &play_;
    uint32_t count;
    (void)state;
    set_up(play);
    start(play);
    const struct followers *lists = &play->growth->shards[3].followers;
    const uint32_t *row = followers_of(lists, play->scene.world.shards, 1, &count);
    assert_int_equal(count, VIEWERS);
    for (uint32_t i = 0; i < count; i++) assert_int_equal(row[i], i);
    assert_null(followers_of(lists, play->scene.world.shards, 9, &count));
    assert_null(followers_of(lists, play->scene.world.shards, 1000, &count));
    assert_true(growth_bytes(play->growth) >= 4 * 2 * 4 * VIEWERS);
    play_end(play);
    set_up(play);
    scene_set(&play->scene, "growth.channels", "[\"social_share\"]");
    start(play);
    assert_int_equal(followers_bytes(&play->growth->shards[3].followers), 0);
    play_end(play);
}

static enum status load(const char *column)
{
    struct play first, second;
    set_up(&first);
    set_up(&second);
    start(&first);
    publish(&first, 0);
    for (int i = 0; i < 2; i++) play_window(&first, false);
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
    assert_int_equal(load("notification.readers"), STATUS_BAD_INPUT);
    assert_int_equal(load("notification.load"), STATUS_BAD_INPUT);
    assert_int_equal(load("followers.known"), STATUS_BAD_INPUT);
    assert_int_equal(load("followers.count"), STATUS_BAD_INPUT);
    assert_int_equal(load("followers.base"), STATUS_BAD_INPUT);
    assert_int_equal(load("followers.first"), STATUS_BAD_INPUT);
    assert_int_equal(load("followers.viewer"), STATUS_BAD_INPUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_who_let_them_through_are_told),
        cmocka_unit_test(bells_last),
        cmocka_unit_test(viewers_tire),
        cmocka_unit_test(delays_are_exponential),
        cmocka_unit_test(told_are_those_who_follow),
        cmocka_unit_test(lists_are_made_for_who_asks),
        cmocka_unit_test(impossible_states_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
