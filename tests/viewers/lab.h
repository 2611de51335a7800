/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A world with viewers only: a catalogue that never changes, and a stateless platform that
 * serves either random videos or the best of a few by the true match. It stands in for sim/.
 */
#ifndef TESTS_VIEWERS_LAB_H
#define TESTS_VIEWERS_LAB_H

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "viewers/viewers.h"
#include "world/event_kinds.h"

#include "viewers/state.h"

struct lab {
    struct parameters parameters;
    struct registry registry;
    struct registries registries;
    struct team team;
    struct world world;
    struct viewers *viewers;
    struct feed_service feed;
    struct act_service act;
    uint32_t videos;
    uint32_t slate;    /* videos a slate */
    uint32_t best_of;  /* 1 = random */
    uint32_t ad_every; /* each so-many-th video has an ad; 0 = none */
    uint32_t empty;    /* 1 = nothing to show */
    uint64_t opened, closed, acted;
    void (*row)(struct lab *lab, const struct impression *row); /* sees the log; may be NULL */
    void *context;
};

static inline uint32_t lab_video(const struct lab *lab, uint32_t i)
{
    uint32_t shards = lab->world.shards.count;

    return entity_number(lab->world.shards, i / shards, i % shards);
}

static inline void lab_on_open(void *self, const struct feed *feed)
{
    (void)feed;
    __atomic_fetch_add(&((struct lab *)self)->opened, 1, __ATOMIC_RELAXED);
}
static inline void lab_on_close(void *self, const struct feed *feed)
{
    (void)feed;
    __atomic_fetch_add(&((struct lab *)self)->closed, 1, __ATOMIC_RELAXED);
}
static inline void lab_on_acted(void *self, const struct feed *feed,
                                const struct slate_entry *entry, const struct impression *act)
{
    (void)feed, (void)entry, (void)act;
    __atomic_fetch_add(&((struct lab *)self)->acted, 1, __ATOMIC_RELAXED);
}

/* The i-th video of the request: the best of `best_of` drawn by the viewer's name. */
static inline uint32_t lab_choose(const struct lab *lab, const struct feed *feed, uint32_t i)
{
    struct stream s = stream_open((struct stream_key){{7, 7}}, feed->name,
                                  feed->occasion + 16 * feed->request + i);
    uint32_t number = entity_number(lab->world.shards, feed->row, feed->shard);
    uint32_t best = lab_video(lab, stream_below(&s, lab->videos));
    float most = viewers_match(lab->viewers, number, best);

    for (uint32_t k = 1; k < lab->best_of; k++) {
        uint32_t other = lab_video(lab, stream_below(&s, lab->videos));
        float match = viewers_match(lab->viewers, number, other);
        if (match > most) {
            most = match;
            best = other;
        }
    }
    return best;
}

static inline uint32_t lab_on_slate(void *self, const struct feed *feed,
                                    struct slate_entry *out)
{
    struct lab *lab = self;

    if (lab->empty) return 0;
    for (uint32_t i = 0; i < lab->slate; i++) {
        uint32_t video = lab_choose(lab, feed, i);
        uint8_t ad = lab->ad_every && video % lab->ad_every == 0;
        out[i] = (struct slate_entry){.video = video, .source = SOURCE_CONTENT, .ad = ad};
    }
    return lab->slate;
}

#define LAB_HANDLER(kind)                                                                      \
    static inline void lab_##kind(struct scope *scope, const struct event *event)              \
    {                                                                                          \
        viewers_on_##kind(((struct lab *)scope->world)->viewers, scope, event);                \
    }
LAB_HANDLER(session)
LAB_HANDLER(continue)
LAB_HANDLER(shared)

static const struct event_kind_row lab_kinds[EVENT_KIND_COUNT] = {
    [EVENT_SHARED] = {"shared", lab_shared},
    [EVENT_SESSION] = {"session", lab_session},
    [EVENT_CONTINUE] = {"continue", lab_continue},
};

static inline void lab_herald(void *world, uint32_t shard, const struct event *event,
                              uint32_t between)
{
    viewers_herald(((struct lab *)world)->viewers, shard, event, between);
}

#define LAB_CREATORS 96 /* a multiple of the shards: a video lies where its creator does */

/* Catalogue: topics by audience, content near the topic, clips of about 25 s. */
static inline void lab_catalogue(struct lab *lab, uint32_t n, double median_s)
{
    struct world *w = &lab->world;

    lab->videos = n;
    for (uint32_t i = 0; i < n; i++) {
        struct video_shard *v = &w->videos[i % w->shards.count];
        uint32_t row = video_add(v);
        require(row == i / w->shards.count);
        struct stream s = stream_open((struct stream_key){{1, 2}}, i, 0);
        uint32_t topic = categorical_draw(&w->topics.by_audience, &s);
        float x[VECTOR_DIM];
        memcpy(x, w->topics.topic[topic].vector, sizeof x);
        for (int k = 0; k < VECTOR_DIM; k++) x[k] += 0.1f * (float)stream_normal(&s);
        vector_normalise(x);
        struct video *video = &v->row[row];
        vector_pack(&video->content, x);
        video->name = name_of("lab video", i);
        video->creator = i % LAB_CREATORS; /* rows of nobody: only a number here */
        video->duration_ms = (uint32_t)(1e3 * stream_lognormal(&s, maths_log(median_s), 0.9)) +
                             1;
        video->quality = (float)stream_beta(&s, 4, 4);
        video->hook = (float)stream_normal(&s);
        video->topic = (uint8_t)topic;
        v->counter[row].state = VIDEO_ACTIVE;
    }
}

