/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * report.html of a comparison, for those who ask which arm to take: the answer, then pictures,
 * tables, and how to make it again. It takes numbers and words as they are; what they mean is
 * the caller's business (experiment/comparison_report.c).
 */
#ifndef IO_COMPARISON_PAGE_H
#define IO_COMPARISON_PAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "io/answer_page.h"

/* Difference of an arm to the baseline over the days; NaN = a gap. */
struct comparison_course {
    const char *name;
    const double *day, *mean, *low, *high;
    size_t n;
    double *owned; /* its maker's, to free: what the four point into */
};

/* The replications of an arm, with mean and interval. NaN are left out. */
struct comparison_spread {
    const char *name;
    const double *value;
    size_t n;
    double mean, low, high;
};

/* What the answer becomes at the low and at the high half of an assumption. */
struct comparison_bar {
    const char *name;
    double low, high;
};

#define COMPARISON_COURSES 6 /* pictures beside each other */
#define COMPARISON_SPREADS 24
#define COMPARISON_BARS 12

/* All of it is borrowed; lists longer than the numbers above are cut. */
struct comparison_page {
    const char *folder;  /* of page and plots/ */
    const char *formats; /* "png,svg"; the page has SVG in any case */
    bool quiet;
    const char *title, *answer, *scope, *metric;
    const char *baseline; /* NULL = one arm alone, its courses are no differences */
    const struct comparison_course *course;
    size_t courses;
    double warmup; /* days; shaded */
    const struct comparison_spread *spread;
    size_t spreads;
    const char *bars_title; /* "best less second" */
    const struct comparison_bar *bar;
    size_t bars;
    double bar_middle;
    const struct answer_table *table;
    size_t tables;
    const char *reproduce; /* commands, a line each */
};

/* Without gnuplot: a note, and a page without pictures. STATUS_IO, STATUS_NO_MEMORY. */
enum status comparison_page_make(const struct comparison_page *page,
                                 struct errors *errors) MUST_CHECK;

#endif
