/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pictures of distributions: from the final tables of videos, creators, cascades, retention.
 */
#include "io/pictures/figures.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "io/csv.h"
#include "measure/inequality.h"

#define LORENZ_POINTS 400
#define AGES 400

/* Amounts of a table's rows, ascending once inequality_of has seen them. */
struct amounts {
    uint64_t *amount; /* owned */
    size_t count, room;
    struct inequality inequality;
};

static void drop(struct amounts *self)
{
    memory_free(self->amount);
    *self = (struct amounts){0};
}

/* One amount a row: the sum of the columns whose names begin with `head`, times `scale`. Videos
 * count when they were published on `from_day` or later. False when there is no row. */
struct amounts_of {
    const char *file, *head;
    double scale, from_day;
};

static bool sum_columns(const struct csv *csv, const struct amounts_of *of, double *sum)
{
    bool there = false;
    *sum = 0;
    for (size_t c = 0; c < csv->columns; c++) {
        if (strncmp(csv->name[c], of->head, strlen(of->head)) != 0) continue;
        double value = csv_number(csv, c);
        if (isfinite(value)) *sum += value;
        there = true;
    }
    return there;
}

static bool read_amounts(const struct past_run *run, struct amounts_of of, struct amounts *self)
{
    struct csv csv;
    double sum = 0;
    *self = (struct amounts){0};
    if (!csv_open(&csv, run->folder, of.file)) return false;
    size_t published = csv_column(&csv, "published_day");
    bool there = true;
    while (there && csv_next(&csv)) {
        /* No day: it never entered the feed. */
        if (published < csv.columns && !(csv_number(&csv, published) >= of.from_day)) continue;
        there = sum_columns(&csv, &of, &sum) &&
                !memory_grow(&self->amount, &self->room, self->count + 1, sizeof *self->amount);
        if (there) self->amount[self->count++] = (uint64_t)(fmax(sum, 0) * of.scale + 0.5);
    }
    csv_close(&csv);
    if (!there || !self->count) {
        drop(self);
        return false;
    }
    self->inequality = inequality_of(self->amount, self->count);
    return true;
}

/* Videos of the warm-up had another audience; they count only where there are no others. */
static bool read_videos(const struct past_run *run, struct amounts *self)
{
    struct amounts_of of = {"videos.csv", "impressions", 1, run->warmup};
    if (past_run_is_short(run) || !read_amounts(run, of, self)) {
        of.from_day = -INFINITY;
        if (!read_amounts(run, of, self)) return false;
    }
    if (isfinite(self->inequality.gini)) return true;
    drop(self);
    return false;
}

static bool read_creators(const struct past_run *run, const char *head, struct amounts *self)
{
    if (!read_amounts(run, (struct amounts_of){"creators.csv", head, 1e6, 0}, self))
        return false;
    if (isfinite(self->inequality.gini)) return true;
    drop(self);
    return false;
}

/* ----------------------------------------------------------------------------- Lorenz curves
 */

static void add_lorenz(struct scene *scene, struct panel *panel, const char *name,
                       const struct amounts *of)
{
    size_t n = of->count, points = n < LORENZ_POINTS ? n : LORENZ_POINTS, done = 0;
    double *x = scene_array(scene, points + 1), *y = scene_array(scene, points + 1);
    double sum = 0, up = 0;
    struct curve *curve = x && y ? chart_curve(panel, name) : NULL;
    if (!curve) return;
    for (size_t i = 0; i < n; i++) sum += (double)of->amount[i];
    for (size_t p = 1; p <= points; p++) {
        /* Points crowd at the rich end, where the curve turns. */
        double t = (double)p / (double)points, share = 1 - (1 - t) * (1 - t);
        size_t to = p == points ? n : (size_t)(share * (double)n);
        for (; done < to; done++) up += (double)of->amount[done];
        x[p] = (double)done / (double)n;
        y[p] = up / sum;
    }
    *curve = (struct curve){.x = x, .y = y, .n = points + 1, .colour = curve->colour};
    snprintf(curve->name, sizeof curve->name, "%s", name);
    snprintf(curve->number, sizeof curve->number, "%.2f", of->inequality.gini);
}

