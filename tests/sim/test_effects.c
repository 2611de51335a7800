/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SLOW */
/*
 * Every parameter does what its row says: a small world with `from` and one with `to`, under
 * the same seeds, and the output that the row names.
 *
 * A sign asks for the mean of the paired differences to have it at more than 3 sigma: Student's
 * t of n pairs at less than the probability that a normal exceeds 3. n is small at first and
 * grows only while the matter is open. A little world, of half the days and half the viewers,
 * is asked first, with at most 12 pairs: what shows there need not be asked again. "hash" asks
 * for another state. A row without a sign is in the list `unsigned_rows` below, with the
 * reason. Rows whose worlds are the same, the one with the defaults above all, share its runs.
 *
 *     test_effects [PATH]    only the rows below PATH ("" = all), each with its figures and the
 *                            processor time of the runs that it was the first to ask for
 */
#include "pairs.h"

#include <pthread.h>
#include <time.h>

#include "io/manifest.h"
#include "rows.h"
#include "ways.h"

/* A little world is looked at four times, a whole one seven times. Their levels are such that a
 * false pass of either is no likelier than in seven looks at 3 sigma each: 4/2 + 7 * 5/7 = 7.
 */
#define FIRST 4
#define MOST 40
#define LEVEL (5.0 / 7 * PAIRS_TAIL)
#define FIRST_LITTLE 3
#define MOST_LITTLE 12
#define LEVEL_LITTLE (0.5 * PAIRS_TAIL)

/* What is read off a run. */
struct outcome {
    enum status status;
    uint64_t hash, digest, line; /* line: of the manifest */
    double figure;               /* NAN = none */
    bool known;
};

struct effect;
struct group;

/* One of a row's two worlds. */
struct side {
    struct effect *effect;
    bool to;
    uint64_t key; /* of its scenario, without the seed; 0 = it has an error */
    struct group *group;
    struct outcome outcome[MOST]; /* of each seed, when the group has run it */
};

/* The sides whose scenario is the same. */
struct group {
    struct side **side; /* borrowed */
    size_t count;
    pthread_mutex_t lock;
    bool made[MOST];
};

struct effect {
    struct schema_place at;
    bool little;         /* of half the days and half the viewers */
    struct side side[2]; /* from, to */
    int pairs;
    double from, to; /* means */
    double mean, sigma;
    double seconds;
    bool done, passed;
    bool sooner; /* in the little world */
    char why[384];
};

/* Of one kind there may be one member only: a plug-in brings another. */
static char zoo[WAYS_PATH];

struct effects {
    struct effect *effect, *little; /* [count] both */
    size_t count;
    struct side **side; /* by group */
    struct group *group;
    size_t sides, groups;
};

/* ------------------------------------------------------------------------------- one run */

static bool starts(const char *text, const char *head)
{
    return strncmp(text, head, strlen(head)) == 0;
}

static void read_manifest(const struct lab *lab, const char *key, struct outcome *out)
{
    char *text = NULL, mark[96];
    size_t size = 0;
    FILE *to = open_memstream(&text, &size);
    if (!to) return;
    manifest_write(&(struct manifest){.parameters = &lab->model.parameters}, to);
    fclose(to);
    snprintf(mark, sizeof mark, "\n  \"%s\": ", key);
    const char *line = text ? strstr(text, mark) : NULL;
    if (line) {
        out->known = true;
        out->line = rows_hash(line, strcspn(line + 1, "\n") + 1);
    }
    free(text);
}

static void read_figures(const struct lab *lab, const char *moves, struct outcome *out)
{
    out->figure = (double)NAN;
    out->hash = lab->hash;
    out->digest = lab->digest;
    if (starts(moves, "manifest.")) {
        read_manifest(lab, moves + strlen("manifest."), out);
        return;
    }
    out->known = lab_figure(lab, moves, &out->figure);
}

/* The value as text; for a kind whose members the row does not name, the first and the one of
 * the plug-in. */
static bool value_of(const struct effect *e, bool to, char *text, size_t size)
{
    const struct schema_row *row = e->at.row;
    if (rows_value(row, to, text, size)) return true;
    if (row->type != SCHEMA_TEXT || !row->choices) return false;
    snprintf(text, size, "%s%s", to ? "zoo_" : "", to ? row->choices : row->initial);
    return true;
}

static bool plugged(const struct effect *e) { return e->at.row->choices && !e->at.row->to; }

static enum status begin(struct lab *lab)
{
    struct name_list plugins = {.count = 1};
    snprintf(plugins.name[0], sizeof plugins.name[0], "%s", zoo);
    return lab_init(lab, lab_tiny, &plugins);
}

