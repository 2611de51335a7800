/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * reelsim bench feed [SCENARIO]: what a slate costs under each ranker, at 128 and at 512
 * candidates, beside what the arithmetic alone would take on this machine.
 *
 * The floor of ranking is what it takes to read the candidates' rows of the index, in runs as
 * the source `content` reads them, from a table as large, and then to multiply and add (one
 * product of vectors a candidate for rankers that have a learner), by rates measured here. The
 * floor of a slate is that and, measured here, too: the products with the clusters' means every
 * fourth time, the random words that choose clusters and runs (two blocks), one look at each
 * candidate (has the viewer seen it), and asking memory for the rows of the videos that are
 * shown. All are shown: who does them at the same time needs the longest of them. Beside it
 * stands what ten picks take that are made one after another: for each a pass over the list
 * that it comes from (two in five of the candidates) that does what the pick before it does to
 * the others, and a look for the highest score, at the rate at which this machine passes over
 * lists of that length in its first cache. Two figures stand beside the floors: finding and
 * scoring the candidates ("rank"), which is the ranker's own part, and the whole slate, with
 * ten picks under the rerankers' rules. One thread, its processor time, the least of the
 * repeats: machines are shared.
 *
 * The program's vectors have 16 dimensions. For 32 and 64 the reading and scoring of one and
 * three more packed vectors a candidate is measured and added, for rankers that have a learner;
 * "kernel" is the scoring alone, on rows of one, two and four.
 *
 * Unless the command line says otherwise: the catalogue of scenarios/million.cfg, fewer
 * viewers, candidates from the source `content` alone.
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
#include "platform/platform.h"
#include "sim/sim.h"
#include "world/service.h"
#include "world/world.h"

#define REPEATS_USUAL 5
#define REPEATS_MOST 99
#define SESSIONS 1500 /* timed in one repeat */
#define REQUESTS 8    /* slates of each */
#define SLATE_USUAL 10
#define SLOT 5 /* of the session pool that they take turns in */

/* Candidates and from how many clusters they come, so that a run is of like length. */
static const struct {
    uint32_t candidates, clusters;
} sizes[] = {{128, 4}, {512, 8}};
#define SIZES (sizeof sizes / sizeof *sizes)
#define CLUSTERS 8 /* the most */

static const uint32_t widths[] = {1, 2, 4}; /* packed vectors a row */
#define WIDTHS (sizeof widths / sizeof *widths)
#define WIDEST 4

#define LOOKED_UP_EVERY                                                                        \
    4 /* requests for which nearest clusters serve, as in platform/slate.c */

static const char *const feed_world[] = {"run.name=feed",
                                         "run.days=1",
                                         "viewers.count=20000",
                                         "creators.count=30000",
                                         "measure.warmup=0",
                                         "platform.retrievers=[\"content\"]",
                                         NULL};

struct feed_bench {
    const struct arguments *arguments;
    struct model model;
    struct sim *sim;
    const struct feed_service *service;
    const struct kernels *kernels;
    double multiply; /* multiply-adds of 16-bit numbers a second, here */
    /* ns for one slate's candidates: to read rows; to read and score the vectors beyond the
     * first; to look at each; to pass over the short list for each pick; to ask for the rows of
     * those shown; to draw */
    double read[SIZES][WIDTHS], more[SIZES][WIDTHS], look[SIZES], pick[SIZES], fetch, draw;
    char *table; /* owned; as large as the index with the widest rows, and then the videos' */
    uint32_t repeats, extent, clusters;
    bool first;
    volatile uint64_t sum; /* of what was read: so that it is */
};

/* Processor time of this thread: what others run in between does not count. */
static double seconds_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double least_of(const double *value, uint32_t n)
{
    double least = value[0];
    for (uint32_t i = 1; i < n; i++)
        if (value[i] < least) least = value[i];
    return least;
}

