/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A log of interactions: who met what, what it was worth, when. What recommenders are trained
 * on and judged by (recommend/recommender.h).
 *
 * Users and items are dense ids from 0. A row takes 16 bytes, in four columns, so that a
 * hundred million rows are 1.6 GB; sorting moves them in place. The same user and item may meet
 * more than once: each row counts.
 *
 * An index is the compact row-major (CSR) form of a log, by user or by item: the rows of entity
 * i are [offset[i], offset[i + 1]), in the order that the log has them.
 */
#ifndef RECOMMEND_INTERACTIONS_H
#define RECOMMEND_INTERACTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

struct interactions {
    uint32_t users, items; /* ids lie below these; ids without a row are fine */
    size_t count, room;    /* rows; rows that the columns have room for */
    uint32_t *user, *item; /* owned, like the next two; [count] */
    float *value;          /* rating, watch ratio, reward; 1 where the log has no value */
    uint32_t *time;        /* seconds since the log's first row; 0 where it has none; NULL:
                              forgotten */
};

struct interaction {
    uint32_t user, item;
    float value; /* finite */
    uint32_t time;
};

/* Empty, with room for `room` rows (0 is fine). */
enum status interactions_init(struct interactions *self, size_t room) MUST_CHECK;
void interactions_free(struct interactions *self);
/* Room for `rows` rows altogether, exactly; less than there is does nothing. On failure the log
 * stays as it was, perhaps with more room in some columns. */
enum status interactions_reserve(struct interactions *self, size_t rows) MUST_CHECK;
/* Adds a row; `users` and `items` grow to hold its ids, which are below 2^32 - 1. */
enum status interactions_append(struct interactions *self,
                                const struct interaction *row) MUST_CHECK;
/* By user, then time, then item, then value (its bits): a total order, so the outcome does not
 * depend on the order before. In place (a radix sort by bytes, O(16 count)). */
void interactions_sort(struct interactions *self);
/* Gives the times' 4 bytes a row back. From then on rows cannot be added, sorted, swapped or
 * compared. */
void interactions_forget_times(struct interactions *self);

/* Whether users ascend, as after interactions_sort. O(rows). */
bool interactions_by_user(const struct interactions *self);
/* The order of interactions_sort, of row i of `a` and row j of `b`: below 0, 0, above 0. */
int interactions_compare(const struct interactions *a, size_t i, const struct interactions *b,
                         size_t j);
void interactions_swap(struct interactions *self, size_t a, size_t b);

/* Of the values; all 0 for an empty log. */
struct interactions_range {
    float mean, low, high;
};
struct interactions_range interactions_range(const struct interactions *self);

static inline struct interaction interactions_row(const struct interactions *self, size_t row)
{
    return (struct interaction){self->user[row], self->item[row], self->value[row],
                                self->time[row]};
}

enum interaction_side { BY_USER, BY_ITEM };

struct interaction_index {
    uint32_t rows;   /* users or items */
    uint32_t others; /* the other side's number */
    size_t count;    /* entries */
    size_t *offset;  /* owned; [rows + 1] */
    uint32_t *other; /* [count]: the item by user, the user by item */
    float *value;    /* [count] */
    bool borrowed;   /* `other` and `value` are a log's columns; else owned */
};

/* Of a log whose users ascend, by user: borrows its columns, which must outlive this, so that
 * it takes 8 bytes a user and none a row. O(rows + users). */
enum status interaction_index_init(struct interaction_index *self,
                                   const struct interactions *log) MUST_CHECK;
/* The same entries by the other side, each row in the order of the rows of `self`. */
enum status interaction_index_transpose(const struct interaction_index *self,
                                        struct interaction_index *out) MUST_CHECK;
void interaction_index_free(struct interaction_index *self);

#endif
