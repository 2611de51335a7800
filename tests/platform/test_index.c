/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/memory.h"
#include "engine/stream.h"
#include "platform/index.h"

#define SHARDS 4
#define VIDEOS 2000
#define CLUSTERS 7

static const struct shards shards = {SHARDS, 2};

static void open_index(struct index *index)
{
    static const uint32_t none[CLUSTERS] = {0};
    assert_int_equal(index_init(index, shards), STATUS_OK);
    for (uint32_t s = 0; s < SHARDS; s++)
        assert_int_equal(index_reserve(index, s, VIDEOS / SHARDS), STATUS_OK);
    assert_int_equal(index_layout(index, CLUSTERS, none), STATUS_OK);
}

static void insert(struct index *index, uint32_t video)
{
    uint32_t place;
    assert_int_equal(index_insert(index, video, video % CLUSTERS, &place), STATUS_OK);
    index->item[place].vector.lane[0] = (int16_t)video;
    index->item[place].bias = (float)video;
    index->item[place].topic = (uint8_t)video;
}

/* Whatever comes and goes, each item stays in its cluster with its own columns. */
static void items_keep_their_columns(void **state)
{
    struct index index;
    struct stream s = stream_open((struct stream_key){{1, 2}}, 3, 4);
    bool in[VIDEOS] = {false};
    uint32_t count = 0;
    (void)state;
    open_index(&index);
    for (int step = 0; step < 20000; step++) {
        uint32_t video = stream_below(&s, VIDEOS);
        if (stream_bernoulli(&s, step < 10000 ? 0.7 : 0.3)) {
            insert(&index, video);
            count += !in[video];
            in[video] = true;
        } else {
            index_remove(&index, video);
            count -= in[video];
            in[video] = false;
        }
        if (step % 1000 == 0) index_check(&index);
    }
    index_check(&index);
    assert_int_equal(index.count, count);
    struct snapshot view = index_view(&index);
    for (uint32_t video = 0; video < VIDEOS; video++) {
        uint32_t place = snapshot_place(&view, video);
        assert_int_equal(place != ENTITY_NONE, in[video]);
        if (!in[video]) continue;
        assert_int_equal(index_cluster(&index, place), video % CLUSTERS);
        assert_int_equal(view.item[place].vector.lane[0], (int16_t)video);
        assert_true(view.item[place].bias == (float)video);
        assert_int_equal(view.item[place].topic, (uint8_t)video);
    }
    index_free(&index);
}

static void copies_are_equal_and_independent(void **state)
{
    struct index index, copy;
    (void)state;
    open_index(&index);
    for (uint32_t video = 0; video < 500; video++) insert(&index, video);
    for (uint32_t i = 0; i < 5; i++) index.hot[i] = 100 + i;
    index.hot_count = 5;
    index_resolve(&index);
    assert_int_equal(index_init(&copy, shards), STATUS_OK);
    assert_int_equal(index_copy(&copy, &index), STATUS_OK);
    index_remove(&index, 102);
    index_resolve(&index);
    index_check(&copy);
    assert_int_equal(copy.count, 500);
    assert_int_equal(copy.trending_count, 5);
    assert_int_equal(index.trending_count, 4);
    struct snapshot view = index_view(&copy);
    assert_true(snapshot_place(&view, 102) != ENTITY_NONE);
    index_free(&index);
    index_free(&copy);
}

static void free_works_on_nothing(void **state)
{
    struct index index = {0};
    (void)state;
    index_free(&index);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(items_keep_their_columns),
        cmocka_unit_test(copies_are_equal_and_independent),
        cmocka_unit_test(free_works_on_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
