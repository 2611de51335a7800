/* SPDX-License-Identifier: GPL-3.0-or-later */
/* THREADS */
/* Shared objects, built here: the template of the tree, one with a member of every kind, and
 * wrong ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "platform/platform.h"
#include "ways.h"

static char niche[WAYS_PATH], zoo[WAYS_PATH];

/* The template is built by its own Makefile. */
static int build_all(void **state)
{
    char folder[WAYS_PATH], command[768];
    (void)state;
    ways_path(folder, "template");
    ways_path(niche, "template/niche.so");
    ways_path(zoo, "zoo.so");
    snprintf(command, sizeof command,
             "mkdir -p %s && env -u MAKEFLAGS make -s -C plugins/template OUT=%s", folder,
             folder);
    return system(command) == 0 && ways_plugin("tests/sim/plugins/zoo.c", zoo) ? 0 : -1;
}

static int remove_all(void **state)
{
    char folder[WAYS_PATH];
    (void)state;
    unlink(niche);
    unlink(zoo);
    return rmdir(ways_path(folder, "template"));
}

#define SMALL                                                                                  \
    "run.days=1", "run.shards=8", "viewers.count=300", "creators.count=40",                    \
        "creators.backlog_days=4.0", "creators.review_days=0.3", "creators.boost=0.5",         \
        "measure.interval=0.25", "measure.panel=50", "measure.sample=50"

/* ------------------------------------------------------------------------------ what it adds
 */

static void test_its_ranker_is_listed_and_its_parameter_checked(void **state)
{
    struct lab lab;
    struct parameter at;
    const struct ways_job job = {.set = {"platform.rank.niche.penalty=0.5"}, .plugin = niche};
    (void)state;
    assert_int_equal(ways_init(&lab, &job), STATUS_OK);
    assert_non_null(registry_find(&lab.model.registries, "ranker", "niche"));
    assert_true(parameters_find(&lab.model.parameters, "platform.rank.niche.penalty", &at));
    assert_true(*(const double *)at.value == 0.5);
    assert_int_equal(
        parameters_set(&lab.model.parameters, "platform.ranker", "niche", "test", &lab.errors),
        STATUS_OK);
    assert_int_equal(parameters_set(&lab.model.parameters, "platform.rank.niche.penalty", "11",
                                    "test", &lab.errors),
                     STATUS_BAD_INPUT);
    assert_non_null(strstr(lab.errors.text, "must be in [0, 10]"));
    lab_free(&lab);
    assert_int_equal(ways_init(&lab, &(struct ways_job){.set = {"platform.ranker=niche"}}),
                     STATUS_BAD_INPUT);
    lab_free(&lab);
}

static uint64_t hash_under(const char *ranker)
{
    char setting[64];
    struct ways_job job = {.set = {SMALL, setting}, .plugin = niche, .way = {.threads = 2}};
    snprintf(setting, sizeof setting, "platform.ranker=%s", ranker);
    return ways_run(&job).hash;
}

static void test_it_ranks_like_none_of_ours(void **state)
{
    uint64_t its = hash_under("niche");
    (void)state;
    assert_int_not_equal(its, 0);
    for (const struct member *const *m = platform_rankers; *m; m++)
        assert_int_not_equal(hash_under((*m)->name), its);
}

/* ----------------------------------------------------------------- the same bytes, every way
 */

static const struct {
    struct lab_way way;
    double save[WAYS_SAVES];
} ways[] = {{{2, false}, {0}},
            {{3, true}, {0}},
            {{8, false}, {0}},
            {{2, false}, {0.82}},
            {{1, false}, {0.35, 0.87}}};

/* True when every way leaves what one thread leaves. */
static bool same_every_way(struct ways_job job, struct ways_outcome *one)
{
    bool same = true;
    job.way = (struct lab_way){.threads = 1};
    *one = ways_run(&job);
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        char what[64];
        job.way = ways[i].way;
        memcpy(job.save, ways[i].save, sizeof job.save);
        struct ways_outcome other = ways_run(&job);
        snprintf(what, sizeof what, "way %zu", i);
        same = ways_same(one, &other, what) && same;
    }
    return same;
}

static void test_the_template_is_deterministic(void **state)
{
    struct ways_outcome one;
    (void)state;
    assert_true(same_every_way(
        (struct ways_job){.set = {SMALL, "platform.ranker=niche"}, .plugin = niche}, &one));
}

