/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is said of a slate from outside of sessions: the parts add up, and nothing moves. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "lab.h"

static void open_with(struct lab *lab, const char *ranker)
{
    const char *const set[] = {ranker, "platform.extraction_noise=0.2", NULL};
    struct lab_options o = {
        .viewers = 200, .creators = 20, .videos = 400, .shards = 4, .threads = 1, .set = set};
    lab_open(lab, &o);
    lab->requests = 4;
    for (int w = 0; w < 12; w++) lab_window(lab, 2);
}

static uint64_t hash_of(struct lab *lab)
{
    struct visit_hash h = {0};
    assert_int_equal(visit_hash_init(&h), STATUS_OK);
    world_visit(&lab->world, &h.visitor);
    platform_visit(lab->platform, &h.visitor);
    uint64_t hash = visit_hash_digest(&h);
    visit_hash_free(&h);
    return hash;
}

static struct feed feed_of(const struct lab *lab, uint32_t viewer)
{
    const struct world *w = &lab->world;
    return (struct feed){.shard = entity_shard(w->shards, viewer),
                         .row = entity_row(w->shards, viewer),
                         .slot = ENTITY_NONE,
                         .name = viewer_name(world_viewer(w, viewer)),
                         .occasion = UINT32_MAX,
                         .flags = world_viewer(w, viewer)->flags,
                         .now = w->now};
}

static float sum_of(const struct explained *item)
{
    return item->part.similarity + item->part.popularity + item->part.exploration;
}

/* Of one viewer: distinct items, parts that add up, in order of what the next pick went by. */
static void check_slate(struct lab *lab, uint32_t viewer, double *personal, double *explored)
{
    struct explanation shown;
    const struct feed feed = feed_of(lab, viewer);
    assert_int_equal(platform_explain(lab->platform, &feed, 10, &shown), STATUS_OK);
    assert_int_equal(shown.count, 10);
    float before = INFINITY;
    for (uint32_t i = 0; i < shown.count; i++) {
        const struct explained *item = &shown.item[i];
        assert_near(sum_of(item), item->score, 1e-4 * (1 + fabs((double)item->score)));
        assert_true(item->moved <= 0);
        for (uint32_t k = 0; k < i; k++) assert_int_not_equal(item->video, shown.item[k].video);
        assert_int_equal(item->reserved, item->rank == 0);
        if (!item->reserved) assert_true(item->score + item->moved <= before);
        if (!item->reserved) before = item->score + item->moved;
        assert_true(item->rank <= shown.candidates);
        *personal += fabs((double)item->part.similarity);
        *explored += fabs((double)item->part.exploration);
    }
}

/* Every ranker that there is; a world as it was afterwards. */
static void parts_add_up(void **state)
{
    (void)state;
    for (const struct member *const *m = platform_rankers; *m; m++) {
        const struct ranker *ranker = (const struct ranker *)*m;
        char set[64];
        struct lab lab;
        double personal = 0, explored = 0;
        snprintf(set, sizeof set, "platform.ranker=%s", (*m)->name);
        open_with(&lab, set);
        uint64_t hash = hash_of(&lab);
        for (uint32_t viewer = 0; viewer < 40; viewer++)
            check_slate(&lab, viewer, &personal, &explored);
        assert_true(hash == hash_of(&lab));
        bool can = ranker->learner || ranker->omniscient;
        if ((personal > 0) != can) fail_msg("%s: personal parts %g", (*m)->name, personal);
        bool explores = ranker->uncertain || (ranker->score && !can);
        if (explored > 0 && !explores) fail_msg("%s: explores %g", (*m)->name, explored);
        if (ranker->uncertain && !(explored > 0)) fail_msg("%s: no bonus", (*m)->name);
        lab_close(&lab);
    }
}

/* Two viewers of unlike taste are shown unlike things, and believed to like them. */
static void belief_follows_taste(void **state)
{
    struct lab lab;
    uint32_t right = 0, asked = 0;
    (void)state;
    open_with(&lab, "platform.ranker=content");
    for (uint32_t viewer = 0; viewer < 100; viewer++) {
        float mean[TOPICS_MAX], most = -INFINITY, taste[VECTOR_DIM], own = -INFINITY;
        uint32_t count[TOPICS_MAX], believed = 0, true_topic = 0;
        assert_int_equal(platform_belief(lab.platform, viewer, mean, count), STATUS_OK);
        vector_unpack(taste, &world_viewer(&lab.world, viewer)->taste);
        for (int32_t k = 0; k < lab.world.topics.count; k++) {
            float cosine = vector_dot(taste, lab.world.topics.topic[k].vector);
            if (count[k] && mean[k] > most) most = mean[k], believed = (uint32_t)k;
            if (count[k] && cosine > own) own = cosine, true_topic = (uint32_t)k;
        }
        asked++;
        right += believed == true_topic;
    }
    /* by chance one in as many as there are topics */
    if (right * 2 < asked) fail_msg("%u of %u beliefs are right", right, asked);
    lab_close(&lab);
}

