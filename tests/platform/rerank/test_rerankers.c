/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What distinguishes each reranker, on a handmade list of candidates. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <gsl/gsl_linalg.h>

#include "../lab.h"
#include "platform/members.h"

#define ITEMS 24

/* Candidates in a snapshot of their own, and the slate that grows from them. */
struct bench {
    struct lab lab;
    const struct reranker *reranker;
    const void *parameters;
    struct item item[ITEMS];
    struct video_counters counter[ITEMS];
    struct video_shard videos;
    struct snapshot snapshot;
    struct topic topic[4];
    struct topics topics;
    struct packed16 query;
    struct request request;
    struct picks picks;
    struct shortlist list;
    uint32_t n; /* candidates: the first of the items */
};

static void open_bench(struct bench *self, const struct reranker *reranker, const char *set)
{
    const struct schema_table *tables[64];
    *self = (struct bench){.reranker = reranker, .n = ITEMS};
    size_t n = lab_tables(&self->lab, tables);
    require(parameters_init(&self->lab.parameters, tables, n) == STATUS_OK);
    if (set) lab_set(&self->lab, set);
    self->parameters = parameters_block(&self->lab.parameters,
                                        reranker->about.parameters->prefix);
    self->videos = (struct video_shard){.counter = self->counter, .count = ITEMS};
    self->snapshot = (struct snapshot){.item = self->item,
                                       .extent = ITEMS,
                                       .count = ITEMS,
                                       .videos = &self->videos,
                                       .shards = {.count = 1},
                                       .built = TIME_DAY};
    self->topics = (struct topics){.count = 4, .topic = self->topic};
    for (int t = 0; t < 4; t++) self->topic[t].vector[t] = 1;
    self->request = (struct request){.snapshot = &self->snapshot,
                                     .topics = &self->topics,
                                     .query = &self->query,
                                     .size = 10,
                                     .spread = 1,
                                     .personal = true,
                                     .feature_space = true};
    for (uint32_t i = 0; i < ITEMS; i++) self->item[i].video = self->item[i].creator = i;
}

/* All items as candidates of these ranks, screened. */
static void list_all(struct bench *self, const float *rank)
{
    struct shortlist *list = &self->list;
    list->count = self->n;
    list->spread = 1;
    self->picks.count = 0;
    for (uint32_t i = 0; i < self->n; i++) {
        list->index[i] = list->place[i] = list->creator[i] = i;
        list->topic[i] = self->item[i].topic;
        list->score[i] = rank[i];
    }
    if (self->reranker->screen)
        self->reranker->screen(self->parameters, &self->request, list->place, self->n,
                               list->score);
    for (uint32_t i = 0; i < self->n; i++) {
        assert_true(list->score[i] <= rank[i]); /* it never raises */
        list->rank[i] = list->score[i];
    }
}

static uint32_t pick(struct bench *self)
{
    struct shortlist *list = &self->list;
    struct picks *picks = &self->picks;
    float before[ITEMS];
    uint32_t best = 0;
    for (uint32_t i = 1; i < self->n; i++)
        if (list->score[i] > list->score[best]) best = i;
    uint32_t n = picks->count++;
    picks->place[n] = picks->creator[n] = best;
    picks->topic[n] = self->item[best].topic;
    list->score[best] = SCORE_NEVER;
    memcpy(before, list->score, self->n * sizeof *before);
    if (!self->reranker->chosen) return best;
    self->reranker->chosen(self->parameters, &self->request, picks, n, list);
    for (uint32_t i = 0; i < self->n; i++) assert_true(list->score[i] <= before[i]);
    memcpy(before, list->score, self->n * sizeof *before); /* told again: nothing more */
    self->reranker->chosen(self->parameters, &self->request, picks, n, list);
    assert_memory_equal(before, list->score, self->n * sizeof *before);
    return best;
}

/* ln det of (1 + cosine) / 2 over some items, by GSL. */
static double log_volume(const struct bench *self, const uint32_t *place, uint32_t n)
{
    int sign;
    gsl_matrix *m = gsl_matrix_alloc(n, n);
    gsl_permutation *p = gsl_permutation_alloc(n);
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t k = 0; k < n; k++) {
            float x[VECTOR_DIM], y[VECTOR_DIM];
            vector_unpack(x, &self->item[place[i]].vector);
            vector_unpack(y, &self->item[place[k]].vector);
            vector_normalise(x), vector_normalise(y);
            gsl_matrix_set(m, i, k, i == k ? 1 : 0.5 + 0.5 * (double)vector_dot(x, y));
        }
    gsl_linalg_LU_decomp(m, p, &sign);
    double value = gsl_linalg_LU_lndet(m);
    gsl_matrix_free(m);
    gsl_permutation_free(p);
    return value;
}

/* Each pick is the one that adds most to rank + weight ln det of the slate's kernel. */
static void dpp_is_the_greedy_determinant(void **state)
{
    struct bench b;
    float rank[ITEMS];
    struct stream draw = stream_open((struct stream_key){{1, 2}}, 3, 4);
    (void)state;
    open_bench(&b, &rerank_dpp, "platform.rerank.dpp.weight=0.7");
    for (int i = 0; i < ITEMS; i++) {
        float x[VECTOR_DIM];
        for (int k = 0; k < VECTOR_DIM; k++) x[k] = (float)stream_normal(&draw);
        vector_normalise(x);
        vector_scale(x, 0.5f + (float)stream_uniform(&draw));
        vector_pack(&b.item[i].vector, x);
        rank[i] = (float)stream_normal(&draw);
    }
    list_all(&b, rank);
    for (uint32_t n = 0; n < 8; n++) {
        uint32_t set[ITEMS], best = UINT32_MAX;
        double most = 0, before = n ? log_volume(&b, b.picks.place, n) : 0;
        memcpy(set, b.picks.place, n * sizeof *set);
        for (uint32_t i = 0; i < ITEMS; i++) {
            bool in = false;
            for (uint32_t k = 0; k < n; k++) in |= set[k] == i;
            set[n] = i;
            double value = in ? -1e9
                              : (double)rank[i] + 0.7 * (log_volume(&b, set, n + 1) - before);
            if (best == UINT32_MAX || value > most) best = i, most = value;
        }
        assert_int_equal(pick(&b), best);
    }
    parameters_free(&b.lab.parameters);
}