static void lorenz_panel(struct panel *panel, const char *x_title)
{
    chart_shares(panel);
    panel->names = CHART_UPPER_LEFT;
    snprintf(panel->x_title, sizeof panel->x_title, "%s", x_title);
}

/* Curves of one run: videos and creators by views, creators by income. Ginis into gini[2], NaN
 * where there is nothing. */
static void lorenz_alone(struct scene *scene, struct panel *views, struct panel *income,
                         double gini[2])
{
    const struct past_run *run = &scene->run[0];
    struct amounts of;
    gini[0] = gini[1] = NAN;
    if (read_videos(run, &of)) {
        add_lorenz(scene, views, "videos", &of);
        drop(&of);
    }
    if (read_creators(run, "impressions", &of)) {
        add_lorenz(scene, views, "creators", &of);
        gini[0] = of.inequality.gini;
        drop(&of);
    }
    if (read_creators(run, "income_", &of)) {
        add_lorenz(scene, income, "creators", &of);
        income->curve[income->count - 1].colour = income == views ? 3 : 2;
        gini[1] = of.inequality.gini;
        drop(&of);
    }
}

static void lorenz_together(struct scene *scene, struct panel *views, struct panel *income)
{
    for (size_t i = 0; i < scene->count; i++) {
        struct amounts of;
        const struct past_run *run = &scene->run[i];
        if (read_videos(run, &of)) {
            add_lorenz(scene, views, run->label, &of);
            views->curve[views->count - 1].colour = (int)i + 1;
            drop(&of);
        }
        if (read_creators(run, "income_", &of)) {
            add_lorenz(scene, income, run->label, &of);
            income->curve[income->count - 1].colour = (int)i + 1;
            drop(&of);
        }
    }
}

bool figure_inequality(struct scene *scene, FILE *to)
{
    struct chart chart = {.square = true, .height = 486, .columns = 2};
    double gini[2] = {NAN, NAN};
    struct panel *views = chart_panel(&chart, "Share of all impressions");
    struct panel *income = chart_panel(&chart, "Share of all income");
    if (scene->count > 1)
        lorenz_together(scene, views, income);
    else
        lorenz_alone(scene, views, income, gini);
    lorenz_panel(views, scene->count > 1 ? "videos, least seen first"
                                         : "videos or creators, least seen first");
    lorenz_panel(income, "creators, poorest first");
    if (!income->count) chart.count--;
    if (!views->count) return false;
    const char *title = gini[1] > gini[0] + 0.03   ? "Income is more unequal than attention"
                        : gini[1] < gini[0] - 0.03 ? "Attention is more unequal than income"
                        : isfinite(gini[1])        ? "Income is as unequal as attention"
                                                   : "Who gets the attention, who the money?";
    snprintf(chart.title, sizeof chart.title, "%s", title);
    snprintf(chart.subtitle, sizeof chart.subtitle,
             "Lorenz curves with their Gini coefficients; dashed: equal shares");
    chart_write(&chart, to);
    return true;
}

/* -------------------------------------------------------------------------------- tails (CCDF)
 */

/* The share of amounts that are at least x, at each x that occurs; points a hundredth of a
 * decade apart are enough. Zeros count in the whole. */
static struct curve *add_tail(struct scene *scene, struct panel *panel, const char *name,
                              const struct amounts *of)
{
    size_t n = of->count, points = 0, most = n < 2000 ? n : 2000;
    double *x = scene_array(scene, most), *y = scene_array(scene, most), last = -1;
    struct curve *curve = x && y ? chart_curve(panel, name) : NULL;
    if (!curve) return NULL;
    for (size_t i = 0; i < n && points < most; i++) {
        if (!of->amount[i] || (i && of->amount[i] == of->amount[i - 1])) continue;
        double decade = log10((double)of->amount[i]);
        if (points && decade - last < 0.01 && of->amount[i] != of->amount[n - 1]) continue;
        x[points] = (double)of->amount[i];
        y[points++] = (double)(n - i) / (double)n;
        last = decade;
    }
    curve->x = x;
    curve->y = y;
    curve->n = points;
    return curve;
}

