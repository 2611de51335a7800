/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/pictures/chart.h"

#include <math.h>
#include <string.h>

/* ---------------------------------------------------------------------------------- numbers */

const char *chart_number(double value, char out[32])
{
    double size = fabs(value);
    const char *sign = value < 0 ? "\u2212" : "";
    if (!isfinite(value))
        snprintf(out, 32, "\u2013");
    else if (size >= 9.995e8)
        snprintf(out, 32, "%s%.3g G", sign, size / 1e9);
    else if (size >= 9.995e5)
        snprintf(out, 32, "%s%.3g M", sign, size / 1e6);
    else if (size >= 99950)
        snprintf(out, 32, "%s%.0f k", sign, size / 1e3);
    else if (size >= 999.5)
        snprintf(out, 32, "%s%d,%03d", sign, (int)(size + .5) / 1000, (int)(size + .5) % 1000);
    else if (size >= 99.95)
        snprintf(out, 32, "%s%.0f", sign, size);
    else if (size >= 0.0995 && size < 0.9995)
        snprintf(out, 32, "%s%.2f", sign, size);
    else if (size < 1e-9)
        snprintf(out, 32, "0");
    else
        snprintf(out, 32, "%s%.*g", sign, size < 1 ? 2 : 3, size);
    return out;
}

const char *chart_percent(double share, char out[32])
{
    double percent = 100 * share, size = fabs(percent);
    if (!isfinite(share))
        snprintf(out, 32, "\u2013");
    else if (size < 1e-9)
        snprintf(out, 32, "0 %%");
    else
        snprintf(out, 32, "%.*f %%", size >= 9.95 ? 0 : size >= 0.095 ? 1 : 2, percent);
    return out;
}

/* ------------------------------------------------------------------------------------ texts */

void chart_quote(FILE *to, const char *text)
{
    putc('"', to);
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if (c < 0x20)
            putc(' ', to);
        else if (strchr("_^{}@&~", c))
            fprintf(to, "\\\\%c", c);
        else if (c == '\\')
            fputs("\\\\\\\\", to);
        else if (c == '`') /* even in a string gnuplot would run what stands between two */
            fputs("\\140", to);
        else if (c == '"')
            fputs("\\\"", to);
        else
            putc(c, to);
    }
    putc('"', to);
}

void chart_set_text(FILE *to, const char *name, const char *text)
{
    fprintf(to, "%s=", name);
    chart_quote(to, text);
    putc('\n', to);
}

void chart_set_number(FILE *to, const char *name, double value)
{
    fprintf(to, "%s=%.10g\n", name, value);
}

/* ----------------------------------------------------------------------------------- layout */

struct panel *chart_panel(struct chart *chart, const char *title)
{
    if (chart->count == CHART_PANELS) return NULL;
    struct panel *panel = &chart->panel[chart->count++];
    *panel = (struct panel){0};
    snprintf(panel->title, sizeof panel->title, "%s", title);
    return panel;
}

struct curve *chart_curve(struct panel *panel, const char *name)
{
    if (panel->count == CHART_CURVES) return NULL;
    struct curve *curve = &panel->curve[panel->count++];
    *curve = (struct curve){.colour = (int)panel->count};
    snprintf(curve->name, sizeof curve->name, "%s", name);
    return curve;
}

/* The round step nearest to a cut of `most` into `parts`. */
static double round_step(double most, double parts)
{
    double rough = most / parts, unit = pow(10, floor(log10(rough)));
    double m = rough / unit;
    return unit * (m < 1.5 ? 1 : m < 2.25 ? 2 : m < 3.5 ? 2.5 : m < 7.5 ? 5 : 10);
}

static void add_tic(char *out, size_t size, const char *label, double at)
{
    size_t n = strlen(out);
    snprintf(out + n, size - n, "%s'%s' %.10g", out[n - 1] == '(' ? "" : ",", label, at);
}

/* In a tic's label % begins a format: it is doubled. */
static const char *tic_text(double value, enum chart_unit unit, char out[32])
{
    if (unit != CHART_PERCENT) {
        /* 0.5, not 0.50: tics have no use for precision */
        if (fabs(value) < 1 && fabs(value) > 1e-9)
            snprintf(out, 32, "%s%.3g", value < 0 ? "\u2212" : "", fabs(value));
        else
            chart_number(value, out);
        return out;
    }
    double percent = 100 * value;
    snprintf(out, 32, fabs(percent) < 1e-9 ? "0" : "%.*g %%%%", percent < 1 ? 2 : 4, percent);
    return out;
}

