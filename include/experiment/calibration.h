/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A calibration: points of its search are trials in folders, named by their settings, so that
 * the same command goes on where it was killed, and other targets for the same scenario use
 * what is there:
 *
 *     DIR/what                    the scenario's digest, version and build
 *     DIR/scenario.json           what the scenario was (io/pinned.h)
 *     DIR/trials/3f/3f..-2        a point (its settings' hash), replication 2
 *     DIR/fit.csv, calibration.json, fitted.cfg, report.html, plots/
 */
#ifndef EXPERIMENT_CALIBRATION_H
#define EXPERIMENT_CALIBRATION_H

#include "experiment/crew.h"
#include "experiment/targets.h"

struct calibration {
    const struct targets *targets; /* borrowed, as all of this */
    const char *folder;
    const char *const *set; /* of all trials */
    int set_count;
    int64_t seed; /* run.seed of all trials */
    struct crew_options crew;
    struct crew_progress progress; /* sums over all of it */
    struct errors *errors;
};

/* Makes the folder, or makes sure that it is of this scenario (its pinned_text). */
enum status calibration_open(const struct calibration *self, const char *settings,
                             bool force) MUST_CHECK;
/* Runs it all. STATUS_INTERRUPTED, STATUS_FAULT when too many trials failed or have not the
 * figures. */
enum status calibration_run(struct calibration *self, struct moments_fit *out) MUST_CHECK;

/* The value of a parameter at place u, as a number and as --set takes it. */
double calibration_number(const struct targets *targets, size_t parameter, double u);
void calibration_text(const struct targets *targets, size_t parameter, double u,
                      char out[SWEEP_VALUE_SIZE]);

/* calibration_report.c: fit.csv, calibration.json and fitted.cfg; with `page`, report.html. */
struct calibration_report {
    const struct calibration *calibration;
    const struct moments_fit *fit;
    struct model *model; /* of the scenario, for units; groups that a path names grow in it */
    const char *command, *formats; /* NULL = "png,svg" */
    bool page, quiet;
};
enum status calibration_report_write(const struct calibration_report *self,
                                     struct errors *errors) MUST_CHECK;
/* calibration.json itself. */
void calibration_json(const struct calibration_report *self, FILE *to);
/* The answer in a few sentences. */
void calibration_answer(const struct calibration_report *self, FILE *to);

#endif
