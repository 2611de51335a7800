/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * reelsim bench phold, reelsim bench mm1: event rates of the engine alone.
 *
 * Each figure is the median of several runs of the same setting. Without options phold prints
 * a table over 10^3 to 10^7 pending events on one and on two threads; with options, one line.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "command.h"
#include "engine/mm1.h"
#include "engine/phold.h"

#define BIT(option) (UINT32_C(1) << (option))
#define REPEATS_MOST 99

struct common {
    uint32_t threads[2]; /* a line each; 0 = none */
    uint32_t shards;     /* 0 = chosen by the number of events in a window */
    uint32_t repeats;
    uint64_t seed;
};

/* An error adds its text, which read_common looks for once all options were read. */
static double read_number(const struct arguments *arguments, enum bench_option option,
                          double usual, struct errors *errors)
{
    double value = usual;
    if (bench_option_read(arguments, option, &value, errors)) return usual;
    return value;
}

static uint64_t read_seed(const struct arguments *arguments, struct errors *errors)
{
    const char seed[] = "run.seed=";
    uint64_t value = 1;
    for (int i = 0; i < arguments->set_count; i++) {
        const char *text = arguments->set[i], *number = text + sizeof seed - 1;
        char *end = NULL;
        if (strncmp(text, seed, sizeof seed - 1) != 0) {
            errors_add(errors, STATUS_USAGE, "reelsim bench takes no setting %s", text);
            continue;
        }
        value = strtoull(number, &end, 10);
        if (*number < '0' || *number > '9' || *end || value > UINT32_MAX)
            errors_add(errors, STATUS_USAGE,
                       "--seed %s: must be a whole number in [0, 4294967295]", number);
    }
    return value;
}

static enum status read_common(const struct arguments *arguments, struct common *common,
                               struct errors *errors)
{
    common->shards = (uint32_t)read_number(arguments, BENCH_SHARDS, 0, errors);
    common->repeats = (uint32_t)read_number(arguments, BENCH_REPEATS, 3, errors);
    common->seed = read_seed(arguments, errors);
    common->threads[0] = arguments->threads ? arguments->threads : 1;
    common->threads[1] = arguments->threads ? 0 : 2;
    if (common->shards & (common->shards - 1))
        errors_add(errors, STATUS_USAGE, "--shards %" PRIu32 ": must be a power of two",
                   common->shards);
    return errors->count ? STATUS_USAGE : STATUS_OK;
}

/* Enough events a shard and window that opening one costs little, and enough shards that what
 * a shard's owner touches stays in its cache. */
static uint32_t shards_for(double events_a_window)
{
    uint32_t shards = 4;
    while (shards < 64 && shards * 2048.0 < events_a_window) shards *= 2;
    return shards;
}

/* A run of one of the models: what repeats are compared by. */
struct outcome {
    double seconds;
    uint64_t state_hash;
};
typedef enum status run_once(const void *options, struct team *team, void *result,
                             struct outcome *outcome, struct errors *errors);

struct series {
    run_once *once;
    const void *options;
    uint32_t repeats, threads;
};

/* Runs a series; *result is the last run's, all but its seconds the same each time. */
static enum status series_run(const struct series *self, void *result, double *median,
                              struct errors *errors)
{
    double seconds[REPEATS_MOST];
    struct outcome first = {0}, now = {0};
    struct team team;
    enum status status = STATUS_OK;
    team_init(&team, self->threads);
    for (uint32_t i = 0; i < self->repeats && !status; i++) {
        status = self->once(self->options, &team, result, &now, errors);
        if (i == 0) first = now;
        if (!status && now.state_hash != first.state_hash)
            status = errors_add(errors, STATUS_FAULT,
                                "two runs of one setting ended in different states: %016" PRIx64
                                " and %016" PRIx64,
                                first.state_hash, now.state_hash);
        seconds[i] = now.seconds;
    }
    team_free(&team);
    if (!status) *median = bench_median(seconds, self->repeats);
    return status;
}

/* ------------------------------------------------------------------------------------ PHOLD */

