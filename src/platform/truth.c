/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The door to the truth, for the oracle alone. No other file of platform/ reads a viewer's row;
 * of a video the others read what is shown to everybody, and its content only to extract
 * features.
 */
#include "base/memory.h"
#include "core.h"

static void taste(void *self, uint32_t viewer, struct packed16 *out)
{
    const struct platform *platform = self;
    *out = world_viewer(platform->world, viewer)->taste;
}

static void content(void *self, uint32_t video, struct packed16 *out)
{
    const struct platform *platform = self;
    *out = world_video(platform->world, video)->content;
}

static void fetch(void *self, const uint32_t *video, size_t n)
{
    const struct platform *platform = self;
    for (size_t i = 0; i < n; i++)
        memory_prefetch(world_video(platform->world, video[i]), sizeof(struct video));
}

static float match(void *self, uint32_t viewer, uint32_t video)
{
    const struct platform *platform = self;
    const struct world *world = platform->world;
    if (platform->services.match)
        return platform->services.match(platform->services.truth, viewer, video);
    const struct video *v = world_video(world, video);
    int32_t dot = packed_dot(&world_viewer(world, viewer)->taste, &v->content);
    return (float)dot * 0x1p-28f + v->quality - 0.5f;
}

uint64_t truth_name(const struct platform *self, uint32_t viewer)
{
    return world_viewer_name(self->world, viewer);
}

uint32_t truth_slot(const struct platform *self, uint32_t viewer)
{
    uint32_t slot = world_viewer(self->world, viewer)->session;
    return slot ? slot - 1 : ENTITY_NONE;
}

void truth_open(struct platform *self)
{
    self->truth = (struct truth_door){self, taste, content, fetch, match};
}
