/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "neighbours.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "engine/team.h"

#define PLAIN_ROWS ((size_t)1 << 23) /* that 8 bytes each are spent on for speed: 64 MB */

/* What two of a side have in common. */
struct common {
    float count, product; /* rows; sum of x y over them */
};
struct squares {
    float left, right; /* sums of x^2, y^2 */
};

/* One of the other side that `a` has met. */
struct meeting {
    uint32_t other;
    float x;      /* what is taken of the value */
    uint32_t met; /* how many of its own side it shares somebody with so far */
};

struct workbench {
    struct common *with;    /* [own] */
    struct squares *square; /* [own]; NULL where the similarity needs none */
    uint32_t *met;          /* [own + 1]: those with a count */
    uint32_t *other;        /* [room]: the similar ones so far, */
    float *value;           /* [room]: and how similar */
    float *heap;            /* [room] */
    uint32_t *some;         /* [sample]: of a list that is longer, */
    float *some_value;      /* [sample] */
};

/* What the similarity takes of an entry: its value, 1, or what it adds to the level. */
enum take { TAKE_VALUE, TAKE_ONE, TAKE_LESS };

struct search {
    struct neighbours *out;
    enum take take;
    const struct neighbours_parameters *parameters;
    struct span_source own, across;
    struct postings items;          /* BY_ITEM: `own`; BY_USER: `across` of `some`; owned */
    struct interaction_index users; /* the log by user; owned */
    struct interaction_index plain; /* BY_USER, of a log that is not large: `across`; owned */
    uint8_t *some;                  /* rows that count, a bit each; owned; NULL = all */
    uint32_t sample;                /* of the rows of one of the other side */
    float *norm;                    /* |r_a|; owned; [own] */
    struct workbench *bench;        /* owned; [threads] */
    uint32_t *count;                /* owned; similar ones of each */
    uint32_t threads, rows, others; /* own, other */
    uint32_t keep, room;            /* for each in `similar`; on a workbench */
};

/* Keeps the k largest of a stream of numbers; the least of them on top. */
static void heap_put(float *heap, uint32_t *n, uint32_t k, float x)
{
    uint32_t at;

    if (*n < k) {
        for (at = (*n)++; at > 0 && heap[(at - 1) / 2] > x; at = (at - 1) / 2)
            heap[at] = heap[(at - 1) / 2];
        heap[at] = x;
    } else if (x > heap[0]) {
        for (at = 0; 2 * at + 1 < k;) {
            uint32_t child = 2 * at + 1;
            if (child + 1 < k && heap[child + 1] < heap[child]) child++;
            if (heap[child] >= x) break;
            heap[at] = heap[child];
            at = child;
        }
        heap[at] = x;
    }
}

/* The k largest of n values stay, in their order; of equal ones at the brink the first. */
static uint32_t keep_largest(uint32_t *other, float *value, uint32_t n, uint32_t k, float *heap)
{
    uint32_t held = 0, above = 0, kept = 0, ties;

    if (n <= k) return n;
    for (uint32_t i = 0; i < n; i++) heap_put(heap, &held, k, value[i]);
    for (uint32_t i = 0; i < n; i++) above += value[i] > heap[0];
    ties = k - above;
    for (uint32_t i = 0; i < n; i++) {
        if (value[i] < heap[0] || (value[i] == heap[0] && ties == 0)) continue;
        ties -= value[i] == heap[0];
        other[kept] = other[i];
        value[kept++] = value[i];
    }
    return kept;
}

static float level_of(const struct neighbours *self, uint32_t own, uint32_t other)
{
    switch (self->centre) {
    case CENTRE_NONE:
        return 0.0f;
    case CENTRE_MEAN:
        return self->level[own];
    default:
        return self->side == BY_USER ? biases_level(&self->biases, own, other)
                                     : biases_level(&self->biases, other, own);
    }
}

