/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pictures of finished runs, through gnuplot, and the page that explains them.
 *
 * One run is drawn in full; several (at most 7) are drawn over each other by name, more (at
 * most 48) side by side only. The looks are the scripts in plots/; the data reaches gnuplot
 * through a pipe, so its scripts read no file.
 */
#ifndef IO_PICTURES_H
#define IO_PICTURES_H

#include <stddef.h>

#include "base/status.h"

struct pictures_options {
    const char *const *folder; /* of finished runs */
    size_t count;
    const char *out;     /* folder of pictures and page; NULL = the run's own */
    const char *formats; /* "png,svg,pdf": any of them; NULL = "png,svg" */
    bool page;           /* report.html, too */
    bool tolerant;       /* without gnuplot: a note, and a page without pictures */
    bool quiet;          /* no notes */
};

/* STATUS_USAGE when a word of the list is no format. */
enum status pictures_formats_check(const char *list, struct errors *errors) MUST_CHECK;

/* Writes OUT/plots/NAME.FORMAT for every picture that the tables allow, and OUT/report.html if
 * asked for. A picture without data is left out without a word on the terminal; the page says
 * why. Several runs need `out`. STATUS_BAD_INPUT for a folder that is no finished run;
 * STATUS_FAULT without gnuplot unless `tolerant`; STATUS_IO else. */
enum status pictures_make(const struct pictures_options *options,
                          struct errors *errors) MUST_CHECK;

#endif
