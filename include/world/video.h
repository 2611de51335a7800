/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Videos of the active catalogue, one table a shard (the shard of the creator). Three parallel
 * arrays by who uses them: the truth (read when somebody watches; immutable), the counters
 * (written in the video phase), the features that the platform extracted (written once, at
 * upload).
 *
 * A video that leaves the active catalogue is streamed to videos.csv and its row is used again
 * a day later or more (`due`), so that a number in a slate, an allowance or the log never names
 * another video; what is under way for longer carries a stamp (video_stamp).
 */
#ifndef WORLD_VIDEO_H
#define WORLD_VIDEO_H

#include <stdbool.h>
#include <stddef.h>

#include "base/vector16.h"
#include "base/visit.h"
#include "engine/time.h"
#include "world/entity.h"

enum video_flag {
    VIDEO_VIOLATING = 1, /* hidden truth: breaks the rules */
    VIDEO_EXCLUSIVE = 2, /* for subscribers */
    VIDEO_AI = 4,        /* made with AI tools */
    VIDEO_TITLED = 32    /* title and words are made for search; its creator may do so later */
};

enum video_format {
    VIDEO_CLIP,
    VIDEO_AR /* augmented or virtual reality */
};

enum video_state {
    VIDEO_FREE,    /* row not in use */
    VIDEO_PENDING, /* uploaded, waits for moderation */
    VIDEO_ACTIVE,  /* may be recommended */
    VIDEO_REMOVED, /* taken down by moderation, while an appeal may bring it back */
    VIDEO_RETIRED  /* gone for good; its row may be used again at `due` */
};

/* One cache line. */
struct video {
    struct packed16 content; /* x_v: unit vector */
    uint64_t name;
    uint32_t creator; /* creator number (without ENTITY_CREATOR) */
    uint32_t duration_ms;
    float quality;    /* q_v in (0, 1) */
    float hook;       /* h_v: pull of the first seconds, mean 0, sd 1 */
    float commercial; /* m_v in [0, 1] */
    uint8_t topic, format, flags, cohort;
};
_Static_assert(sizeof(struct video) == 64, "a video's truth is one cache line");

enum video_mark {
    VIDEO_TOUCHED = 1,    /* shown since the last refresh of the snapshot */
    VIDEO_POOLS_DONE = 2, /* judged for the last time: failed a pool, or left the highest one */
    VIDEO_ENTERED = 4,    /* has been in the feed */
    VIDEO_OWING = 8       /* on the list of those that are owed impressions */
};
#define VIDEO_GRADE_SHIFT 4 /* two bits of the marks: grade of its first audience */

/* Written by platform/, but for `ordinal` and `uses`, which video_add gives. Two cache lines:
 * what nearly every impression touches, then the rest. */
struct video_counters {
    sim_time heated; /* when heat was last brought up to date */
    uint64_t watch_ms;
    uint32_t impressions, plays_7s, plays_18s, completions, likes;
    uint32_t pool_impressions; /* since it entered its traffic pool */
    uint32_t pool_paid;        /* of those: paid */
    float pool_score;    /* weighted acts since it entered the pool; paid ones count less */
    float heat;          /* time-decayed weighted acts, as of `heated` */
    uint32_t guaranteed; /* impressions its pool still owes it */
    uint8_t pool;        /* tier, 0 = cold start */
    uint8_t state;       /* enum video_state */
    uint8_t marks;       /* enum video_mark */
    uint8_t uses;        /* of the row by videos before this one, modulo 256 */
    uint8_t padding[4];
    sim_time published; /* when it entered the feed (after moderation) */
    sim_time pooled;    /* when it entered its traffic pool */
    sim_time due;       /* when the row of a retired video may be used again */
    uint32_t comments, shares, follows, hides, reports;
    uint32_t paid_impressions; /* of impressions: bought by a boost */
    uint32_t ordinal;    /* of birth in this shard, from 0: rows are used again, this is not */
    int16_t removed_day; /* when it left the catalogue; INT16_MIN while in it */
    uint8_t padding2[10];
};
_Static_assert(offsetof(struct video_counters, published) == 64 &&
                   sizeof(struct video_counters) == 128,
               "a video's counters are two cache lines, the first for every impression");

struct video_shard {
    struct video *row;              /* owned; the truth */
    struct video_counters *counter; /* owned */
    struct packed16 *feature;       /* owned; x~_v as extracted */
    size_t count, capacity;         /* rows in use or free below count */
    uint32_t *free_row;             /* owned; stack of rows that may be used again */
    size_t free_count, free_capacity;
    size_t active;      /* rows in state VIDEO_ACTIVE */
    uint64_t published; /* videos ever added */
};

void video_shard_free(struct video_shard *self);
/* A zeroed row in state VIDEO_PENDING, removed_day = INT16_MIN, the next ordinal: a free one,
 * else a new one; ENTITY_NONE = no memory. */
uint32_t video_add(struct video_shard *self);
void video_release(struct video_shard *self, uint32_t row); /* to VIDEO_FREE, onto the stack */
/* Something about a video that is under way for days must not be taken for something about the
 * next one in its row, and an event has no room for a birth name. So it lands at an instant
 * whose lowest 8 bits are the row's uses: at most 255 ms later. (A row rests for a day between
 * two videos: none comes round again within 256 days.) */
static inline sim_time video_stamp(sim_time when, uint8_t uses)
{
    return when + (uint8_t)(uses - (uint8_t)when);
}
static inline bool video_stamped(sim_time when, uint8_t uses) { return (uint8_t)when == uses; }
/* Whether n rows, as a file may name them, are there, in that state, and each named once. */
bool video_rows_once(struct video_shard *self, const uint32_t *row, size_t n,
                     enum video_state state);
void video_shard_visit(struct video_shard *self, struct visitor *v);

/* What tables call a video: never given twice, the same for any number of threads. */
static inline int64_t video_id(struct shards shards, uint32_t shard, uint32_t ordinal)
{
    return (int64_t)ordinal << shards.bits | shard;
}

#endif
