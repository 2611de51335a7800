/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "neighbours.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "engine/team.h"

/* What two of a side have in common. */
struct common {
    float count, product, left, right; /* rows; sums of x y, x^2, y^2 over them */
};

struct workbench {
    struct common *with; /* [own] */
    uint32_t *met;       /* [own]: those with a count */
    float *heap;         /* [keep] */
};

struct search {
    struct neighbours *out;
    const struct neighbours_parameters *parameters;
    struct interaction_index own, across; /* values as the similarity takes them; owned */
    float *norm;                          /* |r_a|; owned; [own] */
    struct workbench *bench;              /* owned; [threads] */
    uint32_t *count;                      /* owned; similar ones of each */
    uint32_t threads, room;               /* room for each in `similar` */
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

static float similarity(const struct search *s, const struct common *c, uint32_t a, uint32_t b)
{
    float x = 0, scale;

    switch ((enum similarity)s->parameters->similarity) {
    case SIMILARITY_PRODUCT:
        x = c->product / (float)s->own.others;
        break;
    case SIMILARITY_COSINE:
        scale = s->norm[a] * s->norm[b];
        x = scale > 0 ? c->product / scale : 0.0f;
        break;
    case SIMILARITY_PEARSON:
        scale = sqrtf(c->left) * sqrtf(c->right);
        x = scale > 0 ? c->product / scale : 0.0f;
        break;
    case SIMILARITY_MSD:
        scale = (c->left + c->right - 2 * c->product) / c->count;
        x = 1.0f / (1.0f + (scale > 0 ? scale : 0.0f));
        break;
    }
    return x * c->count / (c->count + (float)s->parameters->shrinkage);
}

/* The similar ones of `a`, into its room. */
static void search_one(void *context, uint32_t a, uint32_t thread)
{
    struct search *s = context;
    struct workbench *bench = &s->bench[thread];
    size_t start = (size_t)a * s->room;
    uint32_t met = 0, n = 0, *other = s->out->similar.other + start;
    float *value = s->out->similar.value + start;

    for (size_t k = s->own.offset[a]; k < s->own.offset[a + 1]; k++) {
        uint32_t c = s->own.other[k];
        float x = s->own.value[k];
        for (size_t j = s->across.offset[c]; j < s->across.offset[c + 1]; j++) {
            struct common *with = &bench->with[s->across.other[j]];
            float y = s->across.value[j];
            if (with->count == 0) bench->met[met++] = s->across.other[j];
            with->count += 1;
            with->product += x * y;
            with->left += x * x;
            with->right += y * y;
        }
    }
    for (uint32_t m = 0; m < met; m++) {
        uint32_t b = bench->met[m];
        float x = b == a ? 0.0f : similarity(s, &bench->with[b], a, b);
        memset(&bench->with[b], 0, sizeof(bench->with[b]));
        if (!(x > 0)) continue;
        /* Room for twice `keep`: when it is full, the larger half stays. */
        if (n == s->room)
            n = keep_largest(other, value, n, (uint32_t)s->parameters->keep, bench->heap);
        other[n] = b;
        value[n++] = x;
    }
    s->count[a] = keep_largest(other, value, n, (uint32_t)s->parameters->keep, bench->heap);
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
    uint32_t k = (uint32_t)s->parameters->neighbours, room = k < all->rows ? k : all->rows;
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

/* Entries become what the similarity takes: 1, the value, or what it adds to the level. */
static void set_values(const struct search *s, struct interaction_index *index, bool by_own)
{
    bool less = s->parameters->similarity == SIMILARITY_PEARSON;

    for (uint32_t i = 0; i < index->rows; i++)
        for (size_t k = index->offset[i]; k < index->offset[i + 1]; k++) {
            uint32_t own = by_own ? i : index->other[k], other = by_own ? index->other[k] : i;
            if (less)
                index->value[k] -= level_of(s->out, own, other);
            else if (!s->parameters->values && s->parameters->similarity != SIMILARITY_MSD)
                index->value[k] = 1.0f;
        }
}

static void set_norms(struct search *s)
{
    for (uint32_t a = 0; a < s->own.rows; a++) {
        float sum = 0;
        for (size_t k = s->own.offset[a]; k < s->own.offset[a + 1]; k++)
            sum += s->own.value[k] * s->own.value[k];
        s->norm[a] = sqrtf(sum);
    }
}

static void search_free(struct search *s)
{
    interaction_index_free(&s->own);
    interaction_index_free(&s->across);
    memory_free(s->norm);
    memory_free(s->count);
    for (uint32_t t = 0; s->bench && t < s->threads; t++) {
        memory_free(s->bench[t].with);
        memory_free(s->bench[t].met);
        memory_free(s->bench[t].heap);
    }
    memory_free(s->bench);
}

static enum status search_init(struct search *s, const struct interactions *log)
{
    enum interaction_side side = s->out->side, other = side == BY_USER ? BY_ITEM : BY_USER;
    enum status status = interaction_index_init(&s->own, log, side, 0, log->count);
    uint32_t rows = side == BY_USER ? log->users : log->items;

    if (!status) status = interaction_index_init(&s->across, log, other, 0, log->count);
    if (status) return status;
    s->room = s->parameters->keep < rows / 2 ? (uint32_t)s->parameters->keep * 2 : rows;
    s->norm = memory_alloc(rows, sizeof(*s->norm));
    s->count = memory_alloc(rows, sizeof(*s->count));
    s->bench = memory_alloc(s->threads, sizeof(*s->bench));
    if (!s->norm || !s->count || !s->bench) return STATUS_NO_MEMORY;
    for (uint32_t t = 0; t < s->threads; t++) {
        struct workbench *bench = &s->bench[t];
        bench->with = memory_alloc(rows, sizeof(*bench->with));
        bench->met = memory_alloc(rows, sizeof(*bench->met));
        bench->heap = memory_alloc(s->room, sizeof(*bench->heap));
        if (!bench->with || !bench->met || !bench->heap) return STATUS_NO_MEMORY;
    }
    set_values(s, &s->own, true);
    set_values(s, &s->across, false);
    set_norms(s);
    return list_room(&s->out->similar, rows, s->room);
}

/* Means of `own`, and the general one where there is no row. */
static enum status find_level(struct neighbours *self)
{
    const struct interaction_index *own = &self->own;

    self->level = memory_alloc(own->rows, sizeof(*self->level));
    if (!self->level) return STATUS_NO_MEMORY;
    for (uint32_t a = 0; a < own->rows; a++) {
        size_t n = own->offset[a + 1] - own->offset[a];
        double sum = 0;
        for (size_t k = own->offset[a]; k < own->offset[a + 1]; k++)
            sum += (double)own->value[k];
        self->level[a] = n ? (float)(sum / (double)n) : self->biases.mean;
    }
    return STATUS_OK;
}

/* `across` holds what values add to their level; `own` what they count in a score. */
static void settle_values(struct neighbours *self, bool values)
{
    for (uint32_t c = 0; c < self->across.rows; c++)
        for (size_t k = self->across.offset[c]; k < self->across.offset[c + 1]; k++)
            self->across.value[k] -= level_of(self, self->across.other[k], c);
    for (size_t k = 0; !values && k < self->own.count; k++) self->own.value[k] = 1.0f;
}

enum status neighbours_init(struct neighbours *self, const struct interactions *log,
                            enum interaction_side side,
                            const struct neighbours_parameters *parameters, uint32_t threads)
{
    enum interaction_side other = side == BY_USER ? BY_ITEM : BY_USER;
    struct search search = {.out = self, .parameters = parameters, .threads = threads};
    struct team team;
    enum status status;

    team_init(&team, threads);
    *self = (struct neighbours){.side = side,
                                .neighbours = parameters->neighbours,
                                .centre = (enum centre)parameters->centre};
    status = biases_init(&self->biases, log, &parameters->biases);
    if (!status) status = interaction_index_init(&self->own, log, side, 0, log->count);
    if (!status) status = interaction_index_init(&self->across, log, other, 0, log->count);
    if (!status) status = interaction_index_arrange(&self->across);
    if (!status) status = find_level(self);
    if (!status) status = search_init(&search, log);
    if (status) goto out;
    team_run(&team, search.own.rows, search_one, &search);
    close_up(&self->similar, search.count, search.room);
    status = interaction_index_arrange(&self->similar);
    if (!status) status = pick_nearest(&search);
    if (!status) settle_values(self, parameters->values);
out:
    search_free(&search);
    return status;
}

void neighbours_free(struct neighbours *self)
{
    interaction_index_free(&self->own);
    interaction_index_free(&self->across);
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

float neighbours_value(const struct neighbours *self, uint32_t own, uint32_t other)
{
    const struct interaction_index *similar = &self->similar, *across = &self->across;
    size_t a = similar->offset[own], a_end = similar->offset[own + 1];
    size_t c = across->offset[other], c_end = across->offset[other + 1];
    float level = level_of(self, own, other), sum = 0, weight = 0;
    struct chosen chosen;

    chosen.n = 0;
    while (a < a_end && c < c_end) {
        if (similar->other[a] < across->other[c]) {
            a++;
        } else if (similar->other[a] > across->other[c]) {
            c++;
        } else {
            choose(&chosen, (uint32_t)self->neighbours, similar->value[a], across->value[c++]);
        }
    }
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