static void halve(struct lab *lab, const char *path)
{
    struct parameter at;
    require(parameters_find(&lab->model.parameters, path, &at));
    int64_t *value = at.value;
    if (*value > 1) *value /= 2;
}

/* The scenario of a side, but for its seed; a row may be the seed's own. */
static enum status set_up(struct lab *lab, const struct side *side, int seed)
{
    char text[640], value[512], seeding[32];
    const struct effect *e = side->effect;
    value_of(e, side->to, value, sizeof value);
    snprintf(text, sizeof text, "%s=%s", e->at.path, value);
    snprintf(seeding, sizeof seeding, "run.seed=%d", seed);
    enum status status = plugged(e) ? begin(lab) : lab_init(lab, lab_tiny, NULL);
    if (!status) status = lab_set(lab, seeding);
    if (!status) status = lab_needs(lab, e->at.row->needs);
    if (!status && e->little) {
        halve(lab, "run.days");
        halve(lab, "viewers.count");
    }
    return status ? status : lab_set(lab, text);
}

/* One world, for all who ask for it. */
static void run(struct group *group, int seed)
{
    struct lab lab;
    enum status status = set_up(&lab, group->side[0], seed + 1);
    if (!status) status = lab_begin(&lab, NULL);
    if (!status) status = lab_run(&lab);
    for (size_t i = 0; i < group->count; i++) {
        struct effect *e = group->side[i]->effect;
        struct outcome *out = &group->side[i]->outcome[seed];
        out->status = status;
        if (status)
            snprintf(e->why, sizeof e->why, "%s: %s", status_text(status),
                     lab.errors.text ? lab.errors.text : "");
        else
            read_figures(&lab, e->at.row->moves, out);
    }
    lab_free(&lab);
}

static const struct outcome *outcome(struct effect *e, bool to, int seed)
{
    struct group *group = e->side[to].group;
    pthread_mutex_lock(&group->lock);
    if (!group->made[seed]) run(group, seed);
    group->made[seed] = true;
    pthread_mutex_unlock(&group->lock);
    return &e->side[to].outcome[seed];
}

/* ---------------------------------------------------------------------------- the verdict */

/* A t as the sigma of a normal that is exceeded as rarely. */
static double sigma_of(double t, int n)
{
    double tail = gsl_cdf_tdist_Q(fabs(t), n - 1);
    if (tail < 1e-15) tail = 1e-15;
    return copysign(gsl_cdf_ugaussian_Qinv(tail), t);
}

static double t_of(const struct effect *e, double *mean)
{
    double difference[MOST];
    for (int i = 0; i < e->pairs; i++)
        difference[i] = e->side[1].outcome[i].figure - e->side[0].outcome[i].figure;
    return pairs_t(difference, (uint32_t)e->pairs, mean);
}

static int most_of(const struct effect *e) { return e->little ? MOST_LITTLE : MOST; }

/* Settles what can be settled with the pairs so far. */
static void judge(struct effect *e)
{
    const double level = e->little ? LEVEL_LITTLE : LEVEL, t = t_of(e, &e->mean);
    const double needed = gsl_cdf_tdist_Qinv(level, e->pairs - 1);
    e->sigma = sigma_of(t, e->pairs);
    e->done = fabs(t) >= needed || e->pairs == most_of(e);
    e->passed = t * e->at.row->sign >= needed;
    if (e->done && !e->passed)
        snprintf(e->why, sizeof e->why, "%s",
                 fabs(t) >= needed ? "the other way" : "no sign of it");
}

static void pairs_of_figures(struct effect *e)
{
    const int most = most_of(e);
    for (int until = e->little ? FIRST_LITTLE : FIRST; !e->done; until += (until + 1) / 2) {
        if (until > most) until = most;
        for (; e->pairs < until; e->pairs++) {
            const struct outcome *a = outcome(e, false, e->pairs),
                                 *b = outcome(e, true, e->pairs);
            if (a->status || b->status) return;
            if (!a->known || !b->known || isnan(a->figure) || isnan(b->figure)) {
                snprintf(e->why, sizeof e->why, "no figure of that name, or it is empty");
                return;
            }
            e->from += a->figure;
            e->to += b->figure;
        }
        judge(e);
    }
    e->from /= e->pairs;
    e->to /= e->pairs;
}

static void pair_of_states(struct effect *e)
{
    const char *moves = e->at.row->moves;
    const struct outcome *a = outcome(e, false, 0), *b = outcome(e, true, 0);
    e->pairs = 1;
    if (a->status || b->status) return;
    if (strcmp(moves, "hash") == 0)
        e->passed = a->hash != b->hash;
    else if (strcmp(moves, "rows") == 0)
        e->passed = a->digest != b->digest;
    else
        e->passed = a->known && b->known && a->line != b->line;
    if (!e->passed) snprintf(e->why, sizeof e->why, "no difference");
}