static void tics(char *out, size_t size, char axis, double range[2], enum chart_unit unit)
{
    char text[32];
    double parts = unit == CHART_FEW ? 3 : 5;
    double step = round_step(range[1] - range[0], parts);
    if (unit == CHART_PERCENT && step > 0.2 && range[1] <= 1.1) step = 0.25;
    snprintf(out, size, "set %ctics (", axis);
    for (double k = ceil(range[0] / step - 1e-6); k * step <= range[1] * (1 + 1e-9); k++)
        add_tic(out, size, tic_text(k * step, unit, text), k * step);
    strncat(out, ")", size - strlen(out) - 1);
}

void chart_tics(char *out, size_t size, char axis, double most, enum chart_unit unit)
{
    tics(out, size, axis, (double[2]){0, most > 0 ? most : 1}, unit);
}

void chart_range_tics(char *out, size_t size, char axis, double range[2])
{
    double wide[2] = {range[0], range[1] > range[0] ? range[1] : range[0] + 1};
    tics(out, size, axis, wide, CHART_FEW);
}

void chart_widen(struct chart_range *range, double value)
{
    if (!isfinite(value)) return;
    range->low = fmin(range->low, value);
    range->high = fmax(range->high, value);
}

bool chart_settle(struct chart_range *range)
{
    if (!(range->low <= range->high)) return false;
    double room = 0.06 * (range->high - range->low);
    if (!(room > 0)) room = fabs(range->high) > 0 ? 0.1 * fabs(range->high) : 1;
    range->low -= room;
    range->high += room;
    return true;
}

void chart_write_tics(FILE *to, const char *name, char axis, const struct chart_range *range)
{
    char text[768];
    double both[2] = {range->low, range->high};
    chart_range_tics(text, sizeof text, axis, both);
    fprintf(to, "%s=\"%s\"\n", name, text);
}

void chart_write_value(FILE *to, double value)
{
    if (isfinite(value))
        fprintf(to, " %.10g", value);
    else
        fputs(" NaN", to);
}

void chart_write_names(FILE *to, const char *array, const char *const *name, size_t n)
{
    fprintf(to, "array %s[%zu]\n", array, n);
    for (size_t i = 0; i < n; i++) {
        fprintf(to, "%s[%zu]=", array, i + 1);
        chart_quote(to, name[i]);
        putc('\n', to);
    }
}

void chart_days(struct panel *panel)
{
    static const double steps[] = {1, 2, 5, 10, 20, 50, 100, 200, 500, 1000};
    double low = INFINITY, high = -INFINITY;
    size_t s = 0;
    char text[32];
    for (size_t c = 0; c < panel->count; c++)
        for (size_t i = 0; i < panel->curve[c].n; i++) {
            low = fmin(low, panel->curve[c].x[i]);
            high = fmax(high, panel->curve[c].x[i]);
        }
    if (!(low <= high)) low = high = 0;
    if (high <= low) high = low + 1;
    while (s + 1 < sizeof steps / sizeof steps[0] && (high - low) / steps[s] > 7) s++;
    panel->low = low;
    panel->high = high;
    snprintf(panel->x_tics, sizeof panel->x_tics, "set xtics (");
    for (double k = ceil(low / steps[s]); k * steps[s] <= high; k++) {
        snprintf(text, sizeof text, "%.0f", k * steps[s]);
        add_tic(panel->x_tics, sizeof panel->x_tics, text, k * steps[s]);
    }
    strncat(panel->x_tics, ")", sizeof panel->x_tics - strlen(panel->x_tics) - 1);
    if (!*panel->x_title) snprintf(panel->x_title, sizeof panel->x_title, "day");
}

void chart_heights(struct panel *panel, enum chart_unit unit)
{
    double least = 0, most = 0;
    for (size_t c = 0; c < panel->count; c++)
        for (size_t i = 0; i < panel->curve[c].n; i++) {
            if (!isfinite(panel->curve[c].y[i])) continue;
            least = fmin(least, panel->curve[c].y[i]);
            most = fmax(most, panel->curve[c].y[i]);
        }
    if (most <= least) most = least + 1;
    panel->bottom = least < 0 ? least - 0.06 * (most - least) : 0;
    panel->top = most + 0.08 * (most - least);
    double range[2] = {panel->bottom, panel->top};
    tics(panel->y_tics, sizeof panel->y_tics, 'y', range, unit);
}

void chart_shares(struct panel *panel)
{
    panel->low = panel->bottom = 0;
    panel->high = panel->top = 1;
    chart_tics(panel->x_tics, sizeof panel->x_tics, 'x', 1, CHART_PERCENT);
    chart_tics(panel->y_tics, sizeof panel->y_tics, 'y', 1, CHART_PERCENT);
    panel->diagonal = true;
}

