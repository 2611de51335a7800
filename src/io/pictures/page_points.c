/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page of a sweep. */
#include <stdio.h>

#include "io/pictures/page.h"
#include "io/pictures/points.h"

#define MOST 2

#define HIGHEST                                                                                \
    "Red marks the highest mean, broken orange what cannot be told from it with so many "      \
    "replications."

/* The figure over the axes, for each way to draw it. */
static const struct page_drawing first[] = {
    [POINTS_LINES] =
        {{"sweep", "Along the axis",
          "Means over the replications of each point with their 95 % intervals; "
          "the same people and luck stand behind all points, so two points may "
          "differ for certain although their intervals overlap. The ring marks the "
          "point where the first figure is highest."},
         points_draw_lines},
    [POINTS_MAP] =
        {{"sweep", "Over both axes",
          "A cell is a point of the sweep: the mean over its replications. " HIGHEST},
         points_draw_map},
    [POINTS_DOTS] =
        {{"sweep", "Over both axes",
          "A dot is a point of the sweep: the mean over its replications, the darker "
          "the higher. " HIGHEST},
         points_draw_map},
    [POINTS_MULTIPLES] = {{"sweep", "Over three axes",
                           "Each map is one value of the third axis, all on one scale of "
                           "colours; a cell is a point of the sweep. " HIGHEST},
                          points_draw_map},
    [POINTS_PARALLEL] = {{"sweep", "Over all axes",
                          "A line is a point of the sweep: where it crosses an axis is its "
                          "value there, at the right end its mean of the figure. Lines of one "
                          "shade that bundle on an axis say that its value matters."},
                         points_draw_parallel},
};

static const struct page_drawing others = {
    {"others", "What else changes",
     "The other figures at the same points. What is good for one may be bad for another."},
    points_draw_others};

enum status points_page_make(const struct points_page *page, struct errors *errors)
{
    struct points_layout layout = {0};
    struct page_drawing drawing[MOST];
    size_t n = 0;
    enum status status = STATUS_OK;
    if (page->axes && page->points) status = points_lay_out(&layout, page);
    if (!status && layout.page) {
        drawing[n++] = first[layout.kind];
        drawing[n] = others;
        n += layout.kind == POINTS_MAP || layout.kind == POINTS_DOTS;
    }
    if (!status) status = page_answer(&page->words, drawing, n, &layout, errors);
    points_layout_free(&layout);
    return status;
}
