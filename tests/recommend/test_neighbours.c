/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * By hand, three users and three items:
 *          i0  i1  i2
 *     u0    5   3   .
 *     u1    4   2   1
 *     u2    .   4   5
 */
#include "lab.h"
#include "recommend/neighbours.h"

static void fill(struct interactions *log)
{
    assert_int_equal(interactions_init(log, 0), STATUS_OK);
    lab_add(log, 0, 0, 5);
    lab_add(log, 0, 1, 3);
    lab_add(log, 1, 0, 4);
    lab_add(log, 1, 1, 2);
    lab_add(log, 1, 2, 1);
    lab_add(log, 2, 1, 4);
    lab_add(log, 2, 2, 5);
}

struct answer {
    const char *name, *settings;
    uint32_t user, item;
    double value, score; /* below 0: not asked for */
};

static void test_answers_by_hand(void **state)
{
    /* Items, product over N = 3 users: s01 = (15 + 8) / 3, s02 = 4 / 3, s12 = (2 + 20) / 3.
     * Users, over N = 3 items: s01 = (20 + 6) / 3, s02 = 12 / 3, s12 = (8 + 5) / 3. */
    const double s01 = 23 / 3.0, s02 = 4 / 3.0, s12 = 22 / 3.0;
    const double cos02 = 4 / sqrt(41.0 * 26.0), cos12 = 22 / sqrt(29.0 * 26.0);
    const struct answer answers[] = {
        {"item_knn", "similarity=product centre=none", 0, 2, (s02 * 5 + s12 * 3) / (s02 + s12),
         s02 * 5 + s12 * 3},
        {"item_knn", "similarity=product centre=none", 2, 0, (s01 * 4 + s02 * 5) / (s01 + s02),
         s01 * 4 + s02 * 5},
        /* item means 9/2, 3, 3 */
        {"item_knn", "similarity=product centre=mean", 0, 2,
         3 + (s02 * 0.5 + s12 * 0) / (s02 + s12), -1},
        {"item_knn", "similarity=cosine centre=none", 0, 2,
         (cos02 * 5 + cos12 * 3) / (cos02 + cos12), cos02 * 5 + cos12 * 3},
        /* half for one common row, two thirds for two */
        {"item_knn", "similarity=product centre=none shrinkage=1", 0, 2, -1,
         s02 / 2 * 5 + s12 * 2 / 3 * 3},
        {"item_knn", "similarity=product centre=none neighbours=1", 0, 2, 3, s02 * 5 + s12 * 3},
        {"item_knn", "similarity=product centre=none score_neighbours=1", 0, 2,
         (s02 * 5 + s12 * 3) / (s02 + s12), s12 * 3},
        {"item_knn", "similarity=product values=false", 0, 2, -1, 1 / 3.0 + 2 / 3.0},
        {"user_knn", "similarity=product centre=none", 0, 2,
         (26 / 3.0 * 1 + 4 * 5) / (26 / 3.0 + 4), 26 / 3.0 * 1 + 4 * 5},
        {"user_knn", "similarity=product centre=none", 2, 0,
         (4 * 5 + 13 / 3.0 * 4) / (4 + 13 / 3.0), 4 * 5 + 13 / 3.0 * 4},
        /* mean squares: u0, u1: 1; u0, u2: 1; so both count alike */
        {"user_knn", "similarity=msd centre=none", 0, 2, 3, -1},
        /* user means 4, 7/3, 9/2 */
        {"user_knn", "similarity=msd centre=mean", 0, 2, 4 + (1 - 7 / 3.0 + 0.5) / 2, -1},
    };
    struct interactions log;
    float score[3];
    (void)state;

    fill(&log);
    for (size_t k = 0; k < sizeof(answers) / sizeof(answers[0]); k++) {
        const struct answer *a = &answers[k];
        struct trained t;
        lab_train(&t, a->name, a->settings, &log);
        t.kind->score(t.state, a->user, score);
        if (a->score >= 0 && fabs((double)score[a->item] - a->score) > 1e-4)
            fail_msg("%s %s: score %g, not %g", a->name, a->settings, (double)score[a->item],
                     a->score);
        if (a->value >= 0 &&
            fabs((double)t.kind->predict(t.state, a->user, a->item) - a->value) > 1e-4)
            fail_msg("%s %s: value %g, not %g", a->name, a->settings,
                     (double)t.kind->predict(t.state, a->user, a->item), a->value);
        lab_drop(&t);
    }
    interactions_free(&log);
}

/* Level 3; u0 and i0 above it by 1: found without damping, halved with one row of damping. */
static void test_levels_by_hand(void **state)
{
    struct interactions log;
    struct trained t;
    (void)state;

    assert_int_equal(interactions_init(&log, 0), STATUS_OK);
    lab_add(&log, 0, 0, 5);
    lab_add(&log, 0, 1, 3);
    lab_add(&log, 1, 0, 3);
    lab_add(&log, 1, 1, 1);
    lab_train(&t, "baseline", "damp_user=0 damp_item=0", &log);
    assert_float_equal(t.kind->predict(t.state, 0, 0), 5, 1e-5);
    assert_float_equal(t.kind->predict(t.state, 1, 0), 3, 1e-5);
    lab_drop(&t);
    /* items: +-2 / 4, users after them: +-2 / 4 */
    lab_train(&t, "baseline", "damp_user=2 damp_item=2", &log);
    assert_float_equal(t.kind->predict(t.state, 0, 0), 4, 1e-5);
    assert_float_equal(t.kind->predict(t.state, 0, 1), 3, 1e-5);
    lab_drop(&t);
    interactions_free(&log);
}

