/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "recommend/interactions.h"

#include <string.h>

#include "base/memory.h"

enum status interactions_init(struct interactions *self, size_t room)
{
    *self = (struct interactions){0};
    return interactions_reserve(self, room);
}

void interactions_free(struct interactions *self)
{
    memory_free(self->user);
    memory_free(self->item);
    memory_free(self->value);
    memory_free(self->time);
    *self = (struct interactions){0};
}

/* A column of four-byte cells in a larger block, one block at a time: never two logs at once.
 */
static enum status widen(void *column, size_t count, size_t rows)
{
    void *old, *wide = memory_alloc(rows, sizeof(uint32_t));

    if (!wide) return STATUS_NO_MEMORY;
    memcpy(&old, column, sizeof(old));
    if (count) memcpy(wide, old, count * sizeof(uint32_t));
    memory_free(old);
    memcpy(column, &wide, sizeof(wide));
    return STATUS_OK;
}

enum status interactions_reserve(struct interactions *self, size_t rows)
{
    enum status status = STATUS_OK;

    if (rows <= self->room && self->user) return STATUS_OK;
    if (!status) status = widen(&self->user, self->count, rows);
    if (!status) status = widen(&self->item, self->count, rows);
    if (!status) status = widen(&self->value, self->count, rows);
    if (!status) status = widen(&self->time, self->count, rows);
    if (!status) self->room = rows;
    return status;
}

enum status interactions_append(struct interactions *self, const struct interaction *row)
{
    size_t at = self->count;

    require(row->user < UINT32_MAX && row->item < UINT32_MAX);
    if (at == self->room) {
        enum status status = interactions_reserve(self, at + at / 4 + 1024);
        if (status) return status;
    }
    self->user[at] = row->user;
    self->item[at] = row->item;
    self->value[at] = row->value;
    self->time[at] = row->time;
    self->count++;
    if (row->user >= self->users) self->users = row->user + 1;
    if (row->item >= self->items) self->items = row->item + 1;
    return STATUS_OK;
}

void interactions_forget_times(struct interactions *self)
{
    memory_free(self->time);
    self->time = NULL;
}

/* A row as the sort's key: four words, most significant first. */
static uint32_t key_word(const struct interactions *self, size_t row, int word)
{
    uint32_t bits;

    switch (word) {
    case 0:
        return self->user[row];
    case 1:
        return self->time[row];
    case 2:
        return self->item[row];
    default:
        memcpy(&bits, &self->value[row], sizeof(bits));
        return bits;
    }
}

static unsigned key_byte(const struct interactions *self, size_t row, int byte)
{
    return key_word(self, row, byte / 4) >> (24 - byte % 4 * 8) & 0xff;
}

void interactions_swap(struct interactions *self, size_t a, size_t b)
{
    struct interaction row = interactions_row(self, a);

    self->user[a] = self->user[b];
    self->item[a] = self->item[b];
    self->value[a] = self->value[b];
    self->time[a] = self->time[b];
    self->user[b] = row.user;
    self->item[b] = row.item;
    self->value[b] = row.value;
    self->time[b] = row.time;
}

int interactions_compare(const struct interactions *a, size_t i, const struct interactions *b,
                         size_t j)
{
    for (int word = 0; word < 4; word++) {
        uint32_t x = key_word(a, i, word), y = key_word(b, j, word);
        if (x != y) return x < y ? -1 : 1;
    }
    return 0;
}

static bool comes_before(const struct interactions *self, size_t a, size_t b)
{
    return interactions_compare(self, a, self, b) < 0;
}

struct interactions_range interactions_range(const struct interactions *self)
{
    struct interactions_range range = {0};
    double sum = 0;

    for (size_t r = 0; r < self->count; r++) {
        sum += (double)self->value[r];
        if (r == 0 || self->value[r] < range.low) range.low = self->value[r];
        if (r == 0 || self->value[r] > range.high) range.high = self->value[r];
    }
    if (self->count) range.mean = (float)(sum / (double)self->count);
    return range;
}

bool interactions_by_user(const struct interactions *self)
{
    size_t r = 1;

    while (r < self->count && self->user[r] >= self->user[r - 1]) r++;
    return r >= self->count;
}

