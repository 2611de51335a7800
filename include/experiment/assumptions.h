/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What nobody has measured: parameters whose source is an assumption (tag A) or a weak one (V2)
 * carry a plausible range, and a comparison may draw them anew for every replication, the same
 * draw in all arms. Each draw is a plausible world.
 *
 * A Latin hypercube over the replications (McKay, Beckman & Conover 1979, Technometrics 21(2)):
 * every assumption visits each of R equal parts of its range once. Floats and whole numbers
 * alone; in logarithms where the range spans a factor of 10 or more. A parameter is left alone
 * when an arm sets it, when it belongs to a member that no arm names, when it lies in a list of
 * groups, and when it says how to run or to measure.
 */
#ifndef EXPERIMENT_ASSUMPTIONS_H
#define EXPERIMENT_ASSUMPTIONS_H

#include "sim/model.h"

struct assumption {
    char path[128];
    const char *unit; /* borrowed of the row */
    double low, high;
    bool whole, logarithmic;
};

struct assumptions {
    struct assumption *row; /* owned */
    size_t count, room;
    size_t set, idle; /* left alone: an arm sets it; no arm has its member */
    double *value;    /* owned; [row][replication] */
    size_t replications;
};

/* The rows that may be drawn for these arms; their models need not outlive self, their schema
 * must. */
enum status assumptions_gather(struct assumptions *self, struct model *const *arm,
                               size_t arms) MUST_CHECK;
/* Draws are addressed by seed and path: one row more or less moves no other's. */
enum status assumptions_draw(struct assumptions *self, uint32_t seed,
                             size_t replications) MUST_CHECK;
/* "viewers.habit.gain=0.31"; returns the length, as snprintf. */
int assumptions_setting(const struct assumptions *self, size_t row, size_t replication,
                        char *out, size_t size);
/* Works on a zeroed object. */
void assumptions_free(struct assumptions *self);

/* What an assumption does to the answer "best minus second". */
struct flip {
    size_t row;
    double low_wins, high_wins; /* share of worlds that the best wins where the assumption is in
                                   the low, in the high half of its draws */
    double low_mean, high_mean; /* mean difference there */
    double rho, p;              /* Spearman's, over the worlds; p after Holm over all rows */
};
/* `difference` of each replication, NaN where it failed. out[count] is sorted: the largest
 * change of the winner's share between the halves first, ties by |rho|. */
enum status assumptions_flips(const struct assumptions *self, const double *difference,
                              struct flip *out) MUST_CHECK;

#endif