static float similarity(const struct search *s, const struct workbench *bench, uint32_t a,
                        uint32_t b)
{
    const struct common *c = &bench->with[b];
    const struct squares *square = bench->square ? &bench->square[b] : NULL;
    float x = 0, scale;

    switch ((enum similarity)s->parameters->similarity) {
    case SIMILARITY_PRODUCT:
        x = c->product / (float)s->others;
        break;
    case SIMILARITY_COSINE:
        scale = s->norm[a] * s->norm[b];
        x = scale > 0 ? c->product / scale : 0.0f;
        break;
    case SIMILARITY_PEARSON:
        scale = sqrtf(square->left) * sqrtf(square->right);
        x = scale > 0 ? c->product / scale : 0.0f;
        break;
    case SIMILARITY_MSD:
        scale = (square->left + square->right - 2 * c->product) / c->count;
        x = 1.0f / (1.0f + (scale > 0 ? scale : 0.0f));
        break;
    }
    return x * c->count / (c->count + (float)s->parameters->shrinkage);
}

static enum take take_of(const struct neighbours_parameters *p)
{
    if (p->similarity == SIMILARITY_PEARSON) return TAKE_LESS;
    return p->values || p->similarity == SIMILARITY_MSD ? TAKE_VALUE : TAKE_ONE;
}

static inline float taken(const struct search *s, enum take take, uint32_t own, uint32_t other,
                          float value)
{
    if (take == TAKE_LESS) return value - level_of(s->out, own, other);
    return take == TAKE_VALUE ? value : 1.0f;
}

/* Is entry k one of the `sample` that are spread evenly over n? */
static bool in_sample(uint64_t k, uint64_t n, uint64_t sample)
{
    return n <= sample || (k + 1) * sample / n > k * sample / n;
}

/* Those of a whole list that in_sample takes. */
static void take_sample(const struct search *s, struct workbench *bench, struct span *list)
{
    const uint32_t n = list->count, sample = s->sample;

    if (n <= sample) return;
    for (uint32_t j = 0; j < sample; j++) {
        uint64_t k = ((uint64_t)(j + 1) * n + sample - 1) / sample - 1;
        bench->some[j] = list->other[k];
        bench->some_value[j] = list->value[k];
    }
    list->other = bench->some;
    list->value = bench->some_value;
    list->count = sample;
}

/* Adds one that `a` met, with value x, to what others have in common with it; `met` of them so
 * far. `take` and `squares` are known where it is called, so that each case has a loop of its
 * own. */
static inline uint32_t meet_all(const struct search *s, struct workbench *bench,
                                const struct meeting *at, enum take take, bool squares)
{
    const float x = at->x;
    uint32_t met = at->met;
    struct span across;

    for (span_open(&across, &s->across, at->other); span_next(&across);) {
        if (s->some && s->across.index) take_sample(s, bench, &across);
        for (uint32_t k = 0; k < across.count; k++) {
            uint32_t b = across.other[k];
            struct common *with = &bench->with[b];
            float y = taken(s, take, b, at->other, across.value[k]);
            bench->met[met] = b; /* no branch: it is the first time for many */
            met += with->count == 0;
            with->count += 1;
            with->product += x * y;
            if (!squares) continue;
            bench->square[b].left += x * x;
            bench->square[b].right += y * y;
        }
    }
    return met;
}

static uint32_t meet(const struct search *s, struct workbench *bench, struct meeting at)
{
    if (bench->square)
        return s->take == TAKE_LESS ? meet_all(s, bench, &at, TAKE_LESS, true)
                                    : meet_all(s, bench, &at, TAKE_VALUE, true);
    return s->take == TAKE_ONE ? meet_all(s, bench, &at, TAKE_ONE, false)
                               : meet_all(s, bench, &at, TAKE_VALUE, false);
}

/* The most similar of those met, on the bench in the order that they were met in. */
static uint32_t pick_similar(const struct search *s, struct workbench *bench, uint32_t a,
                             uint32_t met)
{
    float least = 0; /* what is not above it is none of them */
    uint32_t n = 0;

    for (uint32_t m = 0; m < met; m++) {
        uint32_t b = bench->met[m];
        float x = b == a ? 0.0f : similarity(s, bench, a, b);
        bench->with[b] = (struct common){0};
        if (bench->square) bench->square[b] = (struct squares){0};
        if (!(x > least)) continue;
        if (n == s->room) { /* twice `keep`: the larger half stays */
            n = keep_largest(bench->other, bench->value, n, s->keep, bench->heap);
            least = bench->heap[0];
            if (!(x > least)) continue;
        }
        bench->other[n] = b;
        bench->value[n++] = x;
    }
    return keep_largest(bench->other, bench->value, n, s->keep, bench->heap);
}

