/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A sweep's figures over the space of its axes. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "io/pictures/chart.h"
#include "io/pictures/points.h"

#define WIDE 1060      /* pixels of a picture of several panels */
#define DOTS_MOST 4000 /* of more every so many */
#define LINES_MOST 400 /* of parallel coordinates */
#define LINES_BEST 50  /* of them the highest; the others evenly from the rest */

static double value_of(const struct points_layout *self, size_t metric, size_t point)
{
    return self->page->metric[metric].value[point].value;
}

static bool is_best(const struct points_layout *self, size_t point)
{
    return point == self->page->best;
}

static bool is_alike(const struct points_layout *self, size_t point)
{
    return self->page->alike && self->page->alike[point] && !is_best(self, point);
}

static size_t count_alike(const struct points_layout *self)
{
    size_t n = 0;
    for (size_t i = 0; i < self->page->points; i++) n += is_alike(self, i);
    return n;
}

enum points_marks points_marks(const struct points_layout *self)
{
    const struct points_page *page = self->page;
    if (page->best >= page->points) return POINTS_NO_MARK;
    if (!page->alike) return POINTS_HIGHEST;
    size_t alike = count_alike(self);
    if (!alike) return POINTS_TOLD_APART;
    return 2 * alike <= page->points ? POINTS_SOME_ALIKE : POINTS_MOST_ALIKE;
}

/* With as many decimals as tell the values of a range apart. */
static const char *range_number(double value, const struct chart_range *range, char out[32])
{
    double step = (range->high - range->low) / 10;
    int decimals = step > 0 ? (int)ceil(-log10(step)) : 0;
    if (decimals < 2 || decimals > 6 || fabs(value) >= 1000) return chart_number(value, out);
    snprintf(out, 32, "%.*f", decimals, value);
    return out;
}

/* Points in the order of a key. */
struct keyed {
    double key;
    size_t point;
};

static int by_key(const void *a, const void *b)
{
    const struct keyed *x = a, *y = b;
    return x->key < y->key || x->key > y->key ? (x->key > y->key) - (x->key < y->key)
                                              : (x->point > y->point) - (x->point < y->point);
}

/* From the lowest to the highest; n of them have a key. Owned by the caller; NULL without
 * memory. */
static struct keyed *sort_points(const struct points_page *page, const double *place, size_t *n)
{
    struct keyed *sorted = memory_alloc(page->points, sizeof *sorted);
    *n = 0;
    for (size_t i = 0; sorted && i < page->points; i++) {
        double key = place ? place[i] : page->metric[0].value[i].value;
        if (isfinite(key)) sorted[(*n)++] = (struct keyed){key, i};
    }
    if (sorted) qsort(sorted, *n, sizeof *sorted, by_key);
    return sorted;
}

/* Panels beside each other. */
static size_t columns_of(size_t panels)
{
    return panels <= 3 ? panels : panels == 4 ? 2 : panels <= 6 ? 3 : 4;
}

static void write_strings(FILE *to, const char *array, size_t k, const char *text)
{
    fprintf(to, "%s[%zu]=", array, k + 1);
    chart_quote(to, text);
    putc('\n', to);
}

/* A row that is not drawn, so that a block is never empty; then the next block. */
static void end_block(FILE *to) { fputs("NaN NaN NaN NaN\n\n\n", to); }

/* ---------------------------------------------------------------------------------- one axis
 */

static void write_line(const struct points_layout *self, size_t metric,
                       const struct keyed *sorted, FILE *to)
{
    for (size_t i = 0; i < self->page->points; i++) {
        const struct answer_value *v = &self->page->metric[metric].value[sorted[i].point];
        if (!isfinite(v->value)) continue;
        bool sure = isfinite(v->low) && isfinite(v->high);
        fprintf(to, "%.6f", points_place(self, 0, sorted[i].key));
        chart_write_value(to, v->value);
        chart_write_value(to, sure ? v->low : v->value);
        chart_write_value(to, sure ? v->high : v->value);
        putc('\n', to);
    }
    end_block(to);
}

