/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A sweep's file: which scenario, which of its settings are the axes, which points of the space
 * that they span are tried.
 *
 *     sweep : {
 *         scenario = "../09_full.cfg";             # relative to the folder of this file
 *         design = "grid"; replications = 3;
 *         where = [ "revenue.ads.load < 0.3" ];
 *         axes = (
 *             { path = "revenue.ads.load"; from = 0.05; to = 0.4; steps = 5; },
 *             { path = "platform.ranker"; choices = [ "mf", "popular" ]; } );
 *     };
 *
 * It is read by the scenario reader against a schema of its own (`reelsim explain sweep`), then
 * held against the scenario's: every value of every axis must be one that --set would take. All
 * errors are reported in one go, with file:line.
 *
 * A design takes a number u in [0, 1) an axis and point; sweep_value makes it a value: a listed
 * one, one of the steps (grid), or any between from and to (other designs), rounded where the
 * setting is a whole number.
 */
#ifndef EXPERIMENT_SWEEP_H
#define EXPERIMENT_SWEEP_H

#include "base/parameters.h"

#define SWEEP_AXES_MOST 16
#define SWEEP_VALUE_SIZE 128
#define SWEEP_POINTS_MOST 10000000
#define SWEEP_CONDITIONS_MOST 16

#define SWEEP_DESIGN_WORDS "grid|random|latin_hypercube|sobol|halton"
enum sweep_design {
    SWEEP_GRID,
    SWEEP_RANDOM,
    SWEEP_LATIN_HYPERCUBE,
    SWEEP_SOBOL,
    SWEEP_HALTON
};
#define SWEEP_SCALE_WORDS "linear|log"
enum sweep_scale { SWEEP_LINEAR, SWEEP_LOG };

struct sweep_parameters {
    char scenario[SCHEMA_TEXT_SIZE], name[SCHEMA_TEXT_SIZE];
    int32_t design, on_error;
    int64_t points, replications, seed;
    struct name_list set, where, figures;
};

struct sweep_axis {
    char path[SCHEMA_TEXT_SIZE];
    struct float_list values;
    struct name_list choices;
    double from, to;
    int64_t steps;
    int32_t scale;
};

/* One side of a condition: an axis, a setting of the scenario or a number. */
struct sweep_side {
    int axis; /* -1 = none: a constant */
    char text[SWEEP_VALUE_SIZE];
};
enum sweep_relation {
    SWEEP_BELOW,
    SWEEP_AT_MOST,
    SWEEP_ABOVE,
    SWEEP_AT_LEAST,
    SWEEP_SAME,
    SWEEP_OTHER
};
struct sweep_condition {
    struct sweep_side left, right;
    enum sweep_relation relation;
};

struct sweep {
    char *path, *scenario; /* owned; of the file, of its scenario */
    struct parameters parameters;
    const struct sweep_parameters *options; /* into parameters */
    const struct sweep_axis *axis;
    const char *noun; /* what messages call an axis */
    size_t axes;
    bool whole[SWEEP_AXES_MOST]; /* the axis' setting is a whole number */
    struct sweep_condition condition[SWEEP_CONDITIONS_MOST];
    size_t conditions;
};

/* The values of one point, as --set takes them. */
struct sweep_point {
    uint64_t number;
    char value[SWEEP_AXES_MOST][SWEEP_VALUE_SIZE];
};

/* Defaults alone, for `explain`. */
enum status sweep_defaults(struct parameters *parameters) MUST_CHECK;
/* Reads the file. STATUS_BAD_INPUT with all errors of its own. Free it whatever comes. */
enum status sweep_read(struct sweep *self, const char *path, struct errors *errors) MUST_CHECK;
/* Holds it against the scenario's parameters, which come back as they were. */
enum status sweep_check(struct sweep *self, struct parameters *scenario,
                        struct errors *errors) MUST_CHECK;
void sweep_free(struct sweep *self); /* works on a zeroed one */

/* Values that an axis has in a grid; 0 = any between two bounds. */
uint64_t sweep_levels(const struct sweep *self, size_t axis);
/* The value of level k, or at u in [0, 1). */
void sweep_level(const struct sweep *self, size_t axis, uint64_t k, char out[SWEEP_VALUE_SIZE]);
void sweep_value(const struct sweep *self, size_t axis, double u, char out[SWEEP_VALUE_SIZE]);
/* Do all conditions hold there? Numbers are compared as numbers, all else as words. */
bool sweep_admits(const struct sweep *self, const struct sweep_point *point);

#endif
