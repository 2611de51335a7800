/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "viewers/population.h"

#include "viewers/check.h"
#include "viewers/lab.h"

#define CREATORS 60

/* Creators of one topic each, attractive like 1 / rank; `silent` more who never publish. */
static void add_creators(struct lab *lab, uint32_t silent)
{
    struct world *w = &lab->world;

    for (uint32_t i = 0; i < CREATORS + silent; i++) {
        bool quiet = i < silent; /* first, so that everybody's row is another */
        uint32_t ordinal = quiet ? i : i - silent;
        uint64_t name = name_of(quiet ? "silent" : "creators", ordinal);
        struct creator *c = creator_add(&w->creators[entity_home(w->shards, name)]);
        assert_non_null(c);
        c->name = name;
        c->left = TIME_NEVER;
        c->topic = (uint8_t)(ordinal % 12);
        c->followers = 6000 / (ordinal + 1);
        c->plan.videos_per_week = quiet ? 0 : 2;
    }
}

static void open_with_creators(struct lab *lab, const char *count, uint32_t silent)
{
    const char *settings[] = {count, "run.shards=8", NULL};

    lab_open(lab, settings);
    add_creators(lab, silent);
    lab_populate(lab, 100, 20);
}

static void test_everybody_is_at_home(void **state)
{
    struct lab lab;
    size_t n = 0;

    (void)state;
    open_with_creators(&lab, "viewers.count=2000", 0);
    for (uint32_t s = 0; s < 8; s++) {
        n += lab.world.viewers[s].count;
        for (size_t i = 0; i < lab.world.viewers[s].count; i++) {
            const struct viewer *v = &lab.world.viewers[s].row[i];
            assert_int_equal(entity_home(lab.world.shards, viewer_name(v)), s);
            assert_true(v->joined_day <= 0 && v->last_day == INT16_MIN);
            assert_true(v->rate > 0 && viewer_rate(v) <= 40);
        }
    }
    assert_int_equal(n, 2000);
    lab_free(&lab);
}

/* Shares and means against the parameters, at 5 sigma. */
static void test_moments(void **state)
{
    struct lab lab;
    double n = 20000, ios = 0, consent[2] = {0}, optout = 0, log_rate = 0, budget = 0;

    (void)state;
    open_with_creators(&lab, "viewers.count=20000", 0);
    for (uint32_t s = 0; s < 8; s++) {
        for (size_t i = 0; i < lab.world.viewers[s].count; i++) {
            const struct viewer *v = &lab.world.viewers[s].row[i];
            bool is_ios = (v->flags & VIEWER_IOS) != 0;
            ios += is_ios;
            consent[is_ios] += (v->flags & VIEWER_CONSENT) != 0;
            optout += (v->flags & VIEWER_FEED_OPTOUT) != 0;
            log_rate += viewer_rate(v) < 0.9f;
            budget += v->budget / 1024.0;
        }
    }
    assert_between("iOS", ios / n, 0.25 - 0.0154, 0.25 + 0.0154);
    assert_between("consent of iOS", consent[1] / ios, 0.44 - 0.036, 0.44 + 0.036);
    assert_between("consent of others", consent[0] / (n - ios), 0.95 - 0.009, 0.95 + 0.009);
    assert_between("opt-out", optout / n, 0.02 - 0.005, 0.02 + 0.005);
    assert_between("median rate", log_rate / n, 0.5 - 0.018, 0.5 + 0.018);
    assert_between("mean budget", budget / n, 0.98, 1.02);
    lab_free(&lab);
}

/* One viewer more is a stranger to all the others. */
static void test_others_do_not_matter(void **state)
{
    struct lab a, b;

    (void)state;
    open_with_creators(&a, "viewers.count=500", 0);
    open_with_creators(&b, "viewers.count=501", 0);
    for (uint32_t s = 0; s < 8; s++)
        for (size_t i = 0; i < a.world.viewers[s].count; i++)
            assert_memory_equal(&a.world.viewers[s].row[i], &b.world.viewers[s].row[i],
                                offsetof(struct viewer, relations));
    lab_free(&a);
    lab_free(&b);
}