/* What a rule takes off before anything is picked is the rule's, not the ranker's. */
static void rules_are_told_apart(void **state)
{
    const char *const set[] = {"platform.ranker=content",
                               "platform.rerankers=[\"no_repeats\",\"fairness\"]",
                               "platform.rerank.fairness.weight=1.0", NULL};
    struct lab_options o = {
        .viewers = 200, .creators = 20, .videos = 400, .shards = 4, .threads = 1, .set = set};
    struct lab lab;
    uint32_t moved = 0;
    (void)state;
    lab_open(&lab, &o);
    lab.requests = 4;
    for (int w = 0; w < 12; w++) lab_window(&lab, 2);
    for (uint32_t viewer = 0; viewer < 40; viewer++) {
        struct explanation shown;
        const struct feed feed = feed_of(&lab, viewer);
        assert_int_equal(platform_explain(lab.platform, &feed, 10, &shown), STATUS_OK);
        for (uint32_t i = 0; i < shown.count; i++) {
            const struct explained *item = &shown.item[i];
            float score;
            platform_score(lab.platform, viewer, &item->video, 1, &score);
            if (shown.personal) assert_near(item->score, score, 1e-4);
            moved += item->moved < 0;
        }
    }
    assert_true(moved > 0);
    lab_close(&lab);
}

/* A file may say anything of a session's clusters, open or not. */
static void clusters_of_sessions_are_checked(void **state)
{
    struct lab lab;
    (void)state;
    open_with(&lab, "platform.ranker=content");
    assert_int_equal(platform_restored(lab.platform), STATUS_OK);
    for (uint32_t s = 0; s < lab.world.shards.count; s++) {
        struct platform_shard *shard = &lab.platform->shard[s];
        if (!shard->session_count) continue;
        struct session *session = session_row(shard, 0), kept = *session;
        for (int way = 0; way < 2; way++) {
            session->open = 0;
            session->nearest_count = 1;
            session->nearest[0] = UINT16_MAX;
            session->generation = lab.platform->served[0]->generation + (uint32_t)way;
            assert_int_equal(platform_restored(lab.platform), STATUS_BAD_INPUT);
        }
        *session = kept;
        assert_int_equal(platform_restored(lab.platform), STATUS_OK);
        lab_close(&lab);
        return;
    }
    fail_msg("no shard had a session");
}

/* An impersonal ranker believes nothing of anybody. */
static void popular_believes_nothing(void **state)
{
    struct lab lab;
    float mean[TOPICS_MAX];
    uint32_t count[TOPICS_MAX], videos = 0;
    (void)state;
    open_with(&lab, "platform.ranker=popular");
    assert_int_equal(platform_belief(lab.platform, 3, mean, count), STATUS_OK);
    for (int32_t k = 0; k < lab.world.topics.count; k++) {
        assert_near(mean[k], 0, 0);
        videos += count[k];
    }
    assert_true(videos > 100);
    assert_string_equal(platform_ranker(lab.platform, 0), "popular");
    lab_close(&lab);
}

/* The bar of a pool is the score that the best share of those who finished it had. */
static void the_bar_is_a_quantile(void **state)
{
    struct lab lab;
    (void)state;
    open_with(&lab, "platform.ranker=content");
    struct platform *platform = lab.platform;
    struct pool_memory *pool = &platform->pool[0];
    for (int i = 0; i < 10; i++) pool->score[i] = (float)(i + 1);
    pool->finished = 10;
    double share = platform->pools->pass.value[0];
    double bar = pools_bar(platform, 0);
    int above = 0;
    for (int i = 0; i < 10; i++) above += (double)pool->score[i] >= bar;
    assert_true(above > 0 && fabs(above - 10 * share) <= 1);
    pool->finished = 0;
    assert_near(pools_bar(platform, 0), 0, 0);
    assert_near(pools_bar(platform, platform->tiers), 0, 0);
    const struct video_standing at = platform_standing(platform, lab_any(&lab, 3));
    assert_true(at.pool_size > 0 && at.heat >= 0);
    lab_close(&lab);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_add_up),
        cmocka_unit_test(belief_follows_taste),
        cmocka_unit_test(rules_are_told_apart),
        cmocka_unit_test(clusters_of_sessions_are_checked),
        cmocka_unit_test(popular_believes_nothing),
        cmocka_unit_test(the_bar_is_a_quantile),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
