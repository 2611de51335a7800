/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "postings.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

#define IDS_A_BUCKET 8
#define SHORT_LIST 65536 /* below, a directory has cells of two bytes */
#define SLACK 8          /* low bits are read eight bytes at a time */

/* ------------------------------------------------------------------------------- one list
 */

static uint32_t bits_of(uint64_t n) { return n ? 64 - (uint32_t)__builtin_clzll(n) : 0; }

/* The fewest low bits with which buckets hold IDS_A_BUCKET ids on average. */
static uint32_t low_bits(uint32_t others, size_t n)
{
    uint64_t a_bucket = (uint64_t)IDS_A_BUCKET * others / n;
    uint32_t bits = bits_of(a_bucket), most = bits_of(others - 1);

    return bits < most ? bits : most;
}

static size_t buckets_of(uint32_t others, uint32_t bits)
{
    return ((size_t)(others - 1) >> bits) + 1;
}

static size_t cell_bytes(size_t n) { return n < SHORT_LIST ? 2 : 4; }

static size_t list_bytes(uint32_t others, size_t n)
{
    uint32_t bits = n ? low_bits(others, n) : 0;

    return n ? 1 + buckets_of(others, bits) * cell_bytes(n) + (n * bits + 7) / 8 : 0;
}

static uint32_t cell(const uint8_t *list, size_t n, size_t bucket)
{
    uint16_t narrow;
    uint32_t wide;

    if (n < SHORT_LIST) {
        memcpy(&narrow, list + 1 + 2 * bucket, sizeof(narrow));
        return narrow;
    }
    memcpy(&wide, list + 1 + 4 * bucket, sizeof(wide));
    return wide;
}

static void set_cell(uint8_t *list, size_t n, size_t bucket, uint32_t to)
{
    uint16_t narrow = (uint16_t)to;

    if (n < SHORT_LIST)
        memcpy(list + 1 + 2 * bucket, &narrow, sizeof(narrow));
    else
        memcpy(list + 1 + 4 * bucket, &to, sizeof(to));
}

static const uint8_t *low_part(const uint8_t *list, uint32_t others, size_t n)
{
    return list + 1 + buckets_of(others, list[0]) * cell_bytes(n);
}

static inline uint32_t low_at(const uint8_t *low, uint32_t bits, size_t k)
{
    size_t at = k * bits;
    uint64_t word;

    memcpy(&word, low + at / 8, sizeof(word));
    return (uint32_t)(word >> at % 8 & ((UINT64_C(1) << bits) - 1));
}

/* Entry k of n; until finish_list a cell of the directory counts its bucket. */
static void put_entry(uint8_t *list, uint32_t others, size_t n, size_t k, uint32_t other)
{
    uint32_t bits = list[0];
    size_t bucket = (size_t)other >> bits, at = k * bits;
    uint8_t *low = list + 1 + buckets_of(others, bits) * cell_bytes(n) + at / 8;
    uint64_t word;

    set_cell(list, n, bucket, cell(list, n, bucket) + 1);
    memcpy(&word, low, sizeof(word));
    word |= (other & ((UINT64_C(1) << bits) - 1)) << at % 8;
    memcpy(low, &word, sizeof(word));
}

static void finish_list(uint8_t *list, uint32_t others, size_t n)
{
    size_t buckets = buckets_of(others, list[0]);
    uint32_t sum = 0;

    for (size_t b = 0; b < buckets; b++) {
        sum += cell(list, n, b);
        set_cell(list, n, b, sum);
    }
}

/* ----------------------------------------------------------------------------------- values
 */

/* A table from the bits of a value to its code: open addressing, at most a quarter full. */
struct kinds {
    uint32_t bits[4 * POSTINGS_KINDS];
    uint16_t code[4 * POSTINGS_KINDS]; /* its number + 1; 0 = free */
};

/* The code of a value, which becomes known when it was not; POSTINGS_KINDS when there are too
 * many. */
static uint32_t code_of(struct postings *self, struct kinds *kinds, float value)
{
    uint32_t bits, at;

    memcpy(&bits, &value, sizeof(bits));
    at = (bits * UINT32_C(2654435761)) >> 22;
    while (kinds->code[at] && kinds->bits[at] != bits) at = (at + 1) % (4 * POSTINGS_KINDS);
    if (kinds->code[at]) return kinds->code[at] - 1u;
    if (self->kinds == POSTINGS_KINDS) return POSTINGS_KINDS;
    self->kind[self->kinds] = value;
    kinds->bits[at] = bits;
    kinds->code[at] = (uint16_t)++self->kinds;
    return self->kinds - 1;
}

