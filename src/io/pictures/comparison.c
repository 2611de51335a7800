/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/pictures/comparison.h"

#include <math.h>
#include <string.h>

#include "io/pictures/chart.h"

static void write_name(FILE *to, size_t k, const char *name)
{
    fprintf(to, "NAME[%zu]=", k + 1);
    chart_quote(to, name);
    putc('\n', to);
}

/* ------------------------------------------------------------------------------- over the days
 */

static void write_course(const struct comparison_course *course, FILE *to)
{
    for (size_t i = 0; i < course->n; i++) {
        fprintf(to, "%.10g", course->day[i]);
        chart_write_value(to, course->mean[i]);
        chart_write_value(to, course->low[i]);
        chart_write_value(to, course->high[i]);
        putc('\n', to);
    }
    fputs("\n\n", to);
}

bool comparison_draw_courses(const struct comparison_page *page, FILE *to)
{
    struct chart_range x = CHART_NOTHING, y = {0, 0};
    size_t n = page->courses < COMPARISON_COURSES ? page->courses : COMPARISON_COURSES;
    char text[256];
    for (size_t k = 0; k < n; k++)
        for (size_t i = 0; i < page->course[k].n; i++) {
            chart_widen(&x, page->course[k].day[i]);
            chart_widen(&y, page->course[k].low[i]);
            chart_widen(&y, page->course[k].high[i]);
            chart_widen(&y, page->course[k].mean[i]);
        }
    if (!n || !(x.high > x.low) || !chart_settle(&y)) return false;
    if (page->baseline)
        snprintf(text, sizeof text, "%s: difference to %s", page->metric, page->baseline);
    else
        snprintf(text, sizeof text, "%s", page->metric);
    chart_set_text(to, "TITLE", text);
    chart_set_text(to, "SUBTITLE",
                   "line: mean over the replications; band: its 95 % interval, each day alone; "
                   "grey: warm-up, which no figure counts");
    size_t columns = n < 3 ? n : 3, rows = (n + columns - 1) / columns;
    fprintf(to, "PANELS=%zu\nCOLUMNS=%zu\nROWS=%zu\nH=%zu\narray NAME[%zu]\n", n, columns, rows,
            110 + rows * (rows == 1 ? 330 : 230), n);
    for (size_t k = 0; k < n; k++) write_name(to, k, page->course[k].name);
    fprintf(to, "LOW=%.10g\nHIGH=%.10g\nBOTTOM=%.10g\nTOP=%.10g\n", x.low, x.high, y.low,
            y.high);
    fprintf(to, "WARM=%.10g\n", page->warmup);
    chart_write_tics(to, "XTICS", 'x', &x);
    chart_write_tics(to, "YTICS", 'y', &y);
    fputs("$COURSES <<EOD\n", to);
    for (size_t k = 0; k < n; k++) write_course(&page->course[k], to);
    fputs("EOD\nload 'courses.gp'\n", to);
    return true;
}

/* ------------------------------------------------------------------------------ rows of an arm
 */

static void write_rows(size_t rows, const struct chart_range *x, FILE *to)
{
    fprintf(to, "ROWS=%zu\nH=%zu\nLOW=%.10g\nHIGH=%.10g\narray NAME[%zu]\n", rows,
            150 + 34 * rows, x->low, x->high, rows);
    chart_write_tics(to, "XTICS", 'x', x);
}

bool comparison_draw_spreads(const struct comparison_page *page, FILE *to)
{
    struct chart_range x = CHART_NOTHING;
    size_t n = page->spreads < COMPARISON_SPREADS ? page->spreads : COMPARISON_SPREADS;
    char text[256];
    for (size_t k = 0; k < n; k++) {
        chart_widen(&x, page->spread[k].low);
        chart_widen(&x, page->spread[k].high);
        for (size_t i = 0; i < page->spread[k].n; i++)
            chart_widen(&x, page->spread[k].value[i]);
    }
    if (!chart_settle(&x)) return false;
    snprintf(text, sizeof text, "%s in every replication", page->metric);
    chart_set_text(to, "TITLE", text);
    chart_set_text(to, "SUBTITLE",
                   "a point is a replication; bar: the mean; band: its 95 % interval");
    write_rows(n, &x, to);
    for (size_t k = 0; k < n; k++) write_name(to, k, page->spread[k].name);
    fputs("KIND=0\n$ROWS <<EOD\n", to);
    for (size_t k = 0; k < n; k++) {
        fprintf(to, "%zu", k + 1);
        chart_write_value(to, page->spread[k].mean);
        chart_write_value(to, page->spread[k].low);
        chart_write_value(to, page->spread[k].high);
        putc('\n', to);
    }
    fputs("EOD\n$POINTS <<EOD\n", to);
    for (size_t k = 0; k < n; k++)
        for (size_t i = 0; i < page->spread[k].n; i++) {
            if (!isfinite(page->spread[k].value[i])) continue;
            /* so far from the row's middle that neighbours do not lie on each other */
            double off = fmod((double)i * 0.618034, 1) - 0.5;
            fprintf(to, "%.4f %.10g\n", (double)(k + 1) + 0.5 * off, page->spread[k].value[i]);
        }
    fputs("EOD\nload 'rows.gp'\n", to);
    return true;
}

/* ----------------------------------------------------------------------------------- tornado
 */

bool comparison_draw_bars(const struct comparison_page *page, FILE *to)
{
    struct chart_range x = {0, 0};
    size_t n = page->bars < COMPARISON_BARS ? page->bars : COMPARISON_BARS;
    if (!n) return false;
    for (size_t k = 0; k < n; k++) {
        chart_widen(&x, page->bar[k].low);
        chart_widen(&x, page->bar[k].high);
    }
    if (!chart_settle(&x)) return false;
    chart_set_text(to, "TITLE", page->bars_title);
    chart_set_text(to, "SUBTITLE",
                   "mean lead where the assumption is in the low half (orange) and in the high "
                   "half (blue) of its plausible range");
    write_rows(n, &x, to);
    for (size_t k = 0; k < n; k++) write_name(to, k, page->bar[k].name);
    fprintf(to, "KIND=1\nMIDDLE=%.10g\n$ROWS <<EOD\n", page->bar_middle);
    for (size_t k = 0; k < n; k++) {
        fprintf(to, "%zu", k + 1);
        chart_write_value(to, page->bar[k].low);
        chart_write_value(to, page->bar[k].high);
        putc('\n', to);
    }
    fputs("EOD\nload 'rows.gp'\n", to);
    return true;
}
