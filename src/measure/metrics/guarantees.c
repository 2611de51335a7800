/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The platform's queues: first audiences that are promised to new videos and not yet served,
 * and videos that wait for a human moderator. Promises of more impressions than the cold-start
 * quota holds queue, and the delay is what they cost.
 */
#include "measure/metric.h"

static const struct column columns[] = {
    {"guarantees_open", "videos", "videos that are owed impressions by their pool, at the end"},
    {"guarantees_late", "videos", "of those: for longer than platform.pools.hours"},
    {"guarantees_done", "videos", "videos whose first pool's guarantee was served in full"},
    {"guarantee_hours", "h", "their mean time from entering the feed to the last of it"},
    {"moderation_queue", "videos", "videos that wait for a human moderator, at the end"},
};

/* What had been served at the end of the last interval; in the first shard's state. */
struct served {
    uint64_t done;
    double hours;
};

static void sample(void *states, const struct metric_view *view, struct cell *cells)
{
    const struct queue_figures *now = &view->sums->queues;
    struct served *before = states;
    uint64_t done = now->done - before->done;
    double hours = now->hours - before->hours;
    cells[0] = cell_int((int64_t)now->open);
    cells[1] = cell_int((int64_t)now->late);
    cells[2] = cell_int((int64_t)done);
    cells[3] = done ? cell_float(hours / (double)done) : cell_empty();
    cells[4] = cell_int((int64_t)now->moderation);
    *before = (struct served){now->done, now->hours};
}

static void visit(void *states, uint32_t shards, struct visitor *v)
{
    struct served *before = states;
    (void)shards;
    VISIT_VALUE(v, "metric.guarantees.done", before->done);
    VISIT_VALUE(v, "metric.guarantees.hours", before->hours);
}

const struct metric metric_guarantees = {
    .about = {.name = "guarantees",
              .doc = "queue and delay of guaranteed impressions, and of human moderation",
              .reference = "none",
              .state_size = sizeof(struct served)},
    .columns = columns,
    .column_count = sizeof columns / sizeof columns[0],
    .sample = sample,
    .visit = visit,
};
