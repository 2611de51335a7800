/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A finished run, read back for pictures and reports: who it was, and its time series.
 */
#ifndef IO_PAST_RUN_H
#define IO_PAST_RUN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"

struct past_run {
    char *folder;   /* owned; its real path */
    char *manifest; /* owned */
    char name[256], currency[64], ranker[64], version[64], git[64], seed[32], hash[32];
    char label[64]; /* its short name beside others */
    double warmup;  /* days */
    double days;    /* simulated */
    char **column;  /* owned; names of the series' columns */
    double *value;  /* owned; [column][row]; NaN = empty */
    size_t columns, rows, room;
};

/* Reads manifest.json and series.csv. STATUS_BAD_INPUT when the folder is no finished run. */
enum status past_run_read(struct past_run *self, const char *folder,
                          struct errors *errors) MUST_CHECK;
/* Works on a zeroed object. */
void past_run_free(struct past_run *self);

/* A top-level value of the manifest as text; `out` is untouched when it is not there. */
void past_run_text(const struct past_run *self, const char *key, char *out, size_t size);
/* The rows of one column, or NULL when the run has none of that name, or no value in it. */
const double *past_run_series(const struct past_run *self, const char *column);
/* Where summaries begin: the first row after the warm-up, 0 when the run is no longer than it.
 */
size_t past_run_first(const struct past_run *self);
/* The run ended before its warm-up did. */
bool past_run_is_short(const struct past_run *self);
/* Mean of a series (`rows` values) over the rows that summaries use; NaN without a value. */
double past_run_mean(const struct past_run *self, const double *series);
/* Does a series still move after the warm-up? Least squares over those rows: true when the
 * fitted line changes by more than 5 % of the mean and its slope is over 4 standard errors
 * from 0; *change is the fitted relative change from the first of these rows to the last. */
bool past_run_trends(const struct past_run *self, const double *series, double *change);

#endif
