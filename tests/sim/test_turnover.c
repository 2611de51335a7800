/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SLOW */
/*
 * Rows that are used again: short-lived videos, creators and viewers who come and go. No list
 * names what is not there any more, and a long run holds no more than a short one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "growth/parts.h"
#include "platform/core.h"
#include "sim/parts.h"
#include "ways.h"

static const char *const busy[] = {
    "run.shards=2",
    "run.window=60.0",
    "viewers.count=60",
    "viewers.session.budget=6.0",
    "viewers.weibull.share=0.01",
    "viewers.weibull.follow=0.02",
    "viewers.follows.unfollow=1.0",
    "creators.count=12",
    "creators.backlog_days=3.0",
    "creators.boost=0.3",
    "creators.review_days=1.0",
    "creators.life.entry_rate=1.0",
    "creators.life.exit_new=0.5",
    "creators.life.exit_established=0.5",
    "creators.production.violations=0.2",
    "platform.clusters=4",
    "platform.moderation.prevalence=0.2",
    "platform.catalogue.days=3.0",
    "platform.catalogue.cold_days=0.5",
    "platform.catalogue.cold=1.0",
    "platform.pools.tiers=10,30",
    "revenue.ads.cpm=100.0",
    "revenue.ads.min_followers=0",
    "revenue.ads.min_views=0",
    "growth.paid_boost.min_spend=0.0",
    "growth.paid_boost.cpm=2.0",
    "growth.cascades.silence=1.0",
    "measure.panel=10",
    "measure.sample=10",
    NULL,
};

static void begin(struct lab *lab, const char *const *more)
{
    struct ways_job job = {.base = busy};
    for (int i = 0; more[i]; i++) job.set[i] = more[i];
    enum status status = ways_init(lab, &job);
    if (!status) status = lab_begin(lab, NULL);
    if (status) print_error("%s", lab->errors.count ? lab->errors.text : "no memory\n");
    assert_int_equal(status, STATUS_OK);
}

/* ----------------------------------------------------------------------- every list is sound
 */

static const struct video_counters *counter_of(const struct world *w, uint32_t video)
{
    const struct video_shard *shard = &w->videos[entity_shard(w->shards, video)];
    assert_true(entity_row(w->shards, video) < shard->count);
    return &shard->counter[entity_row(w->shards, video)];
}

static void check_rows(const struct world *w, uint32_t s)
{
    const struct video_shard *videos = &w->videos[s];
    size_t active = 0, free = 0;
    for (size_t r = 0; r < videos->count; r++) {
        active += videos->counter[r].state == VIDEO_ACTIVE;
        free += videos->counter[r].state == VIDEO_FREE;
    }
    assert_int_equal(active, videos->active);
    assert_int_equal(free, videos->free_count);
    for (size_t i = 0; i < videos->free_count; i++)
        assert_int_equal(videos->counter[videos->free_row[i]].state, VIDEO_FREE);
}

/* What the snapshot shows is active, and stands once where its row says. */
static void check_snapshot(const struct platform *platform, uint32_t s)
{
    const struct world *w = platform->world;
    const struct video_shard *videos = &w->videos[s];
    for (size_t r = 0; r < videos->count; r++) {
        uint32_t place = platform->index[0].position[s][r];
        if (place == ENTITY_NONE) continue;
        assert_int_equal(videos->counter[r].state, VIDEO_ACTIVE);
        assert_int_equal(platform->index[0].item[place].video,
                         entity_number(w->shards, (uint32_t)r, s));
        assert_int_equal(platform->index[0].item[place].creator, videos->row[r].creator);
    }
}

static void check_queues(const struct platform *platform, uint32_t s)
{
    const struct world *w = platform->world;
    const struct platform_shard *shard = &platform->shard[s];
    const struct video_counters *c = w->videos[s].counter;
    for (size_t i = 0; i < shard->resting.count; i++)
        assert_int_equal(c[shard->resting.row[i]].state, VIDEO_RETIRED);
    for (size_t i = 0; i < shard->waiting.count; i++)
        assert_int_not_equal(c[shard->waiting.row[i]].state, VIDEO_FREE);
    for (size_t i = 0; i < shard->owing.count; i++)
        assert_int_not_equal(c[shard->owing.row[i]].state, VIDEO_FREE);
    for (size_t r = 0; r < w->creators[s].count && r < shard->creators; r++)
        for (int k = 0; k < 4; k++) {
            uint32_t video = shard->newest[r].video[k];
            if (video == ENTITY_NONE) continue;
            assert_int_equal(counter_of(w, video)->state, VIDEO_ACTIVE);
            assert_int_equal(entity_row(w->shards, world_video(w, video)->creator), r);
        }
}

