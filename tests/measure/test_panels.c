/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "measure/parts.h"
#include "sim/lab.h"
#include "sim/parts.h"

static void test_the_panel(void **state)
{
    struct lab lab;
    (void)state;
    assert_int_equal(lab_init(&lab, lab_tiny, NULL), STATUS_OK);
    assert_int_equal(lab_begin(&lab, NULL), STATUS_OK);
    const struct metric_view view = panels_view(lab.sim->measure);
    const struct world *w = &lab.sim->world;
    size_t members = 0;
    uint64_t highest = 0, lowest_outside = UINT64_MAX;
    assert_int_equal(view.panel.count, 50);
    for (uint32_t s = 0; s < w->shards.count; s++)
        for (uint32_t r = 0; r < w->viewers[s].count; r++) {
            uint32_t number = entity_number(w->shards, r, s);
            uint32_t position = panel_index(&view.panel, number);
            uint64_t name = viewer_name(&w->viewers[s].row[r]);
            if (position == PANEL_NONE) {
                lowest_outside = name < lowest_outside ? name : lowest_outside;
                continue;
            }
            assert_int_equal(view.panel.viewer[position], number);
            highest = name > highest ? name : highest;
            members++;
        }
    assert_int_equal(members, 50);
    assert_true(highest < lowest_outside); /* the lowest birth names */
    assert_int_equal(panel_index(&view.panel, UINT32_MAX), PANEL_NONE);
    lab_free(&lab);
}

/* Active videos, each once, spread over the catalogue; all of them when they are few. */
static void test_sampled_videos(void **state)
{
    static const char *const sizes[] = {"measure.sample=20", "measure.sample=100000"};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct lab lab;
        assert_int_equal(lab_init(&lab, lab_tiny, NULL), STATUS_OK);
        assert_int_equal(lab_set(&lab, sizes[i]), STATUS_OK);
        assert_int_equal(lab_begin(&lab, NULL), STATUS_OK);
        struct measure *measure = lab.sim->measure;
        const struct world *w = &lab.sim->world;
        uint64_t active = 0;
        for (uint32_t s = 0; s < w->shards.count; s++) active += w->videos[s].active;
        assert_true(active > 20);
        panels_sample(measure);
        assert_int_equal(measure->sample_count, i ? active : 20);
        for (size_t k = 0; k < measure->sample_count; k++) {
            uint32_t n = measure->sample[k];
            assert_int_equal(
                w->videos[entity_shard(w->shards, n)].counter[entity_row(w->shards, n)].state,
                VIDEO_ACTIVE);
            for (size_t j = 0; j < k; j++) assert_int_not_equal(measure->sample[j], n);
        }
        lab_free(&lab);
    }
}

/* A video's number is given once, and cascades.csv means the same by it. */
static void test_numbers_join(void **state)
{
    static const char *const set[] = {"run.days=5", "platform.catalogue.days=1.5",
                                      "growth.cascades.least=1", NULL};
    struct lab lab;
    struct lab_column video = {0}, root = {0}, of = {0}, creator = {0};
    (void)state;
    assert_int_equal(lab_whole(&lab, set), STATUS_OK);
    assert_true(lab_find(&lab, "videos.video", &video) &&
                lab_find(&lab, "videos.creator", &of) &&
                lab_find(&lab, "cascades.root_video", &root) &&
                lab_find(&lab, "creators.creator", &creator));
    uint64_t published = 0, rows = 0;
    for (uint32_t s = 0; s < lab.sim->world.shards.count; s++) {
        published += lab.sim->world.videos[s].published;
        rows += lab.sim->world.videos[s].count;
    }
    assert_int_equal(video.table->rows, published);
    assert_true(rows < published); /* rows were used again */
    assert_true(root.table->rows > 0);
#define CELL(c, r) (c).table->cell[(r) * (c).table->columns + (c).column]
    for (size_t i = 0; i < video.table->rows; i++) {
        size_t makers = 0;
        for (size_t j = 0; j < i; j++) assert_true(CELL(video, i) != CELL(video, j));
        for (size_t j = 0; j < creator.table->rows; j++)
            makers += CELL(creator, j) == CELL(of, i);
        assert_int_equal(makers, 1);
    }
    for (size_t i = 0; i < root.table->rows; i++) {
        size_t found = 0;
        for (size_t j = 0; j < video.table->rows; j++) found += CELL(root, i) == CELL(video, j);
        assert_int_equal(found, 1);
    }
    lab_free(&lab);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_panel),
        cmocka_unit_test(test_sampled_videos),
        cmocka_unit_test(test_numbers_join),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
