/* SPDX-License-Identifier: GPL-3.0-or-later */
/* THREADS */
/*
 * The contract that every registered channel keeps: no money from nothing, the same acts the
 * same state, an empty world, a checkpoint in between.
 */
#include "growth/parts.h"
#include "growth/play.h"

static const struct scene_size size = {4, 60, 6, 24};
#define WINDOWS 40

static void set_up(struct play *play, const char *channels)
{
    play_init(play, channels);
    play->share = 0.5;
    scene_set(&play->scene, "growth.social_share.reach", "2.0");
    scene_set(&play->scene, "growth.search.outside", "0.5");
    scene_set(&play->scene, "growth.search.cost", "0.1");
    scene_set(&play->scene, "growth.collaboration.rate", "20.0");
    scene_set(&play->scene, "growth.collaboration.cost", "0.1");
    scene_set(&play->scene, "growth.collaboration.worth", "1.0");
    scene_set(&play->scene, "growth.paid_boost.min_spend", "0.0");
    scene_set(&play->scene, "growth.cross_platform.adopt", "1.0");
    scene_set(&play->scene, "growth.notification.follower", "1.0");
    scene_set(&play->scene, "growth.notification.open", "0.5");
    scene_set(&play->scene, "growth.livestream.adopt", "1.0");
    scene_set(&play->scene, "growth.livestream.cost", "0.1");
    scene_set(&play->scene, "growth.livestream.attend", "0.5");
    scene_set(&play->scene, "growth.offline_event.venue", "0.1");
    scene_set(&play->scene, "growth.offline_event.guest", "0.01");
    scene_set(&play->scene, "growth.offline_event.ahead", "0.1");
    scene_set(&play->scene, "growth.offline_event.attend", "0.5");
    scene_set(&play->scene, "growth.offline_event.curious", "0.1");
    scene_set(&play->scene, "growth.cascades.silence", "0.5");
}

static void start(struct play *play)
{
    struct world *w = &play->scene.world;
    play_start(play, size);
    play_befriend(play, 10);
    play_follow(play, 5);
    play_populate(play);
    for (uint32_t s = 0; s < size.shards; s++)
        for (uint32_t i = 0; i < size.creators; i++) {
            play_endow(play, s, i, 10 * MICRO);
            w->creators[s].row[i].followers = 10 * (i + 1);
        }
}

/* Some share, some buy, some of what was bought is shown, something is published. */
static void step(struct play *play, uint32_t window, bool backwards)
{
    struct world *w = &play->scene.world;
    struct promotion_service promotion = growth_promotion(play->growth);
    for (uint32_t s = 0; s < size.shards; s++) {
        uint32_t row = (window * 7 + s) % size.viewers;
        uint32_t video = entity_number(w->shards, window % size.videos, s);
        if (window % 3)
            assert_int_equal(engine_plan(play->engine, entity_number(w->shards, row, s),
                                         engine_window_start(play->engine) + s, EVENT_SESSION,
                                         video),
                             STATUS_OK);
        for (size_t i = 0; i < w->boosts[s].count; i++) {
            if (!w->boosts[s].row[i].left) continue;
            struct impression *shown = (struct impression *)exchange_append(&w->impressions, s,
                                                                            s);
            *shown = (struct impression){.video = w->boosts[s].row[i].video,
                                         .source = SOURCE_PROMOTED};
        }
    }
    play_window(play, backwards);
    for (uint32_t s = 0; s < size.shards; s++) {
        uint32_t creator = window % size.creators;
        uint32_t video = w->creators[s].row[creator].videos[0];
        w->videos[s].counter[entity_row(w->shards, video)].published = w->close;
        promotion.promote(promotion.self, s, creator, MICRO / 2);
    }
}

static uint64_t state_of(struct play *play)
{
    struct visit_hash h = {0};
    assert_int_equal(visit_hash_init(&h), STATUS_OK);
    scene_visit(&play->scene, NULL, play->growth, &h.visitor);
    engine_visit(play->engine, &h.visitor);
    uint64_t digest = visit_hash_digest(&h);
    visit_hash_free(&h);
    return digest ^ play->digest;
}

