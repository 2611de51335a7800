/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pictures over time, from series.csv.
 */
#include "io/pictures/figures.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

static size_t last_value(const double *series, size_t rows)
{
    while (rows > 0 && !isfinite(series[rows - 1])) rows--;
    return rows;
}

/* A curve over days, its last value behind it. */
static struct curve *add_series(struct panel *panel, const struct past_run *run,
                                const char *name, const double *series)
{
    const double *day = past_run_series(run, "day");
    size_t last = series ? last_value(series, run->rows) : 0;
    struct curve *curve = day && last ? chart_curve(panel, name) : NULL;
    if (!curve) return NULL;
    curve->x = day;
    curve->y = series;
    curve->n = run->rows;
    chart_number(series[last - 1], curve->number);
    return curve;
}

static void finish_panel(struct scene *scene, struct chart *chart, struct panel *panel)
{
    if (!panel->count) {
        chart->count--;
        return;
    }
    chart_days(panel);
    chart_heights(panel, CHART_PLAIN);
    for (size_t i = 0; i < scene->count; i++) {
        panel->warmup = fmax(panel->warmup, scene->run[i].warmup);
        if (scene->run[i].rows < 10) panel->points = true;
    }
}

typedef const double *(*series_of)(struct scene *scene, const struct past_run *run,
                                   const char *column);

static const double *plain(struct scene *scene, const struct past_run *run, const char *column)
{
    (void)scene;
    return past_run_series(run, column);
}

static const double *minutes(struct scene *scene, const struct past_run *run,
                             const char *column)
{
    const double *hours = past_run_series(run, column), *dau = past_run_series(run, "dau");
    double *out = hours && dau ? scene_array(scene, run->rows) : NULL;
    for (size_t r = 0; out && r < run->rows; r++)
        out[r] = dau[r] > 0 ? 60 * hours[r] / dau[r] : NAN;
    return out;
}

const double *figure_minutes(struct scene *scene, const struct past_run *run)
{
    return minutes(scene, run, "watch_hours");
}

/* One panel with a curve a run. */
static void add_panel(struct scene *scene, struct chart *chart, const char *title,
                      series_of get, const char *column)
{
    struct panel *panel = chart_panel(chart, title);
    if (!panel) return;
    for (size_t i = 0; i < scene->count; i++) {
        struct past_run *run = &scene->run[i];
        struct curve *curve = add_series(panel, run, scene->count > 1 ? run->label : "",
                                         get(scene, run, column));
        if (curve) curve->colour = (int)i + 1;
    }
    finish_panel(scene, chart, panel);
}

static const char *shaded(const struct scene *scene)
{
    return scene->run[0].warmup > 0 ? " \u00b7 grey: warm-up, left out of means" : "";
}

bool figure_activity(struct scene *scene, FILE *to)
{
    struct chart chart = {.legend = scene->count > 1};
    const struct past_run *run = &scene->run[0];
    char viewers[32], each[32];
    add_panel(scene, &chart, "Active viewers", plain, "dau");
    add_panel(scene, &chart, "Minutes watched by each", minutes, "watch_hours");
    add_panel(scene, &chart, "Impressions", plain, "impressions");
    if (!chart.count) return false;
    chart_number(past_run_mean(run, past_run_series(run, "dau")), viewers);
    chart_number(past_run_mean(run, figure_minutes(scene, run)), each);
    if (scene->count > 1)
        snprintf(chart.title, sizeof chart.title, "Who watches, and how long");
    else
        snprintf(chart.title, sizeof chart.title, "%s viewers a day watch %s minutes each",
                 viewers, each);
    snprintf(chart.subtitle, sizeof chart.subtitle, "By simulated day%s", shaded(scene));
    chart_write(&chart, to);
    return true;
}

bool figure_watch_time(struct scene *scene, FILE *to)
{
    struct chart chart = {0};
    size_t best = 0, least = 0;
    double most = -INFINITY, low = INFINITY;
    add_panel(scene, &chart, "", minutes, "watch_hours");
    if (!chart.count) return false;
    for (size_t i = 0; i < scene->count; i++) {
        double mean = past_run_mean(&scene->run[i], figure_minutes(scene, &scene->run[i]));
        if (mean > most) most = mean, best = i;
        if (mean < low) low = mean, least = i;
    }
    snprintf(chart.title, sizeof chart.title, "Viewers watch %.0f %% longer under %s than %s",
             100 * (most / low - 1), scene->run[best].label, scene->run[least].label);
    snprintf(chart.subtitle, sizeof chart.subtitle,
             "Minutes watched by an active viewer on a day%s", shaded(scene));
    chart_write(&chart, to);
    return true;
}

