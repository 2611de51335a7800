/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/summary.h"

#include <math.h>
#include <string.h>

#include "parts.h"

#define TREND_SHARE 0.05
#define TREND_ERRORS 4.0
#define TREND_ROWS 7 /* fewer say nothing */

/* The figures that a reader compares runs by. */
static const char *const key_figures[] = {"dau",
                                          "impressions",
                                          "watch_hours",
                                          "active_videos",
                                          "active_creators",
                                          "gini_views",
                                          "topic_entropy",
                                          "homogenisation",
                                          "ndcg_true",
                                          "creator_income",
                                          "platform_profit"};

static bool number_of(const struct cell *cell, double *y)
{
    if (cell->kind == CELL_INT)
        *y = (double)cell->as.integer;
    else if (cell->kind == CELL_MONEY)
        *y = (double)cell->as.integer * 1e-6;
    else if (cell->kind == CELL_FLOAT && isfinite(cell->as.number))
        *y = cell->as.number;
    else
        return false;
    return true;
}

void summary_add(struct measure *self, const struct cell *row)
{
    double t = (double)self->from / (double)TIME_DAY, y;
    if (t < self->p->warmup) return;
    for (size_t c = 0; c < self->series_count; c++) {
        struct running *r = &self->running[c];
        if (!number_of(&row[c], &y)) continue;
        if (r->n++ == 0) r->first = y;
        double past = t - self->p->warmup, off = y - r->first;
        r->sum += off;
        r->squares += off * off;
        r->times += past;
        r->time_squares += past * past;
        r->cross += past * off;
    }
}

static bool is_key(const char *name)
{
    for (size_t i = 0; i < sizeof key_figures / sizeof key_figures[0]; i++)
        if (strcmp(key_figures[i], name) == 0) return true;
    return false;
}

/* Slope a day, and the variance of its estimate. */
static double slope_of(const struct running *r, double *variance)
{
    double n = (double)r->n, spread = r->time_squares - r->times * r->times / n;
    double shared = r->cross - r->times * r->sum / n, own = r->squares - r->sum * r->sum / n;
    double slope = spread > 0 ? shared / spread : 0, left = own - slope * shared;
    *variance = left > 0 && spread > 0 ? left / (n - 2) / spread : 0;
    return slope;
}

static bool has_trend(const struct running *r, double mean, double *change)
{
    double variance, n = (double)r->n;
    *change = 0;
    if (r->n < TREND_ROWS) return false;
    double spread = r->time_squares - r->times * r->times / n;
    double slope = slope_of(r, &variance);
    /* Times are evenly spaced: their span follows from their spread. */
    double span = sqrt(12 * spread / n);
    if (mean != 0) *change = slope * span / fabs(mean);
    return fabs(*change) > TREND_SHARE &&
           slope * slope > TREND_ERRORS * TREND_ERRORS * variance;
}

bool measure_summary(const struct measure *self, size_t column, struct summary *out)
{
    *out = (struct summary){0};
    if (column >= self->series_count) return false;
    const struct running *r = &self->running[column];
    out->column = &self->series[column];
    out->key = is_key(out->column->name);
    out->rows = r->n;
    if (r->n == 0) return true;
    out->mean = r->first + r->sum / (double)r->n;
    bool trend = has_trend(r, out->mean, &out->change);
    out->trend = out->key && trend;
    return true;
}

double measure_warmup(const struct measure *self) { return self->p->warmup; }

void summary_visit(struct measure *self, struct visitor *v)
{
    struct running *all = self->running;
    size_t n = self->series_count;
    VISIT_FIELD(v, "measure.summary_n", all, n, n);
    VISIT_FIELD(v, "measure.summary_first", all, n, first);
    VISIT_FIELD(v, "measure.summary_sum", all, n, sum);
    VISIT_FIELD(v, "measure.summary_squares", all, n, squares);
    VISIT_FIELD(v, "measure.summary_times", all, n, times);
    VISIT_FIELD(v, "measure.summary_time_squares", all, n, time_squares);
    VISIT_FIELD(v, "measure.summary_cross", all, n, cross);
}
