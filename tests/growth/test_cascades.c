/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "growth/cascades.h"

#include "revenue/scene.h"

struct grove {
    struct scene scene;
    struct cascades cascades;
};

static void plant_grove(struct grove *self)
{
    *self = (struct grove){0};
    scene_init(&self->scene);
    scene_world(&self->scene, (struct scene_size){1, 0, 2, 8});
    assert_int_equal(cascades_reserve(&self->cascades, 5000), STATUS_OK);
}

static void fell(struct grove *self)
{
    cascades_free(&self->cascades);
    scene_free(&self->scene);
}

static void share(struct grove *self, uint32_t video, uint32_t viewer, uint32_t parent,
                  sim_time when)
{
    struct share_node node = {video, viewer, parent};
    const struct video_shard *videos = &self->scene.world.videos[0];
    cascades_add(&self->cascades, &node, videos->counter[video].ordinal, when * 1000);
}

static void sweep(struct grove *self, sim_time before, uint64_t least)
{
    struct sweep sweep = {&self->scene.world, before * 1000, least};
    self->cascades.closed_count = 0;
    assert_int_equal(cascades_sweep(&self->cascades, &sweep), STATUS_OK);
}

static void is_cascade(const struct cascade *row, uint64_t size, uint32_t depth,
                       double virality)
{
    assert_int_equal(row->size, size);
    assert_int_equal(row->depth, depth);
    assert_true(fabs(row->virality - virality) < 1e-12);
}

/* A star of five: 4 pairs at 1, 6 at 2. A path of four: 3 at 1, 2 at 2, 1 at 3. */
static void known_trees(void **state)
{
    struct grove grove;
    (void)state;
    plant_grove(&grove);
    share(&grove, 0, 10, ENTITY_NONE, 1);
    share(&grove, 1, 10, ENTITY_NONE, 1);
    for (uint32_t i = 11; i < 15; i++) {
        share(&grove, 0, i, 10, 2);
        if (i < 14) share(&grove, 1, i, i - 1, 2);
    }
    share(&grove, 2, 99, ENTITY_NONE, 3);
    sweep(&grove, 5, 1);
    assert_int_equal(grove.cascades.closed_count, 3);
    is_cascade(&grove.cascades.closed[0], 5, 1, 1.6);
    is_cascade(&grove.cascades.closed[1], 4, 3, 10.0 / 6);
    is_cascade(&grove.cascades.closed[2], 1, 0, 0);
    assert_int_equal(grove.cascades.closed[1].root_video, 1);
    assert_int_equal(grove.cascades.closed[1].root_ordinal,
                     grove.scene.world.videos[0].counter[1].ordinal);
    assert_int_equal(grove.cascades.nodes, 0);
    assert_int_equal(grove.cascades.shares, 10);
    fell(&grove);
}

static void a_viewer_is_one_node_a_video(void **state)
{
    struct grove grove;
    (void)state;
    plant_grove(&grove);
    share(&grove, 0, 10, ENTITY_NONE, 1);
    share(&grove, 0, 11, 10, 1);
    share(&grove, 0, 10, 11, 1); /* back to the root */
    share(&grove, 0, 11, ENTITY_NONE, 1);
    share(&grove, 0, 12, 77, 1); /* from somebody unknown: a root */
    sweep(&grove, 5, 1);
    assert_int_equal(grove.cascades.closed_count, 2);
    is_cascade(&grove.cascades.closed[0], 2, 1, 1);
    is_cascade(&grove.cascades.closed[1], 1, 0, 0);
    fell(&grove);
}

/* Only silent trees go; the others grow on as if nothing had happened. */
static void living_trees_stay(void **state)
{
    struct grove grove;
    (void)state;
    plant_grove(&grove);
    for (uint32_t i = 0; i < 100; i++) share(&grove, i % 5, 1000 + i, ENTITY_NONE, i);
    for (uint32_t i = 0; i < 100; i++) share(&grove, i % 5, 2000 + i, 1000 + i, 100 + i);
    sweep(&grove, 149, 2);
    assert_int_equal(grove.cascades.closed_count, 50);
    for (int i = 0; i < 50; i++) is_cascade(&grove.cascades.closed[i], 2, 1, 1);
    for (uint32_t i = 50; i < 100; i++) share(&grove, i % 5, 3000 + i, 2000 + i, 300);
    sweep(&grove, 300, 2);
    assert_int_equal(grove.cascades.closed_count, 50);
    for (int i = 0; i < 50; i++) is_cascade(&grove.cascades.closed[i], 3, 2, 4.0 / 3);
    assert_int_equal(grove.cascades.nodes, 0);
    assert_int_equal(grove.cascades.finished, 100);
    fell(&grove);
}

