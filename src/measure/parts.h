/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The inside of the observers, shared by the files of measure/.
 */
#ifndef MEASURE_PARTS_H
#define MEASURE_PARTS_H

#include <string.h>

#include "measure/measure.h"

#define MEASURE_COLUMNS_MAX 160

struct measure_parameters {
    double interval, warmup; /* days */
    int64_t panel, sample;   /* viewers, videos */
    struct name_list metrics;
    bool trace, trace_packed, pools, money;
};

/* What the log said in this interval about the videos of one shard. Acts are counted by the two
 * bytes of their bits, two increments an impression for all of them. */
struct tally {
    uint64_t acts_low[256], acts_high[1 << (INTERVAL_ACTS - 8)];
    uint64_t source[SOURCES];
    uint64_t cohort_impressions[INTERVAL_COHORTS], cohort_watch_ms[INTERVAL_COHORTS];
    uint64_t cohort_completions[INTERVAL_COHORTS], cohort_hides[INTERVAL_COHORTS];
};

/* What one pass over the viewers of a shard finds. */
struct census {
    uint64_t dau, wau, mau;
    uint64_t lost;            /* have given up, and not come back */
    uint64_t joined, initial; /* those who joined on the day; those here at the start */
};

/* What a cohort's creators had at the end of the last interval. */
struct cohort_totals {
    uint64_t posts, unfollows, followers;
    double worked; /* h */
    int64_t income[LEDGER_STREAMS_MAX], spend[LEDGER_CHANNELS_MAX], produced;
};

/* Whether impressions are counted for a source: those of a channel are where it is in use. */
static inline bool source_used(const struct measure_services *services, enum source source)
{
    bool used = source < SOURCES_ALWAYS;
    for (size_t i = 0; i < services->channel_count; i++)
        used |= strcmp(services->channel_names[i], source_name(source)) == 0;
    return used;
}

/* Of a split run: what the log said of each arm, by the videos' shard; what each had when the
 * last interval ended. */
struct arms_seen {
    struct arm_tallies {
        struct arm_tally {
            uint64_t impressions, watch_ms, act[INTERVAL_ACTS];
        } arm[ARMS];
    } * tally; /* [shards], owned */
    uint64_t posts[ARMS], dau[ARMS], days;
    int64_t income[ARMS][LEDGER_STREAMS_MAX];
};

/* A column of series.csv after the warm-up: sums for its mean and its trend. Values are held
 * against the first one, which keeps the squares small. */
struct running {
    uint64_t n;
    double first, sum, squares;        /* of y - first */
    double times, time_squares, cross; /* of t, t * t, t * (y - first); t in days */
};

struct measure {
    struct world *world;
    struct measure_services services;
    const struct measure_parameters *p;
    struct stream_key key;        /* of sampled videos */
    struct tally *tally;          /* [shards], owned */
    struct census *census;        /* [shards], owned; scratch of a pass */
    struct census last;           /* of all shards, at the end of the last day */
    int64_t interval;             /* ordinal of the running interval */
    sim_time from;                /* its start */
    uint64_t dau_sum, dau_days;   /* days that ended in the running interval */
    struct cascade_sums cascades; /* closed in it */
    struct cohort_totals *cohort; /* owned; [cohorts] */
    size_t cohort_count;
    struct arms_seen *arms; /* owned; NULL unless the run is split */
    struct earned {         /* a shard's creators, by row */
        struct earned_row {
            int64_t income; /* when the last interval ended */
            int64_t profit; /* when the warm-up ended, or now within it */
            double worked;  /* h, likewise */
        } * row;            /* owned */
        size_t count, room;
    } * earned;          /* owned; [shards] */
    struct weeks *weeks; /* owned; [shards]: what creators earned week by week */
    /* retention: joining days -1..days-1 */
    int32_t days;
    uint32_t *returned, *joined, *back; /* owned; `back` is scratch of a census */
    size_t returned_room, joined_room, back_room;
    struct metric_view view; /* of the window that runs: what `rows` of metrics see */
    /* metrics in use */
    const struct metric *metric[SCHEMA_NAMES_MAX];
    void *state[SCHEMA_NAMES_MAX]; /* owned; [shards] states each */
    size_t metric_count;
    uint8_t seeing[SCHEMA_NAMES_MAX]; /* of them: those that look at the log */
    size_t seeing_count;
    /* the panel */
    uint32_t *panel;        /* owned; viewer numbers, ascending */
    struct packed16 *taste; /* owned; of them */
    uint64_t *member;       /* owned; a bit a viewer number below `limit` */
    uint32_t limit;
    uint32_t *sample; /* owned; room for p->sample videos */
    size_t panel_count, sample_count;
    /* columns of this run */
    struct column series[MEASURE_COLUMNS_MAX], creators[MEASURE_COLUMNS_MAX],
        cohorts[MEASURE_COLUMNS_MAX], arms_columns[MEASURE_COLUMNS_MAX];
    size_t series_count, creators_count, cohorts_count, arms_count;
    char (*texts)[2 * SCHEMA_NAME_SIZE]; /* owned; names of columns made from members' names */
    size_t text_count;
    uint64_t initial; /* viewers of the initial population; counted only for trace and money */
    struct journal *journal;                     /* owned; [shards]; NULL unless p->money */
    struct running running[MEASURE_COLUMNS_MAX]; /* [series_count] */
    enum status emitted; /* the first failure of an emit that could not return it */
};

