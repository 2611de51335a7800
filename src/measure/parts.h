/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The inside of the observers, shared by the files of measure/.
 */
#ifndef MEASURE_PARTS_H
#define MEASURE_PARTS_H

#include "measure/measure.h"

#define MEASURE_COLUMNS_MAX 96
#define RETENTION_AGES 61 /* ages 0..60 days */

struct measure_parameters {
    double interval, warmup; /* days */
    int64_t panel, sample;   /* viewers, videos */
    struct name_list metrics;
};

/* What the log said in this interval about the videos of one shard. */
struct tally {
    uint64_t impressions, watch_ms, completions, plays_7s, plays_18s;
    uint64_t likes, comments, shares, follows, hides, reports, ads;
    uint64_t source[SOURCES];
    uint64_t cohort_impressions[SCHEMA_NAMES_MAX], cohort_watch_ms[SCHEMA_NAMES_MAX];
};

/* What one pass over the viewers of a shard finds at the end of a day. */
struct census {
    uint64_t dau, wau, mau;
};

struct measure {
    struct world *world;
    struct measure_services services;
    const struct measure_parameters *p;
    struct stream_key key; /* of sampled videos */
    struct tally *tally;   /* [shards], owned */
    struct census *census; /* [shards], owned */
    int64_t interval;      /* ordinal of the running interval */
    sim_time from;         /* its start */
    int32_t days;          /* of retention kept: joining days 0..days-1 */
    uint32_t *returned;    /* owned; [joined day][age], each shard's share summed */
    uint32_t *joined;      /* owned; [joined day] */
    size_t returned_room, joined_room;
    /* metrics in use */
    const struct metric *metric[SCHEMA_NAMES_MAX];
    void *state[SCHEMA_NAMES_MAX]; /* owned; [shards] states each */
    size_t metric_count;
    /* the panel */
    uint32_t *panel;  /* owned; viewer numbers, ascending */
    uint32_t *sample; /* owned; room for p->sample videos */
    size_t panel_count, sample_count;
    /* columns of this run */
    struct column series[MEASURE_COLUMNS_MAX], creators[MEASURE_COLUMNS_MAX],
        cohorts[MEASURE_COLUMNS_MAX];
    size_t series_count, creators_count, cohorts_count;
    char (*texts)[2 * SCHEMA_NAME_SIZE]; /* owned; names of columns made from members' names */
    size_t text_count;
    enum status emitted; /* the first failure of an emit that could not return it */
};

/* columns.c: what the tables of this run look like. */
enum status columns_make(struct measure *self) MUST_CHECK;
extern const struct column columns_videos[], columns_retention[], columns_cascades[],
    columns_ledger[];
extern const size_t columns_videos_count, columns_retention_count, columns_cascades_count,
    columns_ledger_count;

/* panels.c: rows about entities. */
struct metric_view panels_view(const struct measure *self);
enum status panels_choose(struct measure *self) MUST_CHECK;
const char *panels_cohort(const struct measure *self, uint8_t cohort);
void panels_sample(struct measure *self);
enum status panels_emit_video(struct measure *self, uint32_t shard, uint32_t row) MUST_CHECK;
enum status panels_emit_creators(struct measure *self) MUST_CHECK;

/* census.c: one pass over viewers a day. */
enum status census_take(struct measure *self, int32_t day) MUST_CHECK;
enum status census_emit_retention(struct measure *self) MUST_CHECK;
struct census census_sum(const struct measure *self);

/* series.c: the rows of an interval. */
enum status series_emit(struct measure *self) MUST_CHECK;

static inline enum status measure_emit(struct measure *self, enum table_id table,
                                       const struct cell *cells, size_t n)
{
    if (!self->services.sink.emit) return STATUS_OK;
    return self->services.sink.emit(self->services.sink.self, table, cells, n);
}

#endif
