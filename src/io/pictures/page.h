/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * report.html: one page that holds everything, and asks no network for anything.
 */
#ifndef IO_PICTURES_PAGE_H
#define IO_PICTURES_PAGE_H

#include "io/answer_page.h"
#include "io/pictures/figures.h"

/* What became of figures[k]: drawn, nothing to see, or not for this page. */
enum page_state { PAGE_ABSENT, PAGE_EMPTY, PAGE_DRAWN };

/* Writes OUT/report.html from the scene and OUT/plots/NAME.svg. `state` has figure_count
 * entries; `absent` says why there are no pictures, NULL where there are. */
enum status page_write(struct scene *scene, const char *out, const enum page_state *state,
                       const char *absent, struct errors *errors) MUST_CHECK;

/* Pieces of any page: all up to <body>, and a picture of OUT/plots/NAME.svg with the words
 * around it, which are HTML; nothing when it was not drawn. */
struct page_picture {
    const char *name, *heading, *caption;
};
/* A picture that draws itself for gnuplot; false when there is nothing to see. */
struct page_drawing {
    struct page_picture about;
    bool (*draw)(const void *context, FILE *to);
};
/* page_answer.c: pictures and page of an experiment; its own list of pictures is not looked at.
 */
enum status page_answer(const struct answer_page *page, const struct page_drawing *picture,
                        size_t pictures, const void *context, struct errors *errors) MUST_CHECK;

void page_head(const char *title, FILE *to);
void page_figure(const struct page_picture *picture, const char *out, FILE *to);

/* key_figures.c: the key figures of a run. */
struct key_figure {
    const char *name; /* "Active viewers a day" */
    char value[64], note[128];
};
#define KEY_FIGURES_MOST 16
/* Those that the run has the columns for, as means after the warm-up. */
size_t key_figures(struct scene *scene, const struct past_run *run,
                   struct key_figure key[KEY_FIGURES_MOST]);

/* page_cohorts.c: what creators of each cohort made of their work, where there are two cohorts
 * or more; of several runs, what those of the cohort "focal" made in each. */
void page_cohorts(const struct scene *scene, FILE *to);

/* page_scenario.c */
void page_text(FILE *to, const char *text);
/* The resolved scenario as a table, and how to make the run again. */
enum status page_scenario(const struct past_run *run, FILE *to);

#endif
