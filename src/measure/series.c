/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The rows of an interval: the platform's (series.csv) and each creator cohort's (cohorts.csv).
 */
#include <string.h>

#include "parts.h"

/* Everything that shards counted in the interval, summed in integers. */
struct sums {
    struct tally tally;
    struct viewer_day viewers;
    struct creator_day creators;
    uint64_t active_videos, active_creators, all_viewers;
};

static void add_words(void *to, const void *from, size_t bytes)
{
    uint64_t *t = to;
    const uint64_t *f = from;
    for (size_t i = 0; i < bytes / sizeof *t; i++) t[i] += f[i];
}

/* Sums and clears: tallies and day counters are structs of uint64_t only. */
static void fold(struct measure *self, struct sums *sums)
{
    struct world *w = self->world;
    memset(sums, 0, sizeof *sums);
    for (uint32_t s = 0; s < w->shards.count; s++) {
        add_words(&sums->tally, &self->tally[s], sizeof sums->tally);
        add_words(&sums->viewers, &w->viewers[s].day, sizeof sums->viewers);
        add_words(&sums->creators, &w->creators[s].day, sizeof sums->creators);
        memset(&self->tally[s], 0, sizeof self->tally[s]);
        memset(&w->viewers[s].day, 0, sizeof w->viewers[s].day);
        memset(&w->creators[s].day, 0, sizeof w->creators[s].day);
        sums->active_videos += w->videos[s].active;
        sums->active_creators += w->creators[s].active;
        sums->all_viewers += w->viewers[s].count;
    }
}

struct row {
    struct cell cell[MEASURE_COLUMNS_MAX];
    size_t n;
};

static void put(struct row *row, struct cell cell) { row->cell[row->n++] = cell; }
static void put_count(struct row *row, uint64_t n) { put(row, cell_int((int64_t)n)); }
static double hours(uint64_t ms) { return (double)ms / (double)TIME_HOUR; }

static void put_activity(struct row *row, const struct sums *sums, const struct census *census,
                         int64_t last_day)
{
    const struct tally *t = &sums->tally;
    put_count(row, census->dau);
    put(row, last_day < 6 ? cell_empty() : cell_int((int64_t)census->wau));
    put(row, last_day < 29 ? cell_empty() : cell_int((int64_t)census->mau));
    put_count(row, sums->all_viewers);
    put_count(row, sums->viewers.sessions);
    put_count(row, t->impressions);
    put(row, cell_float(hours(t->watch_ms)));
    put_count(row, t->plays_7s);
    put_count(row, t->plays_18s);
    put_count(row, t->completions);
    put_count(row, t->likes);
    put_count(row, t->comments);
    put_count(row, t->shares);
    put_count(row, t->follows);
    put_count(row, t->hides);
    put_count(row, t->reports);
    put_count(row, sums->creators.posts);
    put_count(row, sums->active_videos);
    put_count(row, sums->active_creators);
    put_count(row, sums->viewers.new_viewers);
    put_count(row, sums->viewers.churned);
    put_count(row, sums->viewers.returned);
    put_count(row, sums->creators.joined);
    put_count(row, sums->creators.left);
    put_count(row, t->ads);
}

static void put_money(struct row *row, const struct measure *self,
                      const struct money_figures *m)
{
    put(row, cell_money(m->creators));
    put(row, cell_money(m->platform));
    put(row, cell_money(m->platform + m->promotion - m->serving - m->fund));
    put(row, cell_money(m->fees));
    put(row, cell_money(m->refunds));
    put(row, cell_money(m->payable));
    for (size_t i = 0; i < self->services.stream_count; i++) put(row, cell_money(m->gross[i]));
}

static enum status emit_cohorts(struct measure *self, const struct tally *tally, int64_t day)
{
    const struct world *w = self->world;
    int32_t cohorts = parameters_count(w->parameters, "creators.cohorts");
    enum status status = STATUS_OK;
    for (int32_t k = 0; k < (cohorts ? cohorts : 1) && !status; k++) {
        uint64_t creators = 0, posts = 0, followers = 0;
        int64_t balance = 0;
        for (uint32_t s = 0; s < w->shards.count; s++) {
            for (size_t r = 0; r < w->creators[s].count; r++) {
                const struct creator *c = &w->creators[s].row[r];
                if (c->cohort != k) continue;
                creators += c->left == TIME_NEVER;
                posts += c->posts;
                followers += c->followers;
                balance += c->balance;
            }
        }
        const struct cell cells[] = {
            cell_int(day),
            cell_text(panels_cohort(self, (uint8_t)k)),
            cell_int((int64_t)creators),
            cell_int((int64_t)posts),
            cell_int((int64_t)followers),
            cell_int((int64_t)tally->cohort_impressions[k]),
            cell_float(hours(tally->cohort_watch_ms[k])),
            cell_money(balance),
        };
        status = measure_emit(self, TABLE_COHORTS, cells, sizeof cells / sizeof cells[0]);
    }
    return status;
}

enum status series_emit(struct measure *self)
{
    struct sums sums;
    struct row row = {.n = 0};
    struct census census = census_sum(self);
    int64_t day = self->from / TIME_DAY, last = (self->world->close - 1) / TIME_DAY;
    fold(self, &sums);
    panels_sample(self);
    put(&row, cell_int(day));
    put_activity(&row, &sums, &census, last);
    struct money_figures money = {0};
    if (self->services.money) money = self->services.money(self->services.revenue);
    put_money(&row, self, &money);
    for (size_t i = 0; i < SOURCES; i++) put_count(&row, sums.tally.source[i]);
    const struct metric_view view = panels_view(self);
    for (size_t m = 0; m < self->metric_count; m++) {
        self->metric[m]->sample(self->state[m], &view, &row.cell[row.n]);
        row.n += self->metric[m]->column_count;
    }
    require(row.n == self->series_count);
    enum status status = measure_emit(self, TABLE_SERIES, row.cell, row.n);
    return status ? status : emit_cohorts(self, &sums.tally, day);
}
