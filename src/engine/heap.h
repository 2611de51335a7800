/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A 4-ary min-heap of events in the order of engine/event.h (four children lie on two cache
 * lines; half the levels of a binary heap). Push and pop are O(log n).
 */
#ifndef ENGINE_HEAP_H
#define ENGINE_HEAP_H

#include "base/status.h"
#include "engine/event.h"

struct heap {
    struct event *events; /* owned; events[0] is the least */
    size_t count, room;
};

/* STATUS_NO_MEMORY leaves the heap as it was. */
enum status heap_push(struct heap *self, const struct event *event) MUST_CHECK;
/* Removes the least; the heap must not be empty. */
struct event heap_pop(struct heap *self);
void heap_free(struct heap *self);

#endif