static void finish_tail(struct panel *panel, const char *x_title)
{
    double most = 1, least = 1;
    for (size_t c = 0; c < panel->count; c++) {
        const struct curve *curve = &panel->curve[c];
        if (!curve->n) continue;
        most = fmax(most, curve->x[curve->n - 1]);
        least = fmin(least, curve->y[curve->n - 1]);
        if (curve->n < 12) panel->points = true;
    }
    chart_logarithms(panel, most, least);
    panel->names = panel->count > 1 ? CHART_UPPER_RIGHT : CHART_NAMELESS;
    snprintf(panel->x_title, sizeof panel->x_title, "%s", x_title);
}

/* Tails of `file` over all runs; *alone gets the amounts of a single run, for its title. */
static bool tails(struct scene *scene, struct panel *panel, bool videos, struct amounts *alone)
{
    for (size_t i = 0; i < scene->count; i++) {
        const struct past_run *run = &scene->run[i];
        struct amounts of;
        if (videos ? !read_videos(run, &of)
                   : !read_amounts(run, (struct amounts_of){"cascades.csv", "size", 1, 0}, &of))
            continue;
        struct curve *curve = add_tail(scene, panel, run->label, &of);
        if (curve) curve->colour = (int)i + 1;
        if (scene->count == 1)
            *alone = of;
        else
            drop(&of);
    }
    size_t most = 0;
    for (size_t c = 0; c < panel->count; c++)
        if (panel->curve[c].n > most) most = panel->curve[c].n;
    if (most >= 2) return true; /* one size alone is no distribution */
    drop(alone);
    return false;
}

static void title_views(const struct past_run *run, const struct amounts *of,
                        struct chart *chart)
{
    char part[32], number[32], half[32];
    snprintf(chart->title, sizeof chart->title, "The top 1 %% of videos get %s of all views",
             chart_percent(of->inequality.top1, part));
    snprintf(chart->subtitle, sizeof chart->subtitle,
             "Share of %s videos%s with at least so many impressions; half have fewer than %s",
             chart_number((double)of->count, number),
             past_run_is_short(run) ? "" : " published after the warm-up",
             chart_number((double)of->amount[of->count / 2], half));
}

bool figure_views(struct scene *scene, FILE *to)
{
    struct chart chart = {.count = 0};
    struct amounts alone = {0};
    struct panel *panel = chart_panel(&chart, "");
    if (!tails(scene, panel, true, &alone)) return false;
    finish_tail(panel, "views of a video: at least so many (logarithmic)");
    if (alone.count) {
        title_views(&scene->run[0], &alone, &chart);
    } else {
        snprintf(chart.title, sizeof chart.title, "How views are spread over videos");
        snprintf(chart.subtitle, sizeof chart.subtitle,
                 "Share of videos with at least so many impressions");
    }
    drop(&alone);
    chart_write(&chart, to);
    return true;
}

bool figure_cascades(struct scene *scene, FILE *to)
{
    struct chart chart = {.count = 0};
    struct amounts alone = {0};
    char number[32], largest[32];
    struct panel *panel = chart_panel(&chart, "");
    if (!tails(scene, panel, false, &alone)) return false;
    finish_tail(panel, "shares in a cascade (logarithmic)");
    if (alone.count)
        snprintf(chart.title, sizeof chart.title, "The largest of %s cascades has %s shares",
                 chart_number((double)alone.count, number),
                 chart_number((double)alone.amount[alone.count - 1], largest));
    else
        snprintf(chart.title, sizeof chart.title, "How far shares travel");
    snprintf(chart.subtitle, sizeof chart.subtitle,
             "Share of cascades of at least that size, of shares that were passed on");
    drop(&alone);
    chart_write(&chart, to);
    return true;
}

