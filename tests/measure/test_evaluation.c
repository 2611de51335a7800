/* SPDX-License-Identifier: GPL-3.0-or-later */
/* THREADS */
#include "measure/evaluation.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ITEMS_MOST 64

/* A recommender that says what it is told. */
struct told {
    uint32_t items;
    const float *score; /* [users][items] */
    float predicted;
};

static float predict(const void *state, uint32_t user, uint32_t item)
{
    (void)user;
    (void)item;
    return ((const struct told *)state)->predicted;
}

static void score(const void *state, uint32_t user, float *out)
{
    const struct told *self = state;
    memcpy(out, self->score + (size_t)user * self->items, self->items * sizeof *out);
}

static const struct recommender telling = {
    .about = {.name = "told"}, .ratings = true, .predict = predict, .score = score};

static struct interactions make_log(const struct interaction *row, size_t n, uint32_t users,
                                    uint32_t items)
{
    struct interactions log;
    assert_int_equal(interactions_init(&log, n), STATUS_OK);
    for (size_t r = 0; r < n; r++) assert_int_equal(interactions_append(&log, &row[r]), 0);
    log.users = users;
    log.items = items;
    return log;
}

static void assert_near(double found, double wanted)
{
    if (!(fabs(found - wanted) < 2e-6)) fail_msg("%.9g, should be %.9g", found, wanted);
}

/* User 0 has met item 0, and 1 (value 4) and 3 (5) are to be found; ranked 2 1 3 4. User 1 has
 * met 1 and, twice, 2, and 0 (2) and 4 (5) are the test; ranked 3 4 0. */
static const struct interaction hand_train[] = {
    {0, 0, 5, 0}, {1, 1, 5, 0}, {1, 2, 5, 0}, {1, 2, 5, 0}};
static const struct interaction hand_test[] = {
    {0, 1, 4, 0}, {0, 3, 5, 0}, {1, 0, 2, 0}, {1, 4, 5, 0}};
static const float hand_score[] = {9, .5f, .9f, .4f, .1f, .2f, 9, 9, .8f, .7f};

static void by_hand(const struct evaluation_options *options, const struct interactions *known,
                    struct estimate *out)
{
    struct interactions train = make_log(hand_train, 4, 2, 5),
                        test = make_log(hand_test, 4, 2, 5);
    const struct told told = {5, hand_score, 3};
    const struct evaluation_of of = {&telling, &told, &train, &test, known};
    struct evaluation evaluation;
    struct estimate estimate[EVALUATION_DEPTHS][EVALUATION_METRICS];
    struct team team;
    team_init(&team, 1);
    assert_int_equal(evaluation_run(&evaluation, &of, options, &team), STATUS_OK);
    assert_int_equal(evaluation.judged, 2);
    assert_int_equal(evaluation_estimate(&evaluation, 1, 0, &team, estimate), STATUS_OK);
    memcpy(out, estimate[0], sizeof estimate[0]);
    evaluation_free(&evaluation);
    interactions_free(&train);
    interactions_free(&test);
}

/* Lists of 2: user 0 sees 2 1, a hit of two at rank 2; user 1 sees 3 4, the one hit at rank 2
 * (item 0 is worth 2, not 4). NDCG (1 / log2 3) / (1 + 1 / log2 3) and 1 / log2 3. */
static void metrics_by_hand(void **state)
{
    (void)state;
    const struct evaluation_options options = {.depth = {2}, .depths = 1, .relevant_from = 4};
    struct estimate found[EVALUATION_METRICS];
    by_hand(&options, NULL, found);
    assert_near(found[EVALUATION_RMSE].value, sqrt(2.5)); /* errors 1 2 1 2 */
    assert_near(found[EVALUATION_MAE].value, 1.5);
    assert_near(found[EVALUATION_HIT_RATE].value, 1);
    assert_near(found[EVALUATION_PRECISION].value, 0.5);
    assert_near(found[EVALUATION_RECALL].value, 0.75);
    assert_near(found[EVALUATION_MAP].value, 0.375); /* (1/2) / 2 and (1/2) / 1 */
    assert_near(found[EVALUATION_MRR].value, 0.5);
    assert_near(found[EVALUATION_NDCG].value, (0.386852807 + 0.630929754) / 2);
    assert_near(found[EVALUATION_AUC].value, 0.5);   /* 2 of 4 pairs, 1 of 2 */
    assert_near(found[EVALUATION_NOVELTY].value, 1); /* log2(2 users / 1 of them) */
    assert_near(found[EVALUATION_COVERAGE].value, 0.8);
    assert_near(found[EVALUATION_GINI].value, 0.2);
    assert_true(isnan(found[EVALUATION_NDCG].low)); /* no resamples */
}

