/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/parameters.h"

#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

struct shop {
    bool open;
    int64_t count;
    double share;
    int32_t mode;
    char title[SCHEMA_TEXT_SIZE];
    char ranker[SCHEMA_TEXT_SIZE];
    struct name_list streams;
    struct float_list weights;
};

#define AT(member) .offset = offsetof(struct shop, member)
static const struct schema_row shop_rows[] = {
    {.path = "open", .type = SCHEMA_BOOL, .initial = "true", AT(open)},
    {.path = "count",
     .type = SCHEMA_INT,
     .unit = "viewers",
     .low = 1,
     .high = 1e10,
     .initial = "20000",
     AT(count)},
    {.path = "share",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = -1e308,
     .high = 1e308,
     .initial = "0.55",
     AT(share)},
    {.path = "mode",
     .type = SCHEMA_CHOICE,
     .choices = "none|greedy|mmr",
     .initial = "greedy",
     AT(mode)},
    {.path = "title", .type = SCHEMA_TEXT, .initial = "\"a \\\"shop\\\"\"", AT(title)},
    {.path = "ranker",
     .type = SCHEMA_TEXT,
     .choices = "ranker",
     .initial = "popular",
     AT(ranker)},
    {.path = "streams",
     .type = SCHEMA_NAMES,
     .choices = "stream",
     .initial = "[\"ads\", \"tips\"]",
     AT(streams)},
    {.path = "weights",
     .type = SCHEMA_FLOATS,
     .low = 0,
     .high = 1e6,
     .unit = "s",
     .initial = "[1, 0.25]",
     AT(weights)},
};
#undef AT

struct cohort {
    char name[SCHEMA_TEXT_SIZE];
    double skill;
};

static const struct schema_row cohort_rows[] = {
    {.path = "name",
     .type = SCHEMA_TEXT,
     .initial = "",
     .offset = offsetof(struct cohort, name)},
    {.path = "skill",
     .type = SCHEMA_FLOAT,
     .low = 0,
     .high = 1,
     .initial = "0.5",
     .offset = offsetof(struct cohort, skill)},
};

static const struct schema_table shop_table = {"market.shop", sizeof(struct shop), 0,
                                               SCHEMA_ROWS(shop_rows)};
static const struct schema_row scalar_rows[] = {
    {.path = "skill", .type = SCHEMA_FLOAT, .low = 0, .high = 1, .initial = "0.25"},
};
static const struct schema_table scalar_table = {"creators", sizeof(double), 0,
                                                 SCHEMA_ROWS(scalar_rows)};
static const struct schema_table cohort_table = {"creators.cohorts", sizeof(struct cohort), 3,
                                                 SCHEMA_ROWS(cohort_rows)};

static const char *const *kinds(const void *context, const char *kind)
{
    static const char *const rankers[] = {"random", "popular", "mf", NULL};
    static const char *const streams[] = {"ads", "tips", "fund", NULL};

    (void)context;
    if (strcmp(kind, "ranker") == 0) return rankers;
    return strcmp(kind, "stream") == 0 ? streams : NULL;
}

struct lab {
    struct parameters parameters;
    struct errors errors;
    const struct shop *shop;
};

static int set_up(void **state)
{
    static const struct schema_table *const tables[] = {&shop_table, &cohort_table,
                                                        &scalar_table};
    struct lab *lab = calloc(1, sizeof *lab);

    if (lab == NULL || parameters_init(&lab->parameters, tables, 3) != STATUS_OK) return -1;
    lab->parameters.names = kinds;
    lab->shop = parameters_block(&lab->parameters, "market.shop");
    *state = lab;
    return 0;
}

static int tear_down(void **state)
{
    struct lab *lab = *state;

    parameters_free(&lab->parameters);
    errors_free(&lab->errors);
    free(lab);
    return 0;
}

