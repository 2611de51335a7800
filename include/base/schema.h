/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The parameter schema: one row a parameter, declared beside the code that uses it.
 *
 * From the rows come parsing, range checks, suggestions, `reelsim explain`, the reference in
 * docs/, `--set`, policy changes, sweep axes, the resolved scenario in the manifest, and the
 * effect test (tests/sim/test_effects.c runs the world with `from` and with `to` and looks at
 * the output `moves`).
 *
 * A table is the rows of one struct of values. Rows name a member of that struct by offset; the
 * member's C type follows from the row's type:
 *   SCHEMA_BOOL    bool
 *   SCHEMA_INT     int64_t
 *   SCHEMA_FLOAT   double
 *   SCHEMA_CHOICE  int32_t, index into `choices`, which are separated by '|'
 *   SCHEMA_TEXT    char[SCHEMA_TEXT_SIZE]
 *   SCHEMA_NAMES   struct name_list
 *   SCHEMA_FLOATS  struct float_list
 *
 * `moves` is a column of series.csv ("watch_hours") or of another table ("videos.duration_s"),
 * whose mean counts; "sd COLUMN", "sum COLUMN" and "last COLUMN"; "rows TABLE", their number;
 * "COLUMN/COLUMN", a ratio of sums; "r TABLE.COLUMN,COLUMN", their correlation over the rows;
 * "manifest.KEY"; "members", of the registries; "rows", any row of any table; or "hash", when
 * it is the state that has to differ and no output is known to move one way.
 */
#ifndef BASE_SCHEMA_H
#define BASE_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum schema_type {
    SCHEMA_BOOL,
    SCHEMA_INT,
    SCHEMA_FLOAT,
    SCHEMA_CHOICE,
    SCHEMA_TEXT,
    SCHEMA_NAMES,
    SCHEMA_FLOATS
};

/* May a dated policy change touch it (SCHEMA_WINDOW), or is it read once at the start? */
enum schema_when { SCHEMA_START, SCHEMA_WINDOW };
enum schema_split { SCHEMA_SPLIT_NONE, SCHEMA_SPLIT_VIEWER, SCHEMA_SPLIT_CREATOR };

#define SCHEMA_TEXT_SIZE 256
#define SCHEMA_NAME_SIZE 120 /* names of members and topics, paths of plug-ins */
#define SCHEMA_NAMES_MAX 64
#define SCHEMA_FLOATS_MAX 32

struct name_list {
    int32_t count;
    char name[SCHEMA_NAMES_MAX][SCHEMA_NAME_SIZE];
};

/* Position of the first that is so named, or -1. */
static inline int32_t name_list_find(const struct name_list *self, const char *name)
{
    int32_t i = 0;
    while (i < self->count && strcmp(self->name[i], name) != 0) i++;
    return i < self->count ? i : -1;
}

struct float_list {
    int32_t count;
    double value[SCHEMA_FLOATS_MAX];
};

struct schema_row {
    const char *path; /* below the table's prefix: "creator_share" */
    enum schema_type type;
    const char *unit;    /* "s", "d", "1", "currency/1000", ... */
    double low, high;    /* allowed range, inclusive; unused for text */
    const char *initial; /* the default, in libconfig's spelling: "0.5", "true", "[\"ads\"]" */
    const char *choices; /* SCHEMA_CHOICE: "none|mmr"; SCHEMA_TEXT and SCHEMA_NAMES: NULL, or
                            the registry kind whose member names are allowed ("ranker") */
    const char *meaning; /* one line */
    const char *source;  /* tag and key of docs/FACTS.md: "V KR-A", "A"; or "scenario" */
    double plausible_low, plausible_high; /* for tags A and V2; both 0 = not given */
    enum schema_when when;
    enum schema_split split;
    const char *moves;     /* the output that it moves, see below */
    int sign;              /* +1 or -1 when going from `from` to `to`; 0 = any difference */
    const char *from, *to; /* two values for the effect test; NULL = plausible range */
    const char
        *needs;    /* settings under which it acts: "platform.ranker=mf growth.channels=.." */
    size_t offset; /* of the member in the table's struct */
};

struct schema_table {
    const char *prefix; /* "revenue.ads"; for a repeated group "creators.cohorts" */
    size_t size;        /* bytes of the struct of values */
    int32_t most;       /* 0 = one struct; otherwise a list of at most so many groups */
    bool inherits;      /* of a list: what a group does not give is that of the level above */
    const struct schema_row *rows;
    size_t row_count;
};

#define SCHEMA_ROWS(array) .rows = (array), .row_count = sizeof(array) / sizeof((array)[0])

#endif
