/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pictures of a comparison, for gnuplot; false when there is nothing to see. */
#ifndef IO_PICTURES_COMPARISON_H
#define IO_PICTURES_COMPARISON_H

#include <stdio.h>

#include "io/comparison_page.h"

bool comparison_draw_courses(const struct comparison_page *page, FILE *to);
bool comparison_draw_spreads(const struct comparison_page *page, FILE *to);
bool comparison_draw_bars(const struct comparison_page *page, FILE *to);

#endif
