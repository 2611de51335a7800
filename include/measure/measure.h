/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Observers: they read the world and write rows, never state that the model reads.
 *
 * Counters that every table needs are always on; the metrics (`reelsim list metrics`) are a
 * registry and cost only if `measure.metrics` asks for them.
 */
#ifndef MEASURE_MEASURE_H
#define MEASURE_MEASURE_H

#include "measure/metric.h"
#include "measure/rows.h"
#include "measure/summary.h"
#include "world/service.h"
#include "world/world.h"

struct measure;

extern const struct schema_table *const measure_tables[]; /* NULL-terminated */
extern const struct member *const measure_metrics[];      /* NULL-terminated, built in */

/* What measure/ asks of folders it does not include at the same depth: filled by sim/. */
struct measure_services {
    struct rank_service rank;
    struct truth_service truth;
    void *revenue;
    struct money_figures (*money)(void *revenue); /* of the interval; clears it */
    /* What the viewers of each arm spent by stream in the interval; clears it. */
    void (*spent)(void *revenue, int64_t spent[ARMS][LEDGER_STREAMS_MAX]);
    /* What is held for creators until a later day, by cohort. */
    void (*waiting)(void *revenue, int64_t waiting[SCHEMA_NAMES_MAX]);
    void *platform;
    struct queue_figures (*queues)(void *platform);
    /* Postings of the day for ledger.csv, in order; clears them. */
    void (*ledger)(void *revenue,
                   void (*row)(void *context, int stream, int debit, int credit,
                               int64_t amount),
                   void *context);
    const char *const *stream_names; /* in use, in ledger order */
    size_t stream_count;
    const char *const *channel_names; /* in use */
    size_t channel_count;
    struct row_sink sink;
};

enum status measure_init(struct measure **self, struct world *world,
                         const struct measure_services *services) MUST_CHECK;
void measure_free(struct measure *self); /* NULL is fine */
/* After the world was populated or loaded: chooses the panel. */
enum status measure_begin(struct measure *self) MUST_CHECK;

/* Videos phase: a block of the log that came to this shard. */
void measure_rows(struct measure *self, uint32_t shard, uint32_t thread,
                  const struct impression *rows, size_t n);
/* Between the delivery of the log and its readers: a row of trace.csv an impression, in the
 * order of (video's shard, viewer's shard, writing). */
enum status measure_trace(struct measure *self) MUST_CHECK;
/* A traffic pool has judged a video: a row of pools.csv, before the counters of the next pool.
 * Called one by one at the close. */
void measure_pool(struct measure *self, const struct pool_verdict *verdict);
/* A video is gone for good, nothing can reach it any more: its final row. Called in shard order
 * at the close. */
void measure_video(struct measure *self, uint32_t shard, uint32_t row);
/* A finished tree of shares. */
struct measure_cascade {
    int64_t root_video; /* as videos.csv calls it: video_id() */
    uint64_t size;      /* sharers, the root included */
    uint32_t depth;
    double virality; /* mean distance of two sharers */
};
/* A cascade was closed. */
void measure_cascade(struct measure *self, const struct measure_cascade *cascade);
/* The close of every window: folds counters, emits rows where an interval or a day ends. */
enum status measure_close(struct measure *self) MUST_CHECK;
/* The end of the run: creators, videos still in the catalogue, retention. */
enum status measure_finish(struct measure *self) MUST_CHECK;

/* For the codebook: part 0, 1, 2 of a table's columns as they are declared, whatever is in use;
 * returns how many, 0 behind the last part. A name with <...> in it stands for several.
 */
size_t measure_declared(enum table_id table, size_t part, const struct column **columns);
struct table_shape measure_shape(const struct measure *self, enum table_id table);
void measure_visit(struct measure *self, struct visitor *v);

#endif