/* By id: a Shell sort in place (Ciura 2001's gaps) of at most `keep`. */
static void sort_similar(uint32_t *other, float *value, uint32_t n)
{
    static const uint32_t gaps[] = {301, 132, 57, 23, 10, 4, 1};

    for (size_t g = 0; g < sizeof(gaps) / sizeof(gaps[0]); g++)
        for (uint32_t i = gaps[g]; i < n; i++) {
            uint32_t id = other[i], at = i;
            float x = value[i];
            for (; at >= gaps[g] && other[at - gaps[g]] > id; at -= gaps[g]) {
                other[at] = other[at - gaps[g]];
                value[at] = value[at - gaps[g]];
            }
            other[at] = id;
            value[at] = x;
        }
}

/* The similar ones of `a`, into its room. */
static void search_one(void *context, uint32_t a, uint32_t thread)
{
    struct search *s = context;
    struct workbench *bench = &s->bench[thread];
    size_t start = (size_t)a * s->keep;
    const uint8_t *some = s->own.index ? s->some : NULL; /* postings have no others */
    size_t row = some ? s->own.index->offset[a] : 0;
    uint32_t met = 0, n;
    struct span own;

    for (span_open(&own, &s->own, a); span_next(&own);)
        for (uint32_t k = 0; k < own.count; k++, row++)
            if (postings_some(some, row))
                met = meet(s, bench,
                           (struct meeting){own.other[k],
                                            taken(s, s->take, a, own.other[k], own.value[k]),
                                            met});
    s->count[a] = n = pick_similar(s, bench, a, met);
    sort_similar(bench->other, bench->value, n);
    memcpy(s->out->similar.other + start, bench->other, n * sizeof(*bench->other));
    memcpy(s->out->similar.value + start, bench->value, n * sizeof(*bench->value));
}

/* Rows that were filled in rooms of one size move together. */
static void close_up(struct interaction_index *list, const uint32_t *count, size_t room)
{
    size_t at = 0;

    for (uint32_t a = 0; a < list->rows; a++) {
        memmove(list->other + at, list->other + a * room, count[a] * sizeof(*list->other));
        memmove(list->value + at, list->value + a * room, count[a] * sizeof(*list->value));
        list->offset[a] = at;
        at += count[a];
    }
    list->offset[list->rows] = list->count = at;
}

static enum status list_room(struct interaction_index *list, uint32_t rows, size_t room)
{
    list->rows = list->others = rows;
    list->offset = memory_alloc((size_t)rows + 2, sizeof(*list->offset));
    list->other = memory_alloc(rows * room, sizeof(*list->other));
    list->value = memory_alloc(rows * room, sizeof(*list->value));
    return list->offset && list->other && list->value ? STATUS_OK : STATUS_NO_MEMORY;
}

/* The best of the similar ones of each. */
static enum status pick_nearest(struct search *s)
{
    const struct interaction_index *all = &s->out->similar;
    struct interaction_index *list = &s->out->nearest;
    uint32_t k = (uint32_t)s->parameters->score_neighbours;
    uint32_t room = k < s->keep ? k : s->keep;
    float *heap = memory_alloc(room, sizeof(*heap)), *value;
    uint32_t *other = memory_alloc(all->rows, sizeof(*other));
    enum status status = list_room(list, all->rows, room);