/* A creator has as many followers as there are viewers who follow it. */
static void check_follows(const struct world *w)
{
    uint32_t counted[2][512] = {{0}};
    assert_true(w->shards.count == 2);
    for (uint32_t s = 0; s < 2; s++)
        for (size_t r = 0; r < w->viewers[s].count; r++) {
            const struct relation_list *list = &w->viewers[s].row[r].relations;
            const struct relation *row = relation_rows(&w->viewers[s].relations, list);
            for (uint32_t i = 0; i < list->count; i++) {
                if (relation_kind(row[i]) != RELATION_FOLLOW) continue;
                uint32_t creator = relation_other(row[i]);
                uint32_t at = entity_row(w->shards, creator);
                uint32_t home = entity_shard(w->shards, creator);
                assert_true(at < w->creators[home].count);
                if (at < 512) counted[home][at]++;
            }
        }
    for (uint32_t s = 0; s < 2; s++)
        for (size_t r = 0; r < w->creators[s].count && r < 512; r++)
            assert_int_equal(w->creators[s].row[r].followers, counted[s][r]);
}

/* An order has gone long before its video's row is another one's. */
static void check_orders(const struct world *w, uint32_t s)
{
    for (size_t i = 0; i < w->boosts[s].count; i++) {
        const struct boost *boost = &w->boosts[s].row[i];
        assert_true(world_video(w, boost->video)->name == boost->name);
        assert_int_not_equal(counter_of(w, boost->video)->state, VIDEO_FREE);
        assert_int_equal(boost->escrow, boost->price * boost->left);
    }
}

static void check_all(const struct sim *sim)
{
    const struct world *w = &sim->world;
    for (uint32_t s = 0; s < w->shards.count; s++) {
        check_rows(w, s);
        check_snapshot(sim->platform, s);
        check_queues(sim->platform, s);
        check_orders(w, s);
    }
    check_follows(w);
}

static void test_no_list_names_what_has_left(void **state)
{
    static const char *const more[] = {"run.days=40", "viewers.arrivals.market=200",
                                       "viewers.arrivals.innovation=0.01",
                                       "platform.staleness=120.0", NULL};
    struct lab lab;
    uint64_t most = 0;
    (void)state;
    begin(&lab, more);
    while (!sim_done(lab.sim)) {
        assert_int_equal(lab_until(&lab, (double)sim_now(lab.sim) / (double)TIME_DAY + 0.25),
                         STATUS_OK);
        check_all(lab.sim);
    }
    for (uint32_t s = 0; s < 2; s++)
        for (size_t r = 0; r < sim_world(lab.sim)->videos[s].count; r++)
            if (sim_world(lab.sim)->videos[s].counter[r].uses > most)
                most = sim_world(lab.sim)->videos[s].counter[r].uses;
    assert_true(most >= 5); /* rows were used again and again */
    lab_free(&lab);
}

/* ------------------------------------------------------------------------------------- a year
 */

/* Bytes of the catalogue and of everything that waits. */
static size_t held(const struct sim *sim)
{
    const struct world *w = &sim->world;
    size_t bytes = platform_bytes(sim->platform) + engine_bytes(w->engine);
    for (uint32_t s = 0; s < w->shards.count; s++) {
        bytes += w->videos[s].capacity * (sizeof(struct video) + sizeof(struct video_counters) +
                                          sizeof(struct packed16));
        bytes += w->boosts[s].capacity * sizeof(struct boost);
        bytes += w->viewers[s].relations.capacity * sizeof(struct relation);
    }
    return bytes + growth_bytes(sim->growth);
}

/* Everybody who publishes is there from the start: creators' rows are kept for good. */
static void test_a_year_holds_no_more_than_a_season(void **state)
{
    static const char *const more[] = {"run.days=400", "creators.life.entry_rate=0",
                                       "creators.life.exit_established=0",
                                       "creators.life.exit_new=0", NULL};
    static const double days[] = {100, 200, 400};
    struct lab lab;
    size_t bytes[3];
    uint64_t published = 0;
    (void)state;
    begin(&lab, more);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(lab_until(&lab, days[i]), STATUS_OK);
        bytes[i] = held(lab.sim);
        check_all(lab.sim);
    }
    for (uint32_t s = 0; s < 2; s++) published += sim_world(lab.sim)->videos[s].published;
    print_message("bytes held on day 100, 200, 400: %zu %zu %zu; %zu videos left\n", bytes[0],
                  bytes[1], bytes[2], lab.table[TABLE_VIDEOS].rows);
    assert_true(bytes[1] <= bytes[0] + bytes[0] / 5);
    assert_true(bytes[2] <= bytes[1] + bytes[1] / 10);
    assert_int_equal(lab_run(&lab), STATUS_OK);
    assert_true(published > 500);
    assert_int_equal(lab.table[TABLE_VIDEOS].rows, published); /* each has one row */
    lab_free(&lab);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_list_names_what_has_left),
        cmocka_unit_test(test_a_year_holds_no_more_than_a_season),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
