/* SPDX-License-Identifier: GPL-3.0-or-later */
/* THREADS */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <unistd.h>

#include "lab.h"
#include "viewers/tape.h"

static const char *const world[] = {
    "viewers.count=400",         "creators.count=40", "run.days=1",        "run.shards=8",
    "creators.backlog_days=4.0", "measure.panel=50",  "measure.sample=50", NULL,
};

/* How a run is made; its hash must not depend on any of it. */
struct way {
    struct lab_way lab;
    int windows_before_save; /* 0 = straight through */
};

static enum status make(struct lab *lab, const char *const *settings)
{
    enum status status = lab_init(lab, world, NULL);
    return status ? status : lab_settings(lab, settings);
}

static uint64_t end(struct lab *lab, enum status status)
{
    if (!status) status = lab_run(lab);
    uint64_t hash = status ? 0 : lab->hash;
    lab_free(lab);
    return hash;
}

static uint64_t run(const struct way *way, const char *const *settings)
{
    struct lab lab, again;
    char path[64];
    enum status status = make(&lab, settings);
    if (!status) status = lab_begin(&lab, &way->lab);
    if (!way->windows_before_save) return end(&lab, status);
    for (int w = 0; w < way->windows_before_save && !status; w++)
        status = sim_step(lab.sim, &lab.errors);
    snprintf(path, sizeof path, "/tmp/reelsim-test-%ld", (long)getpid());
    if (!status) status = lab_save(&lab, path);
    lab_free(&lab);
    if (!status) status = make(&again, settings);
    if (status) return 0;
    status = lab_load(&again, &way->lab, path);
    unlink(path);
    return end(&again, status);
}

/* Saved at eight in the evening: sessions are open, videos wait, allowances are unspent. */
static const struct way ways[] = {
    {{2, false}, 0}, {{3, true}, 0}, {{8, false}, 0}, {{2, false}, 120}};

static void test_one_hash_for_every_way(void **state)
{
    (void)state;
    const char *const rankers[] = {"platform.ranker=content", "platform.ranker=mf"};
    for (size_t r = 0; r < 2; r++) {
        const char *const settings[] = {rankers[r], NULL};
        const uint64_t straight = run(&(struct way){{1, false}, 0}, settings);
        assert_int_not_equal(straight, 0);
        for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++)
            assert_int_equal(run(&ways[i], settings), straight);
    }
}

static void test_every_ranker_has_a_world_of_its_own(void **state)
{
    (void)state;
    const char *const rankers[] = {"platform.ranker=random",   "platform.ranker=popular",
                                   "platform.ranker=trending", "platform.ranker=content",
                                   "platform.ranker=mf",       "platform.ranker=oracle"};
    uint64_t hash[6];
    for (size_t i = 0; i < 6; i++) {
        const char *const settings[] = {rankers[i], NULL};
        hash[i] = run(&(struct way){{2, false}, 0}, settings);
    }
    for (size_t i = 0; i < 6; i++) {
        assert_int_not_equal(hash[i], 0);
        for (size_t j = 0; j < i; j++) assert_int_not_equal(hash[i], hash[j]);
    }
}

/* ---------------------------------------------------------------------------- dated changes
 */

#define NOON 72 /* windows */
#define CHANGE(set, value)                                                                     \
    "policy.changes[0].day=0.5", "policy.changes[0].set=\"" set "\"",                          \
        "policy.changes[0].value=\"" value "\"", NULL

/* What viewers derive from parameters is there again before the first window after a resume. */
static void test_a_change_outlives_a_resume(void **state)
{
    static const char *const scale[] = {CHANGE("viewers.weibull.scale", "3.0")};
    const uint64_t straight = run(&(struct way){{1, false}, 0}, scale);
    (void)state;
    assert_int_not_equal(straight, 0);
    for (int after = 0; after < 3; after++)
        assert_int_equal(run(&(struct way){{1, false}, NOON + after}, scale), straight);
}

/* The state `windows` after the start. */
static uint64_t hash_after(int windows, const char *const *settings)
{
    struct lab lab;
    enum status status = make(&lab, settings);
    if (!status) status = lab_begin(&lab, NULL);
    for (int w = 0; w < windows && !status; w++) status = sim_step(lab.sim, &lab.errors);
    if (!status) status = sim_hash(lab.sim, &lab.hash);
    uint64_t hash = status ? 0 : lab.hash;
    lab_free(&lab);
    return hash;
}

