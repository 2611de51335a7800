/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Worlds that several processes share, as far as one process sees them: which members are let
 * in, which are refused and in what words, and who has which viewers. What ranks say to each
 * other is tests/engine/test_post.c's, whole runs are tests/cli/mpi.sh's.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/ranks.h"
#include "sim/parts.h"
#include "ways.h"

static char zoo[WAYS_PATH];

static int build_zoo(void **state)
{
    (void)state;
    return ways_plugin("tests/sim/plugins/zoo.c", ways_path(zoo, "zoo.so")) ? 0 : -1;
}

static int remove_zoo(void **state)
{
    (void)state;
    return unlink(zoo);
}

/* Settings that name members, and of which kind. */
static const struct {
    const char *path, *kind;
} lists[] = {{"viewers.choice", "choice"},         {"platform.ranker", "ranker"},
             {"platform.retrievers", "retriever"}, {"platform.rerankers", "reranker"},
             {"growth.channels", "channel"},       {"revenue.streams", "stream"},
             {"measure.metrics", "metric"}};
#define LISTS (sizeof lists / sizeof *lists)

/* Puts a name in place of all others, whatever the schema thinks of it. */
static void put(struct model *model, const char *path, const char *name)
{
    struct parameter at;
    assert_true(parameters_find(&model->parameters, path, &at));
    if (at.row->type == SCHEMA_NAMES) {
        struct name_list *names = at.value;
        names->count = 1;
        snprintf(names->name[0], SCHEMA_NAME_SIZE, "%s", name);
    } else {
        snprintf(at.value, SCHEMA_TEXT_SIZE, "%s", name);
    }
}

/* ------------------------------------------------------------------------- who is let in */

static void all_that_is_built_in_runs_in_several_processes(void **state)
{
    (void)state;
    for (size_t l = 0; l < LISTS; l++) {
        struct lab lab;
        assert_int_equal(lab_init(&lab, lab_tiny, NULL), STATUS_OK);
        const struct registry *all = registry_kind(&lab.model.registries, lists[l].kind);
        assert_true(all->count >= 1);
        for (size_t m = 0; m < all->count; m++) {
            put(&lab.model, lists[l].path, all->member[m]->name);
            assert_int_equal(ranks_check(&lab.model.parameters, &lab.errors), STATUS_OK);
        }
        assert_int_equal(lab.errors.count, 0);
        lab_free(&lab);
    }
}

/* Parts of names, two in one, none at all. */
static void what_is_like_a_name_is_none(void **state)
{
    static const char *const wrong[] = {"",   " ",     "m",       "f",       "bp",    "b",
                                        "MF", "mf,",   "mfx",     "xmf",     "oracl", "opular",
                                        "a",  "als\t", "random_", "_content"};
    struct lab lab;
    (void)state;
    assert_int_equal(lab_init(&lab, lab_tiny, NULL), STATUS_OK);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        put(&lab.model, "platform.ranker", wrong[i]);
        assert_int_equal(ranks_check(&lab.model.parameters, &lab.errors), STATUS_BAD_INPUT);
        assert_int_equal(lab.errors.count, i + 1);
    }
    put(&lab.model, "platform.ranker", "mf");
    assert_int_equal(ranks_check(&lab.model.parameters, &lab.errors), STATUS_OK);
    lab_free(&lab);
}

/* A member counts for its own kind alone. */
static void a_name_of_another_kind_is_refused(void **state)
{
    struct lab lab;
    (void)state;
    assert_int_equal(lab_init(&lab, lab_tiny, NULL), STATUS_OK);
    put(&lab.model, "platform.ranker", "tips");
    assert_int_equal(ranks_check(&lab.model.parameters, &lab.errors), STATUS_BAD_INPUT);
    put(&lab.model, "platform.ranker", "mf");
    put(&lab.model, "revenue.streams", "mf");
    assert_int_equal(ranks_check(&lab.model.parameters, &lab.errors), STATUS_BAD_INPUT);
    lab_free(&lab);
}

