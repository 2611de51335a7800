/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Moderation where its course is known: machines and people who never err, or always do.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <unistd.h>

#include "platform/core.h"
#include "sim/lab.h"

static void begin(struct lab *lab, const char *const *settings)
{
    enum status status = lab_init(lab, lab_tiny, NULL);
    if (!status) status = lab_settings(lab, settings);
    if (!status) status = lab_begin(lab, NULL);
    if (status) print_error("%s\n", lab->errors.text ? lab->errors.text : status_text(status));
    assert_int_equal(status, STATUS_OK);
}

struct found {
    uint64_t active, violating, high, high_violating, held, of_struck;
};

/* The videos in the feed; of these: violating, past the first pool, of creators who have had a
 * video removed. */
static struct found look_over(const struct lab *lab)
{
    const struct world *w = sim_world(lab->sim);
    struct found f = {0};
    for (uint32_t s = 0; s < w->shards.count; s++)
        for (size_t r = 0; r < w->videos[s].count; r++) {
            const struct video *video = &w->videos[s].row[r];
            const struct video_counters *c = &w->videos[s].counter[r];
            if (c->state != VIDEO_ACTIVE) continue;
            bool violating = video->flags & VIDEO_VIOLATING;
            f.active++;
            f.violating += violating;
            f.high += c->pool >= 1;
            f.high_violating += c->pool >= 1 && violating;
            f.held += (c->marks & VIDEO_HELD) != 0;
            f.of_struck += world_creator(w, video->creator)->strikes > 0;
        }
    return f;
}

#define UNERRING                                                                               \
    "platform.moderation.recall=1", "platform.moderation.precision=1",                         \
        "platform.moderation.automatic=1", "creators.production.violations=0.1",               \
        "creators.videos_per_week=14"

static void a_closed_account_has_nothing_in_the_feed(void **state)
{
    static const char *const open[] = {UNERRING, NULL};
    static const char *const closing[] = {UNERRING, "platform.moderation.closes=1", NULL};
    struct lab lab;
    (void)state;
    begin(&lab, open);
    assert_int_equal(lab_run(&lab), STATUS_OK);
    struct found f = look_over(&lab);
    assert_true(f.of_struck > 10 && f.active > f.of_struck);
    assert_int_equal(f.violating, 0); /* nothing gets past such a machine */
    lab_free(&lab);
    begin(&lab, closing);
    for (double day = 0.1; day < 2; day += 0.1) {
        assert_int_equal(lab_until(&lab, day), STATUS_OK);
        f = look_over(&lab);
        assert_int_equal(f.of_struck, 0);
        assert_true(f.active > 0);
    }
    lab_free(&lab);
}

/* Videos in the feed of creators whose account is closed; how many such creators there are. */
static uint64_t shown_of_closed(const struct lab *lab, uint64_t *closed)
{
    const struct world *w = sim_world(lab->sim);
    const struct platform *p = sim_platform(lab->sim);
    uint64_t shown = 0;
    *closed = 0;
    for (uint32_t s = 0; s < w->shards.count; s++) {
        const struct offence *offence = p->shard[s].offence;
        for (size_t i = 0; i < p->shard[s].offences; i++)
            *closed += offence[i].barred == TIME_NEVER;
        for (size_t r = 0; r < w->videos[s].count; r++) {
            uint32_t creator = entity_row(w->shards, w->videos[s].row[r].creator);
            shown += w->videos[s].counter[r].state == VIDEO_ACTIVE &&
                     creator < p->shard[s].offences && offence[creator].barred == TIME_NEVER;
        }
    }
    return shown;
}

/* An appeal that succeeds when other removals have closed the account brings nothing back. */
static void an_appeal_does_not_open_a_closed_account(void **state)
{
    static const char *const settings[] = {"platform.moderation.recall=1",
                                           "platform.moderation.precision=0.5",
                                           "platform.moderation.prevalence=0.3",
                                           "platform.moderation.reinstated=0.5",
                                           "platform.moderation.appeal_delay=6",
                                           "platform.moderation.closes=2",
                                           "creators.production.violations=0.3",
                                           "creators.videos_per_week=28",
                                           NULL};
    struct lab lab;
    uint64_t closed = 0;
    (void)state;
    begin(&lab, settings);
    for (double day = 0.1; day < 2; day += 0.1) {
        assert_int_equal(lab_until(&lab, day), STATUS_OK);
        assert_int_equal(shown_of_closed(&lab, &closed), 0);
    }
    struct platform_figures f = platform_figures(sim_platform(lab.sim));
    print_message("accounts closed: %d, videos reinstated: %d\n", (int)closed,
                  (int)f.reinstated);
    assert_true(closed > 3 && f.reinstated > 3);
    lab_free(&lab);
}

static uint64_t published_by_struck(const char *const *settings)
{
    struct lab lab;
    begin(&lab, settings);
    assert_int_equal(lab_until(&lab, 0.5), STATUS_OK);
    uint64_t before = look_over(&lab).of_struck;
    assert_int_equal(lab_run(&lab), STATUS_OK);
    uint64_t after = look_over(&lab).of_struck;
    lab_free(&lab);
    return after > before ? after - before : 0;
}

/* A suspension of no length is none; while a long one lasts, nothing comes from who has a
 * strike, but what is there stays. */