/* columns.c: what the tables of this run look like. */
enum status columns_make(struct measure *self) MUST_CHECK;
extern const struct column columns_videos[], columns_retention[], columns_cascades[],
    columns_ledger[], columns_pools[], columns_trace[], columns_money[], columns_purses[];
extern const size_t columns_videos_count, columns_retention_count, columns_cascades_count,
    columns_ledger_count, columns_pools_count, columns_trace_count, columns_money_count,
    columns_purses_count;

/* tally.c: the log of a shard to counts, and those to an interval. */
void tally_rows(struct tally *self, const struct world *world, uint32_t shard,
                const struct impression *rows, size_t n);
void tally_add(const struct tally *self, struct interval *to);
/* `sources`: a bit for each that is in use. */
void tally_visit(struct tally *self, size_t n, uint32_t sources, struct visitor *v);

/* panels.c: rows about entities, and the entities that metrics look at. */
struct metric_view panels_view(const struct measure *self);
enum status panels_choose(struct measure *self) MUST_CHECK;
void panels_sample(struct measure *self);
void panels_look(struct measure *self); /* at the tastes of the panel, as they are now */
enum status panels_emit_video(struct measure *self, uint32_t shard, uint32_t row) MUST_CHECK;
enum status panels_emit_creators(struct measure *self) MUST_CHECK;

/* census.c: passes over viewers. */
struct census census_count(struct measure *self, int32_t day);
enum status census_day(struct measure *self, int32_t day) MUST_CHECK; /* once, at its end */
enum status census_emit_retention(struct measure *self) MUST_CHECK;
void census_visit(struct measure *self, struct visitor *v);

/* cohorts.c: creator cohorts. */
const char *cohorts_name(const struct measure *self, uint8_t cohort);
enum status cohorts_init(struct measure *self) MUST_CHECK;
enum status cohorts_begin(struct measure *self) MUST_CHECK; /* from here on it counts */
enum status cohorts_emit(struct measure *self, const struct interval *interval) MUST_CHECK;
void cohorts_visit(struct measure *self, struct visitor *v);

/* arms.c: the arms of a split run. Beside arms_open and arms_close, only where there are two.
 */
enum status arms_open(struct measure *self) MUST_CHECK;
void arms_close(struct measure *self);
void arms_begin(struct measure *self); /* from here on it counts */
void arms_rows(struct measure *self, uint32_t shard, const struct impression *rows, size_t n);
void arms_day(struct measure *self, int32_t day); /* at its end */
enum status arms_emit(struct measure *self) MUST_CHECK;
void arms_visit(struct measure *self, struct visitor *v);

/* metrics.c: the members in use. */
enum status metrics_open(struct measure *self) MUST_CHECK;
void metrics_close(struct measure *self);
enum status metrics_begin(struct measure *self) MUST_CHECK;
void metrics_rows(struct measure *self, uint32_t shard, const struct impression *rows,
                  size_t n);
enum status metrics_window(struct measure *self, bool day_ends) MUST_CHECK;
/* Fills the cells of all metrics' columns, `*count` of them; after a fault they are void. */
enum status metrics_sample(struct measure *self, const struct interval *interval,
                           struct cell *cells, size_t *count) MUST_CHECK;
void metrics_visit(struct measure *self, struct visitor *v);

/* trace.c: which of its two tables is written; TABLES = none. */
enum table_id trace_table(const struct measure *self);
/* trace.c: before the first row. */
void trace_begin(struct measure *self);
/* The number of a viewer by birth. */
int64_t trace_viewer(const struct measure *self, uint32_t number);

/* measure.c: what tables call a stream, or what follows the streams (world/ledger.h). */
const char *measure_stream(const struct measure *self, int stream);

/* money.c: gives the books their journals; takes what they hold, once the viewers are there and
 * at every close; the purses at the end. */
enum status money_init(struct measure *self) MUST_CHECK;
void money_free(struct measure *self);
enum status money_begin(struct measure *self) MUST_CHECK;
enum status money_emit(struct measure *self) MUST_CHECK;
enum status money_emit_purses(struct measure *self) MUST_CHECK;

/* series.c: the rows of an interval. */
enum status series_emit(struct measure *self) MUST_CHECK;

/* summary.c: what enters the summary, row by row. */
void summary_add(struct measure *self, const struct cell *row);
void summary_visit(struct measure *self, struct visitor *v);

static inline enum status measure_emit(struct measure *self, enum table_id table,
                                       const struct cell *cells, size_t n)
{
    if (!self->services.sink.emit) return STATUS_OK;
    return self->services.sink.emit(self->services.sink.self, table, cells, n);
}

/* Day of an instant, rounding down also before the start. */
static inline int64_t measure_day(sim_time t)
{
    return t >= 0 ? t / TIME_DAY : -((-t + TIME_DAY - 1) / TIME_DAY);
}
static inline double measure_hours(uint64_t ms) { return (double)ms / (double)TIME_HOUR; }

#endif