static const struct ways_job of_the_zoo = {
    .set = {SMALL, "viewers.choice=zoo_choice", "platform.ranker=zoo_ranker",
            "platform.retrievers=zoo_retriever,content,cold_start",
            "platform.rerankers=zoo_reranker,no_repeats", "creators.strategy=zoo_strategy",
            "growth.channels=[zoo_channel]", "revenue.streams=ads,zoo_stream",
            "revenue.ads.min_followers=0", "revenue.ads.min_views=0", "revenue.zoo.every=5.0",
            "measure.metrics=[zoo_metric]"},
    .plugin = zoo};

/* State of every kind's member goes through threads and checkpoints. */
static void test_one_of_every_kind(void **state)
{
    struct ways_outcome one;
    (void)state;
    assert_true(same_every_way(of_the_zoo, &one));
    assert_true(one.impressions > 1000);
}

/* A member that the registries have is one that works. */
static void test_every_kind_is_in_the_zoo(void **state)
{
    struct lab lab;
    (void)state;
    assert_int_equal(ways_init(&lab, &(struct ways_job){.plugin = zoo}), STATUS_OK);
    for (size_t k = 0; model_kind(&lab.model, k); k++) {
        char name[64];
        snprintf(name, sizeof name, "zoo_%s", model_kind(&lab.model, k));
        assert_non_null(registry_find(&lab.model.registries, model_kind(&lab.model, k), name));
    }
    lab_free(&lab);
}

struct asked {
    size_t planned, spent, earned;
};

static void look_at_creators(struct sim *sim, void *context)
{
    struct asked *asked = context;
    const struct world *w = sim_world(sim);
    for (uint32_t s = 0; s < w->shards.count; s++)
        for (size_t r = 0; r < w->creators[s].count; r++) {
            const struct creator *c = &w->creators[s].row[r];
            asked->planned += c->memory[0] > 0;
            asked->spent += c->spend[0] > 0;
            asked->earned += c->income[1] > 0;
        }
}

/* Each of them was really asked. */
static void test_members_of_the_zoo_do_something(void **state)
{
    struct ways_job job = of_the_zoo;
    struct asked asked = {0};
    (void)state;
    job.way.threads = 2;
    job.look = look_at_creators;
    job.context = &asked;
    assert_int_not_equal(ways_run(&job).hash, 0);
    assert_true(asked.planned > 0 && asked.spent > 0 && asked.earned > 0);
}

/* ------------------------------------------------------------------------------------- errors
 */

/* A plug-in of one ranker, with what is wrong with it. */
#define HEAD "#include <reelsim/plugin.h>\n"
#define RANKER(name_, more)                                                                    \
    "static const struct ranker mine = {.about = {.name = " name_                              \
    ", .doc = \"x\", .reference = \"none\"" more "}};\n"
#define LIST "REELSIM_PLUGINS(REELSIM_PLUGIN(\"ranker\", &mine));\n"
#define ROW(path_, initial_, offset_)                                                          \
    "{.path = \"" path_ "\", .type = SCHEMA_FLOAT, .high = 1, .initial = \"" initial_          \
    "\", .meaning = \"x\", .offset = " offset_ "},"
#define PARAMETERS(prefix_, rows_)                                                             \
    HEAD "static const struct schema_row rows[] = {" rows_ "};\n"                              \
         "static const struct schema_table table = {.prefix = \"" prefix_                      \
         "\", .size = 8, SCHEMA_ROWS(rows)};\n" RANKER("\"mine\"", ", .parameters = &table")   \
             LIST