static bool of_states(const char *moves)
{
    return strcmp(moves, "hash") == 0 || strcmp(moves, "rows") == 0 ||
           starts(moves, "manifest.");
}

static bool usable(struct effect *e)
{
    char from[512], to[512];
    const struct schema_row *row = e->at.row;
    if (!row->moves || !*row->moves)
        snprintf(e->why, sizeof e->why, "names no output");
    else if (!of_states(row->moves) && strcmp(row->moves, "members") != 0 && !row->sign)
        snprintf(e->why, sizeof e->why, "names no sign");
    else if (!value_of(e, false, from, sizeof from) || !value_of(e, true, to, sizeof to))
        snprintf(e->why, sizeof e->why, "has neither two values nor a plausible range");
    else if (strcmp(from, to) == 0)
        snprintf(e->why, sizeof e->why, "its two values are the same");
    return !*e->why;
}

static size_t members(enum status status, const struct lab *lab)
{
    size_t n = 0;
    for (size_t k = 0; !status && k < lab->model.registries.count; k++)
        n += lab->model.registries.kind[k].count;
    return n;
}

/* run.plugins: the registries have more members. */
static void plug_in(struct effect *e)
{
    struct lab without, with;
    e->from = (double)members(lab_init(&without, NULL, NULL), &without);
    e->to = (double)members(begin(&with), &with);
    e->passed = e->from > 0 && e->to > e->from;
    if (!e->passed) snprintf(e->why, sizeof e->why, "no new members");
    lab_free(&without);
    lab_free(&with);
}

/* Of this thread's processor. */
static double clock_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void pairs_of_either(struct effect *little, struct effect *e)
{
    pairs_of_figures(little);
    if (!little->passed) {
        pairs_of_figures(e);
        return;
    }
    /* Not its sides: others run their worlds, too. */
    e->pairs = little->pairs;
    e->from = little->from;
    e->to = little->to;
    e->mean = little->mean;
    e->sigma = little->sigma;
    e->passed = e->sooner = true;
}

static void examine(void *context, uint32_t item, uint32_t thread)
{
    (void)thread;
    struct effects *all = context;
    struct effect *e = &all->effect[item];
    const double began = clock_now();
    if (*e->why) return;
    const char *moves = e->at.row->moves;
    if (strcmp(moves, "members") == 0)
        plug_in(e);
    else if (of_states(moves))
        pair_of_states(e);
    else
        pairs_of_either(&all->little[item], e);
    e->seconds = clock_now() - began;
}

/* ------------------------------------------------------------------ rows without a sign */

/* The only ones: another state (or row, or line of the manifest) is all that can be asked. */
static const struct {
    const char *path, *why;
} unsigned_rows[] = {
    {"run.name", "a name"},
    {"run.seed", "other luck"},
    {"run.replicate", "other luck"},
    {"run.world", "other luck"},
    {"run.shards", "where entities are kept: another order of equals"},
    {"run.audience", "other people"},
    {"run.currency", "a name"},
    {"experiment.salt", "other arms"},
    {"viewers.choice", "a plug-in in place of the member; what members do: tests/viewers"},
    {"creators.cohorts[0].name", "a name"},
    {"measure.warmup", "of summaries: tests/cli/report.sh, tests/measure/test_summary.c"},
    {"measure.panel", "whom is measured"},
    {"measure.sample", "what is measured"},
    {"measure.metrics", "what is measured"},
};

static bool may_lack_a_sign(const char *path)
{
    for (size_t i = 0; i < sizeof unsigned_rows / sizeof *unsigned_rows; i++)
        if (strcmp(unsigned_rows[i].path, path) == 0) return true;
    return false;
}

static void test_rows_without_a_sign_are_those_of_the_list(void **state)
{
    (void)state;
    struct lab lab;
    size_t count, strange = 0, listed = 0;
    assert_int_equal(lab_init(&lab, NULL, NULL), STATUS_OK);
    struct schema_place *place = rows_list(&lab.model, &count);
    assert_non_null(place);
    for (size_t i = 0; i < count; i++) {
        const bool lacks = !place[i].row->sign, may = may_lack_a_sign(place[i].path);
        listed += lacks && may;
        if (lacks == may) continue;
        strange++;
        print_message("%s %s\n", place[i].path,
                      lacks ? "has no sign, and no reason for that here" : "has a sign");
    }
    memory_free(place);
    lab_free(&lab);
    assert_int_equal(strange, 0);
    assert_int_equal(listed, sizeof unsigned_rows / sizeof *unsigned_rows);
}

/* ------------------------------------------------------------------------------- the tests */

static const char *only = "";
static bool each; /* row is printed */