/* A short memory keeps the most similar: the same values as long as those suffice. */
static void test_memory_keeps_the_most_similar(void **state)
{
    struct lab lab;
    struct trained all, some;
    double worse, better;
    (void)state;

    lab_open(&lab, 150, 120, 0.5);
    lab_train(&all, "user_knn", "neighbours=10 score_neighbours=10 keep=1000", &lab.train);
    lab_train(&some, "user_knn", "neighbours=10 score_neighbours=10 keep=20", &lab.train);
    better = lab_rmse(&all, &lab.test);
    worse = lab_rmse(&some, &lab.test);
    assert_true(better != worse);
    assert_true(worse < 1.05 * better);
    for (uint32_t u = 0; u < 150; u++) { /* scores need the nearest only */
        float a[120], b[120];
        all.kind->score(all.state, u, a);
        some.kind->score(some.state, u, b);
        assert_memory_equal(a, b, sizeof(a));
    }
    lab_drop(&all);
    lab_drop(&some);
    lab_close(&lab);
}

/* Who met something again and again is like one who met it once, for as much: no cosine is
 * above 1, and rows of the same pair need not stand together. */
static void test_repeats_count_as_their_sum(void **state)
{
    static const char *const names[] = {"item_knn", "user_knn"};
    static const char *const kinds[] = {"similarity=cosine", "similarity=product"};
    struct interactions apart, together;
    (void)state;

    assert_int_equal(interactions_init(&apart, 0), STATUS_OK);
    lab_add(&apart, 0, 0, 2);
    lab_add(&apart, 0, 1, 1);
    lab_add(&apart, 0, 0, 3);
    lab_add(&apart, 0, 1, 1);
    lab_add(&apart, 0, 1, 1);
    lab_add(&apart, 1, 1, 2);
    lab_add(&apart, 1, 2, 1);
    lab_add(&apart, 1, 0, 4);
    lab_add(&apart, 2, 2, 4);
    lab_add(&apart, 2, 1, 4);
    lab_add(&apart, 2, 2, 1);
    fill(&together);
    for (size_t k = 0; k < 4; k++) {
        struct trained a, b;
        lab_train(&a, names[k / 2], kinds[k % 2], &apart);
        lab_train(&b, names[k / 2], kinds[k % 2], &together);
        for (uint32_t user = 0; user < 3; user++) {
            float some[3], all[3];
            a.kind->score(a.state, user, some);
            b.kind->score(b.state, user, all);
            for (int i = 0; i < 3; i++) assert_float_equal(some[i], all[i], 1e-4);
        }
        lab_drop(&a);
        lab_drop(&b);
    }
    interactions_free(&apart);
    interactions_free(&together);
}

#define SAMPLE 9

/* The log without rows beyond SAMPLE of each of one side, evenly spread: row k of n stays when
 * a multiple of n / SAMPLE lies in (k, k + 1]. */
static void thin_out(const struct interactions *log, bool by_user, struct interactions *few)
{
    uint32_t count[200] = {0}, next[200] = {0};

    assert_int_equal(interactions_init(few, 0), STATUS_OK);
    for (size_t r = 0; r < log->count; r++) count[by_user ? log->user[r] : log->item[r]]++;
    for (size_t r = 0; r < log->count; r++) {
        uint32_t who = by_user ? log->user[r] : log->item[r], k = next[who]++;
        bool stays = count[who] <= SAMPLE;
        for (uint32_t j = 1; j <= SAMPLE && !stays; j++)
            stays = j * count[who] > k * SAMPLE && j * count[who] <= (k + 1) * SAMPLE;
        if (stays) lab_add(few, log->user[r], log->item[r], log->value[r]);
    }
    few->users = log->users;
    few->items = log->items;
}

/* Of long lists a sample: the similar ones are those of the log that has no other rows. */
static void test_long_lists_are_sampled(void **state)
{
    static const char *const name[] = {"item_knn", "user_knn"};
    static const char *const likeness[] = {"cosine", "msd", "product"};
    char settings[100];
    struct lab lab;
    (void)state;

    lab_open(&lab, 150, 120, 0.5);
    for (int k = 0; k < 6; k++) {
        struct interactions few;
        struct trained sampled, thinned, all;
        const struct neighbours *a, *b, *c;
        thin_out(&lab.train, k % 2 == 0, &few);
        assert_true(few.count < lab.train.count / 2);
        snprintf(settings, sizeof(settings), "similarity=%s sample=%d", likeness[k / 2],
                 SAMPLE);
        lab_train(&sampled, name[k % 2], settings, &lab.train);
        lab_train(&thinned, name[k % 2], settings, &few);
        snprintf(settings, sizeof(settings), "similarity=%s", likeness[k / 2]);
        lab_train(&all, name[k % 2], settings, &lab.train);
        a = sampled.state, b = thinned.state, c = all.state; /* the first of what they hold */
        assert_int_equal(a->similar.count, b->similar.count);
        assert_memory_equal(a->similar.other, b->similar.other,
                            a->similar.count * sizeof(*a->similar.other));
        assert_memory_equal(a->similar.value, b->similar.value,
                            a->similar.count * sizeof(*a->similar.value));
        assert_true(a->similar.count < c->similar.count);
        if (k < 2) /* cosine: a sixth of the rows costs little */
            assert_true(lab_rmse(&sampled, &lab.test) < 1.1 * lab_rmse(&all, &lab.test));
        lab_drop(&sampled);
        lab_drop(&thinned);
        lab_drop(&all);
        interactions_free(&few);
    }
    lab_close(&lab);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_answers_by_hand),
                                       cmocka_unit_test(test_levels_by_hand),
                                       cmocka_unit_test(test_memory_keeps_the_most_similar),
                                       cmocka_unit_test(test_repeats_count_as_their_sum),
                                       cmocka_unit_test(test_long_lists_are_sampled)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
