/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/measure.h"

#include <string.h>

#include "base/memory.h"
#include "parts.h"

#define AT(member) offsetof(struct measure_parameters, member)

static const struct schema_row rows[] = {
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
     .moves = "hash",
     .sign = 0,
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
     .moves = "summary",
     .sign = 0,
     .from = "0.0",
     .to = "3.0",
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
     .moves = "ndcg_true",
     .sign = 0,
     .from = "100",
     .to = "200",
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
     .moves = "ndcg_true",
     .sign = 0,
     .from = "100",
     .to = "200",
     .offset = AT(sample)},
    {.path = "metrics",
     .type = SCHEMA_NAMES,
     .unit = "1",
     .initial = "[\"views_inequality\", \"income_inequality\", \"topic_entropy\", "
                "\"homogenisation\", \"ranking_quality\", \"coverage\"]",
     .choices = "metric",
     .meaning = "metrics of series.csv beyond the counters; each costs time",
     .source = "A",
     .moves = "gini_views",
     .sign = 0,
     .from = "[]",
     .to = "[\"views_inequality\"]",
     .offset = AT(metrics)},
};

static const struct schema_table measure_table = {
    .prefix = "measure", .size = sizeof(struct measure_parameters), SCHEMA_ROWS(rows)};
const struct schema_table *const measure_tables[] = {&measure_table, NULL};

/* One line a built-in metric. */
#define METRIC_LIST(X)                                                                         \
    X(metric_views_inequality)                                                                 \
    X(metric_income_inequality)                                                                \
    X(metric_topic_entropy)                                                                    \
    X(metric_homogenisation)                                                                   \
    X(metric_ranking_quality)                                                                  \
    X(metric_coverage)

#define METRIC_DECLARE(name) extern const struct metric name;
METRIC_LIST(METRIC_DECLARE)
#define METRIC_MEMBER(name) &name.about,
const struct member *const measure_metrics[] = {METRIC_LIST(METRIC_MEMBER) NULL};

static const struct purpose sample_purpose = {"measure.sample", PURPOSE_LUCK};

static enum status open_metrics(struct measure *self)
{
    const struct metric_view view = panels_view(self);
    for (int32_t i = 0; i < self->p->metrics.count; i++) {
        const struct metric *m = (const struct metric *)registry_find(
            self->world->registries, "metric", self->p->metrics.name[i]);
        require(m != NULL && self->metric_count < SCHEMA_NAMES_MAX);
        void *state = memory_alloc(self->world->shards.count, m->about.state_size + 1);
        if (!state) return STATUS_NO_MEMORY;
        self->state[self->metric_count] = state;
        self->metric[self->metric_count++] = m;
        enum status status = m->open ? m->open(state, self->world->shards.count, &view)
                                     : STATUS_OK;
        if (status) return status;
    }
    return STATUS_OK;
}

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
    self->sample = memory_alloc((size_t)self->p->sample, sizeof *self->sample);
    enum status status = STATUS_NO_MEMORY;
    if (self->tally && self->census && self->panel && self->sample) status = open_metrics(self);
    if (!status) status = columns_make(self);
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
    for (size_t m = 0; m < self->metric_count; m++) {
        if (self->metric[m]->close)
            self->metric[m]->close(self->state[m], self->world->shards.count);
        memory_free(self->state[m]);
    }
    memory_free(self->tally);
    memory_free(self->census);
    memory_free(self->panel);
    memory_free(self->sample);
    memory_free(self->returned);
    memory_free(self->joined);
    memory_free(self->texts);
    memory_free(self);
}

enum status measure_begin(struct measure *self) { return panels_choose(self); }

static void *metric_state(const struct measure *self, size_t m, uint32_t shard)
{
    return (char *)self->state[m] + shard * self->metric[m]->about.state_size;
}

void measure_rows(struct measure *self, uint32_t shard, uint32_t thread,
                  const struct impression *impressions, size_t n)
{
    (void)thread;
    struct tally *t = &self->tally[shard];
    const struct video *videos = self->world->videos[shard].row;
    for (size_t i = 0; i < n; i++) {
        const struct impression *r = &impressions[i];
        uint32_t acts = r->acts;
        uint8_t cohort = videos[entity_row(self->world->shards, r->video)].cohort;
        t->watch_ms += r->watch_ms;
        t->plays_7s += (acts & ACT_PLAY_7S) != 0;
        t->plays_18s += (acts & ACT_PLAY_18S) != 0;
        t->completions += (acts & ACT_COMPLETE) != 0;
        t->likes += (acts & ACT_LIKE) != 0;
        t->comments += (acts & ACT_COMMENT) != 0;
        t->shares += (acts & ACT_SHARE) != 0;
        t->follows += (acts & ACT_FOLLOW) != 0;
        t->hides += (acts & ACT_HIDE) != 0;
        t->reports += (acts & ACT_REPORT) != 0;
        t->ads += (acts & ACT_AD) != 0;
        t->source[r->source]++;
        t->cohort_impressions[cohort]++;
        t->cohort_watch_ms[cohort] += r->watch_ms;
    }
    t->impressions += n;
    const struct metric_view view = panels_view(self);
    for (size_t m = 0; m < self->metric_count; m++)
        if (self->metric[m]->rows)
            self->metric[m]->rows(metric_state(self, m, shard), &view, shard, impressions, n);
}

