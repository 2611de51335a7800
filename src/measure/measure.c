/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/measure.h"

#include <string.h>

#include "base/memory.h"
#include "earnings.h"
#include "parts.h"

#define AT(member) offsetof(struct measure_parameters, member)

static const struct schema_row schema[] = {
    {.path = "interval",
     .type = SCHEMA_FLOAT,
     .unit = "d",
     .low = 1.0 / 24,
     .high = 365,
     .initial = "1.0",
     .meaning = "length of an interval: a row of series.csv and cohorts.csv each",
     .source = "A",
     .plausible_low = 0.25,
     .plausible_high = 7,
     .moves = "rows series",
     .sign = 1,
     .from = "1.0",
     .to = "0.5",
     .offset = AT(interval)},
    {.path = "warmup",
     .type = SCHEMA_FLOAT,
     .unit = "d",
     .low = 0,
     .high = 3650,
     .initial = "14.0",
     .meaning = "days at the start that summaries leave out and plots shade",
     .source = "A",
     .plausible_low = 7,
     .plausible_high = 28,
     .moves = "hash",
     .from = "0.0",
     .to = "1.0",
     .offset = AT(warmup)},
    {.path = "panel",
     .type = SCHEMA_INT,
     .unit = "viewers",
     .low = 2,
     .high = 100000,
     .initial = "1000",
     .meaning = "viewers whose ranking and history are looked at",
     .source = "A",
     .plausible_low = 500,
     .plausible_high = 2000,
     .moves = "rows",
     .from = "20",
     .to = "40",
     .offset = AT(panel)},
    {.path = "sample",
     .type = SCHEMA_INT,
     .unit = "videos",
     .low = 10,
     .high = 100000,
     .initial = "500",
     .meaning = "active videos sampled an interval for ndcg_true",
     .source = "A",
     .plausible_low = 200,
     .plausible_high = 1000,
     .moves = "rows",
     .from = "30",
     .to = "60",
     .offset = AT(sample)},
    {.path = "metrics",
     .type = SCHEMA_NAMES,
     .unit = "1",
     .initial = "[\"views_inequality\", \"income_inequality\", \"topic_entropy\", "
                "\"homogenisation\", \"ranking_quality\", \"coverage\", \"act_rates\", "
                "\"retention\", \"ad_load\"]",
     .choices = "metric",
     .meaning = "metrics of series.csv beyond the counters; each costs time",
     .source = "A",
     .moves = "rows",
     .from = "[]",
     .to = "[\"views_inequality\"]",
     .offset = AT(metrics)},
    {.path = "money",
     .type = SCHEMA_BOOL,
     .unit = "1",
     .initial = "true",
     .meaning =
         "write money.csv.zst and purses.csv.zst: a row a posting with the act behind it, "
         "for `reelsim audit`",
     .source = "scenario",
     .moves = "rows money",
     .sign = 1,
     .from = "false",
     .to = "true",
     .offset = AT(money)},
    {.path = "pools",
     .type = SCHEMA_BOOL,
     .unit = "1",
     .initial = "false",
     .meaning = "write pools.csv: a row a video and traffic pool that judged it; `reelsim "
                "inspect` shows a video's path by it",
     .source = "scenario",
     .moves = "rows pools",
     .sign = 1,
     .from = "false",
     .to = "true",
     .offset = AT(pools)},
    {.path = "trace",
     .type = SCHEMA_BOOL,
     .unit = "1",
     .initial = "false",
     .meaning =
         "write trace.csv: a row an impression, some 65 bytes each; `reelsim evaluate` and "
         "`reelsim fit` read it",
     .source = "scenario",
     .moves = "rows trace",
     .sign = 1,
     .from = "false",
     .to = "true",
     .offset = AT(trace)},
    {.path = "trace_packed",
     .type = SCHEMA_BOOL,
     .unit = "1",
     .initial = "false",
     .meaning = "write the trace as trace.csv.zst, a quarter of the size, in its place",
     .source = "scenario",
     .moves = "rows trace",
     .sign = -1,
     .from = "false",
     .to = "true",
     .needs = "measure.trace=true",
     .offset = AT(trace_packed)},
};

static const struct schema_table measure_table = {
    .prefix = "measure", .size = sizeof(struct measure_parameters), SCHEMA_ROWS(schema)};
const struct schema_table *const measure_tables[] = {&measure_table, NULL};

static const struct purpose sample_purpose = {"measure.sample", PURPOSE_LUCK};

