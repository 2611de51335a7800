/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calendar.h"

#include <string.h>

#include "base/memory.h"

#define CHUNK_EVENTS 84   /* with its head two kilobytes */
#define INSERTION_MOST 24 /* events that insertion sort is best at */

struct calendar_chunk {
    struct calendar_chunk *before;
    struct event event[CHUNK_EVENTS];
};

enum status calendar_init(struct calendar *self, sim_time length, uint32_t ring)
{
    *self = (struct calendar){.length = length, .ring = ring};
    self->bucket = memory_alloc(ring, sizeof *self->bucket);
    return self->bucket ? STATUS_OK : STATUS_NO_MEMORY;
}

void calendar_free(struct calendar *self)
{
    slabs_free(&self->slabs);
    heap_free(&self->beyond);
    memory_free(self->bucket);
    memory_free(self->sorted);
    *self = (struct calendar){0};
}

void calendar_scratch_free(struct calendar_scratch *self)
{
    memory_free(self->start);
    memory_free(self->spare);
    *self = (struct calendar_scratch){0};
}

static enum status add_chunk(struct calendar *self, struct calendar_bucket *bucket)
{
    struct calendar_chunk *chunk = self->free_chunk;
    if (chunk)
        self->free_chunk = chunk->before;
    else
        chunk = slabs_take(&self->slabs, sizeof *chunk);
    if (!chunk) return STATUS_NO_MEMORY;
    if (bucket->last) bucket->full += CHUNK_EVENTS;
    chunk->before = bucket->last;
    bucket->last = chunk;
    bucket->next = chunk->event;
    bucket->end = chunk->event + CHUNK_EVENTS;
    return STATUS_OK;
}

enum status calendar_push_slow(struct calendar *self, const struct event *event)
{
    uint64_t window = (uint64_t)(event_time(event) / self->length);
    enum status status = STATUS_OK;
    if (window - self->window >= self->ring) {
        status = heap_push(&self->beyond, event);
    } else {
        struct calendar_bucket *bucket = &self->bucket[window & (self->ring - 1)];
        if (bucket->next == bucket->end) status = add_chunk(self, bucket);
        if (!status) *bucket->next++ = *event;
    }
    if (!status) self->pending++;
    return status;
}

static size_t bucket_count(const struct calendar_bucket *bucket)
{
    return bucket->last ? bucket->full + (size_t)(bucket->next - bucket->last->event) : 0;
}

/* The chunks lead back in time, and the order in which a bucket's events are met does not
 * matter: the sort is total. */
#define FOR_EACH_EVENT(bucket, event)                                                          \
    for (const struct calendar_chunk *chunk_ = (bucket)->last; chunk_;                         \
         chunk_ = chunk_->before)                                                              \
        for (const struct event *event = chunk_->event, *end_ = events_end(bucket, chunk_);    \
             event < end_; event++)

static const struct event *events_end(const struct calendar_bucket *bucket,
                                      const struct calendar_chunk *chunk)
{
    return chunk == bucket->last ? bucket->next : chunk->event + CHUNK_EVENTS;
}

static struct calendar_bucket *head_of(const struct calendar *self)
{
    return &self->bucket[self->window & (self->ring - 1)];
}

static void bucket_empty(struct calendar *self, struct calendar_bucket *bucket)
{
    for (struct calendar_chunk *c = bucket->last; c;) {
        struct calendar_chunk *before = c->before;
        c->before = self->free_chunk;
        self->free_chunk = c;
        c = before;
    }
    *bucket = (struct calendar_bucket){0};
}

/* ---------------------------------------------------------------------------------- sorting */

static inline bool before(const struct event *a, const struct event *b)
{
    if (a->entity != b->entity) return a->entity < b->entity;
    return event_before(a, b);
}

static void insertion_sort(struct event *events, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        struct event e = events[i];
        size_t j = i;
        for (; j > 0 && before(&e, &events[j - 1]); j--) events[j] = events[j - 1];
        events[j] = e;
    }
}

void calendar_sort(struct event *events, size_t n, struct event *spare)
{
    if (n <= INSERTION_MOST) {
        insertion_sort(events, n);
        return;
    }
    size_t half = n / 2, i = 0, j = half, k = 0;
    calendar_sort(events, half, spare);
    calendar_sort(events + half, n - half, spare + half);
    while (i < half && j < n) {
        bool left = !before(&events[j], &events[i]);
        spare[k++] = left ? events[i++] : events[j++];
    }
    while (i < half) spare[k++] = events[i++];
    memcpy(events, spare, k * sizeof *events);
}

/* How the numbers [least, least + (slots << shift)) are spread over slots. */
struct spread {
    uint32_t least, shift;
    size_t slots;
};

/* Entities of a shard are dense in their high bits: spreading n events over about n slots by
 * (entity - least) leaves about one in each. */
static struct spread spread_of(const struct calendar_bucket *bucket, size_t n)
{
    uint32_t least = UINT32_MAX, most = 0, shift = 0;
    FOR_EACH_EVENT(bucket, event)
    {
        least = event->entity < least ? event->entity : least;
        most = event->entity > most ? event->entity : most;
    }
    while (((uint64_t)(most - least) >> shift) >= n) shift++;
    return (struct spread){least, shift, ((most - least) >> shift) + 1};
}

