/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Time and attention by tenure: what newcomers of the run watched in a day on which they came,
 * and what share of it attentively (seven seconds or in full), in their first week, in the
 * three weeks after it, and later. Zannettou et al. 2024 find that time grows with tenure while
 * attention stays; theirs are 347 people who were still there when they were asked. So the
 * terms are compared within people here, too: of each newcomer who has stayed beyond four weeks
 * and came on that day, all that it ever watched counts, by the age at which it did. Between
 * all who were ever there the comparison would show who leaves, not what tenure does.
 */
#include "base/memory.h"
#include "measure/metric.h"
#include "measure/panel_log.h"

#define TERMS 3

static const struct column columns[] = {
    {"minutes_tenure_week_1", "min",
     "watched in a day on which they came, within their first 7 days, by newcomers who came "
     "on this day and are in their fifth week or later"},
    {"minutes_tenure_weeks_2_4", "min", "the same people, from their 8th to their 28th day"},
    {"minutes_tenure_later", "min", "the same people, from their 29th day to this one"},
    {"attention_tenure_week_1", "1",
     "share of impressions watched for 7 s or in full, of the same people within their first "
     "7 days"},
    {"attention_tenure_weeks_2_4", "1", "the same, from their 8th to their 28th day"},
    {"attention_tenure_later", "1", "the same, from their 29th day to this one"},
};

/* A newcomer's past, by its age at the time. */
struct past {
    uint64_t watch_ms[TERMS];
    uint32_t impressions[TERMS], attentive[TERMS], days[TERMS];
    int32_t last_day; /* on which it was shown anything */
};

/* One shard: what its videos were shown to newcomers since the day began, and the past of its
 * viewers. Newcomers have the last rows of a shard's table. */
struct tenure {
    struct panel_log log; /* viewer's number, watched ms * 2 + attentively */
    struct past *past;    /* owned; [newcomers] */
    size_t count, room;
    size_t first;    /* row of the first newcomer */
    int16_t *joined; /* owned; [newcomers]: on what day; read anew before it is asked for */
    size_t joined_room;
};

static struct panel_logs logs_of(void *states, uint32_t shards)
{
    return (struct panel_logs){states, sizeof(struct tenure), shards};
}

static void rows(void *state, const struct metric_view *view, uint32_t shard,
                 const struct impression *impressions, size_t n)
{
    struct tenure *self = state; /* the shards' states stand in one array */
    const struct world *w = view->world;
    for (size_t i = 0; i < n; i++) {
        const struct impression *r = &impressions[i];
        uint32_t s = entity_shard(w->shards, r->viewer);
        if (entity_row(w->shards, r->viewer) < self[(ptrdiff_t)s - (ptrdiff_t)shard].first)
            continue;
        panel_log_add(&self->log, r->viewer, r->watch_ms << 1 | ((r->acts & ACT_PLAY_7S) != 0));
    }
}

static int term_of(int32_t age) { return age < 7 ? 0 : age < 28 ? 1 : 2; }

/* The past of a viewer; NULL = no memory. */
static struct past *past_of(struct tenure *states, const struct world *w, uint32_t viewer)
{
    uint32_t s = entity_shard(w->shards, viewer);
    struct tenure *self = &states[s];
    size_t at = entity_row(w->shards, viewer) - self->first;
    size_t need = w->viewers[s].count - self->first;
    if (memory_grow(&self->past, &self->room, need, sizeof *self->past)) return NULL;
    for (; self->count < need; self->count++)
        self->past[self->count] = (struct past){.last_day = INT32_MIN};
    return &self->past[at];
}

static size_t newcomers(const struct tenure *self, const struct viewer_shard *viewers)
{
    return viewers->count - self->first;
}

/* Who joined when, also of shards that are elsewhere. */
static enum status know_joined(struct tenure *all, const struct world *w)
{
    enum status status = STATUS_OK;
    for (uint32_t s = 0; s < w->shards.count && !status; s++) {
        const struct viewer_shard *viewers = &w->viewers[s];
        size_t n = newcomers(&all[s], viewers);
        status = memory_grow(&all[s].joined, &all[s].joined_room, n, sizeof *all[s].joined);
        for (size_t i = 0; !status && !viewers->elsewhere && i < n; i++)
            all[s].joined[i] = viewers->row[all[s].first + i].joined_day;
    }
    while (post_turn(w->post))
        for (uint32_t s = 0; s < w->shards.count && !status; s++)
            post_bytes(w->post, s, all[s].joined,
                       newcomers(&all[s], &w->viewers[s]) * sizeof *all[s].joined);
    return status;
}

/* What was logged goes into the pasts. */
static enum status remember(void *states, const struct metric_view *view)
{
    const struct world *w = view->world;
    struct tenure *all = states;
    int32_t day = (int32_t)(w->now / TIME_DAY);
    enum status status = know_joined(all, w);
    size_t n;
    if (status) return status;
    uint64_t *row = panel_logs_take(logs_of(states, w->shards.count), &n);
    if (!row) return STATUS_NO_MEMORY;
    for (size_t i = 0; i < n && !status; i++) {
        uint32_t viewer = (uint32_t)(row[i] >> 32), what = (uint32_t)row[i];
        struct past *past = past_of(states, w, viewer);
        if (!past) {
            status = STATUS_NO_MEMORY;
            break;
        }
        const struct tenure *home = &all[entity_shard(w->shards, viewer)];
        int term = term_of(day - home->joined[entity_row(w->shards, viewer) - home->first]);
        past->watch_ms[term] += what >> 1;
        past->impressions[term]++;
        past->attentive[term] += what & 1;
        past->days[term] += past->last_day != day;
        past->last_day = day;
    }
    memory_free(row);
    return status;
}