/* One line. */
struct feed_line {
    const char *what; /* a ranker, or "kernel" */
    uint32_t candidates, dimensions;
    double rank_ns, slate_ns; /* slate_ns 0 = none */
    double read_ns, multiply_ns;
    double nearest_ns, draw_ns, look_ns, fetch_ns; /* of a slate's floor, beside them */
    double pick_ns; /* what its picks take at least, not in that floor */
};

static void print_head(void)
{
    printf("%-16s %10s %10s | %8s %8s | %8s %6s | %8s %8s %8s %8s | %8s %6s | %8s %6s\n", "",
           "candidates", "dimensions", "reading", "multiply", "rank", "ratio", "nearest",
           "drawing", "looking", "fetching", "slate", "ratio", "picking", "ratio");
}

static void print_line(struct feed_bench *self, const struct feed_line *line)
{
    double least = line->read_ns + line->multiply_ns;
    double beside = line->nearest_ns + line->draw_ns + line->look_ns + line->fetch_ns;
    if (!self->arguments->json) {
        if (self->first) print_head();
        printf("%-16s %10" PRIu32 " %10" PRIu32 " | %8.0f %8.0f | %8.0f %6.2f |", line->what,
               line->candidates, line->dimensions, line->read_ns, line->multiply_ns,
               line->rank_ns, line->rank_ns / least);
        if (line->slate_ns > 0)
            printf(" %8.0f %8.0f %8.0f %8.0f | %8.0f %6.2f | %8.0f %6.2f", line->nearest_ns,
                   line->draw_ns, line->look_ns, line->fetch_ns, line->slate_ns,
                   line->slate_ns / (least + beside), line->pick_ns,
                   line->slate_ns / (least + beside + line->pick_ns));
        printf("\n");
    } else {
        printf("%s\n{\"model\": \"feed\", \"what\": \"%s\", \"candidates\": %" PRIu32
               ", \"dimensions\": %" PRIu32 ", \"read_ns\": %.1f, \"multiply_ns\": %.1f"
               ", \"floor_ns\": %.1f, \"rank_ns\": %.1f, \"rank_ratio\": %.3f",
               self->first ? "[" : ",", line->what, line->candidates, line->dimensions,
               line->read_ns, line->multiply_ns, least, line->rank_ns, line->rank_ns / least);
        if (line->slate_ns > 0)
            printf(", \"nearest_ns\": %.1f, \"draw_ns\": %.1f, \"look_ns\": %.1f"
                   ", \"fetch_ns\": %.1f"
                   ", \"slate_floor_ns\": %.1f, \"slate_ns\": %.1f, \"slate_ratio\": %.3f"
                   ", \"pick_ns\": %.1f, \"pick_ratio\": %.3f",
                   line->nearest_ns, line->draw_ns, line->look_ns, line->fetch_ns,
                   least + beside, line->slate_ns, line->slate_ns / (least + beside),
                   line->pick_ns, line->slate_ns / (least + beside + line->pick_ns));
        printf("}");
    }
    self->first = false;
    fflush(stdout);
}

/* ------------------------------------------------------------------------------- machine */

/* 0..n - 1. */
static uint32_t below(uint32_t *state, uint32_t n)
{
    *state = *state * UINT32_C(1664525) + UINT32_C(1013904223);
    return (uint32_t)((uint64_t)*state * n >> 32);
}

/* A table of rows as the index has them, and the runs of one slate in it. */
struct runs {
    const char *row;
    size_t stride;
    uint32_t extent, count, length, begin[CLUSTERS];
};

static void draw_runs(struct runs *runs, uint32_t *state)
{
    for (uint32_t c = 0; c < runs->count; c++)
        runs->begin[c] = below(state, runs->extent - runs->length);
}

static void fetch_runs(const struct runs *runs)
{
    for (uint32_t c = 0; c < runs->count; c++) {
        const char *from = runs->row + runs->begin[c] * runs->stride;
        for (size_t at = 0; at < runs->length * runs->stride; at += 64)
            __builtin_prefetch(from + at);
    }
}