static void accepts(struct lab *lab, const char *path, const char *text)
{
    enum status status = parameters_set(&lab->parameters, path, text, "--set", &lab->errors);

    if (status != STATUS_OK) fail_msg("%s=%s: %s", path, text, lab->errors.text);
}

/* The one line of text that a refusal gives. */
static void refuses(struct lab *lab, const char *path, const char *text, const char *message)
{
    char line[2048];

    errors_free(&lab->errors);
    assert_int_equal(parameters_set(&lab->parameters, path, text, "--set", &lab->errors),
                     STATUS_BAD_INPUT);
    assert_int_equal(lab->errors.count, 1);
    snprintf(line, sizeof line, "%s\n", message);
    assert_string_equal(lab->errors.text, line);
    errors_free(&lab->errors);
}

static void defaults(void **state)
{
    struct lab *lab = *state;
    struct parameter at;

    assert_true(lab->shop->open);
    assert_int_equal(lab->shop->count, 20000);
    assert_true(lab->shop->share == 0.55);
    assert_int_equal(lab->shop->mode, 1);
    assert_string_equal(lab->shop->title, "a \"shop\"");
    assert_string_equal(lab->shop->ranker, "popular");
    assert_int_equal(lab->shop->streams.count, 2);
    assert_string_equal(lab->shop->streams.name[1], "tips");
    assert_int_equal(lab->shop->weights.count, 2);
    assert_true(lab->shop->weights.value[0] == 1.0 && lab->shop->weights.value[1] == 0.25);
    assert_int_equal(parameters_count(&lab->parameters, "market.shop"), 1);
    assert_int_equal(parameters_count(&lab->parameters, "creators.cohorts"), 0);
    assert_true(parameters_find(&lab->parameters, "market.shop.share", &at));
    assert_int_equal(at.block->given[at.row - at.table->rows], 0);
}

static void numbers(void **state)
{
    struct lab *lab = *state;

    accepts(lab, "market.shop.count", "3000000000");
    assert_true(lab->shop->count == 3000000000);
    accepts(lab, "market.shop.count", " 3000000001L ");
    assert_true(lab->shop->count == 3000000001);
    accepts(lab, "market.shop.count", "0x1F");
    assert_int_equal(lab->shop->count, 31);
    accepts(lab, "market.shop.count", "010"); /* ten, as in libconfig */
    assert_int_equal(lab->shop->count, 10);
    accepts(lab, "market.shop.count", "08");
    assert_int_equal(lab->shop->count, 8);
    accepts(lab, "market.shop.share", "7"); /* an integer will do for a float */
    assert_true(lab->shop->share == 7.0);
    accepts(lab, "market.shop.share", "-1.25e-3");
    assert_true(lab->shop->share == -1.25e-3);
    accepts(lab, "market.shop.share", ".5");
    assert_true(lab->shop->share == 0.5);
    accepts(lab, "market.shop.share", "99999999999999999999"); /* beyond 64 bits */
    assert_true(lab->shop->share == 1e20);
    accepts(lab, "market.shop.open", "False");
    assert_false(lab->shop->open);
}

static void texts_and_lists(void **state)
{
    struct lab *lab = *state;

    accepts(lab, "market.shop.title", "bare words, with [commas]");
    assert_string_equal(lab->shop->title, "bare words, with [commas]");
    accepts(lab, "market.shop.title", "\"tab\\t, \\x41\\\\\"");
    assert_string_equal(lab->shop->title, "tab\t, A\\");
    accepts(lab, "market.shop.title", "12");
    assert_string_equal(lab->shop->title, "12");
    accepts(lab, "market.shop.title", "");
    assert_string_equal(lab->shop->title, "");
    accepts(lab, "market.shop.mode", "mmr");
    assert_int_equal(lab->shop->mode, 2);
    accepts(lab, "market.shop.streams", "tips,fund");
    assert_int_equal(lab->shop->streams.count, 2);
    assert_string_equal(lab->shop->streams.name[0], "tips");
    accepts(lab, "market.shop.streams", "( \"fund\" )");
    assert_int_equal(lab->shop->streams.count, 1);
    accepts(lab, "market.shop.streams", "ads");
    assert_string_equal(lab->shop->streams.name[0], "ads");
    accepts(lab, "market.shop.streams", "[]");
    assert_int_equal(lab->shop->streams.count, 0);
    accepts(lab, "market.shop.weights", "1,2.5, 3e2");
    assert_int_equal(lab->shop->weights.count, 3);
    assert_true(lab->shop->weights.value[2] == 300.0);
    accepts(lab, "market.shop.weights", "4");
    assert_int_equal(lab->shop->weights.count, 1);
    accepts(lab, "market.shop.weights", "");
    assert_int_equal(lab->shop->weights.count, 0);
}

