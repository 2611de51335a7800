/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page of a sweep. */
#include <stdio.h>

#include "io/pictures/page.h"
#include "io/pictures/points.h"

#define MOST 2

#define CAPTION 700

/* The figure over the axes, for each way to draw it. */
static const struct page_drawing first[] = {
    [POINTS_LINES] = {{"sweep", "Along the axis", NULL}, points_draw_lines},
    [POINTS_MAP] = {{"sweep", "Over both axes", NULL}, points_draw_map},
    [POINTS_DOTS] = {{"sweep", "Over both axes", NULL}, points_draw_map},
    [POINTS_MULTIPLES] = {{"sweep", "Over three axes", NULL}, points_draw_map},
    [POINTS_PARALLEL] = {{"sweep", "Over all axes", NULL}, points_draw_parallel},
};

/* What stands for a point, and what is drawn of it with one replication and with more. */
static const struct {
    const char *what, *of_one, *of_many;
} words[] = {
    [POINTS_LINES] = {"", "The one run of each point.",
                      "Means over the replications of each point with their 95 % intervals; "
                      "the same people and luck stand behind all points, so two points may "
                      "differ for certain although their intervals overlap."},
    [POINTS_MAP] = {"A cell is a point of the sweep: ", "its one run.",
                    "the mean over its replications."},
    [POINTS_DOTS] = {"A dot is a point of the sweep, the darker the higher: ", "its one run.",
                     "the mean over its replications."},
    [POINTS_MULTIPLES] = {"Each map is one value of the third axis, all on one scale of "
                          "colours; a cell is a point of the sweep: ",
                          "its one run.", "the mean over its replications."},
    [POINTS_PARALLEL] = {"A line is a point of the sweep: where it crosses an axis is its "
                         "value there, at the right end ",
                         "its figure.", "its mean of the figure."},
};

/* Of the marks that are drawn, and of no other. */
static const char *const marked[] = {
    [POINTS_NO_MARK] = " No point is above another.",
    [POINTS_HIGHEST] = " Red marks the highest; with one replication nothing says how much of "
                       "its lead is luck.",
    [POINTS_TOLD_APART] = " Red marks the highest mean; every other is lower by more than "
                          "luck.",
    [POINTS_SOME_ALIKE] = " Red marks the highest mean, broken orange what cannot be told from "
                          "it with so many replications.",
    [POINTS_MOST_ALIKE] = " Red marks the highest mean. What cannot be told from it with so "
                          "many replications is too much to be marked.",
};

static void write_caption(const struct points_layout *layout, char out[CAPTION])
{
    enum points_kind kind = layout->kind;
    enum points_marks marks = points_marks(layout);
    const char *last = marked[marks];
    if (kind == POINTS_LINES && marks != POINTS_NO_MARK)
        last = " The ring marks the point where the first figure is highest.";
    if (kind == POINTS_PARALLEL)
        last = " Lines of one shade that bundle on an axis say that its value matters.";
    snprintf(out, CAPTION, "%s%s%s", words[kind].what,
             layout->page->alike ? words[kind].of_many : words[kind].of_one, last);
}

static const struct page_drawing others = {
    {"others", "What else changes",
     "The other figures at the same points. What is good for one may be bad for another."},
    points_draw_others};

enum status points_page_make(const struct points_page *page, struct errors *errors)
{
    struct points_layout layout = {0};
    struct page_drawing drawing[MOST];
    char caption[CAPTION];
    size_t n = 0;
    enum status status = STATUS_OK;
    if (page->axes && page->points) status = points_lay_out(&layout, page);
    if (!status && layout.page) {
        write_caption(&layout, caption);
        drawing[n] = first[layout.kind];
        drawing[n++].about.caption = caption;
        drawing[n] = others;
        n += layout.kind == POINTS_MAP || layout.kind == POINTS_DOTS;
    }
    if (!status) status = page_answer(&page->words, drawing, n, &layout, errors);
    points_layout_free(&layout);
    return status;
}
