/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the points of a sweep stand: its axes' values, and which picture suits them. */
#include "io/pictures/points.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "io/pictures/chart.h"

#define MAP_LEVELS 40       /* rows or columns of a heat map at most */
#define MULTIPLES_PANELS 12 /* heat maps beside each other */
#define LETTER 7.3          /* pixels, about */

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Mean and standard deviation of the gaps, the one by the other: 0 when all are equal. */
static double unevenness(const double *value, size_t n, bool ratios)
{
    double sum = 0, squares = 0, count = (double)n - 1;
    for (size_t i = 1; i < n; i++) {
        double gap = ratios ? log(value[i] / value[i - 1]) : value[i] - value[i - 1];
        sum += gap;
        squares += gap * gap;
    }
    double mean = sum / count;
    return sqrt(fmax(0, squares / count - mean * mean)) / mean;
}

static enum status find_levels(const struct points_page *page, size_t axis,
                               struct points_levels *out)
{
    size_t n = page->points;
    out->value = memory_alloc(n, sizeof *out->value);
    if (!out->value) return STATUS_NO_MEMORY;
    memcpy(out->value, page->axis[axis].place, n * sizeof *out->value);
    qsort(out->value, n, sizeof *out->value, by_value);
    for (size_t i = 0; i < n; i++)
        if (!out->count || out->value[i] > out->value[out->count - 1])
            out->value[out->count++] = out->value[i];
    const double *v = out->value;
    out->logarithmic = !page->axis[axis].names && out->count > 2 && v[0] > 0 &&
                       v[out->count - 1] / v[0] >= 8 &&
                       unevenness(v, out->count, true) < unevenness(v, out->count, false);
    return STATUS_OK;
}

/* At least half of the cells have a point. */
static bool is_grid(const struct points_layout *self)
{
    double cells = 1;
    for (size_t a = 0; a < self->page->axes; a++) {
        cells *= (double)self->level[a].count;
        if (self->level[a].count > MAP_LEVELS) return false;
    }
    return cells <= 2 * (double)self->page->points;
}

static void choose_axes(struct points_layout *self)
{
    size_t axes = self->page->axes, left[2] = {0}, n = 0;
    self->panel = axes;
    if (axes == 3) {
        self->panel = 0;
        for (size_t a = 1; a < 3; a++)
            if (self->level[a].count < self->level[self->panel].count) self->panel = a;
    }
    for (size_t a = 0; a < axes && n < 2; a++)
        if (a != self->panel) left[n++] = a;
    bool turned = n == 2 && self->level[left[1]].count > self->level[left[0]].count;
    self->x = n ? left[turned] : 0;
    self->y = n == 2 ? left[!turned] : 0;
}

enum status points_lay_out(struct points_layout *self, const struct points_page *page)
{
    *self = (struct points_layout){.page = page};
    for (size_t a = 0; a < page->axes; a++) {
        enum status status = find_levels(page, a, &self->level[a]);
        if (status) return status;
    }
    choose_axes(self);
    bool grid = is_grid(self), few = true;
    if (page->axes == 3) few = self->level[self->panel].count <= MULTIPLES_PANELS;
    self->kind = page->axes == 1                  ? POINTS_LINES
                 : page->axes == 2                ? grid ? POINTS_MAP : POINTS_DOTS
                 : page->axes == 3 && grid && few ? POINTS_MULTIPLES
                                                  : POINTS_PARALLEL;
    return STATUS_OK;
}

void points_layout_free(struct points_layout *self)
{
    for (size_t a = 0; a < POINTS_AXES; a++) memory_free(self->level[a].value);
    *self = (struct points_layout){0};
}

/* ---------------------------------------------------------------------------------- the axes
 */

const char *points_value(const struct points_axis *axis, double place, char out[40])
{
    if (axis->names)
        snprintf(out, 40, "%s", axis->name[(size_t)place]);
    else if (fabs(place) >= 99950)
        return chart_number(place, out);
    else
        snprintf(out, 40, "%.4g", place);
    return out;
}

double points_place(const struct points_layout *self, size_t axis, double place)
{
    const struct points_levels *l = &self->level[axis];
    double low = l->value[0], high = l->value[l->count - 1];
    if (!(high > low)) return 0.5;
    return l->logarithmic ? log(place / low) / log(high / low) : (place - low) / (high - low);
}

