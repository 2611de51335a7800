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
    for (size_t i = 0; i < self->pieces; i++) memory_free(self->piece[i]);
    memory_free(self->piece);
    *self = (struct relation_pool){0};
}

static enum status add_piece(struct relation_pool *self)
{
    if (self->capacity + RELATION_PIECE > UINT32_MAX) return STATUS_NO_MEMORY;
    enum status status = memory_grow(&self->piece, &self->room, self->pieces + 1,
                                     sizeof *self->piece);
    if (status != STATUS_OK) return status;
    struct relation *piece = memory_alloc(RELATION_PIECE, sizeof *piece);
    if (!piece) return STATUS_NO_MEMORY;
    self->piece[self->pieces++] = piece;
    self->capacity += RELATION_PIECE;
    return STATUS_OK;
}

enum status relation_pool_reserve(struct relation_pool *self, size_t rows)
{
    enum status status = STATUS_OK;

    while (status == STATUS_OK && self->capacity - self->count < rows) status = add_piece(self);
    return status;
}

/* Rows of a free block are zero but for the link, so that a file holds nothing of the past. */
static void block_give(struct relation_pool *self, uint32_t first, uint32_t rows)
{
    uint32_t size = size_for(rows);

    memset(relation_at(self, first), 0, rows * sizeof(struct relation));
    relation_at(self, first)->word = self->free_block[size];
    self->free_block[size] = first + 1;
}

/* What is left of a piece, an even number of rows, becomes free blocks, the largest first. */
static void piece_end(struct relation_pool *self)
{
    uint32_t left = (uint32_t)(-self->count % RELATION_PIECE), size = RELATION_SIZES;

    while (left > 0) {
        while (size == RELATION_SIZES || block_rows[size] > left) size--;
        block_give(self, (uint32_t)self->count, block_rows[size]);
        self->count += block_rows[size];
        left -= block_rows[size];
    }
}

static enum status block_take(struct relation_pool *self, uint32_t size, uint32_t *first)
{
    uint32_t head = self->free_block[size], rows = block_rows[size];

    if (head != 0) {
        *first = head - 1;
        self->free_block[size] = relation_at(self, *first)->word;
        return STATUS_OK;
    }
    if (-self->count % RELATION_PIECE < rows) piece_end(self);
    enum status status = relation_pool_reserve(self, rows);
    if (status != STATUS_OK) return status;
    *first = (uint32_t)self->count;
    self->count += rows;
    return STATUS_OK;
}

static enum status list_room(struct relation_pool *self, struct relation_list *list,
                             uint32_t need)
{
    uint32_t first, size = size_for(need);

    if (need <= list->capacity) return STATUS_OK;
    if (size == RELATION_SIZES) return STATUS_NO_MEMORY;
    enum status status = block_take(self, size, &first);
    if (status != STATUS_OK) return status;
    struct relation *row = relation_at(self, first);
    memset(row, 0, block_rows[size] * sizeof *row);
    if (list->capacity != 0) {
        memcpy(row, relation_at(self, list->first), list->count * sizeof *row);
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
    memcpy(relation_at(self, list->first), row, count * sizeof *row);
    list->count = (uint16_t)count;
    return STATUS_OK;
}

static void remove_at(struct relation_pool *self, struct relation_list *list, uint32_t at)
{
    struct relation *row = relation_at(self, list->first);

    memmove(row + at, row + at + 1, (list->count - at - 1u) * sizeof *row);
    list->count--;
    row[list->count] = (struct relation){0};
}

/* Position of a row; count = none. */
static uint32_t find(const struct relation_pool *self, const struct relation_list *list,
                     struct relation what)
{
    const struct relation *row = relation_rows(self, list);
    uint32_t i = 0;

    while (i < list->count && row[i].word != what.word) i++;
    return i;
}

/* Position of the first of a kind; count = none. */
static uint32_t find_kind(const struct relation_pool *self, const struct relation_list *list,
                          enum relation_kind kind)
{
    const struct relation *row = relation_rows(self, list);
    uint32_t i = 0;

    while (i < list->count && relation_kind(row[i]) != kind) i++;
    return i;
}

enum status relation_add(struct relation_pool *self, struct relation_list *list,
                         struct relation what, uint32_t most, uint32_t *dropped)
{
    const struct relation *row = relation_rows(self, list);
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
        gone = relation_other(row[oldest]);
        remove_at(self, list, oldest);
    }
    status = list_room(self, list, list->count + 1u);
    if (status == STATUS_OK) *relation_at(self, list->first + list->count++) = what;
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
    const struct relation *row = relation_rows(self, list);
    uint32_t n = 0;

    for (uint32_t i = 0; i < list->count; i++) n += relation_kind(row[i]) == kind;
    return n;
}

/* Whether a block lies within the pool and one piece of it. */
static bool block_valid(const struct relation_pool *self, uint32_t first, uint32_t rows)
{
    return (size_t)first + rows <= self->count &&
           first % RELATION_PIECE + rows <= RELATION_PIECE;
}

bool relation_list_valid(const struct relation_pool *self, const struct relation_list *list)
{
    if (list->capacity == 0) return list->count == 0;
    uint32_t size = size_for(list->capacity);
    return size < RELATION_SIZES && block_rows[size] == list->capacity &&
           list->count <= list->capacity && block_valid(self, list->first, list->capacity);
}

/* Whether the free blocks' links stay inside the pool and end. */
static bool free_blocks_valid(const struct relation_pool *self)
{
    size_t steps = 0;

    for (uint32_t size = 0; size < RELATION_SIZES; size++)
        for (uint32_t at = self->free_block[size]; at != 0;
             at = relation_at(self, at - 1)->word)
            if (!block_valid(self, at - 1, block_rows[size]) || ++steps > self->count)
                return false;
    return true;
}

/* A piece at a time: a file that claims too many rows ends before it costs much memory. */
void relation_pool_visit(struct relation_pool *self, struct visitor *v)
{
    uint64_t count = self->count;

    visit_count(v, "relations.count", &count, UINT32_MAX);
    if (visit_loading(v)) relation_pool_free(self);
    for (size_t at = 0; v->status == STATUS_OK && at < count; at += RELATION_PIECE) {
        size_t n = count - at < RELATION_PIECE ? (size_t)count - at : RELATION_PIECE;
        if (visit_loading(v)) v->status = add_piece(self);
        if (v->status != STATUS_OK) return;
        VISIT_FIELD(v, "relations.word", self->piece[at / RELATION_PIECE], n, word);
    }
    if (visit_loading(v) && v->status == STATUS_OK) self->count = (size_t)count;
    VISIT_ARRAY(v, "relations.free_block", self->free_block, RELATION_SIZES);
    if (visit_loading(v) && v->status == STATUS_OK && !free_blocks_valid(self))
        v->status = STATUS_BAD_INPUT;
}
