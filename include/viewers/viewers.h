/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The people who watch: population, sessions, choice, change of mind, habit and churn, purse.
 *
 * A viewer's life is a chain of sessions. Each session asks the platform for slates, watches
 * video after video, writes one log row an impression, and at its end plans the next one. All
 * of this runs inside the viewer phase, viewer by viewer; only arrivals, purses and consent are
 * looked after at the close. A session that reaches the window's end (or the viewer's next
 * event) plans EVENT_CONTINUE for itself and goes on there with a new slate.
 */
#ifndef VIEWERS_VIEWERS_H
#define VIEWERS_VIEWERS_H

#include "engine/engine.h"
#include "world/service.h"
#include "world/world.h"

struct viewers;

extern const struct schema_table *const viewers_tables[]; /* NULL-terminated */
extern const struct member *const viewers_choices[];      /* NULL-terminated, built in */

/* What no single row can check: `viewers` purses are no more than the books hold, over all the
 * months of the run. STATUS_BAD_INPUT, with a line in errors, when they are. */
enum status viewers_check(const struct parameters *parameters, uint64_t viewers,
                          struct errors *errors) MUST_CHECK;

/* Both services are borrowed; sim/ may fill them until the first window. Members of `act` may
 * be NULL. Reads parameters and world->registries, makes no viewer. */
enum status viewers_init(struct viewers **self, struct world *world,
                         const struct feed_service *feed,
                         const struct act_service *act) MUST_CHECK;
void viewers_free(struct viewers *self); /* NULL is fine */

/* The initial population, with its first events. Creators must be there already: their
 * `followers` are taken as attractiveness (0, or no plan to publish: nobody follows) and
 * replaced by the number of viewers who really follow. Friendships are made when
 * growth.channels names social_share. */
enum status viewers_populate(struct viewers *self) MUST_CHECK;

/* Handlers, for sim/'s dispatch table. */
void viewers_on_session(struct viewers *self, struct scope *scope, const struct event *event);
void viewers_on_continue(struct viewers *self, struct scope *scope, const struct event *event);
void viewers_on_shared(struct viewers *self, struct scope *scope, const struct event *event);
/* Prefetches what the handlers of an event will touch (event_herald of engine/engine.h). */
void viewers_herald(const struct viewers *self, uint32_t shard, const struct event *event,
                    uint32_t between);

/* The close of a window: newcomers arrive, purses are filled on their day, changed parameters
 * are taken up, room is made for the next window. Also returns what failed inside the window.
 */
enum status viewers_close(struct viewers *self) MUST_CHECK;

/* The expected match of a viewer and a video, both by number: M without satiation and pair
 * noise. */
float viewers_match(const struct viewers *self, uint32_t viewer, uint32_t video);
/* The same before world->match was applied, M = (raw - offset) * scale, and without liking or
 * aversion of what the video is made with. */
float viewers_raw_match(const struct viewers *self, const struct viewer *viewer,
                        const struct video *video);

/* The viewer's session as the platform would see it now, between windows; without an open one
 * its slot is ENTITY_NONE and its occasion no session's. Points into the world's tables. */
struct feed viewers_feed(const struct viewers *self, uint32_t viewer);

/* Bytes of open sessions. */
size_t viewers_bytes(const struct viewers *self);
/* All that is not in world's tables: open sessions, arrivals. */
void viewers_visit(struct viewers *self, struct visitor *v);
/* After loading, when dated changes of the past have been made again: derives what is derived
 * from parameters. */
void viewers_restored(struct viewers *self);

#endif