/* A profile of 70 % one topic and 30 % another: so is the slate, though all of the first rank
 * above all of the second. */
static void calibration_keeps_proportions(void **state)
{
    struct bench b;
    float rank[ITEMS], taste[VECTOR_DIM] = {0.83666f, 0.54772f};
    uint32_t count[4] = {0};
    (void)state;
    open_bench(&b, &rerank_calibration, "platform.rerank.calibration.weight=100.0");
    vector_pack(&b.query, taste);
    for (int i = 0; i < ITEMS; i++) {
        b.item[i].topic = (uint8_t)(i % 3);
        rank[i] = (i % 3 ? 0.0f : 1.0f) - 0.01f * (float)i;
    }
    list_all(&b, rank);
    for (int i = 0; i < 10; i++) count[b.item[pick(&b)].topic]++;
    assert_int_equal(count[0], 7);
    assert_int_equal(count[1], 3);
    b.request.personal = false; /* nothing is known: as ranked */
    list_all(&b, rank);
    assert_int_equal(pick(&b), 0);
    assert_int_equal(pick(&b), 3);
    parameters_free(&b.lab.parameters);
}

/* Places go to videos over and over; attention comes to stand in the proportions of merit
 * whatever the ranking says, where all would go to one without. */
static void fairness_amortises(void **state)
{
    static const float share[4] = {0.2f, 0.3f, 0.4f, 0.5f};
    struct bench b;
    double sum = 0, merit = 0;
    (void)state;
    open_bench(&b, &rerank_fairness, "platform.rerank.fairness.weight=20.0");
    b.n = 4;
    for (int round = 0; round < 6000; round++) {
        float rank[ITEMS];
        for (int i = 0; i < 4; i++) rank[i] = 0.1f * (float)(4 - i);
        list_all(&b, rank);
        struct video_counters *c = &b.counter[pick(&b)];
        c->impressions++;
        c->plays_18s = (uint32_t)(share[c - b.counter] * (float)c->impressions);
    }
    for (int i = 0; i < 4; i++) sum += b.counter[i].impressions, merit += (double)share[i];
    assert_near(sum, 6000, 0);
    for (int i = 0; i < 4; i++)
        assert_near(b.counter[i].impressions / sum, (double)share[i] / merit, 0.03);
    parameters_free(&b.lab.parameters);
}

static void provider_boost_lifts_the_low_grade(void **state)
{
    struct bench b;
    float rank[ITEMS];
    (void)state;
    open_bench(&b, &rerank_provider_boost, "platform.rerank.provider_boost.weight=1.0");
    for (int i = 0; i < ITEMS; i++) {
        rank[i] = -0.1f * (float)i;
        b.counter[i].marks = (uint8_t)(i % 3 << VIDEO_GRADE_SHIFT);
    }
    list_all(&b, rank);
    assert_int_equal(pick(&b), 0);
    assert_int_equal(pick(&b), 3);
    assert_int_equal(pick(&b), 6);
    lab_set(&b.lab, "platform.rerank.provider_boost.whom=middle");
    list_all(&b, rank);
    assert_int_equal(pick(&b), 0);
    assert_int_equal(pick(&b), 1);
    assert_int_equal(pick(&b), 3);
    lab_set(&b.lab, "platform.rerank.provider_boost.whom=low");
    b.counter[1].marks = VIDEO_GRADE_NEW << VIDEO_GRADE_SHIFT; /* seen least of all */
    list_all(&b, rank);
    assert_int_equal(pick(&b), 0);
    assert_int_equal(pick(&b), 1);
    assert_int_equal(pick(&b), 3);
    parameters_free(&b.lab.parameters);
}

static void staff_boost_lifts_whom_staff_chose(void **state)
{
    struct bench b;
    float rank[ITEMS];
    (void)state;
    open_bench(&b, &rerank_staff_boost, "platform.rerank.staff_boost.weight=1.0");
    for (int i = 0; i < ITEMS; i++) {
        rank[i] = -0.1f * (float)i;
        b.counter[i].marks = (uint8_t)(i % 4 == 2 ? VIDEO_LIFTED : i % 3 << VIDEO_GRADE_SHIFT);
    }
    list_all(&b, rank);
    assert_int_equal(pick(&b), 2);
    assert_int_equal(pick(&b), 6);
    assert_true(pick(&b) == 0 ||
                b.picks.place[2] == 10); /* -1.0 either way, but for rounding */
    lab_set(&b.lab, "platform.rerank.staff_boost.weight=0.0");
    list_all(&b, rank);
    assert_int_equal(pick(&b), 0);
    assert_int_equal(pick(&b), 1);
    parameters_free(&b.lab.parameters);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dpp_is_the_greedy_determinant),
        cmocka_unit_test(calibration_keeps_proportions),
        cmocka_unit_test(fairness_amortises),
        cmocka_unit_test(provider_boost_lifts_the_low_grade),
        cmocka_unit_test(staff_boost_lifts_whom_staff_chose),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
