/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who is about to run: a viewer's event touches a dozen places that have left the cache since
 * the viewer's last one. They are asked for in two steps, an event apart: what the event names,
 * then what the viewer's row points to.
 */
#include "base/memory.h"
#include "state.h"

/* What a friend's video is judged by. */
static void herald_shared(const struct world *w, const struct event *event)
{
    const struct video_shard *shard = &w->videos[entity_shard(w->shards, event->data)];
    uint32_t row = entity_row(w->shards, event->data);

    if (row >= shard->count) return;
    __builtin_prefetch(&shard->row[row]);
    memory_prefetch(&shard->counter[row], sizeof *shard->counter);
    if (!w->viewers[entity_shard(w->shards, event->source)].elsewhere)
        __builtin_prefetch(&world_viewer(w, event->source)->ordinal);
}

static void herald_session(const struct viewers *self, uint32_t shard, uint32_t row,
                           uint32_t slot)
{
    const struct session_pool *pool = &self->pools[shard];

    if (slot < pieces_rows(&pool->session))
        memory_prefetch(pool_session(pool, slot), sizeof(struct session));
    if (self->feed->herald) self->feed->herald(self->feed->self, shard, row, slot);
}

/* What a session goes on with: whether the rest of its slate is still in the feed. */
static void herald_slate(const struct viewers *self, uint32_t shard, uint32_t slot)
{
    const struct session_pool *pool = &self->pools[shard];
    const struct world *w = self->world;

    if (slot >= pieces_rows(&pool->session)) return;
    const struct session *session = pool_session(pool, slot);
    for (uint32_t i = session->slate_next; i < session->slate_count && i < SLATE_MAX; i++) {
        uint32_t video = session->slate[i].video;
        if (video == ENTITY_NONE) continue;
        const struct video_shard *shard_of = &w->videos[entity_shard(w->shards, video)];
        memory_prefetch(&shard_of->counter[entity_row(w->shards, video)], 1);
        memory_prefetch(world_video(w, video), 1);
    }
}

/* The slot that the next session to open will take. */
static uint32_t next_slot(const struct session_pool *pool)
{
    return pool->free_count > 0 ? pool->free[pool->free_count - 1] : (uint32_t)pool->count;
}

void viewers_herald(const struct viewers *self, uint32_t shard, const struct event *event,
                    uint32_t between)
{
    const struct world *w = self->world;
    const struct viewer_shard *viewers = &w->viewers[shard];
    uint32_t row = entity_row(w->shards, event->entity);
    const struct viewer *viewer = &viewers->row[row];

    if (between == EVENT_HERALD_MOST) {
        memory_prefetch(viewer, sizeof *viewer);
        if (event_kind(event) == EVENT_SHARED) herald_shared(w, event);
        if (event_kind(event) == EVENT_CONTINUE) herald_session(self, shard, row, event->data);
        return;
    }
    memory_prefetch(relation_rows(&viewers->relations, &viewer->relations),
                    viewer->relations.count * sizeof(struct relation));
    if (event_kind(event) == EVENT_CONTINUE) herald_slate(self, shard, event->data);
    if (event_kind(event) == EVENT_SESSION)
        herald_session(self, shard, row, next_slot(&self->pools[shard]));
}
