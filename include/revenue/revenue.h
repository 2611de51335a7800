/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Revenue: the streams in use, the cost of serving, and the books.
 *
 * Streams are named by `revenue.streams` and numbered in the order of their registry, whatever
 * the order of the list. Money moves in three phases: purses are charged while viewers watch,
 * shares are booked when the log and the payments reach the creators' shards, and at the close
 * of every window the books are held against the stocks that entities keep. One micro-unit too
 * many or too few stops the run.
 */
#ifndef REVENUE_REVENUE_H
#define REVENUE_REVENUE_H

#include "revenue/stream.h"

struct revenue;

extern const struct schema_table *const revenue_tables[]; /* NULL-terminated */
extern const struct member *const revenue_streams[];      /* NULL-terminated, built in */

/* Needs world->parameters, registries, topics and team; the tables may be empty.
 * STATUS_BAD_INPUT, with a line in errors, when a name is unknown or there are too many. */
enum status revenue_init(struct revenue **self, struct world *world,
                         struct errors *errors) MUST_CHECK;
void revenue_free(struct revenue *self); /* NULL is fine */
/* After creators have been populated: who may earn what on the first day. Not after a load. */
enum status revenue_populate(struct revenue *self) MUST_CHECK;

/* act_service.paid: offers one impression to each stream. `self` is a struct revenue. */
void revenue_paid(void *self, struct moment *moment);
/* EVENT_DUE: what a stream planned for a viewer. */
void revenue_on_due(struct revenue *self, struct scope *scope, const struct event *event);
/* Video phase: earnings on a block of the log; then, once a shard, its payments and the cost of
 * what it served. */
void revenue_rows(struct revenue *self, uint32_t shard, uint32_t thread,
                  const struct impression *rows, size_t n);
void revenue_payments(struct revenue *self, uint32_t shard);
/* Several processes: within a turn of the post after the viewers' phase, what others' viewers
 * have paid. */
void revenue_post(struct revenue *self, struct post *post);
/* The close of a window, after growth, creators and viewers: streams settle, gates are read
 * once a day, the books are checked. STATUS_UNBALANCED, with lines in errors that name account
 * and difference; STATUS_NO_MEMORY also for what failed inside the window. Uses the team. */
enum status revenue_close(struct revenue *self, struct errors *errors) MUST_CHECK;

/* Holds the books against the stocks: every book sums to 0; in each shard creators' balances
 * are CREATORS, orders and what streams hold are ESCROW and PAYABLE; what purses must hold is
 * VIEWERS. `purses` also adds up every purse, which revenue_close does once a day. */
enum status revenue_check(struct revenue *self, bool purses, struct errors *errors) MUST_CHECK;

/* The money since the last call, in micro-units. `gross` is what viewers, advertisers, brands
 * and shops paid, by stream in use; it sums to creators + platform + fees + refunds + payable.
 */
struct revenue_figures {
    int64_t gross[LEDGER_STREAMS_MAX];
    int64_t creators, platform; /* their parts, without `fund` */
    int64_t fees;
    int64_t refunds;   /* went back to those who paid */
    int64_t payable;   /* held for later: escrow and payable */
    int64_t fund;      /* paid to creators out of the platform's own pocket */
    int64_t serving;   /* the platform's cost of serving */
    int64_t promotion; /* the platform's income from boosts */
};
struct revenue_figures revenue_interval(struct revenue *self);
/* What the viewers of each arm paid or ordered by stream since the last call, and what was paid
 * for the ads that they saw; 0 unless the run is split by viewer. `self` is a struct revenue.
 */
void revenue_spent(void *self, int64_t spent[ARMS][LEDGER_STREAMS_MAX]);
/* What is held now for creators until a later day, by their cohort: before the platform's cut
 * and what may yet be sent back. `self` is a struct revenue. */
void revenue_waiting(void *self, int64_t waiting[SCHEMA_NAMES_MAX]);
/* Calls `row` for every (stream, debit, credit) with postings since the last call, in this
 * order; stream is a number in use or enum ledger_stream_extra. `self` is a struct revenue. */
typedef void (*revenue_row)(void *context, int stream, int debit, int credit, int64_t amount);
void revenue_ledger(void *self, revenue_row row, void *context);
/* Names of the streams in use, by number; valid as long as self. */
const char *const *revenue_names(const struct revenue *self, size_t *count);
/* Is there a stream among them whose price creators may decide? */
bool revenue_priced(const struct revenue *self);

void revenue_visit(struct revenue *self, struct visitor *v);

#endif
