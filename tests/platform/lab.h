/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A platform with a small world around it: viewers of a few tastes, creators, videos, and a
 * driver that watches slates by a simple rule. It stands in for viewers/, creators/ and sim/.
 */
#ifndef TESTS_PLATFORM_LAB_H
#define TESTS_PLATFORM_LAB_H

#include <string.h>

#include "base/memory.h"
#include "platform/core.h"
#include "platform/platform.h"

/* |a - b| <= most, in doubles. */
#define assert_near(a, b, most) assert_true(fabs((double)(a) - (double)(b)) <= (most))

#define LAB_KINDS 4
#define LAB_MEMBERS 32

struct lab_options {
    uint32_t viewers, creators, videos; /* at the start */
    uint32_t shards, threads;
    uint32_t boosts;        /* of the first videos, 100 impressions each within a day */
    const char *const *set; /* "path=value" ..., NULL-terminated; may be NULL */
    bool shuffle;
};

struct lab {
    struct parameters parameters;
    struct registry registry[LAB_KINDS];
    const struct member *member[LAB_KINDS][LAB_MEMBERS];
    struct registries registries;
    struct team team;
    struct world world;
    struct platform *platform;
    struct upload_service upload;
    struct feed_service feed;
    struct errors errors;
    uint64_t made;     /* videos ever */
    double active;     /* share of viewers with a session in a window */
    uint32_t requests; /* slates a session */
    uint32_t retired;
    uint64_t shown[SOURCES], ads, ad_pairs;
    /* sees every impression, on one thread, after the viewers' phase; may be NULL */
    void (*row)(struct lab *lab, const struct impression *row);
    /* sees every slate, on the viewer's thread; may be NULL */
    void (*slate)(struct lab *lab, const struct feed *feed, const struct slate_entry *entry,
                  uint32_t n);
    void *context;
};

static inline void lab_retired(void *self, uint32_t shard, uint32_t row)
{
    struct lab *lab = self;
    require(lab->world.videos[shard].counter[row].state == VIDEO_RETIRED);
    lab->retired++;
}

static inline size_t lab_list(struct lab *lab, int k, const char *kind,
                              const struct member *const *members)
{
    size_t n = 0;
    for (; members[n]; n++) lab->member[k][n] = members[n];
    lab->registry[k] = (struct registry){kind, lab->member[k], n};
    return n;
}

/* All parameter tables that a platform needs; returns how many. */
static inline size_t lab_tables(struct lab *lab, const struct schema_table **out)
{
    size_t n = 0;
    out[n++] = &world_table;
    out[n++] = &topics_table;
    out[n++] = &regions_table;
    for (const struct schema_table *const *t = platform_tables; *t; t++) out[n++] = *t;
    lab_list(lab, 0, "retriever", platform_retrievers);
    lab_list(lab, 1, "ranker", platform_rankers);
    lab_list(lab, 2, "reranker", platform_rerankers);
    lab_list(lab, 3, "learner", platform_learners);
    for (int k = 0; k < LAB_KINDS; k++)
        for (size_t i = 0; i < lab->registry[k].count; i++)
            if (lab->member[k][i]->parameters) out[n++] = lab->member[k][i]->parameters;
    lab->registries = (struct registries){lab->registry, LAB_KINDS};
    return n;
}

static inline void lab_set(struct lab *lab, const char *setting)
{
    char path[128];
    const char *equals = strchr(setting, '=');
    require(equals && (size_t)(equals - setting) < sizeof(path));
    memcpy(path, setting, (size_t)(equals - setting));
    path[equals - setting] = 0;
    enum status status = parameters_set(&lab->parameters, path, equals + 1, "test",
                                        &lab->errors);
    require(status == STATUS_OK);
}

/* A vector near one of the topics. */
static inline struct packed16 lab_vector(struct lab *lab, uint32_t topic, struct stream *s,
                                         float noise)
{
    struct packed16 out;
    float x[VECTOR_DIM];
    memcpy(x, lab->world.topics.topic[topic].vector, sizeof(x));
    for (int k = 0; k < VECTOR_DIM; k++) x[k] += noise * (float)stream_normal(s);
    vector_normalise(x);
    vector_pack(&out, x);
    return out;
}

static inline void lab_creators(struct lab *lab, const struct lab_options *o)
{
    struct world *w = &lab->world;
    for (uint32_t i = 0; i < o->creators; i++) {
        uint64_t name = name_of("lab creator", i);
        struct creator *c = creator_add(&w->creators[entity_home(w->shards, name)]);
        require(c != NULL);
        c->name = name;
        c->left = TIME_NEVER;
        memset(c->videos, 0xff, sizeof(c->videos));
    }
}

