/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which rows of a log train a recommender and which test it.
 *
 * Counts are exact, not "about 20 %": each group (the log, a user, an item) has a quota for
 * each part, and its rows are dealt in their order, each to a part with probability (what the
 * part still lacks) / (rows still to come): every division with these counts is equally likely
 * (Fan, Muller & Rezucha 1962), in one pass and a few bytes a group.
 */
#ifndef RECOMMEND_SPLIT_H
#define RECOMMEND_SPLIT_H

#include "engine/stream.h"
#include "recommend/interactions.h"

#define SPLIT_FOLDS_MOST 20

/* In the order of SPLIT_WORDS. */
enum split_kind {
    SPLIT_RANDOM,   /* rows at random */
    SPLIT_USER,     /* the same share of each user's rows, at least one if two are left over */
    SPLIT_ITEM,     /* the same of each item's */
    SPLIT_LAST,     /* each user's last rows */
    SPLIT_TEMPORAL, /* the latest rows of all */
    SPLIT_SAMPLE    /* a share of the rows of one fold's users (LensKit's partition_users) */
};
#define SPLIT_WORDS "random|user|item|last|temporal|sample"

enum split_part { PART_TRAIN, PART_TEST, PART_VALIDATION, SPLIT_PARTS };

struct split {
    enum split_kind kind;
    double test, validation; /* shares of all rows (of a group's); together below 1 */
    uint32_t leave;          /* SPLIT_LAST: rows of each user */
    uint32_t folds, fold;    /* 1 and 0: one division by `test`. More: fold of as many equal
                                parts is the test (of SPLIT_SAMPLE: its users) */
    struct seed seed;
};

/* part[count] for a log that interactions_sort has sorted. With `folds` > 1, with SPLIT_LAST
 * and SPLIT_TEMPORAL the validation rows are drawn from all that would train. SPLIT_USER and
 * SPLIT_ITEM count as RecBole does: the whole part of share x rows, or 1 where that is below 1
 * and the training part keeps a row. SPLIT_TEMPORAL takes whole seconds: rows as late as the
 * earliest of the test are test, too. O(rows). */
enum status split_rows(const struct split *self, const struct interactions *log,
                       uint8_t *part) MUST_CHECK;
/* Marks as PART_TEST the rows of `log` that are in `test` (both sorted; rows that are there
 * twice are marked twice only if they are in `test` twice), all others as PART_TRAIN. How many
 * rows of `test` the log does not have. */
size_t split_given(const struct interactions *log, const struct interactions *test,
                   uint8_t *part);
/* Turns `share` of the PART_TRAIN rows, drawn at random, into PART_VALIDATION. */
enum status split_validation(const struct interactions *log, double share, struct seed seed,
                             uint8_t *part) MUST_CHECK;
/* Moves the rows so that those of each part stand together, sorted, in the order of enum
 * split_part; count[] is how many. `part` is scratch afterwards. */
void split_move(struct interactions *log, uint8_t *part, size_t count[SPLIT_PARTS]);

/* The rows first..first + count - 1 as a log of their own; borrows the columns: not to be freed
 * or grown. */
struct interactions split_view(const struct interactions *log, size_t first, size_t count);

#endif