static void write_best(const struct points_layout *self, size_t metric, FILE *to)
{
    size_t best = self->page->best;
    if (best < self->page->points && isfinite(value_of(self, metric, best)))
        fprintf(to, "%.6f %.10g\n", points_place(self, 0, self->page->axis[0].place[best]),
                value_of(self, metric, best));
    end_block(to);
}

/* Ranges and tics of the panels' heights; false when a panel has no value. */
static bool write_heights(const struct points_layout *self, size_t panels, FILE *to)
{
    bool seen = true;
    fprintf(to, "array PTITLE[%zu]\narray PLOW[%zu]\narray PHIGH[%zu]\narray PTICS[%zu]\n",
            panels, panels, panels, panels);
    for (size_t m = 0; m < panels; m++) {
        struct chart_range y = CHART_NOTHING;
        char name[32];
        for (size_t i = 0; i < self->page->points; i++) {
            const struct answer_value *v = &self->page->metric[m].value[i];
            chart_widen(&y, v->value);
            chart_widen(&y, v->low);
            chart_widen(&y, v->high);
        }
        if (!chart_settle(&y)) {
            y = (struct chart_range){0, 1};
            seen = seen && m > 0;
        }
        write_strings(to, "PTITLE", m, self->page->metric[m].label);
        fprintf(to, "PLOW[%zu]=%.10g\nPHIGH[%zu]=%.10g\n", m + 1, y.low, m + 1, y.high);
        snprintf(name, sizeof name, "PTICS[%zu]", m + 1);
        chart_write_tics(to, name, 'y', &y);
    }
    return seen;
}

bool points_draw_lines(const void *context, FILE *to)
{
    const struct points_layout *self = context;
    const struct points_page *page = self->page;
    size_t panels = page->metrics, columns = panels == 1 ? 1 : panels <= 4 ? 2 : 3;
    size_t rows = (panels + columns - 1) / columns, n = 0;
    struct keyed *sorted = sort_points(page, page->axis[0].place, &n);
    char text[256];
    if (!sorted) return false;
    snprintf(text, sizeof text, "%s over %s", page->metric[0].label, page->axis[0].label);
    chart_set_text(to, "TITLE", text);
    const char *lead = page->alike ? page->axis[0].names
                                         ? "points: means over the replications; bars: their "
                                           "95 % intervals"
                                         : "line: mean over the replications; band: its 95 % "
                                           "interval"
                                   : "one replication a point, so no intervals";
    bool ring = points_marks(self) != POINTS_NO_MARK;
    snprintf(text, sizeof text, "%s%s", lead,
             ring ? "; ring: the highest of the first figure" : "");
    chart_set_text(to, "SUBTITLE", text);
    double wide = columns == 1 ? 800 : WIDE;
    const struct points_tics tics = {0, 'x', (wide - 16) / (double)columns - 78, false};
    bool turned = points_write_tics(self, &tics, "XTICS", to);
    double bottom = turned ? 68 + 0.5 * points_label_width(self, 0) : 56;
    chart_set_text(to, "XTITLE", page->axis[0].label);
    fprintf(to, "W=%.0f\nH=%.0f\nPANELS=%zu\nCOLUMNS=%zu\nROWS=%zu\nTURNED=%d\nWORDS=%d\n",
            wide, 86 + (double)rows * ((rows == 1 ? 250 : 170) + bottom), panels, columns, rows,
            turned, page->axis[0].names > 0);
    fprintf(to, "BOTTOM=%.0f\n", bottom);
    bool seen = write_heights(self, panels, to);
    fputs("$POINTS <<EOD\n", to);
    for (size_t m = 0; m < panels; m++) write_line(self, m, sorted, to);
    fputs("EOD\n$BEST <<EOD\n", to);
    for (size_t m = 0; m < panels; m++) write_best(self, m, to);
    fputs("EOD\nload 'lines.gp'\n", to);
    memory_free(sorted);
    return seen;
}