enum status measure_init(struct measure **out, struct world *world,
                         const struct measure_services *services)
{
    struct measure *self = memory_alloc(1, sizeof *self);
    if (!self) return STATUS_NO_MEMORY;
    self->world = world;
    self->services = *services;
    self->p = parameters_block(world->parameters, "measure");
    self->key = stream_key(world->seed, &sample_purpose);
    self->tally = memory_alloc(world->shards.count, sizeof *self->tally);
    self->census = memory_alloc(world->shards.count, sizeof *self->census);
    self->panel = memory_alloc((size_t)self->p->panel, sizeof *self->panel);
    self->taste = memory_alloc((size_t)self->p->panel, sizeof *self->taste);
    self->sample = memory_alloc((size_t)self->p->sample, sizeof *self->sample);
    enum status status = STATUS_NO_MEMORY;
    if (self->tally && self->census && self->panel && self->taste && self->sample)
        status = metrics_open(self);
    if (!status) status = cohorts_init(self);
    if (!status) status = arms_open(self);
    if (!status) status = columns_make(self);
    if (!status) status = money_init(self);
    if (status) {
        measure_free(self);
        return status;
    }
    *out = self;
    return STATUS_OK;
}

void measure_free(struct measure *self)
{
    if (!self) return;
    metrics_close(self);
    arms_close(self);
    money_free(self);
    memory_free(self->tally);
    memory_free(self->census);
    memory_free(self->panel);
    memory_free(self->taste);
    memory_free(self->sample);
    memory_free(self->returned);
    memory_free(self->joined);
    memory_free(self->back);
    memory_free(self->member);
    memory_free(self->cohort);
    earnings_free(self);
    memory_free(self->texts);
    memory_free(self);
}

enum status measure_begin(struct measure *self)
{
    enum status status = panels_choose(self);
    if (!status && self->world->now == 0) status = cohorts_begin(self);
    if (!status && self->arms && self->world->now == 0) arms_begin(self);
    if (!status) status = metrics_begin(self);
    trace_begin(self);
    if (!status) status = money_begin(self);
    self->view = panels_view(self);
    return status;
}

void measure_rows(struct measure *self, uint32_t shard, uint32_t thread,
                  const struct impression *rows, size_t n)
{
    (void)thread;
    tally_rows(&self->tally[shard], self->world, shard, rows, n);
    metrics_rows(self, shard, rows, n);
    if (self->arms) arms_rows(self, shard, rows, n);
}

void measure_video(struct measure *self, uint32_t shard, uint32_t row)
{
    enum status status = panels_emit_video(self, shard, row);
    if (status && !self->emitted) self->emitted = status;
}

void measure_cascade(struct measure *self, const struct measure_cascade *c)
{
    const struct cell cells[] = {cell_int(c->root_video), cell_int((int64_t)c->size),
                                 cell_int(c->depth), cell_float(c->virality)};
    enum status status = measure_emit(self, TABLE_CASCADES, cells, 4);
    if (status && !self->emitted) self->emitted = status;
    self->cascades.count++;
    self->cascades.size += c->size;
    self->cascades.depth += c->depth;
    self->cascades.virality += c->virality;
}

struct ledger_day {
    struct measure *measure;
    int64_t day;
    enum status status;
};

const char *measure_stream(const struct measure *self, int stream)
{
    static const char *const extra[] = {"promotion", "serving", "income", "living"};
    if (stream >= LEDGER_STREAMS_MAX) return extra[stream - LEDGER_STREAMS_MAX];
    return (size_t)stream < self->services.stream_count ? self->services.stream_names[stream]
                                                        : "";
}

static void ledger_row(void *context, int stream, int debit, int credit, int64_t amount)
{
    struct ledger_day *day = context;
    const struct cell cells[] = {
        cell_int(day->day), cell_text(ledger_account_name((enum ledger_account)debit)),
        cell_text(ledger_account_name((enum ledger_account)credit)),
        cell_text(measure_stream(day->measure, stream)), cell_int(amount)};
    if (!day->status) day->status = measure_emit(day->measure, TABLE_LEDGER, cells, 5);
}

static enum status close_day(struct measure *self, int32_t day)
{
    struct ledger_day ledger = {self, day, census_day(self, day)};
    if (self->arms) arms_day(self, day);
    if (!ledger.status) ledger.status = earnings_day(self);
    if (self->services.ledger)
        self->services.ledger(self->services.revenue, ledger_row, &ledger);
    return ledger.status;
}