static void small_ones_are_only_counted(void **state)
{
    struct grove grove;
    (void)state;
    plant_grove(&grove);
    for (uint32_t i = 0; i < 20; i++) share(&grove, 0, i, i % 2 ? i - 1 : ENTITY_NONE, 1);
    share(&grove, 1, 0, ENTITY_NONE, 1);
    sweep(&grove, 1, 2);
    assert_int_equal(grove.cascades.closed_count, 10);
    assert_int_equal(grove.cascades.finished, 11);
    fell(&grove);
}

/* A video that leaves takes its trees along; its number may come back for another. */
static void videos_that_leave(void **state)
{
    struct grove grove;
    (void)state;
    plant_grove(&grove);
    share(&grove, 3, 10, ENTITY_NONE, 1);
    share(&grove, 4, 10, ENTITY_NONE, 1);
    grove.scene.world.videos[0].counter[3].ordinal = 12345;
    share(&grove, 3, 11, 10, 2); /* the new video's first */
    grove.scene.world.videos[0].counter[4].state = VIDEO_RETIRED;
    sweep(&grove, 0, 1);
    assert_int_equal(grove.cascades.closed_count, 2);
    assert_int_equal(grove.cascades.nodes, 1);
    assert_int_equal(node_at(&grove.cascades, 0)->ordinal, 12345);
    fell(&grove);
}

/* Random trees against distances counted node by node. */
static void random_trees(void **state)
{
    static const struct purpose purpose = {"tests.trees", PURPOSE_LUCK};
    static uint32_t parent[200], depth[200];
    (void)state;
    for (uint32_t trial = 0; trial < 50; trial++) {
        struct grove grove;
        plant_grove(&grove);
        struct stream luck = stream_open(stream_key(grove.scene.world.seed, &purpose), trial,
                                         0);
        uint32_t n = 2 + stream_below(&luck, 198), deepest = 0;
        double distance = 0;
        for (uint32_t i = 0; i < n; i++) {
            parent[i] = i ? stream_below(&luck, i) : ENTITY_NONE;
            depth[i] = i ? depth[parent[i]] + 1 : 0;
            deepest = depth[i] > deepest ? depth[i] : deepest;
            share(&grove, 0, 5000 + i, i ? 5000 + parent[i] : ENTITY_NONE, 1);
            share(&grove, 1, i, ENTITY_NONE, 1); /* others in between */
        }
        for (uint32_t i = 0; i < n; i++)
            for (uint32_t j = 0; j < i; j++) {
                uint32_t a = i, b = j;
                while (a != b) {
                    if (depth[a] > depth[b])
                        a = parent[a];
                    else
                        b = parent[b];
                    distance++;
                }
            }
        sweep(&grove, 1, 2);
        assert_int_equal(grove.cascades.closed_count, 1);
        is_cascade(&grove.cascades.closed[0], n, deepest, distance / (n * (n - 1) / 2.0));
        fell(&grove);
    }
}

static void loads_what_was_saved(void **state)
{
    struct grove from, to;
    struct scene_tape tape = {0};
    (void)state;
    plant_grove(&from);
    plant_grove(&to);
    for (uint32_t i = 0; i < 60; i++) share(&from, i % 3, i, i > 5 ? i - 3 : ENTITY_NONE, i);
    tape.visitor = (struct visitor){
        .mode = VISIT_SAVE, .column = scene_tape_column, .context = &tape};
    cascades_visit(&from.cascades, &tape.visitor);
    tape.visitor.mode = VISIT_LOAD;
    cascades_visit(&to.cascades, &tape.visitor);
    assert_int_equal(tape.visitor.status, STATUS_OK);
    share(&from, 0, 60, 57, 70);
    share(&to, 0, 60, 57, 70);
    sweep(&from, 100, 1);
    sweep(&to, 100, 1);
    assert_int_equal(from.cascades.closed_count, to.cascades.closed_count);
    for (size_t i = 0; i < to.cascades.closed_count; i++)
        is_cascade(&to.cascades.closed[i], from.cascades.closed[i].size,
                   from.cascades.closed[i].depth, from.cascades.closed[i].virality);
    /* a parent that lies behind its child is refused */
    share(&to, 0, 1, ENTITY_NONE, 1);
    share(&to, 0, 2, 1, 1);
    assert_int_equal(to.cascades.nodes, 2);
    node_at(&to.cascades, 1)->parent = 1;
    tape.used = tape.at = 0;
    tape.visitor.mode = VISIT_SAVE;
    cascades_visit(&to.cascades, &tape.visitor);
    tape.visitor.mode = VISIT_LOAD;
    cascades_visit(&from.cascades, &tape.visitor);
    assert_int_equal(tape.visitor.status, STATUS_BAD_INPUT);
    memory_free(tape.bytes);
    fell(&from);
    fell(&to);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_trees),          cmocka_unit_test(a_viewer_is_one_node_a_video),
        cmocka_unit_test(living_trees_stay),    cmocka_unit_test(small_ones_are_only_counted),
        cmocka_unit_test(videos_that_leave),    cmocka_unit_test(random_trees),
        cmocka_unit_test(loads_what_was_saved),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