    value = memory_alloc(all->rows, sizeof(*value));
    if (!heap || !other || !value) status = STATUS_NO_MEMORY;
    for (uint32_t a = 0; !status && a < all->rows; a++) {
        size_t first = all->offset[a], n = all->offset[a + 1] - first;
        memcpy(other, all->other + first, n * sizeof(*other));
        memcpy(value, all->value + first, n * sizeof(*value));
        s->count[a] = keep_largest(other, value, (uint32_t)n, room, heap);
        memcpy(list->other + (size_t)a * room, other, s->count[a] * sizeof(*other));
        memcpy(list->value + (size_t)a * room, value, s->count[a] * sizeof(*value));
    }
    if (!status) close_up(list, s->count, room);
    memory_free(heap);
    memory_free(other);
    memory_free(value);
    return status;
}

/* What one user's rows with an item come to so far. */
struct met_before {
    uint32_t user; /* + 1 */
    float x;
};

/* In the order of the log, which is that of each one's entries, and where a user's rows are
 * together. A pair's rows count as one of their sum, as in the products: (b + x)^2 = b^2 +
 * x (x + 2 b). */
static enum status set_norms(struct search *s, const struct interactions *log)
{
    bool by_user = s->out->side == BY_USER;
    struct met_before *before = memory_alloc(log->items, sizeof(*before));

    if (!before) return STATUS_NO_MEMORY;
    for (size_t r = 0; r < log->count; r++) {
        uint32_t own = by_user ? log->user[r] : log->item[r];
        uint32_t other = by_user ? log->item[r] : log->user[r];
        struct met_before *met = &before[log->item[r]];
        float x = taken(s, s->take, own, other, log->value[r]);
        if (!postings_some(s->some, r)) continue;
        if (met->user != log->user[r] + 1) *met = (struct met_before){log->user[r] + 1, 0};
        s->norm[own] += x * (x + 2 * met->x);
        met->x += x;
    }
    for (uint32_t a = 0; a < s->rows; a++) /* a sum of squares, but for rounding */
        s->norm[a] = s->norm[a] > 0 ? sqrtf(s->norm[a]) : 0.0f;
    memory_free(before);
    return STATUS_OK;
}

static void search_free(struct search *s)
{
    postings_free(&s->items);
    interaction_index_free(&s->users);
    interaction_index_free(&s->plain);
    memory_free(s->some);
    memory_free(s->norm);
    memory_free(s->count);
    for (uint32_t t = 0; s->bench && t < s->threads; t++) {
        memory_free(s->bench[t].with);
        memory_free(s->bench[t].square);
        memory_free(s->bench[t].met);
        memory_free(s->bench[t].other);
        memory_free(s->bench[t].value);
        memory_free(s->bench[t].heap);
        memory_free(s->bench[t].some);
        memory_free(s->bench[t].some_value);
    }
    memory_free(s->bench);
}

static enum status bench_init(const struct search *s, struct workbench *bench)
{
    enum similarity kind = (enum similarity)s->parameters->similarity;
    bool squares = kind == SIMILARITY_PEARSON || kind == SIMILARITY_MSD;
    uint32_t sample = s->some ? s->sample : 0;

    bench->with = memory_alloc(s->rows, sizeof(*bench->with));
    bench->met = memory_alloc((size_t)s->rows + 1, sizeof(*bench->met));
    bench->other = memory_alloc(s->room, sizeof(*bench->other));
    bench->value = memory_alloc(s->room, sizeof(*bench->value));
    bench->heap = memory_alloc(s->room, sizeof(*bench->heap));
    bench->some = memory_alloc(sample, sizeof(*bench->some));
    bench->some_value = memory_alloc(sample, sizeof(*bench->some_value));
    if (squares) bench->square = memory_alloc(s->rows, sizeof(*bench->square));
    return bench->with && bench->met && bench->other && bench->value && bench->heap &&
                   bench->some && bench->some_value && (bench->square || !squares)
               ? STATUS_OK
               : STATUS_NO_MEMORY;
}

/* The lists that values are read from: the other side's, arranged. */
static enum status take_lists(struct neighbours *self, const struct interactions *log)
{
    return postings_init(&self->across, log, self->side == BY_USER ? BY_ITEM : BY_USER, true);
}

