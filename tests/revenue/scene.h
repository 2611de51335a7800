/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A small world for the tests of revenue and growth: viewers, creators and videos in known
 * rows, and made-up traffic that is a pure function of names and the window.
 */
#ifndef TESTS_REVENUE_SCENE_H
#define TESTS_REVENUE_SCENE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "growth/growth.h"
#include "revenue/revenue.h"
#include "viewers/viewers.h"
#include "world/event_kinds.h"

struct scene_size {
    uint32_t shards, viewers, creators, videos; /* rows a shard; videos are dealt to creators */
};

struct scene {
    struct parameters parameters;
    struct registry kinds[2];
    struct registries registries;
    struct team team;
    struct engine *engine; /* takes what streams plan for viewers, and never runs it */
    struct world world;
    struct errors errors;
    struct stream_key key;
    uint64_t window;
};

static inline size_t scene_members(const struct member *const *list)
{
    size_t n = 0;
    while (list[n]) n++;
    return n;
}

static inline void scene_registry(struct registry *registry, const char *kind,
                                  const struct member *const *list)
{
    registry->kind = kind;
    registry->count = scene_members(list);
    registry->member = memory_alloc(registry->count, sizeof(*registry->member));
    require(registry->member != NULL);
    for (size_t i = 0; i < registry->count; i++) registry->member[i] = list[i];
}

static inline void scene_parameters(struct scene *self)
{
    const struct schema_table *tables[64] = {&world_table, &topics_table, &regions_table};
    size_t n = 3;
    for (size_t i = 0; revenue_tables[i]; i++) tables[n++] = revenue_tables[i];
    for (size_t i = 0; growth_tables[i]; i++) tables[n++] = growth_tables[i];
    for (size_t i = 0; viewers_tables[i]; i++) tables[n++] = viewers_tables[i];
    for (size_t k = 0; k < 2; k++)
        for (size_t m = 0; m < self->kinds[k].count; m++)
            if (self->kinds[k].member[m]->parameters)
                tables[n++] = self->kinds[k].member[m]->parameters;
    require(parameters_init(&self->parameters, tables, n) == STATUS_OK);
}

/* "PREFIX[k].row" asks for k + 1 groups of a list. */
static inline void scene_set(struct scene *self, const char *path, const char *text)
{
    const char *bracket = strchr(path, '[');
    char prefix[64];
    int32_t at = 0;
    if (bracket) {
        snprintf(prefix, sizeof(prefix), "%.*s", (int)(bracket - path), path);
        while (parameters_count(&self->parameters, prefix) <= atoi(bracket + 1))
            require(parameters_grow(&self->parameters, prefix, &at) == STATUS_OK);
    }
    enum status status = parameters_set(&self->parameters, path, text, "test", &self->errors);
    if (status) fail_msg("%s", self->errors.text);
}

/* "PATH=VALUE PATH=VALUE" */
static inline void scene_set_all(struct scene *self, const char *settings)
{
    char text[512], *rest = text;
    snprintf(text, sizeof(text), "%s", settings);
    for (char *one; (one = strsep(&rest, " "));) {
        char *value = strchr(one, '=');
        *value++ = 0;
        scene_set(self, one, value);
    }
}

static inline void scene_fill_shard(struct world *w, uint32_t s, struct scene_size size)
{
    for (uint32_t i = 0; i < size.viewers; i++) {
        struct viewer *viewer = viewer_add(&w->viewers[s]);
        require(viewer != NULL);
        viewer->ordinal = i * size.shards + s;
        viewer_set_tip_propensity(viewer, 1);
        viewer->flags = i % 2 ? VIEWER_IOS : 0;
    }
    for (uint32_t i = 0; i < size.creators; i++) {
        struct creator *creator = creator_add(&w->creators[s]);
        require(creator != NULL);
        creator->name = name_of("creator", (uint64_t)i * size.shards + s);
        creator->left = TIME_NEVER;
        for (int v = 0; v < 4; v++) creator->videos[v] = ENTITY_NONE;
    }
    w->creators[s].active = size.creators;
    for (uint32_t i = 0; i < size.videos; i++) {
        uint32_t row = video_add(&w->videos[s]), creator = i % size.creators;
        struct video *video = &w->videos[s].row[row];
        require(row != ENTITY_NONE);
        video->name = name_child(w->creators[s].row[creator].name, i);
        video->creator = entity_number(w->shards, creator, s);
        video->topic = (uint8_t)(i % (uint32_t)w->topics.count);
        video->commercial = (float)(i % 5) / 8;
        w->videos[s].counter[row].state = VIDEO_ACTIVE;
        w->creators[s].row[creator].videos[0] = entity_number(w->shards, row, s);
    }
}

