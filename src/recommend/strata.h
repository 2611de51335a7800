/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The rows of a log in strata, for stochastic gradient descent by several threads with the same
 * bits as by one (Gemulla et al. 2011, KDD: distributed SGD).
 *
 * Users and items are dealt at random to B blocks each; a cell is the rows of one block of
 * users and one of items. The B cells of a stratum share neither users nor items, so it does
 * not matter who works on them, or when: what a visit of a cell may write is the rows of its
 * users and of its items. Strata come one after another. Blocks are dealt anew for each epoch,
 * B depends on the log alone, and is so large that a cell's factors stay in the cache.
 *
 * A log of more than STRATA_CHUNK rows is taken in chunks of every C-th row: the room is 12
 * bytes a row of a chunk, twice that for a log of one chunk.
 */
#ifndef RECOMMEND_STRATA_H
#define RECOMMEND_STRATA_H

#include "engine/stream.h"
#include "engine/team.h"
#include "recommend/interactions.h"

#define STRATA_CHUNK (UINT32_C(1) << 22)

struct stratum_row {
    uint32_t user, item;
    float value;
};

/* What one call of a visitor is given. */
struct stratum_cell {
    const struct stratum_row *row;
    size_t count;
    const uint32_t *items; /* of the cell's block; at least one where count > 0 */
    uint32_t item_count;
    uint32_t occasion; /* differs for each cell of all epochs: for random draws */
};

typedef void (*strata_visit)(void *context, const struct stratum_cell *cell);

struct strata {
    const struct interactions *log; /* borrowed */
    struct stream_key key;
    uint32_t blocks, chunks;
    uint32_t visited;                  /* cells so far */
    uint32_t *user_order, *item_order; /* owned; entities in the order they were dealt */
    uint16_t *user_block, *item_block; /* owned */
    struct stratum_row *row, *last;    /* owned; this deal, and, of one chunk, the one before */
    size_t *cell;                      /* owned; [blocks * blocks + 1] */
};

/* `bytes` of factors a user or item. */
enum status strata_init(struct strata *self, const struct interactions *log,
                        struct stream_key key, size_t bytes) MUST_CHECK;
void strata_free(struct strata *self);
/* One epoch: deals, then visits every row of the log once. Epochs are counted from 0. */
void strata_sweep(struct strata *self, struct team *team, uint32_t epoch, strata_visit visit,
                  void *context);

/* All epochs of a method. */
struct strata_plan {
    struct stream_key key;
    size_t bytes; /* of factors a user or item */
    uint32_t threads;
    int64_t epochs;
    double rate, decay; /* the rate of an epoch is decay times the last */
    void (*begin)(void *context, double rate); /* before each epoch */
    strata_visit visit;
};
enum status strata_run(const struct strata_plan *plan, const struct interactions *log,
                       void *context) MUST_CHECK;

#endif
