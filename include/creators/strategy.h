/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A creator's strategy: from what it could see to a plan (docs/ODD.md 7.7).
 *
 * Every creators.review_days a creator looks at its own figures, noised by policy.transparency,
 * and decides what to do until the next time. It never sees the truth of its videos, and of
 * others only what is public (creators/charts.h). A strategy keeps what it knows of a creator
 * in that creator's `memory`; it has no state of its own (about.state_size = 0) and must be a
 * pure function of its arguments.
 */
#ifndef CREATORS_STRATEGY_H
#define CREATORS_STRATEGY_H

#include "base/member.h"
#include "creators/charts.h"
#include "engine/stream.h"
#include "world/creator.h"
#include "world/topics.h"

/* What a strategy may look at. All borrowed. */
struct strategy_view {
    const struct creator_period *period; /* since the last review: reach noised, money exact */
    const struct creator_period *last;   /* the one before */
    const struct topics *topics;
    const float
        *closeness;      /* [topics->count] cosine of the creator's expertise with each topic */
    double hours_week;   /* h that it can work a week */
    double hours_worked; /* h that went into the period's videos; may be 0 */
    double aspiration;   /* income a week that it hopes for, currency */
    double attention_value;      /* currency that 1000 impressions are worth to it */
    double days;                 /* that the period lasted, above 0 */
    uint64_t name;               /* its own, to know itself by in the charts */
    const struct charts *charts; /* NULL: not asked for, or nothing counted yet */
    const int64_t *income; /* [LEDGER_STREAMS_MAX] period->income by stream; NULL: not asked */
    double live_most;      /* h a week that it may spend live; 0: it does not decide this */
    bool prices;           /* it decides what it asks for what it sells */
};

/* What a strategy asks for that is not there for nothing. */
enum strategy_need { STRATEGY_CHARTS = 1, STRATEGY_STREAMS = 2 };

/* Parts of a plan: what creators.levers.of names, and what a strategy moves by itself. */
enum lever {
    LEVER_SELLING,   /* commercial intensity */
    LEVER_EXCLUSIVE, /* share of exclusive videos */
    LEVER_PROMOTION, /* share of income for promotion */
    LEVER_LIVE,      /* hours in live rooms */
    LEVER_PRICE,     /* of what is sold at its own price */
    LEVER_PACE,      /* many quick videos or few good ones */
    LEVER_CHANNELS,  /* where promotion is bought */
    LEVER_KINDS
};
#define LEVER_BIT(lever) (1u << (lever))

struct strategy {
    struct member about;
    /* `plan` holds the present plan and takes the new one; what cannot be carried out (negative
     * rates, intensities above 1, topics that are not there, NaN) is cut to what can. `memory`
     * is this creator's own CREATOR_STRATEGY_FLOATS, zeroed at its birth. `draw` belongs to
     * this creator and review. */
    void (*review)(const void *parameters, const struct strategy_view *view, float *memory,
                   struct stream *draw, struct creator_plan *plan);
    uint32_t needs; /* of enum strategy_need */
    /* What a period was worth to the creator, in any unit, less what promotion cost: the levers
     * that it does not move by itself go uphill on it. NULL: none of them move. */
    double (*worth)(const void *parameters, const struct strategy_view *view);
    uint32_t moves;    /* LEVER_BITs of what it moves by itself, if it is not 0 at the start */
    uint32_t imitates; /* LEVER_BITs of what it takes from others, from 0 too */
};

#endif
