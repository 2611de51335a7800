/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the points of a sweep are laid out, and their pictures for gnuplot. */
#ifndef IO_PICTURES_POINTS_H
#define IO_PICTURES_POINTS_H

#include <stdio.h>

#include "io/points_page.h"

enum points_kind {
    POINTS_LINES,     /* one axis */
    POINTS_MAP,       /* two, a grid */
    POINTS_DOTS,      /* two, no grid */
    POINTS_MULTIPLES, /* three, a grid */
    POINTS_PARALLEL
};

/* The values that an axis takes, sorted, each once. */
struct points_levels {
    double *value; /* owned */
    size_t count;
    bool logarithmic; /* they lie at equal ratios rather than at equal differences */
};

struct points_layout {
    const struct points_page *page; /* borrowed */
    struct points_levels level[POINTS_AXES];
    enum points_kind kind;
    size_t x, y, panel; /* axes: across, up, from panel to panel */
};

/* STATUS_NO_MEMORY; free it whatever comes. */
enum status points_lay_out(struct points_layout *self,
                           const struct points_page *page) MUST_CHECK;
void points_layout_free(struct points_layout *self);

/* `self` is a struct points_layout. False when there is nothing to see. The others: the same
 * of the metrics after the first. */
bool points_draw_lines(const void *self, FILE *to);
bool points_draw_map(const void *self, FILE *to);
bool points_draw_others(const void *self, FILE *to);
bool points_draw_parallel(const void *self, FILE *to); /* points_parallel.c */

/* Which marks the first figure's picture has, for the words around it. */
enum points_marks {
    POINTS_NO_MARK,    /* no point is above another */
    POINTS_HIGHEST,    /* how it stands to the others is not known: one replication */
    POINTS_TOLD_APART, /* from all of them */
    POINTS_SOME_ALIKE, /* those that cannot be told from it are marked, too */
    POINTS_MOST_ALIKE  /* they are too many to be marked */
};
enum points_marks points_marks(const struct points_layout *self);

/* A value of an axis: "0.125", "static", "1.2 M". */
const char *points_value(const struct points_axis *axis, double place, char out[40]);
/* Where a value stands between the least (0) and the largest (1) of its axis. */
double points_place(const struct points_layout *self, size_t axis, double place);
/* The same of the middle of its cell in a map. */
double points_cell(const struct points_layout *self, size_t axis, double place);

/* How an axis is labelled: 'x' or 'y', pixels long, cells of equal width or points. */
struct points_tics {
    size_t axis;
    char direction;
    double length;
    bool cells;
};
/* NAME="set xtics (...)" at the axis' values, but for numbers that are in another's way.
 * Returns whether the labels, words, have to be turned to fit. */
bool points_write_tics(const struct points_layout *self, const struct points_tics *tics,
                       const char *name, FILE *to);
/* Pixels of the longest label. */
double points_label_width(const struct points_layout *self, size_t axis);

#endif
