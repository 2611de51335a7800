/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What one change may touch and what not: people who never publish, other luck, other people, a
 * second simulation in the same process.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <xxhash.h>

#include "sim/parts.h"
#include "ways.h"

/* Two cohorts that publish; a third one is added by the tests. */
static const char *const two[] = {
    "run.days=3",
    "run.shards=4",
    "viewers.count=250",
    "viewers.arrivals.market=400",
    "viewers.arrivals.innovation=0.05",
    "viewers.weibull.share=0.005",
    "creators.backlog_days=4.0",
    "creators.review_days=0.7",
    "creators.life.exit_established=0.5",
    "creators.life.entry_rate=4.0",
    "creators.production.violations=0.1",
    "creators.cohorts[0].name=early",
    "creators.cohorts[0].count=20",
    "creators.cohorts[0].boost=0.5",
    "creators.cohorts[1].name=late",
    "creators.cohorts[1].count=20",
    "platform.clusters=8",
    "platform.catalogue.days=2.0",
    "platform.catalogue.cold_days=0.5",
    "platform.catalogue.cold=1.0",
    "platform.pools.tiers=20,60,200",
    "revenue.ads.cpm=100.0",
    "revenue.ads.min_followers=0",
    "revenue.ads.min_views=0",
    "revenue.tips.rate=0.005",
    "growth.paid_boost.min_spend=0.0",
    "measure.interval=0.5",
    "measure.panel=40",
    "measure.sample=50",
    NULL,
};

static void begin(struct lab *lab, const char *const *set)
{
    struct ways_job job = {.base = two};
    for (int i = 0; set && set[i]; i++) job.set[i] = set[i];
    enum status status = ways_init(lab, &job);
    if (!status) status = lab_begin(lab, &(struct lab_way){.threads = 2});
    if (status) print_error("%s", lab->errors.count ? lab->errors.text : "no memory\n");
    assert_int_equal(status, STATUS_OK);
}

/* ------------------------------------------------------------------------- the silent cohort
 */

static bool same_cell(double a, double b) { return a == b || (isnan(a) && isnan(b)); }

/* The column, which must be there. */
static size_t column(const struct lab *lab, const char *name)
{
    struct lab_column at = {0};
    assert_true(lab_find(lab, name, &at));
    return at.column;
}

/* All rows, in order, but for columns that number creators or count those who never publish. */
static void same_table(const struct lab *a, const struct lab *b, enum table_id id,
                       const char *const *but)
{
    const struct lab_table *x = &a->table[id], *y = &b->table[id];
    bool skip[256] = {false};
    for (; *but; but++) skip[column(a, *but)] = true;
    assert_int_equal(x->columns, y->columns);
    assert_int_equal(x->rows, y->rows);
    for (size_t i = 0; i < x->rows * x->columns; i++) {
        if (skip[i % x->columns] || same_cell(x->cell[i], y->cell[i])) continue;
        print_error("%s, row %zu, %s: %.17g and %.17g\n", table_file(id), i / x->columns,
                    sim_shape(a->sim, id).columns[i % x->columns].name, x->cell[i], y->cell[i]);
        assert_true(same_cell(x->cell[i], y->cell[i]));
    }
}

/* Creators by name: who is in both must be the same to the last bit of its state. */
static size_t same_creators(const struct world *a, const struct world *b)
{
    size_t found = 0;
    for (uint32_t s = 0; s < a->shards.count; s++) {
        size_t at = 0;
        for (size_t r = 0; r < a->creators[s].count; r++) {
            const struct creator *x = &a->creators[s].row[r];
            while (at < b->creators[s].count && b->creators[s].row[at].name != x->name) at++;
            assert_true(at < b->creators[s].count);
            struct creator y = b->creators[s].row[at];
            assert_int_equal(x->left, y.left);
            assert_int_equal(x->balance, y.balance);
            assert_int_equal(x->followers, y.followers);
            assert_int_equal(x->posts, y.posts);
            assert_true(x->impressions == y.impressions && x->watch_ms == y.watch_ms);
            assert_memory_equal(x->income, y.income, sizeof x->income);
            assert_memory_equal(x->spend, y.spend, sizeof x->spend);
            assert_memory_equal(&x->morale, &y.morale, sizeof x->morale);
            assert_memory_equal(x->memory, y.memory, sizeof x->memory);
            found++;
        }
    }
    return found;
}

static void test_the_silent_cohort(void **state)
{
    static const char *const silent[] = {
        "creators.cohorts[2].name=silent", "creators.cohorts[2].count=30",
        "creators.cohorts[2].videos_per_week=0", "creators.cohorts[2].followers=1000", NULL};
    static const char *const series_but[] = {"active_creators", "left_creators", NULL};
    static const char *const none[] = {NULL};
    struct lab a, b;
    (void)state;
    begin(&a, NULL);
    begin(&b, silent);
    assert_int_equal(lab_run(&a), STATUS_OK);
    assert_int_equal(lab_run(&b), STATUS_OK);
    assert_true(sim_world(b.sim)->creators[0].count > sim_world(a.sim)->creators[0].count);
    assert_true(same_creators(sim_world(a.sim), sim_world(b.sim)) >= 40);
    same_table(&a, &b, TABLE_RETENTION, none);
    same_table(&a, &b, TABLE_CASCADES, none);
    same_table(&a, &b, TABLE_LEDGER, none);
    static const char *const videos_but[] = {"videos.creator", NULL};
    same_table(&a, &b, TABLE_VIDEOS, videos_but);
    same_table(&a, &b, TABLE_SERIES, series_but);
    lab_free(&a);
    lab_free(&b);
}

/* ------------------------------------------------------------------ channels of a cohort's own
 */

