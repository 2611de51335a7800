/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a sweep found, point by point: values of a few figures in every replication, their means
 * with intervals, where the first is highest, and which points cannot be told from that one.
 *
 * All points meet the same people and luck, so the highest is held against every other point in
 * pairs of replications (experiment/paired.h). It was picked by looking at all of them: p is
 * corrected as if all points x (points - 1) / 2 pairs had been tested (Bonferroni), which holds
 * whichever point comes out highest.
 */
#ifndef EXPERIMENT_SWEEP_POINTS_H
#define EXPERIMENT_SWEEP_POINTS_H

#include "experiment/gather.h"
#include "experiment/paired.h"

#define SWEEP_POINTS_FIGURES 6
#define SWEEP_POINTS_TRIALS 100000 /* more are not read: all values are held in memory */

/* The values of one axis. */
struct sweep_places {
    char *path;    /* owned */
    double *place; /* owned; [points]: the value, or which of the names it is */
    char **name;   /* owned, as its texts; in the order of the points; NULL = numbers */
    size_t names, room, levels;
};

struct sweep_points {
    size_t points, replications, axes, figures;
    struct sweep_places axis[SWEEP_AXES_MOST];
    char *figure[SWEEP_POINTS_FIGURES]; /* owned; the first is the one the answer is about */
    double *value;                      /* owned; sweep_points_value */
    struct gather_counts counts;
    char currency[16]; /* of its runs; "" = not known */

    struct estimate *mean; /* owned; [figure][point] */
    size_t *order;         /* owned; points by the first figure, the highest first */
    size_t known;          /* of them that have a value; they come first */
    bool *alike;           /* owned; [point]: cannot be told from the highest */
    size_t alikes;         /* of the others */
    struct paired lead;    /* of the highest on the second */
};

/* Reads a sweep, finished or not. `figures`: names or shell patterns, separated by commas; NULL
 * or "" = those that are asked for most. STATUS_USAGE when no trial has one of these,
 * STATUS_BAD_INPUT for damage and more than SWEEP_POINTS_TRIALS trials. Free it whatever comes.
 */
enum status sweep_points_read(struct sweep_points *self, const struct plan *plan,
                              const char *figures, struct errors *errors) MUST_CHECK;
void sweep_points_free(struct sweep_points *self);
/* The replications of a figure at a point; NaN = failed, or not there. */
double *sweep_points_value(const struct sweep_points *self, size_t figure, size_t point);
const struct estimate *sweep_points_mean(const struct sweep_points *self, size_t figure,
                                         size_t point);
/* Are there two replications or more, so that luck can be told from the axes' doing? */
static inline bool sweep_points_sure(const struct sweep_points *self)
{
    return self->replications > 1;
}

#endif
