/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The contract that every registered member keeps. THREADS */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "lab.h"
#include "platform/members.h"

struct trial {
    const char *kind;
    const char *name;
    char setting[2][160]; /* that put the member to work */
    const char *set[3];
};

/* The first ranker that goes by the learner. */
static const char *ranker_of(const char *learner)
{
    for (const struct member *const *m = platform_rankers; *m; m++) {
        const struct ranker *ranker = (const struct ranker *)*m;
        if (ranker->learner && strcmp(ranker->learner, learner) == 0) return (*m)->name;
    }
    require(!"a ranker goes by every learner");
    return NULL;
}

/* A setting that makes the world use this member, beside the defaults or instead of them. */
static void prepare(struct trial *t, const char *kind, const char *name)
{
    *t = (struct trial){.kind = kind, .name = name};
    if (strcmp(kind, "ranker") == 0)
        snprintf(t->setting[0], sizeof(t->setting[0]), "platform.ranker=%s", name);
    else if (strcmp(kind, "learner") == 0)
        snprintf(t->setting[0], sizeof(t->setting[0]), "platform.ranker=%s", ranker_of(name));
    else if (strcmp(kind, "retriever") == 0)
        snprintf(t->setting[0], sizeof(t->setting[0]),
                 strcmp(name, "content") ? "platform.retrievers=[\"content\", \"%s\"]"
                                         : "platform.retrievers=[\"%s\"]",
                 name);
    else
        snprintf(t->setting[0], sizeof(t->setting[0]), "platform.rerankers=[\"%s\"]", name);
    t->set[0] = t->setting[0];
}

static void check_slate(struct lab *lab, const struct feed *feed,
                        const struct slate_entry *entry, uint32_t n)
{
    (void)feed;
    require(n <= SLATE_MAX);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t s = entity_shard(lab->world.shards, entry[i].video);
        uint32_t row = entity_row(lab->world.shards, entry[i].video);
        require(row < lab->world.videos[s].count);
        require(lab->world.videos[s].counter[row].state == VIDEO_ACTIVE);
        require(entry[i].source < SOURCES && entry[i].source != SOURCE_SHARED);
        require(entry[i].ad <= 1);
        for (uint32_t k = 0; k < i; k++) require(entry[k].video != entry[i].video);
    }
}

static uint64_t run(const struct trial *t, struct lab_options o, int windows)
{
    struct lab lab;
    o.set = t->set;
    lab_open(&lab, &o);
    lab.slate = check_slate;
    for (int i = 0; i < windows; i++) {
        lab_window(&lab, 2);
        index_check(&lab.platform->index[0]);
    }
    uint64_t hash = lab_hash(&lab);
    lab_close(&lab);
    return hash;
}

static uint64_t run_resumed(const struct trial *t, struct lab_options o, int windows)
{
    struct lab first, second;
    o.set = t->set;
    lab_open(&first, &o);
    for (int i = 0; i < windows / 2; i++) lab_window(&first, 2);
    struct lab_image image = lab_save(&first);
    lab_close(&first);
    require(lab_load(&second, &o, &image) == STATUS_OK);
    memory_free(image.bytes);
    for (int i = windows / 2; i < windows; i++) lab_window(&second, 2);
    uint64_t hash = lab_hash(&second);
    lab_close(&second);
    return hash;
}

static void each_member(void (*check)(const struct trial *))
{
    struct lab lab = {0};
    const struct schema_table *tables[64];
    lab_tables(&lab, tables);
    for (int k = 0; k < LAB_KINDS; k++)
        for (size_t i = 0; i < lab.registry[k].count; i++) {
            struct trial t;
            prepare(&t, lab.registry[k].kind, lab.member[k][i]->name);
            check(&t);
        }
}

static const struct lab_options small = {
    .viewers = 300, .creators = 20, .videos = 300, .shards = 8, .threads = 1, .boosts = 5};

