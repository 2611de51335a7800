/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A growth channel that is in use but that nobody minds leaves every act of a run as it was:
 * who watches, follows, pays and publishes what, and when, is in the world's tables.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ways.h"

static const char *const small[] = {"run.days=3",   "viewers.count=300", "creators.count=60",
                                    "run.shards=4", "viewers.rate=2.0",  NULL};

static void look(struct sim *sim, void *context)
{
    struct visit_hash h = {0};
    struct world w = *sim_world(sim);
    assert_int_equal(visit_hash_init(&h), STATUS_OK);
    world_visit(&w, &h.visitor);
    *(uint64_t *)context = visit_hash_digest(&h);
    visit_hash_free(&h);
}

static uint64_t acts_of(const char *channels, const char *one, const char *two)
{
    uint64_t acts = 0;
    struct ways_job job = {.base = small,
                           .set = {channels, one, two},
                           .way = {.threads = 1},
                           .look = look,
                           .context = &acts};
    assert_true(ways_run(&job).impressions > 1000);
    return acts;
}

static void test_notification(void **state)
{
    uint64_t without = acts_of("growth.channels=[]", NULL, NULL);
    (void)state;
    assert_true(acts_of("growth.channels=[\"notification\"]", "growth.notification.open=0.0",
                        NULL) == without);
    assert_true(acts_of("growth.channels=[\"notification\"]",
                        "growth.notification.follower=0.0",
                        "growth.notification.subscriber=0.0") == without);
    assert_true(acts_of("growth.channels=[\"notification\"]", "growth.notification.open=0.9",
                        NULL) != without);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_notification),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