static uint64_t sum_runs(const struct runs *runs)
{
    vector_four_bits sum[4] = {{0}, {0}, {0}, {0}};
    for (uint32_t c = 0; c < runs->count; c++) {
        const char *from = runs->row + runs->begin[c] * runs->stride;
        for (const char *end = from + runs->length * runs->stride; from < end; from += 64)
            for (int k = 0; k < 4; k++)
                sum[k] += vector_load_bits((const void *)(from + 16 * k));
    }
    sum[0] += sum[1] + sum[2] + sum[3];
    return (uint32_t)sum[0][0] + (uint32_t)sum[0][1] + (uint32_t)sum[0][2] +
           (uint32_t)sum[0][3];
}

#define VIDEO_ROW 64 /* bytes, as in world/video.h */

/* Asks memory for the rows of as many videos as a slate shows, anywhere in a table of them. */
static void fetch_rows(const char *rows, uint32_t extent, uint32_t *state)
{
    for (int i = 0; i < SLATE_USUAL; i++)
        __builtin_prefetch(rows + (size_t)below(state, extent) * VIDEO_ROW);
}

/* Seconds to read the candidates of a slate and, unless it is NULL, to ask for rows of that
 * table: nothing but that. The least of the repeats. */
static double read_seconds(struct feed_bench *self, struct runs *runs, const char *rows)
{
    enum { SLATES = 4000 };
    uint32_t state = 1;
    double least = 1e9;
    for (uint32_t r = 0; r < self->repeats; r++) {
        double began = seconds_now();
        for (int i = 0; i < SLATES; i++) {
            draw_runs(runs, &state);
            fetch_runs(runs);
            self->sum += sum_runs(runs);
            if (rows) fetch_rows(rows, runs->extent, &state);
        }
        double seconds = (seconds_now() - began) / SLATES;
        if (seconds < least) least = seconds;
    }
    return least;
}

/* Multiply-adds a second on rows that stay in the first cache. */
static double multiply_rate(struct feed_bench *self)
{
    enum { ROWS = 128, ROUNDS = 20000 };
    struct packed16 row[ROWS] = {{{1}}};
    int32_t dot[ROWS];
    double least = 1e9;
    for (uint32_t r = 0; r < self->repeats; r++) {
        double began = seconds_now();
        for (int i = 0; i < ROUNDS; i++) {
            self->kernels->dot_rows(&row[i % ROWS], row, ROWS, dot);
            self->sum += (uint64_t)(uint32_t)dot[i % ROWS];
        }
        double seconds = (seconds_now() - began) / ROUNDS;
        if (seconds < least) least = seconds;
    }
    return ROWS * VECTOR_DIM / least;
}

/* -------------------------------------------------------------------------------- kernel */

static struct runs runs_of(const char *table, uint32_t extent, size_t stride, uint32_t size)
{
    return (struct runs){.row = table,
                         .stride = stride,
                         .extent = extent,
                         .count = sizes[size].clusters,
                         .length = sizes[size].candidates / sizes[size].clusters};
}

/* Scores of the runs' rows: a pass of the kernel for each of a row's packed vectors. The bias
 * is whatever follows, which is 0 here. */
static void score_runs(struct feed_bench *self, const struct runs *runs,
                       const struct packed16 *query, uint32_t wide)
{
    const struct kernels *kernels = self->kernels;
    uint32_t index[CANDIDATES_MAX], n = 0;
    float scores[2][CANDIDATES_MAX]; /* summed, of the row at hand */
    for (uint32_t c = 0; c < runs->count; c++)
        for (uint32_t i = 0; i < runs->length; i++) index[n++] = runs->begin[c] + i;
    for (uint32_t k = 0; k < wide; k++) {
        const struct score_terms terms = {
            &query[k], (const void *)(runs->row + k * sizeof *query),
            (const void *)(runs->row + k * sizeof *query), runs->stride, 0x1p-28f};
        kernels->score_gather(&terms, index, n, scores[k > 0]);
        for (uint32_t i = 0; k && i < n; i++) scores[0][i] += scores[1][i];
    }
    self->sum += scores[0][n - 1] > 0;
}