static uint64_t run(const char *channels, bool backwards)
{
    struct play play;
    set_up(&play, channels);
    start(&play);
    for (uint32_t i = 0; i < WINDOWS; i++) step(&play, i, backwards);
    assert_int_equal(growth_finish(play.growth), STATUS_OK);
    uint64_t digest = state_of(&play);
    play_end(&play);
    return digest;
}

static enum status visit_all(struct play *play, struct scene_tape *tape, enum visit_mode mode)
{
    tape->visitor = (struct visitor){
        .mode = mode, .column = scene_tape_column, .context = tape};
    scene_visit(&play->scene, NULL, play->growth, &tape->visitor);
    engine_visit(play->engine, &tape->visitor);
    return tape->visitor.status;
}

static uint64_t run_in_two(const char *channels)
{
    struct play first, second;
    struct scene_tape tape = {0};
    set_up(&first, channels);
    set_up(&second, channels);
    start(&first);
    for (uint32_t i = 0; i < 17; i++) step(&first, i, false);
    assert_int_equal(visit_all(&first, &tape, VISIT_SAVE), STATUS_OK);
    play_start(&second, size);
    assert_int_equal(visit_all(&second, &tape, VISIT_LOAD), STATUS_OK);
    second.digest = first.digest;
    for (uint32_t i = 17; i < WINDOWS; i++) step(&second, i, false);
    assert_int_equal(growth_finish(second.growth), STATUS_OK);
    uint64_t digest = state_of(&second);
    play_end(&first);
    play_end(&second);
    memory_free(tape.bytes);
    return digest;
}

static void each(void (*check)(const char *channels))
{
    char all[1024] = "[";
    for (size_t i = 0; growth_channels[i]; i++) {
        char one[128];
        snprintf(one, sizeof(one), "[\"%s\"]", growth_channels[i]->name);
        snprintf(all + strlen(all), sizeof(all) - strlen(all), "%s\"%s\"", i ? "," : "",
                 growth_channels[i]->name);
        check(one);
    }
    strcat(all, "]");
    check(all);
    check("[]");
}

static void check_determinism(const char *channels)
{
    uint64_t digest = run(channels, false);
    assert_true(run(channels, false) == digest);
    assert_true(run(channels, true) == digest);
}

static void check_checkpoint(const char *channels)
{
    assert_true(run_in_two(channels) == run(channels, false));
}

/* What creators had is what they have, hold in orders and have given for good. */
static void check_conservation(const char *channels)
{
    struct play play;
    struct world *w = &play.scene.world;
    set_up(&play, channels);
    start(&play);
    for (uint32_t i = 0; i < WINDOWS; i++) step(&play, i, false);
    for (uint32_t s = 0; s < size.shards; s++) {
        int64_t spend = 0, balances = 0, escrow = 0;
        for (size_t i = 0; i < w->creators[s].count; i++) {
            assert_true(w->creators[s].row[i].balance >= 0);
            balances += w->creators[s].row[i].balance;
            for (int k = 0; k < LEDGER_CHANNELS_MAX; k++)
                spend += w->creators[s].row[i].spend[k];
        }
        for (size_t i = 0; i < w->boosts[s].count; i++) escrow += w->boosts[s].row[i].escrow;
        assert_int_equal(balances + spend, size.creators * 10 * MICRO);
        assert_int_equal(w->creators[s].book.balance[ACCOUNT_CREATORS], balances);
        assert_int_equal(w->creators[s].book.balance[ACCOUNT_ESCROW], escrow);
        assert_int_equal(w->creators[s].book.balance[ACCOUNT_PLATFORM] +
                             w->creators[s].book.balance[ACCOUNT_PROMOTION],
                         spend - escrow);
    }
    play_end(&play);
}

