/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/memory.h"
#include "measure/weeks.h"

static int64_t views_of(const struct creator *c) { return (int64_t)c->impressions; }

static void test_whole_weeks_only(void **state)
{
    static struct creator row[3] = {{.joined = 0}, {.joined = 8 * TIME_DAY}, {.joined = 0}};
    struct creator_shard creators = {.row = row, .count = 1};
    const struct world world = {.shards = {1, 0}, .creators = &creators};
    struct metric_view view = {.world = &world};
    struct weeks weeks = {0};
    (void)state;
    for (int day = 1; day <= 70; day++) {
        row[0].impressions += (uint64_t)(day + 6) / 7; /* the number of the week, each day */
        if (day == 8) creators.count = 2;              /* one more joins in week 2 */
        if (day > 8) row[1].impressions += 1;
        view.to = day * TIME_DAY;
        assert_int_equal(weeks_day(&weeks, &view, views_of), STATUS_OK);
        if (day == 14) {
            assert_int_equal(weeks.known[0], 2);
            assert_int_equal(weeks.known[1], 0); /* its first week was not whole */
        }
        if (day == 21) assert_int_equal(weeks.known[1], 1);
    }
    assert_int_equal(weeks.count, 2);
    assert_int_equal(weeks.known[0], WEEKS_KEPT);
    for (int w = 0; w < WEEKS_KEPT; w++) {
        assert_int_equal(weeks.week[0][w], 7 * (10 - w)); /* newest first */
        assert_int_equal(weeks.week[1][w], 7);
    }
    weeks_free(&weeks, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whole_weeks_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
