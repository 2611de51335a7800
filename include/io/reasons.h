/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A picture of why a viewer is shown what it is shown: interests on the left, the parts of each
 * score on the right.
 */
#ifndef IO_REASONS_H
#define IO_REASONS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"

#define REASONS_PARTS 4 /* similarity, popularity, exploration, re-ranking */

struct reasons_row {
    char name[24], note[64];
    double part[REASONS_PARTS];
};

struct reasons_interest {
    const char *topic;
    double taste;    /* cosine, -1..1 */
    double believed; /* in the ranker's unit; NaN = nothing is known */
};

struct reasons {
    const char *folder; /* of the run */
    const char *name;   /* of the file, without folder and ending */
    const char *title, *ranker;
    const char *formats; /* "png,svg,pdf": any of them; NULL = png */
    const struct reasons_row *row;
    size_t rows;
    const struct reasons_interest *interest; /* strongest first; 12 are shown */
    size_t interests;
    bool quiet;
};

/* Writes FOLDER/plots/NAME.FORMAT; without gnuplot a note. */
enum status reasons_draw(const struct reasons *self, struct errors *errors) MUST_CHECK;

#endif