double points_cell(const struct points_layout *self, size_t axis, double place)
{
    const struct points_levels *l = &self->level[axis];
    size_t k = 0;
    while (k + 1 < l->count && l->value[k] < place) k++;
    return ((double)k + 0.5) / (double)l->count;
}

double points_label_width(const struct points_layout *self, size_t axis)
{
    double most = 0;
    for (size_t k = 0; k < self->level[axis].count; k++) {
        char text[40];
        points_value(&self->page->axis[axis], self->level[axis].value[k], text);
        most = fmax(most, LETTER * (double)strlen(text));
    }
    return most;
}

static double tic_place(const struct points_layout *self, const struct points_tics *tics,
                        double place)
{
    return tics->cells ? points_cell(self, tics->axis, place)
                       : points_place(self, tics->axis, place);
}

/* Half of what a label takes of its axis. */
static double half_of(const struct points_tics *tics, const char *text, bool turned)
{
    return tics->direction == 'y' || turned ? 8 : LETTER / 2 * (double)strlen(text) + 3;
}

#define ROUND_FROM 12 /* values; above that a scale has round numbers */
#define MARKS_MOST 64

/* Where labels may stand: at the values, or at round numbers between the ends. Returns how many
 * of MARKS_MOST. */
static size_t find_marks(const struct points_layout *self, const struct points_tics *tics,
                         double mark[MARKS_MOST])
{
    const struct points_levels *l = &self->level[tics->axis];
    double low = l->value[0], high = l->value[l->count - 1];
    size_t n = 0;
    if (tics->cells || self->page->axis[tics->axis].names || l->count <= ROUND_FROM) {
        for (size_t k = 0; k < l->count && n < MARKS_MOST; k++) mark[n++] = l->value[k];
    } else if (l->logarithmic) {
        static const double digit[] = {1, 2, 5};
        for (double unit = pow(10, floor(log10(low))); unit <= high; unit *= 10)
            for (int d = 0; d < 3 && n < MARKS_MOST; d++)
                if (unit * digit[d] >= low && unit * digit[d] <= high)
                    mark[n++] = unit * digit[d];
    } else {
        double unit = pow(10, floor(log10((high - low) / 4))), parts = (high - low) / unit;
        double step = unit * (parts > 25 ? 5 : parts > 10 ? 2 : 1);
        for (double k = ceil(low / step); k * step <= high && n < MARKS_MOST; k++)
            mark[n++] = k * step;
    }
    return n;
}

static bool have_room(const struct points_layout *self, const struct points_tics *tics)
{
    const struct points_levels *l = &self->level[tics->axis];
    double end = -INFINITY;
    for (size_t k = 0; k < l->count; k++) {
        char text[40];
        points_value(&self->page->axis[tics->axis], l->value[k], text);
        double at = tics->length * tic_place(self, tics, l->value[k]);
        double half = half_of(tics, text, false);
        if (at - half < end) return false;
        end = at + half;
    }
    return true;
}

/* Within the quotes of a tic, within those of a string. */
static void write_tic(const char *text, double at, FILE *to)
{
    putc('\'', to);
    for (const char *c = text; *c; c++) {
        if (strchr("'\"\\`", *c)) continue;
        if (strchr("_^{}@&~", *c)) fputs("\\\\", to);
        if (*c == '%') putc('%', to);
        putc(*c, to);
    }
    fprintf(to, "' %.6f", at);
}

bool points_write_tics(const struct points_layout *self, const struct points_tics *tics,
                       const char *name, FILE *to)
{
    const struct points_axis *axis = &self->page->axis[tics->axis];
    double mark[MARKS_MOST];
    size_t marks = find_marks(self, tics, mark);
    bool turned = axis->names && tics->direction == 'x' && !have_room(self, tics);
    double end = -INFINITY;
    fprintf(to, "%s=\"set %ctics (", name, tics->direction);
    for (size_t k = 0, n = 0; k < marks; k++) {
        char text[40];
        points_value(axis, mark[k], text);
        double at = tic_place(self, tics, mark[k]), half = half_of(tics, text, turned);
        if (tics->length * at - half < end) continue;
        end = tics->length * at + half;
        fputs(n++ ? "," : "", to);
        write_tic(text, at, to);
    }
    fputs(")\"\n", to);
    return turned;
}
