/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SLOW */
/*
 * Every parameter does what its row says: a small world with `from` and one with `to`, under
 * the same seeds, and the output that the row names.
 *
 * A sign asks for the mean of the paired differences to have it at 3 sigma: Student's t of n
 * pairs at the probability that a normal exceeds 3. n is small at first and grows only while
 * the matter is open. Without a sign the output's mean or its spread over rows has to differ,
 * either way. "hash" asks for another state.
 *
 *     test_effects [PATH]    only the rows below PATH, each with its figures
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <time.h>

#include <gsl/gsl_cdf.h>

#include "engine/team.h"
#include "io/manifest.h"
#include "rows.h"
#include "ways.h"

#define PAIRS_FIRST 5
#define PAIRS_MOST 40
#define TAIL 0.0013498980316300946 /* of a normal beyond 3 */

/* What is read off a run. */
struct outcome {
    enum status status;
    uint64_t hash, digest;
    double figure, spread; /* NAN = none */
    bool known;
    char line[256]; /* of the manifest */
};

struct effect {
    struct schema_place at;
    int pairs;
    double difference[PAIRS_MOST], spread[PAIRS_MOST];
    double from, to; /* means */
    double mean, sigma;
    double seconds;
    bool done, passed;
    char why[384];
};

/* Of one kind there may be one member only: a plug-in brings another. */
static char zoo[WAYS_PATH];

struct effects {
    struct effect *effect;
    size_t count;
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
        snprintf(out->line, sizeof out->line, "%.*s", (int)strcspn(line + 1, "\n"), line + 1);
    }
    free(text);
}