/* ns to read and score `wide` packed vectors of each candidate, in rows of `stride` bytes. */
static double kernel_ns(struct feed_bench *self, uint32_t size, uint32_t wide, size_t stride)
{
    enum { SLATES = 4000 };
    const struct packed16 query[WIDEST] = {{{1}}, {{2}}, {{3}}, {{4}}};
    struct runs runs = runs_of(self->table, self->extent, stride, size);
    double ns[REPEATS_MOST] = {0};
    uint32_t state = 1;
    for (uint32_t r = 0; r < self->repeats; r++) {
        double began = seconds_now();
        for (int i = 0; i < SLATES; i++) {
            draw_runs(&runs, &state);
            fetch_runs(&runs);
            score_runs(self, &runs, query, wide);
        }
        ns[r] = 1e9 * (seconds_now() - began) / SLATES;
    }
    return least_of(ns, self->repeats);
}

static void measure_kernels(struct feed_bench *self)
{
    for (uint32_t w = 0; w < WIDTHS; w++)
        for (uint32_t size = 0; size < SIZES; size++) {
            uint32_t n = sizes[size].candidates, dimensions = widths[w] * VECTOR_DIM;
            const struct feed_line line = {
                .what = "kernel",
                .candidates = n,
                .dimensions = dimensions,
                .rank_ns = kernel_ns(self, size, widths[w],
                                     widths[w] * sizeof(struct packed16) + 16),
                .read_ns = self->read[size][w],
                .multiply_ns = 1e9 * n * dimensions / self->multiply};
            print_line(self, &line);
        }
}

/* ---------------------------------------------------------------------------------- floors */

/* ns to look once at each of n candidates that are in the first cache: those in the seen list
 * are passed over. */
static double look_ns(struct feed_bench *self, uint32_t n)
{
    enum { SLATES = 4000 };
    double least = 1e9;
    for (uint32_t r = 0; r < self->repeats; r++) {
        double began = seconds_now();
        self->sum += platform_look(n, SLATES);
        double ns = 1e9 * (seconds_now() - began) / SLATES;
        if (ns < least) least = ns;
    }
    return least;
}

/* ns of the passes of SLATE_USUAL picks among n candidates, over two in five of them. For each
 * pick five numbers of an entry are read (what it is, its creator, topic, rank and score), its
 * score is written, and all scores are read once more: 28 bytes. The pass that is measured
 * reads two numbers and writes one. */
static double pick_ns(struct feed_bench *self, uint32_t n)
{
    enum { SLATES = 4000, MOVED = 28, MEASURED = 12 };
    const int32_t key[CANDIDATES_MAX] = {0};
    float score[2][CANDIDATES_MAX] = {{0}};
    uint32_t list = (2 * n / 5 + 7) / 8 * 8; /* in whole lanes */
    double least = 1e9;
    for (uint32_t r = 0; r < self->repeats; r++) {
        double began = seconds_now();
        for (int i = 0; i < SLATES * SLATE_USUAL; i++)
            self->kernels->scale_add(key, 1.0f, score[i % 2], list, score[(i + 1) % 2]);
        self->sum += score[0][list - 1] > 0;
        double ns = 1e9 * (seconds_now() - began) / SLATES * MOVED / MEASURED;
        if (ns < least) least = ns;
    }
    return least;
}

/* ns to draw the random words of a slate: of which clusters, and where in them. */
static double draw_ns(struct feed_bench *self)
{
    enum { SLATES = 10000, BLOCKS = 2 };
    const struct stream_key key = {{1, 2}};
    double least = 1e9;
    for (uint32_t r = 0; r < self->repeats; r++) {
        double began = seconds_now();
        for (uint32_t i = 0; i < SLATES * BLOCKS; i++)
            self->sum += stream_block(key, 3, r, i).word[0];
        double ns = 1e9 * (seconds_now() - began) / SLATES;
        if (ns < least) least = ns;
    }
    return least;
}

