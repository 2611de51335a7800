/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The index: the arrays behind a snapshot, and how they change between windows.
 *
 * A refresh touches only what has changed: new videos take the next free place of their
 * cluster, one that leaves is overwritten by the last of its cluster. When a cluster is full
 * the clusters behind it move up; nothing else ever moves but in a rebuild with new clusters.
 */
#ifndef PLATFORM_INDEX_H
#define PLATFORM_INDEX_H

#include "base/visit.h"
#include "platform/snapshot.h"

#define TRENDING_MAX 256
#define CLUSTERS_MAX 1024

struct index {
    struct item *item;
    float *learned;
    uint32_t *block;      /* [places][block_words] */
    uint32_t block_words; /* set before the first layout; 0 = none */
    size_t places;        /* capacity of the three */
    uint32_t *begin, *size;
    struct packed16 *mean;
    uint32_t clusters, extent, count;
    uint32_t generation; /* of the clusters */
    uint32_t *hot;       /* numbers of the hottest videos, hottest first */
    uint32_t *trending;  /* places of those that are in the index: index_resolve */
    uint32_t hot_count, trending_count;
    uint64_t impressions;  /* of all items, when the ranker explores */
    uint32_t **position;   /* [shards][rows] */
    size_t *position_rows; /* [shards] capacity of each */
    struct shards shards;
    sim_time built;
};

enum status index_init(struct index *self, struct shards shards) MUST_CHECK;
void index_free(struct index *self);
/* Room for the position of `rows` videos of a shard; new ones are ENTITY_NONE. */
enum status index_reserve(struct index *self, uint32_t shard, size_t rows) MUST_CHECK;

/* Empties the index and lays out `clusters` clusters with room for count[c] items and some
 * more. */
enum status index_layout(struct index *self, uint32_t clusters,
                         const uint32_t *count) MUST_CHECK;
/* Takes a place for a video in a cluster; *place's item holds the number, the rest is the
 * caller's to fill in. Videos that are in the index already keep their place. */
enum status index_insert(struct index *self, uint32_t video, uint32_t cluster,
                         uint32_t *place) MUST_CHECK;
/* Does nothing when the video is not in the index. */
void index_remove(struct index *self, uint32_t video);
/* After inserts and removals: finds the places of the hot videos again. */
void index_resolve(struct index *self);
/* Cluster of a place, by bisection. */
uint32_t index_cluster(const struct index *self, uint32_t place);

/* Makes `self` a copy of `from`. */
enum status index_copy(struct index *self, const struct index *from) MUST_CHECK;
/* What plug-ins see; valid until the index changes. */
struct snapshot index_view(const struct index *self);
/* Aborts when an invariant is broken: for tests and debug builds. */
void index_check(const struct index *self);
void index_visit(struct index *self, struct visitor *v);
size_t index_bytes(const struct index *self);

#endif
