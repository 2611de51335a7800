/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/engine.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "calendar.h"
#include "engine/exchange.h"
#include "engine/post.h"

#define PENDING_MOST (UINT64_C(1) << 40) /* a file that claims more is not ours */
#define VISIT_BLOCK 65536                /* events that are saved or loaded at a time */

/* What one shard's owner writes while its entities run. */
struct engine_shard {
    struct calendar calendar;
    struct heap own; /* events that the running entity planned for itself inside this window */
    uint32_t sequence;
    uint64_t executed, ties;
    enum status status;
    char fault[320]; /* the first message that came too early */
    char apart[64];  /* neighbours are other threads' */
};

struct engine {
    struct engine_options options;
    struct team *team;                /* borrowed */
    struct engine_shard *shard;       /* [options.shards], owned */
    struct calendar_scratch *scratch; /* [threads], owned */
    size_t threads;                   /* room in scratch */
    struct exchange messages; /* delivered at a close, read by each shard at its next turn */
    uint64_t window;
    bool open, ran; /* inside a window; entities of it were run */
};

enum status engine_init(struct engine **out, const struct engine_options *options,
                        struct team *team)
{
    require(options->window >= 1 && options->kind_count <= EVENT_KINDS_MAX);
    struct engine *self = memory_alloc(1, sizeof *self);
    if (!self) return STATUS_NO_MEMORY;
    self->options = *options;
    if (!self->options.ring) self->options.ring = 256;
    self->team = team;
    self->shard = memory_alloc(options->shards, sizeof *self->shard);
    enum status status = self->shard ? STATUS_OK : STATUS_NO_MEMORY;
    if (!status) status = exchange_init(&self->messages, options->shards, sizeof(struct event));
    for (uint32_t s = 0; s < options->shards && !status; s++)
        status = calendar_init(&self->shard[s].calendar, options->window, self->options.ring);
    if (status)
        engine_free(self);
    else
        *out = self;
    return status;
}

void engine_free(struct engine *self)
{
    if (!self) return;
    for (uint32_t s = 0; self->shard && s < self->options.shards; s++) {
        calendar_free(&self->shard[s].calendar);
        heap_free(&self->shard[s].own);
    }
    for (size_t t = 0; t < self->threads; t++) calendar_scratch_free(&self->scratch[t]);
    if (self->messages.shards) exchange_free(&self->messages);
    memory_free(self->scratch);
    memory_free(self->shard);
    memory_free(self);
}

static uint32_t shard_of(const struct engine *self, uint32_t entity)
{
    return entity & (self->options.shards - 1);
}

/* Whether the entity's events are this process's to run. */
static bool is_here(const struct engine *self, uint32_t entity)
{
    return entity > self->options.local_last ||
           post_owns(self->options.post, shard_of(self, entity));
}

sim_time engine_window_start(const struct engine *self)
{
    return (sim_time)self->window * self->options.window;
}

sim_time engine_window_end(const struct engine *self)
{
    return engine_window_start(self) + self->options.window;
}

uint64_t engine_window_number(const struct engine *self) { return self->window; }

enum status engine_plan(struct engine *self, uint32_t entity, sim_time when, uint8_t kind,
                        uint32_t data)
{
    struct engine_shard *shard = &self->shard[shard_of(self, entity)];
    require(kind < self->options.kind_count);
    require(when >= (self->open ? engine_window_end(self) : engine_window_start(self)));
    const struct event event = {event_when_kind(when, kind), entity, entity, shard->sequence++,
                                data};
    return is_here(self, entity) ? calendar_push(&shard->calendar, &event) : STATUS_OK;
}

static void note_fault(const struct scope *scope, uint32_t to, sim_time when, uint8_t kind)
{
    struct engine_shard *shard = &scope->engine->shard[scope->shard];
    char at[32], now[32], end[32];
    if (shard->fault[0]) return;
    snprintf(shard->fault, sizeof shard->fault,
             "entity %" PRIu32 " sent \"%s\" to entity %" PRIu32
             " for %s while it was %s; others "
             "cannot be touched before the next window opens at %s",
             scope->entity, scope->engine->options.kinds[kind].name, to, time_text(when, at),
             time_text(scope->now, now), time_text(scope->window_end, end));
}

