/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What panel viewers were shown, kept by one video shard until it is looked at.
 *
 * Room is made at the close of a window for one four times as busy as the busiest so far;
 * beyond that rows are dropped (and counted), so that nothing is allocated inside a window. How
 * much room there is depends on the log alone, never on what memory happened to be there.
 */
#ifndef MEASURE_PANEL_LOG_H
#define MEASURE_PANEL_LOG_H

#include "measure/metric.h"

struct panel_log {
    uint64_t *row; /* owned; panel position << 32 | what */
    size_t count, capacity;
    uint64_t room;    /* rows that may be added before the next close */
    uint64_t at_open; /* rows when the window opened */
    uint64_t busiest; /* most rows of a window */
    uint64_t dropped; /* since the start */
};

static inline void panel_log_add(struct panel_log *self, uint32_t position, uint32_t what)
{
    if (self->count >= self->room)
        self->dropped++;
    else
        self->row[self->count++] = (uint64_t)position << 32 | what;
}

/* The logs of all shards: the first member of each state of a metric. */
struct panel_logs {
    void *states;
    size_t size; /* of a state */
    uint32_t shards;
};

/* Room for the next window. Once when the population is there, then at every close. */
enum status panel_logs_reserve(struct panel_logs self) MUST_CHECK;
/* The rows of all shards, ascending, doubles included; the logs are empty then. NULL = no
 * memory. Freed by the caller. */
uint64_t *panel_logs_take(struct panel_logs self, size_t *count);
void panel_logs_visit(struct panel_logs self, struct visitor *v);
void panel_logs_free(struct panel_logs self);

#endif
