/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "posts.h"

bool posts_has(const struct channel_desk *desk, uint32_t creator, uint32_t video)
{
    const struct world *w = desk->world;
    const struct video_shard *videos = &w->videos[desk->shard];
    uint32_t row = entity_row(w->shards, video);
    return video != ENTITY_NONE && videos->counter[row].state == VIDEO_ACTIVE &&
           entity_row(w->shards, videos->row[row].creator) == creator;
}

static const uint32_t *listed(const struct channel_desk *desk, uint32_t creator)
{
    return desk->world->creators[desk->shard].row[creator].videos;
}

uint32_t posts_open(const struct channel_desk *desk, uint32_t creator)
{
    const uint32_t *video = listed(desk, creator);
    for (size_t i = 0; i < POSTS; i++)
        if (posts_has(desk, creator, video[i]) &&
            !(world_video(desk->world, video[i])->flags & VIDEO_EXCLUSIVE))
            return video[i];
    return ENTITY_NONE;
}

uint32_t posts_news(const struct channel_desk *desk, uint32_t creator)
{
    const struct world *w = desk->world;
    const uint32_t *video = listed(desk, creator);
    for (size_t i = 0; i < POSTS && w->now > 0; i++) {
        if (!posts_has(desk, creator, video[i])) continue;
        sim_time published =
            w->videos[desk->shard].counter[entity_row(w->shards, video[i])].published;
        if (published <= w->now && published > w->now - w->window) return video[i];
    }
    return ENTITY_NONE;
}