/* Within the window, or where a chunk is full, or no memory. */
static void send_slow(const struct scope *scope, const struct event *event)
{
    struct engine_shard *shard = &scope->engine->shard[scope->shard];
    enum status status = STATUS_NO_MEMORY;
    if (event_time(event) < scope->window_end)
        status = heap_push(&shard->own, event);
    else if (shard_of(scope->engine, event->entity) == scope->shard)
        status = calendar_push(&shard->calendar, event);
    if (status) shard->status = status;
}

void scope_send(struct scope *scope, uint32_t to, sim_time when, uint8_t kind, uint32_t data)
{
    struct engine *self = scope->engine;
    struct engine_shard *shard = &self->shard[scope->shard];
    bool own = to == scope->entity;
    require(kind < self->options.kind_count);
    if (when < (own ? scope->now : scope->window_end)) {
        note_fault(scope, to, when, kind);
        return;
    }
    uint32_t sequence = shard->sequence++;
    bool later = when >= scope->window_end, here = shard_of(self, to) == scope->shard;
    struct event *room = NULL;
    if (later && here) room = calendar_room(&shard->calendar, when);
    if (later && !here)
        room = exchange_append(&self->messages, scope->shard, shard_of(self, to));
    /* Written in place: a copy of what was just put together waits for every store before it.
     */
    if (room)
        *room = (struct event){event_when_kind(when, kind), to, scope->entity, sequence, data};
    else
        send_slow(scope, &(struct event){event_when_kind(when, kind), to, scope->entity,
                                         sequence, data});
}

/* After a close: the calendar moves to the window that comes next, and what others sent goes
 * into it. Each shard does so at its first turn in that window and goes straight on to its
 * entities, so that its calendar comes into the cache once. */
static enum status settle_shard(struct engine *self, uint32_t s)
{
    struct engine_shard *shard = &self->shard[s];
    struct exchange_cursor cursor = exchange_read(&self->messages, s);
    const struct event *rows;
    size_t n;
    if (shard->calendar.window == self->window) return STATUS_OK;
    enum status status = calendar_advance(&shard->calendar);
    while (!status && (rows = exchange_next(&cursor, &n)))
        for (size_t i = 0; i < n && !status; i++)
            if (is_here(self, rows[i].entity))
                status = calendar_push(&shard->calendar, &rows[i]);
    exchange_consumed(&self->messages, s);
    return status;
}

static void settle_one(void *context, uint32_t s, uint32_t thread)
{
    struct engine *self = context;
    (void)thread;
    enum status status = settle_shard(self, s);
    if (status) self->shard[s].status = status;
}

static void settle(struct engine *self)
{
    for (uint32_t s = 0; s < self->options.shards; s++) {
        if (self->shard[s].calendar.window == self->window) continue;
        team_run(self->team, self->options.shards, settle_one, self);
        return;
    }
}

static enum status first_status(const struct engine *self)
{
    for (uint32_t s = 0; s < self->options.shards; s++)
        if (self->shard[s].status) return self->shard[s].status;
    return STATUS_OK;
}

enum status engine_open(struct engine *self)
{
    require(!self->open);
    enum status status = memory_grow(&self->scratch, &self->threads, self->team->threads,
                                     sizeof *self->scratch);
    if (status) return status;
    self->open = true;
    self->ran = false;
    return first_status(self);
}

/* Runs one entity's sorted events, merged with those that it plans for itself on the way. */
static void run_entity(struct scope *scope, struct engine_shard *shard,
                       const struct event *event, const struct event *end)
{
    const struct event_kind_row *kinds = scope->engine->options.kinds;
    sim_time last = -1;
    scope->entity = event->entity;
    while (event < end || shard->own.count) {
        struct event now;
        if (event == end || (shard->own.count && event_before(heap_at(&shard->own, 0), event)))
            now = heap_pop(&shard->own);
        else
            now = *event++;
        scope->now = event_time(&now);
        scope->horizon = scope->window_end;
        if (event < end) scope->horizon = event_time(event);
        if (shard->own.count && event_time(heap_at(&shard->own, 0)) < scope->horizon)
            scope->horizon = event_time(heap_at(&shard->own, 0));
        shard->ties += scope->now == last;
        last = scope->now;
        shard->executed++;
        kinds[event_kind(&now)].run(scope, &now);
    }
}

struct range {
    struct engine *engine;
    uint32_t first, last;
    void *world;
};