/* Which rows count, when somebody or something of the other side has too many. */
static enum status choose_rows(struct search *s, const struct interactions *log)
{
    bool by_user = s->out->side == BY_USER;
    const uint32_t *other = by_user ? log->item : log->user;
    uint32_t others = by_user ? log->items : log->users, longest = 0;
    uint32_t *count = memory_alloc(others, sizeof(*count));
    uint32_t *next = memory_alloc(others, sizeof(*next));
    enum status status = count && next ? STATUS_OK : STATUS_NO_MEMORY;

    for (size_t r = 0; !status && r < log->count; r++)
        if (++count[other[r]] > longest) longest = count[other[r]];
    if (!status && longest > s->sample) {
        s->some = memory_alloc(log->count / 8 + 1, 1);
        if (!s->some) status = STATUS_NO_MEMORY;
        for (size_t r = 0; !status && r < log->count; r++)
            if (in_sample(next[other[r]]++, count[other[r]], s->sample))
                s->some[r / 8] |= (uint8_t)(1u << r % 8);
    }
    memory_free(count);
    memory_free(next);
    return status;
}

/* Users find theirs in what stays, or in the same written out, which takes half the time; items
 * need the lists turned round, for as long as it takes, and so do users when not all rows
 * count: of lists in little room only one of the two forms is ever there. */
static enum status search_sources(struct search *s, const struct interactions *log)
{
    enum status status = choose_rows(s, log);

    if (status) return status;
    if (s->out->side == BY_USER) {
        s->own.index = &s->out->own;
        if (s->some) {
            s->across.postings = &s->items;
            return postings_init_some(&s->items, log, s->some);
        }
        s->across.postings = &s->out->across;
        status = take_lists(s->out, log);
        if (status || log->count > PLAIN_ROWS) return status;
        status = interaction_index_transpose(&s->out->own, &s->plain);
        s->across = (struct span_source){.index = &s->plain};
        return status;
    }
    status = postings_init_some(&s->items, log, s->some);
    if (!status) status = interaction_index_init(&s->users, log);
    s->own.postings = &s->items;
    s->across.index = &s->users;
    return status;
}

static enum status search_init(struct search *s, const struct interactions *log)
{
    uint32_t rows = s->out->side == BY_USER ? log->users : log->items;
    uint64_t keep = (uint64_t)s->parameters->keep, sample = (uint64_t)s->parameters->sample;
    enum status status;

    s->sample = sample < UINT32_MAX ? (uint32_t)sample : UINT32_MAX;
    status = search_sources(s, log);
    if (status) return status;
    s->take = take_of(s->parameters);
    s->rows = rows;
    s->others = log->users + log->items - rows;
    s->keep = keep < rows ? (uint32_t)keep : rows;
    s->room = keep < rows / 2 ? (uint32_t)keep * 2 : rows;
    s->norm = memory_alloc(rows, sizeof(*s->norm));
    s->count = memory_alloc(rows, sizeof(*s->count));
    s->bench = memory_alloc(s->threads, sizeof(*s->bench));
    if (!s->norm || !s->count || !s->bench) return STATUS_NO_MEMORY;
    for (uint32_t t = 0; t < s->threads && !status; t++) status = bench_init(s, &s->bench[t]);
    if (status) return status;
    status = set_norms(s, log);
    return status ? status : list_room(&s->out->similar, rows, s->keep);
}

/* Means of each one's values, and the general one where there is no row. */
static enum status find_level(struct neighbours *self, const struct interactions *log)
{
    const uint32_t *own = self->side == BY_USER ? log->user : log->item;
    uint32_t rows = self->side == BY_USER ? log->users : log->items;
    double *sum = memory_alloc(rows, sizeof(*sum));
    uint32_t *count = memory_alloc(rows, sizeof(*count));

    self->level = memory_alloc(rows, sizeof(*self->level));
    if (sum && count && self->level) {
        for (size_t r = 0; r < log->count; r++) {
            sum[own[r]] += (double)log->value[r];
            count[own[r]]++;
        }
        for (uint32_t a = 0; a < rows; a++)
            self->level[a] = count[a] ? (float)(sum[a] / count[a]) : self->biases.mean;
    }
    memory_free(sum);
    memory_free(count);
    return sum && count && self->level ? STATUS_OK : STATUS_NO_MEMORY;
}

