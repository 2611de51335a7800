/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reading real interaction logs: CSV or TSV, plain, gzip or zstd, a row an interaction.
 *
 * Which column holds user, item, value and time is said by a map ("user=0,item=1,value=2" or
 * "user=user_id,value=watch_ratio"), by a preset, or found from the header. Names of users and
 * items are any text and become dense numbers (io/identifiers.h). Streaming: beside the 16
 * bytes a row and the names it holds half a megabyte. A row that cannot be read is counted,
 * and the first few are told with their line.
 */
#ifndef IO_LOG_H
#define IO_LOG_H

#include "io/identifiers.h"
#include "recommend/interactions.h"
#include "world/audience.h"

#define LOG_FORMAT_SIZE 320

struct log_options {
    const char *columns; /* NULL = the preset's, or found */
    const char *preset;  /* of `log_presets`; NULL = found from the header */
    bool strict;         /* the first bad row is an error */
    bool details;        /* authors and acts, too, where there are such columns */
};

/* Beyond the rows: what `details` asks for. */
struct log_details {
    struct identifiers authors;
    uint32_t *author; /* owned; [items]: its first row's; UINT32_MAX = it names none */
    size_t author_room;
    /* rows with the act (a value above 0), rows with its column */
    uint64_t acts[AUDIENCE_ACTS], looked[AUDIENCE_ACTS];
};

struct log {
    struct interactions rows; /* of all files so far, in their order */
    struct identifiers users, items;
    int64_t first, last; /* seconds since 1970 or whatever the log counts from; see `timed` */
    bool timed, valued;  /* some file had a time; a value */
    bool untimed;        /* some file had none: log_finish sets all times to 0 */
    struct log_details details;
};

/* What one reading found. */
struct log_report {
    uint64_t lines, good, bad;
    char format[LOG_FORMAT_SIZE]; /* for people: "tabs, user=0, item=1 (movielens)" */
};

/* Names of the presets, ended by NULL. */
extern const char *const log_presets[];

/* Works on a zeroed object. */
void log_free(struct log *self);
/* Adds the rows of a file (or pipe). Between the first and the last reading `time` counts from
 * elsewhere: log_finish sets it right. STATUS_BAD_INPUT: no such file, an unknown column or
 * preset, damaged packing, no row that can be read, or with `strict` any bad row. */
enum status log_read(struct log *self, const char *path, const struct log_options *options,
                     struct log_report *report, struct errors *errors) MUST_CHECK;
/* After the last log_read: times become seconds since the earliest row. */
void log_finish(struct log *self);

#endif
