/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What creators have in the feed, by hand. */
#include "growth/parts.h"
#include "growth/play.h"
#include "growth/posts.h"

static const struct scene_size size = {2, 1, 2, 8};

/* Creator 0 of shard 1 with its four videos, rows 6, 4, 2 and 0, newest first. */
struct stall {
    struct play play;
    struct channel_desk desk;
    uint32_t *video;
};

static void open_stall(struct stall *self)
{
    struct world *w = &self->play.scene.world;
    *self = (struct stall){0};
    scene_init(&self->play.scene);
    scene_set(&self->play.scene, "growth.channels", "[]");
    play_start(&self->play, size);
    self->desk = (struct channel_desk){.world = w, .shard = 1};
    self->video = w->creators[1].row[0].videos;
    for (uint32_t i = 0; i < POSTS; i++)
        self->video[i] = entity_number(w->shards, 6 - 2 * i, 1);
}

static struct video_counters *counters(struct stall *self, int i)
{
    struct world *w = &self->play.scene.world;
    return &w->videos[1].counter[entity_row(w->shards, self->video[i])];
}

static struct video *truth(struct stall *self, int i)
{
    struct world *w = &self->play.scene.world;
    return &w->videos[1].row[entity_row(w->shards, self->video[i])];
}

static void theirs_and_there(void **state)
{
    struct stall stall;
    (void)state;
    open_stall(&stall);
    assert_true(posts_has(&stall.desk, 0, stall.video[0]));
    assert_false(posts_has(&stall.desk, 1, stall.video[0]));
    assert_false(posts_has(&stall.desk, 0, ENTITY_NONE));
    counters(&stall, 0)->state = VIDEO_PENDING;
    assert_false(posts_has(&stall.desk, 0, stall.video[0]));
    play_end(&stall.play);
}

static void the_newest_open_one(void **state)
{
    struct stall stall;
    (void)state;
    open_stall(&stall);
    assert_int_equal(posts_open(&stall.desk, 0), stall.video[0]);
    counters(&stall, 0)->state = VIDEO_RETIRED;
    truth(&stall, 1)->flags |= VIDEO_EXCLUSIVE;
    assert_int_equal(posts_open(&stall.desk, 0), stall.video[2]);
    counters(&stall, 2)->state = counters(&stall, 3)->state = VIDEO_REMOVED;
    assert_int_equal(posts_open(&stall.desk, 0), ENTITY_NONE);
    play_end(&stall.play);
}

/* In (now - window, now]: what entered at the close before; nothing at the start. */
static void news(void **state)
{
    struct stall stall;
    struct world *w = &stall.play.scene.world;
    (void)state;
    open_stall(&stall);
    assert_int_equal(posts_news(&stall.desk, 0), ENTITY_NONE);
    w->now = 5 * w->window;
    assert_int_equal(posts_news(&stall.desk, 0), ENTITY_NONE);
    counters(&stall, 1)->published = 4 * w->window;
    assert_int_equal(posts_news(&stall.desk, 0), ENTITY_NONE);
    counters(&stall, 1)->published++;
    assert_int_equal(posts_news(&stall.desk, 0), stall.video[1]);
    counters(&stall, 0)->published = 5 * w->window + 1;
    assert_int_equal(posts_news(&stall.desk, 0), stall.video[1]);
    counters(&stall, 0)->published--;
    assert_int_equal(posts_news(&stall.desk, 0), stall.video[0]);
    play_end(&stall.play);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(theirs_and_there),
        cmocka_unit_test(the_newest_open_one),
        cmocka_unit_test(news),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
