/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The pictures of one run, or of several runs over each other: what each shows, and how to read
 * it.
 */
#ifndef IO_PICTURES_FIGURES_H
#define IO_PICTURES_FIGURES_H

#include <stdint.h>
#include <stdio.h>

#include "io/past_run.h"
#include "io/pictures/chart.h"

#define FIGURE_RUNS 48 /* in one picture, */
#define FIGURE_LINES 7 /* over each other: more colours are not told apart */

/* The runs that are drawn, and the arrays made for it. */
struct scene {
    struct past_run run[FIGURE_RUNS];
    size_t count;
    void **owned; /* owned array of owned arrays */
    size_t owned_count, owned_room;
};

enum status scene_open(struct scene *self, const char *const *folder, size_t count,
                       struct errors *errors) MUST_CHECK;
/* Works on a zeroed object. */
void scene_close(struct scene *self);
/* n zeros that live as long as the scene; NULL without memory. */
double *scene_array(struct scene *self, size_t n);

struct figure {
    const char *name;     /* of its file */
    const char *heading;  /* in the report */
    const char *caption;  /* how to read it; HTML */
    const char *without;  /* why there may be nothing to see */
    bool alone, together; /* for one run, for several */
    bool page;            /* is it on the report's page? */
    /* Writes the whole picture for gnuplot; false when there is nothing to see. */
    bool (*draw)(struct scene *scene, FILE *to);
    bool many; /* shows more than FIGURE_LINES runs, too */
};

extern const struct figure figures[];
extern const size_t figure_count;

/* figures_series.c */
bool figure_activity(struct scene *scene, FILE *to);
bool figure_revenue(struct scene *scene, FILE *to);
bool figure_quality(struct scene *scene, FILE *to);
bool figure_watch_time(struct scene *scene, FILE *to);
bool figure_sources(struct scene *scene, FILE *to);
/* The panels of the overview; false when the run has none of the columns. */
bool figure_panel_viewers(struct scene *scene, struct chart *chart);
bool figure_panel_streams(struct scene *scene, struct chart *chart);
/* Minutes watched per active viewer and day, an array of run->rows; NULL without the columns.
 */
const double *figure_minutes(struct scene *scene, const struct past_run *run);

/* figures_spread.c */
bool figure_inequality(struct scene *scene, FILE *to);
bool figure_views(struct scene *scene, FILE *to);
bool figure_cascades(struct scene *scene, FILE *to);
bool figure_retention(struct scene *scene, FILE *to);
bool figure_overview(struct scene *scene, FILE *to);

/* figures_runs.c */
bool figure_runs(struct scene *scene, FILE *to);

/* figures_groups.c */
bool figure_income(struct scene *scene, FILE *to);
bool figure_topics(struct scene *scene, FILE *to);

#endif