static size_t lower_bound(const struct event *events, size_t n, uint32_t entity)
{
    size_t low = 0;
    while (n > 0) {
        size_t half = n / 2;
        if (events[low + half].entity < entity) {
            low += half + 1;
            n -= half + 1;
        } else {
            n = half;
        }
    }
    return low;
}

/* Before the events up to `next` are run, those that follow are announced: once more the one at
 * hand, for the first time the one after it. */
static const struct event *announce(const struct scope *scope, const struct event *from,
                                    const struct event *next, const struct event *end)
{
    const struct engine *self = scope->engine;
    for (; from < next; from++)
        for (uint32_t between = 1; between <= EVENT_HERALD_MOST; between++)
            if (between < (size_t)(end - from))
                self->options.herald(scope->world, scope->shard, from + between, between);
    return from;
}

static void run_shard(void *context, uint32_t s, uint32_t thread)
{
    const struct range *range = context;
    struct engine *self = range->engine;
    struct engine_shard *shard = &self->shard[s];
    struct scope scope = {.engine = self,
                          .world = range->world,
                          .shard = s,
                          .thread = thread,
                          .window_end = engine_window_end(self)};
    enum status status = settle_shard(self, s);
    if (!status && !shard->calendar.open)
        status = calendar_open(&shard->calendar, &self->scratch[thread]);
    if (status) shard->status = status;
    if (shard->calendar.sorted_count == 0) return; /* sorted may then be NULL */
    const struct event *event = shard->calendar.sorted;
    const struct event *end = event + shard->calendar.sorted_count;
    event += lower_bound(event, shard->calendar.sorted_count, range->first);
    const struct event *announced = event;
    while (event < end && event->entity <= range->last) {
        const struct event *next = event + 1;
        while (next < end && next->entity == event->entity) next++;
        if (self->options.herald) announced = announce(&scope, announced, next, end);
        run_entity(&scope, shard, event, next);
        event = next;
    }
}

void engine_run(struct engine *self, uint32_t first, uint32_t last, void *world)
{
    struct range range = {self, first, last, world};
    require(self->open && self->team->threads <= self->threads);
    self->ran = true;
    team_run(self->team, self->options.shards, run_shard, &range);
}

enum status engine_close(struct engine *self, struct errors *errors)
{
    require(self->open);
    if (!self->ran) settle(self); /* or the messages of the last window would be lost */
    exchange_deliver(&self->messages);
    self->window++;
    self->open = false;
    for (uint32_t s = 0; s < self->options.shards; s++)
        if (self->shard[s].fault[0])
            return errors_add(errors, STATUS_FAULT, "%s", self->shard[s].fault);
    return first_status(self);
}

void engine_post(struct engine *self, struct post *post)
{
    for (uint32_t s = 0; s < self->options.shards; s++) {
        struct engine_shard *shard = &self->shard[s];
        post_bytes(post, s, &shard->sequence, sizeof shard->sequence);
        post_bytes(post, s, &shard->executed, sizeof shard->executed);
        post_bytes(post, s, &shard->ties, sizeof shard->ties);
        post_exchange(post, s, &self->messages, false);
    }
}

uint64_t engine_pending(struct engine *self)
{
    uint64_t pending = 0;
    require(!self->open);
    settle(self);
    for (uint32_t s = 0; s < self->options.shards; s++)
        pending += self->shard[s].calendar.pending;
    return pending;
}

uint64_t engine_executed(const struct engine *self)
{
    uint64_t executed = 0;
    for (uint32_t s = 0; s < self->options.shards; s++) executed += self->shard[s].executed;
    return executed;
}

uint64_t engine_ties(const struct engine *self)
{
    uint64_t ties = 0;
    for (uint32_t s = 0; s < self->options.shards; s++) ties += self->shard[s].ties;
    return ties;
}

size_t engine_bytes(const struct engine *self)
{
    size_t bytes = sizeof *self + exchange_held(&self->messages);
    for (uint32_t s = 0; s < self->options.shards; s++)
        bytes += sizeof self->shard[s] + calendar_bytes(&self->shard[s].calendar) +
                 heap_bytes(&self->shard[s].own);
    for (size_t t = 0; t < self->threads; t++)
        bytes += self->scratch[t].start_room * sizeof *self->scratch[t].start +
                 self->scratch[t].spare_room * sizeof *self->scratch[t].spare;
    return bytes;
}