/* Adds the pasts of the shard's newcomers who came on this day and have stayed. */
static void add_stayed(const struct tenure *self, int32_t day, struct past *sum,
                       uint64_t impressions[2][TERMS])
{
    for (size_t i = 0; i < self->count; i++) {
        const struct past *past = &self->past[i];
        if (past->last_day != day || term_of(day - self->joined[i]) != TERMS - 1) continue;
        for (int k = 0; k < TERMS; k++) {
            sum->watch_ms[k] += past->watch_ms[k];
            sum->days[k] += past->days[k];
            impressions[0][k] += past->impressions[k];
            impressions[1][k] += past->attentive[k];
        }
    }
}

static void sample(void *states, const struct metric_view *view, struct cell *cells)
{
    const struct tenure *all = states;
    const struct world *w = view->world;
    struct past sum = {0};
    uint64_t impressions[2][TERMS] = {{0}};
    metric_fault(view, remember(states, view));
    for (uint32_t s = 0; s < w->shards.count; s++)
        add_stayed(&all[s], (int32_t)(w->now / TIME_DAY), &sum, impressions);
    for (int k = 0; k < TERMS; k++) {
        double minutes = (double)sum.watch_ms[k] / (double)TIME_MINUTE;
        cells[k] = sum.days[k] ? cell_float(minutes / (double)sum.days[k]) : cell_empty();
        cells[TERMS + k] = impressions[0][k] ? cell_float((double)impressions[1][k] /
                                                          (double)impressions[0][k])
                                             : cell_empty();
    }
}

static enum status reserve(void *states, const struct metric_view *view)
{
    return panel_logs_reserve(logs_of(states, view->world->shards.count));
}

/* Whether what a file says was logged is of newcomers. */
static bool log_sound(const struct tenure *states, uint32_t shard, const struct world *w)
{
    const struct panel_log *log = &states[shard].log;
    for (size_t i = 0; i < log->count; i++) {
        uint32_t viewer = (uint32_t)(log->row[i] >> 32), s = entity_shard(w->shards, viewer);
        size_t row = entity_row(w->shards, viewer);
        if (row < states[s].first || row >= w->viewers[s].count) return false;
    }
    return true;
}

static enum status begin(void *states, const struct metric_view *view)
{
    struct tenure *all = states;
    for (uint32_t s = 0; s < view->world->shards.count; s++) {
        const struct viewer_shard *viewers = &view->world->viewers[s];
        size_t first = viewers->count;
        while (first > 0 && viewer_origin(viewers, first - 1) & ORIGIN_NEWCOMER) first--;
        all[s].first = first;
        if (all[s].count > viewers->count - first) return STATUS_BAD_INPUT;
    }
    for (uint32_t s = 0; s < view->world->shards.count; s++)
        if (!log_sound(all, s, view->world)) return STATUS_BAD_INPUT;
    return reserve(states, view);
}

static void visit_pasts(struct tenure *self, struct visitor *v)
{
    uint64_t n = self->count;
    visit_count(v, "metric.tenure.count", &n, UINT32_MAX >> 1);
    if (visit_loading(v) && !v->status)
        v->status = memory_grow(&self->past, &self->room, (size_t)n, sizeof *self->past);
    if (v->status) return;
    self->count = (size_t)n;
    VISIT_FIELD(v, "metric.tenure.watch_ms", self->past, n, watch_ms);
    VISIT_FIELD(v, "metric.tenure.impressions", self->past, n, impressions);
    VISIT_FIELD(v, "metric.tenure.attentive", self->past, n, attentive);
    VISIT_FIELD(v, "metric.tenure.days", self->past, n, days);
    VISIT_FIELD(v, "metric.tenure.last_day", self->past, n, last_day);
}

static void visit(void *states, uint32_t shards, struct visitor *v)
{
    struct tenure *all = states;
    panel_logs_visit(logs_of(states, shards), v);
    for (uint32_t s = 0; s < shards; s++) visit_pasts(&all[s], v);
}

static void release(void *states, uint32_t shards)
{
    struct tenure *all = states;
    panel_logs_free(logs_of(states, shards));
    for (uint32_t s = 0; s < shards; s++) {
        memory_free(all[s].past);
        memory_free(all[s].joined);
    }
}

const struct metric metric_tenure = {
    .about = {.name = "tenure",
              .doc = "time a day and attention by tenure, of newcomers who have stayed",
              .reference = "Zannettou et al. 2024, CHI; arXiv 2301.04945",
              .state_size = sizeof(struct tenure)},
    .columns = columns,
    .column_count = sizeof columns / sizeof columns[0],
    .begin = begin,
    .rows = rows,
    .window = reserve,
    .day = remember,
    .sample = sample,
    .visit = visit,
    .close = release,
};