#define CHANNELS                                                                               \
    "[\"social_share\", \"paid_boost\", \"cross_platform\", \"notification\", \"livestream\"]"

struct spent {
    int64_t by[2][LEDGER_CHANNELS_MAX]; /* cohort, channel */
    uint64_t hash;
};

static void add_spending(const struct world *w, struct spent *out)
{
    for (uint32_t s = 0; s < w->shards.count; s++)
        for (size_t r = 0; r < w->creators[s].count; r++) {
            const struct creator *c = &w->creators[s].row[r];
            for (int i = 0; i < LEDGER_CHANNELS_MAX; i++) out->by[c->cohort][i] += c->spend[i];
        }
}

static struct spent spending(const char *late)
{
    const char *const set[] = {"growth.channels=" CHANNELS,
                               "growth.livestream.adopt=1.0",
                               "growth.livestream.cost=0.01",
                               "creators.cohorts[1].boost=0.5",
                               late,
                               NULL};
    struct lab lab;
    struct spent out = {0};
    begin(&lab, set);
    assert_int_equal(lab_run(&lab), STATUS_OK);
    add_spending(sim_world(lab.sim), &out);
    out.hash = lab.hash;
    lab_free(&lab);
    return out;
}

/* Who names no channel of its own spends nothing on any, whatever the others do; naming all is
 * naming none of them. */
static void test_channels_of_a_cohort(void **state)
{
    enum { BOOST = 1, CROSS = 2, LIVE = 4 }; /* the registry's order */
    (void)state;
    const struct spent all = spending(NULL);
    const struct spent none = spending("creators.cohorts[1].channels=[\"social_share\"]");
    const struct spent live = spending("creators.cohorts[1].channels=[\"livestream\"]");
    const struct spent each = spending("creators.cohorts[1].channels=" CHANNELS);
    assert_true(each.hash == all.hash && none.hash != all.hash && live.hash != none.hash);
    for (int k = 0; k < 2; k++)
        assert_true(all.by[k][BOOST] > 0 && all.by[k][CROSS] > 0 && all.by[k][LIVE] > 0);
    for (int i = 0; i < LEDGER_CHANNELS_MAX; i++) {
        assert_int_equal(none.by[1][i], 0);
        assert_true((live.by[1][i] > 0) == (i == LIVE));
        assert_true((none.by[0][i] > 0) == (all.by[0][i] > 0));
    }
}

/* --------------------------------------------------------------------------- people and luck
 */

/* Who people are at the start: names, tastes, habits, plans. */
static uint64_t people(const struct world *w)
{
    XXH64_hash_t h = 0;
    for (uint32_t s = 0; s < w->shards.count; s++) {
        for (size_t r = 0; r < w->viewers[s].count; r++) {
            const struct viewer *v = &w->viewers[s].row[r];
            h = XXH3_64bits_withSeed(&v->taste, sizeof v->taste, h);
            h = XXH3_64bits_withSeed(&v->rate, sizeof v->rate, h ^ viewer_name(v));
            h = XXH3_64bits_withSeed(&v->tip_propensity, sizeof v->tip_propensity,
                                     h ^ v->flags);
        }
        for (size_t r = 0; r < w->creators[s].count; r++) {
            const struct creator *c = &w->creators[s].row[r];
            h = XXH3_64bits_withSeed(c->expertise, sizeof c->expertise, h ^ c->name);
            h = XXH3_64bits_withSeed(&c->skill, sizeof c->skill, h ^ c->topic);
        }
    }
    return h;
}

struct start_and_end {
    uint64_t people, end;
};

static struct start_and_end lived(const char *setting)
{
    const char *const set[] = {setting, "run.days=1", NULL};
    struct lab lab;
    struct start_and_end out;
    begin(&lab, set);
    out.people = people(sim_world(lab.sim));
    assert_int_equal(lab_run(&lab), STATUS_OK);
    out.end = lab.hash;
    lab_free(&lab);
    return out;
}

static void test_worlds_replications_seeds(void **state)
{
    (void)state;
    const struct start_and_end first = lived("run.world=0"), world = lived("run.world=1");
    const struct start_and_end replicate = lived("run.replicate=1"), seed = lived("run.seed=2");
    assert_true(first.people == world.people);
    assert_true(first.end != world.end);
    assert_true(first.people != replicate.people && first.end != replicate.end);
    assert_true(first.people != seed.people && first.end != seed.end);
    assert_true(seed.people != replicate.people && seed.end != replicate.end);
}

/* ---------------------------------------------------------------------------- two in a process
 */

static void test_two_simulations_in_turns(void **state)
{
    static const char *const mf[] = {"platform.ranker=mf", "run.seed=7", NULL};
    struct lab alone[2], turns[2];
    bool more = true;
    (void)state;
    begin(&alone[0], NULL);
    assert_int_equal(lab_run(&alone[0]), STATUS_OK);
    begin(&alone[1], mf);
    assert_int_equal(lab_run(&alone[1]), STATUS_OK);
    begin(&turns[0], NULL);
    begin(&turns[1], mf);
    while (more) {
        more = false;
        for (int i = 0; i < 2; i++) {
            assert_int_equal(sim_step(turns[i].sim, &turns[i].errors), STATUS_OK);
            more = more || !sim_done(turns[i].sim);
        }
    }
    for (int i = 0; i < 2; i++) {
        assert_int_equal(lab_run(&turns[i]), STATUS_OK);
        assert_true(alone[i].hash == turns[i].hash && alone[i].digest == turns[i].digest);
        lab_free(&alone[i]);
        lab_free(&turns[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_silent_cohort),
        cmocka_unit_test(test_channels_of_a_cohort),
        cmocka_unit_test(test_worlds_replications_seeds),
        cmocka_unit_test(test_two_simulations_in_turns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
