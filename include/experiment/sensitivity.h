/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which inputs move an output: designs in the unit cube, and what the outputs at their points
 * say of each input. Pure mathematics; what an input means is the caller's business.
 *
 * - Morris screening (Morris 1991, Technometrics 33(2)): trajectories over a grid of
 *   MORRIS_LEVELS levels that move one input at a time by 2/3 of its range. An elementary
 *   effect is the change of the output by that of the input. mu: their mean; mu*: the mean of
 *   their sizes (Campolongo, Cariboni & Saltelli 2007, Environ. Model. Softw. 22); sigma: their
 *   standard deviation, which interactions and curvature make. Of four times as many random
 *   trajectories those are kept that lie far apart, one after another (their optimised choice,
 *   greedily), up to MORRIS_CANDIDATES candidates; above that all are random.
 * - Sobol indices: the share of the output's variance that an input makes alone (first order;
 *   Saltelli et al. 2010, Comput. Phys. Commun. 181, table 2 b) and with all its interactions
 *   (total; Jansen 1999), on a base sample from GSL's Sobol sequence.
 *
 * Intervals are percentile bootstraps over trajectories or rows of the base sample, level
 * SENSITIVITY_LEVEL. Numbers are drawn by name: the same outputs give the same intervals.
 */
#ifndef EXPERIMENT_SENSITIVITY_H
#define EXPERIMENT_SENSITIVITY_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

#define MORRIS_LEVELS 4
#define MORRIS_CANDIDATES 200
#define SENSITIVITY_LEVEL 0.95
#define SENSITIVITY_RESAMPLES 1000
#define SENSITIVITY_INPUTS_MOST 20 /* GSL's Sobol sequence has 40 dimensions */
#define SENSITIVITY_MEASURES 3

#define SENSITIVITY_WORDS "morris|sobol"
enum sensitivity_method { SENSITIVITY_MORRIS, SENSITIVITY_SOBOL };
/* Places in struct sensitivity_input; Sobol has two. */
enum { MORRIS_MU, MORRIS_MU_STAR, MORRIS_SIGMA };
enum { SOBOL_FIRST, SOBOL_TOTAL };

struct sensitivity_design {
    enum sensitivity_method method;
    size_t inputs;
    size_t rows;  /* trajectories, or rows of the base sample */
    size_t block; /* points a row: inputs + 1, or inputs + 2 */
    double *u;    /* owned; [rows * block * inputs], each in [0, 1] */
};

struct sensitivity_measure {
    double value, low, high; /* NaN where the outputs do not vary, or too few rows are whole */
};
struct sensitivity_input {
    struct sensitivity_measure measure[SENSITIVITY_MEASURES];
};

static inline size_t sensitivity_points(const struct sensitivity_design *self)
{
    return self->rows * self->block;
}

/* `self` comes with method, inputs (1..SENSITIVITY_INPUTS_MOST) and rows (at least 1); `seed`
 * is for the trajectories. STATUS_NO_MEMORY. Free it whatever comes. */
enum status sensitivity_design_make(struct sensitivity_design *self, uint32_t seed) MUST_CHECK;
void sensitivity_design_free(struct sensitivity_design *self);

/* `output` has a value a point, NaN where there is none: rows with one are left out. Fills in
 * out[inputs] and how many rows were whole. STATUS_NO_MEMORY. */
enum status sensitivity_estimate(const struct sensitivity_design *design, const double *output,
                                 struct sensitivity_input *out, size_t *whole) MUST_CHECK;

#endif