static enum status phold_once(const void *options, struct team *team, void *result,
                              struct outcome *outcome, struct errors *errors)
{
    struct phold_result *r = result;
    enum status status = phold_run(options, team, r, errors);
    *outcome = (struct outcome){r->seconds, r->state_hash};
    return status;
}

static void phold_print(bool json, bool first, const struct phold_options *o,
                        const struct phold_result *r, uint32_t threads)
{
    double rate = (double)r->events / r->seconds;
    if (!json) {
        if (first)
            printf("%10s %8s %7s %12s %11s %11s  %s\n", "pending", "threads", "shards",
                   "events", "events/s", "per core", "state hash");
        printf("%10" PRIu64 " %8" PRIu32 " %7" PRIu32 " %12" PRIu64
               " %9.2f M %9.2f M  %016" PRIx64 "\n",
               r->pending, threads, o->shards, r->events, 1e-6 * rate, 1e-6 * rate / threads,
               r->state_hash);
        return;
    }
    printf(
        "%s\n{\"model\": \"phold\", \"lps\": %" PRIu32 ", \"population\": %" PRIu32
        ", \"remote\": %.17g, \"lookahead\": %.17g, \"duration\": %.17g, \"shards\": %" PRIu32
        ", \"threads\": %" PRIu32 ", \"pending\": %" PRIu64 ", \"events\": %" PRIu64,
        first ? "[" : ",", o->processes, o->events, o->remote, o->lookahead, o->duration,
        o->shards, threads, r->pending, r->events);
    printf(", \"seconds\": %.6f, \"events_per_s\": %.0f, \"events_per_s_core\": %.0f, "
           "\"state_hash\": \"%016" PRIx64 "\"}",
           r->seconds, rate, rate / threads, r->state_hash);
}

static enum status phold_lines(const struct phold_options *options, const struct common *common,
                               bool *first, bool json, struct errors *errors)
{
    struct phold_options o = *options;
    enum status status = STATUS_OK;
    double pending = (double)o.processes * o.events;
    o.shards = common->shards ? common->shards : shards_for(pending * o.lookahead);
    o.seed = common->seed;
    /* Some three million events, ten million where a run must outgrow its caches. */
    if (!(o.duration > 0)) o.duration = pending > 5e6 ? 2 : pending > 5e5 ? 10 : 3e6 / pending;
    for (int i = 0; i < 2 && common->threads[i] && !status; i++) {
        struct phold_result r = {0};
        const struct series series = {phold_once, &o, common->repeats, common->threads[i]};
        status = series_run(&series, &r, &r.seconds, errors);
        if (!status) phold_print(json, *first, &o, &r, common->threads[i]);
        *first = false;
        fflush(stdout);
    }
    return status;
}

enum status bench_phold(const struct arguments *arguments, struct errors *errors)
{
    static const uint32_t table[] = {64, 640, 6400, 65536, 655360};
    const uint32_t own = BIT(BENCH_LPS) | BIT(BENCH_POPULATION) | BIT(BENCH_REMOTE) |
                         BIT(BENCH_LOOKAHEAD) | BIT(BENCH_DURATION);
    struct common common;
    struct phold_options o = {
        .processes = (uint32_t)read_number(arguments, BENCH_LPS, 65536, errors),
        .events = (uint32_t)read_number(arguments, BENCH_POPULATION, 16, errors),
        .remote = read_number(arguments, BENCH_REMOTE, 0.1, errors),
        .lookahead = read_number(arguments, BENCH_LOOKAHEAD, 0.1, errors),
        .duration = read_number(arguments, BENCH_DURATION, 0, errors)};
    bool one = false, first = true;
    enum status status = bench_options_only(
        arguments, "bench phold", own | BIT(BENCH_SHARDS) | BIT(BENCH_REPEATS), errors);
    if ((double)o.processes * o.events > 1e9)
        errors_add(errors, STATUS_USAGE,
                   "--lps %" PRIu32 " --population %" PRIu32
                   ": together more than 1e9 events, the most",
                   o.processes, o.events);
    if (!status) status = read_common(arguments, &common, errors);
    for (int i = 0; i < BENCH_OPTIONS; i++) one = one || (arguments->bench[i] && own >> i & 1);
    for (size_t i = 0; i < (one ? 1 : sizeof table / sizeof *table) && !status; i++) {
        if (!one) o.processes = table[i];
        status = phold_lines(&o, &common, &first, arguments->json, errors);
    }
    if (arguments->json && !first) printf("\n]\n");
    return status;
}

