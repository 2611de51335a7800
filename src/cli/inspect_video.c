/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A video: what it is, where it stands in the pools, who saw it, and what followed from it.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/vector16.h"
#include "inspect.h"
#include "io/csv.h"
#include "platform/platform.h"

/* Where the video of an id stands; false when it is not in the state. */
static bool find_video(const struct world *w, uint64_t id, uint32_t *number)
{
    uint32_t shard = (uint32_t)id & (w->shards.count - 1);
    const struct video_shard *videos = &w->videos[shard];
    for (size_t r = 0; r < videos->count; r++) {
        const struct video_counters *c = &videos->counter[r];
        if (c->ordinal != id >> w->shards.bits || c->state == VIDEO_FREE) continue;
        *number = entity_number(w->shards, (uint32_t)r, shard);
        return true;
    }
    return false;
}

static const char *state_text(uint8_t state)
{
    static const char *const text[] = {[VIDEO_FREE] = "free",
                                       [VIDEO_PENDING] = "waits for moderation",
                                       [VIDEO_ACTIVE] = "in the catalogue",
                                       [VIDEO_REMOVED] = "taken down",
                                       [VIDEO_RETIRED] = "left the catalogue"};
    return state < sizeof text / sizeof *text ? text[state] : "?";
}

static void write_truth(const struct inspection *self, const struct video *v,
                        struct sheet *sheet)
{
    sheet_number(sheet, "creator", v->creator, 0);
    sheet_text(sheet, "cohort", inspect_cohort(self, v->cohort, "name", "all"));
    sheet_text(sheet, "topic", inspect_topic(self, v->topic));
    sheet_number(sheet, "duration_s", v->duration_ms / 1000.0, 1);
    sheet_number(sheet, "quality", (double)v->quality, 3);
    sheet_number(sheet, "hook", (double)v->hook, 2);
    sheet_number(sheet, "commercial", (double)v->commercial, 3);
    sheet_flag(sheet, "violating", (v->flags & VIDEO_VIOLATING) != 0);
}

/* Cosine of what it is and what the platform extracted. */
static double extraction(const struct world *w, uint32_t number)
{
    float content[VECTOR_DIM], feature[VECTOR_DIM];
    const struct video_shard *videos = &w->videos[entity_shard(w->shards, number)];
    vector_unpack(content, &videos->row[entity_row(w->shards, number)].content);
    vector_unpack(feature, &videos->feature[entity_row(w->shards, number)]);
    vector_normalise(content);
    vector_normalise(feature);
    return (double)vector_dot(content, feature);
}

static void write_pool(const struct inspection *self, uint32_t number,
                       const struct video_counters *c, struct sheet *sheet)
{
    const struct platform *platform = sim_platform(self->sim);
    const struct video_standing at = platform_standing(platform, number);
    bool done = (c->marks & VIDEO_POOLS_DONE) != 0;
    sheet_flag(sheet, "pools_done", done);
    sheet_number(sheet, "pool", c->pool, 0);
    sheet_number(sheet, "pool_impressions", c->pool_impressions, 0);
    sheet_number(sheet, "pool_size", done ? NAN : at.pool_size, 0);
    sheet_number(sheet, "pool_paid", c->pool_paid, 0);
    sheet_number(sheet, "pool_score",
                 c->pool_impressions ? (double)c->pool_score / c->pool_impressions : NAN, 4);
    sheet_number(sheet, "score_to_pass", done ? NAN : at.pool_bar, 4);
    sheet_number(sheet, "guaranteed_left", c->guaranteed, 0);
    sheet_number(sheet, "heat", at.heat, 3);
    sheet_number(sheet, "extraction_cosine", extraction(sim_world(self->sim), number), 3);
    sheet_number(sheet, "ranker_bias", at.bias[ARM_A], 3);
    if (sim_world(self->sim)->arms.by == SCHEMA_SPLIT_VIEWER)
        sheet_number(sheet, "ranker_bias_b", at.bias[ARM_B], 3);
    sheet_number(sheet, "trending_place", at.trending ? (double)at.trending : NAN, 0);
}

