/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/evaluation.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "measure/inequality.h"

#define USERS_A_TASK 16

const char *const evaluation_name[EVALUATION_METRICS] = {
#define EVALUATION_NAME(id, name) [id] = name,
    EVALUATION_LIST(EVALUATION_NAME)
#undef EVALUATION_NAME
};

enum mark { MARK_NONE, MARK_SEEN, MARK_RELEVANT };

/* A thread's own. */
struct bench {
    float *score;      /* [items] */
    uint8_t *mark;     /* [items], MARK_NONE between users */
    uint32_t *top;     /* [deepest] */
    float *sorted;     /* [items] scores of the relevant, ascending */
    float *gain;       /* [items] values of relevant items, by item */
    float *ideal;      /* [items] the same, descending */
    uint32_t *exposed; /* [depths][items] lists that an item is in */
};

struct judging {
    struct evaluation *out;
    const struct evaluation_of *of;
    const struct evaluation_options *options;
    struct bench *bench; /* [threads] */
    uint32_t deepest, items;
    size_t *train_from;                      /* [users + 1] rows of `train` */
    size_t *known_from;                      /* the same of `known`; NULL without */
    size_t *test_from;                       /* [testing + 1] rows of `test` */
    float *surprise;                         /* [items] log2(users / those who met it) */
    double discount[EVALUATION_DEEPEST + 1]; /* by rank */
};

static double log2_of(double x) { return maths_log(x) * 1.4426950408889634; }

/* ------------------------------------------------------------------------------------ ratings
 */

static void judge_ratings(const struct judging *self, size_t u)
{
    const struct evaluation_of *of = self->of;
    double square = 0, absolute = 0;
    for (size_t r = self->test_from[u]; r < self->test_from[u + 1]; r++) {
        float predicted = of->recommender->predict(of->state, of->test->user[r],
                                                   of->test->item[r]);
        double error = (double)predicted - (double)of->test->value[r];
        square += error * error;
        absolute += fabs(error);
    }
    self->out->square[u] = square;
    self->out->absolute[u] = absolute;
}

/* ------------------------------------------------------------------------------------ ranking
 */

/* A fixed disorder of the items: the order of equal scores. */
static uint32_t disorder(uint32_t item)
{
    item = (item ^ item >> 16) * 0x7feb352du;
    item = (item ^ item >> 15) * 0x846ca68bu;
    return item ^ item >> 16;
}

static bool goes_before(const float *score, uint32_t a, uint32_t b)
{
    if (score[a] != score[b]) return score[a] > score[b];
    return disorder(a) < disorder(b);
}

/* The first `deepest` of the items that the user has not met; how many there are. */
static uint32_t take_top(const struct judging *self, const struct bench *b)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < self->items; i++) {
        uint32_t at = kept;
        if (b->mark[i] == MARK_SEEN) continue;
        if (kept == self->deepest && !goes_before(b->score, i, b->top[kept - 1])) continue;
        if (kept < self->deepest) kept++;
        at = kept - 1;
        for (; at > 0 && goes_before(b->score, i, b->top[at - 1]); at--)
            b->top[at] = b->top[at - 1];
        b->top[at] = i;
    }
    return kept;
}

static void sift(float *values, size_t root, size_t n)
{
    float moved = values[root];
    for (size_t child; (child = 2 * root + 1) < n; root = child) {
        if (child + 1 < n && values[child] < values[child + 1]) child++;
        if (moved >= values[child]) break;
        values[root] = values[child];
    }
    values[root] = moved;
}

static void sort_ascending(float *values, size_t n)
{
    for (size_t i = n / 2; i-- > 0;) sift(values, i, n);
    for (size_t end = n; end-- > 1;) {
        float last = values[end];
        values[end] = values[0];
        values[0] = last;
        sift(values, 0, end);
    }
}