void measure_video(struct measure *self, uint32_t shard, uint32_t row)
{
    enum status status = panels_emit_video(self, shard, row);
    if (status && !self->emitted) self->emitted = status;
}

void measure_cascade(struct measure *self, uint32_t root_video, uint64_t size, uint32_t depth,
                     double virality)
{
    const struct cell cells[] = {cell_int(root_video), cell_int((int64_t)size), cell_int(depth),
                                 cell_float(virality)};
    enum status status = measure_emit(self, TABLE_CASCADES, cells,
                                      sizeof cells / sizeof cells[0]);
    if (status && !self->emitted) self->emitted = status;
}

struct ledger_day {
    struct measure *measure;
    int64_t day;
    enum status status;
};

static const char *stream_text(const struct measure *self, int stream)
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
        cell_text(stream_text(day->measure, stream)), cell_int(amount)};
    if (!day->status) day->status = measure_emit(day->measure, TABLE_LEDGER, cells, 5);
}

static enum status close_day(struct measure *self, int32_t day)
{
    enum status status = census_take(self, day);
    struct ledger_day ledger = {self, day, status};
    if (self->services.ledger)
        self->services.ledger(self->services.revenue, ledger_row, &ledger);
    return ledger.status;
}

enum status measure_close(struct measure *self)
{
    enum status status = self->emitted;
    sim_time close = self->world->close;
    int32_t day = (int32_t)(self->world->now / TIME_DAY);
    sim_time length = (sim_time)(self->p->interval * (double)TIME_DAY);
    bool day_ends = close / TIME_DAY > day;
    bool interval_ends = close - self->from >= length;
    if (!status && day_ends) status = close_day(self, day);
    if (!status && interval_ends) {
        if (!day_ends) status = census_take(self, day);
        if (!status) status = series_emit(self);
        self->from = close;
        self->interval++;
    }
    return status;
}

enum status measure_finish(struct measure *self)
{
    enum status status = self->emitted;
    const struct world *w = self->world;
    for (uint32_t s = 0; s < w->shards.count && !status; s++)
        for (size_t r = 0; r < w->videos[s].count && !status; r++) {
            uint8_t state = w->videos[s].counter[r].state;
            if (state == VIDEO_FREE || state == VIDEO_RETIRED) continue;
            status = panels_emit_video(self, s, (uint32_t)r);
        }
    if (!status) status = panels_emit_creators(self);
    return status ? status : census_emit_retention(self);
}

static void visit_tally(struct measure *self, struct visitor *v)
{
    size_t n = self->world->shards.count;
    struct tally *t = self->tally;
#define TALLY(member) VISIT_FIELD(v, "measure." #member, t, n, member);
    TALLY(impressions)
    TALLY(watch_ms)
    TALLY(completions)
    TALLY(plays_7s)
    TALLY(plays_18s)
    TALLY(likes)
    TALLY(comments)
    TALLY(shares)
    TALLY(follows)
    TALLY(hides)
    TALLY(reports)
    TALLY(ads)
    TALLY(source)
    TALLY(cohort_impressions)
    TALLY(cohort_watch_ms)
#undef TALLY
}

static void visit_retention(struct measure *self, struct visitor *v)
{
    uint64_t days = (uint64_t)self->days;
    visit_count(v, "measure.days", &days, 1u << 20);
    if (visit_loading(v) && !v->status) {
        size_t n = (size_t)days;
        if (memory_grow(&self->joined, &self->joined_room, n, sizeof *self->joined) ||
            memory_grow(&self->returned, &self->returned_room, n * RETENTION_AGES,
                        sizeof *self->returned))
            v->status = STATUS_NO_MEMORY;
        self->days = (int32_t)days;
    }
    if (v->status) return;
    VISIT_ARRAY(v, "measure.joined", self->joined, (size_t)self->days);
    VISIT_ARRAY(v, "measure.returned", self->returned, (size_t)self->days * RETENTION_AGES);
}

void measure_visit(struct measure *self, struct visitor *v)
{
    VISIT_VALUE(v, "measure.interval", self->interval);
    VISIT_VALUE(v, "measure.from", self->from);
    visit_tally(self, v);
    visit_retention(self, v);
    for (size_t m = 0; m < self->metric_count; m++)
        if (self->metric[m]->visit)
            self->metric[m]->visit(self->state[m], self->world->shards.count, v);
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
    case TABLES:
        break;
    }
    return (struct table_shape){NULL, 0};
}
