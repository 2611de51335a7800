/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rows of the result tables, as they leave the simulation: measure/ makes them, io/ writes
 * them.
 *
 * Each table declares its columns once, with unit and definition; docs/CODEBOOK.md is made from
 * these declarations, and the header of each CSV too.
 */
#ifndef MEASURE_ROWS_H
#define MEASURE_ROWS_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

/* id, file, what a row is */
#define TABLE_LIST(X)                                                                          \
    X(TABLE_SERIES, "series.csv", "an interval of the platform (measure.interval)")            \
    X(TABLE_COHORTS, "cohorts.csv", "an interval of a creator cohort")                         \
    X(TABLE_CREATORS, "creators.csv", "a creator, at the end of the run")                      \
    X(TABLE_VIDEOS, "videos.csv", "a video, when it left the catalogue or at the end")         \
    X(TABLE_RETENTION, "retention.csv", "a joining day at an age in days")                     \
    X(TABLE_CASCADES, "cascades.csv", "a cascade of shares")                                   \
    X(TABLE_LEDGER, "ledger.csv", "a day's postings from one account class to another")        \
    X(TABLE_MONEY, "money.csv.zst",                                                            \
      "a posting with the act behind it, or those of a window, a creator and an account that " \
      "single impressions brought (unless `measure.money` is false; `reelsim audit` reads "    \
      "it)")                                                                                   \
    X(TABLE_PURSES, "purses.csv.zst",                                                          \
      "a viewer's purse at the end of the run (unless `measure.money` is false)")              \
    X(TABLE_POOLS, "pools.csv",                                                                \
      "a video, when a traffic pool has judged it (only with `measure.pools`)")                \
    X(TABLE_ARMS, "arms.csv",                                                                  \
      "an interval of an arm of an experiment inside the run (only with `experiment.split`)")  \
    X(TABLE_TRACE, "trace.csv", "an impression (only with `measure.trace`)")                   \
    X(TABLE_TRACE_PACKED, "trace.csv.zst",                                                     \
      "the same, packed (only with `measure.trace` and `measure.trace_packed`)")

enum table_id {
#define TABLE_ENUM(id, file, what) id,
    TABLE_LIST(TABLE_ENUM)
#undef TABLE_ENUM
        TABLES
};

enum cell_kind { CELL_EMPTY, CELL_INT, CELL_FLOAT, CELL_TEXT, CELL_MONEY };

struct column {
    const char *name;       /* "watch_hours" */
    const char *unit;       /* "h", "1", "currency" */
    const char *definition; /* one line */
};

struct cell {
    enum cell_kind kind;
    union {
        int64_t integer; /* CELL_INT; CELL_MONEY in micro-units */
        double number;
        const char *text; /* borrowed until emit returns */
    } as;
};

static inline struct cell cell_int(int64_t v)
{
    return (struct cell){.kind = CELL_INT, .as.integer = v};
}
static inline struct cell cell_float(double v)
{
    return (struct cell){.kind = CELL_FLOAT, .as.number = v};
}
static inline struct cell cell_text(const char *v)
{
    return (struct cell){.kind = CELL_TEXT, .as.text = v};
}
static inline struct cell cell_money(int64_t micro) /* written in major units, six decimals */
{
    return (struct cell){.kind = CELL_MONEY, .as.integer = micro};
}
static inline struct cell cell_empty(void) { return (struct cell){.kind = CELL_EMPTY}; }

/* The header of a table of this run; none of its columns: the run has no such table. Columns
 * stay valid as long as the simulation. */
struct table_shape {
    const struct column *columns;
    size_t count;
};

/* Where rows go. emit is called by one thread at a time, in a fixed order. */
struct row_sink {
    void *self;
    enum status (*emit)(void *self, enum table_id table, const struct cell *cells, size_t n);
};

const char *table_file(enum table_id table);
const char *table_meaning(enum table_id table);

#endif