/* ----------------------------------------------------------------------------------- two axes
 */

/* Panels of two axes: one a metric, or one a value of the third axis. */
struct map {
    const struct points_layout *layout;
    size_t panels, columns, metric; /* the first one's */
    const char *title;              /* of the picture, where there is room for it */
    bool third;
    double width, height, bottom; /* of a panel's plot, pixels; of what is under it */
    bool turned, words;
};

static size_t metric_of(const struct map *self, size_t panel)
{
    return self->third ? self->metric : self->metric + panel;
}

static bool is_in(const struct map *self, size_t panel, size_t point)
{
    const struct points_layout *l = self->layout;
    if (!self->third) return true;
    double wanted = l->level[l->panel].value[panel];
    double place = l->page->axis[l->panel].place[point];
    return !(place < wanted) && !(place > wanted);
}

static void write_place(const struct map *self, size_t point, FILE *to)
{
    const struct points_layout *l = self->layout;
    double x = l->page->axis[l->x].place[point], y = l->page->axis[l->y].place[point];
    if (l->kind == POINTS_DOTS)
        fprintf(to, "%.6f %.6f", points_place(l, l->x, x), points_place(l, l->y, y));
    else
        fprintf(to, "%.6f %.6f", points_cell(l, l->x, x), points_cell(l, l->y, y));
}

static struct chart_range range_of(const struct map *self, size_t panel)
{
    struct chart_range range = CHART_NOTHING;
    for (size_t i = 0; i < self->layout->page->points; i++)
        chart_widen(&range, value_of(self->layout, metric_of(self, panel), i));
    return range;
}

static void write_cells(const struct map *self, size_t panel, FILE *to)
{
    size_t points = self->layout->page->points;
    size_t step = self->layout->kind == POINTS_DOTS ? 1 + points / DOTS_MOST : 1;
    for (size_t i = 0; i < points; i += step) {
        double value = value_of(self->layout, metric_of(self, panel), i);
        if (!is_in(self, panel, i) || !isfinite(value)) continue;
        write_place(self, i, to);
        fprintf(to, " %.10g\n", value);
    }
    end_block(to);
}

/* The value in words, and how dark its cell is. */
static void write_words(const struct map *self, size_t panel, bool dark, FILE *to)
{
    struct chart_range range = range_of(self, panel);
    double width = range.high - range.low;
    for (size_t i = 0; i < self->layout->page->points && self->words; i++) {
        double value = value_of(self->layout, metric_of(self, panel), i);
        char text[32];
        if (!is_in(self, panel, i) || !isfinite(value)) continue;
        if ((width > 0 && (value - range.low) / width > 0.55) != dark) continue;
        write_place(self, i, to);
        fprintf(to, " \"%s\"\n", range_number(value, &range, text));
    }
    fputs("NaN NaN \"\"\n\n\n", to);
}

static void write_marks(const struct map *self, size_t panel,
                        bool (*marked)(const struct points_layout *, size_t), FILE *to)
{
    bool mark_alike = points_marks(self->layout) == POINTS_SOME_ALIKE;
    for (size_t i = 0; i < self->layout->page->points; i++) {
        if (metric_of(self, panel) || !is_in(self, panel, i)) continue;
        if (!marked(self->layout, i)) continue;
        if (!is_best(self->layout, i) && !mark_alike) continue;
        write_place(self, i, to);
        putc('\n', to);
    }
    end_block(to);
}

static void write_block(const struct map *self, const char *name, FILE *to)
{
    fprintf(to, "$%s <<EOD\n", name);
    for (size_t p = 0; p < self->panels; p++)
        if (strcmp(name, "CELLS") == 0)
            write_cells(self, p, to);
        else if (strcmp(name, "ALIKE") == 0)
            write_marks(self, p, is_alike, to);
        else if (strcmp(name, "BEST") == 0)
            write_marks(self, p, is_best, to);
        else
            write_words(self, p, strcmp(name, "DARK") == 0, to);
    fputs("EOD\n", to);
}

