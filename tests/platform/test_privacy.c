/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What learners may see, and that nothing else knows of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "lab.h"

#define VIEWERS 300

static void open_lab(struct lab *lab, const char *ranker, const char *setting)
{
    const char *const set[] = {ranker, setting, NULL};
    struct lab_options o = {.viewers = VIEWERS,
                            .creators = 20,
                            .videos = 300,
                            .shards = 4,
                            .threads = 1,
                            .set = set};
    lab_open(lab, &o);
}

/* Laplace noise of scale 60 s / epsilon on the seconds; each act turned with 1 / (1 + e^eps),
 * by itself; the same row gets the same noise. */
static void noise_is_as_declared(void **state)
{
    enum { ROWS = 40000 };
    struct lab lab;
    double away = 0, turned[16] = {0}, both = 0;
    (void)state;
    open_lab(&lab, "platform.ranker=content", "platform.privacy.epsilon=2");
    for (uint32_t i = 0; i < ROWS; i++) {
        struct impression act = {
            .watch_ms = 30000, .at = i & IMPRESSION_AT_MOST, .acts = ACT_CONSENT | ACT_LIKE};
        struct impression room, again;
        const struct impression *seen = privacy_blur(lab.platform, 77, &act, &room);
        const struct impression *same = privacy_blur(lab.platform, 77, &act, &again);
        assert_memory_equal(seen, same, sizeof *seen);
        unsigned flips = (unsigned)(seen->acts ^ act.acts);
        for (int b = 0; b < 16; b++) turned[b] += flips >> b & 1;
        both += (flips & ACT_LIKE) && (flips & ACT_SHARE);
        away += fabs((double)seen->watch_ms - 30000.0) >= 29999;
    }
    const double p = 0.11920292; /* 1 / (1 + e^2) */
    const unsigned noised = ACT_LIKE | ACT_COMMENT | ACT_SHARE | ACT_FOLLOW | ACT_HIDE |
                            ACT_REPORT | ACT_TIP | ACT_PLAY_18S;
    for (unsigned b = 0; b < 16; b++)
        assert_near(turned[b] / ROWS, noised >> b & 1 ? p : 0, 5 * sqrt(p * (1 - p) / ROWS));
    assert_near(both / ROWS, p * p, 5 * sqrt(p * p / ROWS));
    /* P(|Laplace(30 s)| > 30 s) = 1 / e: those end at 0 or 60 s */
    assert_near(away / ROWS, 0.36787944, 5 * sqrt(0.2325 / ROWS));
    lab_close(&lab);
}

static bool row_empty(struct lab *lab, uint32_t s, uint32_t row)
{
    const uint16_t *lanes = rows_viewer(lab->platform, s, row) + 2 * SEEN_WORDS;
    uint16_t any = 0;
    for (uint32_t k = 0; k < lab->platform->wide.lanes; k++) any |= lanes[k];
    return any == 0;
}

static uint32_t empty_rows(struct lab *lab)
{
    uint32_t n = 0;
    for (uint32_t s = 0; s < lab->world.shards.count; s++)
        for (uint32_t row = 0; row < lab->world.viewers[s].count; row++)
            n += row_empty(lab, s, row);
    return n;
}

/* Nothing is known of those who opted out, and of all others something. */
static void who_opts_out_is_not_learned_from(void **state)
{
    struct lab lab;
    (void)state;
    open_lab(&lab, "platform.ranker=mf", "platform.privacy.opt_out=0.3");
    for (int w = 0; w < 60; w++) lab_window(&lab, 2);
    /* 90 +- 8 */
    assert_true(empty_rows(&lab) > 58 && empty_rows(&lab) < 122);
    lab_close(&lab);
}

/* A ranker that learns nothing shows the same slates, and all that is counted is the same. */
static void nothing_else_changes(void **state)
{
    static const char *const set[] = {"platform.privacy.epsilon=0.5",
                                      "platform.privacy.opt_out=0.5",
                                      "platform.privacy.retention=1"};
    uint64_t plain = 0;
    (void)state;
    for (int k = -1; k < 3; k++) {
        struct lab lab;
        open_lab(&lab, "platform.ranker=popular", k < 0 ? "platform.slate=10" : set[k]);
        for (int w = 0; w < 150; w++) lab_window(&lab, 2);
        if (k < 0) plain = lab_hash(&lab);
        assert_int_equal(lab_hash(&lab), plain);
        lab_close(&lab);
    }
}

/* With retention of a day all rows are empty after midnight, with a year's next to none. */
static void old_knowledge_is_forgotten(void **state)
{
    static const char *const set[] = {"platform.privacy.retention=1",
                                      "platform.privacy.retention=365"};
    (void)state;
    for (int k = 0; k < 2; k++) {
        struct lab lab;
        open_lab(&lab, "platform.ranker=mf", set[k]);
        for (int w = 0; w < 143; w++) lab_window(&lab, 0);
        uint32_t before = empty_rows(&lab);
        lab_window(&lab, 0); /* closes the day */
        require(lab.world.now % TIME_DAY == 0);
        print_message("%s: %u rows empty before midnight, %u after\n", set[k], before,
                      empty_rows(&lab));
        assert_true(before < 5);
        if (k == 0) assert_int_equal(empty_rows(&lab), VIEWERS);
        if (k == 1) assert_true(empty_rows(&lab) < before + 8);
        lab_close(&lab);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(noise_is_as_declared),
        cmocka_unit_test(who_opts_out_is_not_learned_from),
        cmocka_unit_test(nothing_else_changes),
        cmocka_unit_test(old_knowledge_is_forgotten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