/* Three creators, wherever they are. */
static inline void lab_follow(struct lab *lab, uint32_t shard, uint32_t row)
{
    struct world *w = &lab->world;
    struct viewer *viewer = &w->viewers[shard].row[row];
    uint64_t name = viewer_name(viewer);
    for (uint32_t i = 0; i < 3; i++) {
        uint32_t s = (uint32_t)(name >> (8 * i)) & (w->shards.count - 1);
        if (w->creators[s].count == 0) continue;
        uint32_t c = (uint32_t)(name >> 40) % (uint32_t)w->creators[s].count;
        struct relation follow = relation_make(RELATION_FOLLOW, entity_number(w->shards, c, s));
        require(relation_add(&w->viewers[shard].relations, &viewer->relations, follow, 8,
                             NULL) == STATUS_OK);
    }
}

static inline void lab_people(struct lab *lab, const struct lab_options *o)
{
    struct world *w = &lab->world;
    for (uint32_t i = 0; i < o->viewers; i++) {
        struct stream s = stream_open((struct stream_key){{1, 1}}, i, 0);
        uint32_t home = entity_home(w->shards, viewer_birth_name(i, false));
        struct viewer *v = viewer_add(&w->viewers[home]);
        require(v != NULL);
        v->ordinal = i;
        v->topic = (uint8_t)(i % (uint32_t)w->topics.count);
        v->taste = lab_vector(lab, v->topic, &s, 0.1f);
        v->flags = VIEWER_CONSENT;
    }
    lab_creators(lab, o);
    for (uint32_t s = 0; s < w->shards.count; s++)
        for (uint32_t i = 0; i < w->viewers[s].count; i++) lab_follow(lab, s, i);
}

/* The next video, of a creator that the ordinal chooses; returns its number. */
static inline uint32_t lab_upload(struct lab *lab)
{
    struct world *w = &lab->world;
    uint64_t name = name_of("lab video", lab->made++);
    uint32_t shard = entity_home(w->shards, name);
    struct stream s = stream_open((struct stream_key){{2, 2}}, name, 0);
    while (w->creators[shard].count == 0) shard = (shard + 1) & (w->shards.count - 1);
    uint32_t row = video_add(&w->videos[shard]);
    require(row != ENTITY_NONE);
    struct video *v = &w->videos[shard].row[row];
    v->name = name;
    v->topic = (uint8_t)stream_below(&s, (uint32_t)w->topics.count);
    v->content = lab_vector(lab, v->topic, &s, 0.1f);
    v->creator = entity_number(w->shards, stream_below(&s, (uint32_t)w->creators[shard].count),
                               shard);
    v->duration_ms = 20000;
    v->quality = (float)stream_uniform(&s);
    lab->upload.uploaded(lab->upload.self, shard, row);
    return entity_number(w->shards, row, shard);
}

/* Somebody pays for `count` impressions of a video until `ends`. */
static inline void lab_boost(struct lab *lab, uint32_t video, uint32_t count, sim_time ends)
{
    struct boost *boost = boost_add(&lab->world.boosts[entity_shard(lab->world.shards, video)]);
    require(boost != NULL);
    *boost = (struct boost){.name = world_video(&lab->world, video)->name,
                            .video = video,
                            .left = count,
                            .topic = UINT32_MAX,
                            .ends = ends};
}

/* As growth/ counts orders down: one past the last is a fault. */
static inline void lab_paid(struct lab *lab, uint32_t video)
{
    struct boost_shard *boosts = &lab->world.boosts[entity_shard(lab->world.shards, video)];
    for (size_t i = 0; i < boosts->count; i++) {
        if (boosts->row[i].video != video || !boosts->row[i].left) continue;
        boosts->row[i].left--;
        return;
    }
    require(false); /* an impression that nobody paid for */
}

static inline enum status lab_try(struct lab *lab, const struct lab_options *o)
{
    const struct schema_table *tables[64];
    *lab = (struct lab){.active = 0.5, .requests = 2};
    size_t n = lab_tables(lab, tables);
    require(parameters_init(&lab->parameters, tables, n) == STATUS_OK);
    ((struct run_parameters *)parameters_block(&lab->parameters, "run"))->shards = o->shards;
    for (const char *const *s = o->set; s && *s; s++) lab_set(lab, *s);
    team_init(&lab->team, o->threads);
    lab->team.shuffle = o->shuffle;
    require(world_init(&lab->world, &lab->parameters, &lab->team) == STATUS_OK);
    lab->world.registries = &lab->registries;
    struct platform_services services = {.sink = {lab, lab_retired}};
    enum status status = platform_init(&lab->platform, &lab->world, &services, &lab->errors);
    if (status) return status;
    lab->upload = platform_upload_service(lab->platform);
    lab->feed = platform_service(lab->platform);
    return STATUS_OK;
}

