/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * reelsim bench loop [SCENARIO]: what an impression costs, phase by phase, on one thread and on
 * two (--threads N: on one and on N), and how that compares with a stripped loop over the same
 * arithmetic (--yardstick PROGRAM: called as PROGRAM VIEWERS VIDEOS WINDOWS, it prints "... N
 * ns each ...").
 *
 * Machines are shared: program and yardstick take turns, and what is printed are medians over
 * such pairs, of their ratios, too. A pair that a foreign load disturbed is void and another
 * takes its place, up to three times as many as were asked for. Without a scenario it is the
 * world of scenarios/million.cfg.
 *
 * --windows N ends each run after N windows and goes by processor time, which a foreign load
 * does not make longer by as much: no pair is void then (scripts/verify_swaps.sh).
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"
#include "bench_load.h"
#include "command.h"
#include "progress.h"
#include "sim/sim.h"

#define REPEATS_USUAL 5
#define PAIRS_A_REPEAT 3
#define PAIRS_MOST (99 * PAIRS_A_REPEAT)
#define YARDSTICK_SIZE "1000000 100000 10"

/* One run: seconds of the start and of each phase. */
struct loop_run {
    double start, phase[PHASES], total;
    double processor; /* seconds of the process's threads, from the first window on */
    uint64_t impressions, state_hash;
    double bytes_per_viewer, bytes_per_video; /* held at the end */
};

/* Program and yardstick (ns an impression and core), in turn on one and on more threads. */
struct loop_pair {
    struct loop_run run[2];
    double yardstick[2];
    double foreign; /* share of the machine that others had, at most of the measurements */
    bool disturbed;
};

struct loop {
    const struct arguments *arguments;
    uint32_t threads[2]; /* of a pair's runs: 1 and more */
    uint32_t runs;       /* 1 when --threads 1 asks for the first alone */
    uint32_t processors; /* of the machine */
    uint32_t wanted;     /* undisturbed pairs */
    uint64_t windows;    /* of each run; 0 = all */
    struct loop_pair pair[PAIRS_MOST];
    uint32_t pairs, disturbed;
};

static const char *const phase_name[PHASES] = {
#define PHASE_NAME(id, text) text,
    SIM_PHASE_LIST(PHASE_NAME)
#undef PHASE_NAME
};

const char *const bench_world[] = {"run.name=million",      "run.days=2",
                                   "viewers.count=1000000", "creators.count=30000",
                                   "measure.warmup=0",      NULL};

/* The world of the bench, before what the command line sets. */
static enum status with_defaults(const struct arguments *from, struct arguments *to,
                                 struct errors *errors)
{
    *to = *from;
    if (from->operand_count > 1) return STATUS_OK;
    to->set_count = 0;
    for (const char *const *set = bench_world; *set; set++) to->set[to->set_count++] = *set;
    if (to->set_count + from->set_count > ARGUMENT_SETS_MAX)
        return errors_add(errors, STATUS_USAGE, "more than %d settings on the command line",
                          ARGUMENT_SETS_MAX - to->set_count);
    for (int i = 0; i < from->set_count; i++) to->set[to->set_count++] = from->set[i];
    return STATUS_OK;
}

static double processor_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static enum status run_windows(const struct loop *self, struct sim *sim, struct loop_run *run,
                               struct errors *errors)
{
    double began = progress_clock(), first;
    enum status status = sim_populate(sim);
    run->start = progress_clock() - began;
    first = processor_now();
    for (uint64_t w = 0; !status && !sim_done(sim) && (!self->windows || w < self->windows);
         w++) {
        if (command_interrupted) return STATUS_INTERRUPTED;
        status = sim_step(sim, errors);
    }
    if (!status && sim_done(sim)) status = sim_finish(sim);
    run->processor = processor_now() - first;
    run->total = progress_clock() - began;
    return status;
}

static enum status run_once(const struct loop *self, uint32_t threads, struct loop_run *run,
                            struct errors *errors)
{
    const struct arguments *arguments = self->arguments;
    const char *path = arguments->operand_count > 1 ? arguments->operand[1] : NULL;
    const struct sim_options options = {.threads = threads};
    struct arguments all;
    struct model model = {0};
    struct sim *sim = NULL;
    enum status status = with_defaults(arguments, &all, errors);
    if (!status) status = scenario_load(&model, &all, path, errors);
    if (!status) status = sim_init(&sim, &model, &options, errors);
    if (!status) status = run_windows(self, sim, run, errors);
    if (!status) status = sim_hash(sim, &run->state_hash);
    if (!status) {
        struct sim_figures f = sim_figures(sim);
        run->impressions = f.impressions;
        run->bytes_per_viewer = f.bytes_per_viewer;
        run->bytes_per_video = f.bytes_per_video;
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

/* ----------------------------------------------------------------------------------- figures
 */

/* What a pair says of its run t (0: one thread, 1: more): ns an impression and core of the
 * start, of each phase, of all; then the others. */
enum figure {
    NS_START,
    NS_PHASE,
    NS_ALL = NS_PHASE + PHASES,
    NS_PROCESSOR,
    START_S,
    SPEED_UP,
    YARDSTICK_NS,
    YARDSTICK_UP,
    RATIO,
    RATIO_UP
};

static double figure(const struct loop *self, const struct loop_pair *pair, uint32_t t,
                     unsigned f)
{
    const struct loop_run *run = &pair->run[t];
    double each = 1e9 * self->threads[t] / (double)run->impressions;
    double up = pair->run[0].total / run->total;
    double yardstick_up = self->threads[t] * pair->yardstick[0] / pair->yardstick[t];
    switch (f) {
    case NS_START:
        return each * run->start;
    case NS_ALL:
        return each * run->total;
    case NS_PROCESSOR: /* of all cores together */
        return 1e9 * run->processor / (double)run->impressions;
    case START_S:
        return run->start;
    case SPEED_UP:
        return up;
    case YARDSTICK_NS:
        return pair->yardstick[t];
    case YARDSTICK_UP:
        return yardstick_up;
    case RATIO:
        return each * run->total / pair->yardstick[t];
    case RATIO_UP:
        return up / yardstick_up;
    default:
        return each * run->phase[f - NS_PHASE];
    }
}

/* Median over the undisturbed pairs; over all when none was. */
static double median(const struct loop *self, uint32_t t, unsigned f)
{
    double value[PAIRS_MOST];
    uint32_t n = 0;
    for (uint32_t i = 0; i < self->pairs; i++)
        if (!self->pair[i].disturbed || self->disturbed == self->pairs)
            value[n++] = figure(self, &self->pair[i], t, f);
    return bench_median(value, n);
}

static void print_phases(const struct loop *self)
{
    printf("%-10s", "");
    for (uint32_t t = 0; t < self->runs; t++)
        printf(" %3" PRIu32 " thread%s", self->threads[t], self->threads[t] > 1 ? "s" : " ");
    printf("   ns an impression and core\n");
    for (unsigned f = NS_START; f <= NS_ALL; f++) {
        printf("%-10s", f == NS_START ? "start"
                        : f == NS_ALL ? "all"
                                      : phase_name[f - NS_PHASE]);
        for (uint32_t t = 0; t < self->runs; t++) printf(" %11.1f", median(self, t, f));
        printf("\n");
    }
}

static void print_text(const struct loop *self, bool yardstick)
{
    const struct loop_run *run = &self->pair[0].run[0];
    print_phases(self);
    printf("\n%" PRIu64 " impressions, state hash %016" PRIx64 ", start of %.2f s\n",
           run->impressions, run->state_hash, median(self, 0, START_S));
    printf("memory        %8.1f bytes a viewer, %.1f an active video\n", run->bytes_per_viewer,
           run->bytes_per_video);
    if (self->disturbed == self->pairs)
        printf("medians of %" PRIu32
               " pairs, ALL DISTURBED by a foreign load: no measurement\n",
               self->pairs);
    else
        printf("medians of %" PRIu32 " pairs; %" PRIu32
               " more were disturbed by a foreign load, and void\n",
               self->pairs - self->disturbed, self->disturbed);
    if (self->runs > 1)
        printf("%" PRIu32 " threads     %8.2f times as fast as one\n", self->threads[1],
               median(self, 1, SPEED_UP));
    if (!yardstick) return;
    printf("yardstick     %8.1f ns an impression", median(self, 0, YARDSTICK_NS));
    if (self->runs > 1)
        printf("; %" PRIu32 " threads %.2f times as fast", self->threads[1],
               median(self, 1, YARDSTICK_UP));
    printf("\nratio         %8.2f of an impression's time", median(self, 0, RATIO));
    if (self->runs > 1) printf(", %.2f of the speed-up", median(self, 1, RATIO_UP));
    printf("\n");
}

static void print_json(const struct loop *self, bool yardstick)
{
    const struct loop_run *run = &self->pair[0].run[0];
    for (uint32_t t = 0; t < self->runs; t++) {
        printf("%s\n{\"model\": \"loop\", \"threads\": %" PRIu32 ", \"impressions\": %" PRIu64
               ", \"ns_per_impression_core\": %.1f, \"start_s\": %.3f"
               ", \"processor_ns_per_impression\": %.1f",
               t ? "," : "[", self->threads[t], run->impressions, median(self, t, NS_ALL),
               median(self, t, START_S), median(self, t, NS_PROCESSOR));
        for (int p = 0; p < PHASES; p++)
            printf(", \"ns_%s\": %.1f", phase_name[p], median(self, t, NS_PHASE + (unsigned)p));
        if (yardstick)
            printf(", \"yardstick_ns\": %.1f, \"ratio\": %.3f, \"speed_up_ratio\": %.3f",
                   median(self, t, YARDSTICK_NS), median(self, t, RATIO),
                   median(self, t, RATIO_UP));
        printf(", \"speed_up\": %.3f, \"pairs\": %" PRIu32 ", \"pairs_void\": %" PRIu32
               ", \"disturbed\": %s, \"bytes_per_viewer\": %.1f, \"bytes_per_video\": %.1f"
               ", \"state_hash\": \"%016" PRIx64 "\"}",
               median(self, t, SPEED_UP), self->pairs - self->disturbed, self->disturbed,
               self->disturbed == self->pairs ? "true" : "false", run->bytes_per_viewer,
               run->bytes_per_video, run->state_hash);
    }
    printf("\n]\n");
}

/* -------------------------------------------------------------------------------------- pairs
 */

static void note_load(const struct loop *self, struct loop_pair *pair,
                      const struct bench_load *from, uint32_t threads)
{
    struct bench_load to = bench_load_now();
    double foreign = bench_load_foreign(from, &to, self->processors);
    if (foreign > pair->foreign) pair->foreign = foreign;
    if (!self->windows && bench_load_disturbed(from, &to, self->processors, threads))
        pair->disturbed = true;
}

static enum status run_pair(const struct loop *self, struct loop_pair *pair,
                            struct errors *errors)
{
    const char *yardstick = self->arguments->yardstick;
    enum status status = STATUS_OK;
    for (uint32_t t = 0; t < self->runs && !status; t++) {
        struct bench_load from = bench_load_now();
        if (yardstick)
            status = run_yardstick(yardstick, self->threads[t], &pair->yardstick[t], errors);
        note_load(self, pair, &from, self->threads[t]);
        from = bench_load_now();
        if (!status) status = run_once(self, self->threads[t], &pair->run[t], errors);
        note_load(self, pair, &from, self->threads[t]);
        if (status) break;
        if (pair->run[t].impressions == 0)
            status = errors_add(errors, STATUS_FAULT,
                                "a run without impressions: nothing "
                                "to measure");
        else if (pair->run[t].state_hash != self->pair[0].run[0].state_hash)
            status = errors_add(errors, STATUS_FAULT,
                                "two runs of one scenario ended in different states: "
                                "%016" PRIx64 " and %016" PRIx64,
                                self->pair[0].run[0].state_hash, pair->run[t].state_hash);
    }
    return status;
}

static enum status run_pairs(struct loop *self, struct errors *errors)
{
    enum status status = STATUS_OK;
    uint32_t most = self->wanted * PAIRS_A_REPEAT;
    while (self->pairs < most && self->pairs - self->disturbed < self->wanted && !status) {
        struct loop_pair *pair = &self->pair[self->pairs];
        status = run_pair(self, pair, errors);
        if (status) break;
        self->pairs++;
        self->disturbed += pair->disturbed;
    }
    return status;
}

static double least_foreign(const struct loop *self)
{
    double least = 1;
    for (uint32_t i = 0; i < self->pairs; i++)
        if (self->pair[i].foreign < least) least = self->pair[i].foreign;
    return least;
}

static enum status measure(struct loop *self, struct errors *errors)
{
    bool yardstick = self->arguments->yardstick != NULL;
    enum status status = run_pairs(self, errors);
    if (status) return status;
    if (self->arguments->json)
        print_json(self, yardstick);
    else
        print_text(self, yardstick);
    if (self->disturbed < self->pairs) return STATUS_OK;
    fflush(stdout);
    return errors_add(errors, STATUS_FAULT,
                      "all %" PRIu32 " pairs were disturbed by a foreign load (%.0f %% of the "
                      "machine at least): these figures are no measurement",
                      self->pairs, 100 * least_foreign(self));
}

enum status bench_loop(const struct arguments *arguments, struct errors *errors)
{
    double repeats = REPEATS_USUAL, windows = 0;
    enum status status = bench_options_only(
        arguments, "bench loop", UINT32_C(1) << BENCH_REPEATS | UINT32_C(1) << BENCH_WINDOWS,
        errors);
    if (!status) status = bench_option_read(arguments, BENCH_REPEATS, &repeats, errors);
    if (!status) status = bench_option_read(arguments, BENCH_WINDOWS, &windows, errors);
    if (status) return status;
    struct loop *self = calloc(1, sizeof *self);
    if (!self) return STATUS_NO_MEMORY;
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    self->arguments = arguments;
    self->threads[0] = 1;
    self->threads[1] = arguments->threads ? arguments->threads : 2;
    self->runs = self->threads[1] > 1 ? 2 : 1;
    self->processors = processors > 0 ? (uint32_t)processors : 1;
    self->wanted = (uint32_t)repeats;
    self->windows = (uint64_t)windows;
    status = measure(self, errors);
    free(self);
    return status;
}
