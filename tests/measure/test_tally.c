/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "measure/parts.h"
#include "sim/lab.h"
#include "sim/parts.h"

/* Counted one by one, and by bytes. */
static void test_acts_are_counted_bit_by_bit(void **state)
{
    enum { N = 5000 };
    struct video video[4] = {{.cohort = 0}, {.cohort = 3}, {.cohort = 1}, {.cohort = 63}};
    struct video_shard videos = {.row = video, .count = 4};
    const struct world world = {.shards = {1, 0}, .videos = &videos};
    static struct impression row[N];
    static struct tally tally;
    static struct interval interval;
    uint64_t act[INTERVAL_ACTS] = {0}, watch = 0, source = 0, cohort = 0;
    uint32_t random = 1;
    (void)state;
    for (size_t i = 0; i < N; i++) {
        random = random * 1664525 + 1013904223;
        row[i] = (struct impression){.video = random >> 30,
                                     .acts = (uint16_t)(random >> 8 & 0x3fff),
                                     .watch_ms = random >> 20,
                                     .source = (random >> 4) % SOURCES & IMPRESSION_CODE_MOST};
        for (int bit = 0; bit < INTERVAL_ACTS; bit++) act[bit] += row[i].acts >> bit & 1;
        watch += row[i].watch_ms;
        source += row[i].source == SOURCE_TRENDING;
        cohort += row[i].video == 1;
    }
    tally_rows(&tally, &world, 0, row, N / 2);
    tally_rows(&tally, &world, 0, row + N / 2, N / 2);
    tally_add(&tally, &interval);
    assert_int_equal(interval.impressions, N);
    assert_int_equal(interval.watch_ms, watch);
    assert_int_equal(interval.source[SOURCE_TRENDING], source);
    assert_int_equal(interval.cohort_impressions[3], cohort);
    for (int bit = 0; bit < INTERVAL_ACTS; bit++)
        assert_int_equal(interval_acts(&interval, (enum act)(1 << bit)), act[bit]);
    tally_add(&tally, &interval); /* another shard's come on top */
    assert_int_equal(interval.impressions, 2 * N);
    assert_int_equal(interval_acts(&interval, ACT_HIDE), 2 * act[8]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_acts_are_counted_bit_by_bit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
