/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the trials of a sensitivity analysis measured, as one table: a column a metric, a value
 * a point, the mean over its replications. A point without one of them has no value: the others
 * met other people.
 */
#ifndef EXPERIMENT_SENSITIVITY_OUTPUTS_H
#define EXPERIMENT_SENSITIVITY_OUTPUTS_H

#include "experiment/gather.h"

struct sensitivity_outputs {
    char **metric; /* owned */
    size_t metrics, room;
    double *value; /* owned; [metrics * points], NaN = none */
    size_t points;
    struct gather_counts counts; /* of trials */
};

/* The metrics that the patterns of gather_wants fit; NULL = the usual ones. STATUS_BAD_INPUT
 * when a trial is damaged or there is no such metric. Free it whatever comes. */
enum status sensitivity_outputs_read(struct sensitivity_outputs *self, const struct plan *plan,
                                     const char *patterns, struct errors *errors) MUST_CHECK;
void sensitivity_outputs_free(struct sensitivity_outputs *self); /* works on a zeroed one */

#endif