static void a_suspension_stops_uploads_and_nothing_else(void **state)
{
    static const char *const none[] = {UNERRING, NULL};
    static const char *const zero[] = {UNERRING, "platform.moderation.strikes=1",
                                       "platform.moderation.suspension=0", NULL};
    static const char *const longer[] = {UNERRING, "platform.moderation.strikes=1",
                                         "platform.moderation.suspension=100", NULL};
    struct lab a, b, c;
    (void)state;
    begin(&a, none);
    begin(&b, zero);
    begin(&c, longer);
    assert_int_equal(lab_run(&a), STATUS_OK);
    assert_int_equal(lab_run(&b), STATUS_OK);
    assert_int_equal(lab_run(&c), STATUS_OK);
    assert_true(a.digest == b.digest);
    struct found free = look_over(&a), barred = look_over(&c);
    print_message("in the feed of those with a removal: %d, suspended %d\n",
                  (int)free.of_struck, (int)barred.of_struck);
    assert_true(barred.of_struck > 0 && barred.of_struck < free.of_struck);
    lab_free(&a);
    lab_free(&b);
    lab_free(&c);
    assert_true(published_by_struck(none) > published_by_struck(longer));
}

#define LOOKING                                                                                \
    "platform.moderation.recall=0", "platform.moderation.precision=1",                         \
        "platform.moderation.delay=0.01", "creators.production.violations=0.3",                \
        "platform.pools.tiers=[5.0, 20.0]", "platform.pools.pass=[0.9]"

static void who_looks_finds(void **state)
{
    static const char *const nobody[] = {LOOKING, NULL};
    static const char *const all[] = {LOOKING, "platform.moderation.looks=1",
                                      "platform.moderation.look_recall=1", NULL};
    struct lab lab;
    (void)state;
    begin(&lab, nobody);
    assert_int_equal(lab_run(&lab), STATUS_OK);
    struct found f = look_over(&lab);
    assert_true(f.high_violating > 5 && f.held == 0);
    lab_free(&lab);
    begin(&lab, all);
    assert_int_equal(lab_run(&lab), STATUS_OK);
    struct found found = look_over(&lab);
    print_message("past the first pool: %d of %d violating, looked at: %d of %d\n",
                  (int)f.high_violating, (int)f.high, (int)found.high_violating,
                  (int)found.high);
    assert_int_equal(found.high_violating, 0);
    assert_true(found.high > 20); /* those who did no wrong go on */
    lab_free(&lab);
}

/* Nobody goes on unseen: at most as many as there were looks. */
static void looks_are_as_many_as_people_have_time_for(void **state)
{
    static const char *const few[] = {LOOKING, "platform.moderation.looks=1",
                                      "platform.moderation.looks_daily=12.5", NULL};
    struct lab lab;
    (void)state;
    begin(&lab, few);
    for (double day = 0.25; day <= 2; day += 0.25) {
        assert_int_equal(lab_until(&lab, day), STATUS_OK);
        struct found f = look_over(&lab);
        assert_true((double)f.high <= 12.5 * day + 1);
    }
    struct found f = look_over(&lab);
    print_message("looked at %d, wait %d\n", (int)f.high, (int)f.held);
    assert_true(f.high >= 12 && f.held > 10);
    lab_free(&lab);
}

static void moderation_is_the_same_for_any_threads_and_after_a_resume(void **state)
{
    static const char *const set[] = {
        "creators.production.violations=0.2", "platform.moderation.prevalence=0.2",
        "platform.moderation.precision=0.5",  "platform.moderation.reinstated=0.4",
        "platform.moderation.appeal_delay=2", "platform.moderation.delay=2",
        "platform.moderation.looks=1",        "platform.moderation.looks_daily=30.5",
        "platform.moderation.strikes=1",      "platform.moderation.closes=3",
        "platform.pools.tiers=[5.0, 20.0]",   NULL};
    char path[] = "/tmp/reelsim_moderationXXXXXX";
    struct lab one, three, resumed;
    (void)state;
    int file = mkstemp(path);
    assert_true(file >= 0);
    close(file);
    begin(&one, set);
    assert_int_equal(lab_until(&one, 0.6), STATUS_OK);
    assert_int_equal(lab_save(&one, path), STATUS_OK);
    uint64_t digest = one.digest;
    assert_int_equal(lab_run(&one), STATUS_OK);
    assert_int_equal(lab_init(&three, lab_tiny, NULL), STATUS_OK);
    assert_int_equal(lab_settings(&three, set), STATUS_OK);
    assert_int_equal(lab_begin(&three, &(struct lab_way){.threads = 3, .shuffle = true}), 0);
    assert_int_equal(lab_run(&three), STATUS_OK);
    assert_true(three.hash == one.hash && three.digest == one.digest);
    assert_int_equal(lab_init(&resumed, lab_tiny, NULL), STATUS_OK);
    assert_int_equal(lab_settings(&resumed, set), STATUS_OK);
    assert_int_equal(lab_load(&resumed, NULL, path), STATUS_OK);
    resumed.digest = digest;
    assert_int_equal(lab_run(&resumed), STATUS_OK);
    assert_true(resumed.hash == one.hash && resumed.digest == one.digest);
    lab_free(&one);
    lab_free(&three);
    lab_free(&resumed);
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_closed_account_has_nothing_in_the_feed),
        cmocka_unit_test(an_appeal_does_not_open_a_closed_account),
        cmocka_unit_test(a_suspension_stops_uploads_and_nothing_else),
        cmocka_unit_test(who_looks_finds),
        cmocka_unit_test(looks_are_as_many_as_people_have_time_for),
        cmocka_unit_test(moderation_is_the_same_for_any_threads_and_after_a_resume),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
