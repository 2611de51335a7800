/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A scene with an engine: made-up viewers who open shared videos and share with a set chance.
 */
#ifndef TESTS_GROWTH_PLAY_H
#define TESTS_GROWTH_PLAY_H

#include <math.h>

#include "engine/engine.h"
#include "revenue/scene.h"

struct play {
    struct scene scene;
    struct growth *growth;
    struct engine *engine;
    double share; /* chance that somebody who was reached shares */
    struct stream_key key;
    uint64_t reached[64];           /* by shard */
    uint64_t asked[64][TOPICS_MAX]; /* questions that opened the app: by shard, topic */
    uint64_t own[64];               /* of them: about the viewer's strongest interest */
    uint32_t known;                 /* viewers of a lower ordinal ... */
    uint64_t told[64];              /* ... and a digest of who of them asked what, and when */
    /* finished cascades */
    struct cascade *row; /* owned */
    size_t rows, room;
    uint64_t digest; /* of them, in order */
};

static inline void play_cascade(void *sink, const struct cascade *row)
{
    struct play *self = sink;
    require(!memory_grow(&self->row, &self->room, self->rows + 1, sizeof(*self->row)));
    self->row[self->rows++] = *row;
    self->digest = self->digest * 31 + row->root_ordinal + row->size * 7 + row->depth;
}

static inline void play_share(struct play *self, struct scope *scope, uint32_t video,
                              uint32_t from)
{
    struct world *w = &self->scene.world;
    struct moment moment = {.scope = scope,
                            .viewer = world_viewer(w, scope->entity),
                            .viewer_number = scope->entity,
                            .video = world_video(w, video),
                            .video_number = video,
                            .at = scope->now,
                            .occasion = video,
                            .came_from = from,
                            .acts = ACT_SHARE};
    growth_shared(self->growth, &moment);
}

/* A friend's share arrives: an impression, and perhaps a share. Drawn by its time, too: where
 * two friends who share a video send it to one another, the same draw again would never end. */
static inline void play_on_shared(struct scope *scope, const struct event *event)
{
    struct play *self = scope->world;
    struct world *w = &self->scene.world;
    uint32_t video = event->data & ~SHARED_BY_APP;
    bool by_app = video != event->data;
    struct stream luck = stream_open(self->key, viewer_name(world_viewer(w, scope->entity)),
                                     video ^ (uint32_t)(scope->now * 2654435761));
    struct impression *row = (struct impression *)exchange_append(
        &w->impressions, scope->shard, entity_shard(w->shards, video));
    require(row != NULL);
    require(video_stamped(
        scope->now,
        w->videos[entity_shard(w->shards, video)].counter[entity_row(w->shards, video)].uses));
    *row = (struct impression){.viewer = scope->entity,
                               .video = video,
                               .source = by_app ? SOURCE_NOTIFICATION : SOURCE_SHARED};
    self->reached[scope->shard]++;
    if (stream_bernoulli(&luck, self->share))
        play_share(self, scope, video, by_app ? ENTITY_NONE : event->source);
}

/* A viewer comes with a question, or shares the video in `data` on its own account. */
static inline void play_on_session(struct scope *scope, const struct event *event)
{
    struct play *self = scope->world;
    uint32_t topic = event->data & ~SESSION_SEARCHES;
    if (event->data & SESSION_SEARCHES) {
        require(topic < (uint32_t)self->scene.world.topics.count);
        self->asked[scope->shard][topic]++;
        const struct viewer *viewer = world_viewer(&self->scene.world, scope->entity);
        self->own[scope->shard] += viewer->topic == topic;
        if (viewer->ordinal < self->known)
            self->told[scope->shard] += name_child(viewer_name(viewer) + topic,
                                                   (uint64_t)scope->now);
        return;
    }
    play_share(scope->world, scope, event->data, ENTITY_NONE);
}

/* Windows of an hour, and these channels: "[\"paid_boost\"]". */
static inline void play_init(struct play *self, const char *channels)
{
    *self = (struct play){0};
    scene_init(&self->scene);
    scene_set(&self->scene, "run.window", "60");
    scene_set(&self->scene, "growth.channels", channels);
}