/* offset: mean raw match of random pairs; scale: the best of `of` have mean 1. */
static inline void lab_scale(struct lab *lab, uint32_t of)
{
    struct world *w = &lab->world;
    double sum_random = 0, sum_best = 0;
    int n = 0;

    for (uint32_t i = 0; i < 2000; i++) {
        struct stream s = stream_open((struct stream_key){{3, 4}}, i, 0);
        uint32_t shard = stream_below(&s, w->shards.count);
        if (w->viewers[shard].count == 0) continue;
        uint32_t row = stream_below(&s, (uint32_t)w->viewers[shard].count);
        double best = -1e9;
        for (uint32_t k = 0; k < of; k++) {
            const struct video *video = world_video(
                w, lab_video(lab, stream_below(&s, lab->videos)));
            double raw = (double)viewers_raw_match(lab->viewers, &w->viewers[shard].row[row],
                                                   video);
            if (k == 0) sum_random += raw;
            if (raw > best) best = raw;
        }
        sum_best += best;
        n++;
    }
    w->match.offset = (float)(sum_random / n);
    w->match.scale = (float)(n / (sum_best - sum_random));
}

/* settings: "path=text" lines, NULL-terminated; may be NULL. */
static inline void lab_open(struct lab *lab, const char *const *settings)
{
    static const struct schema_table *tables[32];
    struct errors errors = {0};
    size_t n = 0;

    *lab = (struct lab){.slate = 8, .best_of = 12};
    tables[n++] = &world_table;
    tables[n++] = &topics_table;
    tables[n++] = &regions_table;
    for (const struct schema_table *const *t = viewers_tables; *t; t++) tables[n++] = *t;
    for (const struct member *const *m = viewers_choices; *m; m++)
        if ((*m)->parameters) tables[n++] = (*m)->parameters;
    require(parameters_init(&lab->parameters, tables, n) == STATUS_OK);
    for (; settings && *settings; settings++) {
        char path[128];
        const char *equals = strchr(*settings, '=');
        memcpy(path, *settings, (size_t)(equals - *settings));
        path[equals - *settings] = 0;
        enum status status = parameters_set(&lab->parameters, path, equals + 1, "test",
                                            &errors);
        if (status != STATUS_OK) fprintf(stderr, "%s", errors.text);
        require(status == STATUS_OK);
    }
    errors_free(&errors);
    static const struct member *members[1];
    members[0] = viewers_choices[0];
    lab->registry = (struct registry){"choice", members, 1};
    lab->registries = (struct registries){&lab->registry, 1};
    team_init(&lab->team, 1);
    require(world_init(&lab->world, &lab->parameters, &lab->team) == STATUS_OK);
    lab->world.registries = &lab->registries;
    struct engine_options options = {.shards = lab->world.shards.count,
                                     .window = lab->world.window,
                                     .kinds = lab_kinds,
                                     .kind_count = EVENT_KIND_COUNT,
                                     .herald = lab_herald};
    require(engine_init(&lab->world.engine, &options, &lab->team) == STATUS_OK);
    lab->feed = (struct feed_service){lab,          lab_on_open,  lab_on_slate,
                                      lab_on_acted, lab_on_close, NULL};
    require(viewers_init(&lab->viewers, &lab->world, &lab->feed, &lab->act) == STATUS_OK);
}

static inline void lab_populate(struct lab *lab, uint32_t videos, double median_s)
{
    lab_catalogue(lab, videos, median_s);
    require(viewers_populate(lab->viewers) == STATUS_OK);
    lab_scale(lab, lab->best_of > 1 ? lab->best_of : 12);
}

static inline void lab_free(struct lab *lab)
{
    viewers_free(lab->viewers);
    engine_free(lab->world.engine);
    team_free(&lab->team);
    world_free(&lab->world);
    parameters_free(&lab->parameters);
}

static inline void lab_read_log(struct lab *lab)
{
    struct world *w = &lab->world;

    exchange_deliver(&w->impressions);
    exchange_deliver(&w->follows);
    for (uint32_t d = 0; d < w->shards.count; d++) {
        struct exchange_cursor cursor = exchange_read(&w->impressions, d);
        const struct impression *rows;
        size_t n;
        while ((rows = exchange_next(&cursor, &n)))
            for (size_t i = 0; i < n && lab->row; i++) lab->row(lab, &rows[i]);
        exchange_consumed(&w->impressions, d);
        exchange_consumed(&w->follows, d);
    }
}

/* One window, as sim/ runs it. */
static inline void lab_window(struct lab *lab)
{
    struct world *w = &lab->world;
    struct errors errors = {0};

    w->now = engine_window_start(w->engine);
    w->close = engine_window_end(w->engine);
    require(engine_open(w->engine) == STATUS_OK);
    engine_run(w->engine, 0, ENTITY_VIEWER_LAST, lab);
    lab_read_log(lab);
    require(viewers_close(lab->viewers) == STATUS_OK);
    require(engine_close(w->engine, &errors) == STATUS_OK);
    w->now = engine_window_start(w->engine);
    w->close = engine_window_end(w->engine);
}

static inline void lab_run(struct lab *lab, sim_time until)
{
    while (engine_window_start(lab->world.engine) < until) lab_window(lab);
}

/* Sums of the day's counters over shards; clears them. */
static inline struct viewer_day lab_day(struct lab *lab)
{
    struct viewer_day sum = {0};

    for (uint32_t s = 0; s < lab->world.shards.count; s++) {
        struct viewer_day *d = &lab->world.viewers[s].day;
        sum.sessions += d->sessions;
        sum.active += d->active;
        sum.new_viewers += d->new_viewers;
        sum.churned += d->churned;
        sum.returned += d->returned;
        sum.shared_arrivals += d->shared_arrivals;
        sum.impressions += d->impressions;
        *d = (struct viewer_day){0};
    }
    return sum;
}

#endif
