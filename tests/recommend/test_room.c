/* SPDX-License-Identifier: GPL-3.0-or-later */
/* LINK: -Wl,--wrap=calloc,--wrap=free */
/*
 * What a row of the log costs while a recommender learns, beside the log's own 16 bytes: the
 * peak of its memory on a log of twice the rows of the same users and items, less that on the
 * log, by the rows. 100 million rows leave 2.56 bytes each (256 MB), but for what has a bound
 * of its own: a chunk of strata, and what user_knn spends on speed below 2^23 rows.
 */
#include "lab.h"

#include <malloc.h>

#include "recommend/strata.h"

static size_t held, peak;

void *__real_calloc(size_t count, size_t size);
void __real_free(void *pointer);
void *__wrap_calloc(size_t count, size_t size);
void __wrap_free(void *pointer);

void *__wrap_calloc(size_t count, size_t size)
{
    void *made = __real_calloc(count, size);

    if (made) held += malloc_usable_size(made);
    if (held > peak) peak = held;
    return made;
}

void __wrap_free(void *pointer)
{
    if (pointer) held -= malloc_usable_size(pointer);
    __real_free(pointer);
}

/* Ratings from 1 to 5 of anything by anybody. */
static void fill(struct interactions *log, size_t rows)
{
    struct stream s = stream_open(stream_key((struct seed){1, 0, 0}, &lab_purpose), 0, 0);

    assert_int_equal(interactions_init(log, rows), STATUS_OK);
    for (size_t r = 0; r < rows; r++) {
        struct interaction row = {stream_below(&s, 200), stream_below(&s, 500),
                                  (float)(1 + stream_below(&s, 5)), 0};
        assert_int_equal(interactions_append(log, &row), STATUS_OK);
    }
    log->users = 200;
    log->items = 500;
    interactions_sort(log);
}

static double peak_of(const char *name, const char *settings, const struct interactions *log)
{
    struct trained t;
    size_t before = held;

    peak = held;
    assert_int_equal(lab_try(&t, name, settings, log, 1), STATUS_OK);
    lab_drop(&t);
    assert_int_equal(held, before);
    return (double)(peak - before);
}

struct cost {
    const char *name, *settings;
    double most; /* bytes a row */
};

static void test_bytes_a_row(void **state)
{
    enum { ROWS = 40000 };
    static const struct cost costs[] = {
        {"als", "epochs=1", 1.3},
        {"als", "epochs=1 values=true", 2.3},
        {"baseline", NULL, 0},
        {"bpr", "epochs=1", 24 + 1.3}, /* a chunk of strata, of which there is one here */
        {"fm", "epochs=1", 0},
        {"item_knn", NULL, 2.3},
        {"item_knn", "sample=50", 2.3},
        {"mf", "epochs=1", 24},
        {"mf", "epochs=1 implicit=true", 0},
        {"popular", NULL, 0},
        {"random", NULL, 0},
        {"user_knn", NULL, 8 + 2.3},
        {"user_knn", "sample=50", 2.3},
    };
    struct interactions once, twice;
    const char *before = "";
    size_t names = 0, all = 0;
    (void)state;

    fill(&once, ROWS);
    fill(&twice, 2 * ROWS);
    for (size_t k = 0; k < sizeof(costs) / sizeof(costs[0]); k++) {
        const struct cost *c = &costs[k];
        double a_row = (peak_of(c->name, c->settings, &twice) -
                        peak_of(c->name, c->settings, &once)) /
                       ROWS;
        if (a_row > c->most + 0.1)
            fail_msg("%s %s: %.2f bytes a row, at most %g", c->name,
                     c->settings ? c->settings : "", a_row, c->most);
        names += strcmp(before, c->name) != 0;
        before = c->name;
    }
    while (recommenders[all]) all++;
    assert_int_equal(names, all); /* none is left out */
    interactions_free(&once);
    interactions_free(&twice);
}

/* However long the log: 12 bytes a row of a chunk (48 MB), in rows that are dealt from it. */
static void test_strata_of_a_long_log(void **state)
{
    struct interactions log = {.users = 1000, .items = 1000};
    struct strata strata;
    const struct stream_key key = {{1, 2}};
    (void)state;

    for (size_t chunks = 2; chunks < 50; chunks *= 3) {
        size_t before = held;
        log.count = chunks * STRATA_CHUNK - 1;
        assert_int_equal(strata_init(&strata, &log, key, 32), STATUS_OK);
        assert_int_equal(strata.chunks, chunks);
        assert_true(held - before < 12 * ((size_t)STRATA_CHUNK + 1) + 100000);
        strata_free(&strata);
        assert_int_equal(held, before);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_bytes_a_row),
                                       cmocka_unit_test(test_strata_of_a_long_log)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
