/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values with their intervals, a group of them a row; and the page that they stand on. */
#include <math.h>
#include <stdio.h>

#include "io/answer_page.h"
#include "io/pictures/chart.h"
#include "io/pictures/page.h"

static void write_values(const struct answer_bars *bars, size_t rows, size_t measures, FILE *to)
{
    fputs("$VALUES <<EOD\n", to);
    for (size_t m = 0; m < measures; m++) {
        for (size_t r = 0; r < rows; r++) {
            const struct answer_value *v = &bars->value[r * bars->measures + m];
            double place = (double)r + 0.1 + 0.8 * ((double)m + 0.5) / (double)measures;
            if (!isfinite(v->value)) continue;
            bool sure = isfinite(v->low) && isfinite(v->high);
            fprintf(to, "%.4f %.10g %.10g %.10g\n", place, v->value, sure ? v->low : v->value,
                    sure ? v->high : v->value);
        }
        fputs("NaN NaN NaN NaN\n\n\n", to);
    }
    fputs("EOD\n", to);
}

static bool draw_bars(const struct answer_bars *bars, FILE *to)
{
    struct chart_range range = {0, 0};
    size_t rows = bars->rows < ANSWER_ROWS ? bars->rows : ANSWER_ROWS;
    size_t measures = bars->measures < ANSWER_MEASURES ? bars->measures : ANSWER_MEASURES;
    for (size_t i = 0; i < rows * bars->measures; i++) {
        chart_widen(&range, bars->value[i].value);
        chart_widen(&range, bars->value[i].low);
        chart_widen(&range, bars->value[i].high);
    }
    chart_widen(&range, bars->reach);
    double room = 0.05 * (range.high - range.low);
    if (!rows || !(room > 0)) return false;
    if (range.low < 0 || bars->points) range.low -= room;
    range.high += room;
    chart_set_text(to, "TITLE", bars->title);
    chart_set_text(to, "SUBTITLE", bars->subtitle);
    fprintf(to, "ROWS=%zu\nMEASURES=%zu\nPOINTS=%d\nLOW=%.10g\nHIGH=%.10g\nH=%zu\n", rows,
            measures, bars->points, range.low, range.high, 170 + rows * (16 + 14 * measures));
    chart_write_tics(to, "XTICS", 'x', &range);
    chart_write_names(to, "NAME", bars->row, rows);
    chart_write_names(to, "MEASURE", bars->measure, measures);
    write_values(bars, rows, measures, to);
    fputs("load 'measures.gp'\n", to);
    return true;
}

/* The k-th picture of the page. */
#define DRAW(k)                                                                                \
    static bool draw_##k(const void *page, FILE *to)                                           \
    {                                                                                          \
        return draw_bars(&((const struct answer_page *)page)->picture[k], to);                 \
    }
DRAW(0)
DRAW(1)
DRAW(2)
DRAW(3)

enum status answer_page_make(const struct answer_page *page, struct errors *errors)
{
    bool (*const draw[ANSWER_PICTURES])(const void *, FILE *) = {draw_0, draw_1, draw_2,
                                                                 draw_3};
    struct page_drawing drawing[ANSWER_PICTURES];
    size_t n = page->pictures < ANSWER_PICTURES ? page->pictures : ANSWER_PICTURES;
    for (size_t k = 0; k < n; k++) {
        const struct answer_bars *bars = &page->picture[k];
        drawing[k] = (struct page_drawing){{bars->name, bars->heading, bars->caption}, draw[k]};
    }
    return page_answer(page, drawing, n, page, errors);
}