static enum status close_interval(struct measure *self)
{
    enum status status = series_emit(self);
    if (!status && self->arms) status = arms_emit(self);
    self->from = self->world->close;
    self->interval++;
    return status;
}

/* Intervals end where multiples of their length do, at the first close from there on. */
enum status measure_close(struct measure *self)
{
    const struct world *w = self->world;
    enum status status = self->emitted;
    bool day_ends = w->close / TIME_DAY > w->now / TIME_DAY;
    double length = self->p->interval * (double)TIME_DAY;
    if (!status) status = money_emit(self);
    if (!status && day_ends) status = close_day(self, (int32_t)(w->now / TIME_DAY));
    if (!status) status = metrics_window(self, day_ends);
    if (!status && (double)w->close / length >= (double)(self->interval + 1))
        status = close_interval(self);
    self->view = panels_view(self);
    return status;
}

/* Rows of the videos that nobody has written yet. */
static enum status emit_videos(struct measure *self)
{
    const struct world *w = self->world;
    enum status status = STATUS_OK;
    for (uint32_t s = 0; s < w->shards.count && !status; s++)
        for (size_t r = 0; r < w->videos[s].count && !status; r++)
            if (w->videos[s].counter[r].state != VIDEO_FREE)
                status = panels_emit_video(self, s, (uint32_t)r);
    return status;
}

enum status measure_finish(struct measure *self)
{
    enum status status = self->emitted;
    struct world *w = self->world;
    /* The clock stands at a window that will not be: what has begun ends where it starts. */
    sim_time close = w->close;
    w->close = w->now;
    if (!status && self->from < w->now) status = close_interval(self);
    w->close = close;
    if (!status) status = emit_videos(self);
    if (!status) status = panels_emit_creators(self);
    if (!status) status = money_emit_purses(self);
    return status ? status : census_emit_retention(self);
}

void measure_visit(struct measure *self, struct visitor *v)
{
    VISIT_VALUE(v, "measure.interval", self->interval);
    VISIT_VALUE(v, "measure.from", self->from);
    VISIT_FIELD(v, "measure.cascades", &self->cascades, 1, count);
    VISIT_FIELD(v, "measure.cascades_size", &self->cascades, 1, size);
    VISIT_FIELD(v, "measure.cascades_depth", &self->cascades, 1, depth);
    VISIT_FIELD(v, "measure.cascades_virality", &self->cascades, 1, virality);
    uint32_t sources = 0;
    for (unsigned s = 0; s < SOURCES; s++)
        sources |= (uint32_t)source_used(&self->services, (enum source)s) << s;
    tally_visit(self->tally, self->world->shards.count, sources, v);
    census_visit(self, v);
    cohorts_visit(self, v);
    if (self->arms) arms_visit(self, v);
    summary_visit(self, v);
    metrics_visit(self, v);
}

struct table_shape measure_shape(const struct measure *self, enum table_id table)
{
    switch (table) {
    case TABLE_SERIES:
        return (struct table_shape){self->series, self->series_count};
    case TABLE_COHORTS:
        return (struct table_shape){self->cohorts, self->cohorts_count};
    case TABLE_CREATORS:
        return (struct table_shape){self->creators, self->creators_count};
    case TABLE_VIDEOS:
        return (struct table_shape){columns_videos, columns_videos_count};
    case TABLE_RETENTION:
        return (struct table_shape){columns_retention, columns_retention_count};
    case TABLE_CASCADES:
        return (struct table_shape){columns_cascades, columns_cascades_count};
    case TABLE_LEDGER:
        return (struct table_shape){columns_ledger, columns_ledger_count};
    case TABLE_MONEY:
        return (struct table_shape){columns_money, self->p->money ? columns_money_count : 0};
    case TABLE_PURSES:
        return (struct table_shape){columns_purses, self->p->money ? columns_purses_count : 0};
    case TABLE_POOLS:
        return (struct table_shape){columns_pools, self->p->pools ? columns_pools_count : 0};
    case TABLE_ARMS:
        return (struct table_shape){self->arms_columns, self->arms ? self->arms_count : 0};
    case TABLE_TRACE:
    case TABLE_TRACE_PACKED:
        return (struct table_shape){columns_trace,
                                    table == trace_table(self) ? columns_trace_count : 0};
    case TABLES:
        break;
    }
    return (struct table_shape){NULL, 0};
}