static enum status find_similar(struct search *search, const struct interactions *log)
{
    struct team team;
    enum status status = search_init(search, log);

    if (status) return status;
    team_init(&team, search->threads);
    team_run(&team, search->rows, search_one, search);
    team_free(&team);
    close_up(&search->out->similar, search->count, search->keep);
    return pick_nearest(search);
}

enum status neighbours_init(struct neighbours *self, const struct interactions *log,
                            enum interaction_side side,
                            const struct neighbours_parameters *parameters, uint32_t threads)
{
    struct search search = {.out = self, .parameters = parameters, .threads = threads};
    enum status status;

    *self = (struct neighbours){.side = side,
                                .neighbours = parameters->neighbours,
                                .centre = (enum centre)parameters->centre,
                                .values = parameters->values};
    status = biases_init(&self->biases, log, &parameters->biases);
    if (!status) status = find_level(self, log);
    if (!status && side == BY_USER) status = interaction_index_init(&self->own, log);
    if (!status) status = find_similar(&search, log);
    search_free(&search);
    if (!status && !self->across.list) status = take_lists(self, log);
    return status;
}

void neighbours_free(struct neighbours *self)
{
    interaction_index_free(&self->own);
    postings_free(&self->across);
    interaction_index_free(&self->similar);
    interaction_index_free(&self->nearest);
    biases_free(&self->biases);
    memory_free(self->level);
    self->level = NULL;
}

/* The k largest similarities with what comes with them, the least on top. */
struct chosen {
    uint32_t n;
    float similarity[NEIGHBOURS_MOST], value[NEIGHBOURS_MOST];
};

static void choose(struct chosen *c, uint32_t k, float similarity, float value)
{
    uint32_t at;

    if (c->n < k) {
        for (at = c->n++; at > 0 && c->similarity[(at - 1) / 2] > similarity;
             at = (at - 1) / 2) {
            c->similarity[at] = c->similarity[(at - 1) / 2];
            c->value[at] = c->value[(at - 1) / 2];
        }
    } else {
        if (similarity <= c->similarity[0]) return;
        for (at = 0; 2 * at + 1 < k;) {
            uint32_t child = 2 * at + 1;
            if (child + 1 < k && c->similarity[child + 1] < c->similarity[child]) child++;
            if (c->similarity[child] >= similarity) break;
            c->similarity[at] = c->similarity[child];
            c->value[at] = c->value[child];
            at = child;
        }
    }
    c->similarity[at] = similarity;
    c->value[at] = value;
}

/* What one that has `other` says of its value: by how much it is above the level. */
static inline float above_level(const struct neighbours *self, uint32_t own, uint32_t other,
                                float value)
{
    return value - level_of(self, own, other);
}

/* Chooses among the similar ones of `own` that have `other`. */
static void choose_all(const struct neighbours *self, uint32_t own, uint32_t other,
                       struct chosen *chosen)
{
    const struct interaction_index *similar = &self->similar;
    size_t a = similar->offset[own], end = similar->offset[(size_t)own + 1];
    const struct span_source source = {.postings = &self->across};
    struct span across;

    for (span_open(&across, &source, other); a < end && span_next(&across);)
        for (uint32_t k = 0; a < end && k < across.count; k++) {
            uint32_t b = across.other[k];
            while (a < end && similar->other[a] < b) a++;
            if (a < end && similar->other[a] == b)
                choose(chosen, (uint32_t)self->neighbours, similar->value[a],
                       above_level(self, b, other, across.value[k]));
        }
}

float neighbours_value(const struct neighbours *self, uint32_t own, uint32_t other)
{
    float level = level_of(self, own, other), sum = 0, weight = 0;
    struct chosen chosen;

    chosen.n = 0;
    choose_all(self, own, other, &chosen);
    for (uint32_t k = 0; k < chosen.n; k++) {
        sum += chosen.similarity[k] * chosen.value[k];
        weight += chosen.similarity[k];
    }
    if (weight > 0)
        level += sum / weight;
    else if (self->centre == CENTRE_NONE)
        level = self->biases.mean;
    return biases_clip(&self->biases, level);
}
