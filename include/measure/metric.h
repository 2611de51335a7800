/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A metric: one or more columns of series.csv, computed only if `measure.metrics` asks for it.
 *
 * Observers are read-only. A metric sees the log as it comes to a video shard (`rows`, in
 * parallel, one shard at a time: it may write the state of that shard only, and allocates
 * nothing) and the world at the end of every window, day and interval (one thread). Its state
 * is `about.state_size` bytes a shard, zeroed at the start; what it allocates it frees in
 * close.
 */
#ifndef MEASURE_METRIC_H
#define MEASURE_METRIC_H

#include "base/member.h"
#include "base/visit.h"
#include "measure/interval.h"
#include "measure/rows.h"
#include "world/world.h"

/* The recommender's own scores, for metrics that hold them against the truth. */
struct rank_service {
    void *self;
    /* Personalised scores of n videos (numbers) for one viewer, as the running ranker would
     * order them outside of a session; higher is better. */
    void (*score)(void *self, uint32_t viewer, const uint32_t *video, size_t n, float *score);
};

/* The truth, for the same metrics: expected match of a viewer and a video, without pair noise.
 */
struct truth_service {
    void *self;
    float (*match)(void *self, uint32_t viewer, uint32_t video);
};

/* Viewers that are looked at one by one: a random choice of the initial population. */
struct panel {
    const uint32_t *viewer; /* numbers, ascending; fixed for the run */
    size_t count;
    const uint64_t *member; /* a bit a viewer number below `limit`: is it on the panel? */
    uint32_t limit;
    const struct packed16 *taste; /* true tastes; in `begin` and `sample` as they are then */
};

#define PANEL_NONE UINT32_MAX
/* Position of a viewer on the panel, or PANEL_NONE. For those who are not on it, one bit is
 * looked at. */
static inline uint32_t panel_index(const struct panel *self, uint32_t viewer)
{
    if (viewer >= self->limit || !(self->member[viewer / 64] >> viewer % 64 & 1))
        return PANEL_NONE;
    size_t low = 0, high = self->count;
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        if (self->viewer[middle] <= viewer)
            low = middle;
        else
            high = middle;
    }
    return (uint32_t)low;
}

struct metric_view {
    const struct world *world;
    struct rank_service rank;
    struct truth_service truth;
    int64_t interval; /* ordinal of the running interval */
    sim_time from;    /* its start */
    sim_time to;      /* the close of the window that ends; not in `rows` */
    struct panel panel;
    const uint32_t *sample_videos; /* in `sample`: active videos sampled for this interval */
    size_t sample_count;
    const struct interval *sums; /* in `sample` only: what was counted */
    struct retention retention;  /* in `day` and `sample` */
    enum status *fault;          /* in `sample` only: see metric_fault */
};

/* What `sample` could not do, for want of memory say, ends the run: the row is not written. A
 * cell is empty only where there is nothing to measure. */
static inline void metric_fault(const struct metric_view *view, enum status status)
{
    if (status) *view->fault = status;
}

/* All functions but sample may be NULL. */
struct metric {
    struct member about;
    const struct column *columns;
    size_t column_count; /* <= 8 */
    /* Before there is a population, and before `visit` loads. */
    enum status (*open)(void *states, uint32_t shards, const struct metric_view *view);
    /* The population is there, new or loaded; the panel is chosen. */
    enum status (*begin)(void *states, const struct metric_view *view);
    /* A block of the log; `state` is this shard's. */
    void (*rows)(void *state, const struct metric_view *view, uint32_t shard,
                 const struct impression *rows, size_t n);
    /* The close of a window: makes room for the next. */
    enum status (*window)(void *states, const struct metric_view *view);
    /* The last window of a day, before `sample`. */
    enum status (*day)(void *states, const struct metric_view *view);
    /* The end of an interval: fills column_count cells; `states` is the array of all shards'
     * states. Clears what belongs to the interval. What fails is told by metric_fault. */
    void (*sample)(void *states, const struct metric_view *view, struct cell *cells);
    void (*visit)(void *states, uint32_t shards, struct visitor *v); /* NULL: no state */
    void (*close)(void *states, uint32_t shards);
};

#endif
