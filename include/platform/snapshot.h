/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The snapshot: all that the recommender may know of the catalogue while a window runs.
 *
 * Active videos stand as items, grouped into clusters of like features so that a retriever
 * finds what lies near a viewer by a few products with the clusters' means, and then reads
 * neighbours in memory. A cluster has a contiguous stretch of places: `size` items from
 * `begin`, then room for new ones up to the next cluster's begin. Nothing here changes inside a
 * window; plug-ins see const pointers only.
 */
#ifndef PLATFORM_SNAPSHOT_H
#define PLATFORM_SNAPSHOT_H

#include <stdbool.h>

#include "base/vector16.h"
#include "engine/time.h"
#include "world/entity.h"
#include "world/video.h"

enum item_flag {
    ITEM_EXCLUSIVE = 1, /* for subscribers */
    ITEM_GONE = 2       /* taken down since the snapshot was made (staleness): never served */
};

/* All that a slate reads of a video, together: most of them are looked at once, anywhere in
 * memory. */
struct item {
    struct packed16 vector; /* as the ranker's learner sees it */
    float bias;             /* the ranker's score that no viewer changes */
    uint32_t video;         /* number; ENTITY_NONE = an empty place */
    uint32_t creator;       /* number; compare for equality only */
    uint8_t topic;
    uint8_t flags;   /* enum item_flag */
    uint8_t mark[2]; /* two hashes of its birth name in [0, 176): its bits in a seen list */
};

/* 16 bits of the birth name of an item's video: by number and tag a video is found again, or
 * known to have left when another one has its number. */
static inline uint16_t item_tag(const struct item *item)
{
    return (uint16_t)(item->mark[0] << 8 | item->mark[1]);
}

/* A creator's newest videos in the feed, newest first; ENTITY_NONE-padded. */
struct newest {
    uint32_t video[4];
};

/* Lists of places that a snapshot has only when a source asks for them (struct retriever). */
enum place_list {
    PLACES_OF_REGION = 1, /* all of a region's creators, in the order of places */
    PLACES_OF_TOPIC = 2,  /* the best answers to a query for it, best first */
    PLACES_OF_GROUP = 4   /* what lately pleased the viewers to whose vectors a cluster is the
                             nearest, best first */
};

/* List k: place[begin[k]] to place[begin[k + 1] - 1]. */
struct place_lists {
    const uint32_t *place, *begin;
    uint32_t count; /* of lists; 0 = nobody asked for them */
};

struct snapshot {
    const struct item *item; /* [extent] */
    const float *learned;    /* [extent]: the learner's bias, or the ranker's extra; else 0 */
    const uint32_t *block; /* [extent][block_words]: what the learner says beside the vector */
    uint32_t block_words;  /* 0 = nothing */
    uint32_t neighbours;   /* struct learner, of the block */
    uint32_t extent;       /* places, empty ones included */
    uint32_t count;        /* items */
    uint64_t impressions;  /* of all items so far; 0 when the ranker gives no extra */
    uint32_t clusters;
    const struct packed16 *mean; /* [clusters], in the space of `vector` */
    const uint32_t *begin;       /* [clusters + 1] first place of each; last = extent */
    const uint32_t *size;        /* [clusters] items in each */
    const uint32_t *trending;    /* places of the hottest items, hottest first */
    uint32_t trending_count;
    const uint32_t *const *position;         /* [shard][video row] place, or ENTITY_NONE */
    const size_t *rows;                      /* [shard] that `position` has */
    const struct newest *const *newest;      /* [shard][creator row] */
    struct place_lists region, topic, group; /* [regions], [topics], [clusters] */
    const struct video_shard *videos;        /* for snapshot_counters only */
    struct shards shards;
    sim_time built;
    /* [extent] running sums over places of heat^exponent, as of the last close, empty places
     * adding nothing; NULL = no retriever wants them */
    const double *pull;
};

/* What has been counted of an item's video, up to the last close. Another line of memory: for
 * those who need it. */
static inline const struct video_counters *snapshot_counters(const struct snapshot *self,
                                                             uint32_t place)
{
    uint32_t video = self->item[place].video;
    return &self->videos[entity_shard(self->shards, video)]
                .counter[entity_row(self->shards, video)];
}

/* List k and its length; nothing when there is none. */
static inline const uint32_t *place_list(const struct place_lists *self, uint32_t k,
                                         uint32_t *count)
{
    *count = k < self->count ? self->begin[k + 1] - self->begin[k] : 0;
    return *count ? self->place + self->begin[k] : NULL;
}

/* The place of a video's item, or ENTITY_NONE. The number must be one that was given out. */
static inline uint32_t snapshot_place(const struct snapshot *self, uint32_t video)
{
    return self->position[entity_shard(self->shards, video)][entity_row(self->shards, video)];
}

/* The same for a number and tag from anywhere: ENTITY_NONE too when there is no such number, or
 * another video has it now. */
static inline uint32_t snapshot_find(const struct snapshot *self, uint32_t video, uint16_t tag)
{
    uint32_t shard = entity_shard(self->shards, video), place;
    if (video & ENTITY_CREATOR || entity_row(self->shards, video) >= self->rows[shard])
        return ENTITY_NONE;
    place = snapshot_place(self, video);
    return place != ENTITY_NONE && item_tag(&self->item[place]) == tag ? place : ENTITY_NONE;
}

static inline const uint32_t *snapshot_block(const struct snapshot *self, uint32_t place)
{
    return self->block + (size_t)place * self->block_words;
}

#endif