static void wrong_types(void **state)
{
    struct lab *lab = *state;

    refuses(lab, "market.shop.count", "2.5",
            "--set: market.shop.count = 2.5, must be a whole number in [1, 1e10] (viewers), "
            "without point or exponent");
    refuses(lab, "market.shop.count", "1e3",
            "--set: market.shop.count = 1000.0, must be a whole number in [1, 1e10] (viewers), "
            "without point or exponent");
    refuses(lab, "market.shop.count", "many",
            "--set: market.shop.count = \"many\", must be a whole number in [1, 1e10] "
            "(viewers)");
    refuses(
        lab, "market.shop.count", "12x",
        "--set: market.shop.count = \"12x\", must be a whole number in [1, 1e10] (viewers)");
    refuses(lab, "market.shop.count", "1,2",
            "--set: market.shop.count = [1, 2], must be a whole number in [1, 1e10] (viewers)");
    refuses(lab, "market.shop.open", "1", "--set: market.shop.open = 1, must be true or false");
    refuses(lab, "market.shop.weights", "[1, \"x\"]",
            "--set: market.shop.weights = \"x\", must be a list of numbers in [0, 1e6] (s)");
    assert_int_equal(lab->shop->count, 20000);
}

static void ranges(void **state)
{
    struct lab *lab = *state;

    refuses(lab, "market.shop.count", "0",
            "--set: market.shop.count = 0, must be in [1, 1e10] (viewers)");
    refuses(lab, "market.shop.count", "-9223372036854775808",
            "--set: market.shop.count = -9223372036854775808, must be in [1, 1e10] (viewers)");
    refuses(lab, "market.shop.weights", "0.5, 1000000.5",
            "--set: market.shop.weights = 1000000.5, must be in [0, 1e6] (s)");
    assert_int_equal(lab->shop->weights.count, 2);
    assert_true(lab->shop->weights.value[0] == 1.0); /* as it was */
    accepts(lab, "market.shop.count", "1");
    accepts(lab, "market.shop.count", "10000000000");
}

/* nan and inf are words, too large is too large, and a reader cannot smuggle one in either. */
static void no_nan_no_infinity(void **state)
{
    static const char *const words[] = {"nan", "NaN", "inf", "-inf", "infinity", "0x1p3"};
    struct lab *lab = *state;
    struct parameter at;
    const double evil[] = {(double)NAN, (double)INFINITY, -(double)INFINITY};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        assert_int_equal(
            parameters_set(&lab->parameters, "market.shop.share", words[i], "x", &lab->errors),
            STATUS_BAD_INPUT);
    refuses(lab, "market.shop.share", "1e400",
            "--set: market.shop.share = \"1e400\", must be a value, not a number that is too "
            "large");
    assert_true(parameters_find(&lab->parameters, "market.shop.share", &at));
    for (size_t i = 0; i < 3; i++) {
        const struct value value = {.kind = VALUE_FLOAT, .number = evil[i]};
        assert_int_equal(parameters_store(&lab->parameters, &at, &value, "x", &lab->errors),
                         STATUS_BAD_INPUT);
    }
    assert_true(lab->shop->share == 0.55);
}

