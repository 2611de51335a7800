/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One metric before a world that the test arranges: a tiny population of lab.h, whose rows are
 * overwritten by hand, and counts that the test fills in.
 */
#ifndef TESTS_MEASURE_SCENE_H
#define TESTS_MEASURE_SCENE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "measure/parts.h"
#include "sim/lab.h"
#include "sim/parts.h"

#define SCENE_PANEL 4

struct scene {
    struct lab lab;
    struct world *world;
    const struct metric *metric;
    void *states;
    struct metric_view view;
    struct interval sums;
    struct cell cell[8];
};

static inline const struct metric *scene_metric(const char *name)
{
    for (size_t m = 0; measure_metrics[m]; m++)
        if (strcmp(measure_metrics[m]->name, name) == 0)
            return (const struct metric *)measure_metrics[m];
    return NULL;
}

/* The metric is open, not begun: the test arranges the world first. */
static inline void scene_open(struct scene *self, const char *name)
{
    static const char *const panel[] = {"measure.panel=4", NULL};
    memset(self, 0, sizeof *self);
    assert_int_equal(lab_init(&self->lab, lab_tiny, NULL), STATUS_OK);
    assert_int_equal(lab_settings(&self->lab, panel), STATUS_OK);
    assert_int_equal(lab_begin(&self->lab, NULL), STATUS_OK);
    self->world = &self->lab.sim->world;
    self->metric = scene_metric(name);
    assert_non_null(self->metric);
    self->states = memory_alloc(self->world->shards.count, self->metric->about.state_size + 1);
    assert_non_null(self->states);
    self->view = panels_view(self->lab.sim->measure);
    self->view.sums = &self->sums;
    self->view.from = 0;
    self->view.to = TIME_DAY;
    self->sums.days = 1;
    if (self->metric->open)
        assert_int_equal(
            self->metric->open(self->states, self->world->shards.count, &self->view),
            STATUS_OK);
}

static inline void scene_begin(struct scene *self)
{
    if (self->metric->begin)
        assert_int_equal(self->metric->begin(self->states, &self->view), STATUS_OK);
}

static inline void scene_close(struct scene *self)
{
    if (self->metric->close) self->metric->close(self->states, self->world->shards.count);
    memory_free(self->states);
    lab_free(&self->lab);
}

static inline void scene_rows(struct scene *self, const struct impression *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint32_t shard = entity_shard(self->world->shards, rows[i].video);
        char *state = (char *)self->states + shard * self->metric->about.state_size;
        self->metric->rows(state, &self->view, shard, &rows[i], 1);
    }
}

/* The cells as numbers; empty = NAN. */
static inline void scene_sample(struct scene *self, double *out)
{
    enum status fault = STATUS_OK;
    self->view.fault = &fault;
    self->metric->sample(self->states, &self->view, self->cell);
    assert_int_equal(fault, STATUS_OK);
    self->view.fault = NULL;
    for (size_t c = 0; c < self->metric->column_count; c++) {
        const struct cell *cell = &self->cell[c];
        out[c] = cell->kind == CELL_INT     ? (double)cell->as.integer
                 : cell->kind == CELL_FLOAT ? cell->as.number
                                            : (double)NAN;
    }
}

/* The hooks of a day's end and of a window's. */
static inline void scene_day(struct scene *self)
{
    if (self->metric->day)
        assert_int_equal(self->metric->day(self->states, &self->view), STATUS_OK);
    if (self->metric->window)
        assert_int_equal(self->metric->window(self->states, &self->view), STATUS_OK);
}

/* The interval before has ended, the next day is looked at. */
static inline void scene_next(struct scene *self)
{
    self->view.from = self->view.to;
    self->view.to += TIME_DAY;
    self->view.interval++;
}

/* Row `i` of a table that is dealt to the shards in turn. */
static inline struct video_counters *scene_video(struct scene *self, uint32_t i)
{
    struct video_shard *shard = &self->world->videos[i % self->world->shards.count];
    assert_true(i / self->world->shards.count < shard->count);
    return &shard->counter[i / self->world->shards.count];
}
static inline uint32_t scene_video_number(const struct scene *self, uint32_t i)
{
    return entity_number(self->world->shards, i / self->world->shards.count,
                         i % self->world->shards.count);
}
static inline struct video *scene_video_truth(struct scene *self, uint32_t i)
{
    return &self->world->videos[i % self->world->shards.count]
                .row[i / self->world->shards.count];
}
static inline struct creator *scene_creator(struct scene *self, uint32_t i)
{
    struct creator_shard *shard = &self->world->creators[i % self->world->shards.count];
    assert_true(i / self->world->shards.count < shard->count);
    return &shard->row[i / self->world->shards.count];
}

/* The catalogue is these n videos, with so many impressions each. */
static inline void scene_catalogue(struct scene *self, const uint32_t *impressions, uint32_t n)
{
    for (uint32_t s = 0; s < self->world->shards.count; s++) {
        struct video_shard *shard = &self->world->videos[s];
        for (size_t r = 0; r < shard->count; r++) shard->counter[r].state = VIDEO_RETIRED;
        shard->active = 0;
    }
    for (uint32_t i = 0; i < n; i++) {
        struct video_counters *c = scene_video(self, i);
        c->state = VIDEO_ACTIVE;
        c->impressions = impressions[i];
        c->published = -TIME_DAY;
        self->world->videos[i % self->world->shards.count].active++;
    }
    self->sums.active_videos = n;
}

/* The creators who are here are these n, who posted and have earned so much of stream 0. */
static inline void scene_earners(struct scene *self, const int64_t *income, uint32_t n)
{
    for (uint32_t s = 0; s < self->world->shards.count; s++)
        for (size_t r = 0; r < self->world->creators[s].count; r++)
            self->world->creators[s].row[r].left = 1;
    for (uint32_t i = 0; i < n; i++) {
        struct creator *c = scene_creator(self, i);
        c->left = TIME_NEVER;
        c->posts = 1;
        memset(c->income, 0, sizeof c->income);
        c->income[0] = income[i];
    }
}

/* Four topics on the axes of the space, and a taste on them. */
static inline void scene_axes(struct scene *self)
{
    self->world->topics.count = 4;
    for (int k = 0; k < 4; k++)
        for (int d = 0; d < VECTOR_DIM; d++)
            self->world->topics.topic[k].vector[d] = d == k ? 1.0f : 0.0f;
}
static inline void scene_taste(struct scene *self, size_t position, float a, float b)
{
    float taste[VECTOR_DIM] = {a, b};
    struct viewer *v = world_viewer(self->world, self->view.panel.viewer[position]);
    vector_normalise(taste);
    vector_pack(&v->taste, taste);
    self->lab.sim->measure->taste[position] = v->taste;
}

static inline void scene_near(double found, double wanted)
{
    if (!(fabs(found - wanted) < 1e-4)) print_error("found %.9g, wanted %.9g\n", found, wanted);
    assert_true(fabs(found - wanted) < 1e-4);
}

#endif
