/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * reelsim bench loop [SCENARIO]: what an impression costs, phase by phase, on one and on two
 * threads, and how that compares with a stripped loop over the same arithmetic (--yardstick
 * PROGRAM: called as PROGRAM VIEWERS VIDEOS WINDOWS, it prints "... N ns each ...").
 *
 * Machines are shared: program and yardstick take turns, and medians of their ratios are
 * printed. Without a scenario it is a day of a million viewers and 30,000 creators.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "command.h"
#include "progress.h"
#include "sim/sim.h"

#define PAIRS_MOST 99
#define YARDSTICK_SIZE "1000000 100000 10"

/* One run: seconds of the start and of each phase. */
struct loop_run {
    double start, phase[PHASES], total;
    uint64_t impressions, state_hash;
};

/* What is compared: ns an impression and core with one and with two threads. */
struct loop_pair {
    struct loop_run run[2];
    double yardstick[2];
};

static const char *const phase_name[PHASES] = {
#define PHASE_NAME(id, text) text,
    SIM_PHASE_LIST(PHASE_NAME)
#undef PHASE_NAME
};

/* The world of the bench, before what the command line sets. */
static void with_defaults(const struct arguments *from, struct arguments *to)
{
    static const char *const world[] = {"viewers.count=1000000", "creators.count=30000",
                                        "run.days=1", "measure.warmup=0"};
    int given = from->operand_count > 1 ? 0 : (int)(sizeof world / sizeof *world);
    *to = *from;
    for (int i = 0; i < given; i++) to->set[i] = world[i];
    for (int i = 0; i < from->set_count && given + i < ARGUMENT_SETS_MAX; i++)
        to->set[given + i] = from->set[i];
    to->set_count = given + from->set_count;
    if (to->set_count > ARGUMENT_SETS_MAX) to->set_count = ARGUMENT_SETS_MAX;
}

static enum status run_windows(struct sim *sim, struct loop_run *run, struct errors *errors)
{
    double began = progress_clock();
    enum status status = sim_populate(sim);
    run->start = progress_clock() - began;
    while (!status && !sim_done(sim)) {
        if (command_interrupted) return STATUS_INTERRUPTED;
        status = sim_step(sim, errors);
    }
    if (!status) status = sim_finish(sim);
    run->total = progress_clock() - began;
    return status;
}

static enum status run_once(const struct arguments *arguments, uint32_t threads,
                            struct loop_run *run, struct errors *errors)
{
    const char *path = arguments->operand_count > 1 ? arguments->operand[1] : NULL;
    const struct sim_options options = {.threads = threads};
    struct arguments all;
    struct model model = {0};
    struct sim *sim = NULL;
    with_defaults(arguments, &all);
    enum status status = scenario_load(&model, &all, path, errors);
    if (!status) status = sim_init(&sim, &model, &options, errors);
    if (!status) status = run_windows(sim, run, errors);
    if (!status) status = sim_hash(sim, &run->state_hash);
    if (!status) {
        struct sim_figures f = sim_figures(sim);
        run->impressions = f.impressions;
        memcpy(run->phase, f.seconds, sizeof run->phase);
    }
    sim_free(sim);
    model_free(&model);
    return status;
}

/* ns each, as the yardstick prints it; an error names what it said instead. */
static enum status run_yardstick(const char *program, uint32_t threads, double *ns,
                                 struct errors *errors)
{
    char command[512], line[512] = "";
    if (strchr(program, '\'') || strlen(program) > 400)
        return errors_add(errors, STATUS_USAGE, "--yardstick %s: must be a plain path",
                          program);
    snprintf(command, sizeof command, "OMP_NUM_THREADS=%" PRIu32 " '%s' " YARDSTICK_SIZE,
             threads, program);
    FILE *from = popen(command, "r");
    if (!from) return errors_add(errors, STATUS_IO, "%s: cannot be started", program);
    if (!fgets(line, sizeof line, from)) line[0] = '\0';
    int code = pclose(from);
    const char *each = strstr(line, " ns each"), *number = each;
    while (number && number > line && strchr("0123456789.", number[-1])) number--;
    *ns = each ? strtod(number, NULL) : 0;
    if (code || !(*ns > 0))
        return errors_add(errors, STATUS_FAULT, "%s: must print \"N ns each\", printed \"%s\"",
                          program, line);
    return STATUS_OK;
}

static double ns_each(const struct loop_run *run, uint32_t threads)
{
    return run->impressions ? 1e9 * run->total * threads / (double)run->impressions : 0;
}

/* Median over pairs of what `figure` takes from each. */
static double median_of(const struct loop_pair *pair, uint32_t n,
                        double (*figure)(const struct loop_pair *pair))
{
    double value[PAIRS_MOST];
    for (uint32_t i = 0; i < n; i++) value[i] = figure(&pair[i]);
    return bench_median(value, n);
}