void chart_logarithms(struct panel *panel, double x_most, double y_least)
{
    char text[32];
    panel->logarithmic = true;
    panel->low = 1;
    panel->high = fmax(10, x_most * 1.15);
    panel->bottom = fmin(y_least, 0.1) * 0.6;
    panel->top = 1.3;
    snprintf(panel->x_tics, sizeof panel->x_tics, "set xtics (");
    for (double x = 1; x <= panel->high; x *= 10)
        for (double m = 1; m * x <= panel->high && m < 10; m = m == 2 ? 5 : 2 * m) {
            if (m > 1 && panel->high > 100) break; /* few decades: 1, 2, 5 */
            add_tic(panel->x_tics, sizeof panel->x_tics, chart_number(m * x, text), m * x);
        }
    snprintf(panel->y_tics, sizeof panel->y_tics, "set ytics (");
    for (double y = 1; y > panel->bottom; y /= 10)
        add_tic(panel->y_tics, sizeof panel->y_tics, tic_text(y, CHART_PERCENT, text), y);
    strncat(panel->x_tics, ")", sizeof panel->x_tics - strlen(panel->x_tics) - 1);
    strncat(panel->y_tics, ")", sizeof panel->y_tics - strlen(panel->y_tics) - 1);
}

void chart_spread(double *position, size_t n, double gap, double most)
{
    size_t order[32] = {0};
    if (n > 32) n = 32;
    for (size_t i = 0; i < n; i++) {
        size_t at = i;
        for (; at > 0 && position[order[at - 1]] > position[i]; at--) order[at] = order[at - 1];
        order[at] = i;
    }
    for (int round = 0; round < 500; round++)
        for (size_t i = 0; i + 1 < n; i++) {
            double *low = &position[order[i]], *high = &position[order[i + 1]];
            double lack = gap - (*high - *low);
            if (lack <= 1e-9 * gap) continue;
            *low -= lack / 2;
            *high += lack / 2;
        }
    for (size_t i = n; i-- > 0;)
        position[order[i]] = fmin(position[order[i]], most - (double)(n - 1 - i) * gap);
    for (size_t i = 0; i < n; i++)
        position[order[i]] = fmax(position[order[i]], (double)i * gap);
}

/* ---------------------------------------------------------------------------------- writing */

/* Width of a text in pixels, roughly: Inter at the size of labels. */
static double width_of(const char *text)
{
    double width = 0;
    for (; *text; text++) width += ((unsigned char)*text & 0xc0) == 0x80 ? 0 : 7.3;
    return width;
}

static size_t last_point(const struct curve *curve)
{
    size_t last = curve->n;
    while (last > 0 && !isfinite(curve->y[last - 1])) last--;
    return last;
}

/* Heights of the labels at the right end, from those of the last points. */
static void place_ends(const struct panel *panel, double gap, double *height)
{
    double span = panel->top - panel->bottom;
    for (size_t c = 0; c < panel->count; c++) {
        size_t last = last_point(&panel->curve[c]);
        height[c] = last ? (panel->curve[c].y[last - 1] - panel->bottom) / span : 0;
    }
    chart_spread(height, panel->count, gap, 1);
    for (size_t c = 0; c < panel->count; c++) height[c] = panel->bottom + span * height[c];
}

/* A gap in the values is a blank line: two would end the curve. */
static void write_points(const struct curve *curve, FILE *to)
{
    bool begun = false, gap = false;
    for (size_t i = 0; i < curve->n; i++) {
        if (!isfinite(curve->y[i])) {
            gap = begun;
            continue;
        }
        if (gap) fputs("\n", to);
        fprintf(to, "%.8g %.8g\n", curve->x[i], curve->y[i]);
        begun = true;
        gap = false;
    }
}

/* Names, values and heights of a panel's labels; `first` is the ordinal of its first curve. */
static void write_labels(const struct panel *panel, size_t first, double gap, FILE *to)
{
    double height[CHART_CURVES] = {0};
    if (panel->names == CHART_ENDS) place_ends(panel, gap, height);
    for (size_t c = 0; c < panel->count; c++) {
        fprintf(to, "NAME[%zu]=", first + c);
        chart_quote(to, panel->curve[c].name);
        fprintf(to, "; VALUE[%zu]=", first + c);
        chart_quote(to, panel->curve[c].number);
        fprintf(to, "; AT[%zu]=%.8g; HUE[%zu]=%d\n", first + c, height[c], first + c,
                panel->curve[c].colour);
    }
}