static void check_empty(const char *channels)
{
    struct play play;
    set_up(&play, channels);
    play_start(&play, (struct scene_size){2, 0, 0, 0});
    assert_int_equal(growth_populate(play.growth), STATUS_OK);
    for (int i = 0; i < 30; i++) assert_false(play_window(&play, false));
    assert_int_equal(growth_finish(play.growth), STATUS_OK);
    assert_int_equal(play.rows, 0);
    play_end(&play);
}

/* Viewers share whatever creators do; of all else nothing happens where no cohort uses it. */
static void check_unused(const char *channels)
{
    struct play play;
    struct world *w = &play.scene.world;
    if (strstr(channels, "social_share")) return;
    set_up(&play, channels);
    start(&play);
    memset(play.growth->uses, 0, sizeof(play.growth->uses));
    for (uint32_t i = 0; i < WINDOWS; i++) step(&play, i, false);
    for (uint32_t s = 0; s < size.shards; s++) {
        assert_int_equal(play.reached[s], 0);
        for (size_t i = 0; i < w->videos[s].count; i++)
            assert_false(w->videos[s].row[i].flags & VIDEO_TITLED);
        for (size_t i = 0; i < w->creators[s].count; i++) {
            assert_int_equal(w->creators[s].row[i].balance, 10 * MICRO);
            assert_true(w->creators[s].row[i].worked <= 0);
        }
    }
    assert_int_equal(w->rooms.count, 0);
    assert_int_equal(w->joints.count, 0);
    play_end(&play);
}

static void same_acts_same_state(void **state) { (void)state, each(check_determinism); }
static void checkpoint_changes_nothing(void **state) { (void)state, each(check_checkpoint); }
static void no_money_from_nothing(void **state) { (void)state, each(check_conservation); }
static void empty_world(void **state) { (void)state, each(check_empty); }
static void unused_by_all(void **state) { (void)state, each(check_unused); }

static void names_and_numbers(void **state)
{
    struct play play;
    size_t count = 0;
    (void)state;
    set_up(&play, "[\"paid_boost\", \"social_share\"]");
    start(&play);
    const char *const *names = growth_names(play.growth, &count);
    assert_int_equal(count, 2);
    assert_string_equal(names[0], "social_share");
    assert_string_equal(names[1], "paid_boost");
    play_end(&play);
}

static void trees_of_no_video_are_refused(void **state)
{
    struct play first, second;
    struct scene_tape tape = {0};
    uint32_t s = 0;
    (void)state;
    set_up(&first, "[\"social_share\"]");
    set_up(&second, "[\"social_share\"]");
    start(&first);
    for (uint32_t i = 0; i < 17; i++) step(&first, i, false);
    while (s + 1 < size.shards && !first.growth->shards[s].cascades.nodes) s++;
    assert_true(first.growth->shards[s].cascades.nodes > 0);
    node_at(&first.growth->shards[s].cascades, 0)->video = entity_number(
        first.scene.world.shards, size.videos, s);
    assert_int_equal(visit_all(&first, &tape, VISIT_SAVE), STATUS_OK);
    play_start(&second, size);
    assert_int_equal(visit_all(&second, &tape, VISIT_LOAD), STATUS_BAD_INPUT);
    play_end(&first);
    play_end(&second);
    memory_free(tape.bytes);
}

static void unknown_channels_are_refused(void **state)
{
    struct scene scene;
    struct growth *growth = NULL;
    struct growth_services none = {0};
    (void)state;
    scene_init(&scene);
    scene_set(&scene, "growth.channels", "[\"pigeons\"]");
    scene_world(&scene, size);
    assert_int_equal(growth_init(&growth, &scene.world, &none, &scene.errors),
                     STATUS_BAD_INPUT);
    assert_non_null(strstr(scene.errors.text, "pigeons"));
    assert_null(growth);
    scene_free(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_acts_same_state),
        cmocka_unit_test(checkpoint_changes_nothing),
        cmocka_unit_test(no_money_from_nothing),
        cmocka_unit_test(empty_world),
        cmocka_unit_test(unused_by_all),
        cmocka_unit_test(names_and_numbers),
        cmocka_unit_test(unknown_channels_are_refused),
        cmocka_unit_test(trees_of_no_video_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