/* How many of n ascending values are below x, or (with `or_equal`) not above it. */
static size_t count_below(const float *values, size_t n, float x, bool or_equal)
{
    size_t low = 0, high = n;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (values[middle] < x || (or_equal && values[middle] <= x))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* NaN when no other item is left. */
static double area(const struct judging *self, const struct bench *b, size_t relevant)
{
    double won = 0;
    size_t others = 0;
    for (uint32_t i = 0; i < self->items; i++) {
        if (b->mark[i] != MARK_NONE) continue;
        size_t below = count_below(b->sorted, relevant, b->score[i], false);
        size_t up_to = count_below(b->sorted, relevant, b->score[i], true);
        won += (double)(relevant - up_to) + 0.5 * (double)(up_to - below);
        others++;
    }
    return others ? won / ((double)relevant * (double)others) : (double)NAN;
}

/* NDCG's denominator. `ideal` holds the relevant items' gains, ascending. */
static double best_gain(const struct judging *self, const struct bench *b, size_t relevant,
                        uint32_t k)
{
    double sum = 0;
    if (!self->options->graded) {
        for (uint32_t rank = 1; rank <= k && rank <= relevant; rank++)
            sum += self->discount[rank];
        return sum;
    }
    for (size_t rank = 1; rank <= relevant; rank++)
        sum += (double)b->ideal[relevant - rank] / (rank > 2 ? log2_of((double)rank) : 1.0);
    return sum;
}

/* The metrics of the first k of `kept` items. */
static void judge_list(const struct judging *self, const struct bench *b, size_t relevant,
                       uint32_t k, float *out)
{
    double precise = 0, gain = 0, surprise = 0;
    uint32_t hits = 0, first = 0, shown = k;
    for (uint32_t rank = 1; rank <= shown; rank++) {
        uint32_t item = b->top[rank - 1];
        if (item == UINT32_MAX) {
            shown = rank - 1;
            break;
        }
        surprise += (double)self->surprise[item];
        if (b->mark[item] != MARK_RELEVANT) continue;
        if (!hits++) first = rank;
        precise += (double)hits / rank;
        gain += self->discount[rank] * (self->options->graded ? (double)b->gain[item] : 1.0);
    }
    double most = (double)(relevant < k ? relevant : k), best = best_gain(self, b, relevant, k);
    const double value[EVALUATION_USER_METRICS] = {hits > 0,
                                                   (double)hits / k,
                                                   (double)hits / (double)relevant,
                                                   precise / most,
                                                   first ? 1.0 / first : 0,
                                                   best > 0 ? gain / best : 0,
                                                   0,
                                                   shown ? surprise / shown : 0};
    for (size_t m = 0; m < EVALUATION_USER_METRICS; m++) out[m] = (float)value[m];
}

/* What a user has met, from one sorted log. */
static void mark_met(const struct interactions *log, const size_t *from, enum mark mark,
                     struct bench *b)
{
    for (size_t r = from[0]; r < from[1]; r++) b->mark[log->item[r]] = (uint8_t)mark;
}

static void mark_all_met(const struct judging *self, size_t u, enum mark mark, struct bench *b)
{
    uint32_t user = self->out->user[u];
    mark_met(self->of->train, self->train_from + user, mark, b);
    if (self->known_from) mark_met(self->of->known, self->known_from + user, mark, b);
}

/* Marks what the user has met and what there is to find; the number of the latter. */
static size_t mark_items(const struct judging *self, struct bench *b, size_t u)
{
    const struct interactions *test = self->of->test;
    size_t relevant = 0;
    mark_all_met(self, u, MARK_SEEN, b);
    for (size_t r = self->test_from[u]; r < self->test_from[u + 1]; r++) {
        uint32_t item = test->item[r];
        float value = test->value[r];
        if (b->mark[item] == MARK_SEEN || !(value >= self->options->relevant_from)) continue;
        if (b->mark[item] == MARK_NONE || value > b->gain[item]) b->gain[item] = value;
        relevant += b->mark[item] == MARK_NONE;
        b->mark[item] = MARK_RELEVANT;
    }
    return relevant;
}

static void unmark_items(const struct judging *self, struct bench *b, size_t u)
{
    mark_all_met(self, u, MARK_NONE, b);
    for (size_t r = self->test_from[u]; r < self->test_from[u + 1]; r++)
        b->mark[self->of->test->item[r]] = MARK_NONE;
}

/* Scores and gains of the relevant items, each ascending. */
static void collect_relevant(const struct judging *self, struct bench *b, size_t u)
{
    size_t n = 0;
    for (size_t r = self->test_from[u]; r < self->test_from[u + 1]; r++) {
        uint32_t item = self->of->test->item[r];
        if (b->mark[item] != MARK_RELEVANT) continue;
        b->mark[item] = MARK_NONE; /* once each */
        b->sorted[n] = b->score[item];
        b->ideal[n++] = b->gain[item];
    }
    sort_ascending(b->sorted, n);
    sort_ascending(b->ideal, n);
}

static void judge_ranking(const struct judging *self, struct bench *b, size_t u)
{
    const struct evaluation_options *options = self->options;
    float *out = self->out->of_user + u * options->depths * EVALUATION_USER_METRICS;
    size_t relevant = mark_items(self, b, u);
    if (relevant) {
        self->of->recommender->score(self->of->state, self->out->user[u], b->score);
        for (uint32_t i = 0; i < self->items; i++)
            if (!(b->score[i] >= -INFINITY)) b->score[i] = -INFINITY; /* NaN: never first */
        collect_relevant(self, b, u);
        (void)mark_items(self, b, u);
        uint32_t kept = take_top(self, b);
        for (uint32_t i = kept; i < self->deepest; i++) b->top[i] = UINT32_MAX;
        double auc = area(self, b, relevant);
        for (size_t d = 0; d < options->depths; d++) {
            float *row = out + d * EVALUATION_USER_METRICS;
            judge_list(self, b, relevant, options->depth[d], row);
            row[EVALUATION_AUC - EVALUATION_OF_USERS] = (float)auc;
            for (uint32_t i = 0; i < options->depth[d] && i < kept; i++)
                b->exposed[d * self->items + b->top[i]]++;
        }
    } else {
        for (size_t k = 0; k < options->depths * EVALUATION_USER_METRICS; k++) out[k] = NAN;
    }
    unmark_items(self, b, u);
}

static void judge_users(void *context, uint32_t task, uint32_t thread)
{
    struct judging *self = context;
    size_t first = (size_t)task * USERS_A_TASK, end = first + USERS_A_TASK;
    if (end > self->out->testing) end = self->out->testing;
    for (size_t u = first; u < end; u++) {
        self->out->rows[u] = (uint32_t)(self->test_from[u + 1] - self->test_from[u]);
        if (self->out->square) judge_ratings(self, u);
        judge_ranking(self, &self->bench[thread], u);
    }
}

/* --------------------------------------------------------------------------------- the whole
 */

static enum status bench_init(struct bench *b, uint32_t items, uint32_t deepest, size_t depths)
{
    b->score = memory_alloc(items, sizeof *b->score);
    b->mark = memory_alloc(items, sizeof *b->mark);
    b->top = memory_alloc(deepest, sizeof *b->top);
    b->sorted = memory_alloc(items, sizeof *b->sorted);
    b->gain = memory_alloc(items, sizeof *b->gain);
    b->ideal = memory_alloc(items, sizeof *b->ideal);
    b->exposed = memory_alloc(items * depths, sizeof *b->exposed);
    bool good = b->score && b->mark && b->top && b->sorted && b->gain && b->ideal && b->exposed;
    return good ? STATUS_OK : STATUS_NO_MEMORY;
}

static void bench_free(struct bench *b)
{
    memory_free(b->score);
    memory_free(b->mark);
    memory_free(b->top);
    memory_free(b->sorted);
    memory_free(b->gain);
    memory_free(b->ideal);
    memory_free(b->exposed);
}

/* Where each user's rows begin in a sorted log: [users + 1]; NULL without memory. */
static size_t *starts_of(const struct interactions *log)
{
    size_t *from = memory_alloc((size_t)log->users + 1, sizeof *from);
    if (!from) return NULL;
    for (size_t r = 0; r < log->count; r++) from[log->user[r] + 1]++;
    for (uint32_t u = 0; u < log->users; u++) from[u + 1] += from[u];
    return from;
}

static enum status find_users(struct judging *self)
{
    const struct interactions *test = self->of->test, *known = self->of->known;
    struct evaluation *out = self->out;
    self->train_from = starts_of(self->of->train);
    if (known) self->known_from = starts_of(known);
    for (size_t r = 0; r < test->count; r++)
        out->testing += r == 0 || test->user[r] != test->user[r - 1];
    out->user = memory_alloc(out->testing, sizeof *out->user);
    self->test_from = memory_alloc(out->testing + 1, sizeof *self->test_from);
    if (!self->train_from || (known && !self->known_from) || !out->user || !self->test_from)
        return STATUS_NO_MEMORY;
    size_t u = 0;
    for (size_t r = 0; r < test->count; r++) {
        if (r && test->user[r] == test->user[r - 1]) continue;
        out->user[u] = test->user[r];
        self->test_from[u++] = r;
    }
    self->test_from[u] = test->count;
    return STATUS_OK;
}

/* Who met an item twice counts once: an item of all users is no surprise, never less. */
static enum status find_surprise(struct judging *self)
{
    const struct interactions *train = self->of->train;
    uint32_t *met_by = memory_alloc(self->items, sizeof *met_by);
    uint32_t *latest = memory_alloc(self->items, sizeof *latest); /* user + 1; they ascend */
    self->surprise = memory_alloc(self->items, sizeof *self->surprise);
    bool room = met_by && latest && self->surprise;
    for (size_t r = 0; room && r < train->count; r++) {
        uint32_t item = train->item[r], user = train->user[r] + 1;
        met_by[item] += latest[item] != user;
        latest[item] = user;
    }
    for (uint32_t i = 0; room && i < self->items; i++) {
        double users = met_by[i] > 1 ? (double)met_by[i] : 1;
        self->surprise[i] = (float)log2_of((double)train->users / users);
    }
    memory_free(met_by);
    memory_free(latest);
    return room ? STATUS_OK : STATUS_NO_MEMORY;
}

static enum status prepare(struct judging *self, uint32_t threads)
{
    struct evaluation *out = self->out;
    size_t cells = self->options->depths * EVALUATION_USER_METRICS;
    enum status status = find_users(self);
    if (!status) status = find_surprise(self);
    if (status) return status;
    out->of_user = memory_alloc(out->testing * cells, sizeof *out->of_user);
    out->rows = memory_alloc(out->testing, sizeof *out->rows);
    self->bench = memory_alloc(threads, sizeof *self->bench);
    if (!out->of_user || !out->rows || !self->bench) return STATUS_NO_MEMORY;
    if (self->of->recommender->ratings) {
        out->square = memory_alloc(out->testing, sizeof *out->square);
        out->absolute = memory_alloc(out->testing, sizeof *out->absolute);
        if (!out->square || !out->absolute) return STATUS_NO_MEMORY;
    }
    for (uint32_t t = 0; t < threads && !status; t++)
        status = bench_init(&self->bench[t], self->items, self->deepest, self->options->depths);
    for (uint32_t rank = 1; rank <= EVALUATION_DEEPEST; rank++)
        self->discount[rank] = !self->options->graded ? 1 / log2_of(rank + 1.0)
                               : rank > 2             ? 1 / log2_of(rank)
                                                      : 1;
    return status;
}

static enum status find_spread(struct judging *self, uint32_t threads)
{
    uint64_t *lists = memory_alloc(self->items, sizeof *lists);
    if (!lists) return STATUS_NO_MEMORY;
    for (size_t d = 0; d < self->options->depths; d++) {
        double covered = 0;
        for (uint32_t i = 0; i < self->items; i++) {
            lists[i] = 0;
            for (uint32_t t = 0; t < threads; t++)
                lists[i] += self->bench[t].exposed[d * self->items + i];
            covered += lists[i] > 0;
        }
        self->out->of_lists[d][0] = self->items ? covered / self->items : (double)NAN;
        self->out->of_lists[d][1] = inequality_of(lists, self->items).gini;
    }
    memory_free(lists);
    return STATUS_OK;
}

enum status evaluation_run(struct evaluation *self, const struct evaluation_of *of,
                           const struct evaluation_options *options, struct team *team)
{
    struct judging judging = {
        .out = self, .of = of, .options = options, .items = of->train->items};
    *self = (struct evaluation){.depths = options->depths};
    for (size_t d = 0; d < options->depths; d++)
        if (options->depth[d] > judging.deepest) judging.deepest = options->depth[d];
    require(judging.deepest >= 1 && judging.deepest <= EVALUATION_DEEPEST);
    enum status status = prepare(&judging, team->threads);
    if (!status) {
        uint32_t tasks = (uint32_t)((self->testing + USERS_A_TASK - 1) / USERS_A_TASK);
        team_run(team, tasks, judge_users, &judging);
        status = find_spread(&judging, team->threads);
    }
    for (size_t u = 0; u < self->testing && !status; u++)
        self->judged += isnan(self->of_user[u * options->depths * EVALUATION_USER_METRICS]) ? 0
                                                                                            : 1;
    for (uint32_t t = 0; judging.bench && t < team->threads; t++) bench_free(&judging.bench[t]);
    memory_free(judging.bench);
    memory_free(judging.train_from);
    memory_free(judging.known_from);
    memory_free(judging.test_from);
    memory_free(judging.surprise);
    return status;
}

void evaluation_free(struct evaluation *self)
{
    memory_free(self->user);
    memory_free(self->of_user);
    memory_free(self->square);
    memory_free(self->absolute);
    memory_free(self->rows);
    *self = (struct evaluation){0};
}