/* Titles and scales of the panels; false when the first has no value. */
static bool write_scales(const struct map *self, FILE *to)
{
    static const char *const arrays[] = {"PTITLE", "CLOW", "CHIGH", "CFROM", "CTO", "CWIDTH"};
    const struct points_layout *l = self->layout;
    bool seen = true;
    for (size_t k = 0; k < sizeof arrays / sizeof *arrays; k++)
        fprintf(to, "array %s[%zu]\n", arrays[k], self->panels);
    for (size_t p = 0; p < self->panels; p++) {
        struct chart_range range = range_of(self, p);
        char text[256], level[40];
        seen = seen && (p > 0 || range.low <= range.high);
        if (!(range.low <= range.high)) range = (struct chart_range){0, 0};
        if (self->third)
            snprintf(
                text, sizeof text, "%s = %s", l->page->axis[l->panel].label,
                points_value(&l->page->axis[l->panel], l->level[l->panel].value[p], level));
        else
            snprintf(text, sizeof text, "%s", l->page->metric[metric_of(self, p)].label);
        write_strings(to, "PTITLE", p, text);
        write_strings(to, "CFROM", p, range_number(range.low, &range, level));
        fprintf(to, "CWIDTH[%zu]=%.0f\n", p + 1, 7.3 * (double)strlen(level));
        write_strings(to, "CTO", p, range_number(range.high, &range, level));
        if (!(range.high > range.low)) range.high = range.low + fmax(1, fabs(range.low));
        fprintf(to, "CLOW[%zu]=%.10g\nCHIGH[%zu]=%.10g\n", p + 1, range.low, p + 1, range.high);
    }
    return seen;
}

static void size_panels(struct map *self, double left, double *wide)
{
    const struct points_layout *l = self->layout;
    double across = (double)l->level[l->x].count, up = (double)l->level[l->y].count;
    bool dots = l->kind == POINTS_DOTS, one = self->panels == 1;
    *wide = one ? fmin(900, 34 + left + (dots ? 640 : fmax(600, 120 * across))) : WIDE;
    self->width = (*wide - 16) / (double)self->columns - left - 18;
    double tall = one ? 340 : 220, row = fmin(one ? 56 : 40, tall / up);
    self->height = dots ? tall : up * fmax(row, one ? 16 : 8);
    self->words = !dots && self->width / across >= 44 && self->height / up >= 16;
}

static bool draw_map(struct map *self, FILE *to)
{
    const struct points_layout *l = self->layout;
    bool dots = l->kind == POINTS_DOTS;
    size_t rows = (self->panels + self->columns - 1) / self->columns;
    double left = points_label_width(l, l->y) + 18, wide;
    char text[300];
    size_panels(self, left, &wide);
    bool roomy = 10.0 * (double)strlen(self->title) < wide - 32;
    chart_set_text(to, "TITLE", roomy ? self->title : l->page->metric[self->metric].label);
    const struct points_tics across = {l->x, 'x', self->width, !dots};
    const struct points_tics up = {l->y, 'y', self->height, !dots};
    self->turned = points_write_tics(l, &across, "XTICS", to);
    (void)points_write_tics(l, &up, "YTICS", to);
    self->bottom = self->turned ? 70 + 0.5 * points_label_width(l, l->x) : 60;
    chart_set_text(to, "XTITLE", l->page->axis[l->x].label);
    snprintf(text, sizeof text, "\u2191 %s", l->page->axis[l->y].label);
    chart_set_text(to, "YTITLE", text);
    fprintf(to, "W=%.0f\nH=%.0f\nLEFT=%.0f\nBOTTOM=%.0f\nTURNED=%d\nDOTS=%d\nSHARED=%d\n", wide,
            (self->third ? 112 : 74) +
                (double)rows * ((self->third ? 50 : 74) + self->height + self->bottom),
            left, self->bottom, self->turned, dots, self->third);
    fprintf(to, "PANELS=%zu\nCOLUMNS=%zu\nROWS=%zu\nDX=%.8f\nDY=%.8f\n", self->panels,
            self->columns, rows, 0.5 / (double)l->level[l->x].count,
            0.5 / (double)l->level[l->y].count);
    bool seen = write_scales(self, to);
    static const char *const blocks[] = {"CELLS", "LIGHT", "DARK", "ALIKE", "BEST"};
    for (size_t k = 0; k < sizeof blocks / sizeof *blocks; k++)
        write_block(self, blocks[k], to);
    fputs("load 'maps.gp'\n", to);
    return seen;
}