const char *engine_check(struct engine *self)
{
    const char *wrong = exchange_check(&self->messages);
    if (!self->open) settle(self);
    for (uint32_t s = 0; s < self->options.shards && !wrong; s++)
        wrong = calendar_check(&self->shard[s].calendar);
    return wrong;
}

/* ------------------------------------------------------------------------------------ visits
 */

static bool event_is_ours(const struct engine *self, const struct event *e, uint32_t shard)
{
    const struct engine_options *options = &self->options;
    return shard_of(self, e->entity) == shard && event_kind(e) < options->kind_count &&
           e->when_kind >> 63 == 0 && event_time(e) >= engine_window_start(self) &&
           (!options->known || options->known(options->known_context, e));
}

static void visit_block(struct visitor *v, struct event *events, size_t n)
{
    VISIT_FIELD(v, "engine.event.when_kind", events, n, when_kind);
    VISIT_FIELD(v, "engine.event.entity", events, n, entity);
    VISIT_FIELD(v, "engine.event.source", events, n, source);
    VISIT_FIELD(v, "engine.event.sequence", events, n, sequence);
    VISIT_FIELD(v, "engine.event.data", events, n, data);
}

static size_t block_of(uint64_t left)
{
    return left < VISIT_BLOCK ? (size_t)left : VISIT_BLOCK;
}

/* A block at a time, also an empty one: a file that claims too many events ends before it costs
 * much memory. */
static void load_events(struct engine *self, uint32_t s, struct visitor *v, uint64_t n)
{
    struct event *block = memory_alloc(block_of(n), sizeof *block);
    if (!block) v->status = STATUS_NO_MEMORY;
    for (uint64_t at = 0; !v->status && (at < n || at == 0); at += VISIT_BLOCK) {
        visit_block(v, block, block_of(n - at));
        for (size_t i = 0; i < block_of(n - at) && !v->status; i++)
            if (!event_is_ours(self, &block[i], s))
                v->status = STATUS_BAD_INPUT;
            else if (is_here(self, block[i].entity))
                v->status = calendar_push(&self->shard[s].calendar, &block[i]);
    }
    memory_free(block);
}

static void save_events(struct visitor *v, struct event *events, size_t n)
{
    struct event *spare = memory_alloc(n, sizeof *spare);
    if (!spare) v->status = STATUS_NO_MEMORY;
    if (spare) calendar_sort(events, n, spare);
    for (size_t at = 0; !v->status && (at < n || at == 0); at += VISIT_BLOCK)
        visit_block(v, at ? events + at : events, block_of(n - at));
    memory_free(spare);
}

/* One shard's pending events, in (entity, event order). */
static void visit_events(struct engine *self, uint32_t s, struct visitor *v)
{
    struct event *events = NULL;
    size_t count = 0, room = 0;
    if (!visit_loading(v))
        v->status = calendar_list(&self->shard[s].calendar, &events, &count, &room);
    uint64_t n = count;
    visit_count(v, "engine.events", &n, PENDING_MOST);
    if (!v->status && visit_loading(v))
        load_events(self, s, v, n);
    else if (!v->status)
        save_events(v, events, count);
    memory_free(events);
}

/* The shard's counters with its events: all known where it is owned. */
static void visit_shard(void *context, uint32_t s, struct visitor *v)
{
    struct engine *self = context;
    struct engine_shard *shard = &self->shard[s];
    if (visit_loading(v)) {
        calendar_clear(&shard->calendar);
        shard->calendar.window = self->window;
    }
    VISIT_VALUE(v, "engine.sequence", shard->sequence);
    VISIT_VALUE(v, "engine.executed", shard->executed);
    VISIT_VALUE(v, "engine.ties", shard->ties);
    if (!v->status) visit_events(self, s, v);
}

void engine_visit(struct engine *self, struct visitor *v)
{
    require(!self->open);
    settle(self);
    if (!v->status) v->status = first_status(self);
    VISIT_VALUE(v, "engine.window", self->window);
    if (visit_loading(v) && self->window > (UINT64_C(1) << 54) / (uint64_t)self->options.window)
        v->status = STATUS_BAD_INPUT;
    for (uint32_t s = 0; s < self->options.shards && !v->status; s++)
        post_visit(self->options.post, s, v, visit_shard, self);
}