/* ns that it takes longer to read a slate's candidates when the rows of the videos that are
 * shown are asked for each time, too: the two tables share caches. */
static double fetch_ns(struct feed_bench *self)
{
    const char *rows = self->table + self->extent * (WIDEST * sizeof(struct packed16) + 16);
    struct runs runs = runs_of(self->table, self->extent, sizeof(struct packed16) + 16, 0);
    double ns = 1e9 * read_seconds(self, &runs, rows) - self->read[0][0];
    return ns > 1 ? ns : 1;
}

static enum status measure_floors(struct feed_bench *self)
{
    size_t bytes = self->extent * (WIDEST * sizeof(struct packed16) + 16 + VIDEO_ROW);
    self->table = malloc(bytes);
    if (!self->table) return STATUS_NO_MEMORY;
    memset(self->table, 0, bytes); /* pages of its own */
    for (uint32_t size = 0; size < SIZES; size++) {
        for (uint32_t w = 0; w < WIDTHS; w++) {
            size_t vectors = widths[w] * sizeof(struct packed16);
            struct runs runs = runs_of(self->table, self->extent, vectors + 16, size);
            self->read[size][w] = 1e9 * read_seconds(self, &runs, NULL);
            self->more[size][w] = w ? kernel_ns(self, size, widths[w] - 1,
                                                vectors - sizeof(struct packed16))
                                    : 0;
        }
        self->look[size] = look_ns(self, sizes[size].candidates);
        self->pick[size] = pick_ns(self, sizes[size].candidates);
    }
    self->fetch = fetch_ns(self);
    self->draw = draw_ns(self);
    return STATUS_OK;
}

/* --------------------------------------------------------------------------------- slates */

/* Seconds that a session's slates take; viewers without a personal feed are not asked. */
static double ask_session(const struct feed_bench *self, uint32_t s, uint32_t row)
{
    const struct viewer_shard *viewers = &sim_world(self->sim)->viewers[s];
    const struct viewer *viewer = &viewers->row[row];
    struct slate_entry entry[SLATE_MAX];
    struct feed feed = {.shard = s,
                        .row = row,
                        .slot = SLOT,
                        .name = viewer_name(viewer),
                        .occasion = UINT32_C(1) << 11,
                        .flags = viewer->flags,
                        .now = sim_now(self->sim),
                        .follows = relation_rows(&viewers->relations, &viewer->relations),
                        .follow_count = viewer->relations.count};
    self->service->open(self->service->self, &feed);
    double began = seconds_now();
    for (; feed.request < REQUESTS; feed.request++)
        self->service->slate(self->service->self, &feed, entry);
    double seconds = seconds_now() - began;
    self->service->close(self->service->self, &feed);
    return seconds;
}

static double slate_seconds(const struct feed_bench *self)
{
    const struct world *w = sim_world(self->sim);
    uint32_t each = SESSIONS / w->shards.count + 1, asked = 0;
    double seconds = 0;
    for (uint32_t s = 0; s < w->shards.count; s++)
        for (uint32_t row = 0, n = 0; row < w->viewers[s].count && n < each; row++) {
            uint8_t flags = w->viewers[s].row[row].flags;
            if (!(flags & VIEWER_CONSENT) || flags & VIEWER_FEED_OPTOUT) continue;
            seconds += ask_session(self, s, row);
            asked++, n++;
        }
    return asked ? seconds / asked / REQUESTS : 0;
}