static void check_determinism(const struct trial *t)
{
    struct lab_options o = small;
    uint64_t one = run(t, o, 12), again = run(t, o, 12);
    o.threads = 2;
    uint64_t two = run(t, o, 12);
    o.threads = 8;
    uint64_t eight = run(t, o, 12);
    o.threads = 3;
    o.shuffle = true;
    uint64_t three = run(t, o, 12);
    print_message("%s %s: %016llx\n", t->kind, t->name, (unsigned long long)one);
    assert_int_equal(one, again);
    assert_int_equal(one, two);
    assert_int_equal(one, three);
    assert_int_equal(one, eight);
}

static void members_are_deterministic(void **state)
{
    (void)state;
    each_member(check_determinism);
}

static void check_resume(const struct trial *t)
{
    uint64_t whole = run(t, small, 12), resumed = run_resumed(t, small, 12);
    assert_int_equal(whole, resumed);
}

static uint32_t first_active(const struct video_shard *videos)
{
    uint32_t row = 0;
    while (row < videos->count && videos->counter[row].state != VIDEO_ACTIVE) row++;
    require(row < videos->count);
    return row;
}

/* What a file says of promises, allowances, clusters and the index is looked at before it
 * is used. */
static void wrong_numbers_are_refused(void **state)
{
    (void)state;
    for (int k = 0; k < 9; k++) {
        struct lab first, second;
        lab_open(&first, &small);
        for (int i = 0; i < 6; i++) lab_window(&first, 2);
        struct platform *p = first.platform;
        struct session *session = session_row(&p->shard[0], 0);
        require(p->shard[0].session_count > 0);
        if (k == 0) p->index[0].hot[0] = 0x7ffffff0, p->index[0].hot_count = 1;
        if (k == 1) p->index[0].size[0] += 1000000;
        if (k == 2) session->promises = 1, session->promise[0] = (struct promise){0, 0, 0};
        if (k == 3)
            session->promises = 1, session->promise[0] = (struct promise){0x7ffffff0, 1, 0};
        if (k == 4) {
            struct allowance_list *list = &p->shard[0].allowance[0];
            for (uint32_t i = 0; !list->count; i++) list = &p->shard[i / 2].allowance[i % 2];
            list->row[0].place = 0x7ffffff0;
        }
        if (k == 5) {
            session->open = 1, session->generation = p->served[0]->generation;
            session->nearest_count = 1, session->nearest[0] = (uint16_t)p->snapshot[0].clusters;
        }
        struct platform_shard *shard = &p->shard[0];
        uint32_t row = first_active(&first.world.videos[0]);
        if (k == 6) {
            rows_add(shard, &shard->waiting, row);
            shard->cluster[row] = (uint16_t)p->index[0].clusters;
        }
        if (k == 7) rows_add(shard, &shard->resting, row); /* is in the feed */
        if (k == 8) {
            catalogue_retire(p, 0, row);
            rows_add(shard, &shard->resting, row); /* once more */
        }
        struct lab_image image = lab_save(&first);
        lab_close(&first);
        assert_int_equal(lab_load(&second, &small, &image), STATUS_BAD_INPUT);
        memory_free(image.bytes);
        lab_close(&second);
    }
}

static void members_resume(void **state)
{
    (void)state;
    each_member(check_resume);
}

static void check_edges(const struct trial *t)
{
    struct lab_options o = {.shards = 2, .threads = 1};
    run(t, o, 3); /* nobody and nothing */
    o.viewers = 1;
    run(t, o, 3); /* one viewer, nothing to see */
    o.creators = 1;
    o.videos = 1;
    run(t, o, 8); /* one of each */
}

static void members_stand_empty_worlds(void **state)
{
    (void)state;
    each_member(check_edges);
}

/* A seen list with every bit set says so of every video there is or will be. */
static void see_all(struct lab *lab)
{
    for (uint32_t s = 0; s < lab->world.shards.count; s++)
        for (uint32_t row = 0; row < lab->platform->shard[s].viewers; row++)
            memset(rows_viewer(lab->platform, s, row), 0xff, 2 * SEEN_WORDS * sizeof(uint16_t));
}

static void check_filled(struct lab *lab, const struct feed *feed,
                         const struct slate_entry *entry, uint32_t n)
{
    check_slate(lab, feed, entry, n);
    require(n > 0);
}