static void print_effect(const struct effect *e)
{
    print_message("%s %s -> %s (%+d): %.6g -> %.6g, difference %.4g, %.1f sigma, %d pairs, "
                  "%.1f s%s%s%s\n",
                  e->passed ? "ok  " : "FAIL", e->at.path,
                  e->at.row->moves ? e->at.row->moves : "-", e->at.row->sign, e->from, e->to,
                  e->mean, e->sigma, e->pairs, e->seconds, e->sooner ? ", little" : "",
                  *e->why ? ": " : "", e->why);
}

/* What the world of a side is but for its seed. */
static uint64_t key_of(const struct side *side)
{
    struct lab lab;
    uint64_t key = 0;
    if (!set_up(&lab, side, INT32_MAX)) /* the row of the seed has a world of its own */
        key = rows_scenario(&lab.model) ^ plugged(side->effect);
    lab_free(&lab);
    return key;
}

static int by_key(const void *a, const void *b)
{
    const struct side *x = *(struct side *const *)a, *y = *(struct side *const *)b;
    if (x->key != y->key) return x->key < y->key ? -1 : 1;
    return (x > y) - (x < y);
}

static void list_sides_of(struct effects *all, struct effect *e)
{
    for (int to = 0; to < 2; to++) {
        struct side *side = &e->side[to];
        *side = (struct side){.effect = e, .to = to};
        side->key = key_of(side);
        all->side[all->sides++] = side;
    }
}

static void list_sides(struct effects *all)
{
    for (size_t i = 0; i < all->count; i++) {
        struct effect *e = &all->effect[i];
        const char *moves = e->at.row->moves;
        if (!usable(e) || strcmp(moves, "members") == 0) continue;
        list_sides_of(all, e);
        all->little[i] = (struct effect){.at = e->at, .little = true};
        if (!of_states(moves)) list_sides_of(all, &all->little[i]);
    }
    qsort(all->side, all->sides, sizeof *all->side, by_key);
    for (size_t i = 0; i < all->sides; i++) {
        struct group *group = all->groups ? &all->group[all->groups - 1] : NULL;
        /* a key of 0 is that of an error: it is found again, and said, when it is run */
        if (!group || !all->side[i]->key || all->side[i]->key != all->side[i - 1]->key) {
            group = &all->group[all->groups++];
            group->side = &all->side[i];
            pthread_mutex_init(&group->lock, NULL);
        }
        group->count++;
        all->side[i]->group = group;
    }
}

static struct effects list_effects(const struct model *model)
{
    size_t count;
    struct effects all = {0};
    struct schema_place *place = rows_list(model, &count);
    all.effect = memory_alloc(count, sizeof *all.effect);
    all.little = memory_alloc(count, sizeof *all.little);
    all.side = memory_alloc(4 * count, sizeof *all.side);
    all.group = memory_alloc(4 * count, sizeof *all.group);
    assert_non_null(place);
    assert_true(all.effect && all.little && all.side && all.group);
    for (size_t i = 0; i < count; i++)
        if (starts(place[i].path, only)) all.effect[all.count++].at = place[i];
    memory_free(place);
    list_sides(&all);
    return all;
}

static void test_every_parameter_moves_what_it_says(void **state)
{
    (void)state;
    struct lab lab;
    struct team team;
    size_t failed = 0, runs = 0, states = 0;
    assert_int_equal(lab_init(&lab, NULL, NULL), STATUS_OK);
    struct effects all = list_effects(&lab.model);
    double seconds = 0;
    team_init(&team, 2);
    team_run(&team, (uint32_t)all.count, examine, &all);
    team_free(&team);
    for (size_t i = 0; i < all.count; i++) {
        failed += !all.effect[i].passed;
        seconds += all.effect[i].seconds;
        states += strcmp(all.effect[i].at.row->moves, "hash") == 0;
        if (!all.effect[i].passed || each) print_effect(&all.effect[i]);
    }
    for (size_t g = 0; g < all.groups; g++) {
        for (int seed = 0; seed < MOST; seed++) runs += all.group[g].made[seed];
        pthread_mutex_destroy(&all.group[g].lock);
    }
    print_message("%zu parameters, %zu without their effect, %zu of them another state only, "
                  "%zu runs of %zu worlds, %.0f s of a processor\n",
                  all.count, failed, states, runs, all.groups, seconds);
    memory_free(all.group);
    memory_free(all.side);
    memory_free(all.little);
    memory_free(all.effect);
    lab_free(&lab);
    assert_int_equal(failed, 0);
}

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

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows_without_a_sign_are_those_of_the_list),
        cmocka_unit_test(test_every_parameter_moves_what_it_says),
    };
    each = argc > 1;
    if (each) only = argv[1];
    return cmocka_run_group_tests(tests, build_zoo, remove_zoo);
}