/* Seconds to find and score the candidates of a slate, the least of the repeats. */
static double rank_seconds(struct feed_bench *self)
{
    enum { SLATES = 50 };
    const struct world *w = sim_world(self->sim);
    double least = 1e9;
    for (uint32_t r = 0; r < self->repeats; r++) {
        double began = seconds_now();
        uint32_t viewers = 0;
        for (uint32_t s = 0; s < w->shards.count; s++) {
            if (r % 4 >= w->viewers[s].count) continue;
            viewers++;
            self->sum += platform_rank(self->service->self, entity_number(w->shards, r % 4, s),
                                       SLATES);
        }
        if (!viewers) continue;
        double seconds = (seconds_now() - began) / SLATES / viewers;
        if (seconds < least) least = seconds;
    }
    return least;
}

static enum status set_number(struct feed_bench *self, const char *path, uint32_t value,
                              struct errors *errors)
{
    char text[16];
    snprintf(text, sizeof text, "%" PRIu32, value);
    return parameters_set(&self->model.parameters, path, text, "bench", errors);
}

static enum status measure_slates(struct feed_bench *self, const struct ranker *ranker,
                                  uint32_t size, struct errors *errors)
{
    uint32_t n = sizes[size].candidates;
    double ns[REPEATS_MOST] = {0};
    enum status status = set_number(self, "platform.retrieve.content.candidates", n, errors);
    if (!status)
        status = set_number(self, "platform.retrieve.content.clusters", sizes[size].clusters,
                            errors);
    if (status) return status;
    for (uint32_t r = 0; r < self->repeats; r++) ns[r] = 1e9 * slate_seconds(self);
    double rank_ns = 1e9 * rank_seconds(self), slate_ns = least_of(ns, self->repeats);
    double clusters = (double)self->clusters / LOOKED_UP_EVERY;
    for (uint32_t w = 0; w < (ranker->learner ? WIDTHS : 1); w++) {
        double product = ranker->learner ? 1e9 * widths[w] * VECTOR_DIM / self->multiply : 0;
        const struct feed_line line = {.what = ranker->about.name,
                                       .candidates = n,
                                       .dimensions = widths[w] * VECTOR_DIM,
                                       .rank_ns = rank_ns + self->more[size][w],
                                       .slate_ns = slate_ns + self->more[size][w],
                                       .read_ns = self->read[size][w],
                                       .multiply_ns = n * product,
                                       .nearest_ns = clusters * product,
                                       .draw_ns = self->draw,
                                       .look_ns = self->look[size],
                                       .pick_ns = self->pick[size],
                                       .fetch_ns = self->fetch};
        print_line(self, &line);
    }
    return STATUS_OK;
}

/* The world under a ranker (NULL = the scenario's), and what the command line sets. */
static enum status load(struct feed_bench *self, const char *ranker, struct errors *errors)
{
    const struct arguments *from = self->arguments;
    struct arguments all = *from;
    char setting[SCHEMA_TEXT_SIZE + 32];
    all.set_count = 0;
    if (from->operand_count < 2)
        for (const char *const *set = feed_world; *set; set++) all.set[all.set_count++] = *set;
    if (all.set_count + from->set_count >= ARGUMENT_SETS_MAX)
        return errors_add(errors, STATUS_USAGE, "more than %d settings on the command line",
                          ARGUMENT_SETS_MAX - all.set_count - 1);
    for (int i = 0; i < from->set_count; i++) all.set[all.set_count++] = from->set[i];
    snprintf(setting, sizeof setting, "platform.ranker=%s", ranker ? ranker : "");
    if (ranker) all.set[all.set_count++] = setting;
    return scenario_load(&self->model, &all, from->operand_count > 1 ? from->operand[1] : NULL,
                         errors);
}