static void write_counters(const struct video_counters *c, struct sheet *sheet)
{
    double n = c->impressions ? (double)c->impressions : NAN;
    sheet_number(sheet, "impressions", c->impressions, 0);
    sheet_number(sheet, "paid_impressions", c->paid_impressions, 0);
    sheet_number(sheet, "watch_hours", (double)c->watch_ms / 3.6e6, 3);
    sheet_number(sheet, "mean_watch_s", (double)c->watch_ms / 1000.0 / n, 2);
    sheet_number(sheet, "completion_rate", c->completions / n, 4);
    sheet_number(sheet, "like_rate", c->likes / n, 4);
    sheet_number(sheet, "comment_rate", c->comments / n, 4);
    sheet_number(sheet, "share_rate", c->shares / n, 4);
    sheet_number(sheet, "follow_rate", c->follows / n, 4);
    sheet_number(sheet, "hides", c->hides, 0);
    sheet_number(sheet, "reports", c->reports, 0);
}

/* ------------------------------------------------------------- what the run's tables have */

/* Cascades that ended: their largest, from cascades.csv. */
static void write_cascades(const struct inspection *self, uint64_t id, struct sheet *sheet)
{
    static const struct sheet_column columns[] = {
        {"size", 7, 0}, {"depth", 6, 0}, {"virality", 9, 3}};
    struct csv csv;
    if (!csv_open(&csv, self->folder, "cascades.csv")) return;
    size_t root = csv_column(&csv, "root_video"), size = csv_column(&csv, "size"),
           depth = csv_column(&csv, "depth"), virality = csv_column(&csv, "virality");
    sheet_table(sheet, "cascades", "Cascades of shares that began here and have ended", columns,
                sizeof columns / sizeof *columns);
    while (csv_next(&csv)) {
        if (csv_number(&csv, root) != (double)id) continue;
        sheet_cell(sheet, csv_number(&csv, size));
        sheet_cell(sheet, csv_number(&csv, depth));
        sheet_cell(sheet, csv_number(&csv, virality));
    }
    sheet_table_end(sheet);
    csv_close(&csv);
}

/* From pools.csv (measure.pools): which pool judged it when, up to the state's day. */
static void write_path(const struct inspection *self, uint64_t id, struct sheet *sheet)
{
    static const struct sheet_column columns[] = {
        {"pool", 4, 0}, {"entered_day", 11, 2}, {"day", 7, 2},   {"impressions", 11, 0},
        {"paid", 6, 0}, {"score", 7, 4},        {"passed", 6, 0}};
    struct csv csv;
    size_t column[sizeof columns / sizeof *columns];
    if (!csv_open(&csv, self->folder, "pools.csv")) return;
    size_t video = csv_column(&csv, "video"), day = csv_column(&csv, "day");
    sheet_table(sheet, "pools", "Traffic pools that have judged it", columns,
                sizeof columns / sizeof *columns);
    for (size_t c = 0; c < sizeof columns / sizeof *columns; c++)
        column[c] = csv_column(&csv, columns[c].key);
    while (csv_next(&csv)) {
        if (csv_number(&csv, video) != (double)id || csv_number(&csv, day) > inspect_day(self))
            continue;
        for (size_t c = 0; c < sizeof columns / sizeof *columns; c++)
            sheet_cell(sheet, csv_number(&csv, column[c]));
    }
    sheet_table_end(sheet);
    csv_close(&csv);
}

struct source_day {
    double impressions[SOURCES], watch_s;
};

static void write_source_day(struct sheet *sheet, long day, const struct source_day *sums)
{
    double all = 0;
    for (unsigned k = 0; k < SOURCES; k++) all += sums->impressions[k];
    sheet_cell(sheet, (double)day);
    sheet_cell(sheet, all);
    sheet_cell(sheet, all > 0 ? sums->watch_s / all : NAN);
    for (unsigned k = 0; k < SOURCES; k++) sheet_cell(sheet, sums->impressions[k]);
}

/* From trace.csv or trace.csv.zst (measure.trace): impressions by day and source, up to the
 * state's day. Rows are in order of time. */