/* Registries, default parameters; then scene_set, then scene_world. */
static inline void scene_init(struct scene *self)
{
    *self = (struct scene){0};
    scene_registry(&self->kinds[0], "stream", revenue_streams);
    scene_registry(&self->kinds[1], "channel", growth_channels);
    self->registries = (struct registries){self->kinds, 2};
    scene_parameters(self);
    team_init(&self->team, 2);
}

static inline void scene_world(struct scene *self, struct scene_size size)
{
    static const struct purpose purpose = {"tests.scene", PURPOSE_LUCK};
    static const struct event_kind_row kinds[EVENT_KIND_COUNT] = {{0}};
    char shards[16];
    snprintf(shards, sizeof(shards), "%u", size.shards);
    scene_set(self, "run.shards", shards);
    require(world_init(&self->world, &self->parameters, &self->team) == STATUS_OK);
    self->world.registries = &self->registries;
    self->key = stream_key(self->world.seed, &purpose);
    const struct engine_options options = {.shards = size.shards,
                                           .window = self->world.window,
                                           .kinds = kinds,
                                           .kind_count = EVENT_KIND_COUNT};
    require(engine_init(&self->engine, &options, &self->team) == STATUS_OK);
    for (uint32_t s = 0; s < size.shards; s++) scene_fill_shard(&self->world, s, size);
}

static inline void scene_free(struct scene *self)
{
    engine_free(self->engine);
    team_free(&self->team);
    world_free(&self->world);
    parameters_free(&self->parameters);
    memory_free(self->kinds[0].member);
    memory_free(self->kinds[1].member);
    errors_free(&self->errors);
}

/* Fills every purse of a shard as viewers/ does. */
static inline void scene_fill_purses(struct scene *self, int64_t amount)
{
    struct world *w = &self->world;
    for (uint32_t s = 0; s < w->shards.count; s++)
        for (size_t i = 0; i < w->viewers[s].count; i++) {
            w->viewers[s].row[i].purse += amount;
            book_post(&w->creators[s].book, LEDGER_INCOME, ACCOUNT_OUTSIDE, ACCOUNT_VIEWERS,
                      amount);
        }
}

/* One impression of a viewer, through the hooks of the viewer phase into the log. */
static inline void scene_impression(struct scene *self, struct revenue *revenue,
                                    struct scope *scope, uint32_t row, struct stream *luck)
{
    struct world *w = &self->world;
    uint32_t shard = stream_below(luck, w->shards.count);
    uint32_t video = stream_below(luck, (uint32_t)w->videos[shard].count);
    uint32_t acts = stream_word(luck);
    struct moment moment = {.scope = scope,
                            .viewer = &w->viewers[scope->shard].row[row],
                            .viewer_number = entity_number(w->shards, row, scope->shard),
                            .name = viewer_name(&w->viewers[scope->shard].row[row]),
                            .video = &w->videos[shard].row[video],
                            .video_number = entity_number(w->shards, video, shard),
                            .at = w->now + 1000,
                            .match = (float)stream_normal(luck),
                            .occasion = luck->occasion * 64 + luck->sub,
                            .came_from = ENTITY_NONE};
    moment.acts = (uint16_t)((acts & 1 ? ACT_PLAY_7S : 0) | (acts % 11 == 0 ? ACT_AD : 0) |
                             (acts % 7 == 0 ? ACT_FOLLOWED : 0));
    if (revenue) revenue_paid(revenue, &moment);
    struct impression *log = (struct impression *)exchange_append(&w->impressions, scope->shard,
                                                                  shard);
    require(log != NULL);
    *log = (struct impression){.viewer = moment.viewer_number,
                               .video = moment.video_number,
                               .at = 1000,
                               .watch_ms = acts % 60000,
                               .acts = moment.acts,
                               .source = (acts >> 20) % 5 ? SOURCE_CONTENT : SOURCE_PROMOTED};
}