/* ------------------------------------------------------------------------------------ M/M/1 */

static enum status mm1_once(const void *options, struct team *team, void *result,
                            struct outcome *outcome, struct errors *errors)
{
    struct mm1_result *r = result;
    enum status status = mm1_run(options, team, r, errors);
    *outcome = (struct outcome){r->seconds, r->state_hash};
    return status;
}

static void mm1_print(bool json, bool first, const struct mm1_options *o,
                      const struct mm1_result *r, uint32_t threads)
{
    double rate = (double)r->events / r->seconds;
    double sojourn = 1 / (1 - o->utilisation), number = o->utilisation * sojourn;
    if (!json) {
        if (first)
            printf("%8s %10s %9s %9s %9s %9s  %s\n", "threads", "events/s", "number", "theory",
                   "sojourn", "theory", "state hash");
        printf("%8" PRIu32 " %8.2f M %9.4f %9.4f %9.4f %9.4f  %016" PRIx64 "\n", threads,
               1e-6 * rate, r->number, number, r->sojourn, sojourn, r->state_hash);
        return;
    }
    printf(
        "%s\n{\"model\": \"mm1\", \"stations\": %" PRIu32
        ", \"utilisation\": %.17g, \"leave\": %.17g, \"window\": %.17g, \"duration\": %.17g, "
        "\"shards\": %" PRIu32 ", \"threads\": %" PRIu32 ", \"pending\": %" PRIu64
        ", \"events\": %" PRIu64,
        first ? "[" : ",", o->stations, o->utilisation, o->leave, o->window, o->duration,
        o->shards, threads, r->pending, r->events);
    printf(
        ", \"seconds\": %.6f, \"events_per_s\": %.0f, \"events_per_s_core\": %.0f, "
        "\"customers\": %" PRIu64 ", \"mean_number\": %.17g, \"mean_number_theory\": %.17g, "
        "\"mean_sojourn\": %.17g, \"mean_sojourn_theory\": %.17g, \"state_hash\": \"%016" PRIx64
        "\"}",
        r->seconds, rate, rate / threads, r->customers, r->number, number, r->sojourn, sojourn,
        r->state_hash);
}

enum status bench_mm1(const struct arguments *arguments, struct errors *errors)
{
    struct common common;
    struct mm1_options o = {
        .stations = (uint32_t)read_number(arguments, BENCH_STATIONS, 4096, errors),
        .utilisation = read_number(arguments, BENCH_UTILISATION, 0.8, errors),
        .leave = read_number(arguments, BENCH_LEAVE, 0.5, errors),
        .window = read_number(arguments, BENCH_WINDOW, 1, errors),
        .duration = read_number(arguments, BENCH_DURATION, 1000, errors)};
    bool first = true;
    enum status status = bench_options_only(
        arguments, "bench mm1",
        BIT(BENCH_STATIONS) | BIT(BENCH_UTILISATION) | BIT(BENCH_LEAVE) | BIT(BENCH_WINDOW) |
            BIT(BENCH_DURATION) | BIT(BENCH_SHARDS) | BIT(BENCH_REPEATS),
        errors);
    if (!status) status = read_common(arguments, &common, errors);
    if (status) return status;
    o.shards = common.shards ? common.shards
                             : shards_for(2 * o.stations * o.utilisation * o.window);
    o.seed = common.seed;
    for (int i = 0; i < 2 && common.threads[i] && !status; i++) {
        struct mm1_result r = {0};
        const struct series series = {mm1_once, &o, common.repeats, common.threads[i]};
        status = series_run(&series, &r, &r.seconds, errors);
        if (!status) mm1_print(arguments->json, first, &o, &r, common.threads[i]);
        first = false;
    }
    if (arguments->json && !status) printf("\n]\n");
    return status;
}
