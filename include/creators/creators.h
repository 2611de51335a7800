/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Creators: they make videos, follow a strategy, thrive or burn out, come and go.
 *
 * Everything here happens at the closing instant of a window. A creator writes its own row and
 * the video rows of its shard, and never depends on creators who never publish.
 */
#ifndef CREATORS_CREATORS_H
#define CREATORS_CREATORS_H

#include "world/service.h"
#include "world/world.h"

struct creators;

extern const struct schema_table *const creators_tables[]; /* NULL-terminated */
extern const struct member *const creators_strategies[];   /* NULL-terminated, built in */

struct creators_services {
    struct upload_service upload;
    struct promotion_service promotion; /* `promote` may be NULL */
    bool priced;                        /* a stream sells at a creator's own price */
};

/* `services` is copied. STATUS_BAD_INPUT, with lines in errors, for a cohort that cannot be. */
enum status creators_init(struct creators **self, struct world *world,
                          const struct creators_services *services,
                          struct errors *errors) MUST_CHECK;
void creators_free(struct creators *self); /* NULL is fine */
/* The initial creators, their first events and the videos of the days before the start. */
enum status creators_populate(struct creators *self) MUST_CHECK;

void creators_on_publish(struct creators *self, struct scope *scope, const struct event *event);
void creators_on_review(struct creators *self, struct scope *scope, const struct event *event);
void creators_on_life(struct creators *self, struct scope *scope, const struct event *event);

/* Videos phase: reach of the shard's creators; follows made and given up. */
void creators_rows(struct creators *self, uint32_t shard, uint32_t thread,
                   const struct impression *rows, size_t n);
void creators_follows(struct creators *self, uint32_t shard);
/* The close of a window: entry. */
enum status creators_close(struct creators *self) MUST_CHECK;
void creators_visit(struct creators *self, struct visitor *v);

#endif