/* User 0 is past item 2, too: both of the list 1 3 are hits. */
static void known_rows_are_not_ranked(void **state)
{
    (void)state;
    static const struct interaction row[] = {{0, 2, 1, 0}};
    const struct evaluation_options options = {.depth = {2}, .depths = 1, .relevant_from = 4};
    struct interactions known = make_log(row, 1, 2, 5);
    struct estimate found[EVALUATION_METRICS];
    by_hand(&options, &known, found);
    assert_near(found[EVALUATION_PRECISION].value, 0.75);
    assert_near(found[EVALUATION_RECALL].value, 1);
    assert_near(found[EVALUATION_AUC].value, 0.75); /* 2 of 2 pairs, 1 of 2 */
    interactions_free(&known);
}

/* User 0: (4 / 1 + 5 / log2 3) / (5 + 4); user 1: (5 / 1 + 2 / log2 3) / (5 + 2). */
static void lenskits_ndcg_by_hand(void **state)
{
    (void)state;
    const struct evaluation_options options = {.depth = {3}, .depths = 1, .graded = true};
    struct estimate found[EVALUATION_METRICS];
    by_hand(&options, NULL, found);
    assert_near(found[EVALUATION_NDCG].value, (0.794960974 + 0.894551359) / 2);
}

/* Scores with many ties and NaN, items met twice, users without anything to find. */
struct random_case {
    struct interactions train, test;
    float score[40 * ITEMS_MOST];
};

static void make_random(struct random_case *self, uint32_t seed)
{
    static const struct purpose purpose = {"test", PURPOSE_LUCK};
    struct stream s = stream_open(stream_key((struct seed){.seed = seed}, &purpose), 1, 0);
    assert_int_equal(interactions_init(&self->train, 0), 0);
    assert_int_equal(interactions_init(&self->test, 0), 0);
    for (int r = 0; r < 600; r++) {
        const struct interaction row = {stream_below(&s, 40), stream_below(&s, ITEMS_MOST),
                                        (float)stream_below(&s, 5) + 1, 0};
        struct interactions *log = stream_below(&s, 3) ? &self->train : &self->test;
        assert_int_equal(interactions_append(log, &row), 0);
    }
    interactions_sort(&self->train);
    interactions_sort(&self->test);
    self->train.users = self->test.users = 40;
    self->train.items = self->test.items = ITEMS_MOST;
    for (int i = 0; i < 40 * ITEMS_MOST; i++)
        self->score[i] = i % 97 ? (float)stream_below(&s, 9) : (float)NAN;
}

/* 0 = to be ranked, 1 = met, 2 = to be found */
static int kind_of(const struct random_case *c, uint32_t user, uint32_t item, float from)
{
    for (size_t r = 0; r < c->train.count; r++)
        if (c->train.user[r] == user && c->train.item[r] == item) return 1;
    for (size_t r = 0; r < c->test.count; r++)
        if (c->test.user[r] == user && c->test.item[r] == item && c->test.value[r] >= from)
            return 2;
    return 0;
}

static float score_of(const struct random_case *c, uint32_t user, uint32_t item)
{
    float found = c->score[user * ITEMS_MOST + item];
    return isnan(found) ? -INFINITY : found;
}

/* AUC and the recall of all items, counted pair by pair. */
static double slow_auc(const struct random_case *c, uint32_t user, float from)
{
    double won = 0, pairs = 0;
    for (uint32_t i = 0; i < ITEMS_MOST; i++)
        for (uint32_t j = 0; j < ITEMS_MOST; j++) {
            if (kind_of(c, user, i, from) != 2 || kind_of(c, user, j, from) != 0) continue;
            float a = score_of(c, user, i), b = score_of(c, user, j);
            won += a > b ? 1 : a == b ? 0.5 : 0;
            pairs++;
        }
    return won / pairs;
}