/* ----------------------------------------------------------------------------- a whole world
 */

/* Nothing is said to other ranks before a world is populated. */
static enum status begin(struct lab *lab, struct ranks *ranks)
{
    const struct sim_options options = {.threads = 1, .ranks = ranks};
    return sim_init(&lab->sim, &lab->model, &options, &lab->errors);
}

static void members_of_plug_ins_are_refused_all_at_once(void **state)
{
    struct lab lab;
    struct ranks ranks = {.count = 2, .together = 2};
    const struct ways_job job = {
        .base = lab_tiny,
        .set = {"viewers.choice=zoo_choice", "platform.ranker=zoo_ranker",
                "platform.retrievers=zoo_retriever,content,cold_start",
                "platform.rerankers=no_repeats,zoo_reranker", "growth.channels=[zoo_channel]",
                "revenue.streams=ads,zoo_stream", "measure.metrics=[zoo_metric]"},
        .plugin = zoo};
    (void)state;
    assert_int_equal(ways_init(&lab, &job), STATUS_OK);
    assert_int_equal(begin(&lab, &ranks), STATUS_BAD_INPUT);
    assert_int_equal(lab.errors.count, LISTS);
    for (size_t l = 0; l < LISTS; l++) {
        char text[128];
        snprintf(text, sizeof text, "%s: the %s \"zoo_%s\" is not known to run in several",
                 lists[l].path, lists[l].kind, lists[l].kind);
        assert_non_null(strstr(lab.errors.text, text));
    }
    assert_null(lab.sim);
    lab_free(&lab);
    /* one process takes them */
    assert_int_equal(ways_init(&lab, &job), STATUS_OK);
    ranks.count = 1;
    assert_int_equal(begin(&lab, &ranks), STATUS_OK);
    lab_free(&lab);
}

static void more_ranks_than_shards_are_refused(void **state)
{
    struct lab lab;
    struct ranks ranks = {.count = 5, .together = 5};
    (void)state;
    assert_int_equal(lab_init(&lab, lab_tiny, NULL), STATUS_OK);
    assert_int_equal(begin(&lab, &ranks), STATUS_BAD_INPUT);
    assert_non_null(strstr(lab.errors.text, "run.shards = 4, must be at least the 5 ranks"));
    lab_free(&lab);
}

/* Each shard's viewers are with one rank, the others know that they are elsewhere. */
static void every_viewer_is_somewhere(void **state)
{
    (void)state;
    for (uint32_t count = 1; count <= 4; count++) {
        uint32_t owners[4] = {0};
        for (uint32_t rank = 0; rank < count; rank++) {
            struct lab lab;
            struct ranks ranks = {.rank = rank, .count = count, .together = count};
            assert_int_equal(lab_init(&lab, lab_tiny, NULL), STATUS_OK);
            assert_int_equal(begin(&lab, &ranks), STATUS_OK);
            const struct world *world = &lab.sim->world;
            assert_int_equal(world->shards.count, 4);
            assert_true((world->post != NULL) == (count > 1));
            for (uint32_t s = 0; s < 4; s++) {
                owners[s] += !world->viewers[s].elsewhere;
                assert_true(world->viewers[s].elsewhere == (ranks_owner(&ranks, 4, s) != rank));
            }
            lab_free(&lab);
        }
        for (uint32_t s = 0; s < 4; s++) assert_int_equal(owners[s], 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_that_is_built_in_runs_in_several_processes),
        cmocka_unit_test(what_is_like_a_name_is_none),
        cmocka_unit_test(a_name_of_another_kind_is_refused),
        cmocka_unit_test(members_of_plug_ins_are_refused_all_at_once),
        cmocka_unit_test(more_ranks_than_shards_are_refused),
        cmocka_unit_test(every_viewer_is_somewhere),
    };
    return cmocka_run_group_tests(tests, build_zoo, remove_zoo);
}
