/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * report.html of a sweep, for those who ask where a figure is highest: the answer, then the
 * figure over the space of the axes, tables, and how to make it again. How it is drawn follows
 * from the axes: lines over one, a heat map (of points that are no grid: coloured dots) over
 * two, a heat map a value of the third over three, parallel coordinates over more. It takes
 * numbers and words as they are; what they mean is the caller's business
 * (experiment/sweep_report.c).
 */
#ifndef IO_POINTS_PAGE_H
#define IO_POINTS_PAGE_H

#include "io/answer_page.h"

#define POINTS_AXES 16
#define POINTS_METRICS 6

struct points_axis {
    const char *label;       /* with its unit */
    const double *place;     /* [points]: its value, or which of its names */
    const char *const *name; /* of values that are no numbers, in their order */
    size_t names;            /* 0 = numbers */
};

struct points_metric {
    const char *label;                /* with its unit */
    const struct answer_value *value; /* [points]; NaN = there is none */
};

/* All of it is borrowed. */
struct points_page {
    struct answer_page words; /* its own pictures are not looked at */
    size_t points;
    const struct points_axis *axis; /* those that vary, at most POINTS_AXES */
    size_t axes;
    const struct points_metric *metric; /* the first is the answer's; at most POINTS_METRICS */
    size_t metrics;
    size_t best;       /* the point that is highest; `points` = none is */
    const bool *alike; /* [points]: those that cannot be told from it; NULL = not known */
};

/* Without gnuplot: a note, and a page without pictures. STATUS_IO, STATUS_NO_MEMORY. */
enum status points_page_make(const struct points_page *page, struct errors *errors) MUST_CHECK;

#endif