/* The scene's parameters are set already. */
static inline void play_start(struct play *self, struct scene_size size)
{
    static const struct event_kind_row kinds[EVENT_KIND_COUNT] = {
        [EVENT_SHARED] = {"shared", play_on_shared},
        [EVENT_SESSION] = {"session", play_on_session}};
    static const struct purpose purpose = {"tests.play", PURPOSE_LUCK};
    struct growth_services services = {self, play_cascade};
    scene_world(&self->scene, size);
    struct world *w = &self->scene.world;
    struct engine_options options = {.shards = size.shards,
                                     .window = w->window,
                                     .kinds = kinds,
                                     .kind_count = EVENT_KIND_COUNT};
    require(engine_init(&self->engine, &options, &self->scene.team) == STATUS_OK);
    w->engine = self->engine;
    self->key = stream_key(w->seed, &purpose);
    require(growth_init(&self->growth, w, &services, &self->scene.errors) == STATUS_OK);
}

static inline void play_populate(struct play *self)
{
    assert_int_equal(growth_populate(self->growth), STATUS_OK);
}

static inline void play_begin(struct play *self, struct scene_size size)
{
    play_start(self, size);
    play_populate(self);
}

/* Gives a creator money, micro-units. */
static inline void play_endow(struct play *self, uint32_t shard, uint32_t row, int64_t amount)
{
    struct creator_shard *creators = &self->scene.world.creators[shard];
    book_post(&creators->book, LEDGER_LIVING, ACCOUNT_OUTSIDE, ACCOUNT_CREATORS, amount);
    creators->row[row].balance += amount;
}

static inline void play_within(double figure, double theory, double error)
{
    if (fabs(figure - theory) > 4 * error)
        fail_msg("%g, expected %g with a standard error of %g", figure, theory, error);
}

static inline void play_end(struct play *self)
{
    growth_free(self->growth);
    engine_free(self->engine);
    memory_free(self->row);
    scene_free(&self->scene);
}

/* Friends drawn at random, `count` for each viewer. */
static inline void play_befriend(struct play *self, uint32_t count)
{
    struct world *w = &self->scene.world;
    static const struct purpose purpose = {"tests.friends", PURPOSE_POPULATION};
    struct stream_key key = stream_key(w->seed, &purpose);
    for (uint32_t s = 0; s < w->shards.count; s++)
        for (uint32_t i = 0; i < w->viewers[s].count; i++) {
            struct viewer *viewer = &w->viewers[s].row[i];
            struct stream luck = stream_open(key, viewer_name(viewer), 0);
            while (viewer->relations.count < count) {
                uint32_t shard = stream_below(&luck, w->shards.count);
                uint32_t row = stream_below(&luck, (uint32_t)w->viewers[shard].count);
                struct relation friend = relation_make(RELATION_FRIEND,
                                                       entity_number(w->shards, row, shard));
                if (shard == s && row == i) continue;
                require(!relation_add(&w->viewers[s].relations, &viewer->relations, friend,
                                      count, NULL));
            }
        }
}

/* Every viewer follows so many creators. */
static inline void play_follow(struct play *self, uint32_t count)
{
    static const struct purpose purpose = {"tests.follows", PURPOSE_POPULATION};
    struct world *w = &self->scene.world;
    struct stream_key key = stream_key(w->seed, &purpose);
    for (uint32_t s = 0; s < w->shards.count; s++)
        for (uint32_t i = 0; i < w->viewers[s].count; i++) {
            struct viewer *viewer = &w->viewers[s].row[i];
            struct stream luck = stream_open(key, viewer_name(viewer), 0);
            for (uint32_t k = 0; k < count; k++) {
                uint32_t shard = stream_below(&luck, w->shards.count);
                uint32_t row = stream_below(&luck, (uint32_t)w->creators[shard].count);
                struct relation follow = relation_make(RELATION_FOLLOW,
                                                       entity_number(w->shards, row, shard));
                require(!relation_add(&w->viewers[s].relations, &viewer->relations, follow, 64,
                                      NULL));
            }
        }
}

/* One window; false when the engine has nothing more to do. */
static inline bool play_window(struct play *self, bool backwards)
{
    struct world *w = &self->scene.world;
    w->now = engine_window_start(self->engine);
    w->close = engine_window_end(self->engine);
    require(engine_open(self->engine) == STATUS_OK);
    engine_run(self->engine, 0, ENTITY_VIEWER_LAST, self);
    scene_deliver(&self->scene);
    scene_videos(&self->scene, NULL, self->growth, backwards);
    require(growth_close(self->growth) == STATUS_OK);
    require(engine_close(self->engine, &self->scene.errors) == STATUS_OK);
    return engine_pending(self->engine) > 0;
}

#endif
