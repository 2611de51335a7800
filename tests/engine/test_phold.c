/* SPDX-License-Identifier: GPL-3.0-or-later */
/* THREADS */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "engine/phold.h"
#include "engine/stream.h"

static const struct phold_options small = {.processes = 512,
                                           .events = 4,
                                           .remote = 0.3,
                                           .lookahead = 0.1,
                                           .duration = 6,
                                           .shards = 16,
                                           .seed = 7};

static uint64_t windowed(uint32_t threads, uint32_t shards, bool shuffle)
{
    struct phold_options o = small;
    struct phold_result r = {0};
    struct errors errors = {0};
    struct team team;
    o.shards = shards;
    team_init(&team, threads);
    team.shuffle = shuffle;
    enum status status = phold_run(&o, &team, &r, &errors);
    team_free(&team);
    return status ? 0 : r.state_hash;
}

/* The oracle: one list, always the earliest event next; ties by process. Slow and plain. */
struct plain {
    int64_t when;
    uint32_t process;
};

static int earlier(const void *a, const void *b)
{
    const struct plain *x = a, *y = b;
    if (x->when != y->when) return x->when < y->when ? -1 : 1;
    return (x->process > y->process) - (x->process < y->process);
}

static uint64_t sequential(void)
{
    static struct plain list[512 * 4];
    static struct phold_process process[512];
    const size_t n = sizeof list / sizeof list[0];
    const struct purpose purpose = {"phold", PURPOSE_LUCK};
    struct stream_key key = stream_key((struct seed){7, 0, 0}, &purpose);
    uint64_t hash = 0;
    for (uint32_t p = 0; p < 512; p++)
        for (uint32_t e = 0; e < 4; e++) {
            struct stream_words w = stream_block(key, p, e, 1);
            double wait = -(double)maths_logf(word_uniformf(w.word[0]));
            list[p * 4 + e] = (struct plain){(int64_t)(wait * PHOLD_UNIT), p};
        }
    qsort(list, n, sizeof list[0], earlier);
    while (list[0].when < (int64_t)(small.duration * PHOLD_UNIT)) {
        uint32_t at = list[0].process;
        struct phold_step step = phold_advance(&process[at], at, list[0].when, &small);
        struct plain next = {list[0].when + step.delay, step.to};
        size_t i = 0;
        for (; i + 1 < n && earlier(&list[i + 1], &next) < 0; i++) list[i] = list[i + 1];
        list[i] = next;
    }
    for (uint32_t p = 0; p < 512; p++) hash += phold_hash(&process[p], p);
    return hash;
}

static void test_hash_equals_the_sequential_engine(void **state)
{
    (void)state;
    const uint64_t oracle = sequential();
    assert_int_not_equal(oracle, 0);
    for (uint32_t shards = 1; shards <= 256; shards *= 4)
        assert_int_equal(windowed(1, shards, false), oracle);
}

static void test_threads_and_order_of_shards_do_not_matter(void **state)
{
    (void)state;
    const uint64_t one = windowed(1, 16, false);
    const uint32_t threads[] = {2, 3, 8};
    for (size_t i = 0; i < 3; i++) assert_int_equal(windowed(threads[i], 16, false), one);
    assert_int_equal(windowed(3, 16, true), one);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hash_equals_the_sequential_engine),
        cmocka_unit_test(test_threads_and_order_of_shards_do_not_matter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