/* The i-th video in (shard, row) order. */
static inline uint32_t lab_any(struct lab *lab, uint32_t i)
{
    for (uint32_t s = 0; s < lab->world.shards.count; s++) {
        if (i < lab->world.videos[s].count) return entity_number(lab->world.shards, i, s);
        i -= (uint32_t)lab->world.videos[s].count;
    }
    return ENTITY_NONE;
}

static inline void lab_open(struct lab *lab, const struct lab_options *o)
{
    require(lab_try(lab, o) == STATUS_OK);
    lab_people(lab, o);
    for (uint32_t i = 0; i < o->videos; i++) lab_upload(lab);
    for (uint32_t i = 0; i < o->boosts; i++) lab_boost(lab, lab_any(lab, i), 100, TIME_DAY);
    require(platform_populate(lab->platform) == STATUS_OK);
    lab->world.close = lab->world.window;
}

static inline void lab_close(struct lab *lab)
{
    platform_free(lab->platform);
    world_free(&lab->world);
    team_free(&lab->team);
    parameters_free(&lab->parameters);
    errors_free(&lab->errors);
}

/* ------------------------------------------------------------------------------- watching */

/* Seconds and acts by cosine and quality: enough for learners to tell good from bad. */
static inline void lab_watch(struct lab *lab, struct stream *s, const struct viewer *viewer,
                             const struct video *video, struct impression *row)
{
    float match = (float)packed_dot(&viewer->taste, &video->content) * 0x1p-28f;
    float liking = 2.0f * match + video->quality - 1.0f;
    float seconds = maths_expf(liking) * 8.0f * (float)stream_exponential(s);
    (void)lab;
    if (seconds > 20.0f) seconds = 20.0f;
    row->watch_ms = (uint32_t)(seconds * 1e3f);
    if (seconds >= 7.0f) row->acts |= ACT_PLAY_7S;
    if (seconds >= 18.0f) row->acts |= ACT_PLAY_18S;
    if (seconds >= 20.0f) row->acts |= ACT_COMPLETE;
    if (stream_uniform(s) < 0.05 * (double)maths_expf(liking)) row->acts |= ACT_LIKE;
    if (viewer->flags & VIEWER_CONSENT) row->acts |= ACT_CONSENT;
}

static inline void lab_request(struct lab *lab, struct feed *feed, struct viewer *viewer,
                               struct stream *s)
{
    struct world *w = &lab->world;
    struct slate_entry entry[SLATE_MAX];
    /* one viewer in four opens with asking for its topic */
    feed->query = feed->request == 0 && feed->row % 4 == 0 ? viewer->topic + 1u : 0;
    uint32_t n = lab->feed.slate(lab->feed.self, feed, entry);
    if (lab->slate) lab->slate(lab, feed, entry, n);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t home = entity_shard(w->shards, entry[i].video);
        struct impression *row = exchange_append(&w->impressions, feed->shard, home);
        require(row != NULL);
        *row = (struct impression){.viewer = entity_number(w->shards, feed->row, feed->shard),
                                   .video = entry[i].video,
                                   .at = 1000 * (16 * feed->request + i) & IMPRESSION_AT_MOST,
                                   .source = entry[i].source & IMPRESSION_CODE_MOST,
                                   .propensity = entry[i].propensity,
                                   .position = i & IMPRESSION_CODE_MOST};
        if (entry[i].ad) row->acts |= ACT_AD;
        lab_watch(lab, s, viewer, world_video(w, entry[i].video), row);
        lab->feed.acted(lab->feed.self, feed, &entry[i], row);
        if (stream_uniform(s) < 0.05) return; /* leaves in the middle of a slate */
    }
}

static inline void lab_viewers(void *context, uint32_t shard, uint32_t thread)
{
    struct lab *lab = context;
    struct world *w = &lab->world;
    uint32_t occasion = (uint32_t)(w->now / w->window);
    for (uint32_t row = 0; row < w->viewers[shard].count; row++) {
        struct viewer *viewer = &w->viewers[shard].row[row];
        struct stream s = stream_open((struct stream_key){{3, 3}}, viewer_name(viewer),
                                      occasion);
        if (stream_uniform(&s) >= lab->active) continue;
        struct feed feed = {
            .shard = shard,
            .thread = thread,
            .row = row,
            .slot = row % 7, /* slots are reused */
            .name = viewer_name(viewer),
            .occasion = occasion,
            .flags = viewer->flags,
            .now = w->now,
            .follows = relation_rows(&w->viewers[shard].relations, &viewer->relations),
            .follow_count = viewer->relations.count};
        lab->feed.open(lab->feed.self, &feed);
        for (feed.request = 0; feed.request < lab->requests; feed.request++)
            lab_request(lab, &feed, viewer, &s);
        lab->feed.close(lab->feed.self, &feed);
    }
}

