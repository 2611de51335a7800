/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The world: every table that more than one folder uses. It owns them and models nothing.
 */
#ifndef WORLD_WORLD_H
#define WORLD_WORLD_H

#include "base/kernels.h"
#include "base/parameters.h"
#include "engine/engine.h"
#include "engine/exchange.h"
#include "engine/post.h"
#include "engine/stream.h"
#include "engine/team.h"
#include "world/activity.h"
#include "world/ad_market.h"
#include "world/arms.h"
#include "world/audience.h"
#include "world/boost.h"
#include "world/creator.h"
#include "world/joints.h"
#include "world/regions.h"
#include "world/registry.h"
#include "world/rooms.h"
#include "world/topics.h"
#include "world/video.h"
#include "world/viewer.h"

/* What a random video and a typical personalised one are worth: M = (raw - offset) * scale.
 * Derived once under the reference ranker (docs/ODD.md 7.2). */
struct match_scale {
    float offset, scale;
};

struct world {
    struct shards shards;
    struct seed seed;
    sim_time window;
    sim_time now, close; /* the window that is running: [now, close) */
    struct match_scale match;
    struct topics topics;
    struct regions regions;
    struct viewer_shard *viewers;   /* [shards.count], owned */
    struct creator_shard *creators; /* [shards.count], owned */
    struct video_shard *videos;     /* [shards.count], owned */
    struct boost_shard *boosts;     /* [shards.count], owned; by creator's shard */
    struct ad_market market;        /* borrowed parts; see there */
    struct room_board rooms;        /* borrowed from the channel that holds them; or empty */
    struct joint_list joints;       /* likewise */
    struct exchange impressions;    /* struct impression: viewer shard -> video shard */
    struct exchange payments;       /* struct payment: viewer shard -> creator shard */
    struct exchange shares;         /* struct share_node: viewer shard -> video shard */
    struct exchange follows;        /* struct follow_change: viewer shard -> creator shard */
    struct arms arms;               /* one, unless the caller has called arms_init; owned */
    /* borrowed */
    const struct parameters *parameters;
    const struct registries *registries;
    const struct kernels *kernels;
    const struct audience *audience; /* run.population = "file"; NULL = everybody is drawn */
    struct team *team;
    struct engine *engine;
    struct post *post; /* NULL: this process runs all shards */
};

extern const struct schema_table world_table; /* "run": seed, days, window, shards, ... */
struct run_parameters {
    int64_t seed, replicate, world, days, shards;
    double window; /* minutes */
    char name[SCHEMA_TEXT_SIZE], currency[SCHEMA_TEXT_SIZE], audience[SCHEMA_TEXT_SIZE];
    int32_t population; /* POPULATION_WORDS */
    struct name_list plugins;
};

#define POPULATION_WORDS "drawn|file"
enum population { POPULATION_DRAWN, POPULATION_FILE };

/* What no single row can check: shards must be a power of two, a window a whole number of ms
 * that divides a day, topics differ by name. STATUS_BAD_INPUT with a line in errors for each
 * that is not so. */
enum status world_check(const struct parameters *parameters, struct errors *errors) MUST_CHECK;
/* Makes empty tables, topics and exchanges; the caller sets engine and registries. `parameters`
 * and `team` are borrowed. STATUS_BAD_INPUT when world_check would complain. */
enum status world_init(struct world *self, const struct parameters *parameters,
                       struct team *team) MUST_CHECK;
void world_free(struct world *self); /* a zeroed world is fine */
/* Viewers, creators, videos, boosts, shard by shard, with the day's counters and the books; not
 * the topics (a function of the scenario), nor the logs' rows (empty between windows). */
void world_visit(struct world *self, struct visitor *v);

/* Viewers of the initial population; O(viewers). */
uint64_t world_initial_viewers(const struct world *w);
static inline int32_t world_day(const struct world *w) { return (int32_t)(w->now / TIME_DAY); }
/* Of a shard that is here. */
static inline struct viewer *world_viewer(const struct world *w, uint32_t number)
{
    return &w->viewers[entity_shard(w->shards, number)].row[entity_row(w->shards, number)];
}
/* The birth name of a viewer of any shard. */
static inline uint64_t world_viewer_name(const struct world *w, uint32_t number)
{
    uint32_t origin = viewer_origin(&w->viewers[entity_shard(w->shards, number)],
                                    entity_row(w->shards, number));
    return viewer_birth_name(origin & ~ORIGIN_NEWCOMER, (origin & ORIGIN_NEWCOMER) != 0);
}
/* Arms of a split run; A where it is not split by these. */
static inline enum arm world_viewer_arm(const struct world *w, uint32_t number)
{
    if (w->arms.by != SCHEMA_SPLIT_VIEWER) return ARM_A;
    return arms_of(&w->arms, SCHEMA_SPLIT_VIEWER, world_viewer_name(w, number));
}
static inline struct creator *world_creator(const struct world *w, uint32_t number)
{
    return &w->creators[entity_shard(w->shards, number)].row[entity_row(w->shards, number)];
}
/* Whether a number, as a file may have it, is that of a creator, viewer or video
 * that is there. */
static inline bool world_has_creator(const struct world *w, uint32_t number)
{
    return !(number & ENTITY_CREATOR) &&
           entity_row(w->shards, number) < w->creators[entity_shard(w->shards, number)].count;
}
static inline bool world_has_viewer(const struct world *w, uint32_t number)
{
    return number <= ENTITY_VIEWER_LAST &&
           entity_row(w->shards, number) < w->viewers[entity_shard(w->shards, number)].count;
}
static inline bool world_has_video(const struct world *w, uint32_t number)
{
    return !(number & ENTITY_CREATOR) &&
           entity_row(w->shards, number) < w->videos[entity_shard(w->shards, number)].count;
}
static inline enum arm world_creator_arm(const struct world *w, const struct creator *creator)
{
    return arms_of(&w->arms, SCHEMA_SPLIT_CREATOR, creator->name);
}
static inline const struct video *world_video(const struct world *w, uint32_t number)
{
    return &w->videos[entity_shard(w->shards, number)].row[entity_row(w->shards, number)];
}

#endif
