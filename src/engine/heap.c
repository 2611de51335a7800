/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/heap.h"

#include <assert.h>

#include "base/memory.h"

enum status heap_push(struct heap *self, const struct event *event)
{
    if (self->count == self->room) {
        enum status status = memory_grow(
            &self->events, &self->room, self->count < 16 ? 16 : self->count + 1, sizeof *event);
        if (status != STATUS_OK) return status;
    }
    size_t hole = self->count++;
    while (hole > 0) {
        size_t parent = (hole - 1) / 4;
        if (!event_before(event, &self->events[parent])) break;
        self->events[hole] = self->events[parent];
        hole = parent;
    }
    self->events[hole] = *event;
    return STATUS_OK;
}

static size_t least_child(const struct heap *self, size_t parent)
{
    size_t first = 4 * parent + 1, end = first + 4 < self->count ? first + 4 : self->count;
    size_t least = first;
    for (size_t i = first + 1; i < end; i++)
        if (event_before(&self->events[i], &self->events[least])) least = i;
    return least;
}

struct event heap_pop(struct heap *self)
{
    assert(self->count > 0);
    struct event top = self->events[0], moved = self->events[--self->count];
    size_t hole = 0;
    while (4 * hole + 1 < self->count) {
        size_t child = least_child(self, hole);
        if (!event_before(&self->events[child], &moved)) break;
        self->events[hole] = self->events[child];
        hole = child;
    }
    if (self->count > 0) self->events[hole] = moved;
    return top;
}

void heap_free(struct heap *self)
{
    memory_free(self->events);
    *self = (struct heap){0};
}
