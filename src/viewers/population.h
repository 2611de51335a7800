/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How viewers are made: persons, initial follows and friendships, newcomers.
 */
#ifndef VIEWERS_POPULATION_H
#define VIEWERS_POPULATION_H

#include "state.h"

/* The topics of a newborn's taste, strongest first, with shares that sum to 1. */
struct interests {
    uint32_t count;
    uint8_t topic[32];
    float share[32];
};

/* Fills in a zeroed row that has its name: who this is, drawn at (name, 0). habit and rate are
 * those of the settled population; consent is not given yet. */
void person_birth(const struct viewers *self, struct stream *s, struct viewer *viewer,
                  struct interests *interests);
/* Sets the consent flags by the rates as they are now: monotone in them for each viewer. */
void person_consent(const struct viewers *self, struct viewer *viewer);

/* The first session after `from`, without churning; TIME_NEVER = none. */
sim_time plan_after(const struct viewers *self, const struct viewer *viewer, sim_time from,
                    uint32_t high, uint32_t low);

/* Whom to follow at the start: creators by topic, weighted by their attractiveness. */
struct following;
enum status following_init(struct following **self, const struct world *world) MUST_CHECK;
void following_free(struct following *self); /* NULL is fine */
/* A viewer's initial follows, all different, into out[FOLLOWS_MOST]; how many. */
#define FOLLOWS_MOST 768
uint32_t following_draw(const struct following *self, const struct viewers *viewers,
                        uint64_t name, const struct interests *interests, struct relation *out);
/* Every creator's `followers` becomes the number of viewers who follow it. */
enum status following_count(struct world *world) MUST_CHECK;

/* Friendships among the initial viewers, whose rows are there: first each of them draws how
 * many it would have, on any thread; then all are joined. */
struct friending;
enum status friending_init(struct friending **self, struct viewers *viewers) MUST_CHECK;
void friending_free(struct friending *self); /* NULL is fine */
/* How many friends this viewer, who has its topic, may come to have. */
uint32_t friending_draw(struct friending *self, const struct viewer *viewer, uint32_t number);
/* number[i] belongs to the i-th of n by ordinal. */
enum status friending_join(struct friending *self, const uint32_t *number, size_t n) MUST_CHECK;

/* Newcomers of the window that closes. */
enum status arrivals_close(struct viewers *self) MUST_CHECK;

/* viewers.c: room for `need` open sessions. */
enum status pool_reserve(struct session_pool *self, size_t need) MUST_CHECK;

#endif
