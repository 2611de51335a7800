/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The page of a sweep, finished or not: report.html and plots/ in its folder.
 */
#ifndef EXPERIMENT_SWEEP_REPORT_H
#define EXPERIMENT_SWEEP_REPORT_H

#include <stdio.h>

#include "experiment/plan.h"

/* All of it is borrowed. */
struct sweep_report {
    const struct plan *plan;
    const char *command; /* that ran it; NULL = that of the description */
    const char *figures; /* as sweep_points_read takes them; NULL = those of the description */
    const char *out;     /* folder of the page; NULL = the sweep's own */
    const char *formats; /* of pictures; NULL = "png,svg" */
    bool quiet;          /* no notes */
    FILE *say;           /* takes the answer; NULL = nobody */
};

/* STATUS_BAD_INPUT when no trial is done or there are too many for a page, STATUS_USAGE for
 * figures that no trial has, STATUS_IO. */
enum status sweep_report_write(const struct sweep_report *self,
                               struct errors *errors) MUST_CHECK;

#endif
