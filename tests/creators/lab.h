/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A world with creators only. Uploads enter the catalogue at once; what the audience does is
 * written by the test. It stands in for sim/.
 */
#ifndef TESTS_CREATORS_LAB_H
#define TESTS_CREATORS_LAB_H

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "creators/creators.h"
#include "world/event_kinds.h"

#include "creators/parts.h"

struct lab {
    struct parameters parameters;
    struct registry registry;
    struct registries registries;
    struct errors errors;
    struct team team;
    struct world world;
    struct creators *creators;
    int64_t promoted;       /* budgets offered, micro-units */
    int64_t promoted_at[2]; /* spent, by channel */
    void (*bought)(struct creator *c, uint32_t place, int64_t spent); /* may be NULL */
    void (*window)(struct lab *lab);                     /* before creators act; may be NULL */
    void (*made)(struct lab *lab, const struct video *); /* each upload; one thread then */
    void *context;
};

struct lab_noise { /* the table of policy/, as far as creators/ reads it */
    double transparency;
};
static const struct schema_row lab_noise_rows[] = {
    {.path = "transparency",
     .type = SCHEMA_FLOAT,
     .low = 0,
     .high = 5,
     .initial = "0",
     .offset = offsetof(struct lab_noise, transparency)},
};
static const struct schema_table lab_noise_table = {
    .prefix = "policy", .size = sizeof(struct lab_noise), SCHEMA_ROWS(lab_noise_rows)};

struct lab_streams { /* the table of revenue/, likewise */
    struct name_list streams;
};
static const struct schema_row lab_streams_rows[] = {
    {.path = "streams",
     .type = SCHEMA_NAMES,
     .initial = "[]",
     .offset = offsetof(struct lab_streams, streams)},
};
static const struct schema_table lab_streams_table = {
    .prefix = "revenue", .size = sizeof(struct lab_streams), SCHEMA_ROWS(lab_streams_rows)};

static inline void lab_uploaded(void *self, uint32_t shard, uint32_t row)
{
    struct lab *lab = self;
    struct video_shard *videos = &lab->world.videos[shard];

    videos->counter[row].state = VIDEO_ACTIVE;
    videos->active++;
    if (lab->made) lab->made(lab, &videos->row[row]);
}

/* Spends half of what is offered. */
static inline int64_t lab_promote(void *self, uint32_t shard, uint32_t row, int64_t budget)
{
    struct lab *lab = self;
    struct creator *c = &lab->world.creators[shard].row[row];

    __atomic_fetch_add(&lab->promoted, budget, __ATOMIC_RELAXED); /* shards run side by side */
    c->balance -= budget / 2;
    book_post(&lab->world.creators[shard].book, LEDGER_PROMOTION, ACCOUNT_CREATORS,
              ACCOUNT_PLATFORM, budget / 2);
    return budget / 2;
}

/* All that is offered to the second of two channels, half to the first. */
static inline int64_t lab_promote_at(void *self, uint32_t shard, uint32_t row, uint32_t place,
                                     int64_t budget)
{
    struct lab *lab = self;
    struct creator *c = &lab->world.creators[shard].row[row];
    int64_t spent = place ? budget : budget / 2;

    __atomic_fetch_add(&lab->promoted_at[place], spent, __ATOMIC_RELAXED);
    c->balance -= spent;
    book_post(&lab->world.creators[shard].book, LEDGER_PROMOTION, ACCOUNT_CREATORS,
              ACCOUNT_PLATFORM, spent);
    if (lab->bought) lab->bought(c, place, spent);
    return spent;
}

static inline uint32_t lab_used(void *self, uint32_t shard, uint32_t row)
{
    (void)self, (void)shard, (void)row;
    return 3;
}

/* Nobody is live by nature; a room of two hours a day at most. */
static inline double lab_hours(void *self, uint32_t shard, uint32_t row, double *most)
{
    (void)self, (void)shard, (void)row;
    *most = 14;
    return 0;
}

#define LAB_HANDLER(kind)                                                                      \
    static inline void lab_on_##kind(struct scope *scope, const struct event *event)           \
    {                                                                                          \
        creators_on_##kind(((struct lab *)scope->world)->creators, scope, event);              \
    }
LAB_HANDLER(publish)
LAB_HANDLER(review)
LAB_HANDLER(life)

static const struct event_kind_row lab_kinds[EVENT_KIND_COUNT] = {
    [EVENT_PUBLISH] = {"publish", lab_on_publish},
    [EVENT_REVIEW] = {"review", lab_on_review},
    [EVENT_LIFE] = {"life", lab_on_life},
};

/* "creators.count=50 creators.cohorts[0].name=a": a group is added when it is named first. */
static inline void lab_set(struct lab *lab, const char *settings)
{
    char text[2048], *rest = text;

    require(strlen(settings) < sizeof text);
    strcpy(text, settings);
    for (char *word; (word = strsep(&rest, " "));) {
        if (!*word) continue;
        char *value = strchr(word, '=');
        int32_t index = 0;
        struct parameter at;
        require(value != NULL);
        *value++ = 0;
        while (strchr(word, '[') && !parameters_find(&lab->parameters, word, &at)) {
            enum status grown = parameters_grow(&lab->parameters, "creators.cohorts", &index);
            require(grown == STATUS_OK);
        }
        enum status status = parameters_set(&lab->parameters, word, value, "test",
                                            &lab->errors);
        if (status) fprintf(stderr, "%s", lab->errors.text);
        require(status == STATUS_OK);
    }
}

