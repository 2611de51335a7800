/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * manifest.json: what a run was, so that it can be made again. Everything but the timing keys
 * is a function of scenario, seed and version.
 */
#ifndef IO_MANIFEST_H
#define IO_MANIFEST_H

#include <stdio.h>

#include "base/parameters.h"
#include "engine/ranks.h"
#include "sim/model.h"
#include "sim/sim.h"

struct manifest {
    const struct parameters *parameters;
    const char *scenario;            /* resolved_text at the start */
    const struct audience *audience; /* where people and videos came from; NULL = drawn */
    const struct library *plugins;   /* those of run.plugins, in its order */
    const struct sim *sim;           /* for the summary; NULL = none */
    struct sim_figures figures;
    uint64_t state_hash;
    const struct ranks *ranks; /* several processes; NULL = one */
    uint32_t threads;
    double wall_s;
    uint64_t peak_rss_bytes;
};

/* One JSON object and a newline. Its `summary` holds the mean of each column of series.csv over
 * the intervals that began after the first `left_out_days` days, or is null when there are
 * none; `trending` names the key figures that have not settled by then. Write errors show in
 * the stream's error flag. */
void manifest_write(const struct manifest *self, FILE *to);
/* A text as a JSON string, quotes included. */
void manifest_text(FILE *to, const char *text);

#endif
