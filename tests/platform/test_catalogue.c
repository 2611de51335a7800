/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The lists of creators' newest videos, with those that a partner shows too. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "lab.h"

static const struct lab_options town = {
    .viewers = 300, .creators = 40, .videos = 400, .shards = 8, .threads = 1};

static const struct newest *newest_of(const struct lab *lab, uint32_t creator)
{
    struct shards shards = lab->world.shards;
    return &lab->platform->snapshot[0]
                .newest[entity_shard(shards, creator)][entity_row(shards, creator)];
}

static int times_listed(const struct newest *newest, uint32_t video)
{
    int n = 0;
    for (int i = 0; i < 4; i++) n += newest->video[i] == video;
    return n;
}

static uint64_t shown[2]; /* by follow: to the partner's followers, to those of neither */
static struct joint joint;

static bool follows(const struct lab *lab, uint32_t viewer, uint32_t creator)
{
    const struct viewer *row = world_viewer(&lab->world, viewer);
    uint32_t shard = entity_shard(lab->world.shards, viewer);
    return relation_has(&lab->world.viewers[shard].relations, &row->relations,
                        relation_make(RELATION_FOLLOW, creator));
}

static void note_shown(struct lab *lab, const struct impression *row)
{
    if (row->video != joint.video || row->source != SOURCE_FOLLOW) return;
    bool own = follows(lab, row->viewer, world_video(&lab->world, joint.video)->creator);
    bool partners = follows(lab, row->viewer, joint.partner);
    shown[0] += partners && !own;
    shown[1] += !partners && !own;
}

/* A creator, and a video of another one. */
static void pair_up(struct lab *lab)
{
    uint32_t i = 0;
    joint.partner = world_video(&lab->world, lab_any(lab, 0))->creator;
    while (world_video(&lab->world, lab_any(lab, i))->creator == joint.partner) i++;
    joint.video = lab_any(lab, i);
    joint.name = world_video(&lab->world, joint.video)->name;
    joint.since = lab->world.close;
}

/* It comes to the front of the partner's list at the close at which it is new, is found there
 * by the partner's followers and by nobody else, and goes when it leaves the feed. */
static void partners_show_it_too(void **state)
{
    struct lab lab;
    (void)state;
    struct lab_options o = town;
    static const char *const set[] = {"platform.retrievers=[\"content\", \"follow\"]",
                                      "platform.retrieve.follow.share=0.5", NULL};
    o.set = set;
    lab_open(&lab, &o);
    pair_up(&lab);
    const struct newest before = *newest_of(&lab, joint.partner);
    const uint32_t author = world_video(&lab.world, joint.video)->creator;
    int listed = times_listed(newest_of(&lab, author), joint.video);
    lab.world.joints = (struct joint_list){&joint, 1};
    lab_window(&lab, 1);
    const struct newest *newest = newest_of(&lab, joint.partner);
    assert_int_equal(newest->video[0], joint.video);
    for (int i = 0; i < 3; i++) assert_int_equal(newest->video[i + 1], before.video[i]);
    assert_int_equal(times_listed(newest_of(&lab, author), joint.video), listed);
    lab.row = note_shown;
    for (int i = 0; i < 6; i++) lab_window(&lab, 1);
    assert_int_equal(times_listed(newest, joint.video), 1); /* once only */
    assert_true(shown[0] > 0);
    assert_int_equal(shown[1], 0);
    catalogue_retire(lab.platform, entity_shard(lab.world.shards, joint.video),
                     entity_row(lab.world.shards, joint.video));
    lab_window(&lab, 1);
    assert_int_equal(times_listed(newest_of(&lab, joint.partner), joint.video), 0);
    lab_close(&lab);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(partners_show_it_too)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
