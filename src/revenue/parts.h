/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The inside of revenue/, shared by its files.
 */
#ifndef REVENUE_PARTS_H
#define REVENUE_PARTS_H

#include "revenue/revenue.h"

struct serving_parameters { /* "revenue.serving" */
    double per_mille, hour;
};

/* Postings by [stream][debit][credit], folded from the shards' books. */
struct postings {
    int64_t amount[LEDGER_STREAMS][LEDGER_ACCOUNTS][LEDGER_ACCOUNTS];
};

struct revenue {
    struct world *world; /* borrowed */
    const struct revenue_parameters *parameters;
    const struct serving_parameters *serving;
    struct till *tills; /* owned; [shards] */
    /* streams in use, by number */
    const struct revenue_stream *stream[LEDGER_STREAMS_MAX];
    const char *name[LEDGER_STREAMS_MAX];
    struct stream_desk *desks[LEDGER_STREAMS_MAX]; /* owned; [shards] each */
    void *states[LEDGER_STREAMS_MAX];              /* owned */
    size_t count;
    uint8_t planner[STREAM_PLANNERS_MAX]; /* streams with `due` */
    size_t planners;
    uint16_t buyers;                 /* bit i = buyers of stream i set money aside */
    uint16_t uses[SCHEMA_NAMES_MAX]; /* by creator cohort: bit i = its creators use stream i */
    struct postings day, interval;   /* not yet asked for */
};

/* streams.c: finds the streams in use and opens their desks. */
enum status streams_open(struct revenue *self, struct errors *errors) MUST_CHECK;
/* Reads which streams each creator cohort uses. STATUS_BAD_INPUT when one is not in use. */
enum status streams_cohorts(struct revenue *self, struct errors *errors) MUST_CHECK;
void streams_close(struct revenue *self);
static inline struct stream_desk *streams_desk(struct revenue *self, size_t stream,
                                               uint32_t shard)
{
    return &self->desks[stream][shard];
}

/* tills.c: what a shard keeps for all streams. */
/* Room for creators who came since; new ones may earn nothing before the next tills_day. */
enum status tills_grow(struct revenue *self) MUST_CHECK;
/* The end of a day: qualified views are folded into views_30d, gates are read again. */
void tills_day(struct revenue *self);
/* Books the cost of what a shard served since the last call. */
void tills_serve(struct revenue *self, uint32_t shard);
/* What was paid into purses and set aside for budgets since the last look is expected there. */
void tills_follow(struct revenue *self);
void tills_visit(struct revenue *self, struct visitor *v);

#endif