static void choices(void **state)
{
    struct lab *lab = *state;

    refuses(
        lab, "market.shop.mode", "mrm",
        "--set: market.shop.mode = \"mrm\", must be one of: none, greedy, mmr; did you mean "
        "\"mmr\"?");
    refuses(lab, "market.shop.ranker", "neural",
            "--set: market.shop.ranker = \"neural\", must be one of: random, popular, mf");
    refuses(lab, "market.shop.ranker", "poplar",
            "--set: market.shop.ranker = \"poplar\", must be one of: random, popular, mf; did "
            "you mean \"popular\"?");
    refuses(lab, "market.shop.streams", "ads,ads",
            "--set: market.shop.streams = \"ads\", must be there only once");
    lab->parameters.names = NULL; /* kinds not known yet: any name */
    accepts(lab, "market.shop.ranker", "neural");
}

/* Each wrong name of a list has its line. */
static void all_wrong_names(void **state)
{
    struct lab *lab = *state;

    assert_int_equal(parameters_set(&lab->parameters, "market.shop.streams", "ad,tips,fun", "x",
                                    &lab->errors),
                     STATUS_BAD_INPUT);
    assert_int_equal(lab->errors.count, 2);
    assert_int_equal(lab->shop->streams.count, 2);
}

static void malformed(void **state)
{
    static const char *const texts[] = {
        "[1",    "[1,",    "[1,,2]", "[,1]",    "1,",        "[1] 2", "[[1]]",
        "(1 2)", "\"open", "\"a\"b", "\"\\q\"", "\"\\x00\"", "[1)",   "\"\\",
    };
    struct lab *lab = *state;

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        assert_int_equal(parameters_set(&lab->parameters, "market.shop.weights", texts[i], "x",
                                        &lab->errors),
                         STATUS_BAD_INPUT);
        assert_int_equal(lab->errors.count, i + 1);
    }
    refuses(lab, "market.shop.title", "\"no end",
            "--set: market.shop.title = \"\\\"no end\", must be a value, not a text that does "
            "not end");
}

static void too_long(void **state)
{
    struct lab *lab = *state;
    char *text = malloc(100000), list[1000] = "1";

    assert_non_null(text);
    memset(text, 'a', 99999);
    text[99999] = '\0';
    assert_int_equal(
        parameters_set(&lab->parameters, "market.shop.title", text, "x", &lab->errors),
        STATUS_BAD_INPUT);
    text[SCHEMA_TEXT_SIZE] = '\0';
    assert_int_equal(
        parameters_set(&lab->parameters, "market.shop.title", text, "x", &lab->errors),
        STATUS_BAD_INPUT);
    text[SCHEMA_TEXT_SIZE - 1] = '\0';
    accepts(lab, "market.shop.title", text);
    assert_string_equal(lab->shop->title, text);
    free(text);
    for (int i = 1; i < SCHEMA_FLOATS_MAX; i++) strcat(list, ",1");
    accepts(lab, "market.shop.weights", list);
    strcat(list, ",1");
    refuses(lab, "market.shop.weights", list,
            "--set: market.shop.weights = [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, "
            "1, 1, 1, 1, 1, 1, 1, 1, 1, "
            "1, 1, 1, 1, 1, 1, 1], must be at most 32 values, not 33");
}

/* A control character in a value must not forge a second line of errors. */
static void errors_stay_on_their_line(void **state)
{
    struct lab *lab = *state;

    refuses(lab, "market.shop.ranker", "a\nb.cfg:1: lie",
            "--set: market.shop.ranker = \"a\\x0ab.cfg:1: lie\", must be one of: random, "
            "popular, mf");
}

