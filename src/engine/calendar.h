/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The calendar of one shard: a ring of buckets, one a window, and a heap for what lies beyond.
 *
 * A bucket is a chain of chunks to which events are appended as they come. When its window
 * opens, one distribution pass over the entities' numbers and an insertion sort put its events
 * in order of (entity, event order); an entity with very many events is sorted by merging
 * instead. Fewer, fuller windows are what makes this fast: a push writes 24
 * bytes at the end of a chunk.
 *
 * The windows [window, window + ring) have buckets; an event before them was pushed too late
 * and is a bug; one after them waits in the heap. calendar_check says whether all this holds.
 */
#ifndef ENGINE_CALENDAR_H
#define ENGINE_CALENDAR_H

#include "engine/heap.h"
#include "engine/slab.h"

struct calendar_chunk;

struct calendar_bucket {
    struct event *next, *end;    /* free room in the last chunk */
    struct calendar_chunk *last; /* chunks lead back to older ones */
    size_t full;                 /* events in the chunks before the last */
};

struct calendar {
    uint64_t window;                /* number of the window at the ring's head */
    sim_time length;                /* of a window, ms */
    uint32_t ring;                  /* buckets, a power of two */
    bool open;                      /* the head's events are in `sorted` */
    struct calendar_bucket *bucket; /* [ring], owned */
    struct heap beyond;
    struct slabs slabs;
    struct calendar_chunk *free_chunk;
    struct event *sorted; /* owned; the open window's events in order */
    size_t sorted_count, sorted_room;
    uint64_t pending; /* events held, those of the open window included */
};

/* What opening needs for its moment only; a thread opens many calendars with one. A zeroed
 * struct is valid. */
struct calendar_scratch {
    uint32_t *start;     /* owned; of the distribution pass */
    struct event *spare; /* owned; for merging */
    size_t start_room, spare_room;
};
void calendar_scratch_free(struct calendar_scratch *self);

enum status calendar_init(struct calendar *self, sim_time length, uint32_t ring) MUST_CHECK;
void calendar_free(struct calendar *self);

/* An event of a later window than the open one (or of the first, before it was opened). */
enum status calendar_push_slow(struct calendar *self, const struct event *event) MUST_CHECK;
/* Room for an event of the instant `when`, to be filled at once; NULL where a push takes the
 * long way. */
static inline struct event *calendar_room(struct calendar *self, sim_time when)
{
    uint64_t window = (uint64_t)(when / self->length);
    if (window - self->window >= self->ring) return 0;
    struct calendar_bucket *bucket = &self->bucket[window & (self->ring - 1)];
    if (bucket->next == bucket->end) return 0;
    self->pending++;
    return bucket->next++;
}
static inline enum status calendar_push(struct calendar *self, const struct event *event)
{
    struct event *room = calendar_room(self, event_time(event));
    if (!room) return calendar_push_slow(self, event);
    *room = *event;
    return STATUS_OK;
}

/* Sorts the head's bucket into self->sorted and empties it. */
enum status calendar_open(struct calendar *self, struct calendar_scratch *scratch) MUST_CHECK;
/* The head moves to the next window, its events are gone; what the heap holds for the ring's
 * new end comes in. */
enum status calendar_advance(struct calendar *self) MUST_CHECK;
/* All events not in the open window, unordered, appended to *out (grown). */
enum status calendar_list(const struct calendar *self, struct event **out, size_t *count,
                          size_t *room) MUST_CHECK;
void calendar_clear(struct calendar *self);
/* Memory held, in bytes. */
size_t calendar_bytes(const struct calendar *self);
/* Whether every event is where it belongs, the open window is in order and the counts agree:
 * NULL, or what is wrong. For tests; O(events). */
const char *calendar_check(const struct calendar *self);
/* Sorts by (entity, event order). spare has room for n events. */
void calendar_sort(struct event *events, size_t n, struct event *spare);

#endif