static inline void lab_videos(void *context, uint32_t shard, uint32_t thread)
{
    struct lab *lab = context;
    struct exchange_cursor cursor = exchange_read(&lab->world.impressions, shard);
    const struct impression *rows;
    size_t n;
    while ((rows = exchange_next(&cursor, &n)))
        platform_rows(lab->platform, shard, thread, rows, n);
}

static inline void lab_log(struct lab *lab)
{
    for (uint32_t s = 0; s < lab->world.shards.count; s++) {
        struct exchange_cursor cursor = exchange_read(&lab->world.impressions, s);
        const struct impression *rows;
        size_t n;
        while ((rows = exchange_next(&cursor, &n)))
            for (size_t i = 0; i < n; i++) {
                lab->shown[rows[i].source]++;
                lab->ads += (rows[i].acts & ACT_AD) != 0;
                if (rows[i].source == SOURCE_PROMOTED) lab_paid(lab, rows[i].video);
                if (lab->row) lab->row(lab, &rows[i]);
            }
    }
}

/* One window, with `uploads` new videos in it if there is a creator. */
static inline void lab_window(struct lab *lab, uint32_t uploads)
{
    struct world *w = &lab->world;
    size_t creators = 0;
    for (uint32_t s = 0; s < w->shards.count; s++) creators += w->creators[s].count;
    if (!creators) uploads = 0;
    team_run(&lab->team, w->shards.count, lab_viewers, lab);
    exchange_deliver(&w->impressions);
    platform_deliver(lab->platform);
    lab_log(lab);
    team_run(&lab->team, w->shards.count, lab_videos, lab);
    for (uint32_t i = 0; i < uploads; i++) lab_upload(lab);
    require(platform_close(lab->platform) == STATUS_OK);
    w->now = w->close;
    w->close += w->window;
}

static inline uint64_t lab_hash(struct lab *lab)
{
    struct visit_hash hash;
    require(visit_hash_init(&hash) == STATUS_OK);
    for (uint32_t s = 0; s < lab->world.shards.count; s++)
        video_shard_visit(&lab->world.videos[s], &hash.visitor);
    platform_visit(lab->platform, &hash.visitor);
    require(hash.visitor.status == STATUS_OK);
    uint64_t digest = visit_hash_digest(&hash);
    visit_hash_free(&hash);
    return digest;
}

/* ------------------------------------------------------------------------------ checkpoint */

/* State to memory and back. */
struct lab_image {
    char *bytes;
    size_t size, capacity, at;
};

static inline void lab_save_column(struct visitor *v, const char *name, void *data,
                                   size_t width, size_t stride, size_t count)
{
    struct lab_image *image = v->context;
    (void)name;
    require(memory_grow(&image->bytes, &image->capacity, image->size + width * count, 1) ==
            STATUS_OK);
    for (size_t i = 0; i < count; i++, image->size += width)
        memcpy(image->bytes + image->size, (const char *)data + i * stride, width);
}

static inline void lab_load_column(struct visitor *v, const char *name, void *data,
                                   size_t width, size_t stride, size_t count)
{
    struct lab_image *image = v->context;
    (void)name;
    if (image->at + width * count > image->size) {
        v->status = STATUS_BAD_INPUT;
        return;
    }
    for (size_t i = 0; i < count; i++, image->at += width)
        memcpy((char *)data + i * stride, image->bytes + image->at, width);
}

static inline void lab_visit(struct lab *lab, struct visitor *v)
{
    VISIT_VALUE(v, "now", lab->world.now);
    VISIT_VALUE(v, "close", lab->world.close);
    VISIT_VALUE(v, "made", lab->made);
    for (uint32_t s = 0; s < lab->world.shards.count; s++) {
        video_shard_visit(&lab->world.videos[s], v);
        boost_shard_visit(&lab->world.boosts[s], v);
    }
    platform_visit(lab->platform, v);
}

static inline struct lab_image lab_save(struct lab *lab)
{
    struct lab_image image = {0};
    struct visitor v = {.mode = VISIT_SAVE, .column = lab_save_column, .context = &image};
    lab_visit(lab, &v);
    require(v.status == STATUS_OK);
    return image;
}

/* A lab of the same options, without videos, in the saved state. */
static inline enum status lab_load(struct lab *lab, const struct lab_options *o,
                                   struct lab_image *image)
{
    struct visitor v = {.mode = VISIT_LOAD, .column = lab_load_column, .context = image};
    require(lab_try(lab, o) == STATUS_OK);
    lab_people(lab, o);
    image->at = 0;
    lab_visit(lab, &v);
    return v.status ? v.status : platform_restored(lab->platform);
}

#endif
