/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Simulated moments: which parameters make a noisy simulator's figures meet given targets, and
 * how sure that is (McFadden 1989, Econometrica 57; Gourieroux & Monfort 1996). Mathematics
 * alone: the simulator is a callback.
 *
 * The distance is a sum of squares, each target's miss against its own noise: that of the
 * target (its standard error, or as much as one replication varies) and that of the mean over
 * the replications. All points meet the same replications (common random numbers): luck moves
 * all figures of a replication alike wherever it is, by eight times what is left (500 viewers,
 * 2 days). So two replications a point (an eighth, where that is more) show how figures go with
 * the parameters; all of them are run at a few points alone, and show how sure the level is.
 *
 * 1. Half of the points: a Sobol design over the box (GSL). The best of them is run whole:
 * noise from there.
 * 2. A quarter: GSL's nmsimplex2 from the best one, on the means over the replications.
 * 3. A quarter in two rounds: a design near the best, a quadratic surface of every figure
 *    through all points there (linear where they are few; GSL's multifit, weights are runs; by
 *    how much the luck of the first replications differs from that of all is one more
 *    coefficient, for which one point near is run whole), whose noise the simplex of step 2
 *    could not tell from slope; its minimum. The second round is about as wide as the interval
 *    that the first one gives.
 * 4. That minimum is run whole: the surface with it has the answer, unless a simulated point is
 *    better by more than noise.
 *
 * Intervals: delta method, the surface's slope and the noise of target, mean and surface (a
 * sandwich, as weights are diagonal), Student's t with replications - 1 degrees.
 */
#ifndef EXPERIMENT_MOMENTS_H
#define EXPERIMENT_MOMENTS_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

#define MOMENTS_PARAMETERS 8
#define MOMENTS_TARGETS 32
#define MOMENTS_LEVEL 0.90
/* Points that a fit of n parameters takes at least. */
#define MOMENTS_POINTS_LEAST(n) (8 * ((n) + 1))

/* Replications first, first + 1, ... (`count` of them) at each of `points` places of the unit
 * cube, one after another in u. */
struct moments_runs {
    const double *u;
    size_t points, first, count;
    double *out; /* [(point * count + replication) * targets + target]; NaN = the run failed */
};

struct moments_problem {
    size_t parameters, targets, replications, points;
    const double *target; /* [targets] */
    const double *error;  /* their standard errors; NaN = as one replication varies */
    const double *weight; /* on top of those by noise; 1 = none */
    enum status (*simulate)(void *context, const struct moments_runs *ask);
    void *context;
};

struct moments_fit {
    /* Places in the unit cube; an interval may reach beyond it. NaN where the targets do not
     * tell. */
    double u[MOMENTS_PARAMETERS], sd[MOMENTS_PARAMETERS], low[MOMENTS_PARAMETERS],
        high[MOMENTS_PARAMETERS];
    /* The figures at u, by the surface or of that point, with their intervals, and the standard
     * deviation of target less mean. */
    double figure[MOMENTS_TARGETS], figure_low[MOMENTS_TARGETS], figure_high[MOMENTS_TARGETS],
        noise[MOMENTS_TARGETS];
    double distance, expected; /* at u; about targets - parameters where they can all be met */
    size_t points, runs;       /* that were simulated */
    size_t failed;             /* of those, points with a failed replication */
    bool surface;              /* u is the surface's minimum, not a simulated point */
    bool surface_curved;       /* quadratic */
};

/* STATUS_FAULT when too few points gave figures; what `simulate` returns; STATUS_NO_MEMORY. */
enum status moments_fit(const struct moments_problem *problem, struct moments_fit *out,
                        struct errors *errors) MUST_CHECK;

#endif
