/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The file of a calibration: which scenario, which of its settings are to be found within which
 * bounds, which figures they shall meet.
 *
 *     calibrate : {
 *         scenario = "../09_full.cfg";              # relative to the folder of this file
 *         replications = 8; points = 64;
 *         parameters = (
 *             { path = "viewers.patience"; low = 0.5; high = 8.0; scale = "log"; } );
 *         targets = (
 *             { metric = "watch_hours"; value = 812.0; error = 20.0; },
 *             { metric = "dau"; value = 430.0; } );
 *     };
 *
 * It is read as a sweep's is (experiment/sweep.h): all errors in one go, with file:line. The
 * parameters are axes of a sweep, so that bounds are held against the scenario's schema.
 */
#ifndef EXPERIMENT_TARGETS_H
#define EXPERIMENT_TARGETS_H

#include "experiment/moments.h"
#include "experiment/sweep.h"

struct targets_parameters {
    char scenario[SCHEMA_TEXT_SIZE], name[SCHEMA_TEXT_SIZE];
    int64_t points, replications;
    struct name_list set;
};

struct targets_bound {
    char path[SCHEMA_TEXT_SIZE];
    double low, high;
    int32_t scale;
};

struct target {
    char metric[SCHEMA_TEXT_SIZE];
    double value, error, weight; /* error 0 = not known */
};

struct targets {
    struct sweep box; /* its axes are the parameters */
    struct sweep_parameters as_sweep;
    struct sweep_axis axis[MOMENTS_PARAMETERS];
    const struct targets_parameters *options; /* into box.parameters */
    const struct target *target;
    size_t count;
};

/* Defaults alone, for `explain`. */
enum status targets_defaults(struct parameters *parameters) MUST_CHECK;
/* STATUS_BAD_INPUT with all errors of the file. Free it whatever comes; it must stay where it
 * is. sweep_check(&self->box, ...) holds it against the scenario. */
enum status targets_read(struct targets *self, const char *path,
                         struct errors *errors) MUST_CHECK;
void targets_free(struct targets *self); /* works on a zeroed one */

#endif