static void suggests(struct lab *lab, const char *wrong, const char *right)
{
    char near[256];
    const char *found = parameters_suggest(&lab->parameters, wrong, near, sizeof near);

    if (right == NULL)
        assert_null(found);
    else {
        assert_non_null(found);
        assert_string_equal(found, right);
    }
}

static void suggestions(void **state)
{
    struct lab *lab = *state;
    int32_t index;

    suggests(lab, "market.shop.cuont", "market.shop.count"); /* neighbours swapped */
    suggests(lab, "markt.shop.share", "market.shop.share");
    suggests(lab, "market.shop.shares", "market.shop.share");
    suggests(lab, "streams", "market.shop.streams");
    suggests(lab, "shop.weights", "market.shop.weights");
    suggests(lab, "markte", "market");
    suggests(lab, "creators.cohort", "creators.cohorts");
    suggests(lab, "creators.cohorts.skill", "creators.cohorts[0].skill");
    suggests(lab, "platform.window", NULL);
    suggests(lab, "", NULL);
    assert_int_equal(parameters_grow(&lab->parameters, "creators.cohorts", &index), STATUS_OK);
    assert_int_equal(parameters_grow(&lab->parameters, "creators.cohorts", &index), STATUS_OK);
    suggests(lab, "creators.cohorts[1].skil", "creators.cohorts[1].skill");
    suggests(lab, "creators.cohorts[9].skill", "creators.cohorts[0].skill");
    refuses(lab, "market.shop.cuont", "1",
            "unknown setting `market.shop.cuont` at --set, did you mean `market.shop.count`?");
    refuses(
        lab, "market.shop", "1",
        "`market.shop` at --set: is a group of settings; `reelsim explain market.shop` lists "
        "them");
    refuses(lab, "nothing.like.it", "1",
            "unknown setting `nothing.like.it` at --set; `reelsim explain` lists them all");
}

static void lists_of_groups(void **state)
{
    struct lab *lab = *state;
    const struct cohort *cohort = parameters_block(&lab->parameters, "creators.cohorts");
    struct parameter at;
    int32_t index = -1;

    assert_false(parameters_find(&lab->parameters, "creators.cohorts[0].skill", &at));
    for (int32_t i = 0; i < 3; i++) {
        assert_int_equal(parameters_grow(&lab->parameters, "creators.cohorts", &index),
                         STATUS_OK);
        assert_int_equal(index, i);
        assert_true(cohort[i].skill == 0.5);
    }
    assert_int_equal(parameters_grow(&lab->parameters, "creators.cohorts", &index),
                     STATUS_BAD_INPUT);
    assert_int_equal(parameters_count(&lab->parameters, "creators.cohorts"), 3);
    assert_ptr_equal(parameters_block(&lab->parameters, "creators.cohorts"), cohort);
    accepts(lab, "creators.cohorts[2].skill", "0.75");
    assert_true(cohort[2].skill == 0.75 && cohort[1].skill == 0.5);
    assert_true(parameters_find(&lab->parameters, "creators.cohorts[2].skill", &at));
    assert_int_equal(at.index, 2);
    assert_ptr_equal(at.value, &cohort[2].skill);
    assert_int_equal(at.block->given[2 * 2 + 1], 1);
    assert_int_equal(at.block->given[1 * 2 + 1], 0);
    at = parameters_inherited(&lab->parameters, "creators.cohorts", 2, "skill");
    assert_ptr_equal(at.value, &cohort[2].skill);
    at = parameters_inherited(&lab->parameters, "creators.cohorts", 1, "skill");
    assert_ptr_equal(at.value, parameters_block(&lab->parameters, "creators"));
    refuses(lab, "creators.cohorts[1].skill", "2",
            "--set: creators.cohorts[1].skill = 2, must be in [0, 1]");
}

