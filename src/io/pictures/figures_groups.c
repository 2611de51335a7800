/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pictures with a row a group: creators by cohort (or by size), videos by topic.
 */
#include "io/pictures/figures.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "io/csv.h"

#define GROUPS_MOST 8
#define STREAMS_MOST 7
#define TOPICS_MOST 256
#define TOPICS_SHOWN 24

struct earner {
    size_t cohort;
    double followers, total, income[STREAMS_MOST];
};

struct group {
    char name[64];
    double *total; /* owned by the scene; of its members */
    double income[STREAMS_MOST], sum;
    size_t count;
};

struct earnings {
    struct earner *earner; /* owned */
    size_t count, room;
    char cohort[GROUPS_MOST][64], stream[STREAMS_MOST][64];
    size_t cohorts, streams;
    struct group group[GROUPS_MOST];
    size_t groups;
};

/* Ordinal of a cohort; those that find no room are together in the last. */
static size_t cohort_of(struct earnings *self, const char *name)
{
    size_t k = 0;
    while (k < self->cohorts && strcmp(self->cohort[k], name) != 0) k++;
    if (k < self->cohorts) return k;
    if (k == GROUPS_MOST) {
        snprintf(self->cohort[k - 1], sizeof self->cohort[0], "other cohorts");
        return k - 1;
    }
    snprintf(self->cohort[self->cohorts++], sizeof self->cohort[0], "%.63s", name);
    return k;
}

static bool read_earnings(const struct past_run *run, struct earnings *self)
{
    struct csv csv;
    size_t column[STREAMS_MOST];
    if (!csv_open(&csv, run->folder, "creators.csv")) return false;
    for (size_t c = 0; c < csv.columns && self->streams < STREAMS_MOST; c++) {
        if (strncmp(csv.name[c], "income_", 7) != 0) continue;
        column[self->streams] = c;
        snprintf(self->stream[self->streams++], sizeof self->stream[0], "%.63s",
                 csv.name[c] + 7);
    }
    size_t cohort = csv_column(&csv, "cohort"), followers = csv_column(&csv, "followers");
    bool earned = false;
    while (csv_next(&csv)) {
        if (memory_grow(&self->earner, &self->room, self->count + 1, sizeof *self->earner))
            break;
        struct earner *e = &self->earner[self->count++];
        *e = (struct earner){.cohort = cohort_of(self, csv_text(&csv, cohort)),
                             .followers = csv_number(&csv, followers)};
        for (size_t s = 0; s < self->streams; s++) {
            double income = csv_number(&csv, column[s]);
            e->income[s] = isfinite(income) ? fmax(income, 0) : 0;
            e->total += e->income[s];
        }
        earned |= e->total > 0;
    }
    csv_close(&csv);
    return earned;
}

