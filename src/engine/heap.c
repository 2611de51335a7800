/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/heap.h"

#include <assert.h>

enum status heap_push(struct heap *self, const struct event *event)
{
    enum status status = pieces_reserve(&self->events, self->count + 1, sizeof *event);
    if (status != STATUS_OK) return status;
    size_t hole = self->count++;
    while (hole > 0) {
        size_t parent = (hole - 1) / 4;
        if (!event_before(event, heap_at(self, parent))) break;
        *heap_at(self, hole) = *heap_at(self, parent);
        hole = parent;
    }
    *heap_at(self, hole) = *event;
    return STATUS_OK;
}

static size_t least_child(const struct heap *self, size_t parent)
{
    size_t first = 4 * parent + 1, end = first + 4 < self->count ? first + 4 : self->count;
    size_t least = first;
    for (size_t i = first + 1; i < end; i++)
        if (event_before(heap_at(self, i), heap_at(self, least))) least = i;
    return least;
}

struct event heap_pop(struct heap *self)
{
    assert(self->count > 0);
    struct event top = *heap_at(self, 0), moved = *heap_at(self, --self->count);
    size_t hole = 0;
    while (4 * hole + 1 < self->count) {
        size_t child = least_child(self, hole);
        if (!event_before(heap_at(self, child), &moved)) break;
        *heap_at(self, hole) = *heap_at(self, child);
        hole = child;
    }
    if (self->count > 0) *heap_at(self, hole) = moved;
    return top;
}

void heap_free(struct heap *self)
{
    pieces_free(&self->events);
    *self = (struct heap){0};
}