static double label_width(const struct panel *panel, bool named)
{
    double most = panel->diagonal ? 30 : 14;
    if (panel->names != CHART_ENDS) return most;
    for (size_t c = 0; c < panel->count; c++) {
        const struct curve *curve = &panel->curve[c];
        double name = named ? width_of(curve->name) + 8 : 0;
        most = fmax(most, 14 + name + 1.06 * width_of(curve->number));
    }
    return most;
}

/* Room for the widest tic label, in pixels. */
static double tic_width(const struct panel *panel)
{
    double most = 0;
    for (const char *at = strchr(panel->y_tics, '\''); at; at = strchr(at + 1, '\'')) {
        char text[40];
        snprintf(text, sizeof text, "%.*s", (int)strcspn(at + 1, "'"), at + 1);
        double doubled = strstr(text, "%%") ? 7.3 : 0;
        most = fmax(most, width_of(text) - doubled);
        at = strchr(at + 1, '\'');
        if (!at) break;
    }
    return most + 8;
}

static void write_panel(const struct panel *panel, size_t p, bool named, FILE *to)
{
    fprintf(to, "PN[%zu]=%zu; PLOW[%zu]=%.8g; PHIGH[%zu]=%.8g; PBOTTOM[%zu]=%.8g; ", p,
            panel->count, p, panel->low, p, panel->high, p, panel->bottom);
    fprintf(to, "PTOP[%zu]=%.8g; PWARM[%zu]=%.8g; PNAMES[%zu]=%d; PLOG[%zu]=%d; ", p,
            panel->top, p, panel->warmup, p, (int)panel->names, p, panel->logarithmic);
    fprintf(to, "PDIAGONAL[%zu]=%d; PRIGHT[%zu]=%.0f; PLEFT[%zu]=%.0f\n", p, panel->diagonal, p,
            label_width(panel, named), p, tic_width(panel));
    fprintf(to, "PPOINTS[%zu]=%d; PTITLE[%zu]=", p, panel->points, p);
    chart_quote(to, panel->title);
    fprintf(to, "; PXTITLE[%zu]=", p);
    chart_quote(to, panel->x_title);
    fprintf(to, "; PXTICS[%zu]=\"%s\"; PYTICS[%zu]=\"%s\"\n", p, panel->x_tics, p,
            panel->y_tics);
}

static void write_arrays(FILE *to)
{
    static const char *const panel[] = {"PN",        "PFIRST", "PLOW",   "PHIGH",  "PBOTTOM",
                                        "PTOP",      "PWARM",  "PNAMES", "PLOG",   "PTITLE",
                                        "PXTITLE",   "PXTICS", "PYTICS", "PRIGHT", "PLEFT",
                                        "PDIAGONAL", "PPOINTS"};
    static const char *const curve[] = {"NAME", "VALUE", "AT", "HUE"};
    for (size_t a = 0; a < sizeof panel / sizeof panel[0]; a++)
        fprintf(to, "array %s[%d]\n", panel[a], CHART_PANELS);
    for (size_t a = 0; a < sizeof curve / sizeof curve[0]; a++)
        fprintf(to, "array %s[%d]\n", curve[a], CHART_PANELS * CHART_CURVES);
}

void chart_write(const struct chart *chart, FILE *to)
{
    size_t columns = chart->columns ? chart->columns : chart->count, first = 1;
    size_t rows = (chart->count + columns - 1) / columns;
    double height = chart->height ? chart->height : 460;
    chart_set_text(to, "TITLE", chart->title);
    chart_set_text(to, "SUBTITLE", chart->subtitle);
    fprintf(to, "H=%.0f; PANELS=%zu; COLUMNS=%zu; ROWS=%zu; SQUARE=%d; LEGEND=%d\n", height,
            chart->count, columns, rows, chart->square, chart->legend);
    write_arrays(to);
    /* Labels are 19 pixels high; a panel's axis is what its row leaves after its frame. */
    double gap = 19 / fmax((height - 80) / (double)rows - 84, 60);
    for (size_t p = 0; p < chart->count; p++) {
        fprintf(to, "PFIRST[%zu]=%zu\n", p + 1, first);
        write_panel(&chart->panel[p], p + 1, !chart->legend, to);
        write_labels(&chart->panel[p], first, gap, to);
        first += chart->panel[p].count;
    }
    fputs("$CURVES << ENDOFDATA\n", to);
    for (size_t p = 0; p < chart->count; p++)
        for (size_t c = 0; c < chart->panel[p].count; c++) {
            write_points(&chart->panel[p].curve[c], to);
            fputs("\n\n", to);
        }
    fputs("ENDOFDATA\nload 'panels.gp'\n", to);
}