/* Which values there are, and room for those of the lists. */
static enum status know_values(struct postings *self, struct kinds *kinds,
                               const struct interactions *log, bool values)
{
    size_t r = 0, entries = self->list[self->rows].first;

    memset(kinds, 0, sizeof(*kinds));
    if (!values) {
        self->kinds = 1;
        self->kind[0] = 1.0f;
        return STATUS_OK;
    }
    while (r < log->count && code_of(self, kinds, log->value[r]) < POSTINGS_KINDS) r++;
    if (r < log->count) {
        self->kinds = 0;
        self->value = memory_alloc(entries, sizeof(*self->value));
        return self->value ? STATUS_OK : STATUS_NO_MEMORY;
    }
    if (self->kinds < 2) {
        self->kinds = 1;
        return STATUS_OK;
    }
    self->code = memory_alloc(entries, 1);
    return self->code ? STATUS_OK : STATUS_NO_MEMORY;
}

static void put_value(struct postings *self, struct kinds *kinds, size_t entry, float value)
{
    if (self->code) self->code[entry] = (uint8_t)code_of(self, kinds, value);
    if (self->value) self->value[entry] = value;
}

/* ---------------------------------------------------------------------------------- filling
 */

/* Where each list begins, from its length. */
static enum status lay_out(struct postings *self, const uint32_t *key, size_t rows,
                           const uint8_t *some)
{
    size_t entries = 0, bytes = 0;

    self->list = memory_alloc((size_t)self->rows + 1, sizeof(*self->list));
    if (!self->list) return STATUS_NO_MEMORY;
    for (size_t r = 0; r < rows; r++) self->list[key[r]].first += postings_some(some, r);
    for (uint32_t i = 0; i <= self->rows; i++) {
        size_t n = i < self->rows ? self->list[i].first : 0;
        self->list[i] = (struct posting_list){entries, bytes};
        entries += n;
        bytes += list_bytes(self->others, n);
    }
    self->bytes = memory_alloc(bytes + SLACK, 1);
    if (!self->bytes) return STATUS_NO_MEMORY;
    for (uint32_t i = 0; i < self->rows; i++) {
        size_t n = self->list[i + 1].first - self->list[i].first;
        if (n) self->bytes[self->list[i].place] = (uint8_t)low_bits(self->others, n);
    }
    return STATUS_OK;
}

struct entry {
    uint32_t list, other;
    float value;
};

/* Number k of its list. */
static void put(struct postings *self, struct kinds *kinds, size_t k, struct entry e)
{
    const struct posting_list *at = self->list + e.list;

    put_entry(self->bytes + at[0].place, self->others, at[1].first - at[0].first, k, e.other);
    put_value(self, kinds, at[0].first + k, e.value);
}

/* The users of an item come in their order. */
static enum status fill_items(struct postings *self, struct kinds *kinds,
                              const struct interactions *log, const uint8_t *some)
{
    uint32_t *next = memory_alloc(self->rows, sizeof(*next));

    if (!next) return STATUS_NO_MEMORY;
    for (size_t r = 0; r < log->count; r++)
        if (postings_some(some, r))
            put(self, kinds, next[log->item[r]]++,
                (struct entry){log->item[r], log->user[r], log->value[r]});
    memory_free(next);
    return STATUS_OK;
}

