/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "world/reception.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <string.h>

#include <cmocka.h>

#include "viewers/tape.h"

enum { VIEWERS = 301 };

/* Marks drawn by hand, counted one by one, for every width of a viewer. */
static void test_counts_are_those_of_single_bits(void **state)
{
    static const uint32_t cohorts[] = {1, 2, 3, 7, 8, 40, 64};
    (void)state;
    for (size_t i = 0; i < sizeof cohorts / sizeof *cohorts; i++) {
        static bool seen[2][VIEWERS][RECEPTION_COHORTS];
        struct reception r = {.shift = reception_shift(cohorts[i])};
        uint32_t random = 7;
        memset(seen, 0, sizeof seen);
        assert_int_equal(reception_reserve(&r, VIEWERS), STATUS_OK);
        for (int turn = 0; turn < 2; turn++) {
            for (int n = 0; n < 2000; n++) {
                random = random * 1664525 + 1013904223;
                uint32_t viewer = (random >> 8) % VIEWERS, k = (random >> 3) % cohorts[i];
                bool played = random >> 31;
                reception_note(&r, viewer, k, 0, played ? ACT_PLAY_7S | ACT_LIKE : ACT_LIKE);
                seen[turn][viewer][k] |= played;
            }
            if (turn == 0) reception_turn(&r);
        }
        for (uint32_t k = 0; k < cohorts[i]; k++) {
            struct reception_count n = reception_count(&r, k);
            uint32_t now = 0, before = 0, again = 0;
            for (size_t v = 0; v < VIEWERS; v++) {
                before += seen[0][v][k];
                now += seen[1][v][k];
                again += seen[0][v][k] && seen[1][v][k];
            }
            assert_int_equal(n.now, now);
            assert_int_equal(n.before, before);
            assert_int_equal(n.again, again);
        }
        reception_free(&r);
    }
}

static void test_sums_and_turns(void **state)
{
    struct reception r = {.shift = reception_shift(2)};
    (void)state;
    assert_int_equal(reception_reserve(&r, 10), STATUS_OK);
    reception_note(&r, 3, 1, 1.5f, ACT_PLAY_7S);
    reception_note(&r, 3, 1, -2.25f, 0);
    reception_note(&r, 9, 0, 3, 0);
    assert_true((float)r.pleasure[1] / RECEPTION_UNIT == -0.75f);
    assert_true((float)r.pleasure[0] / RECEPTION_UNIT == 3);
    assert_int_equal(reception_count(&r, 1).now, 1);
    assert_int_equal(reception_count(&r, 0).now, 0); /* shown, not watched */
    reception_turn(&r);
    assert_int_equal(r.pleasure[0], 0);
    assert_int_equal(reception_count(&r, 1).now, 0);
    assert_int_equal(reception_count(&r, 1).before, 1);
    reception_turn(&r);
    assert_int_equal(reception_count(&r, 1).before, 0);
    reception_free(&r);
    reception_free(&r);
}

/* More viewers come; what is known of the others stays. A file brings back what was saved. */
static void test_growth_and_a_file(void **state)
{
    struct reception a = {.shift = reception_shift(5)}, b = {.shift = a.shift};
    struct tape tape;
    (void)state;
    assert_int_equal(reception_reserve(&a, 5), STATUS_OK);
    reception_note(&a, 4, 2, 1, ACT_PLAY_7S);
    assert_int_equal(reception_reserve(&a, 500), STATUS_OK);
    reception_turn(&a);
    reception_note(&a, 499, 4, -1, ACT_PLAY_7S);
    tape_open(&tape);
    reception_visit(&a, 500, &tape.visitor);
    tape_rewind(&tape);
    reception_visit(&b, 500, &tape.visitor);
    assert_int_equal(tape.visitor.status, STATUS_OK);
    assert_int_equal(tape.at, tape.size);
    assert_int_equal(reception_count(&b, 2).before, 1);
    assert_int_equal(reception_count(&b, 4).now, 1);
    assert_true(b.pleasure[4] == a.pleasure[4] && b.pleasure[4] != 0);
    tape_free(&tape);
    reception_free(&a);
    reception_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_counts_are_those_of_single_bits),
        cmocka_unit_test(test_sums_and_turns),
        cmocka_unit_test(test_growth_and_a_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
