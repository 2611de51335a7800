/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "measure/parts.h"
#include "sim/lab.h"
#include "sim/parts.h"

static double at(const struct lab *lab, const char *column, size_t row)
{
    struct lab_column c = {0};
    assert_true(lab_find(lab, column, &c));
    return c.table->cell[row * c.table->columns + c.column];
}

/* Two rows an interval, each of its own creators; what happened in the interval is the change
 * of what they have. */
static void test_two_cohorts(void **state)
{
    static const char *const set[] = {"run.days=3",
                                      "creators.cohorts[0].name=stars",
                                      "creators.cohorts[0].count=12",
                                      "creators.cohorts[1].name=rest",
                                      "creators.cohorts[1].count=28",
                                      NULL};
    struct lab lab;
    double posts[2] = {0}, before[2] = {0}, after[2] = {0};
    (void)state;
    assert_int_equal(lab_init(&lab, lab_tiny, NULL), STATUS_OK);
    assert_int_equal(lab_settings(&lab, set), STATUS_OK);
    assert_int_equal(lab_begin(&lab, NULL), STATUS_OK);
    const struct world *w = &lab.sim->world;
    for (uint32_t s = 0; s < w->shards.count; s++)
        for (size_t r = 0; r < w->creators[s].count; r++)
            before[w->creators[s].row[r].cohort] += w->creators[s].row[r].posts;
    assert_int_equal(lab_run(&lab), STATUS_OK);
    for (uint32_t s = 0; s < w->shards.count; s++)
        for (size_t r = 0; r < w->creators[s].count; r++)
            after[w->creators[s].row[r].cohort] += w->creators[s].row[r].posts;
    assert_int_equal(lab.table[TABLE_COHORTS].rows, 6);
    for (size_t r = 0; r < 6; r++) {
        assert_true(at(&lab, "cohorts.cohort", r) == lab_text_number(r % 2 ? "rest" : "stars"));
        posts[r % 2] += at(&lab, "cohorts.posts", r);
    }
    for (size_t k = 0; k < 2; k++) {
        double now = at(&lab, "cohorts.creators", k),
               gone = at(&lab, "cohorts.left_creators", k);
        double came = at(&lab, "cohorts.new_creators", k);
        assert_true(now + gone - came == (k ? 28 : 12));
    }
    for (int k = 0; k < 2; k++) assert_true(posts[k] == after[k] - before[k]);
    assert_true(posts[1] > 0);
    lab_free(&lab);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_two_cohorts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