/* ---------------------------------------------------------------------------------- retention
 */

struct returns {
    double viewers[AGES], returned[AGES];
    size_t ages; /* highest age + 1 */
};

/* Pools the joining days in [from, to); the initial population has day -1. */
static bool read_returns(const struct past_run *run, double from, double to,
                         struct returns *self)
{
    struct csv csv;
    *self = (struct returns){.ages = 0};
    if (!csv_open(&csv, run->folder, "retention.csv")) return false;
    size_t day = csv_column(&csv, "cohort_day"), age = csv_column(&csv, "age_day"),
           viewers = csv_column(&csv, "viewers"), returned = csv_column(&csv, "returned");
    while (csv_next(&csv)) {
        double a = csv_number(&csv, age), joined = csv_number(&csv, day);
        if (!(joined >= from && joined < to) || !(a >= 0 && a < AGES)) continue;
        if (!isfinite(csv_number(&csv, returned))) continue;
        self->viewers[(size_t)a] += csv_number(&csv, viewers);
        self->returned[(size_t)a] += csv_number(&csv, returned);
        if ((size_t)a + 1 > self->ages) self->ages = (size_t)a + 1;
    }
    csv_close(&csv);
    return self->ages > 1;
}

/* A share of fewer than 10 viewers says nothing. */
static double share_at(const struct returns *of, size_t age)
{
    return age < of->ages && of->viewers[age] >= 10 ? of->returned[age] / of->viewers[age]
                                                    : NAN;
}

static struct curve *add_retention(struct scene *scene, struct panel *panel, const char *name,
                                   const struct returns *of)
{
    double *x = scene_array(scene, of->ages), *y = scene_array(scene, of->ages);
    size_t last = 0;
    if (!x || !y) return NULL;
    for (size_t a = 0; a < of->ages; a++) {
        x[a] = (double)a;
        y[a] = share_at(of, a);
        if (isfinite(y[a])) last = a;
    }
    struct curve *curve = last ? chart_curve(panel, name) : NULL;
    if (!curve) return NULL;
    curve->x = x;
    curve->y = y;
    curve->n = last + 1;
    chart_percent(y[last], curve->number);
    return curve;
}

/* Those who joined after the warm-up, or at any time when there are too few of them. */
static bool read_newcomers(const struct past_run *run, struct returns *of)
{
    if (!past_run_is_short(run) && read_returns(run, run->warmup, INFINITY, of) &&
        isfinite(share_at(of, 1)))
        return true;
    return read_returns(run, 0, INFINITY, of);
}

static void title_retention(const struct returns *newcomers, const struct returns *first,
                            struct chart *chart)
{
    char next[32], week[32];
    bool new = isfinite(share_at(newcomers, 1));
    const struct returns *of = new ? newcomers : first;
    snprintf(chart->title, sizeof chart->title, "%s of %s are back the next day",
             chart_percent(share_at(of, 1), next), new ? "newcomers" : "viewers");
    size_t used = strlen(chart->title);
    if (isfinite(share_at(of, 7)))
        snprintf(chart->title + used, sizeof chart->title - used, ", %s a week later",
                 chart_percent(share_at(of, 7), week));
}

static void retention_alone(struct scene *scene, struct chart *chart, struct panel *panel)
{
    struct returns newcomers = {.ages = 0}, first = {.ages = 0};
    struct curve *curve;
    if (read_newcomers(&scene->run[0], &newcomers))
        (void)add_retention(scene, panel, "newcomers", &newcomers);
    if (read_returns(&scene->run[0], -INFINITY, 0, &first) &&
        (curve = add_retention(scene, panel, "there from the start", &first)))
        curve->colour = 7;
    title_retention(&newcomers, &first, chart);
}

