/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The summary of a run: means of the columns of series.csv over the intervals that began after
 * the warm-up, and which key figures still have a trend there. A trend is a least-squares line
 * over time that moves by more than 5 % of the mean over these intervals, at four standard
 * errors of its slope: a weekly rhythm widens the error and is none, an unfinished transient
 * is.
 */
#ifndef MEASURE_SUMMARY_H
#define MEASURE_SUMMARY_H

#include <stdbool.h>

#include "measure/rows.h"

struct measure;

struct summary {
    const struct column *column;
    uint64_t rows; /* intervals with a value; 0 = no mean */
    double mean;   /* money in major units */
    bool key;      /* a figure that readers compare runs by */
    bool trend;    /* a key figure that still goes up or down */
    double change; /* of the fitted line over all these intervals, as a share of the mean; 0
                      when they are fewer than 7 */
};

/* Column 0, 1, ... of series.csv; false behind the last one. */
bool measure_summary(const struct measure *self, size_t column, struct summary *out);
/* Days at the start that are left out. */
double measure_warmup(const struct measure *self);

#endif
