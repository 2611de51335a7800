/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The rows of an interval: the platform's in series.csv, each creator cohort's in cohorts.csv.
 */
#include <string.h>

#include "parts.h"

static void add_words(void *to, const void *from, size_t bytes)
{
    uint64_t *t = to;
    const uint64_t *f = from;
    for (size_t i = 0; i < bytes / sizeof *t; i++) t[i] += f[i];
}

/* Who watched what, and how it pleased: the shards of other processes tell their sums. */
static void fold_reception(struct measure *self, struct interval *sums)
{
    struct world *w = self->world;
    struct reception_count *count = sums->cohort_viewers;
    for (uint32_t s = 0; s < w->shards.count; s++) {
        struct reception *r = &w->viewers[s].reception;
        for (uint32_t k = 0; k < self->cohort_count; k++) {
            const struct reception_count n = reception_count(r, k);
            sums->cohort_pleasure[k] += r->pleasure[k];
            count[k].now += n.now;
            count[k].before += n.before;
            count[k].again += n.again;
        }
        reception_turn(r);
    }
    post_sum(w->post, (uint32_t *)count, self->cohort_count * sizeof *count / sizeof(uint32_t));
}

/* Sums and clears what shards counted: day counters are structs of uint64_t only. */
static void fold_shards(struct measure *self, struct interval *sums)
{
    struct world *w = self->world;
    while (post_turn(w->post))
        for (uint32_t s = 0; s < w->shards.count; s++) {
            struct reception *r = &w->viewers[s].reception;
            post_bytes(w->post, s, &w->viewers[s].day, sizeof w->viewers[s].day);
            post_bytes(w->post, s, r->pleasure, self->cohort_count * sizeof *r->pleasure);
        }
    for (uint32_t s = 0; s < w->shards.count; s++) {
        tally_add(&self->tally[s], sums);
        add_words(&sums->viewers, &w->viewers[s].day, sizeof sums->viewers);
        add_words(&sums->creators, &w->creators[s].day, sizeof sums->creators);
        memset(&self->tally[s], 0, sizeof self->tally[s]);
        memset(&w->viewers[s].day, 0, sizeof w->viewers[s].day);
        memset(&w->creators[s].day, 0, sizeof w->creators[s].day);
        sums->active_videos += w->videos[s].active;
        sums->active_creators += w->creators[s].active;
        sums->viewers_ever += w->viewers[s].count;
    }
}

/* Where no day ends, viewers are counted on the day so far. */
static void fold_census(struct measure *self, struct interval *sums)
{
    const struct world *w = self->world;
    struct census now = self->last;
    if (w->close % TIME_DAY) now = census_count(self, (int32_t)(w->now / TIME_DAY));
    sums->dau = self->dau_days ? (double)self->dau_sum / (double)self->dau_days
                               : (double)now.dau;
    sums->wau = now.wau;
    sums->mau = now.mau;
    sums->viewers_lost = now.lost;
    self->dau_sum = self->dau_days = 0;
}

static void fold(struct measure *self, struct interval *sums)
{
    memset(sums, 0, sizeof *sums);
    sums->days = (double)(self->world->close - self->from) / (double)TIME_DAY;
    fold_shards(self, sums);
    fold_reception(self, sums);
    fold_census(self, sums);
    if (self->services.money) sums->money = self->services.money(self->services.revenue);
    if (self->services.queues) sums->queues = self->services.queues(self->services.platform);
    sums->cascades = self->cascades;
    self->cascades = (struct cascade_sums){0};
}

struct row {
    struct cell cell[MEASURE_COLUMNS_MAX];
    size_t n;
};

static void put(struct row *row, struct cell cell) { row->cell[row->n++] = cell; }
static void put_count(struct row *row, uint64_t n) { put(row, cell_int((int64_t)n)); }

static void put_people(struct row *row, const struct interval *sums, int64_t last_day)
{
    put(row, cell_float(sums->dau));
    put(row, last_day < 7 ? cell_empty() : cell_int((int64_t)sums->wau));
    put(row, last_day < 30 ? cell_empty() : cell_int((int64_t)sums->mau));
    put_count(row, sums->viewers_ever);
    put_count(row, sums->viewers.sessions);
}

static void put_acts(struct row *row, const struct interval *sums)
{
    static const enum act acts[] = {ACT_PLAY_7S, ACT_PLAY_18S, ACT_COMPLETE, ACT_LIKE,
                                    ACT_COMMENT, ACT_SHARE,    ACT_FOLLOW,   ACT_HIDE,
                                    ACT_REPORT,  ACT_PROFILE};
    put_count(row, sums->impressions);
    put(row, cell_float(measure_hours(sums->watch_ms)));
    for (size_t i = 0; i < sizeof acts / sizeof acts[0]; i++)
        put_count(row, interval_acts(sums, acts[i]));
}

static void put_supply(struct row *row, const struct interval *sums)
{
    put_count(row, sums->creators.posts);
    put_count(row, sums->active_videos);
    put_count(row, sums->active_creators);
    put_count(row, sums->viewers.new_viewers);
    put_count(row, sums->viewers.churned);
    put_count(row, sums->viewers.returned);
    put_count(row, sums->creators.joined);
    put_count(row, sums->creators.left);
    put_count(row, interval_acts(sums, ACT_AD));
}

static void put_money(struct row *row, const struct measure *self,
                      const struct money_figures *m)
{
    put(row, cell_money(m->creators));
    put(row, cell_money(m->platform));
    put(row, cell_money(m->platform - m->serving - m->fund));
    put(row, cell_money(m->fees));
    put(row, cell_money(m->refunds));
    put(row, cell_money(m->payable));
    put(row, cell_money(m->serving));
    put(row, cell_money(m->fund));
    put(row, cell_money(m->promotion));
    for (size_t i = 0; i < self->services.stream_count; i++) put(row, cell_money(m->gross[i]));
}

enum status series_emit(struct measure *self)
{
    struct interval sums;
    struct row row = {.n = 0};
    fold(self, &sums);
    panels_sample(self);
    put(&row, cell_float((double)self->from / (double)TIME_DAY));
    put(&row, cell_float(sums.days));
    put_people(&row, &sums, (self->world->close - 1) / TIME_DAY);
    put_acts(&row, &sums);
    put_supply(&row, &sums);
    put_money(&row, self, &sums.money);
    for (size_t i = 0; i < SOURCES; i++)
        if (source_used(&self->services, (enum source)i)) put_count(&row, sums.source[i]);
    size_t count = 0;
    enum status status = metrics_sample(self, &sums, &row.cell[row.n], &count);
    if (status) return status;
    row.n += count;
    require(row.n == self->series_count);
    summary_add(self, row.cell);
    status = measure_emit(self, TABLE_SERIES, row.cell, row.n);
    return status ? status : cohorts_emit(self, &sums);
}