/* ------------------------------------------------------------------------------------ money */

/* "revenue_group_buy" -> "group buy" */
static const char *plain_name(const char *column, const char *head, char out[96])
{
    snprintf(out, 96, "%s", column + strlen(head));
    for (char *c = out; *c; c++)
        if (*c == '_') *c = ' ';
    return out;
}

static bool is_stream(const char *column) { return strncmp(column, "revenue_", 8) == 0; }

static double total(const struct past_run *run, const double *series)
{
    double sum = 0;
    for (size_t r = 0; series && r < run->rows; r++)
        if (isfinite(series[r])) sum += fabs(series[r]);
    return sum;
}

bool figure_panel_streams(struct scene *scene, struct chart *chart)
{
    const struct past_run *run = &scene->run[0];
    char title[128], name[96];
    snprintf(title, sizeof title, "Revenue by stream, %s a day", run->currency);
    struct panel *panel = chart_panel(chart, title);
    if (!panel) return false;
    for (size_t c = 0; c < run->columns; c++) {
        const double *series = past_run_series(run, run->column[c]);
        if (!is_stream(run->column[c]) || !(total(run, series) > 0)) continue;
        add_series(panel, run, plain_name(run->column[c], "revenue_", name), series);
    }
    bool seen = panel->count > 0;
    finish_panel(scene, chart, panel);
    return seen;
}

static void add_receivers(struct scene *scene, struct chart *chart)
{
    static const struct {
        const char *column, *name;
        int colour;
    } receiver[] = {{"creator_income", "creators", 3},
                    {"platform_income", "platform", 4},
                    {"fees", "stores, fees", 5},
                    {"refunds", "refunds", 6},
                    {"payable", "not paid out", 7}};
    const struct past_run *run = &scene->run[0];
    char title[128];
    snprintf(title, sizeof title, "Who gets it, %s a day", run->currency);
    struct panel *panel = chart_panel(chart, title);
    for (size_t i = 0; panel && i < sizeof receiver / sizeof receiver[0]; i++) {
        const double *series = past_run_series(run, receiver[i].column);
        if (!(total(run, series) > 0)) continue;
        struct curve *curve = add_series(panel, run, receiver[i].name, series);
        if (curve) curve->colour = receiver[i].colour;
    }
    if (panel) finish_panel(scene, chart, panel);
}

/* "Tips bring 72 % of revenue; creators get 41 % of it" */
static void title_revenue(const struct past_run *run, char *out, size_t size)
{
    double gross = 0, most = -1;
    char name[96] = "", best[96] = "", part[32], creators[32];
    for (size_t c = 0; c < run->columns; c++) {
        if (!is_stream(run->column[c])) continue;
        double mean = past_run_mean(run, past_run_series(run, run->column[c]));
        if (!(mean > 0)) continue;
        gross += mean;
        if (mean <= most) continue;
        most = mean;
        snprintf(best, sizeof best, "%s", plain_name(run->column[c], "revenue_", name));
    }
    best[0] = (char)toupper((unsigned char)best[0]);
    double income = past_run_mean(run, past_run_series(run, "creator_income"));
    snprintf(out, size, "%s: %s of revenue; creators get %s of it all", best,
             chart_percent(most / gross, part), chart_percent(income / gross, creators));
    if (!(gross > 0)) snprintf(out, size, "Revenue by day");
}

static const double *gross_of(struct scene *scene, const struct past_run *run,
                              const char *column)
{
    double *sum = scene_array(scene, run->rows);
    (void)column;
    for (size_t c = 0; sum && c < run->columns; c++) {
        const double *series = past_run_series(run, run->column[c]);
        if (!series || !is_stream(run->column[c])) continue;
        for (size_t r = 0; r < run->rows; r++) sum[r] += isfinite(series[r]) ? series[r] : 0;
    }
    return sum && total(run, sum) > 0 ? sum : NULL;
}