static void read_figures(const struct lab *lab, const char *moves, struct outcome *out)
{
    char spread[128];
    if (starts(moves, "manifest.")) {
        read_manifest(lab, moves + strlen("manifest."), out);
        return;
    }
    out->known = lab_figure(lab, moves, &out->figure);
    snprintf(spread, sizeof spread, "sd %s", moves);
    if (!out->known || strpbrk(moves, " /") || !lab_figure(lab, spread, &out->spread))
        out->spread = (double)NAN;
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

static enum status begin(struct lab *lab)
{
    struct name_list plugins = {.count = 1};
    snprintf(plugins.name[0], sizeof plugins.name[0], "%s", zoo);
    return lab_init(lab, lab_tiny, &plugins);
}

/* One world with the value under one seed. */
static struct outcome run(struct effect *e, bool to, int seed)
{
    struct lab lab;
    struct outcome out = {.figure = (double)NAN, .spread = (double)NAN};
    char text[640], value[512], seeding[32];
    const struct schema_row *row = e->at.row;
    value_of(e, to, value, sizeof value);
    snprintf(text, sizeof text, "%s=%s", e->at.path, value);
    snprintf(seeding, sizeof seeding, "run.seed=%d", seed);
    out.status = row->choices && !row->to ? begin(&lab) : lab_init(&lab, lab_tiny, NULL);
    if (!out.status) out.status = lab_set(&lab, seeding);
    if (!out.status) out.status = lab_needs(&lab, row->needs);
    if (!out.status) out.status = lab_set(&lab, text);
    if (!out.status) out.status = lab_begin(&lab, NULL);
    if (!out.status) out.status = lab_run(&lab);
    if (out.status) {
        snprintf(e->why, sizeof e->why, "%s: %s", status_text(out.status),
                 lab.errors.text ? lab.errors.text : "");
    } else {
        out.hash = lab.hash;
        out.digest = lab.digest;
        read_figures(&lab, row->moves, &out);
    }
    lab_free(&lab);
    return out;
}

/* ---------------------------------------------------------------------------- the verdict */

/* Mean of n differences in standard errors; HUGE_VAL when all are the same and not 0. */
static double t_of(const double *x, int n, double *mean)
{
    double sum = 0, squares = 0;
    for (int i = 0; i < n; i++) sum += x[i];
    *mean = sum / n;
    for (int i = 0; i < n; i++) squares += (x[i] - *mean) * (x[i] - *mean);
    double error = sqrt(squares / (n - 1) / n);
    if (error > 0) return *mean / error;
    return *mean == 0 || isnan(*mean) ? 0 : copysign(HUGE_VAL, *mean);
}

/* A t as the sigma of a normal that is exceeded as rarely. */
static double sigma_of(double t, int n)
{
    double tail = gsl_cdf_tdist_Q(fabs(t), n - 1);
    if (tail < 1e-15) tail = 1e-15;
    return copysign(gsl_cdf_ugaussian_Qinv(tail), t);
}

/* Settles what can be settled with the pairs so far. */
static void judge(struct effect *e)
{
    const int sign = e->at.row->sign;
    double t = t_of(e->difference, e->pairs, &e->mean);
    const double needed = gsl_cdf_tdist_Qinv(TAIL, e->pairs - 1);
    if (sign == 0 && !(fabs(t) >= needed)) {
        double mean;
        double other = t_of(e->spread, e->pairs, &mean);
        if (fabs(other) >= needed) t = other;
    }
    e->sigma = sigma_of(t, e->pairs);
    e->done = fabs(t) >= needed || e->pairs == PAIRS_MOST;
    e->passed = sign == 0 ? fabs(t) >= needed : t * sign >= needed;
    if (e->done && !e->passed)
        snprintf(e->why, sizeof e->why, "%s",
                 sign && t * sign < 0 && -t * sign >= needed ? "the other way"
                                                             : "no sign of it");
}

static void pairs_of_figures(struct effect *e)
{
    while (!e->done) {
        int until = e->pairs ? 2 * e->pairs : PAIRS_FIRST;
        for (; e->pairs < until; e->pairs++) {
            const struct outcome a = run(e, false, e->pairs + 1),
                                 b = run(e, true, e->pairs + 1);
            if (a.status || b.status) return;
            if (!a.known || !b.known || isnan(a.figure) || isnan(b.figure)) {
                snprintf(e->why, sizeof e->why, "no figure of that name, or it is empty");
                return;
            }
            e->difference[e->pairs] = b.figure - a.figure;
            e->spread[e->pairs] = b.spread - a.spread;
            e->from += a.figure;
            e->to += b.figure;
        }
        judge(e);
    }
    e->from /= e->pairs;
    e->to /= e->pairs;
}

static void pair_of_states(struct effect *e)
{
    const char *moves = e->at.row->moves;
    const struct outcome a = run(e, false, 1), b = run(e, true, 1);
    e->pairs = 1;
    if (a.status || b.status) return;
    if (strcmp(moves, "hash") == 0)
        e->passed = a.hash != b.hash;
    else if (strcmp(moves, "rows") == 0)
        e->passed = a.digest != b.digest;
    else
        e->passed = a.known && b.known && strcmp(a.line, b.line) != 0;
    if (!e->passed) snprintf(e->why, sizeof e->why, "no difference");
}

static bool usable(struct effect *e)
{
    char from[512], to[512];
    const struct schema_row *row = e->at.row;
    if (!row->moves || !*row->moves)
        snprintf(e->why, sizeof e->why, "names no output");
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

static double clock_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void examine(void *context, uint32_t item, uint32_t thread)
{
    (void)thread;
    struct effect *e = &((struct effects *)context)->effect[item];
    const double began = clock_now();
    if (!usable(e)) return;
    const char *moves = e->at.row->moves;
    if (strcmp(moves, "members") == 0)
        plug_in(e);
    else if (strcmp(moves, "hash") == 0 || strcmp(moves, "rows") == 0 ||
             starts(moves, "manifest."))
        pair_of_states(e);
    else
        pairs_of_figures(e);
    e->seconds = clock_now() - began;
}

/* ------------------------------------------------------------------------------- the tests */

static const char *only = "";

static void print_effect(const struct effect *e)
{
    print_message("%s %s -> %s (%+d): %.6g -> %.6g, difference %.4g, %.1f sigma, %d pairs, "
                  "%.1f s%s%s\n",
                  e->passed ? "ok  " : "FAIL", e->at.path,
                  e->at.row->moves ? e->at.row->moves : "-", e->at.row->sign, e->from, e->to,
                  e->mean, e->sigma, e->pairs, e->seconds, *e->why ? ": " : "", e->why);
}

static struct effects list_effects(const struct model *model)
{
    size_t count;
    struct effects all = {0};
    struct schema_place *place = rows_list(model, &count);
    all.effect = memory_alloc(count, sizeof *all.effect);
    assert_non_null(place);
    assert_non_null(all.effect);
    for (size_t i = 0; i < count; i++)
        if (starts(place[i].path, only)) all.effect[all.count++].at = place[i];
    memory_free(place);
    return all;
}

static void test_every_parameter_moves_what_it_says(void **state)
{
    (void)state;
    struct lab lab;
    struct team team;
    size_t failed = 0;
    assert_int_equal(lab_init(&lab, NULL, NULL), STATUS_OK);
    struct effects all = list_effects(&lab.model);
    const double began = clock_now();
    team_init(&team, 2);
    team_run(&team, (uint32_t)all.count, examine, &all);
    int pairs = 0;
    for (size_t i = 0; i < all.count; i++) {
        failed += !all.effect[i].passed;
        pairs += all.effect[i].pairs;
        if (!all.effect[i].passed || *only) print_effect(&all.effect[i]);
    }
    print_message("%zu parameters, %zu without their effect, %d pairs of runs, %.0f s\n",
                  all.count, failed, pairs, clock_now() - began);
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
        cmocka_unit_test(test_every_parameter_moves_what_it_says),
    };
    if (argc > 1) only = argv[1];
    return cmocka_run_group_tests(tests, build_zoo, remove_zoo);
}
