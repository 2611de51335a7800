/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/parameters.h"
#include "experiment/fit.h"
#include "measure/log_figures.h"
#include "recommend/recommender.h"

#define USERS 120u
#define ITEMS 80u
#define OWN 16u /* rows of each user of its kind, and a quarter as many of the other's */

struct bench {
    struct parameters parameters;
    struct log log;
    struct audience audience;
    struct embedding_fit judged;
};

static void add(struct bench *b, uint32_t user, uint32_t item, float value, uint32_t time)
{
    const struct interaction row = {user, item, value, time};
    assert_int_equal(interactions_append(&b->log.rows, &row), STATUS_OK);
}

static enum status learn(struct bench *b, uint32_t threads)
{
    const struct recommender *bpr = recommender_find(EMBEDDING_RECOMMENDER);
    const struct schema_table *table = bpr->about.parameters;
    enum status status = parameters_init(&b->parameters, &table, 1);
    struct errors errors = {0};
    if (!status)
        status = parameters_set(&b->parameters, "evaluate.bpr.factors", "16", "test", &errors);
    const struct fit_options options = {
        .embedding = parameters_block(&b->parameters, "evaluate.bpr"),
        .how = {.seed = {.seed = 1}, .threads = threads},
        .gap_min = 30};
    if (!status) status = fit_learn(&b->log, &options, &b->audience, &b->judged);
    errors_free(&errors);
    return status;
}

static void drop(struct bench *b)
{
    audience_free(&b->audience);
    log_free(&b->log);
    parameters_free(&b->parameters);
}

/* Users and items of two kinds. User u comes for 1 + u % 3 sessions, a day apart. */
static void two_kinds(struct bench *b)
{
    struct stream draw = stream_open((struct stream_key){{3, 4}}, 5, 6);
    *b = (struct bench){.log = {.timed = true, .valued = true}};
    for (uint32_t u = 0; u < USERS; u++)
        for (uint32_t n = 0; n < OWN + OWN / 4; n++) {
            uint32_t kind = n < OWN ? u % 2 : 1 - u % 2;
            uint32_t item = 2 * stream_below(&draw, ITEMS / 2) + kind;
            uint32_t session = n % (1 + u % 3);
            add(b, u, item, item < 8 ? 5 : 3, session * 86400 + n);
        }
}

static void test_what_is_learnt(void **state)
{
    struct bench b;
    (void)state;
    two_kinds(&b);
    assert_int_equal(learn(&b, 1), STATUS_OK);
    const struct audience *a = &b.audience;
    assert_int_equal(a->viewers, USERS);
    assert_int_equal(a->videos, b.log.rows.items);
    assert_int_equal(a->creators, a->videos);
    assert_false(a->authored);
    uint32_t rows = 0;
    for (uint32_t u = 0; u < USERS; u++) {
        assert_int_equal(a->viewer[u].rows, OWN + OWN / 4);
        assert_int_equal(a->viewer[u].sessions, 1 + u % 3);
    }
    for (uint32_t i = 0; i < a->videos; i++) {
        rows += a->video[i].rows;
        assert_true(i < 8 ? a->video[i].quality > 0.5f : a->video[i].quality < 0.3f);
    }
    assert_int_equal(rows, b.log.rows.count);
    assert_true(fabs(a->gap_s[2] - 86400) < 60); /* between sessions: a day */
    assert_true(b.judged.met > b.judged.other + 0.2);
    drop(&b);
}

/* Own kind is nearer than the other, on average over all pairs. */
static void test_vectors_tell_kinds_apart(void **state)
{
    struct bench b;
    double own = 0, other = 0;
    (void)state;
    two_kinds(&b);
    assert_int_equal(learn(&b, 1), STATUS_OK);
    for (uint32_t u = 0; u < USERS; u++)
        for (uint32_t i = 0; i < b.audience.videos; i++) {
            double c = packed_dot(&b.audience.viewer[u].taste, &b.audience.video[i].content) *
                       0x1p-28;
            if (u % 2 == i % 2)
                own += c;
            else
                other += c;
            assert_true(c > -1.01 && c < 1.01);
        }
    own /= USERS * ITEMS / 2;
    other /= USERS * ITEMS / 2;
    if (!(own > other + 0.1)) fail_msg("own kind %.3f, other %.3f", own, other);
    drop(&b);
}

/* How often times how long is in proportion to the rows, whatever the sessions. */
static void test_activity(void **state)
{
    struct bench b = {.log = {.timed = true}};
    (void)state;
    for (uint32_t u = 0; u < 20; u++)
        for (uint32_t n = 0; n < 5 * (u + 1); n++)
            add(&b, u, (u + n) % 30, 1, (u % 2 ? n * 10 : n * 7200));
    assert_int_equal(learn(&b, 1), STATUS_OK);
    const struct audience_viewer *v = b.audience.viewer;
    double unit = (double)v[0].activity * (double)v[0].budget / v[0].rows;
    for (uint32_t u = 0; u < 20; u++) {
        double product = (double)v[u].activity * (double)v[u].budget;
        assert_true(fabs(product / v[u].rows / unit - 1) < 1e-5);
        assert_int_equal(v[u].sessions, u % 2 ? 1 : v[u].rows);
        assert_true(u % 2 ? v[u].budget > 1 : v[u].budget < 1);
        assert_int_equal(v[u].budget > 0, 1);
    }
    assert_true(b.audience.video[0].quality == 0.5f); /* all values alike */
    drop(&b);
}

