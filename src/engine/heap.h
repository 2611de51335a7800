/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A 4-ary min-heap of events in the order of engine/event.h (four children lie on two cache
 * lines; half the levels of a binary heap). Push and pop are O(log n).
 */
#ifndef ENGINE_HEAP_H
#define ENGINE_HEAP_H

#include "base/pieces.h"
#include "engine/event.h"

struct heap {
    struct pieces events; /* the first is the least */
    size_t count;
};
static inline struct event *heap_at(const struct heap *self, size_t i)
{
    return pieces_at(&self->events, i, sizeof(struct event));
}

/* STATUS_NO_MEMORY leaves the heap as it was. */
enum status heap_push(struct heap *self, const struct event *event) MUST_CHECK;
/* Removes the least; the heap must not be empty. */
struct event heap_pop(struct heap *self);
void heap_free(struct heap *self);
/* Memory held, in bytes. */
static inline size_t heap_bytes(const struct heap *self)
{
    return pieces_bytes(&self->events, sizeof(struct event));
}

#endif