/* The subtitle: what the marks are. */
static void say_marks(const struct points_layout *self, FILE *to)
{
    static const char *const words[] = {
        [POINTS_NO_MARK] = "",
        [POINTS_HIGHEST] = "; red: the highest",
        [POINTS_TOLD_APART] = "; red: the highest, told from all others",
        [POINTS_SOME_ALIKE] = "; red: the highest; orange, broken: cannot be told from it"};
    char text[200];
    enum points_marks marks = points_marks(self);
    int used = snprintf(text, sizeof text, "%s",
                        self->page->alike ? "mean over the replications"
                                          : "one replication a point");
    if (marks == POINTS_MOST_ALIKE)
        snprintf(text + used, sizeof text - (size_t)used,
                 "; red: the highest; %zu of %zu others cannot be told from it",
                 count_alike(self), self->page->points - 1);
    else
        snprintf(text + used, sizeof text - (size_t)used, "%s", words[marks]);
    chart_set_text(to, "SUBTITLE", text);
}

bool points_draw_map(const void *context, FILE *to)
{
    const struct points_layout *self = context;
    const struct points_page *page = self->page;
    char text[1024];
    bool third = self->kind == POINTS_MULTIPLES;
    size_t panels = third ? self->level[self->panel].count : 1;
    struct map map = {.layout = self,
                      .panels = panels,
                      .columns = columns_of(panels),
                      .title = text,
                      .third = third};
    snprintf(text, sizeof text, "%s over %s and %s", page->metric[0].label,
             page->axis[self->x].label, page->axis[self->y].label);
    say_marks(self, to);
    return draw_map(&map, to);
}

bool points_draw_others(const void *context, FILE *to)
{
    const struct points_layout *self = context;
    size_t panels = self->page->metrics - 1;
    if (panels == 0 || self->kind == POINTS_MULTIPLES) return false;
    struct map map = {.layout = self,
                      .panels = panels,
                      .columns = panels < 2 ? 1 : columns_of(panels),
                      .title = "Other figures at the same points",
                      .metric = 1};
    chart_set_text(to, "SUBTITLE", "each with a scale of its own");
    return draw_map(&map, to);
}

/* --------------------------------------------------------------------------------- more axes
 */

static void write_way(const struct points_layout *self, size_t point,
                      const struct chart_range *range, FILE *to)
{
    const struct points_page *page = self->page;
    double value = value_of(self, 0, point);
    for (size_t a = 0; a < page->axes; a++)
        fprintf(to, "%zu %.6f %.10g\n", a, points_place(self, a, page->axis[a].place[point]),
                value);
    fprintf(to, "%zu %.6f %.10g\n\n", page->axes,
            (value - range->low) / (range->high - range->low), value);
}

static void write_ways(const struct points_layout *self, const struct keyed *sorted, size_t n,
                       const struct chart_range *range, FILE *to)
{
    size_t best = n < LINES_BEST ? n : LINES_BEST, rest = n - best;
    size_t shown = rest < LINES_MOST - best ? rest : LINES_MOST - best;
    fputs("$LINES <<EOD\n", to);
    for (size_t k = 0; k < shown; k++)
        write_way(self, sorted[shown > 1 ? k * (rest - 1) / (shown - 1) : 0].point, range, to);
    for (size_t k = rest; k < n; k++) write_way(self, sorted[k].point, range, to);
    fputs("EOD\n$BEST <<EOD\n", to);
    write_way(self, sorted[n - 1].point, range, to);
    fputs("EOD\n", to);
}

