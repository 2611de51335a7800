/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The activity log: what viewers did in a window, one fixed-size record an impression, written
 * by viewer shards, read by video shards in (source shard, order of writing).
 */
#ifndef WORLD_ACTIVITY_H
#define WORLD_ACTIVITY_H

#include <stdbool.h>

#include "base/code16.h"

enum act {
    ACT_PLAY_7S = 1 << 0,  /* watched >= 7 s or in full */
    ACT_PLAY_18S = 1 << 1, /* watched >= 18 s or in full */
    ACT_COMPLETE = 1 << 2, /* watched to the end */
    ACT_LIKE = 1 << 3,
    ACT_COMMENT = 1 << 4,
    ACT_SHARE = 1 << 5,
    ACT_FOLLOW = 1 << 6,
    ACT_PROFILE = 1 << 7, /* visited the creator's page */
    ACT_HIDE = 1 << 8,
    ACT_REPORT = 1 << 9,
    ACT_TIP = 1 << 10,
    ACT_AD = 1 << 11,       /* an ad was shown with this video */
    ACT_FOLLOWED = 1 << 12, /* the viewer already followed the creator */
    ACT_CONSENT = 1 << 13   /* may be learned from */
};

/* Where an impression came from: retrieval sources and others that put a video before a viewer.
 */
#define SOURCE_LIST(X)                                                                         \
    X(SOURCE_CONTENT, "content")                                                               \
    X(SOURCE_FOLLOW, "follow")                                                                 \
    X(SOURCE_TRENDING, "trending")                                                             \
    X(SOURCE_COLD_START, "cold_start")                                                         \
    X(SOURCE_EXPLORE, "explore")                                                               \
    X(SOURCE_PROMOTED, "promoted")                                                             \
    X(SOURCE_SHARED, "shared")                                                                 \
    X(SOURCE_COLLABORATIVE, "collaborative")                                                   \
    X(SOURCE_SEARCH, "search")                                                                 \
    X(SOURCE_LOCAL, "local")                                                                   \
    X(SOURCE_ITEM_TO_ITEM, "item_to_item")
/* Those that a growth channel of the same name brings: counted only where it is in use. */
#define SOURCE_CHANNEL_LIST(X) X(SOURCE_NOTIFICATION, "notification")

enum source {
#define SOURCE_ENUM(name, text) name,
    SOURCE_LIST(SOURCE_ENUM) SOURCE_CHANNEL_LIST(SOURCE_ENUM)
#undef SOURCE_ENUM
        SOURCES
};
#define SOURCE_ONE(name, text) +1
#define SOURCES_ALWAYS (0 SOURCE_LIST(SOURCE_ONE))

/* What tables call a source. */
static inline const char *source_name(enum source source)
{
    static const char *const name[] = {
#define SOURCE_NAME(id, text) [id] = (text),
        SOURCE_LIST(SOURCE_NAME) SOURCE_CHANNEL_LIST(SOURCE_NAME)
#undef SOURCE_NAME
    };
    return name[source];
}
/* Whether it came to the viewer by itself, in no slate. */
static inline bool source_outside(unsigned source)
{
    return source == SOURCE_SHARED || source == SOURCE_NOTIFICATION;
}

/* The largest values of the packed fields. */
#define IMPRESSION_AT_MOST ((UINT32_C(1) << 22) - 1) /* an hour, the longest window, fits */
#define IMPRESSION_CODE_MOST ((UINT32_C(1) << 5) - 1)

struct impression {
    uint32_t viewer, video; /* numbers */
    uint32_t watch_ms;      /* looping counts */
    uint32_t at : 22;       /* ms since the window opened */
    uint32_t source : 5;    /* enum source */
    uint32_t position : 5;  /* in its slate */
    uint16_t acts;          /* enum act */
    uint16_t propensity;    /* of being in the slate: propensity_decode; 0 = not known */
};
_Static_assert(sizeof(struct impression) == 20, "a log record is 20 bytes");
_Static_assert(SOURCES <= IMPRESSION_CODE_MOST + 1, "a source has its code");

/* The propensity field: 0 = not known. */
static inline uint16_t propensity_encode(float p) { return code16_encode(p); }
static inline float propensity_decode(uint16_t code) { return code16_decode(code); }

/* A viewer's money act, on its way to the creator's shard, where it is booked. */
struct payment {
    int64_t amount; /* micro-units, > 0 */
    uint32_t viewer, creator, video;
    uint32_t at;    /* ms since the window opened */
    uint8_t stream; /* index of the revenue stream */
    uint8_t flags;  /* PAYMENT_* */
    uint16_t padding;
    uint32_t detail; /* the stream's own */
};
enum payment_flag { PAYMENT_IOS = 1 };
_Static_assert(sizeof(struct payment) == 32, "a payment is 32 bytes");

/* One act of sharing, on its way to the video's shard: a node of a cascade. */
struct share_node {
    uint32_t video, viewer;
    uint32_t parent; /* viewer whose share brought it; ENTITY_NONE = a root */
};

/* A follow made (+1) or given up (-1), on its way to the creator's shard. */
struct follow_change {
    uint32_t creator; /* number */
    int32_t change;
};

#endif