static int compare_keys(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

/* The items of a user are put in order: by item, then by place in the log. */
static enum status fill_users(struct postings *self, struct kinds *kinds,
                              const struct interactions *log)
{
    size_t longest = 0;
    uint64_t *key;

    for (uint32_t u = 0; u < self->rows; u++) {
        size_t n = self->list[u + 1].first - self->list[u].first;
        longest = n > longest ? n : longest;
    }
    key = memory_alloc(longest, sizeof(*key));
    if (!key) return STATUS_NO_MEMORY;
    for (uint32_t u = 0; u < self->rows; u++) {
        size_t first = self->list[u].first, n = self->list[u + 1].first - first;
        for (size_t k = 0; k < n; k++) key[k] = (uint64_t)log->item[first + k] << 32 | k;
        qsort(key, n, sizeof(*key), compare_keys);
        for (size_t k = 0; k < n; k++)
            put(self, kinds, k,
                (struct entry){u, (uint32_t)(key[k] >> 32),
                               log->value[first + (uint32_t)key[k]]});
    }
    memory_free(key);
    return STATUS_OK;
}

/* The lists are filled, or have failed. */
static enum status finish(struct postings *self, enum status status)
{
    if (status) {
        postings_free(self);
        return status;
    }
    for (uint32_t i = 0; i < self->rows; i++) {
        size_t n = self->list[i + 1].first - self->list[i].first;
        if (n) finish_list(self->bytes + self->list[i].place, self->others, n);
    }
    return STATUS_OK;
}

enum status postings_init(struct postings *self, const struct interactions *log,
                          enum interaction_side side, bool values)
{
    const uint32_t *key = side == BY_USER ? log->user : log->item;
    uint32_t rows = side == BY_USER ? log->users : log->items;
    struct kinds kinds;
    enum status status;

    *self = (struct postings){.rows = rows, .others = log->users + log->items - rows};
    status = lay_out(self, key, log->count, NULL);
    if (!status) status = know_values(self, &kinds, log, values);
    if (!status)
        status = side == BY_USER ? fill_users(self, &kinds, log)
                                 : fill_items(self, &kinds, log, NULL);
    return finish(self, status);
}

enum status postings_init_some(struct postings *self, const struct interactions *log,
                               const uint8_t *some)
{
    struct kinds kinds;
    enum status status;

    *self = (struct postings){.rows = log->items, .others = log->users};
    status = lay_out(self, log->item, log->count, some);
    if (!status) status = know_values(self, &kinds, log, true);
    if (!status) status = fill_items(self, &kinds, log, some);
    return finish(self, status);
}

void postings_free(struct postings *self)
{
    memory_free(self->list);
    memory_free(self->bytes);
    memory_free(self->code);
    memory_free(self->value);
    *self = (struct postings){0};
}

/* ---------------------------------------------------------------------------------- reading
 */

bool postings_has(const struct postings *self, uint32_t row, uint32_t other)
{
    const struct posting_list *at = self->list + row;
    const uint8_t *list = self->bytes + at[0].place, *low;
    size_t n = at[1].first - at[0].first, bucket, first, count;
    uint32_t bits, wanted;

    if (n == 0) return false;
    bits = list[0];
    bucket = (size_t)other >> bits;
    first = bucket ? cell(list, n, bucket - 1) : 0;
    count = cell(list, n, bucket) - first;
    low = low_part(list, self->others, n);
    wanted = other & (uint32_t)((UINT64_C(1) << bits) - 1);
    /* Entry `first` is the last that may be <= wanted; no branch depends on what is found. */
    for (; count > 1; count -= count / 2)
        first = low_at(low, bits, first + count / 2) <= wanted ? first + count / 2 : first;
    return count == 1 && low_at(low, bits, first) == wanted;
}

void span_open(struct span *self, const struct span_source *source, uint32_t row)
{
    self->from = source->postings;
    self->count = 0;
    if (self->from) {
        const struct posting_list *at = self->from->list + row;
        self->at = self->from->bytes + at[0].place;
        self->first = at[0].first;
        self->end = at[1].first - at[0].first;
        self->entry = 0;
        self->bucket = 0;
        self->bucket_end = self->end ? cell(self->at, self->end, 0) : 0;
        self->other = self->room;
        self->value = self->values;
    } else {
        size_t first = source->index->offset[row];
        self->other = source->index->other + first;
        self->value = source->index->value + first;
        self->end = source->index->offset[(size_t)row + 1] - first;
    }
}

static void read_values(struct span *self, size_t first)
{
    const struct postings *from = self->from;

    if (from->value) {
        self->value = from->value + first;
        return;
    }
    for (uint32_t k = 0; k < self->count; k++)
        self->values[k] = from->kind[from->code ? from->code[first + k] : 0];
}

bool span_next(struct span *self)
{
    uint32_t bits, count;
    const uint8_t *low;
    size_t left;

    if (!self->from) { /* all at once */
        bool more = self->count == 0 && self->end > 0;
        self->count = (uint32_t)self->end;
        return more;
    }
    left = self->end - self->entry;
    if (left == 0) return false;
    count = left < SPAN_ROOM ? (uint32_t)left : SPAN_ROOM;
    bits = self->at[0];
    low = low_part(self->at, self->from->others, self->end);
    for (uint32_t k = 0; k < count;) {
        size_t left_here = self->bucket_end - self->entry;
        uint32_t stop = left_here < count ? (uint32_t)left_here : count;
        uint32_t high = (uint32_t)((uint64_t)self->bucket << bits);
        for (; k < stop; k++) self->room[k] = high | low_at(low, bits, self->entry + k);
        if (k < count) self->bucket_end = cell(self->at, self->end, ++self->bucket);
    }
    self->count = count;
    read_values(self, self->first + self->entry);
    self->entry += count;
    return true;
}