static void retention_together(struct scene *scene, struct chart *chart, struct panel *panel)
{
    struct returns of = {.ages = 0};
    for (size_t i = 0; i < scene->count; i++) {
        const struct past_run *run = &scene->run[i];
        if (!read_newcomers(run, &of) || !isfinite(share_at(&of, 1)))
            if (!read_returns(run, -INFINITY, 0, &of)) continue;
        struct curve *curve = add_retention(scene, panel, run->label, &of);
        if (curve) curve->colour = (int)i + 1;
    }
    snprintf(chart->title, sizeof chart->title, "Who comes back");
}

bool figure_retention(struct scene *scene, FILE *to)
{
    struct chart chart = {.count = 0};
    struct panel *panel = chart_panel(&chart, "");
    panel->points = true;
    if (scene->count > 1)
        retention_together(scene, &chart, panel);
    else
        retention_alone(scene, &chart, panel);
    if (!panel->count) return false;
    snprintf(panel->x_title, sizeof panel->x_title, "days since joining (or since the start)");
    chart_days(panel);
    chart_heights(panel, CHART_PERCENT);
    snprintf(chart.subtitle, sizeof chart.subtitle,
             "Share of viewers with a session on exactly that day of age");
    chart_write(&chart, to);
    return true;
}

/* ------------------------------------------------------------------------------- the overview
 */

static void overview_views(struct scene *scene, struct chart *chart)
{
    struct amounts alone = {0};
    char part[32], title[128];
    struct panel *panel = chart_panel(chart, "");
    if (!panel) return;
    if (!tails(scene, panel, true, &alone)) {
        chart->count--;
        return;
    }
    snprintf(title, sizeof title, "Videos by views: the top 1 %% get %s",
             chart_percent(alone.inequality.top1, part));
    snprintf(panel->title, sizeof panel->title, "%s", title);
    finish_tail(panel, "views of a video: at least so many (logarithmic)");
    drop(&alone);
}

static void overview_lorenz(struct scene *scene, struct chart *chart)
{
    double gini[2];
    struct panel *panel = chart_panel(chart, "Inequality (Gini) of attention and income");
    if (!panel) return;
    lorenz_alone(scene, panel, panel, gini);
    for (size_t c = 0; c < panel->count; c++)
        snprintf(panel->curve[c].name, sizeof panel->curve[c].name, "%s",
                 panel->curve[c].colour == 1   ? "views of videos"
                 : panel->curve[c].colour == 2 ? "views of creators"
                                               : "income of creators");
    lorenz_panel(panel, "videos or creators, from the least successful");
    if (!panel->count) chart->count--;
}

bool figure_overview(struct scene *scene, FILE *to)
{
    struct chart chart = {.columns = 2, .height = 640};
    const struct past_run *run = &scene->run[0];
    char viewers[32] = "", creators[32] = "", number[32];
    if (!figure_panel_viewers(scene, &chart)) return false;
    (void)figure_panel_streams(scene, &chart);
    overview_views(scene, &chart);
    overview_lorenz(scene, &chart);
    past_run_text(run, "viewers", viewers, sizeof viewers);
    past_run_text(run, "creators", creators, sizeof creators);
    snprintf(chart.title, sizeof chart.title, "%s: %.0f days of a short-video platform",
             run->label, run->days);
    snprintf(chart.subtitle, sizeof chart.subtitle, "%s viewers",
             chart_number(strtod(viewers, NULL), number));
    size_t used = strlen(chart.subtitle);
    snprintf(chart.subtitle + used, sizeof chart.subtitle - used,
             ", %s creators, ranker \u201c%s\u201d%s",
             chart_number(strtod(creators, NULL), number), run->ranker,
             run->warmup > 0 ? " \u00b7 grey: warm-up" : "");
    chart_set_number(to, "ZOOM", 1.75); /* a README's picture should be light */
    chart_write(&chart, to);
    return true;
}