static double ns_one(const struct loop_pair *p) { return ns_each(&p->run[0], 1); }
static double ns_two(const struct loop_pair *p) { return ns_each(&p->run[1], 2); }
static double speed_up(const struct loop_pair *p) { return 2 * ns_one(p) / ns_two(p); }
static double yardstick_one(const struct loop_pair *p) { return p->yardstick[0]; }
static double yardstick_up(const struct loop_pair *p)
{
    return 2 * p->yardstick[0] / p->yardstick[1];
}
static double ratio_one(const struct loop_pair *p) { return ns_one(p) / p->yardstick[0]; }
static double ratio_up(const struct loop_pair *p) { return speed_up(p) / yardstick_up(p); }

static void print_phases(const struct loop_pair *pair)
{
    printf("%-10s %12s %12s   ns an impression and core\n", "", "1 thread", "2 threads");
    for (int p = -1; p < PHASES; p++) {
        printf("%-10s", p < 0 ? "start" : phase_name[p]);
        for (uint32_t t = 0; t < 2; t++) {
            const struct loop_run *run = &pair->run[t];
            double seconds = p < 0 ? run->start : run->phase[p];
            printf(" %12.1f", 1e9 * seconds * (t + 1) / (double)run->impressions);
        }
        printf("\n");
    }
}

static void print_text(const struct loop_pair *pair, uint32_t n, bool yardstick)
{
    print_phases(&pair[n - 1]);
    printf("\nmedians of %" PRIu32 " runs of %" PRIu64 " impressions, state hash %016" PRIx64
           "\n",
           n, pair->run[0].impressions, pair->run[0].state_hash);
    printf("one thread    %8.1f ns an impression, start of %.2f s included\n",
           median_of(pair, n, ns_one), pair[n - 1].run[0].start);
    printf("two threads   %8.2f times as fast\n", median_of(pair, n, speed_up));
    if (!yardstick) return;
    printf("yardstick     %8.1f ns an impression; two threads %.2f times as fast\n",
           median_of(pair, n, yardstick_one), median_of(pair, n, yardstick_up));
    printf("ratio         %8.2f of an impression's time, %.2f of the speed-up\n",
           median_of(pair, n, ratio_one), median_of(pair, n, ratio_up));
}

static void print_json(const struct loop_pair *pair, uint32_t n, bool yardstick)
{
    printf("[");
    for (uint32_t t = 0; t < 2; t++) {
        const struct loop_run *run = &pair[n - 1].run[t];
        printf("%s\n{\"model\": \"loop\", \"threads\": %" PRIu32 ", \"impressions\": %" PRIu64
               ", \"ns_per_impression_core\": %.1f, \"start_s\": %.3f",
               t ? "," : "", t + 1, run->impressions, median_of(pair, n, t ? ns_two : ns_one),
               run->start);
        for (int p = 0; p < PHASES; p++)
            printf(", \"ns_%s\": %.1f", phase_name[p],
                   1e9 * run->phase[p] * (t + 1) / (double)run->impressions);
        if (yardstick)
            printf(", \"yardstick_ns\": %.1f, \"ratio\": %.3f, \"speed_up_ratio\": %.3f",
                   median_of(pair, n, yardstick_one), median_of(pair, n, ratio_one),
                   median_of(pair, n, ratio_up));
        printf(", \"speed_up\": %.3f, \"state_hash\": \"%016" PRIx64 "\"}",
               median_of(pair, n, speed_up), run->state_hash);
    }
    printf("\n]\n");
}

static enum status run_pair(const struct arguments *arguments, struct loop_pair *pair,
                            struct errors *errors)
{
    enum status status = STATUS_OK;
    for (uint32_t t = 0; t < 2 && !status; t++) {
        if (arguments->yardstick)
            status = run_yardstick(arguments->yardstick, t + 1, &pair->yardstick[t], errors);
        if (!status) status = run_once(arguments, t + 1, &pair->run[t], errors);
    }
    if (!status && pair->run[0].state_hash != pair->run[1].state_hash)
        status = errors_add(errors, STATUS_FAULT,
                            "one and two threads ended in different states: %016" PRIx64
                            " and %016" PRIx64,
                            pair->run[0].state_hash, pair->run[1].state_hash);
    return status;
}

enum status bench_loop(const struct arguments *arguments, struct errors *errors)
{
    static const double usual = 5;
    struct loop_pair pair[PAIRS_MOST] = {0};
    double pairs = usual;
    enum status status = bench_options_only(arguments, "bench loop",
                                            UINT32_C(1) << BENCH_REPEATS, errors);
    if (!status) status = bench_option_read(arguments, BENCH_REPEATS, &pairs, errors);
    if (status) return status;
    uint32_t n = (uint32_t)pairs;
    for (uint32_t i = 0; i < n && !status; i++) status = run_pair(arguments, &pair[i], errors);
    if (status) return status;
    if (arguments->json)
        print_json(pair, n, arguments->yardstick != NULL);
    else
        print_text(pair, n, arguments->yardstick != NULL);
    return STATUS_OK;
}
