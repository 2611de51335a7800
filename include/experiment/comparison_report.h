/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a comparison leaves beside its trials:
 *
 *   comparison.csv, comparison.json   a row (an object) a metric and arm
 *   replications.csv                  every value
 *   assumptions.csv                   with plausible draws: what each does to the answer
 *   worlds.csv                        with parallel worlds: unpredictability and inequality
 *   failures.csv                      where one failed: arm, replication, seed, reason
 *   report.html, plots/               the page
 */
#ifndef EXPERIMENT_COMPARISON_REPORT_H
#define EXPERIMENT_COMPARISON_REPORT_H

#include "experiment/replications.h"
#include "experiment/success.h"

/* All of it is borrowed. */
struct comparison_report {
    const struct replications *run;
    const struct comparison *comparison;
    const struct flip *flip;       /* [assumptions], sorted; NULL = no draws */
    const struct success *success; /* [arm][kind]; NULL = no parallel worlds */
    const char *command;           /* that made it */
    double warmup;                 /* days */
    const char *formats;           /* of pictures; NULL = "png,svg" */
    const char *title, *answer;    /* of the page; NULL = the comparison's own */
    bool page, quiet;
};

/* Best less second, in each replication; the caller frees it with memory_free. NULL without
 * memory. */
double *comparison_report_lead(const struct comparison *comparison);
enum status comparison_report_write(const struct comparison_report *self,
                                    struct errors *errors) MUST_CHECK;
/* The words behind the tables: wins, flips, worlds, failures. */
void comparison_report_print(const struct comparison_report *self, FILE *to);

/* comparison_courses.c: the first metric of each arm less the baseline's over the days (of an
 * arm alone: itself). `out` has room for COMPARISON_COURSES; the arrays are the caller's until
 * comparison_courses_free. */
struct comparison_course;
enum status comparison_courses_read(const struct replications *run,
                                    const struct comparison *comparison,
                                    struct comparison_course *out, size_t *count) MUST_CHECK;
void comparison_courses_free(struct comparison_course *course, size_t count);

#endif
