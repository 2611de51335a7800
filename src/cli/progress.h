/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One line on a terminal that says how far a run is: simulated day, impressions a second, time
 * left; or how far a crew is with its trials.
 */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include "experiment/crew.h"
#include "sim/sim.h"

struct progress {
    bool shown; /* stderr is a terminal and nobody asked for quiet */
    double began, last;
    sim_time from, end;
};

void progress_begin(struct progress *self, bool quiet, sim_time from, sim_time end);
/* Redraws at most ten times a second. */
void progress_show(struct progress *self, const struct sim *sim);
void progress_end(struct progress *self);
/* For crew_options.show, with a struct progress as its context (progress_begin with no times).
 */
void progress_trials(void *context, const struct crew_progress *crew);
double progress_clock(void); /* seconds, monotonic */

#endif
