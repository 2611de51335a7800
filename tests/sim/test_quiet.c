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

static void test_livestream(void **state)
{
    uint64_t without = acts_of("growth.channels=[]", NULL, NULL);
    (void)state;
    assert_true(acts_of("growth.channels=[\"livestream\"]", "growth.livestream.adopt=0.0",
                        NULL) == without);
    assert_true(acts_of("growth.channels=[\"livestream\"]", "growth.livestream.adopt=1.0",
                        NULL) != without);
}

/* Where a source answers, and creators spend nothing of what they earn. */
static uint64_t answered(const char *channels, const char *outside)
{
    static const char *const answers[] = {
        "run.days=3",         "viewers.count=300",
        "creators.count=60",  "run.shards=4",
        "viewers.rate=2.0",   "platform.retrievers=[\"content\", \"search\"]",
        "creators.boost=0.0", NULL};
    uint64_t acts = 0;
    struct ways_job job = {.base = answers,
                           .set = {channels, outside},
                           .way = {.threads = 1},
                           .look = look,
                           .context = &acts};
    assert_true(ways_run(&job).impressions > 1000);
    return acts;
}

/* Without a source that answers nobody asks and nobody pays; without questions nothing moves.
 */
static void test_search(void **state)
{
    uint64_t without = answered("growth.channels=[]", NULL);
    (void)state;
    assert_true(acts_of("growth.channels=[\"search\"]", "growth.search.outside=0.9", NULL) ==
                acts_of("growth.channels=[]", NULL, NULL));
    assert_true(answered("growth.channels=[\"search\"]", "growth.search.outside=0.0") ==
                without);
    assert_true(answered("growth.channels=[\"search\"]", "growth.search.outside=0.9") !=
                without);
}

/* Nobody asks anybody, or nobody thinks that it gains. */
static void test_collaboration(void **state)
{
    uint64_t without = acts_of("growth.channels=[]", NULL, NULL);
    (void)state;
    assert_true(acts_of("growth.channels=[\"collaboration\"]", "growth.collaboration.rate=0.0",
                        NULL) == without);
    assert_true(acts_of("growth.channels=[\"collaboration\"]", "growth.collaboration.worth=0.0",
                        "growth.collaboration.rate=50.0") == without);
    assert_true(acts_of("growth.channels=[\"collaboration\"]",
                        "growth.collaboration.worth=10.0",
                        "growth.collaboration.cost=0.0") != without);
}

/* Nobody comes to an event that nobody pays for. */
static void test_offline_event(void **state)
{
    uint64_t without = acts_of("growth.channels=[]", "creators.boost=0.0", NULL);
    (void)state;
    assert_true(acts_of("growth.channels=[\"offline_event\"]", "creators.boost=0.0", NULL) ==
                without);
}

/* Saved in the evening, with rooms open and people in them, and by any number of threads. */
static void look_for_rooms(struct sim *sim, void *context)
{
    const struct room_board *board = &sim_world(sim)->rooms;
    uint64_t *visits = context;
    for (size_t i = 0; i < board->count && !visits[1]; i++)
        visits[0] += board->room[i].last.visits; /* at the first look */
    visits[1] = board->total.visits;
}

static struct ways_outcome evening(uint32_t threads, double save)
{
    uint64_t visits[2] = {0};
    struct ways_job job = {.base = small,
                           .set = {"growth.channels=[\"livestream\", \"notification\"]",
                                   "growth.livestream.adopt=1.0", "growth.livestream.shown=0.2",
                                   "revenue.streams=[\"tips\"]", "revenue.tips.rate=0.01"},
                           .way = {.threads = threads},
                           .save = {save},
                           .look = look_for_rooms,
                           .context = visits};
    struct ways_outcome out = ways_run(&job);
    assert_true(visits[1] > 100);
    if (save > 0) assert_true(visits[0] > 0);
    return out;
}

static void test_rooms_open(void **state)
{
    struct ways_outcome one = evening(1, 0);
    static const uint32_t threads[] = {1, 2, 3, 8};
    (void)state;
    for (int i = 0; i < 4; i++) {
        struct ways_outcome other = evening(threads[i], 1.84);
        assert_true(other.hash == one.hash && other.digest == one.digest);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_notification),  cmocka_unit_test(test_livestream),
        cmocka_unit_test(test_search),        cmocka_unit_test(test_collaboration),
        cmocka_unit_test(test_offline_event), cmocka_unit_test(test_rooms_open),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
