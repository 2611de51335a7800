/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The trace: every impression as a row, for those who ask for it (measure.trace). It is written
 * by one thread between two phases, so nobody else pays for it.
 */
#include "parts.h"

/* In the order of the columns. */
static const uint16_t acts[] = {ACT_COMPLETE, ACT_LIKE, ACT_COMMENT, ACT_SHARE, ACT_FOLLOW,
                                ACT_PROFILE,  ACT_HIDE, ACT_REPORT,  ACT_TIP,   ACT_AD};
#define ACTS (sizeof acts / sizeof acts[0])
#define CELLS (8 + ACTS)

void trace_begin(struct measure *self)
{
    bool wanted = self->p->trace || self->p->money;
    self->initial = wanted ? world_initial_viewers(self->world) : 0;
}

int64_t trace_viewer(const struct measure *self, uint32_t number)
{
    const struct world *w = self->world;
    uint32_t origin = viewer_origin(&w->viewers[entity_shard(w->shards, number)],
                                    entity_row(w->shards, number));
    bool newcomer = (origin & ORIGIN_NEWCOMER) != 0;
    return (int64_t)(origin & ~ORIGIN_NEWCOMER) + (newcomer ? (int64_t)self->initial : 0);
}

enum table_id trace_table(const struct measure *self)
{
    if (!self->p->trace) return TABLES;
    return self->p->trace_packed ? TABLE_TRACE_PACKED : TABLE_TRACE;
}

static enum status emit_row(struct measure *self, const struct impression *row)
{
    const struct world *w = self->world;
    uint32_t shard = entity_shard(w->shards, row->video),
             at = entity_row(w->shards, row->video);
    const struct video *video = &w->videos[shard].row[at];
    struct cell cells[CELLS] = {
        cell_int(w->now + row->at),
        cell_int(trace_viewer(self, row->viewer)),
        cell_int(video_id(w->shards, shard, w->videos[shard].counter[at].ordinal)),
        cell_int(video->creator),
        cell_text(source_name(row->source)),
        source_outside(row->source) ? cell_empty() : cell_int(row->position),
        cell_float((double)row->watch_ms / 1000),
        cell_float((double)row->watch_ms / (double)video->duration_ms),
    };
    for (size_t a = 0; a < ACTS; a++) cells[8 + a] = cell_int((row->acts & acts[a]) != 0);
    return measure_emit(self, trace_table(self), cells, CELLS);
}

enum status measure_trace(struct measure *self)
{
    const struct world *w = self->world;
    enum status status = STATUS_OK;
    if (!self->p->trace) return STATUS_OK;
    for (uint32_t s = 0; s < w->shards.count; s++) {
        struct exchange_cursor cursor = exchange_read(&w->impressions, s);
        const struct impression *rows;
        size_t n;
        while (!status && (rows = exchange_next(&cursor, &n)))
            for (size_t i = 0; i < n && !status; i++) status = emit_row(self, &rows[i]);
    }
    return status;
}
