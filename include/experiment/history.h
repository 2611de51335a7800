/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A creator's own history: views of its videos, and when they were published.
 *
 * The file has one number a row, or columns with a head of which one is `views` and one may be
 * `date` (YYYY-MM-DD, more behind a T or a space is passed over); separated by comma, semicolon
 * or tab, fields in double quotes where they hold one of these. Blank lines are passed over.
 */
#ifndef EXPERIMENT_HISTORY_H
#define EXPERIMENT_HISTORY_H

#include <stddef.h>

#include "base/status.h"

#define HISTORY_VIDEOS_MOST 1000000

struct history {
    size_t videos;
    double mean, median; /* views a video */
    double spread;       /* sd of ln(1 + views); NaN below two videos */
    size_t dated;        /* videos with a date */
    double per_week; /* videos, from the first date to the last; NaN where that is not known:
                        fewer than five dates, or less than two weeks between them */
};

/* STATUS_BAD_INPUT with the line of the first mistake: no number, negative, above 1e12, no such
 * day, no video at all. */
enum status history_read(struct history *out, const char *path,
                         struct errors *errors) MUST_CHECK;
/* The same from its text, which is changed; `where` begins the lines of errors. */
enum status history_parse(struct history *out, char *text, size_t length, const char *where,
                          struct errors *errors) MUST_CHECK;

#endif