/* Where there is one cohort only, the size of the following tells more. */
static size_t group_of(const struct earnings *self, const struct earner *e)
{
    if (self->cohorts > 1) return e->cohort;
    return e->followers >= 1e5   ? 0
           : e->followers >= 1e4 ? 1
           : e->followers >= 1e3 ? 2
           : e->followers >= 100 ? 3
                                 : 4;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static bool fill_groups(struct scene *scene, struct earnings *self)
{
    static const char *const sizes[] = {"over 100,000 followers", "10,000 to 100,000 followers",
                                        "1,000 to 10,000 followers", "100 to 1,000 followers",
                                        "fewer than 100 followers"};
    self->groups = self->cohorts > 1 ? self->cohorts : 5;
    for (size_t g = 0; g < self->groups; g++) {
        struct group *group = &self->group[g];
        snprintf(group->name, sizeof group->name, "%s",
                 self->cohorts > 1 ? self->cohort[g] : sizes[g]);
        group->total = scene_array(scene, self->count);
        if (!group->total) return false;
    }
    for (size_t i = 0; i < self->count; i++) {
        const struct earner *e = &self->earner[i];
        struct group *group = &self->group[group_of(self, e)];
        group->total[group->count++] = e->total;
        group->sum += e->total;
        for (size_t s = 0; s < self->streams; s++) group->income[s] += e->income[s];
    }
    size_t kept = 0;
    for (size_t g = 0; g < self->groups; g++) {
        qsort(self->group[g].total, self->group[g].count, sizeof(double), ascending);
        if (self->group[g].count) self->group[kept++] = self->group[g];
    }
    self->groups = kept;
    return kept > 0;
}

static double mean_of(const struct group *group) { return group->sum / (double)group->count; }

static void write_words(const struct group *group, size_t g, FILE *to)
{
    char mean[32], median[32], none[32], count[32], words[192];
    size_t poor = 0;
    while (poor < group->count && !(group->total[poor] > 0)) poor++;
    snprintf(words, sizeof words, "median %s \u00b7 %s earn nothing \u00b7 %s creator%s",
             chart_number(group->total[group->count / 2], median),
             chart_percent((double)poor / (double)group->count, none),
             chart_number((double)group->count, count), group->count == 1 ? "" : "s");
    fprintf(to, "TOTAL[%zu]=%.8g; MEAN[%zu]=\"%s\"; GROUP[%zu]=", g + 1, mean_of(group), g + 1,
            chart_number(mean_of(group), mean), g + 1);
    chart_quote(to, group->name);
    fprintf(to, "; WORDS[%zu]=", g + 1);
    chart_quote(to, words);
    putc('\n', to);
}

/* A block a stream: left end, right end, row of each bar. */
static void write_bars(const struct earnings *self, FILE *to)
{
    double left[GROUPS_MOST] = {0};
    size_t part = 0;
    fputs("$BARS << ENDOFDATA\n", to);
    for (size_t s = 0; s < self->streams; s++) {
        double all = 0;
        for (size_t g = 0; g < self->groups; g++) all += self->group[g].income[s];
        if (!(all > 0)) continue;
        for (size_t g = 0; g < self->groups; g++) {
            double width = self->group[g].income[s] / (double)self->group[g].count;
            fprintf(to, "%.8g %.8g %zu\n", left[g], left[g] + width, g + 1);
            left[g] += width;
        }
        fputs("\n\n", to);
    }
    fputs("ENDOFDATA\narray PART[7]; array PWIDTH[7]\n", to);
    for (size_t s = 0; s < self->streams; s++) {
        double all = 0;
        for (size_t g = 0; g < self->groups; g++) all += self->group[g].income[s];
        if (!(all > 0)) continue;
        part++;
        fprintf(to, "PWIDTH[%zu]=%.0f; PART[%zu]=", part,
                24 + 7.6 * (double)strlen(self->stream[s]), part);
        chart_quote(to, self->stream[s]);
        putc('\n', to);
    }
    fprintf(to, "PARTS=%zu\n", part);
}

static void title_income(const struct earnings *self, char *out, size_t size)
{
    double all = 0, best = -1;
    size_t top = 0;
    char share[32], part[32];
    for (size_t g = 0; g < self->groups; g++) {
        all += self->group[g].sum;
        if (self->group[g].sum > best) best = self->group[g].sum, top = g;
    }
    chart_percent(self->group[top].sum / all, share);
    chart_percent((double)self->group[top].count / (double)self->count, part);
    if (self->groups == 1)
        snprintf(out, size, "What creators earn");
    else
        snprintf(out, size, "%s%s: %s of the creators, %s of the income",
                 self->cohorts > 1 ? "" : "Creators with ", self->group[top].name, part, share);
}

static void write_income(const struct past_run *run, const struct earnings *self, FILE *to)
{
    char title[256], subtitle[160], tics[256];
    double most = 0, width = 0;
    title_income(self, title, sizeof title);
    snprintf(subtitle, sizeof subtitle, "Mean income of a creator over %.0f days, in %s%s",
             run->days, run->currency,
             self->cohorts > 1 ? ", by cohort" : ", by number of followers at the end");
    for (size_t g = 0; g < self->groups; g++) {
        most = fmax(most, mean_of(&self->group[g]));
        width = fmax(width, 7.3 * (double)strlen(self->group[g].name));
    }
    chart_set_text(to, "TITLE", title);
    chart_set_text(to, "SUBTITLE", subtitle);
    chart_tics(tics, sizeof tics, 'x', most, CHART_PLAIN);
    snprintf(subtitle, sizeof subtitle, "%s a creator", run->currency);
    chart_set_text(to, "XTITLE", subtitle);
    fprintf(to, "H=%zu; LEFT=%.0f; GROUPS=%zu; MOST=%.8g; XTICS=\"%s\"\n",
            178 + 46 * self->groups, width + 34, self->groups, most, tics);
    fputs("array TOTAL[8]; array MEAN[8]; array GROUP[8]; array WORDS[8]\n", to);
    for (size_t g = 0; g < self->groups; g++) write_words(&self->group[g], g, to);
    write_bars(self, to);
    fputs("load 'bars.gp'\n", to);
}

bool figure_income(struct scene *scene, FILE *to)
{
    const struct past_run *run = &scene->run[0];
    struct earnings earnings = {.count = 0};
    bool seen = read_earnings(run, &earnings) && fill_groups(scene, &earnings);
    if (seen) write_income(run, &earnings, to);
    memory_free(earnings.earner);
    return seen;
}

/* ------------------------------------------------------------------------------------- topics
 */

struct topic {
    char name[64];
    double videos, impressions, hours, quality, seen_quality;
};

struct topics {
    struct topic topic[TOPICS_MOST];
    size_t count;
    struct topic all;
};

static struct topic *topic_of(struct topics *self, const char *name)
{
    for (size_t t = 0; t < self->count; t++)
        if (strcmp(self->topic[t].name, name) == 0) return &self->topic[t];
    if (self->count == TOPICS_MOST) return NULL;
    struct topic *topic = &self->topic[self->count++];
    snprintf(topic->name, sizeof topic->name, "%.63s", name);
    return topic;
}

static bool read_topics(const struct past_run *run, double from_day, struct topics *self)
{
    struct csv csv;
    memset(self, 0, sizeof *self);
    if (!csv_open(&csv, run->folder, "videos.csv")) return false;
    size_t topic = csv_column(&csv, "topic"), day = csv_column(&csv, "published_day"),
           impressions = csv_column(&csv, "impressions"),
           hours = csv_column(&csv, "watch_hours"), quality = csv_column(&csv, "quality");
    while (csv_next(&csv)) {
        struct topic *t = csv_number(&csv, day) >= from_day
                              ? topic_of(self, csv_text(&csv, topic))
                              : NULL;
        double shown = csv_number(&csv, impressions), good = csv_number(&csv, quality);
        if (!t || !isfinite(shown) || !isfinite(good)) continue;
        t->videos += 1;
        t->impressions += shown;
        t->hours += fmax(csv_number(&csv, hours), 0);
        t->quality += good;
        t->seen_quality += good * shown;
        self->all.videos += 1;
        self->all.impressions += shown;
        self->all.hours += fmax(csv_number(&csv, hours), 0);
    }
    csv_close(&csv);
    return self->all.impressions > 0;
}

static int most_shown_first(const void *a, const void *b)
{
    const struct topic *x = a, *y = b;
    return (y->impressions > x->impressions) - (y->impressions < x->impressions);
}

/* "Cooking gets 12 % of the impressions with 7 % of the videos" */
static void title_topics(const struct topics *self, char *out, size_t size)
{
    size_t far = 0;
    double most = -1;
    char name[64], shown[32], made[32];
    for (size_t t = 0; t < self->count; t++) {
        double off = fabs(self->topic[t].impressions / self->all.impressions -
                          self->topic[t].videos / self->all.videos);
        if (off > most) most = off, far = t;
    }
    snprintf(name, sizeof name, "%s", self->topic[far].name);
    name[0] = (char)toupper((unsigned char)name[0]);
    snprintf(out, size, "%s: %s of the videos, %s of the impressions", name,
             chart_percent(self->topic[far].videos / self->all.videos, made),
             chart_percent(self->topic[far].impressions / self->all.impressions, shown));
}

static void write_rows(const struct topics *self, size_t shown, FILE *to)
{
    fputs("array TOPIC[24]\n$ROWS << ENDOFDATA\n", to);
    for (size_t t = 0; t < shown; t++) {
        const struct topic *row = &self->topic[t];
        fprintf(to, "%zu %.6g %.6g %.6g %.6g ", t, row->videos / self->all.videos,
                row->impressions / self->all.impressions,
                self->all.hours > 0 ? row->hours / self->all.hours : 0,
                row->quality / row->videos);
        fprintf(to, row->impressions > 0 ? "%.6g\n" : "NaN\n",
                row->seen_quality / row->impressions);
    }
    fputs("ENDOFDATA\n", to);
    for (size_t t = 0; t < shown; t++) {
        fprintf(to, "TOPIC[%zu]=", t + 1);
        chart_quote(to, self->topic[t].name);
        putc('\n', to);
    }
}

static void write_topics(const struct past_run *run, struct topics *self, FILE *to)
{
    char title[256], subtitle[160], tics[256], quality[256];
    double most = 0, low = 1, high = 0, width = 0;
    size_t shown = self->count < TOPICS_SHOWN ? self->count : TOPICS_SHOWN;
    qsort(self->topic, self->count, sizeof *self->topic, most_shown_first);
    for (size_t t = 0; t < shown; t++) {
        const struct topic *row = &self->topic[t];
        double seen = row->impressions > 0 ? row->seen_quality / row->impressions : NAN;
        most = fmax(most, fmax(row->impressions / self->all.impressions,
                               fmax(row->videos / self->all.videos,
                                    row->hours / fmax(self->all.hours, 1e-12))));
        low = fmin(low, fmin(seen, row->quality / row->videos));
        high = fmax(high, fmax(seen, row->quality / row->videos));
        width = fmax(width, 7 * (double)strlen(row->name));
    }
    title_topics(self, title, sizeof title);
    snprintf(subtitle, sizeof subtitle, "What is made, shown and watched%s%s",
             past_run_is_short(run) ? "" : " \u00b7 videos published after the warm-up",
             self->count > shown ? " \u00b7 the 24 most shown topics" : "");
    chart_set_text(to, "TITLE", title);
    chart_set_text(to, "SUBTITLE", subtitle);
    chart_tics(tics, sizeof tics, 'x', most, CHART_PERCENT);
    chart_range_tics(quality, sizeof quality, 'x', (double[2]){low, high});
    fprintf(to, "H=%zu; LEFT=%.0f; TOPICS=%zu; MOST=%.8g; XTICS=\"%s\"\n",
            112 + 54 + (shown < 4 ? 80 : 20 * shown), width + 34, shown, most, tics);
    fprintf(to, "QLOW=%.6g; QHIGH=%.6g; QTICS=\"%s\"\n", low - 0.06 * (high - low) - 1e-3,
            high + 0.06 * (high - low) + 1e-3, quality);
    write_rows(self, shown, to);
    fputs("load 'topics.gp'\n", to);
}

bool figure_topics(struct scene *scene, FILE *to)
{
    const struct past_run *run = &scene->run[0];
    struct topics *topics = memory_alloc(1, sizeof *topics);
    bool seen = topics && !past_run_is_short(run) && read_topics(run, run->warmup, topics);
    if (topics && !seen) seen = read_topics(run, -INFINITY, topics);
    if (seen) write_topics(run, topics, to);
    memory_free(topics);
    return seen;
}
