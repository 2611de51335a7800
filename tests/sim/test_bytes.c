/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the figures say that a viewer and a video hold is what the allocator gave for them: the
 * difference of two worlds, one with more viewers or more videos.
 */
#include <malloc.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "lab.h"

/* Bytes in use and what the figures count of them. */
struct count {
    double used, counted, rows;
};

/* One shard, no rows kept but those of a day: what grows is the world. */
static struct count count_world(const char *viewers, const char *backlog, bool videos)
{
    const char *const set[] = {viewers,
                               backlog,
                               "run.days=1",
                               "run.shards=1",
                               "creators.count=300",
                               "creators.life.entry_rate=0",
                               "growth.cascades.least=1000",
                               "viewers.session.budget=12.0",
                               "measure.money=false", /* the lab keeps all rows of tables */
                               NULL};
    struct lab lab;
    struct count count;
    size_t before = mallinfo2().uordblks;
    assert_int_equal(lab_init(&lab, lab_tiny, NULL), STATUS_OK);
    assert_int_equal(lab_settings(&lab, set), STATUS_OK);
    assert_int_equal(lab_begin(&lab, &(struct lab_way){.threads = 1}), STATUS_OK);
    while (!sim_done(lab.sim)) assert_int_equal(sim_step(lab.sim, &lab.errors), STATUS_OK);
    const struct sim_figures f = sim_figures(lab.sim);
    count.used = (double)(mallinfo2().uordblks - before);
    count.rows = videos ? (double)f.active_videos : (double)f.viewers;
    count.counted = count.rows * (videos ? f.bytes_per_video : f.bytes_per_viewer);
    lab_free(&lab);
    return count;
}

/* A sanitizer's allocator counts nothing for mallinfo2. */
static void need_count(void)
{
    void *block = malloc(1000);
    size_t used = mallinfo2().uordblks;
    free(block);
    if (used == 0) skip();
}

static void compare(const char *what, struct count few, struct count many)
{
    double more = many.rows - few.rows;
    double used = (many.used - few.used) / more;
    double counted = (many.counted - few.counted) / more;
    print_message("a %s more: %.1f bytes in use, %.1f counted\n", what, used, counted);
    assert_true(more > 0);
    assert_true(counted > 0.85 * used && counted < 1.15 * used);
}

static void test_viewers(void **state)
{
    (void)state;
    need_count();
    compare("viewer", count_world("viewers.count=8000", "creators.backlog_days=10.0", false),
            count_world("viewers.count=24000", "creators.backlog_days=10.0", false));
}

static void test_videos(void **state)
{
    (void)state;
    need_count();
    compare("video", count_world("viewers.count=2000", "creators.backlog_days=5.0", true),
            count_world("viewers.count=2000", "creators.backlog_days=25.0", true));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_viewers),
                                       cmocka_unit_test(test_videos)};
    (void)mallopt(M_MMAP_MAX, 0); /* every block in the heap, where mallinfo2 counts it */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