/* A panel of money a day, every run a curve. No unit where the runs' currencies differ. */
static void add_money_panel(struct scene *scene, struct chart *chart, const char *what,
                            series_of get, const char *column)
{
    const char *currency = scene->run[0].currency;
    char title[128];
    snprintf(title, sizeof title, "%s, %s a day", what, currency);
    for (size_t i = 1; i < scene->count; i++)
        if (strcmp(scene->run[i].currency, currency) != 0)
            snprintf(title, sizeof title, "%s a day", what);
    add_panel(scene, chart, title, get, column);
}

bool figure_revenue(struct scene *scene, FILE *to)
{
    struct chart chart = {.legend = scene->count > 1};
    if (scene->count > 1) {
        add_money_panel(scene, &chart, "Gross revenue", gross_of, "");
        add_money_panel(scene, &chart, "Creators' income", plain, "creator_income");
        add_money_panel(scene, &chart, "Platform's profit", plain, "platform_profit");
        if (!gross_of(scene, &scene->run[0], "")) return false;
        snprintf(chart.title, sizeof chart.title, "Who earns under which setting");
    } else {
        if (!figure_panel_streams(scene, &chart)) return false;
        add_receivers(scene, &chart);
        title_revenue(&scene->run[0], chart.title, sizeof chart.title);
    }
    snprintf(chart.subtitle, sizeof chart.subtitle, "By simulated day%s", shaded(scene));
    chart_write(&chart, to);
    return true;
}

/* ------------------------------------------------------------------------ the recommendation
 */

static const char *moves(const struct past_run *run, const char *column)
{
    double change = 0;
    if (!past_run_trends(run, past_run_series(run, column), &change)) return "stays level";
    return change > 0 ? "still rises" : "still falls";
}

bool figure_quality(struct scene *scene, FILE *to)
{
    struct chart chart = {.legend = scene->count > 1};
    const struct past_run *run = &scene->run[0];
    const double *ndcg = past_run_series(run, "ndcg_true");
    char number[32];
    add_panel(scene, &chart, "Ranking quality (NDCG@10)", plain, "ndcg_true");
    add_panel(scene, &chart, "Topic entropy of exposure", plain, "topic_entropy");
    add_panel(scene, &chart, "Homogenisation", plain, "homogenisation");
    if (!chart.count) return false;
    if (scene->count > 1)
        snprintf(chart.title, sizeof chart.title, "Quality, diversity and sameness of feeds");
    else if (ndcg)
        snprintf(chart.title, sizeof chart.title, "NDCG of %s %s; sameness of feeds %s",
                 chart_number(past_run_mean(run, ndcg), number), moves(run, "ndcg_true"),
                 moves(run, "homogenisation"));
    else
        snprintf(chart.title, sizeof chart.title, "Diversity and sameness of feeds");
    snprintf(chart.subtitle, sizeof chart.subtitle, "By simulated day%s", shaded(scene));
    chart_write(&chart, to);
    return true;
}

#define LAYERS_MOST 8

struct layers {
    const double *part[LAYERS_MOST];
    double *stacked[LAYERS_MOST];
    char name[LAYERS_MOST][96];
    int colour[LAYERS_MOST];
    size_t count;
};

/* Sources in the table's order; one that never served is left out. */
static bool stack(struct scene *scene, struct layers *layers)
{
    static const char head[] = "impressions_";
    const struct past_run *run = &scene->run[0];
    int colour = 0;
    for (size_t c = 0; c < run->columns && layers->count < LAYERS_MOST; c++) {
        if (strncmp(run->column[c], head, sizeof head - 1) != 0) continue;
        const double *series = past_run_series(run, run->column[c]);
        size_t l = layers->count;
        colour++;
        if (!(total(run, series) > 0)) continue;
        layers->part[l] = series;
        layers->stacked[l] = scene_array(scene, run->rows);
        if (!layers->stacked[l]) return false;
        layers->colour[l] = (colour - 1) % 8 + 1;
        plain_name(run->column[c], head, layers->name[l]);
        layers->count++;
    }
    for (size_t r = 0; r < run->rows; r++) {
        double sum = 0, up = 0;
        for (size_t l = 0; l < layers->count; l++) sum += layers->part[l][r];
        for (size_t l = 0; l < layers->count; l++) {
            up += layers->part[l][r];
            layers->stacked[l][r] = sum > 0 ? up / sum : NAN;
        }
    }
    return layers->count > 0;
}