/* Against a change to what is so already: the same until noon, another one window later. */
static void test_a_change_is_seen_by_the_next_window(void **state)
{
    static const char *const kept[] = {CHANGE("viewers.weibull.scale", "1.1")},
                             *const scale[] = {CHANGE("viewers.weibull.scale", "3.0")},
                             *const consent[] = {CHANGE("viewers.consent_other", "0.1")};
    uint64_t before = hash_after(NOON - 1, kept), at = hash_after(NOON, kept),
             after = hash_after(NOON + 1, kept);
    (void)state;
    assert_true(before != 0 && at != 0 && after != 0);
    assert_int_equal(hash_after(NOON - 1, scale), before);
    assert_int_equal(hash_after(NOON, scale), at);
    assert_int_not_equal(hash_after(NOON + 1, scale), after);
    assert_int_equal(hash_after(NOON - 1, consent), before);
    assert_int_not_equal(hash_after(NOON, consent), at); /* flags are set at the close */
}

/* What a cohort does not give it takes from creators.*: the same world as when it gives it. */
static void test_cohorts_take_what_they_do_not_give(void **state)
{
#define TWO_COHORTS                                                                            \
    "creators.cohorts[0].name=a", "creators.cohorts[0].count=25",                              \
        "creators.cohorts[1].name=b", "creators.cohorts[1].count=15"
    static const char *const taken[] = {TWO_COHORTS, "creators.commercial=1.0",
                                        "creators.videos_per_week=7.0",
                                        "creators.cohorts[1].commercial=0.0", NULL};
    static const char *const given[] = {TWO_COHORTS,
                                        "creators.cohorts[0].commercial=1.0",
                                        "creators.cohorts[1].commercial=0.0",
                                        "creators.cohorts[0].videos_per_week=7.0",
                                        "creators.cohorts[1].videos_per_week=7.0",
                                        NULL};
    static const char *const usual[] = {TWO_COHORTS, NULL};
    const struct way plain = {{1, false}, 0};
    uint64_t hash = run(&plain, taken);
    (void)state;
    assert_int_not_equal(hash, 0);
    assert_int_equal(hash, run(&plain, given));
    assert_int_not_equal(hash, run(&plain, usual));
}

/* The tape is read, but every event comes from somebody who is not there. */
static void forge_sources(struct visitor *v, const char *name, void *data, size_t width,
                          size_t stride, size_t count)
{
    tape_column(v, name, data, width, stride, count);
    if (strcmp(name, "engine.event.source") != 0) return;
    for (size_t i = 0; i < count; i++)
        memcpy((char *)data + i * stride, &(uint32_t){0x7ffffff0}, sizeof(uint32_t));
}

/* Who opens what a friend has sent asks who that is. */
static void test_senders_of_videos_are_there(void **state)
{
    static const char *const sharing[] = {"growth.channels=[\"social_share\"]",
                                          "viewers.weibull.share=0.05", NULL};
    (void)state;
    for (int forged = 0; forged < 2; forged++) {
        struct lab a, b;
        struct tape tape;
        assert_int_equal(make(&a, sharing), STATUS_OK);
        assert_int_equal(lab_begin(&a, NULL), STATUS_OK);
        assert_int_equal(lab_until(&a, 0.5), STATUS_OK);
        tape_open(&tape);
        sim_visit(a.sim, &tape.visitor);
        assert_int_equal(make(&b, sharing), STATUS_OK);
        assert_int_equal(lab_begin_empty(&b, NULL), STATUS_OK);
        tape_rewind(&tape);
        if (forged) tape.visitor.column = forge_sources;
        sim_visit(b.sim, &tape.visitor);
        assert_int_equal(tape.visitor.status, forged ? STATUS_BAD_INPUT : STATUS_OK);
        tape_free(&tape);
        lab_free(&a);
        lab_free(&b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_hash_for_every_way),
        cmocka_unit_test(test_every_ranker_has_a_world_of_its_own),
        cmocka_unit_test(test_a_change_outlives_a_resume),
        cmocka_unit_test(test_a_change_is_seen_by_the_next_window),
        cmocka_unit_test(test_cohorts_take_what_they_do_not_give),
        cmocka_unit_test(test_senders_of_videos_are_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