static const struct {
    const char *source, *says;
} wrong[] = {
    {HEAD RANKER("\"mine\"", "") "REELSIM_PLUGINS({REELSIM_ABI + 1, REELSIM_LAYOUT, sizeof "
                                 "mine, \"ranker\", &mine.about});\n",
     "interface version"},
    {HEAD RANKER("\"mine\"", "") "REELSIM_PLUGINS({REELSIM_ABI, REELSIM_LAYOUT + 1, sizeof "
                                 "mine, \"ranker\", &mine.about});\n",
     "headers of another build"},
    {HEAD RANKER("\"mine\"", "") "REELSIM_PLUGINS({REELSIM_ABI, REELSIM_LAYOUT, sizeof mine + "
                                 "8, \"ranker\", &mine.about});\n",
     "this program's has"},
    {HEAD RANKER("\"mine\"", "") "REELSIM_PLUGINS(REELSIM_PLUGIN(\"rankers\", &mine));\n",
     "unknown kind \"rankers\""},
    {HEAD RANKER("\"mine\"", "") "REELSIM_PLUGINS(REELSIM_PLUGIN(\"learner\", &mine));\n",
     "compile it again"},
    {HEAD RANKER("\"content\"", "") LIST, "there already is a ranker named content"},
    {HEAD RANKER("\"mine\"", "") "REELSIM_PLUGINS(REELSIM_PLUGIN(\"ranker\", &mine), "
                                 "REELSIM_PLUGIN(\"ranker\", &mine));\n",
     "there already is a ranker named mine"},
    {HEAD RANKER("0", "") LIST, "without kind, name or doc"},
    {"const int reelsim_nothing = 1;\n", "exports no `reelsim_plugins`"},
    {HEAD "const struct reelsim_plugin reelsim_plugins[] = {{0, 0, 0, 0, 0}};\n",
     "its list is empty"},
    {HEAD "double elsewhere(double);\n"
          "static float bias(const void *p, const struct item_facts *f)\n"
          "{ (void)p; return (float)elsewhere(f->heat_rate); }\n"
          "static const struct ranker mine = {.about = {.name = \"mine\", .doc = \"x\"}, "
          ".bias = bias};\n" LIST,
     "elsewhere"},
    {PARAMETERS("platform.rank.mine", ROW("a", "2.0", "0")), "must be in [0, 1]"},
    {PARAMETERS("platform.rank.mine", ROW("a", "0.5", "4")), "lies outside of its struct"},
    {PARAMETERS("platform.rank.mine", ROW("a", "0.5", "0") ROW("a", "0.5", "0")),
     "is declared twice"},
    {PARAMETERS("platform.rank.content", ROW("a", "0.5", "0")),
     "two tables of parameters are named platform.rank.content"},
};

/* The first line of what it says, or NULL when it was taken after all. */
static enum status load_wrong(size_t i, char said[1024])
{
    char source[WAYS_PATH], object[WAYS_PATH];
    struct lab lab = {.sim = NULL};
    struct name_list plugins = {.count = 1};
    FILE *file = fopen(ways_path(source, "wrong.c"), "w");
    if (!file) return STATUS_IO;
    fputs(wrong[i].source, file);
    fclose(file);
    ways_path(object, "wrong.so");
    snprintf(plugins.name[0], sizeof plugins.name[0], "%s", object);
    enum status status = ways_plugin(source, object)
                             ? model_init(&lab.model, &plugins, &lab.errors)
                             : STATUS_IO;
    snprintf(said, 1024, "%s", lab.errors.text ? lab.errors.text : "");
    unlink(source);
    unlink(object);
    lab_free(&lab);
    return status;
}

static void test_wrong_plugins_are_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        char said[1024];
        enum status status = load_wrong(i, said);
        if (status != STATUS_BAD_INPUT || !strstr(said, wrong[i].says))
            print_error("%s: status %d, \"%s\"\n", wrong[i].says, (int)status, said);
        assert_int_equal(status, STATUS_BAD_INPUT);
        assert_non_null(strstr(said, wrong[i].says));
        assert_non_null(strstr(said, "plug-in"));
    }
}

static void test_what_is_no_plugin_is_refused(void **state)
{
    static const char *const paths[] = {"./there-is-no-such.so", "/", "Makefile", "./Makefile"};
    (void)state;
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        struct lab lab = {.sim = NULL};
        struct name_list plugins = {.count = 1};
        snprintf(plugins.name[0], sizeof plugins.name[0], "%s", paths[i]);
        assert_int_equal(model_init(&lab.model, &plugins, &lab.errors), STATUS_BAD_INPUT);
        assert_non_null(strstr(lab.errors.text, "cannot be loaded"));
        lab_free(&lab);
    }
}

/* The same object twice: its names are there already. */
static void test_twice_is_once_too_often(void **state)
{
    struct lab lab = {.sim = NULL};
    struct name_list plugins = {.count = 2};
    (void)state;
    for (int i = 0; i < 2; i++) snprintf(plugins.name[i], sizeof plugins.name[i], "%s", niche);
    assert_int_equal(model_init(&lab.model, &plugins, &lab.errors), STATUS_BAD_INPUT);
    assert_non_null(strstr(lab.errors.text, "there already is"));
    lab_free(&lab);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_its_ranker_is_listed_and_its_parameter_checked),
        cmocka_unit_test(test_it_ranks_like_none_of_ours),
        cmocka_unit_test(test_the_template_is_deterministic),
        cmocka_unit_test(test_one_of_every_kind),
        cmocka_unit_test(test_every_kind_is_in_the_zoo),
        cmocka_unit_test(test_members_of_the_zoo_do_something),
        cmocka_unit_test(test_wrong_plugins_are_refused),
        cmocka_unit_test(test_what_is_no_plugin_is_refused),
        cmocka_unit_test(test_twice_is_once_too_often),
    };
    return cmocka_run_group_tests(tests, build_all, remove_all);
}