/* Mean share of each layer after the warm-up; returns the largest one's ordinal. */
static size_t mean_shares(const struct past_run *run, const struct layers *layers,
                          double share[LAYERS_MOST])
{
    double sum = 0;
    size_t best = 0;
    for (size_t l = 0; l < layers->count; l++) {
        share[l] = past_run_mean(run, layers->part[l]);
        sum += share[l];
    }
    for (size_t l = 0; l < layers->count; l++) {
        share[l] /= sum;
        if (share[l] > share[best]) best = l;
    }
    return best;
}

static void write_layers(const struct past_run *run, const struct layers *layers,
                         const double *share, FILE *to)
{
    const double *day = past_run_series(run, "day");
    double at[LAYERS_MOST], width = 60;
    char text[32];
    for (size_t l = 0; l < layers->count; l++) {
        double below = l ? layers->stacked[l - 1][run->rows - 1] : 0;
        at[l] = (below + layers->stacked[l][run->rows - 1]) / 2;
        width = fmax(width, 84 + 7.3 * (double)strlen(layers->name[l]));
    }
    chart_spread(at, layers->count, 0.062, 0.99);
    fprintf(to,
            "LAYERS=%zu; PRIGHT=%.0f; WARM=%.8g; array LABEL[8]; array VALUE[8]; "
            "array AT[8]; array HUE[8]\n",
            layers->count, width, run->warmup);
    for (size_t l = 0; l < layers->count; l++) {
        fprintf(to, "AT[%zu]=%.6g; HUE[%zu]=%d; LABEL[%zu]=", l + 1, at[l], l + 1,
                layers->colour[l], l + 1);
        chart_quote(to, layers->name[l]);
        fprintf(to, "; VALUE[%zu]=\"%s\"\n", l + 1, chart_percent(share[l], text));
    }
    fputs("$LAYERS << ENDOFDATA\n", to);
    for (size_t r = 0; r < run->rows; r++) {
        /* A run of one day is drawn as two, or there would be no area. */
        for (int twice = run->rows == 1 ? 2 : 1; twice > 0; twice--) {
            fprintf(to, "%.8g", day[r] + (run->rows == 1 && twice == 1));
            for (size_t l = 0; l < layers->count; l++)
                fprintf(to, " %.8g", layers->stacked[l][r]);
            putc('\n', to);
        }
    }
    fputs("ENDOFDATA\n", to);
}

bool figure_sources(struct scene *scene, FILE *to)
{
    const struct past_run *run = &scene->run[0];
    struct layers layers = {.count = 0};
    struct panel axis = {.count = 0};
    double share[LAYERS_MOST] = {0};
    char title[256], tics[256], text[32];
    if (!past_run_series(run, "day") || !stack(scene, &layers)) return false;
    if (!isfinite(layers.stacked[0][run->rows - 1])) return false;
    size_t best = mean_shares(run, &layers, share);
    snprintf(title, sizeof title, "%s of what is shown comes from the source \u201c%s\u201d",
             chart_percent(share[best], text), layers.name[best]);
    chart_set_text(to, "TITLE", title);
    chart_set_text(to, "SUBTITLE",
                   "Share of the day's impressions by retrieval source; "
                   "figures are means after the warm-up");
    add_series(&axis, run, "", past_run_series(run, "day"));
    chart_days(&axis);
    chart_tics(tics, sizeof tics, 'y', 1, CHART_PERCENT);
    chart_set_number(to, "LOW", axis.low);
    chart_set_number(to, "HIGH", axis.high);
    fprintf(to, "XTICS=\"%s\"; YTICS=\"%s\"\n", axis.x_tics, tics);
    write_layers(run, &layers, share, to);
    fputs("load 'area.gp'\n", to);
    return true;
}

bool figure_panel_viewers(struct scene *scene, struct chart *chart)
{
    size_t before = chart->count;
    add_panel(scene, chart, "Active viewers a day", plain, "dau");
    return chart->count > before;
}
