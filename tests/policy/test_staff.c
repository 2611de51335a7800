/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Staff boost: who is chosen, and what it brings them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "platform/core.h"
#include "sim/lab.h"

#define TWO_GROUPS                                                                             \
    "platform.rerankers=[\"no_repeats\", \"staff_boost\"]",                                    \
        "creators.cohorts[0].name=\"stars\"", "creators.cohorts[0].count=10",                  \
        "creators.cohorts[1].name=\"others\"", "creators.cohorts[1].count=90"

struct found {
    uint64_t videos[2], lifted[2], impressions[2]; /* by group */
};

static struct found run(const char *const *settings)
{
    struct lab lab;
    struct found f = {0};
    assert_int_equal(lab_whole(&lab, settings), STATUS_OK);
    const struct world *w = sim_world(lab.sim);
    for (uint32_t s = 0; s < w->shards.count; s++)
        for (size_t r = 0; r < w->videos[s].count; r++) {
            const struct video_counters *c = &w->videos[s].counter[r];
            if (c->state != VIDEO_ACTIVE) continue;
            const struct creator *creator = world_creator(w, w->videos[s].row[r].creator);
            bool lifted = c->marks & VIDEO_LIFTED;
            f.videos[creator->cohort]++;
            f.lifted[creator->cohort] += lifted;
            f.impressions[creator->cohort] += c->impressions;
        }
    lab_free(&lab);
    return f;
}

static double share_of_stars(const struct found *f)
{
    return (double)f->impressions[0] / (double)(f->impressions[0] + f->impressions[1]);
}

static void a_group_that_staff_lift_is_seen_more(void **state)
{
    static const char *const none[] = {TWO_GROUPS, "platform.rerank.staff_boost.weight=0",
                                       "platform.rerank.staff_boost.share=1",
                                       "platform.rerank.staff_boost.cohort=\"stars\"", NULL};
    static const char *const some[] = {TWO_GROUPS, "platform.rerank.staff_boost.weight=3",
                                       "platform.rerank.staff_boost.share=1",
                                       "platform.rerank.staff_boost.cohort=\"stars\"", NULL};
    struct found before = run(none), after = run(some);
    (void)state;
    assert_true(after.lifted[0] == after.videos[0] && after.videos[0] > 0);
    assert_int_equal(after.lifted[1], 0);
    print_message("%.3f of impressions are theirs without, %.3f with it\n",
                  share_of_stars(&before), share_of_stars(&after));
    assert_true(share_of_stars(&after) > 1.5 * share_of_stars(&before));
}

static void a_share_is_of_creators_and_zero_is_nobody(void **state)
{
    static const char *const part[] = {TWO_GROUPS, "platform.rerank.staff_boost.share=0.3",
                                       "platform.rerank.staff_boost.cohort=\"others\"", NULL};
    static const char *const nobody[] = {TWO_GROUPS, "platform.rerank.staff_boost.share=0",
                                         NULL};
    static const char *const plain[] = {TWO_GROUPS, "platform.rerankers=[\"no_repeats\"]",
                                        NULL};
    struct found f = run(part);
    double share = (double)f.lifted[1] / (double)f.videos[1];
    (void)state;
    assert_int_equal(f.lifted[0], 0);
    print_message("%.3f of videos are lifted\n", share);
    /* 90 creators of unequal numbers of videos: four binomial errors, and half as much again */
    assert_true(fabs(share - 0.3) < 6 * sqrt(0.3 * 0.7 / 90));
    f = run(nobody);
    assert_int_equal(f.lifted[0] + f.lifted[1], 0);
    struct found other = run(plain);
    assert_int_equal(f.impressions[0], other.impressions[0]);
    assert_int_equal(f.impressions[1], other.impressions[1]);
}

static void a_group_that_is_not_there_is_refused(void **state)
{
    static const char *const wrong[] = {TWO_GROUPS,
                                        "platform.rerank.staff_boost.cohort=\"nobody\"", NULL};
    struct lab lab;
    (void)state;
    assert_int_equal(lab_init(&lab, lab_tiny, NULL), STATUS_OK);
    assert_int_equal(lab_settings(&lab, wrong), STATUS_OK);
    assert_int_equal(lab_begin(&lab, NULL), STATUS_BAD_INPUT);
    assert_non_null(strstr(lab.errors.text, "staff_boost.cohort"));
    lab_free(&lab);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_group_that_staff_lift_is_seen_more),
        cmocka_unit_test(a_share_is_of_creators_and_zero_is_nobody),
        cmocka_unit_test(a_group_that_is_not_there_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