static void sort_few(struct interactions *self, size_t first, size_t last)
{
    for (size_t i = first + 1; i < last; i++)
        for (size_t j = i; j > first && comes_before(self, j, j - 1); j--)
            interactions_swap(self, j, j - 1);
}

/* American flag sort (McIlroy, Bostic & McIlroy 1993, Computing Systems 6(1)): rows go round in
 * cycles to the bucket of their byte, then each bucket is sorted by the next byte. */
static void sort_bytes(struct interactions *self, size_t first, size_t last, int byte)
{
    size_t next[256], end[256], sum = first;

    for (; last - first > 24 && byte < 16; byte++) {
        memset(end, 0, sizeof(end));
        for (size_t i = first; i < last; i++) end[key_byte(self, i, byte)]++;
        if (end[key_byte(self, first, byte)] < last - first) break;
    }
    if (last - first <= 24) sort_few(self, first, last);
    if (last - first <= 24 || byte == 16) return;
    for (int b = 0; b < 256; b++) {
        next[b] = sum;
        sum += end[b];
        end[b] = sum;
    }
    for (unsigned b = 0; b < 256; b++)
        while (next[b] < end[b]) {
            unsigned home = key_byte(self, next[b], byte);
            if (home == b)
                next[b]++;
            else
                interactions_swap(self, next[b], next[home]++);
        }
    for (unsigned b = 0, start = 1; b < 256; b++, start = 0)
        sort_bytes(self, start ? first : end[b - 1], end[b], byte + 1);
}

void interactions_sort(struct interactions *self)
{
    size_t i = 1;

    while (i < self->count && !comes_before(self, i, i - 1)) i++;
    if (i < self->count) sort_bytes(self, 0, self->count, 0);
}

static enum status make_room(struct interaction_index *self)
{
    self->offset = memory_alloc((size_t)self->rows + 2, sizeof(*self->offset));
    self->other = memory_alloc(self->count, sizeof(*self->other));
    self->value = memory_alloc(self->count, sizeof(*self->value));
    if (self->offset && self->other && self->value) return STATUS_OK;
    interaction_index_free(self);
    return STATUS_NO_MEMORY;
}

/* From counts at offset[i + 2] to where the next entry of i goes at offset[i + 1], which ends
 * as the start of i + 1. */
static void add_up(struct interaction_index *self)
{
    for (size_t i = 0; i < self->rows; i++) self->offset[i + 2] += self->offset[i + 1];
}

static void put(struct interaction_index *self, uint32_t row, uint32_t other, float value)
{
    size_t at = self->offset[(size_t)row + 1]++;

    self->other[at] = other;
    self->value[at] = value;
}

enum status interaction_index_init(struct interaction_index *self,
                                   const struct interactions *log)
{
    *self = (struct interaction_index){.rows = log->users,
                                       .others = log->items,
                                       .count = log->count,
                                       .other = log->item,
                                       .value = log->value,
                                       .borrowed = true};
    self->offset = memory_alloc((size_t)self->rows + 1, sizeof(*self->offset));
    if (!self->offset) return STATUS_NO_MEMORY;
    for (size_t r = 0; r < log->count; r++) self->offset[(size_t)log->user[r] + 1]++;
    for (size_t u = 0; u < log->users; u++) self->offset[u + 1] += self->offset[u];
    return STATUS_OK;
}

enum status interaction_index_transpose(const struct interaction_index *self,
                                        struct interaction_index *out)
{
    enum status status;

    *out = (struct interaction_index){
        .rows = self->others, .others = self->rows, .count = self->count};
    status = make_room(out);
    if (status) return status;
    for (size_t k = 0; k < self->count; k++) out->offset[(size_t)self->other[k] + 2]++;
    add_up(out);
    for (uint32_t i = 0; i < self->rows; i++)
        for (size_t k = self->offset[i]; k < self->offset[i + 1]; k++)
            put(out, self->other[k], i, self->value[k]);
    return STATUS_OK;
}

void interaction_index_free(struct interaction_index *self)
{
    memory_free(self->offset);
    if (!self->borrowed) {
        memory_free(self->other);
        memory_free(self->value);
    }
    *self = (struct interaction_index){0};
}
