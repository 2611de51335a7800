/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The metrics in use: found by name, given their turn.
 */
#include <string.h>

#include "base/memory.h"
#include "parts.h"

/* One line a built-in metric. */
#define METRIC_LIST(X)                                                                         \
    X(metric_views_inequality)                                                                 \
    X(metric_views_percentiles)                                                                \
    X(metric_income_inequality)                                                                \
    X(metric_income_volatility)                                                                \
    X(metric_mobility)                                                                         \
    X(metric_creator_survival)                                                                 \
    X(metric_new_creators)                                                                     \
    X(metric_topic_entropy)                                                                    \
    X(metric_taste_entropy)                                                                    \
    X(metric_taste_drift)                                                                      \
    X(metric_homogenisation)                                                                   \
    X(metric_calibration)                                                                      \
    X(metric_ranking_quality)                                                                  \
    X(metric_coverage)                                                                         \
    X(metric_act_rates)                                                                        \
    X(metric_activity)                                                                         \
    X(metric_retention)                                                                        \
    X(metric_ad_load)                                                                          \
    X(metric_lifetime_value)                                                                   \
    X(metric_cascades)                                                                         \
    X(metric_guarantees)                                                                       \
    X(metric_tenure)                                                                           \
    X(metric_live)                                                                             \
    X(metric_moderation)

#define METRIC_DECLARE(name) extern const struct metric name;
METRIC_LIST(METRIC_DECLARE)
#define METRIC_MEMBER(name) &name.about,
const struct member *const measure_metrics[] = {METRIC_LIST(METRIC_MEMBER) NULL};

static enum status open_one(struct measure *self, const struct metric *m)
{
    const struct metric_view view = panels_view(self);
    const uint32_t shards = self->world->shards.count;
    void *state = memory_alloc(shards, m->about.state_size + 1);
    if (!state) return STATUS_NO_MEMORY;
    self->state[self->metric_count] = state;
    if (m->rows) self->seeing[self->seeing_count++] = (uint8_t)self->metric_count;
    self->metric[self->metric_count++] = m;
    return m->open ? m->open(state, shards, &view) : STATUS_OK;
}

enum status metrics_open(struct measure *self)
{
    enum status status = STATUS_OK;
    for (int32_t i = 0; i < self->p->metrics.count && !status; i++) {
        const struct metric *m = (const struct metric *)registry_find(
            self->world->registries, "metric", self->p->metrics.name[i]);
        require(m != NULL && self->metric_count < SCHEMA_NAMES_MAX);
        bool twice = false;
        for (size_t k = 0; k < self->metric_count; k++) twice |= self->metric[k] == m;
        if (!twice) status = open_one(self, m);
    }
    return status;
}

void metrics_close(struct measure *self)
{
    for (size_t m = 0; m < self->metric_count; m++) {
        if (self->metric[m]->close)
            self->metric[m]->close(self->state[m], self->world->shards.count);
        memory_free(self->state[m]);
    }
    self->metric_count = 0;
}

enum status metrics_begin(struct measure *self)
{
    if (self->metric_count) panels_look(self);
    const struct metric_view view = panels_view(self);
    enum status status = STATUS_OK;
    for (size_t m = 0; m < self->metric_count && !status; m++)
        if (self->metric[m]->begin) status = self->metric[m]->begin(self->state[m], &view);
    return status;
}

void metrics_rows(struct measure *self, uint32_t shard, const struct impression *rows, size_t n)
{
    for (size_t k = 0; k < self->seeing_count; k++) {
        size_t m = self->seeing[k];
        const struct metric *metric = self->metric[m];
        char *state = (char *)self->state[m] + shard * metric->about.state_size;
        metric->rows(state, &self->view, shard, rows, n);
    }
}

enum status metrics_window(struct measure *self, bool day_ends)
{
    const struct metric_view view = panels_view(self);
    enum status status = STATUS_OK;
    for (size_t m = 0; m < self->metric_count && !status; m++) {
        const struct metric *metric = self->metric[m];
        if (day_ends && metric->day) status = metric->day(self->state[m], &view);
        if (!status && metric->window) status = metric->window(self->state[m], &view);
    }
    return status;
}

enum status metrics_sample(struct measure *self, const struct interval *interval,
                           struct cell *cells, size_t *count)
{
    if (self->metric_count) panels_look(self);
    struct metric_view view = panels_view(self);
    enum status status = STATUS_OK;
    size_t n = 0;
    view.sums = interval;
    view.fault = &status;
    for (size_t m = 0; m < self->metric_count && !status; m++) {
        self->metric[m]->sample(self->state[m], &view, cells + n);
        n += self->metric[m]->column_count;
    }
    *count = n;
    return status;
}

void metrics_visit(struct measure *self, struct visitor *v)
{
    for (size_t m = 0; m < self->metric_count; m++)
        if (self->metric[m]->visit)
            self->metric[m]->visit(self->state[m], self->world->shards.count, v);
}