static enum status run(struct feed_bench *self, struct errors *errors)
{
    const struct sim_options options = {.threads = 1};
    struct parameter at;
    enum status status = sim_init(&self->sim, &self->model, &options, errors);
    if (!status) status = sim_populate(self->sim);
    while (!status && !sim_done(self->sim)) {
        if (command_interrupted) return STATUS_INTERRUPTED;
        status = sim_step(self->sim, errors);
    }
    if (status) return status;
    self->service = sim_feed(self->sim);
    self->extent = (uint32_t)sim_figures(self->sim).active_videos;
    if (self->extent < 2 * sizes[SIZES - 1].candidates)
        return errors_add(errors, STATUS_USAGE,
                          "%" PRIu32 " videos: a slate's 512 candidates want at least 1024",
                          self->extent);
    self->clusters = self->extent / 32; /* of so many items each at least */
    if (parameters_find(&self->model.parameters, "platform.clusters", &at) &&
        *(const int64_t *)at.value < self->clusters)
        self->clusters = (uint32_t) * (const int64_t *)at.value;
    return self->table ? STATUS_OK : measure_floors(self);
}

static enum status measure_ranker(struct feed_bench *self, const char *name,
                                  struct errors *errors)
{
    enum status status = load(self, name, errors);
    if (!status) status = run(self, errors);
    const struct member *ranker = status
                                      ? NULL
                                      : registry_find(&self->model.registries, "ranker", name);
    for (uint32_t size = 0; size < SIZES && !status; size++)
        status = measure_slates(self, (const struct ranker *)(const void *)ranker, size,
                                errors);
    sim_free(self->sim);
    model_free(&self->model);
    self->sim = NULL;
    return status;
}

/* ------------------------------------------------------------------------------------ all */

#define RANKERS_MOST 64

struct ranker_names {
    char name[RANKERS_MOST][SCHEMA_TEXT_SIZE];
    size_t count;
};

/* Those that the program and the scenario's plug-ins have, or the one that --set names. */
static enum status list_rankers(struct feed_bench *self, struct ranker_names *names,
                                struct errors *errors)
{
    const char path[] = "platform.ranker=";
    enum status status = load(self, NULL, errors);
    if (status) return status;
    const struct registry *all = registry_kind(&self->model.registries, "ranker");
    for (size_t i = 0; i < all->count && i < RANKERS_MOST; i++)
        snprintf(names->name[names->count++], sizeof *names->name, "%s", all->member[i]->name);
    for (int i = 0; i < self->arguments->set_count; i++) {
        const char *set = self->arguments->set[i];
        if (strncmp(set, path, sizeof path - 1) != 0) continue;
        names->count = 1;
        snprintf(names->name[0], sizeof *names->name, "%s", set + sizeof path - 1);
    }
    model_free(&self->model);
    return STATUS_OK;
}

static enum status measure(struct feed_bench *self, struct errors *errors)
{
    struct ranker_names names = {.count = 0};
    struct bench_load from = bench_load_now(), to;
    enum status status = list_rankers(self, &names, errors);
    self->multiply = multiply_rate(self);
    for (size_t i = 0; i < names.count && !status; i++)
        status = measure_ranker(self, names.name[i], errors);
    if (!status) measure_kernels(self);
    if (self->arguments->json && !self->first) printf("\n]\n");
    if (status || self->arguments->json) return status;
    to = bench_load_now();
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    printf("\n%.1f G multiply-adds/s; %" PRIu32 " videos; others had %.0f %% of the machine\n",
           1e-9 * self->multiply, self->extent,
           100 * bench_load_foreign(&from, &to, processors > 0 ? (uint32_t)processors : 1));
    return status;
}

enum status bench_feed(const struct arguments *arguments, struct errors *errors)
{
    double repeats = REPEATS_USUAL;
    struct feed_bench self = {
        .arguments = arguments, .kernels = kernels_choose(), .first = true};
    enum status status = bench_options_only(arguments, "bench feed",
                                            UINT32_C(1) << BENCH_REPEATS, errors);
    if (!status) status = bench_option_read(arguments, BENCH_REPEATS, &repeats, errors);
    if (!status && (arguments->yardstick || arguments->threads > 1))
        status = errors_add(errors, STATUS_USAGE,
                            "reelsim bench feed runs on one thread, without a yardstick");
    if (status) return status;
    self.repeats = (uint32_t)repeats;
    status = measure(&self, errors);
    free(self.table);
    return status;
}