static void write_sources(const struct inspection *self, uint64_t id, struct sheet *sheet)
{
    struct sheet_column columns[3 + SOURCES] = {
        {"day", 5, 0}, {"impressions", 11, 0}, {"mean_watch_s", 12, 2}};
    struct source_day sums = {{0}, 0};
    struct csv csv;
    long open = -1;
    if (!csv_open(&csv, self->folder, "trace.csv") &&
        !csv_open(&csv, self->folder, "trace.csv.zst"))
        return;
    size_t video = csv_column(&csv, "video"), time = csv_column(&csv, "time_ms"),
           source = csv_column(&csv, "source"), watch = csv_column(&csv, "watch_s");
    for (unsigned k = 0; k < SOURCES; k++)
        columns[3 + k] = (struct sheet_column){source_name(k), 11, 0};
    sheet_table(sheet, "sources", "Impressions by day and source", columns, 3 + SOURCES);
    while (csv_next(&csv)) {
        double day = csv_number(&csv, time) / (double)TIME_DAY;
        if (csv_number(&csv, video) != (double)id || !(day <= inspect_day(self))) continue;
        if ((long)day != open && open >= 0) {
            write_source_day(sheet, open, &sums);
            sums = (struct source_day){{0}, 0};
        }
        open = (long)day;
        sums.watch_s += csv_number(&csv, watch);
        for (unsigned k = 0; k < SOURCES; k++)
            sums.impressions[k] += strcmp(csv_text(&csv, source), source_name(k)) == 0;
    }
    if (open >= 0) write_source_day(sheet, open, &sums);
    sheet_table_end(sheet);
    csv_close(&csv);
}

/* Goes to the row of a video that has left the state; false when there is none. */
static bool find_final_row(const struct inspection *self, uint64_t id, struct csv *csv)
{
    if (!csv_open(csv, self->folder, "videos.csv")) return false;
    size_t video = csv_column(csv, "video"), removed = csv_column(csv, "removed_day");
    while (csv_next(csv))
        if (csv_number(csv, video) == (double)id) /* one that was not born yet left later */
            return !(csv_number(csv, removed) > inspect_day(self)) || sim_done(self->sim);
    return false;
}

static void write_final_row(const struct csv *csv, struct sheet *sheet)
{
    for (size_t c = 0; c < csv->columns; c++) {
        double value = csv_number(csv, c);
        if (isnan(value))
            sheet_text(sheet, csv->name[c], csv_text(csv, c));
        else
            sheet_number(sheet, csv->name[c], value, value == floor(value) ? 0 : 4);
    }
}

static enum status nothing_found(const struct inspection *self, uint64_t id,
                                 struct errors *errors)
{
    return errors_add(
        errors, STATUS_BAD_INPUT,
        "video %llu: is neither in the state of day %g nor, as one that had left by "
        "then, in %s/videos.csv",
        (unsigned long long)id, inspect_day(self), self->folder);
}

static void write_active(const struct inspection *self, uint64_t id, uint32_t number,
                         struct sheet *sheet)
{
    const struct world *w = sim_world(self->sim);
    const struct video_counters *c = &w->videos[entity_shard(w->shards, number)]
                                          .counter[entity_row(w->shards, number)];
    sheet_number(sheet, "video", (double)id, 0);
    sheet_number(sheet, "day", inspect_day(self), 2);
    sheet_text(sheet, "state", state_text(c->state));
    sheet_number(sheet, "published_day",
                 c->marks & VIDEO_ENTERED ? inspect_days(c->published) : NAN, 2);
    write_truth(self, world_video(w, number), sheet);
    write_pool(self, number, c, sheet);
    write_counters(c, sheet);
}

enum status inspect_video(struct inspection *self, uint64_t id, struct errors *errors)
{
    uint32_t number = ENTITY_NONE;
    struct sheet sheet;
    struct csv csv = {0};
    bool here = find_video(sim_world(self->sim), id, &number);
    if (!here && !find_final_row(self, id, &csv)) {
        csv_close(&csv);
        return nothing_found(self, id, errors);
    }
    sheet_begin(&sheet, stdout, self->arguments->json);
    if (here)
        write_active(self, id, number, &sheet);
    else
        write_final_row(&csv, &sheet);
    csv_close(&csv);
    write_path(self, id, &sheet);
    write_sources(self, id, &sheet);
    if (sim_done(self->sim)) write_cascades(self, id, &sheet); /* the table has no days */
    sheet_end(&sheet);
    return STATUS_OK;
}
