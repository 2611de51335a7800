/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The trials of a comparison: some scenarios ("arms"), each run again and again.
 *
 * Replication r has run.replicate = r under one seed in every arm, so all arms meet the same
 * people in the same moods. With `worlds` it has run.world = r instead: the same people in all
 * of them, only their luck is another (Salganik, Dodds & Watts 2006).
 *
 * With `from` the arms begin from a state of another run: the same people and the same past,
 * and replication r has run.world = world + r from then on, so the first one meets that run's
 * luck.
 *
 *     FOLDER/plan              what is compared; another plan in the same folder is refused
 *     FOLDER/ARM/scenario.json what the arm's scenario was (io/pinned.h): runs begin with it
 *     FOLDER/ARM/r0007         replication 7 of an arm: experiment/trial.h (w0007: a world)
 *
 * Killed anywhere, the same call goes on. One that failed is kept as such and the rest go on.
 */
#ifndef EXPERIMENT_REPLICATIONS_H
#define EXPERIMENT_REPLICATIONS_H

#include "experiment/assumptions.h"
#include "experiment/comparison.h"
#include "experiment/crew.h"
#include "sim/model.h"

#define REPLICATIONS_MOST 100000

struct replications_arm {
    const char *name; /* of its folder */
    const char *scenario;
    struct model *model;
    const char *const *set; /* its own settings, before those of all arms */
    size_t set_count;
};

/* A state that all arms begin with; file NULL = none. */
struct replications_past {
    const char *file;
    double day;               /* figures count from there on */
    int64_t replicate, world; /* of its run */
};

/* All of it is borrowed. */
struct replications {
    const char *folder;
    const struct replications_arm *arm;
    size_t arms, baseline;
    const char *const *set; /* of the command line, for all arms */
    size_t set_count;
    struct replications_past from;
    int64_t seed;
    bool worlds, force;
    size_t count;                          /* of replications; with a precision: the most */
    double precision;                      /* 0 = all `count` of them */
    const struct assumptions *assumptions; /* NULL = as the arms have them */
    const char *const *metric;             /* NULL = those that fit the arms */
    size_t metrics;
    const char *tables; /* that each trial writes; NULL = those that the comparison needs */
    struct crew_options crew;
};

/* Makes or finds FOLDER and its plan. STATUS_BAD_INPUT when another plan is there, or what is
 * there was not left by a comparison. */
enum status replications_open(const struct replications *self,
                              struct errors *errors) MUST_CHECK;
/* Runs what is missing and fills in `out`, which the caller frees whatever comes. What failed
 * is in `progress`. STATUS_USAGE for a metric that no arm has, with those that there are. */
enum status replications_run(const struct replications *self, struct comparison *out,
                             struct crew_progress *progress, struct errors *errors) MUST_CHECK;
/* FOLDER/ARM/r0007, owned by the caller; NULL without memory. */
char *replications_folder(const struct replications *self, size_t arm, size_t replication);

#endif