/* Follows name the same creators in the same order, whoever else is silent. */
static void test_silent_creators_shift_nothing(void **state)
{
    struct lab a, b;

    (void)state;
    open_with_creators(&a, "viewers.count=500", 0);
    open_with_creators(&b, "viewers.count=500", 17);
    for (uint32_t s = 0; s < 8; s++) {
        const struct viewer_shard *x = &a.world.viewers[s], *y = &b.world.viewers[s];
        for (size_t i = 0; i < x->count; i++) {
            assert_int_equal(x->row[i].relations.count, y->row[i].relations.count);
            const struct relation *p = relation_rows(&x->relations, &x->row[i].relations);
            const struct relation *q = relation_rows(&y->relations, &y->row[i].relations);
            for (uint32_t k = 0; k < x->row[i].relations.count; k++)
                assert_int_equal(world_creator(&a.world, relation_other(p[k]))->name,
                                 world_creator(&b.world, relation_other(q[k]))->name);
        }
    }
    lab_free(&a);
    lab_free(&b);
}

/* A viewer follows nobody twice; creators' followers are the follows there are, and the
 * attractive have more. */
static void test_follows_are_consistent(void **state)
{
    struct lab lab;
    static uint32_t followers[8][CREATORS];
    size_t total = 0;

    (void)state;
    memset(followers, 0, sizeof followers);
    open_with_creators(&lab, "viewers.count=5000", 5);
    for (uint32_t s = 0; s < 8; s++) {
        const struct viewer_shard *v = &lab.world.viewers[s];
        for (size_t i = 0; i < v->count; i++) {
            const struct relation *r = relation_rows(&v->relations, &v->row[i].relations);
            for (uint32_t k = 0; k < v->row[i].relations.count; k++, total++) {
                for (uint32_t m = 0; m < k; m++) assert_true(r[m].word != r[k].word);
                uint32_t creator = relation_other(r[k]);
                followers[entity_shard(lab.world.shards, creator)]
                         [entity_row(lab.world.shards, creator)]++;
            }
        }
    }
    uint32_t most = 0, least = UINT32_MAX;
    for (uint32_t s = 0; s < 8; s++) {
        for (size_t i = 0; i < lab.world.creators[s].count; i++) {
            const struct creator *c = &lab.world.creators[s].row[i];
            assert_int_equal(c->followers, followers[s][i]);
            if (!(c->plan.videos_per_week > 0)) {
                assert_int_equal(c->followers, 0);
                continue;
            }
            most = c->followers > most ? c->followers : most;
            least = c->followers < least ? c->followers : least;
        }
    }
    assert_between("mean", (double)total / 5000, 3, 6); /* doubles are left out */
    assert_true(most > 8 * least);
    lab_free(&lab);
}

/* Consent that is given more freely is given by the same people and some more. */
static void test_consent_is_monotone(void **state)
{
    struct lab lab;
    uint64_t before = 0, after = 0;

    (void)state;
    open_with_creators(&lab, "viewers.count=2000", 0);
    struct viewer_shard *v = lab.world.viewers;
    static uint8_t old[8][2000];
    for (uint32_t s = 0; s < 8; s++)
        for (size_t i = 0; i < v[s].count; i++) old[s][i] = v[s].row[i].flags;
    struct errors errors = {0};
    assert_int_equal(
        parameters_set(&lab.parameters, "viewers.consent_ios", "0.9", "test", &errors),
        STATUS_OK);
    lab_window(&lab);
    for (uint32_t s = 0; s < 8; s++) {
        for (size_t i = 0; i < v[s].count; i++) {
            bool was = (old[s][i] & VIEWER_CONSENT) != 0;
            bool is = (v[s].row[i].flags & VIEWER_CONSENT) != 0;
            assert_true(is || !was);
            before += was;
            after += is;
        }
    }
    assert_between("more consent", (double)(after - before), 150, 310); /* .46 of .25 of 2000 */
    lab_free(&lab);
}

static uint32_t friends_of(const struct viewer_shard *v, size_t row)
{
    return relation_count(&v->relations, &v->row[row].relations, RELATION_FRIEND);
}