static void paths_that_are_none(void **state)
{
    static const char *const paths[] = {"creators.cohorts[-1].skill",
                                        "creators.cohorts[3].skill",
                                        "creators.cohorts[].skill",
                                        "creators.cohorts[0]skill",
                                        "creators.cohorts[0].",
                                        "creators.cohorts[0",
                                        "creators.cohorts.skill",
                                        "market.shop",
                                        "market.shop.",
                                        "market.shop[0].share",
                                        "market.shop.share.x",
                                        ".",
                                        "[",
                                        "creators.cohorts[99999999999999999999].skill"};
    struct lab *lab = *state;
    struct parameter at;
    int32_t index;

    for (int i = 0; i < 3; i++)
        assert_int_equal(parameters_grow(&lab->parameters, "creators.cohorts", &index),
                         STATUS_OK);
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        if (parameters_find(&lab->parameters, paths[i], &at)) fail_msg("found %s", paths[i]);
}

/* Random values of every type: what is printed reads back to the same bits. */
static void print_and_read_back(void **state)
{
    struct lab *lab = *state;
    struct parameter share, weights, title, count;
    char text[8192], again[8192];

    srand48(7);
    assert_true(parameters_find(&lab->parameters, "market.shop.share", &share));
    assert_true(parameters_find(&lab->parameters, "market.shop.weights", &weights));
    assert_true(parameters_find(&lab->parameters, "market.shop.title", &title));
    assert_true(parameters_find(&lab->parameters, "market.shop.count", &count));
    for (int i = 0; i < 5000; i++) {
        double x = ldexp(drand48() - 0.5, (int)(lrand48() % 1900) - 950);
        int64_t n = 1 + (int64_t)(drand48() * 9.9e9);
        int length = parameters_print(&share, text, sizeof text);

        assert_int_equal(length, strlen(text));
        if (i % 3 == 0) x = round(x);
        *(double *)share.value = x;
        parameters_print(&share, text, sizeof text);
        *(double *)share.value = 0;
        accepts(lab, "market.shop.share", text);
        assert_memory_equal(share.value, &x, sizeof x);
        *(int64_t *)count.value = n;
        parameters_print(&count, text, sizeof text);
        accepts(lab, "market.shop.count", text);
        assert_true(*(int64_t *)count.value == n);
        for (int k = 0; k < 40; k++)
            ((char *)title.value)[k] = (char)(k < 39 ? 1 + lrand48() % 255 : 0);
        strcpy(again, title.value);
        parameters_print(&title, text, sizeof text);
        accepts(lab, "market.shop.title", text);
        assert_string_equal(title.value, again);
    }
    accepts(lab, "market.shop.weights", "[0.1, 3, 1e6, 1e-300]");
    parameters_print(&weights, text, sizeof text);
    assert_string_equal(text, "[0.1, 3.0, 1e6, 1e-300]");
}

static void printed_forms(void **state)
{
    static const struct {
        const char *path, *given, *printed;
    } cases[] = {
        {"market.shop.open", "false", "false"},
        {"market.shop.count", "2147483647", "2147483647"},
        {"market.shop.count", "2147483648", "2147483648L"},
        {"market.shop.share", "5", "5.0"},
        {"market.shop.share", "-0.0", "-0.0"},
        {"market.shop.share", "0.1", "0.1"},
        {"market.shop.share", "1e21", "1e21"},
        {"market.shop.share", "20000", "20000.0"},
        {"market.shop.share", "3000000", "3e6"},
        {"market.shop.mode", "none", "\"none\""},
        {"market.shop.title", "say \"x\\\"", "\"say \\\"x\\\\\\\"\""},
        {"market.shop.streams", "fund,ads", "[\"fund\", \"ads\"]"},
        {"market.shop.weights", "()", "[]"},
    };
    struct lab *lab = *state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct parameter at;
        char text[256], cut[4] = "xyz";
        int length;

        accepts(lab, cases[i].path, cases[i].given);
        assert_true(parameters_find(&lab->parameters, cases[i].path, &at));
        length = parameters_print(&at, text, sizeof text);
        assert_string_equal(text, cases[i].printed);
        assert_int_equal(length, strlen(text));
        assert_int_equal(parameters_print(&at, cut, sizeof cut), length); /* as snprintf */
        assert_memory_equal(cut, text, strlen(cut));
        assert_int_equal(parameters_print(&at, NULL, 0), length);
    }
}

