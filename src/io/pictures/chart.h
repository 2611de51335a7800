/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A picture on its way to gnuplot.
 *
 * All that depends on the data is decided here: ranges, tics, number formats, where labels
 * stand. It is written as gnuplot assignments and data blocks in front of `load 'panels.gp'`;
 * the scripts in plots/ hold the looks alone, and read no file.
 */
#ifndef IO_PICTURES_CHART_H
#define IO_PICTURES_CHART_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define CHART_PANELS 4
#define CHART_CURVES 8

/* CHART_PERCENT: 0.5 is shown as 50 %. CHART_FEW: plain numbers, about three tics. */
enum chart_unit { CHART_PLAIN, CHART_PERCENT, CHART_FEW };
/* Names of curves: at the right end of each, as a list in a corner, or not at all. */
enum chart_names { CHART_ENDS, CHART_UPPER_LEFT, CHART_UPPER_RIGHT, CHART_NAMELESS };

struct curve {
    char name[96], number[32]; /* its label: name, then number in bold */
    const double *x, *y;       /* n values, borrowed; NaN = a gap */
    size_t n;
    int colour; /* 1.. of style.gp */
};

struct panel {
    char title[128], x_title[96];
    double low, high, bottom, top; /* ranges of x and y */
    char x_tics[768], y_tics[768]; /* gnuplot commands */
    double warmup;                 /* shaded from `low` to there; 0 = nothing */
    enum chart_names names;
    bool logarithmic, diagonal, points;
    struct curve curve[CHART_CURVES];
    size_t count;
};

struct chart {
    char title[256], subtitle[256];
    struct panel panel[CHART_PANELS];
    size_t count, columns; /* panels, and how many stand side by side */
    bool square;
    bool legend; /* names of the first panel's curves above all panels, not at their ends */
    int height;  /* pixels; 0 = the usual */
};

/* A panel of `chart`, zeroed, with its title; NULL when there is no room. */
struct panel *chart_panel(struct chart *chart, const char *title);
/* A curve of a panel; NULL when there is no room. Its colour is its ordinal. */
struct curve *chart_curve(struct panel *panel, const char *name);

/* Ranges and tics from what the curves hold. Days: x in whole days. */
void chart_days(struct panel *panel);
/* y from 0 (or below) to the largest value. */
void chart_heights(struct panel *panel, enum chart_unit unit);
/* Both axes 0..100 %, for Lorenz curves. */
void chart_shares(struct panel *panel);
/* Both axes logarithmic: x from 1 to `x_most`, y a share from `y_least` to 1. */
void chart_logarithms(struct panel *panel, double x_most, double y_least);

void chart_write(const struct chart *chart, FILE *to);

/* Pieces that other pictures use. Texts are escaped for gnuplot's enhanced mode; `name` is a
 * variable. */
void chart_set_text(FILE *to, const char *name, const char *text);
void chart_set_number(FILE *to, const char *name, double value);
/* A text as a double-quoted gnuplot string. */
void chart_quote(FILE *to, const char *text);
/* "set ytics (...)" with about four round tics of `axis` ('x' or 'y') in [0, most]. */
void chart_tics(char *out, size_t size, char axis, double most, enum chart_unit unit);
/* About three for plain numbers in range[0]..range[1]. */
void chart_range_tics(char *out, size_t size, char axis, double range[2]);
/* What values were met so far, from CHART_NOTHING on. */
struct chart_range {
    double low, high;
};
#define CHART_NOTHING                                                                          \
    {                                                                                          \
        INFINITY, -INFINITY                                                                    \
    }
void chart_widen(struct chart_range *range,
                 double value); /* NaN and infinite ones: no change */
/* A little room at both ends, also where there was one value only; false when there was none.
 */
bool chart_settle(struct chart_range *range);
/* NAME="set xtics (...)", as chart_range_tics has them. */
void chart_write_tics(FILE *to, const char *name, char axis, const struct chart_range *range);
/* " 0.5", " NaN": a number of a data block. */
void chart_write_value(FILE *to, double value);
/* ARRAY[1..n], a text each. */
void chart_write_names(FILE *to, const char *array, const char *const *name, size_t n);
/* Moves `n` label positions apart until they are `gap` away from each other, in [0, most] as
 * far as there is room; those of equal height keep their order. */
void chart_spread(double *position, size_t n, double gap, double most);

/* A number for people: "0.53", "12.4", "2,569", "415 k", "12.2 M". */
const char *chart_number(double value, char out[32]);
/* A share as a percentage: "0.3 %", "12 %". */
const char *chart_percent(double share, char out[32]);

#endif