/* A text in a data block. */
static void write_label(double x, double y, const char *text, FILE *to)
{
    fprintf(to, "%.4f %.6f \"", x, y);
    for (; *text; text++) {
        if (strchr("\"\\`", *text)) continue;
        if (strchr("_^{}@&~", *text)) fputs("\\\\", to);
        putc(*text, to);
    }
    fputs("\"\n", to);
}

/* Of words all, of numbers five from the least to the largest. */
static void write_axis_labels(const struct points_layout *self, size_t a, FILE *to)
{
    const struct points_axis *axis = &self->page->axis[a];
    const struct points_levels *l = &self->level[a];
    size_t shown = axis->names || l->count < 5 ? l->count : 5;
    for (size_t k = 0; k < shown; k++) {
        double value = l->value[shown > 1 ? k * (l->count - 1) / (shown - 1) : 0];
        char text[40];
        points_value(axis, value, text);
        if (shown < l->count && fabs(value) < 1000) snprintf(text, sizeof text, "%.3g", value);
        write_label((double)a, points_place(self, a, value), text, to);
    }
}

static void write_labels(const struct points_layout *self, const struct chart_range *range,
                         FILE *to)
{
    fputs("$TICS <<EOD\n", to);
    for (size_t a = 0; a < self->page->axes; a++) write_axis_labels(self, a, to);
    for (int k = 0; k < 5; k++) {
        char text[32];
        double value = range->low + (range->high - range->low) * k / 4;
        write_label((double)self->page->axes, k / 4.0, chart_number(value, text), to);
    }
    fputs("EOD\n", to);
}

bool points_draw_parallel(const void *context, FILE *to)
{
    const struct points_layout *self = context;
    const struct points_page *page = self->page;
    struct chart_range range = CHART_NOTHING;
    const char *name[POINTS_AXES + 1];
    char text[256];
    size_t n = 0;
    struct keyed *sorted = sort_points(page, NULL, &n);
    double longest = 0;
    if (!sorted || !n) {
        memory_free(sorted);
        return false;
    }
    chart_widen(&range, sorted[0].key);
    chart_widen(&range, sorted[n - 1].key);
    if (!(range.high > range.low)) range.high = range.low + fmax(1, fabs(range.low));
    for (size_t a = 0; a <= page->axes; a++) {
        name[a] = a < page->axes ? page->axis[a].label : page->metric[0].label;
        longest = fmax(longest, (double)strlen(name[a]));
    }
    snprintf(text, sizeof text, "%s and the settings that lead there", page->metric[0].label);
    chart_set_text(to, "TITLE", text);
    snprintf(text, sizeof text,
             "a line is a point of the sweep, the darker the higher; red: the highest%s",
             n > LINES_MOST ? "; the 50 highest, others in even steps of rank" : "");
    chart_set_text(to, "SUBTITLE", text);
    double top = 84 + 3.0 * longest;
    fprintf(to, "W=%d\nH=%.0f\nTOP=%.0f\nLEFT=%.0f\nRIGHT=%.0f\nAXES=%zu\n", WIDE, top + 380,
            top, 30 + points_label_width(self, 0), 30 + 6.6 * (double)strlen(name[page->axes]),
            page->axes + 1);
    fprintf(to, "CLOW=%.10g\nCHIGH=%.10g\n", range.low, range.high);
    chart_write_names(to, "NAME", name, page->axes + 1);
    write_ways(self, sorted, n, &range, to);
    write_labels(self, &range, to);
    fputs("load 'parallel.gp'\n", to);
    memory_free(sorted);
    return true;
}