struct walk {
    char paths[1024];
};

static void note(const struct parameter *at, const char *path, void *context)
{
    struct walk *walk = context;

    (void)at;
    strcat(walk->paths, path);
    strcat(walk->paths, "\n");
}

static void walks_in_table_order(void **state)
{
    struct lab *lab = *state;
    struct walk walk = {""};
    int32_t index;

    assert_int_equal(parameters_grow(&lab->parameters, "creators.cohorts", &index), STATUS_OK);
    assert_int_equal(parameters_grow(&lab->parameters, "creators.cohorts", &index), STATUS_OK);
    parameters_each(&lab->parameters, note, &walk);
    assert_string_equal(walk.paths, "market.shop.open\nmarket.shop.count\nmarket.shop.share\n"
                                    "market.shop.mode\nmarket.shop.title\nmarket.shop.ranker\n"
                                    "market.shop.streams\nmarket.shop.weights\n"
                                    "creators.cohorts[0].name\ncreators.cohorts[0].skill\n"
                                    "creators.cohorts[1].name\ncreators.cohorts[1].skill\n"
                                    "creators.skill\n");
}

static int ends_by(const struct schema_table *const *tables, size_t count)
{
    int result = 0;
    pid_t child = fork();

    if (child == 0) {
        struct parameters parameters;

        signal(SIGABRT, SIG_DFL);
        close(STDERR_FILENO);
        _exit((int)parameters_init(&parameters, tables, count));
    }
    if (waitpid(child, &result, 0) != child) return -1;
    return WIFSIGNALED(result) ? WTERMSIG(result) : 0;
}

/* A schema that contradicts itself is a bug: the process ends. */
static void bad_schemas_abort(void **state)
{
    static const struct schema_row outside[] = {
        {.path = "x", .type = SCHEMA_FLOAT, .high = 1, .initial = "2"}};
    static const struct schema_row twice[] = {
        {.path = "x", .type = SCHEMA_FLOAT, .high = 1, .initial = "1"},
        {.path = "x", .type = SCHEMA_FLOAT, .high = 1, .initial = "1"}};
    static const struct schema_row missing[] = {{.path = "x", .type = SCHEMA_FLOAT}};
    static const struct schema_row good[] = {
        {.path = "x", .type = SCHEMA_FLOAT, .high = 1, .initial = "1"}};
    static const struct schema_table tables[] = {{"t", 8, 0, SCHEMA_ROWS(outside)},
                                                 {"t", 8, 0, SCHEMA_ROWS(twice)},
                                                 {"t", 8, 0, SCHEMA_ROWS(missing)},
                                                 {"t", 8, 0, SCHEMA_ROWS(good)}};
    const struct schema_table *const same[] = {&tables[3], &tables[3]};

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        const struct schema_table *const one[] = {&tables[i]};
        assert_int_equal(ends_by(one, 1), i < 3 ? SIGABRT : 0);
    }
    assert_int_equal(ends_by(same, 2), SIGABRT);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(defaults),
        TEST(numbers),
        TEST(texts_and_lists),
        TEST(wrong_types),
        TEST(ranges),
        TEST(no_nan_no_infinity),
        TEST(choices),
        TEST(all_wrong_names),
        TEST(malformed),
        TEST(too_long),
        TEST(errors_stay_on_their_line),
        TEST(suggestions),
        TEST(lists_of_groups),
        TEST(paths_that_are_none),
        TEST(print_and_read_back),
        TEST(printed_forms),
        TEST(walks_in_table_order),
        cmocka_unit_test(bad_schemas_abort),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
