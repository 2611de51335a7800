/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calendar.h"

#include <string.h>

#include "base/memory.h"

#define CHUNK_EVENTS 84   /* with its head two kilobytes */
#define INSERTION_MOST 24 /* events that insertion sort is best at */

struct calendar_chunk {
    struct calendar_chunk *before;
    size_t count; /* events in it, once it is full */
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
    memory_free(self->spare);
    memory_free(self->start);
    *self = (struct calendar){0};
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

/* Copies a bucket's events; their order does not matter, the sort is total. */
static size_t bucket_copy(const struct calendar_bucket *bucket, struct event *out)
{
    size_t n = 0, here = bucket->last ? (size_t)(bucket->next - bucket->last->event) : 0;
    for (const struct calendar_chunk *c = bucket->last; c; c = c->before, here = CHUNK_EVENTS) {
        memcpy(out + n, c->event, here * sizeof *out);
        n += here;
    }
    return n;
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

/* Entities of a shard are dense in their high bits: spreading n events over about n slots by
 * (entity - least) leaves about one in each. */
static void distribute(struct calendar *self, const struct event *in, size_t n)
{
    uint32_t least = UINT32_MAX, most = 0;
    for (size_t i = 0; i < n; i++) {
        least = in[i].entity < least ? in[i].entity : least;
        most = in[i].entity > most ? in[i].entity : most;
    }
    uint32_t shift = 0;
    while (((uint64_t)(most - least) >> shift) >= n) shift++;
    size_t slots = ((most - least) >> shift) + 1;
    uint32_t *start = self->start;
    memset(start, 0, (slots + 1) * sizeof *start);
    for (size_t i = 0; i < n; i++) start[((in[i].entity - least) >> shift) + 1]++;
    for (size_t s = 0; s < slots; s++) start[s + 1] += start[s];
    for (size_t i = 0; i < n; i++)
        self->sorted[start[(in[i].entity - least) >> shift]++] = in[i];
    size_t from = 0; /* start[s] is now the end of slot s */
    for (size_t s = 0; s < slots; s++) {
        calendar_sort(self->sorted + from, start[s] - from, self->spare + from);
        from = start[s];
    }
}

static enum status make_room(struct calendar *self, size_t n)
{
    enum status status = memory_grow(&self->sorted, &self->sorted_room, n,
                                     sizeof *self->sorted);
    if (!status) status = memory_grow(&self->spare, &self->spare_room, n, sizeof *self->spare);
    if (!status)
        status = memory_grow(&self->start, &self->start_room, n + 2, sizeof *self->start);
    return status;
}

enum status calendar_open(struct calendar *self)
{
    struct calendar_bucket *bucket = &self->bucket[self->window & (self->ring - 1)];
    size_t n = bucket_count(bucket);
    enum status status = make_room(self, n);
    if (status) return status;
    self->sorted_count = n;
    if (n == 0) return STATUS_OK;
    bucket_copy(bucket, self->spare);
    bucket_empty(self, bucket);
    distribute(self, self->spare, n);
    return STATUS_OK;
}

enum status calendar_advance(struct calendar *self)
{
    enum status status = STATUS_OK;
    self->pending -= self->sorted_count;
    self->sorted_count = 0;
    self->window++;
    uint64_t last = self->window + self->ring - 1;
    while (!status && self->beyond.count &&
           (uint64_t)(event_time(&self->beyond.events[0]) / self->length) <= last) {
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
        *count += bucket_copy(&self->bucket[b], *out + *count);
    for (size_t i = 0; i < self->beyond.count; i++) (*out)[(*count)++] = self->beyond.events[i];
    return STATUS_OK;
}

void calendar_clear(struct calendar *self)
{
    for (uint32_t b = 0; b < self->ring; b++) bucket_empty(self, &self->bucket[b]);
    self->beyond.count = 0;
    self->sorted_count = 0;
    self->pending = 0;
}
