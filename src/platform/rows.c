/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rows that follow the world's tables: they grow between windows, or from the one place of a
 * window where a table grows (an upload), always by the owner of the shard.
 */
#include <string.h>

#include "base/memory.h"
#include "core.h"

void rows_keep(struct platform_shard *shard, enum status status)
{
    if (!shard->failed) shard->failed = status;
}

void rows_add(struct platform_shard *shard, struct row_list *list, uint32_t row)
{
    enum status status = memory_grow(&list->row, &list->capacity, list->count + 1,
                                     sizeof(*list->row));
    if (status) {
        rows_keep(shard, status);
        return;
    }
    list->row[list->count++] = row;
}

enum status rows_viewers(struct platform *self, uint32_t s)
{
    struct platform_shard *shard = &self->shard[s];
    size_t viewers = self->world->viewers[s].count;
    enum status status = memory_grow(&shard->viewer, &shard->viewer_words,
                                     viewers * self->stride, sizeof(*shard->viewer));
    if (status) return status;
    shard->viewers = viewers;
    return session_reserve(self, s, shard->session_count + 16);
}

static enum status reserve_creators(struct platform *self, uint32_t s)
{
    struct platform_shard *shard = &self->shard[s];
    size_t old = shard->creators;
    enum status status = memory_grow(&shard->newest, &shard->creators,
                                     self->world->creators[s].count, sizeof(*shard->newest));
    for (size_t i = old; i < shard->creators; i++)
        memset(&shard->newest[i], 0xff, sizeof(shard->newest[i]));
    self->newest[s] = shard->newest;
    if (status || !moderation_strikes(self)) return status;
    return memory_grow(&shard->offence, &shard->offences, self->world->creators[s].count,
                       sizeof(*shard->offence));
}

static enum status reserve_videos(struct platform *self, uint32_t s)
{
    struct platform_shard *shard = &self->shard[s];
    size_t need = self->world->videos[s].count, a = shard->rows, b = a, c = a;
    enum status status = memory_grow(&shard->cluster, &a, need, sizeof(*shard->cluster));
    if (!status) status = memory_grow(&shard->owed[0], &b, need, sizeof(*shard->owed[0]));
    if (!status) status = memory_grow(&shard->owed[1], &c, need, sizeof(*shard->owed[1]));
    for (uint32_t m = 0; m < self->models && !status; m++)
        status = index_reserve(&self->index[m], s, need);
    if (status) return status;
    shard->rows = a;
    return memory_grow(&shard->learned, &shard->learned_floats, need * self->wide.video,
                       sizeof(*shard->learned));
}

/* Prefetches what opening or going on with a session will read. */
void session_herald(void *platform, uint32_t s, uint32_t row, uint32_t slot)
{
    const struct platform *self = platform;
    const struct platform_shard *shard = &self->shard[s];
    if (row < shard->viewers)
        memory_prefetch(rows_viewer(self, s, row), self->stride * sizeof(*shard->viewer));
    if (slot >= pieces_rows(&shard->session)) return;
    memory_prefetch(session_row(shard, slot), sizeof(struct session));
    if (self->wide.session && slot < pieces_rows(&shard->session_learned))
        memory_prefetch(session_learned(self, s, slot), session_learned_size(self));
}

enum status rows_reserve(struct platform *self, uint32_t shard)
{
    bool here = !self->world->viewers[shard].elsewhere;
    enum status status = here ? rows_viewers(self, shard) : STATUS_OK;
    if (!status) status = reserve_creators(self, shard);
    if (!status) status = reserve_videos(self, shard);
    return status;
}
