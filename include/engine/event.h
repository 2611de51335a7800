/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Events: 24 bytes of data, never function pointers, so that they can be saved, printed,
 * diffed.
 *
 * An entity is a 32-bit number whose low bits are its shard (`entity & (shards - 1)`); the rest
 * is the model's business. A kind is an index into the dispatch table and a priority at once:
 * at one instant lower kinds run first. The order of an entity's events is total: (time, kind,
 * source, sequence) where sequence counts what the source's shard has sent, so two events of
 * one source stay in writing order whatever the number of shards and threads. What an entity
 * plans for the very instant at which it runs comes after the event that planned it.
 */
#ifndef ENGINE_EVENT_H
#define ENGINE_EVENT_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/time.h"

#define EVENT_KINDS_MAX 256

struct event {
    uint64_t when_kind; /* time << 8 | kind: comparing it compares both; time < 2^55 ms */
    uint32_t entity;    /* whom it happens to */
    uint32_t source;    /* who sent it; equals entity for its own plans */
    uint32_t sequence;  /* of the source's shard; compared modulo 2^32 */
    uint32_t data;      /* the kind's payload, often an id */
};
_Static_assert(sizeof(struct event) == 24, "an event is 24 bytes");

static inline sim_time event_time(const struct event *e)
{
    return (sim_time)(e->when_kind >> 8);
}
static inline uint8_t event_kind(const struct event *e) { return (uint8_t)e->when_kind; }
static inline uint64_t event_when_kind(sim_time when, uint8_t kind)
{
    return (uint64_t)when << 8 | kind;
}

/* Strict order of two events of one entity. */
static inline bool event_before(const struct event *a, const struct event *b)
{
    if (a->when_kind != b->when_kind) return a->when_kind < b->when_kind;
    if (a->source != b->source) return a->source < b->source;
    return (int32_t)(a->sequence - b->sequence) < 0;
}

#endif