static uint64_t run_seen(const struct trial *t, uint32_t threads)
{
    struct lab lab;
    struct lab_options o = {.viewers = 60,
                            .creators = 6,
                            .videos = 12,
                            .shards = 4,
                            .threads = threads,
                            .set = t->set};
    lab_open(&lab, &o);
    lab.slate = check_filled;
    lab.requests = 6;
    for (int i = 0; i < 6; i++) {
        see_all(&lab);
        lab_window(&lab, 0);
    }
    uint64_t hash = lab_hash(&lab);
    lab_close(&lab);
    return hash;
}

/* Who has seen all videos is shown some of them again. */
static void check_all_seen(const struct trial *t)
{
    assert_int_equal(run_seen(t, 1), run_seen(t, 3));
}

static void members_stand_all_videos_seen(void **state)
{
    (void)state;
    each_member(check_all_seen);
}

/* What a ranker makes of any viewer and video is a number. */
static void assert_finite(struct lab *lab)
{
    uint32_t video[200];
    float score[200];
    for (uint32_t i = 0; i < 200; i++) video[i] = lab_any(lab, i);
    for (uint32_t s = 0; s < lab->world.shards.count; s++)
        for (uint32_t row = 0; row < lab->world.viewers[s].count; row++) {
            platform_score(lab->platform, entity_number(lab->world.shards, row, s), video, 200,
                           score);
            for (int i = 0; i < 200; i++) assert_true(isfinite(score[i]));
        }
}

/* As after billions of acts: every other video has been shown to all the world and liked by
 * nobody, or by all; the others were never shown. */
static void exaggerate(struct lab *lab)
{
    const uint32_t all = UINT32_MAX - 1000000;
    for (uint32_t s = 0; s < lab->world.shards.count; s++)
        for (size_t i = 0; i < lab->world.videos[s].count; i++) {
            struct video_counters *c = &lab->world.videos[s].counter[i];
            const uint32_t shown = i % 2 ? all : 0, liked = i % 4 == 1 ? all : 0;
            c->impressions = c->plays_7s = c->pool_impressions = shown;
            c->plays_18s = c->completions = c->likes = liked;
            c->comments = c->shares = c->follows = c->hides = liked;
            c->watch_ms = (uint64_t)liked << 20;
            c->heat = i % 4 == 1 ? 1e30f : 0.0f;
            c->pool_score = i % 4 == 1 ? 1e30f : 0.0f;
            c->marks |= VIDEO_TOUCHED;
        }
}

static void check_scores(const struct trial *t)
{
    struct lab lab;
    struct lab_options o = small;
    o.set = t->set;
    lab_open(&lab, &o);
    lab.slate = check_slate;
    for (int i = 0; i < 12; i++) lab_window(&lab, 2);
    assert_finite(&lab);
    exaggerate(&lab);
    for (int i = 0; i < 8; i++) lab_window(&lab, 2);
    assert_finite(&lab);
    lab_close(&lab);
}

static void scores_are_finite(void **state)
{
    (void)state;
    each_member(check_scores);
}

static void members_are_documented(void **state)
{
    struct lab lab = {0};
    const struct schema_table *tables[64];
    (void)state;
    lab_tables(&lab, tables);
    for (int k = 0; k < LAB_KINDS; k++)
        for (size_t i = 0; i < lab.registry[k].count; i++) {
            assert_non_null(lab.member[k][i]->doc);
            assert_non_null(lab.member[k][i]->reference);
            for (size_t j = 0; j < i; j++)
                assert_string_not_equal(lab.member[k][i]->name, lab.member[k][j]->name);
        }
}

static struct {
    const char *kind;
    uint64_t hash;
} seen[64];
static size_t seen_count;

static void compare_hash(const struct trial *t)
{
    struct lab_options o =
        small; /* long enough for videos to pass a pool: `trending` needs them */
    if (strcmp(t->kind, "learner") == 0) return; /* run by their rankers */
    uint64_t hash = run(t, o, 60);
    for (size_t i = 0; i < seen_count; i++)
        if (strcmp(seen[i].kind, t->kind) == 0) assert_int_not_equal(seen[i].hash, hash);
    seen[seen_count].kind = t->kind;
    seen[seen_count++].hash = hash;
}

