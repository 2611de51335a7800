/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/memory.h"
#include "world/video.h"

static void rows_are_new_and_pending(void **state)
{
    struct video_shard shard = {0};
    (void)state;
    for (uint32_t i = 0; i < 1000; i++) {
        assert_int_equal(video_add(&shard), i);
        shard.row[i].name = i;
        shard.counter[i].impressions = i;
    }
    for (uint32_t i = 0; i < 1000; i++) {
        assert_int_equal(shard.row[i].name, i);
        assert_int_equal(shard.counter[i].impressions, i);
        assert_int_equal(shard.counter[i].state, VIDEO_PENDING);
        assert_int_equal(shard.counter[i].removed_day, INT16_MIN);
    }
    assert_int_equal(shard.count, 1000);
    assert_int_equal(shard.published, 1000);
    video_shard_free(&shard);
    video_shard_free(&shard); /* works on a zeroed object */
}

static void released_rows_come_back_clean(void **state)
{
    struct video_shard shard = {0};
    (void)state;
    for (int i = 0; i < 10; i++) assert_int_not_equal(video_add(&shard), ENTITY_NONE);
    shard.row[3].name = 99;
    shard.counter[3].likes = 5;
    shard.feature[3].lane[0] = 7;
    video_release(&shard, 3);
    video_release(&shard, 8);
    assert_int_equal(shard.counter[3].state, VIDEO_FREE);
    assert_int_equal(video_add(&shard), 8);
    assert_int_equal(video_add(&shard), 3);
    assert_int_equal(shard.row[3].name, 0);
    assert_int_equal(shard.counter[3].likes, 0);
    assert_int_equal(shard.feature[3].lane[0], 0);
    assert_int_equal(shard.counter[3].state, VIDEO_PENDING);
    assert_int_equal(video_add(&shard), 10);
    assert_int_equal(shard.published, 13);
    assert_int_equal(shard.counter[10].uses, 0);
    assert_int_equal(shard.counter[3].uses, 1);
    for (sim_time when = 5000; when < 5600; when++) /* what was meant for the video before */
        for (unsigned uses = 0; uses < 256; uses += 5) {
            sim_time stamp = video_stamp(when, (uint8_t)uses);
            assert_true(stamp >= when && stamp < when + 256);
            assert_true(video_stamped(stamp, (uint8_t)uses));
            assert_false(video_stamped(stamp, (uint8_t)(uses + 1)));
        }
    video_shard_free(&shard);
}

/* Memory does not grow with the number of videos that ever were. */
static void rows_are_bounded_by_those_in_use(void **state)
{
    struct video_shard shard = {0};
    (void)state;
    for (int i = 0; i < 5000; i++) {
        uint32_t row = video_add(&shard);
        assert_int_not_equal(row, ENTITY_NONE);
        if (i >= 100) video_release(&shard, (row + 50) % 101);
    }
    assert_true(shard.count <= 102);
    assert_int_equal(shard.published, 5000);
    video_shard_free(&shard);
}

static uint64_t hash_of(struct video_shard *shard)
{
    struct visit_hash hash;
    assert_int_equal(visit_hash_init(&hash), STATUS_OK);
    video_shard_visit(shard, &hash.visitor);
    uint64_t digest = visit_hash_digest(&hash);
    visit_hash_free(&hash);
    return digest;
}

/* Every named column counts, padding does not. */
static void hash_sees_columns(void **state)
{
    struct video_shard shard = {0};
    (void)state;
    for (int i = 0; i < 5; i++) assert_int_not_equal(video_add(&shard), ENTITY_NONE);
    uint64_t before = hash_of(&shard);
    shard.counter[4].padding[0] = 1;
    assert_int_equal(hash_of(&shard), before);
    shard.counter[4].heat = 0.5f;
    assert_int_not_equal(hash_of(&shard), before);
    shard.counter[4].heat = 0;
    shard.row[2].hook = 1;
    assert_int_not_equal(hash_of(&shard), before);
    video_shard_free(&shard);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_new_and_pending),
        cmocka_unit_test(released_rows_come_back_clean),
        cmocka_unit_test(rows_are_bounded_by_those_in_use),
        cmocka_unit_test(hash_sees_columns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
