/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The gnuplot program: commands go to it through a file in memory, a picture comes back whole
 * or not at all.
 */
#ifndef IO_PICTURES_GNUPLOT_H
#define IO_PICTURES_GNUPLOT_H

#include "base/status.h"

#define GNUPLOT_FORMATS 3
extern const char *const gnuplot_format[GNUPLOT_FORMATS];
/* Is `format` one of the words of "png,svg"? */
bool gnuplot_wanted(const char *list, const char *format);

struct gnuplot {
    char *scripts, *plots; /* owned; folders: of plots/style.gp and its like, of the pictures */
    bool quiet;            /* no notes */
    const char *absent; /* why nothing can be drawn, NULL where all is there; that there is no
                         * gnuplot is found out by the first drawing */
};

struct gnuplot_sheet {
    const char *name, *format; /* of the picture: plots/NAME.FORMAT */
    const char *foot;          /* small print below it; "" = none */
    const char *text;          /* assignments and data, then "load 'SCRIPT.gp'" */
};

/* Makes `out` and out/plots. gnuplot_close is due also after a failure. */
enum status gnuplot_open(struct gnuplot *self, const char *out, bool quiet,
                         struct errors *errors) MUST_CHECK;
/* STATUS_FAULT when gnuplot will not draw it; STATUS_OK and self->absent without gnuplot. */
enum status gnuplot_draw(struct gnuplot *self, const struct gnuplot_sheet *sheet,
                         struct errors *errors) MUST_CHECK;
/* What to say when gnuplot was absent: a note if that is tolerable, else STATUS_FAULT. */
enum status gnuplot_missing(const struct gnuplot *self, bool tolerant,
                            struct errors *errors) MUST_CHECK;
/* Works on a zeroed object. */
void gnuplot_close(struct gnuplot *self);

#endif
