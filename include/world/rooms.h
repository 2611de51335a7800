/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Live rooms: the board on which they are announced, at least one window ahead. Written by
 * growth/ at the close, read by viewers/ in the next window: who comes sees what a room was
 * like in the last window, not in this one. What happens there is counted by viewer shard and
 * room, in integers, and added up at the close.
 *
 * Empty, and of no cost, unless the channel that holds rooms is in use.
 */
#ifndef WORLD_ROOMS_H
#define WORLD_ROOMS_H

#include "engine/time.h"
#include "world/entity.h"
#include "world/video.h"

/* What happened in a room. */
struct room_count {
    uint64_t visits, watch_ms, chats, gifts, turned_away;
};

struct room {
    struct video video; /* what there is to see */
    uint32_t creator;   /* number */
    uint32_t seats;     /* viewers whom it lets in a window */
    sim_time starts, ends;
    struct room_count last; /* of the window that closed last */
    struct room_count sum;  /* since it began */
};

/* What visits are like; see the parameters of growth.livestream. */
struct room_terms {
    double shown, crowd, slope, stay, minutes, sigma, chat, follow, beat;
    uint32_t among;
};

struct room_board {
    const struct room *room; /* announced and live, by creator's shard, then row */
    const uint32_t *first;   /* [shards + 1]: where the rooms of a shard's creators begin */
    size_t count;
    struct room_terms terms;
    struct room_count *happened; /* [shards * count]: by viewer's shard, then room */
    uint32_t *free;              /* the same: seats that a viewer shard may still give */
    struct room_count total;     /* of all rooms since the start, up to the last close */
    uint64_t rooms;              /* that have ended */
};

#define ROOM_NONE UINT32_MAX

/* The room in which a creator is live at an instant; ROOM_NONE = nowhere. */
static inline uint32_t rooms_of(const struct room_board *self, struct shards shards,
                                uint32_t creator, sim_time when)
{
    uint32_t shard = entity_shard(shards, creator);
    for (uint32_t i = self->count ? self->first[shard] : 0;
         self->count && i < self->first[shard + 1]; i++) {
        const struct room *room = &self->room[i];
        if (room->creator == creator && room->starts <= when && when < room->ends) return i;
    }
    return ROOM_NONE;
}

static inline void room_add(struct room_count *to, const struct room_count *what)
{
    to->visits += what->visits;
    to->watch_ms += what->watch_ms;
    to->chats += what->chats;
    to->gifts += what->gifts;
    to->turned_away += what->turned_away;
}

/* What happened in the shards [first, end) of viewers is added up in the place of the first. */
static inline void rooms_gather(struct room_board *self, uint32_t first, uint32_t end)
{
    struct room_count *sum = self->happened + first * self->count;
    for (size_t i = self->count; i < (end - first) * self->count; i++) {
        room_add(&sum[i % self->count], &sum[i]);
        sum[i] = (struct room_count){0};
    }
}

#endif
