/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "world/relation.h"

#include <string.h>

#include "base/memory.h"
#include "world/entity.h"

static const uint16_t block_rows[RELATION_SIZES] = {
    2,  4,  6,   8,   10,  12,  14,  16,  20,  24,  28,  32,  40,  48,  56,  64,
    80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448, 512, 640, 768, 896, 1024};

/* The smallest size of block that holds n rows; RELATION_SIZES when there is none. */
static uint32_t size_for(uint32_t n)
{
    uint32_t size = 0;

    while (size < RELATION_SIZES && block_rows[size] < n) size++;
    return size;
}

void relation_pool_free(struct relation_pool *self)
{
    memory_free(self->row);
    *self = (struct relation_pool){0};
}

enum status relation_pool_reserve(struct relation_pool *self, size_t rows)
{
    if (rows > UINT32_MAX - self->count) return STATUS_NO_MEMORY;
    return memory_grow(&self->row, &self->capacity, self->count + rows, sizeof *self->row);
}

static enum status block_take(struct relation_pool *self, uint32_t size, uint32_t *first)
{
    uint32_t head = self->free_block[size];

    if (head != 0) {
        *first = head - 1;
        self->free_block[size] = self->row[*first].word;
        return STATUS_OK;
    }
    enum status status = relation_pool_reserve(self, block_rows[size]);
    if (status != STATUS_OK) return status;
    *first = (uint32_t)self->count;
    self->count += block_rows[size];
    return STATUS_OK;
}

/* Rows of a free block are zero but for the link, so that a file holds nothing of the past. */
static void block_give(struct relation_pool *self, uint32_t first, uint32_t rows)
{
    uint32_t size = size_for(rows);

    memset(self->row + first, 0, rows * sizeof *self->row);
    self->row[first].word = self->free_block[size];
    self->free_block[size] = first + 1;
}

static enum status list_room(struct relation_pool *self, struct relation_list *list,
                             uint32_t need)
{
    uint32_t first, size = size_for(need);

    if (need <= list->capacity) return STATUS_OK;
    if (size == RELATION_SIZES) return STATUS_NO_MEMORY;
    enum status status = block_take(self, size, &first);
    if (status != STATUS_OK) return status;
    memset(self->row + first, 0, block_rows[size] * sizeof *self->row);
    if (list->capacity != 0) {
        memcpy(self->row + first, self->row + list->first, list->count * sizeof *self->row);
        block_give(self, list->first, list->capacity);
    }
    list->first = first;
    list->capacity = block_rows[size];
    return STATUS_OK;
}

enum status relation_list_fill(struct relation_pool *self, struct relation_list *list,
                               const struct relation *row, uint32_t count, uint32_t room)
{
    require(list->count == 0 && count <= room);
    enum status status = room ? list_room(self, list, room) : STATUS_OK;
    if (status != STATUS_OK || count == 0) return status;
    memcpy(self->row + list->first, row, count * sizeof *row);
    list->count = (uint16_t)count;
    return STATUS_OK;
}

static void remove_at(struct relation_pool *self, struct relation_list *list, uint32_t at)
{
    struct relation *row = self->row + list->first;

    memmove(row + at, row + at + 1, (list->count - at - 1u) * sizeof *row);
    list->count--;
    row[list->count] = (struct relation){0};
}

/* Position of a row; count = none. */
static uint32_t find(const struct relation_pool *self, const struct relation_list *list,
                     struct relation what)
{
    const struct relation *row = self->row + list->first;
    uint32_t i = 0;

    while (i < list->count && row[i].word != what.word) i++;
    return i;
}

/* Position of the first of a kind; count = none. */
static uint32_t find_kind(const struct relation_pool *self, const struct relation_list *list,
                          enum relation_kind kind)
{
    const struct relation *row = self->row + list->first;
    uint32_t i = 0;

    while (i < list->count && relation_kind(row[i]) != kind) i++;
    return i;
}

enum status relation_add(struct relation_pool *self, struct relation_list *list,
                         struct relation what, uint32_t most, uint32_t *dropped)
{
    const struct relation *row = self->row + list->first;
    uint32_t gone = ENTITY_NONE, same = 0, known = most == 0;
    enum status status = STATUS_OK;

    for (uint32_t i = 0; i < list->count; i++) {
        same += relation_kind(row[i]) == relation_kind(what);
        known |= row[i].word == what.word;
    }
    if (known) goto out;
    if (same >= most || list->count == RELATION_LIST_MOST) {
        uint32_t oldest = find_kind(self, list, relation_kind(what));
        if (oldest == list->count) goto out; /* full of other kinds */
        gone = relation_other(self->row[list->first + oldest]);
        remove_at(self, list, oldest);
    }
    status = list_room(self, list, list->count + 1u);
    if (status == STATUS_OK) self->row[list->first + list->count++] = what;
out:
    if (dropped) *dropped = gone;
    return status;
}

bool relation_remove(struct relation_pool *self, struct relation_list *list,
                     struct relation what)
{
    uint32_t at = list->count ? find(self, list, what) : 0;

    if (at == list->count) return false;
    remove_at(self, list, at);
    return true;
}

bool relation_has(const struct relation_pool *self, const struct relation_list *list,
                  struct relation what)
{
    return list->count != 0 && find(self, list, what) < list->count;
}

uint32_t relation_count(const struct relation_pool *self, const struct relation_list *list,
                        enum relation_kind kind)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < list->count; i++)
        n += relation_kind(self->row[list->first + i]) == kind;
    return n;
}

bool relation_list_valid(const struct relation_pool *self, const struct relation_list *list)
{
    if (list->capacity == 0) return list->count == 0;
    uint32_t size = size_for(list->capacity);
    return size < RELATION_SIZES && block_rows[size] == list->capacity &&
           list->count <= list->capacity && (size_t)list->first + list->capacity <= self->count;
}

/* Whether the free blocks' links stay inside the pool and end. */
static bool free_blocks_valid(const struct relation_pool *self)
{
    size_t steps = 0;

    for (uint32_t size = 0; size < RELATION_SIZES; size++) {
        for (uint32_t at = self->free_block[size]; at != 0; at = self->row[at - 1].word)
            if ((size_t)at - 1 + block_rows[size] > self->count || ++steps > self->count)
                return false;
    }
    return true;
}

void relation_pool_visit(struct relation_pool *self, struct visitor *v)
{
    uint64_t count = self->count;

    visit_count(v, "relations.count", &count, UINT32_MAX);
    if (v->status != STATUS_OK) return;
    if (visit_loading(v)) {
        relation_pool_free(self);
        v->status = memory_grow(&self->row, &self->capacity, count, sizeof *self->row);
        if (v->status != STATUS_OK) return;
        self->count = count;
    }
    VISIT_FIELD(v, "relations.word", self->row, self->count, word);
    VISIT_ARRAY(v, "relations.free_block", self->free_block, RELATION_SIZES);
    if (visit_loading(v) && v->status == STATUS_OK && !free_blocks_valid(self))
        v->status = STATUS_BAD_INPUT;
}