/* Friendship is mutual, has the mean that was asked for, a tail, and likes its like. */
static void test_friends(void **state)
{
    struct lab lab;
    static uint32_t number[5000], next[8];
    double friends = 0, alike = 0, by_chance = 0;
    uint32_t most = 0, wanted = 0, topics[TOPICS_MAX] = {0};
    struct friending *friending = NULL;

    (void)state;
    memset(next, 0, sizeof next);
    open_with_creators(&lab, "viewers.count=5000", 0);
    struct world *w = &lab.world;
    for (uint32_t i = 0; i < 5000; i++) {
        uint32_t s = entity_home(w->shards, name_of("viewers", i));
        number[i] = entity_number(w->shards, next[s]++, s);
        topics[world_viewer(w, number[i])->topic]++;
    }
    assert_int_equal(friending_init(&friending, lab.viewers), STATUS_OK);
    for (uint32_t i = 0; i < 5000; i++)
        wanted += friending_draw(friending, world_viewer(w, number[i]), number[i]);
    assert_int_equal(friending_join(friending, number, 5000), STATUS_OK);
    friending_free(friending);
    for (int k = 0; k < TOPICS_MAX; k++) by_chance += topics[k] / 5000.0 * topics[k] / 5000.0;
    for (uint32_t i = 0; i < 5000; i++) {
        const struct viewer_shard *v = &w->viewers[entity_shard(w->shards, number[i])];
        const struct viewer *viewer = world_viewer(w, number[i]);
        const struct relation *r = relation_rows(&v->relations, &viewer->relations);
        uint32_t n = friends_of(v, entity_row(w->shards, number[i]));
        most = n > most ? n : most;
        for (uint32_t k = 0; k < viewer->relations.count; k++) {
            if (relation_kind(r[k]) != RELATION_FRIEND) continue;
            uint32_t friend = relation_other(r[k]);
            const struct viewer *other = world_viewer(w, friend);
            assert_true(other != viewer);
            assert_true(relation_has(&w->viewers[entity_shard(w->shards, friend)].relations,
                                     &other->relations,
                                     relation_make(RELATION_FRIEND, number[i])));
            friends++;
            alike += other->topic == viewer->topic;
        }
    }
    assert_between("mean", friends / 5000, 4.5, 5.2);
    assert_true(friends <= wanted && friends > 0.9 * wanted);
    assert_between("most", most, 30, 64);
    double expected = 0.5 + 0.5 * by_chance;
    assert_between("homophily", alike / friends, expected - 0.03, expected + 0.03);
    lab_free(&lab);
}

/* Every follow that is made or lost is told to the creator's shard, no more and no less. */
static void test_changes_are_told(void **state)
{
    const char *settings[] = {"viewers.count=400",
                              "run.shards=8",
                              "viewers.weibull.follow=0.02",
                              "viewers.follows.most=9",
                              "viewers.follows.unfollow=5",
                              "viewers.weibull.hide=0.01",
                              NULL};
    struct lab lab;
    int64_t change[LAB_CREATORS] = {0}, sum = 0, told = 0;

    (void)state;
    lab_open(&lab, settings);
    lab_populate(&lab, 200,
                 20); /* nobody follows at the start; the lab's creators: LAB_CREATORS */
    struct world *w = &lab.world;
    for (int i = 0; i < 288; i++) {
        w->now = engine_window_start(w->engine);
        w->close = engine_window_end(w->engine);
        assert_int_equal(engine_open(w->engine), STATUS_OK);
        engine_run(w->engine, 0, ENTITY_VIEWER_LAST, &lab);
        exchange_deliver(&w->impressions);
        exchange_deliver(&w->follows);
        for (uint32_t d = 0; d < 8; d++) {
            struct exchange_cursor cursor = exchange_read(&w->follows, d);
            const struct follow_change *rows;
            size_t n;
            while ((rows = exchange_next(&cursor, &n))) {
                for (size_t k = 0; k < n; k++, told++) {
                    assert_int_equal(entity_shard(w->shards, rows[k].creator), d);
                    change[rows[k].creator] += rows[k].change;
                }
            }
        }
        assert_int_equal(viewers_close(lab.viewers), STATUS_OK);
        struct errors errors = {0};
        assert_int_equal(engine_close(w->engine, &errors), STATUS_OK);
    }
    for (uint32_t s = 0; s < 8; s++) {
        for (size_t i = 0; i < w->viewers[s].count; i++) {
            const struct relation_list *list = &w->viewers[s].row[i].relations;
            const struct relation *r = relation_rows(&w->viewers[s].relations, list);
            assert_true(list->count <= 9);
            for (uint32_t k = 0; k < list->count; k++, sum++) change[relation_other(r[k])]--;
        }
    }
    assert_true(sum > 500 && told > 2 * sum);
    for (int c = 0; c < LAB_CREATORS; c++) assert_int_equal(change[c], 0);
    lab_free(&lab);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_everybody_is_at_home),
        cmocka_unit_test(test_moments),
        cmocka_unit_test(test_others_do_not_matter),
        cmocka_unit_test(test_silent_creators_shift_nothing),
        cmocka_unit_test(test_follows_are_consistent),
        cmocka_unit_test(test_consent_is_monotone),
        cmocka_unit_test(test_friends),
        cmocka_unit_test(test_changes_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