static void distribute(struct calendar *self, const struct calendar_bucket *bucket,
                       struct spread by, struct calendar_scratch *scratch)
{
    uint32_t *start = scratch->start;
    memset(start, 0, (by.slots + 1) * sizeof *start);
    FOR_EACH_EVENT(bucket, event) start[((event->entity - by.least) >> by.shift) + 1]++;
    for (size_t s = 0; s < by.slots; s++) start[s + 1] += start[s];
    FOR_EACH_EVENT(bucket, event)
    self->sorted[start[(event->entity - by.least) >> by.shift]++] = *event;
    size_t from = 0; /* start[s] is now the end of slot s */
    for (size_t s = 0; s < by.slots; s++) {
        calendar_sort(self->sorted + from, start[s] - from, scratch->spare);
        from = start[s];
    }
}

enum status calendar_open(struct calendar *self, struct calendar_scratch *scratch)
{
    struct calendar_bucket *bucket = head_of(self);
    size_t n = bucket_count(bucket);
    enum status status = memory_grow(&self->sorted, &self->sorted_room, n,
                                     sizeof *self->sorted);
    if (!status)
        status = memory_grow(&scratch->spare, &scratch->spare_room, n, sizeof *scratch->spare);
    if (!status)
        status = memory_grow(&scratch->start, &scratch->start_room, n + 2,
                             sizeof *scratch->start);
    if (status) return status;
    if (n > 0) distribute(self, bucket, spread_of(bucket, n), scratch);
    bucket_empty(self, bucket);
    self->sorted_count = n;
    self->open = true;
    return STATUS_OK;
}

enum status calendar_advance(struct calendar *self)
{
    enum status status = STATUS_OK;
    self->pending -= self->sorted_count + bucket_count(head_of(self));
    bucket_empty(self, head_of(self)); /* a window that was never opened */
    self->sorted_count = 0;
    self->open = false;
    self->window++;
    uint64_t last = self->window + self->ring - 1;
    while (!status && self->beyond.count &&
           (uint64_t)(event_time(heap_at(&self->beyond, 0)) / self->length) <= last) {
        struct event event = heap_pop(&self->beyond);
        self->pending--; /* the push counts it again */
        status = calendar_push(self, &event);
    }
    return status;
}

enum status calendar_list(const struct calendar *self, struct event **out, size_t *count,
                          size_t *room)
{
    size_t need = *count + (size_t)self->pending;
    enum status status = memory_grow(out, room, need, sizeof **out);
    if (status) return status;
    for (uint32_t b = 0; b < self->ring; b++)
        FOR_EACH_EVENT(&self->bucket[b], event)(*out)[(*count)++] = *event;
    for (size_t i = 0; i < self->beyond.count; i++)
        (*out)[(*count)++] = *heap_at(&self->beyond, i);
    return STATUS_OK;
}

void calendar_clear(struct calendar *self)
{
    for (uint32_t b = 0; b < self->ring; b++) bucket_empty(self, &self->bucket[b]);
    self->beyond.count = 0;
    self->sorted_count = 0;
    self->open = false;
    self->pending = 0;
}

size_t calendar_bytes(const struct calendar *self)
{
    return self->slabs.bytes + self->ring * sizeof *self->bucket +
           self->sorted_room * sizeof(struct event) + heap_bytes(&self->beyond);
}

/* --------------------------------------------------------------------------------- checking */

static const char *check_sorted(const struct calendar *self)
{
    if (!self->open && self->sorted_count) return "a closed window has sorted events";
    for (size_t i = 0; i < self->sorted_count; i++) {
        const struct event *e = &self->sorted[i];
        if ((uint64_t)(event_time(e) / self->length) != self->window)
            return "an event of the open window lies outside it";
        if (i > 0 && !before(e - 1, e)) return "the open window is not in order";
    }
    return NULL;
}

const char *calendar_check(const struct calendar *self)
{
    uint64_t events = self->sorted_count + self->beyond.count;
    for (uint64_t w = self->window; w < self->window + self->ring; w++) {
        const struct calendar_bucket *bucket = &self->bucket[w & (self->ring - 1)];
        size_t here = 0;
        FOR_EACH_EVENT(bucket, event)
        {
            here++;
            if ((uint64_t)(event_time(event) / self->length) != w)
                return "an event lies in another window's bucket";
        }
        if (here != bucket_count(bucket)) return "a bucket's count is wrong";
        events += here;
    }
    if (self->open && bucket_count(head_of(self))) return "the open window's bucket is in use";
    for (size_t i = 0; i < self->beyond.count; i++) {
        const struct event *e = heap_at(&self->beyond, i);
        if ((uint64_t)(event_time(e) / self->length) < self->window + self->ring)
            return "the heap holds an event of the ring";
        if (i > 0 && event_before(e, heap_at(&self->beyond, (i - 1) / 4)))
            return "the heap is not a heap";
    }
    if (events != self->pending) return "the number of pending events is wrong";
    return check_sorted(self);
}
