/* SPDX-License-Identifier: GPL-3.0-or-later */
/* THREADS */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <unistd.h>

#include "io/checkpoint.h"
#include "sim/sim.h"

static const char *const world[] = {
    "viewers.count=400",         "creators.count=40", "run.days=1",        "run.shards=8",
    "creators.backlog_days=4.0", "measure.panel=50",  "measure.sample=50",
};

/* How a run is made; its hash must not depend on any of it. */
struct way {
    uint32_t threads;
    bool shuffle;
    int windows_before_save; /* 0 = straight through */
};

static struct sim *make(struct model *model, const struct way *way, const char *ranker)
{
    struct errors errors = {0};
    struct sim *sim = NULL;
    const struct sim_options options = {.threads = way->threads,
                                        .shuffle_shards = way->shuffle};
    if (model_init(model, NULL, &errors)) return NULL;
    for (size_t i = 0; i < sizeof world / sizeof world[0]; i++) {
        char path[64];
        const char *value = world[i];
        int n = 0;
        while (value[n] != '=') n++;
        snprintf(path, sizeof path, "%.*s", n, value);
        if (parameters_set(&model->parameters, path, value + n + 1, "test", &errors))
            return NULL;
    }
    if (parameters_set(&model->parameters, "platform.ranker", ranker, "test", &errors))
        return NULL;
    if (sim_init(&sim, model, &options, &errors)) return NULL;
    return sim;
}

static void visit(void *context, struct visitor *v) { sim_visit(context, v); }

static uint64_t finish(struct sim *sim)
{
    struct errors errors = {0};
    uint64_t hash = 0;
    while (!sim_done(sim))
        if (sim_step(sim, &errors)) return 0;
    return sim_hash(sim, &hash) ? 0 : hash;
}

static uint64_t run(const struct way *way, const char *ranker)
{
    struct model model, again;
    struct errors errors = {0};
    char path[64];
    struct sim *sim = make(&model, way, ranker);
    if (!sim || sim_populate(sim, &errors)) return 0;
    if (!way->windows_before_save) {
        uint64_t hash = finish(sim);
        sim_free(sim);
        model_free(&model);
        return hash;
    }
    for (int w = 0; w < way->windows_before_save; w++)
        if (sim_step(sim, &errors)) return 0;
    snprintf(path, sizeof path, "/tmp/reelsim-test-%ld", (long)getpid());
    if (checkpoint_save(path, visit, sim, &errors)) return 0;
    sim_free(sim);
    model_free(&model);
    sim = make(&again, way, ranker);
    if (!sim || checkpoint_load(path, visit, sim, &errors) || sim_restored(sim)) return 0;
    uint64_t hash = finish(sim);
    sim_free(sim);
    model_free(&again);
    unlink(path);
    return hash;
}

/* Saved at eight in the evening: sessions are open, videos wait, allowances are unspent. */
static const struct way ways[] = {{2, false, 0}, {3, true, 0}, {8, false, 0}, {2, false, 120}};

static void test_one_hash_for_every_way(void **state)
{
    (void)state;
    const char *const rankers[] = {"content", "mf"};
    for (size_t r = 0; r < 2; r++) {
        const uint64_t straight = run(&(struct way){1, false, 0}, rankers[r]);
        assert_int_not_equal(straight, 0);
        for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++)
            assert_int_equal(run(&ways[i], rankers[r]), straight);
    }
}

static void test_every_ranker_has_a_world_of_its_own(void **state)
{
    (void)state;
    const char *const rankers[] = {"random", "popular", "trending", "content", "mf", "oracle"};
    uint64_t hash[6];
    for (size_t i = 0; i < 6; i++) hash[i] = run(&(struct way){2, false, 0}, rankers[i]);
    for (size_t i = 0; i < 6; i++) {
        assert_int_not_equal(hash[i], 0);
        for (size_t j = 0; j < i; j++) assert_int_not_equal(hash[i], hash[j]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_hash_for_every_way),
        cmocka_unit_test(test_every_ranker_has_a_world_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
