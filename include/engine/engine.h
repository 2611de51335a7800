/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The event engine: conservative windows over shards (YAWNS: Nicol 1993; bounded lag:
 * Lubachevsky 1989). It knows nothing of videos.
 *
 * Time is cut into windows of equal length, which is the lookahead: an event for another entity
 * must lie in a later window than the one in which it is sent. So inside a window every entity
 * runs alone, in its own total event order (engine/event.h), shard by shard on any number of
 * threads, and nothing depends on how shards are dealt to threads. Each shard has a calendar: a
 * ring of buckets, one a window, and an overflow heap beyond the ring.
 *
 *     engine_open(e)                       a window begins
 *     engine_run(e, first, last, world)    runs the entities in [first, last]; a window may be
 *                                          run in several phases, each over a range of numbers
 *     engine_close(e, errors)              sends the messages, moves time to the next window
 *
 * Events of entities that no phase covered are gone when their window closes.
 */
#ifndef ENGINE_ENGINE_H
#define ENGINE_ENGINE_H

#include "base/status.h"
#include "base/visit.h"
#include "engine/event.h"
#include "engine/team.h"

struct engine;
struct post;

/* What a handler may use while one entity runs in one window. */
struct scope {
    struct engine *engine;
    void *world; /* as given to engine_run */
    uint32_t shard, thread;
    uint32_t entity;  /* who runs */
    sim_time now;     /* time of the current event */
    sim_time horizon; /* the entity's next event or the window's end: a handler may act on its
                         own up to here, then must plan an event for itself */
    sim_time window_end; /* the first instant at which others can be touched */
};

typedef void (*event_handler)(struct scope *scope, const struct event *event);

struct event_kind_row {
    const char *name; /* for messages: "session", "share" */
    event_handler run;
};

/* The event will be run soon, after `between` others of its shard: a hook that may prefetch
 * what its handler is going to touch, and must change nothing. */
typedef void (*event_herald)(void *world, uint32_t shard, const struct event *event,
                             uint32_t between);
#define EVENT_HERALD_MOST 2 /* each event is announced with between = 2, 1 */

struct engine_options {
    uint32_t shards;                    /* power of two, 1..4096 */
    sim_time window;                    /* ms, >= 1 */
    uint32_t ring;                      /* buckets, power of two; 0 = 256 */
    const struct event_kind_row *kinds; /* borrowed; index = kind */
    uint32_t kind_count;
    event_herald herald; /* NULL is fine */
    /* Several processes: entities up to this number live where their shard does, the others
     * everywhere. NULL = this one runs all. */
    struct post *post; /* borrowed */
    uint32_t local_last;
    /* Asked of every event that is read from a file, besides what the engine sees for itself:
     * whether there is whom it names. NULL: there is. */
    bool (*known)(const void *context, const struct event *event);
    const void *known_context;
};

enum status engine_init(struct engine **self, const struct engine_options *options,
                        struct team *team) MUST_CHECK;
void engine_free(struct engine *self); /* NULL is fine */

/* Before the first window, or from the owner of the source's shard between phases. */
enum status engine_plan(struct engine *self, uint32_t entity, sim_time when, uint8_t kind,
                        uint32_t data) MUST_CHECK;

/* From a handler. To itself: any time >= now (also inside the window). To others: any time >=
 * window_end; earlier is an error that names both, kept and returned by engine_close. */
void scope_send(struct scope *scope, uint32_t to, sim_time when, uint8_t kind, uint32_t data);

enum status engine_open(struct engine *self) MUST_CHECK;
void engine_run(struct engine *self, uint32_t first, uint32_t last, void *world);
enum status engine_close(struct engine *self, struct errors *errors) MUST_CHECK;
/* Within a turn of the post, after the local entities have run: what they sent, and how far
 * their shards have counted. */
void engine_post(struct engine *self, struct post *post);

sim_time engine_window_start(const struct engine *self);
sim_time engine_window_end(const struct engine *self);
uint64_t engine_window_number(const struct engine *self);
uint64_t engine_pending(struct engine *self);        /* events to come; between windows */
uint64_t engine_executed(const struct engine *self); /* events run so far */
uint64_t engine_ties(const struct engine *self);     /* equal (entity, time) pairs met so far */
size_t engine_bytes(const struct engine *self);      /* memory held */
/* NULL when the invariants of the calendars and the exchange hold, else what is wrong: for
 * tests, O(pending). Between windows. */
const char *engine_check(struct engine *self);
/* Between windows. Pending events in a canonical order (entity, event order), so that hash and
 * file do not depend on how buckets grew. */
void engine_visit(struct engine *self, struct visitor *v);

#endif
