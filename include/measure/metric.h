/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A metric: one or more columns of series.csv, computed only if `measure.metrics` asks for it.
 *
 * Observers are read-only. A metric sees the log as it comes to a video shard (`rows`, in
 * parallel, one shard at a time: it may write the state of that shard only) and the world at
 * the end of every interval (`sample`, one thread). Its state is `about.state_size` bytes a
 * shard, zeroed at the start; what it allocates it frees in close.
 */
#ifndef MEASURE_METRIC_H
#define MEASURE_METRIC_H

#include "base/visit.h"
#include "measure/rows.h"
#include "world/member.h"
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

struct metric_view {
    const struct world *world;
    struct rank_service rank;
    struct truth_service truth;
    int64_t interval;      /* ordinal of the interval that ends */
    sim_time from, to;     /* the interval */
    const uint32_t *panel; /* viewer numbers of the panel, by birth name; fixed for the run */
    size_t panel_count;
    const uint32_t *sample_videos; /* active videos sampled for this interval */
    size_t sample_count;
};

struct metric {
    struct member about;
    const struct column *columns;
    size_t column_count; /* <= 8 */
    enum status (*open)(void *states, uint32_t shards, const struct metric_view *view);
    /* May be NULL. `state` is this shard's. */
    void (*rows)(void *state, const struct metric_view *view, uint32_t shard,
                 const struct impression *rows, size_t n);
    /* Fills column_count cells; `states` is the array of all shards' states. Clears what
     * belongs to the interval. */
    void (*sample)(void *states, const struct metric_view *view, struct cell *cells);
    void (*visit)(void *states, uint32_t shards, struct visitor *v); /* may be NULL: no state */
    void (*close)(void *states, uint32_t shards);                    /* may be NULL */
};

#endif
