/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whether viewers are shown topics in the proportions of their taste: the mean divergence of
 * the interval's exposure from true taste, over the panel's viewers who were there (Steck 2018,
 * RecSys). 0 = calibrated.
 */
#include <math.h>

#include "base/memory.h"
#include "measure/entropy.h"
#include "measure/metric.h"
#include "measure/panel_log.h"
#include "measure/tastes.h"

static const struct column columns[] = {
    {"calibration_kl", "nats",
     "mean Kullback-Leibler divergence of a panel viewer's exposure from its taste, by topic"},
};

struct exposure {
    struct panel_log log;
    /* Used in the first shard's state only: what past days of the interval showed. */
    uint32_t *count; /* owned; [panel][topics] */
    size_t rows, capacity;
};

static void rows(void *state, const struct metric_view *view, uint32_t shard,
                 const struct impression *impressions, size_t n)
{
    struct exposure *self = state;
    const struct video *videos = view->world->videos[shard].row;
    for (size_t i = 0; i < n; i++) {
        uint32_t position = panel_index(&view->panel, impressions[i].viewer);
        if (position == PANEL_NONE) continue;
        uint32_t row = entity_row(view->world->shards, impressions[i].video);
        panel_log_add(&self->log, position, videos[row].topic);
    }
}

static struct panel_logs logs_of(void *states, uint32_t shards)
{
    return (struct panel_logs){states, sizeof(struct exposure), shards};
}

static enum status begin(void *states, const struct metric_view *view)
{
    struct exposure *first = states;
    size_t n = view->panel.count * (size_t)view->world->topics.count;
    enum status status = memory_grow(&first->count, &first->capacity, n, sizeof *first->count);
    if (status) return status;
    first->rows = n;
    return panel_logs_reserve(logs_of(states, view->world->shards.count));
}

static enum status reserve(void *states, const struct metric_view *view)
{
    return panel_logs_reserve(logs_of(states, view->world->shards.count));
}

/* The logs' rows to counts. */
static enum status count_exposure(void *states, const struct metric_view *view)
{
    struct exposure *first = states;
    size_t n, topics = (size_t)view->world->topics.count;
    uint64_t *row = panel_logs_take(logs_of(states, view->world->shards.count), &n);
    if (!row) return STATUS_NO_MEMORY;
    for (size_t i = 0; i < n; i++) {
        size_t at = (size_t)(row[i] >> 32) * topics + (uint32_t)row[i];
        if (at < first->rows) first->count[at]++;
    }
    memory_free(row);
    return STATUS_OK;
}

static void sample(void *states, const struct metric_view *view, struct cell *cells)
{
    struct exposure *first = states;
    const size_t topics = (size_t)view->world->topics.count;
    double sum = 0, taste[TOPICS_MAX], shown[TOPICS_MAX];
    size_t viewers = 0;
    metric_fault(view, count_exposure(states, view));
    for (size_t p = 0; p < view->panel.count; p++) {
        tastes_by_topic(view->world, &view->panel.taste[p], taste);
        for (size_t k = 0; k < topics; k++) shown[k] = (double)first->count[p * topics + k];
        double divergence = entropy_divergence(taste, shown, topics);
        if (isnan(divergence)) continue;
        sum += divergence;
        viewers++;
    }
    for (size_t i = 0; i < first->rows; i++) first->count[i] = 0;
    cells[0] = viewers ? cell_float(sum / (double)viewers) : cell_empty();
}

static void visit(void *states, uint32_t shards, struct visitor *v)
{
    struct exposure *first = states;
    uint64_t n = first->rows;
    panel_logs_visit(logs_of(states, shards), v);
    visit_count(v, "metric.calibration.rows", &n, UINT64_C(1) << 32);
    if (visit_loading(v) && !v->status)
        v->status = memory_grow(&first->count, &first->capacity, (size_t)n,
                                sizeof *first->count);
    if (v->status) return;
    first->rows = (size_t)n;
    VISIT_ARRAY(v, "metric.calibration.count", first->count, (size_t)n);
}

static void release(void *states, uint32_t shards)
{
    struct exposure *first = states;
    panel_logs_free(logs_of(states, shards));
    memory_free(first->count);
}

const struct metric metric_calibration = {
    .about = {.name = "calibration",
              .doc = "divergence of what viewers are shown from their taste",
              .reference = "Steck 2018",
              .state_size = sizeof(struct exposure)},
    .columns = columns,
    .column_count = 1,
    .begin = begin,
    .rows = rows,
    .window = reserve,
    .day = count_exposure,
    .sample = sample,
    .visit = visit,
    .close = release,
};
