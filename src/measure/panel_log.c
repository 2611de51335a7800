/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "panel_log.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

#define ROOM_LEAST 256
#define ROWS_MOST (UINT64_C(1) << 32)

static struct panel_log *log_of(struct panel_logs self, uint32_t shard)
{
    return (struct panel_log *)((char *)self.states + shard * self.size);
}

/* What came in the window that ends here, and where the next one begins. */
static void note_window(struct panel_log *log)
{
    uint64_t came = log->count - log->at_open;
    if (came > log->busiest) log->busiest = came;
    log->at_open = log->count;
}

enum status panel_logs_reserve(struct panel_logs self)
{
    enum status status = STATUS_OK;
    for (uint32_t s = 0; s < self.shards && !status; s++) {
        struct panel_log *log = log_of(self, s);
        note_window(log);
        log->room = log->count + 4 * log->busiest + ROOM_LEAST;
        status = memory_grow(&log->row, &log->capacity, log->room, sizeof *log->row);
    }
    return status;
}

static int compare_rows(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

uint64_t *panel_logs_take(struct panel_logs self, size_t *count)
{
    size_t n = 0;
    for (uint32_t s = 0; s < self.shards; s++) n += log_of(self, s)->count;
    uint64_t *all = memory_alloc(n, sizeof *all);
    *count = n;
    n = 0;
    for (uint32_t s = 0; s < self.shards; s++) {
        struct panel_log *log = log_of(self, s);
        if (all && log->count) memcpy(all + n, log->row, log->count * sizeof *all);
        n += log->count;
        note_window(log);
        /* As much as after a load; a window's first reserve was for at least that. */
        uint64_t room = 4 * log->busiest + ROOM_LEAST;
        log->room = room < log->capacity ? room : log->capacity;
        log->count = log->at_open = 0;
    }
    if (all) qsort(all, n, sizeof *all, compare_rows);
    return all;
}

static void visit_rows(struct panel_log *log, struct visitor *v)
{
    uint64_t n = log->count;
    visit_count(v, "panel_log.count", &n, ROWS_MOST);
    if (visit_loading(v) && !v->status)
        v->status = memory_grow(&log->row, &log->capacity, (size_t)n, sizeof *log->row);
    if (v->status) return;
    log->count = (size_t)n;
    VISIT_ARRAY(v, "panel_log.row", log->row, log->count);
}

void panel_logs_visit(struct panel_logs self, struct visitor *v)
{
    for (uint32_t s = 0; s < self.shards; s++) {
        struct panel_log *log = log_of(self, s);
        visit_rows(log, v);
        VISIT_VALUE(v, "panel_log.at_open", log->at_open);
        VISIT_VALUE(v, "panel_log.busiest", log->busiest);
        VISIT_VALUE(v, "panel_log.dropped", log->dropped);
        if (!v->status && (log->at_open > log->count || log->busiest > ROWS_MOST))
            v->status = STATUS_BAD_INPUT;
    }
}

void panel_logs_free(struct panel_logs self)
{
    for (uint32_t s = 0; s < self.shards; s++) memory_free(log_of(self, s)->row);
}