static void no_two_are_alike(void **state)
{
    (void)state;
    seen_count = 0;
    each_member(compare_hash);
    assert_true(seen_count >= 15);
}

static void wrong_names_are_refused(void **state)
{
    static const char *const bad[] = {
        "platform.ranker=nobody", "platform.retrievers=[\"nobody\", \"content\"]",
        "platform.rerankers=[\"nobody\"]", "platform.pools.tiers=[300.0, 200.0]"};
    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct lab lab;
        const char *const set[] = {bad[i], NULL};
        struct lab_options o = small;
        o.set = set;
        assert_int_equal(lab_try(&lab, &o), STATUS_BAD_INPUT);
        assert_true(lab.errors.count >= 1);
        assert_null(lab.platform);
        lab_close(&lab);
    }
}

/* A learner of another make under the ranker that names it: what comes of it after `windows`.
 * `took` = acts that videos have learned from, by learn_count below. */
static enum status try_learner(const struct learner *odd, int windows, double *took)
{
    static const char *const set[] = {"platform.ranker=mf", NULL};
    struct lab lab;
    struct lab_options o = small;
    struct platform *platform = NULL;
    o.set = set;
    lab_open(&lab, &o);
    platform_free(lab.platform);
    for (size_t i = 0; i < lab.registry[3].count; i++)
        if (strcmp(lab.member[3][i]->name, "mf") == 0) lab.member[3][i] = &odd->about;
    enum status status = platform_init(&platform, &lab.world, NULL, &lab.errors);
    lab.platform = platform;
    if (!status && windows) {
        lab.feed = platform_service(platform);
        lab.upload = platform_upload_service(platform);
        require(platform_populate(platform) == STATUS_OK);
        for (int w = 0; w < windows; w++) lab_window(&lab, 0);
    }
    for (uint32_t s = 0; !status && windows && s < lab.world.shards.count; s++)
        for (size_t r = 0; r < lab.world.videos[s].count; r++)
            *took += (double)platform->shard[s].learned[r];
    lab_close(&lab);
    return status;
}

static void learn_count(const void *parameters, const float *common, float *video,
                        const struct impression *act, const int16_t *side)
{
    (void)parameters, (void)common;
    (void)act;
    require(side == NULL);
    *video += 1;
}

static void init_count(const void *parameters, uint64_t name, const struct packed16 *feature,
                       float *video)
{
    (void)parameters;
    (void)name;
    (void)feature;
    *video = 0;
}

static void publish_nothing(const void *parameters, const float *common, const float *video,
                            struct packed16 *vector, float *learned)
{
    (void)parameters, (void)common;
    (void)video;
    *vector = (struct packed16){{0}};
    *learned = 0;
}

/* A video may learn from the log alone, without side records; side records that no video
 * learns from are refused. */
static void videos_learn_without_side_records(void **state)
{
    struct learner counts = learn_mf, idle = learn_mf;
    double took = 0, none = 0;
    (void)state;
    counts.video_floats = 1;
    counts.side_lanes = 0;
    counts.side = NULL;
    counts.learn = learn_count;
    counts.video_init = init_count;
    counts.publish = publish_nothing;
    assert_int_equal(try_learner(&counts, 10, &took), STATUS_OK);
    assert_true(took > 100);
    counts.publish = NULL; /* vectors of its own that nobody sees */
    assert_int_equal(try_learner(&counts, 0, &none), STATUS_BAD_INPUT);
    idle.video_floats = 0;
    idle.feature_space = true;
    assert_int_equal(try_learner(&idle, 0, &none), STATUS_BAD_INPUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_are_documented),
        cmocka_unit_test(members_are_deterministic),
        cmocka_unit_test(members_resume),
        cmocka_unit_test(wrong_numbers_are_refused),
        cmocka_unit_test(members_stand_empty_worlds),
        cmocka_unit_test(members_stand_all_videos_seen),
        cmocka_unit_test(scores_are_finite),
        cmocka_unit_test(no_two_are_alike),
        cmocka_unit_test(wrong_names_are_refused),
        cmocka_unit_test(videos_learn_without_side_records),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
