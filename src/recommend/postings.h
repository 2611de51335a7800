/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who met what, a list of ids for each user or item, in little room: what a log of a hundred
 * million rows can afford beside its 16 bytes a row.
 *
 * The ids of a list ascend; the list is cut by their high bits into buckets of eight to sixteen
 * ids on average, and of each id only the low bits are kept, side by side, behind a directory
 * of where buckets end. That is log2(ids there are / length) + 5 to 6 bits each (Elias-Fano's
 * bound is 2 less, but needs a search for the bucket; Vigna 2013, arXiv 1206.4300): 1.2 bytes
 * where a user met a twentieth of the items. Values take nothing when all are equal, a byte
 * when they are of at most 256 kinds, else 4.
 */
#ifndef RECOMMEND_POSTINGS_H
#define RECOMMEND_POSTINGS_H

#include <stdbool.h>

#include "recommend/interactions.h"

#define POSTINGS_KINDS 256 /* of values that have a code */

struct posting_list {
    size_t first; /* entries before it */
    size_t place; /* bytes before it: low bits an id, directory, low bits */
};

struct postings {
    uint32_t rows, others;
    struct posting_list *list; /* owned; [rows + 1] */
    uint8_t *bytes;            /* owned */
    uint32_t kinds;            /* of values; 0 = `value` has them */
    float kind[POSTINGS_KINDS];
    uint8_t *code; /* owned; [entries]; NULL with one kind or none */
    float *value;  /* owned; [entries]; NULL with kinds */
};

/* Of a log whose users ascend. Equal ids stay in the order of the log. Without `values` all are
 * 1. O(rows), BY_USER O(rows log rows of a user); 4 bytes a user or item while it works. */
enum status postings_init(struct postings *self, const struct interactions *log,
                          enum interaction_side side, bool values) MUST_CHECK;
/* The users of each item, with values, of some rows: a bit a row of the log; NULL = all. */
enum status postings_init_some(struct postings *self, const struct interactions *log,
                               const uint8_t *some) MUST_CHECK;
static inline bool postings_some(const uint8_t *some, size_t row)
{
    return !some || some[row / 8] >> row % 8 & 1;
}
void postings_free(struct postings *self); /* works when zeroed */
bool postings_has(const struct postings *self, uint32_t row, uint32_t other);

/* A row of an index as it is, or a piece of a list of postings: the same loop reads both. */
#define SPAN_ROOM 128
struct span {
    const uint32_t *other; /* [count] */
    const float *value;    /* [count] */
    uint32_t count;
    /* The rest is postings'. */
    const struct postings *from;
    const uint8_t *at;
    size_t entry, end, bucket_end, first; /* within the list; entries before it */
    uint32_t bucket;
    uint32_t room[SPAN_ROOM];
    float values[SPAN_ROOM];
};

/* One of the two is not NULL. */
struct span_source {
    const struct interaction_index *index;
    const struct postings *postings;
};

/* The first piece of a row is there after span_next, and so on; false = no more. */
void span_open(struct span *self, const struct span_source *source, uint32_t row);
bool span_next(struct span *self);
/* Whether a row has an entry. */
static inline bool span_any(const struct span_source *source, uint32_t row)
{
    if (source->index) return source->index->offset[row + 1] > source->index->offset[row];
    return source->postings->list[row + 1].first > source->postings->list[row].first;
}

#endif