/* Gaps of less and of more than 2^16 seconds, the same ones often, and short ones that end no
 * session: quantiles are those of the sorted gaps. */
static void test_gaps(void **state)
{
    enum { GAPS = 399 };
    static const uint32_t span[] = {1, 60000, 70000, 65535, 65536, 3000000};
    struct bench b = {.log = {.timed = true}};
    uint64_t gap[GAPS];
    size_t n = 0;
    (void)state;
    for (uint32_t u = 0; u < 7; u++) {
        uint32_t at = u;
        add(&b, u, 0, 1, at);
        for (uint32_t k = 0; k < GAPS / 7; k++) {
            uint32_t wait = 1801 + (k * 7919 + u * 104729) % span[(k + u) % 6];
            add(&b, u, k % 30, 1, at + 1700); /* in the same session */
            at += 1700 + wait;
            add(&b, u, k % 30, 1, at);
            gap[n++] = wait;
        }
    }
    assert_int_equal(n, GAPS);
    assert_int_equal(learn(&b, 1), STATUS_OK);
    for (size_t i = 1; i < n; i++)
        for (size_t k = i; k > 0 && gap[k - 1] > gap[k]; k--) {
            uint64_t swap = gap[k];
            gap[k] = gap[k - 1];
            gap[k - 1] = swap;
        }
    for (int q = 0; q < AUDIENCE_GAPS; q++)
        assert_true(b.audience.gap_s[q] ==
                    (double)log_figures_quantile(gap, n, log_figures_at[q]));
    assert_true(b.audience.gap_s[0] < b.audience.gap_s[2] && b.audience.gap_s[4] > 65536);
    drop(&b);
}

static void test_without_times(void **state)
{
    struct bench b = {0};
    (void)state;
    for (uint32_t u = 0; u < 9; u++)
        for (uint32_t n = 0; n <= u; n++) add(&b, u, n, 1, 0);
    assert_int_equal(learn(&b, 1), STATUS_OK);
    for (uint32_t u = 0; u < 9; u++) {
        assert_int_equal(b.audience.viewer[u].sessions, 0);
        assert_true(b.audience.viewer[u].budget == 1);
        assert_true(fabsf(b.audience.viewer[u].activity - (float)(u + 1) / 5) < 1e-6f);
    }
    drop(&b);
}

static void test_authors(void **state)
{
    static uint32_t author[4] = {1, UINT32_MAX, 0, 1};
    struct bench b = {0};
    (void)state;
    for (uint32_t i = 0; i < 4; i++) add(&b, i % 2, i, 1, 0);
    uint32_t number;
    assert_int_equal(identifiers_add(&b.log.details.authors, "x", 1, &number), STATUS_OK);
    assert_int_equal(identifiers_add(&b.log.details.authors, "y", 1, &number), STATUS_OK);
    b.log.details.author = author;
    b.log.details.author_room = 4;
    b.log.details.looked[AUDIENCE_ACT_like] = 4;
    b.log.details.acts[AUDIENCE_ACT_like] = 1;
    assert_int_equal(learn(&b, 1), STATUS_OK);
    b.log.details.author = NULL;
    assert_true(b.audience.authored);
    assert_int_equal(b.audience.creators, 3);
    assert_int_equal(b.audience.video[0].creator, 1);
    assert_int_equal(b.audience.video[1].creator, 2); /* its own */
    assert_int_equal(b.audience.video[2].creator, 0);
    assert_int_equal(b.audience.video[3].creator, 1);
    assert_true(b.audience.act_rate[AUDIENCE_ACT_like] == 0.25);
    assert_true(b.audience.act_rate[AUDIENCE_ACT_share] == -1);
    drop(&b);
}

static void test_threads(void **state)
{
    struct bench one, three;
    (void)state;
    two_kinds(&one);
    two_kinds(&three);
    assert_int_equal(learn(&one, 1), STATUS_OK);
    assert_int_equal(learn(&three, 3), STATUS_OK);
    assert_memory_equal(one.audience.viewer, three.audience.viewer,
                        USERS * sizeof(struct audience_viewer));
    assert_memory_equal(one.audience.video, three.audience.video,
                        one.audience.videos * sizeof(struct audience_video));
    drop(&one);
    drop(&three);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_learnt), cmocka_unit_test(test_vectors_tell_kinds_apart),
        cmocka_unit_test(test_activity),       cmocka_unit_test(test_gaps),
        cmocka_unit_test(test_without_times),  cmocka_unit_test(test_authors),
        cmocka_unit_test(test_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