/* The viewer phase of a window: `each` impressions a viewer. */
static inline void scene_viewers(struct scene *self, struct revenue *revenue, uint32_t each)
{
    struct world *w = &self->world;
    for (uint32_t s = 0; s < w->shards.count; s++) {
        struct scope scope = {
            .engine = self->engine, .shard = s, .now = w->now, .window_end = w->close};
        for (uint32_t i = 0; i < w->viewers[s].count; i++) {
            scope.entity = entity_number(w->shards, i, s);
            struct stream luck = stream_open(self->key, viewer_name(&w->viewers[s].row[i]),
                                             (uint32_t)self->window);
            for (uint32_t k = 0; k < each; k++)
                scene_impression(self, revenue, &scope, i, &luck);
        }
    }
}

static inline void scene_deliver(struct scene *self)
{
    struct world *w = &self->world;
    exchange_deliver(&w->impressions);
    exchange_deliver(&w->payments);
    exchange_deliver(&w->shares);
}

/* The video phase, shards forwards or backwards. Either folder may be NULL. */
static inline void scene_videos(struct scene *self, struct revenue *revenue,
                                struct growth *growth, bool backwards)
{
    struct world *w = &self->world;
    for (uint32_t i = 0; i < w->shards.count; i++) {
        uint32_t s = backwards ? w->shards.count - 1 - i : i;
        struct exchange_cursor cursor = exchange_read(&w->impressions, s);
        const struct impression *rows;
        size_t n;
        while ((rows = exchange_next(&cursor, &n))) {
            if (revenue) revenue_rows(revenue, s, 0, rows, n);
            if (growth) growth_rows(growth, s, 0, rows, n);
        }
        if (revenue) revenue_payments(revenue, s);
        if (growth) growth_shares(growth, s);
    }
}

static inline void scene_next(struct scene *self)
{
    self->window++;
    self->world.now += self->world.window;
    self->world.close += self->world.window;
}

/* ------------------------------------------------------------------------ hash, save and load
 */

struct scene_tape {
    struct visitor visitor;
    char *bytes; /* owned */
    size_t used, room, at;
};

static inline void scene_tape_column(struct visitor *v, const char *name, void *data,
                                     size_t width, size_t stride, size_t count)
{
    struct scene_tape *tape = v->context;
    (void)name;
    if (v->mode == VISIT_SAVE)
        require(!memory_grow(&tape->bytes, &tape->room, tape->used + width * count, 1));
    for (size_t i = 0; i < count; i++) {
        char *element = (char *)data + i * stride;
        if (v->mode == VISIT_LOAD) {
            require(tape->at + width <= tape->used);
            memcpy(element, tape->bytes + tape->at, width);
            tape->at += width;
        } else {
            memcpy(tape->bytes + tape->used, element, width);
            tape->used += width;
        }
    }
}

static inline void scene_visit(struct scene *self, struct revenue *revenue,
                               struct growth *growth, struct visitor *v)
{
    world_visit(&self->world, v);
    if (revenue) revenue_visit(revenue, v);
    if (growth) growth_visit(growth, v);
}

static inline uint64_t scene_hash(struct scene *self, struct revenue *revenue,
                                  struct growth *growth)
{
    struct visit_hash h = {0};
    require(visit_hash_init(&h) == STATUS_OK);
    scene_visit(self, revenue, growth, &h.visitor);
    uint64_t digest = visit_hash_digest(&h);
    visit_hash_free(&h);
    return digest;
}

static inline void scene_save(struct scene *self, struct revenue *revenue,
                              struct growth *growth, struct scene_tape *tape)
{
    tape->visitor = (struct visitor){
        .mode = VISIT_SAVE, .column = scene_tape_column, .context = tape};
    scene_visit(self, revenue, growth, &tape->visitor);
    require(tape->visitor.status == STATUS_OK);
}

static inline void scene_load(struct scene *self, struct revenue *revenue,
                              struct growth *growth, struct scene_tape *tape)
{
    tape->visitor = (struct visitor){
        .mode = VISIT_LOAD, .column = scene_tape_column, .context = tape};
    scene_visit(self, revenue, growth, &tape->visitor);
    require(tape->visitor.status == STATUS_OK && tape->at == tape->used);
}

#endif