static inline void lab_tables(struct lab *lab)
{
    const struct schema_table *tables[32] = {&world_table, &topics_table, &regions_table,
                                             &lab_noise_table, &lab_streams_table};
    size_t n = 5;

    while (creators_strategies[lab->registry.count]) lab->registry.count++;
    lab->registry.kind = "strategy";
    lab->registry.member = memory_alloc(lab->registry.count, sizeof(void *));
    for (size_t i = 0; i < lab->registry.count; i++)
        lab->registry.member[i] = creators_strategies[i];
    lab->registries = (struct registries){&lab->registry, 1};
    for (size_t i = 0; creators_tables[i]; i++) tables[n++] = creators_tables[i];
    for (size_t i = 0; i < lab->registry.count; i++)
        if (lab->registry.member[i]->parameters)
            tables[n++] = lab->registry.member[i]->parameters;
    enum status status = parameters_init(&lab->parameters, tables, n);
    require(status == STATUS_OK);
}

static uint32_t lab_places = 2; /* channels that sell something */

/* Everything but the initial creators. Windows of an hour, 4 shards, unless set. */
static inline enum status lab_make(struct lab *lab, const char *settings)
{
    memset(lab, 0, sizeof *lab);
    lab_tables(lab);
    lab_set(lab, "run.window=60 run.shards=4");
    lab_set(lab, settings);
    team_init(&lab->team, 1);
    enum status status = world_init(&lab->world, &lab->parameters, &lab->team);
    require(status == STATUS_OK);
    lab->world.registries = &lab->registries;
    const struct engine_options options = {.shards = lab->world.shards.count,
                                           .window = lab->world.window,
                                           .kinds = lab_kinds,
                                           .kind_count = EVENT_KIND_COUNT};
    status = engine_init(&lab->world.engine, &options, &lab->team);
    require(status == STATUS_OK);
    const struct lab_streams *revenue = parameters_block(&lab->parameters, "revenue");
    bool priced = name_list_find(&revenue->streams, "course") >= 0 ||
                  name_list_find(&revenue->streams, "subscription") >= 0;
    const struct creators_services services = {
        {lab, lab_uploaded},
        {lab, lab_promote, lab_promote_at, lab_places, lab_used, lab_hours},
        priced};
    return creators_init(&lab->creators, &lab->world, &services, &lab->errors);
}

static inline void lab_open(struct lab *lab, const char *settings)
{
    enum status status = lab_make(lab, settings);
    require(status == STATUS_OK);
    status = creators_populate(lab->creators);
    require(status == STATUS_OK);
}

static inline void lab_close(struct lab *lab)
{
    creators_free(lab->creators);
    engine_free(lab->world.engine);
    team_free(&lab->team);
    world_free(&lab->world);
    parameters_free(&lab->parameters);
    memory_free(lab->registry.member);
    errors_free(&lab->errors);
}

static inline void lab_window(struct lab *lab)
{
    struct engine *engine = lab->world.engine;

    lab->world.now = engine_window_start(engine);
    lab->world.close = engine_window_end(engine);
    enum status status = engine_open(engine);
    require(status == STATUS_OK);
    if (lab->window) lab->window(lab);
    engine_run(engine, ENTITY_CREATOR, UINT32_MAX, lab);
    status = creators_close(lab->creators);
    require(status == STATUS_OK);
    status = engine_close(engine, &lab->errors);
    require(status == STATUS_OK);
}

static inline void lab_days(struct lab *lab, int days)
{
    sim_time end = engine_window_start(lab->world.engine) + days * TIME_DAY;

    while (engine_window_start(lab->world.engine) < end) lab_window(lab);
}

/* Calls `each` for every creator, in (shard, row) order. */
static inline void lab_each(struct lab *lab, void (*each)(struct lab *, struct creator *))
{
    for (uint32_t s = 0; s < lab->world.shards.count; s++)
        for (size_t r = 0; r < lab->world.creators[s].count; r++)
            each(lab, &lab->world.creators[s].row[r]);
}

/* Pays a creator, as a revenue stream would. */
static inline void lab_pay(struct lab *lab, struct creator *c, double amount)
{
    uint32_t shard = entity_home(lab->world.shards, c->name);
    int64_t micro = (int64_t)(amount * (double)MICRO);

    book_post(&lab->world.creators[shard].book, 0, ACCOUNT_VIEWERS, ACCOUNT_CREATORS, micro);
    c->balance += micro;
    c->income[0] += micro;
    c->period.income += micro;
}

/* The only creator of a world with one. */
static inline struct creator *lab_only(struct lab *lab)
{
    for (uint32_t s = 0; s < lab->world.shards.count; s++)
        if (lab->world.creators[s].count) return &lab->world.creators[s].row[0];
    require(false);
    return NULL;
}

static inline uint64_t lab_hash(struct lab *lab)
{
    struct visit_hash h = {0};
    enum status status = visit_hash_init(&h);
    require(status == STATUS_OK);
    world_visit(&lab->world, &h.visitor);
    creators_visit(lab->creators, &h.visitor);
    uint64_t hash = visit_hash_digest(&h);
    visit_hash_free(&h);
    return hash;
}

#endif