static void it_agrees_with_counting_pairs(void **state)
{
    (void)state;
    for (uint32_t seed = 0; seed < 3; seed++) {
        struct random_case c;
        struct evaluation found[2];
        const struct evaluation_options options = {
            .depth = {1, 7, ITEMS_MOST}, .depths = 3, .relevant_from = 3};
        make_random(&c, seed);
        const struct told told = {ITEMS_MOST, c.score, 3};
        const struct evaluation_of of = {&telling, &told, &c.train, &c.test, NULL};
        for (int k = 0; k < 2; k++) {
            struct team team;
            team_init(&team, k ? 3 : 1);
            assert_int_equal(evaluation_run(&found[k], &of, &options, &team), STATUS_OK);
            team_free(&team);
        }
        size_t cells = 3 * EVALUATION_USER_METRICS;
        assert_memory_equal(found[0].of_user, found[1].of_user,
                            found[0].testing * cells * sizeof(float));
        assert_memory_equal(found[0].of_lists, found[1].of_lists, sizeof found[0].of_lists);
        for (size_t u = 0; u < found[0].testing; u++) {
            const float *value = found[0].of_user + u * cells;
            double auc = slow_auc(&c, found[0].user[u], 3);
            if (isnan(value[0])) assert_true(isnan(auc));
            if (isnan(value[0])) continue;
            assert_near((double)value[EVALUATION_AUC - EVALUATION_OF_USERS], auc);
            const float *all = value + 2 * EVALUATION_USER_METRICS; /* every item is shown */
            assert_near((double)all[EVALUATION_RECALL - EVALUATION_OF_USERS], 1);
            assert_near((double)all[0], 1);
        }
        evaluation_free(&found[0]);
        evaluation_free(&found[1]);
        interactions_free(&c.train);
        interactions_free(&c.test);
    }
}

/* 400 users, half of them with a hit: .5 +- 1.96 x .5 / 20, and the same bits on 3 threads. */
static void intervals_are_as_wide_as_theory(void **state)
{
    (void)state;
    struct interactions train, test;
    static float scores[400 * 2];
    assert_int_equal(interactions_init(&train, 0), 0);
    assert_int_equal(interactions_init(&test, 0), 0);
    for (uint32_t u = 0; u < 400; u++) {
        const struct interaction row = {u, 0, 1 + (float)(u % 2), 0};
        assert_int_equal(interactions_append(&test, &row), 0);
        scores[2 * u + u % 2] = 1;
    }
    train.users = test.users = 400;
    train.items = test.items = 2;
    const struct told told = {2, scores, 1};
    const struct evaluation_of of = {&telling, &told, &train, &test, NULL};
    const struct evaluation_options options = {.depth = {1}, .depths = 1};
    struct estimate found[2][1][EVALUATION_METRICS];
    for (int k = 0; k < 2; k++) {
        struct evaluation evaluation;
        struct team team;
        team_init(&team, k ? 3 : 1);
        assert_int_equal(evaluation_run(&evaluation, &of, &options, &team), STATUS_OK);
        assert_int_equal(evaluation_estimate(&evaluation, 1, 2000, &team, found[k]), STATUS_OK);
        team_free(&team);
        evaluation_free(&evaluation);
    }
    assert_memory_equal(found[0], found[1], sizeof found[0]);
    const struct estimate *hit = &found[0][0][EVALUATION_HIT_RATE];
    assert_near(hit->value, 0.5);
    assert_true(fabs(hit->low - 0.451) < 0.006 && fabs(hit->high - 0.549) < 0.006);
    const struct estimate *rmse = &found[0][0][EVALUATION_RMSE];
    assert_near(rmse->value, sqrt(0.5));
    assert_true(rmse->low < rmse->value && rmse->value < rmse->high);
    assert_true(isnan(found[0][0][EVALUATION_COVERAGE].low));
    interactions_free(&train);
    interactions_free(&test);
}

static void nothing_to_judge_gives_no_numbers(void **state)
{
    (void)state;
    struct interactions train = make_log(hand_train, 4, 2, 5),
                        test = make_log(hand_test, 0, 2, 5);
    const struct told told = {5, hand_score, 3};
    const struct evaluation_of of = {&telling, &told, &train, &test, NULL};
    const struct evaluation_options options = {.depth = {2}, .depths = 1};
    struct estimate found[1][EVALUATION_METRICS];
    struct evaluation evaluation;
    struct team team;
    team_init(&team, 1);
    assert_int_equal(evaluation_run(&evaluation, &of, &options, &team), STATUS_OK);
    assert_int_equal(evaluation_estimate(&evaluation, 1, 50, &team, found), STATUS_OK);
    for (int m = 0; m < EVALUATION_METRICS; m++)
        if (m != EVALUATION_COVERAGE) assert_true(isnan(found[0][m].value));
    evaluation_free(&evaluation);
    interactions_free(&train);
    interactions_free(&test);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(metrics_by_hand),
        cmocka_unit_test(known_rows_are_not_ranked),
        cmocka_unit_test(lenskits_ndcg_by_hand),
        cmocka_unit_test(it_agrees_with_counting_pairs),
        cmocka_unit_test(intervals_are_as_wide_as_theory),
        cmocka_unit_test(nothing_to_judge_gives_no_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
