/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "experiment/success.h"

#define NEAR(a, b) assert_true(fabs((a) - (b)) < 1e-12)

/* Shares 1/2 1/4 1/4, 1/4 1/2 1/4, 1/4 1/4 1/2: each creator differs by 1/4 in two of the three
 * pairs of worlds: u = 1/6. Gini of 1, 1, 2: (2(1 + 2 + 6) - 4 x 4) / (3 x 4) = 1/6. */
static void test_three(void **state)
{
    (void)state;
    const uint64_t amount[] = {2, 1, 1, 10, 20, 10, 1, 1, 2};
    struct success out;
    assert_int_equal(success_of(amount, 3, 3, &out), STATUS_OK);
    NEAR(out.unpredictability, 1. / 6);
    NEAR(out.relative, .5);
    NEAR(out.gini, 1. / 6);
    NEAR(out.gini_low, 1. / 6);
    NEAR(out.gini_high, 1. / 6);
}

static void test_extremes(void **state)
{
    (void)state;
    const uint64_t same[] = {1, 2, 3, 2, 4, 6}, other[] = {5, 0, 0, 5}, none[] = {0, 0, 0, 0};
    struct success out;
    assert_int_equal(success_of(same, 2, 3, &out), STATUS_OK);
    NEAR(out.unpredictability, 0);
    assert_int_equal(success_of(other, 2, 2, &out), STATUS_OK); /* the winner takes it all */
    NEAR(out.unpredictability, 1);
    NEAR(out.gini, .5);
    assert_int_equal(success_of(none, 2, 2, &out), STATUS_OK);
    assert_true(isnan(out.unpredictability) && isnan(out.gini));
}

static void write_rows(const char *folder, const char *file, const char *head, const char *rows)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, file);
    FILE *to = fopen(path, "w");
    assert_non_null(to);
    fprintf(to, "%s\n%s", head, rows);
    assert_int_equal(fclose(to), 0);
}

static void write_world(const char *folder, const char *rows)
{
    write_rows(folder, "creators.csv", "creator,joined_day,watch_hours", rows);
}

static void remove_world(const char *folder)
{
    char path[128];
    snprintf(path, sizeof path, "%s/creators.csv", folder);
    unlink(path);
    rmdir(folder);
}

/* Creator 9 is in one world only, 5 came later: both are left out. */
static void test_read(void **state)
{
    (void)state;
    char a[] = "/tmp/success.XXXXXX", b[] = "/tmp/success.XXXXXX";
    assert_non_null(mkdtemp(a));
    assert_non_null(mkdtemp(b));
    const char *const folder[] = {a, b};
    struct errors errors = {0};
    struct success out;
    write_world(a, "3,0,1\n1,0,3\n9,0,70\n5,2,8\n");
    write_world(b, "1,0,1\n3,0,1\n5,2,8\n");
    assert_int_equal(success_read(folder, 2, SUCCESS_CREATORS, &out, &errors), STATUS_OK);
    assert_int_equal(out.items, 2);
    NEAR(out.unpredictability, .25); /* shares 3/4 1/4 and 1/2 1/2 */
    NEAR(out.gini, (.25 + 0) / 2);
    write_world(b, "");
    assert_int_equal(success_read(folder, 2, SUCCESS_CREATORS, &out, &errors), STATUS_OK);
    assert_int_equal(out.items, 0); /* none is in both */
    assert_true(isnan(out.gini));
    remove_world(b);
    assert_int_equal(success_read(folder, 2, SUCCESS_CREATORS, &out, &errors),
                     STATUS_BAD_INPUT);
    assert_int_equal(errors.count, 1);
    remove_world(a);
    errors_free(&errors);
}

/* Of videos those from before the start count: 7 was published on day 0, 8 never. */
static void test_videos(void **state)
{
    (void)state;
    char a[] = "/tmp/success.XXXXXX", b[] = "/tmp/success.XXXXXX", path[128];
    assert_non_null(mkdtemp(a));
    assert_non_null(mkdtemp(b));
    const char *const folder[] = {a, b}, *head = "video,published_day,watch_hours";
    struct errors errors = {0};
    struct success out;
    write_rows(a, "videos.csv", head, "3,-1,1\n1,-4,3\n7,0,70\n8,,0\n");
    write_rows(b, "videos.csv", head, "1,-4,1\n3,-1,1\n7,0,8\n8,,0\n");
    assert_int_equal(success_read(folder, 2, SUCCESS_VIDEOS, &out, &errors), STATUS_OK);
    assert_int_equal(out.items, 2);
    NEAR(out.unpredictability, .25);
    for (int w = 0; w < 2; w++) {
        snprintf(path, sizeof path, "%s/videos.csv", folder[w]);
        unlink(path);
        rmdir(folder[w]);
    }
    errors_free(&errors);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_three),
        cmocka_unit_test(test_extremes),
        cmocka_unit_test(test_read),
        cmocka_unit_test(test_videos),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
