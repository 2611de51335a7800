/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * report.html of an experiment, for those who ask a question: the answer, then pictures of
 * values with their intervals, tables, and how to make it again. It takes numbers and words as
 * they are; what they mean is the caller's business.
 */
#ifndef IO_ANSWER_PAGE_H
#define IO_ANSWER_PAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"

/* Texts, a row after the other; the first row is the head. */
struct answer_table {
    const char *heading, *words;
    const char *const *cell;
    size_t columns, rows;
};

/* NaN = there is none. */
struct answer_value {
    double value, low, high;
};

/* A picture: named rows, in each the same few measures one below the other, every one a bar
 * from zero (or a point) with its interval. */
struct answer_bars {
    const char *name;              /* of its file */
    const char *heading, *caption; /* on the page; HTML */
    const char *title, *subtitle;  /* in the picture */
    const char *const *row;
    const char *const *measure;
    const struct answer_value *value; /* [rows * measures] */
    size_t rows, measures;            /* more than the numbers below are cut */
    bool points;
    double reach; /* the axis goes from 0 to this at least */
};
#define ANSWER_ROWS 24
#define ANSWER_MEASURES 4
#define ANSWER_PICTURES 4

/* All of it is borrowed. */
struct answer_page {
    const char *folder;  /* of page and plots/ */
    const char *formats; /* "png,svg"; the page has SVG in any case */
    bool quiet;
    const char *title, *answer, *scope;
    const struct answer_bars *picture; /* at most ANSWER_PICTURES */
    size_t pictures;
    const struct answer_table *table;
    size_t tables;
    const char *reproduce; /* commands, a line each */
};

/* Without gnuplot: a note, and a page without pictures. STATUS_IO, STATUS_NO_MEMORY. */
enum status answer_page_make(const struct answer_page *page, struct errors *errors) MUST_CHECK;

#endif
