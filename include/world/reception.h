/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How the videos of each creator cohort are received: how well they please, who watches them.
 * Counted by the viewers' shard as they are watched, read by measure/ when an interval ends.
 *
 * A viewer takes as many bits as there are cohorts, rounded up to a power of two, twice: a
 * quarter of a byte in a world without cohorts.
 */
#ifndef WORLD_RECEPTION_H
#define WORLD_RECEPTION_H

#include "base/visit.h"
#include "world/activity.h"

#define RECEPTION_COHORTS 64    /* SCHEMA_NAMES_MAX */
#define RECEPTION_UNIT 65536.0f /* steps of a unit of match */

/* Of one shard; zeroed = nobody, one cohort. */
struct reception {
    int64_t pleasure[RECEPTION_COHORTS]; /* in the interval: sum of satisfaction, in steps */
    uint64_t *now, *before; /* owned; viewer row << shift | cohort: watched in the interval, in
                               the one before */
    size_t now_room, before_room; /* words */
    uint32_t shift;
};

/* Viewers of one shard who watched a cohort's videos. */
struct reception_count {
    uint32_t now, before, again; /* in the interval, in the one before, in both */
};

/* Bits of a viewer, as a power of two, for so many cohorts (0 counts as 1). */
uint32_t reception_shift(size_t cohorts);
/* Room for the marks of so many viewers. */
enum status reception_reserve(struct reception *self, size_t viewers) MUST_CHECK;
void reception_free(struct reception *self); /* `shift` stays */

/* A viewer was shown a video of the cohort, which pleased by so much (units of match, within
 * +-100); those who watched for 7 s or in full are marked. */
static inline void reception_note(struct reception *self, uint32_t row, uint32_t cohort,
                                  float pleasure, unsigned acts)
{
    size_t bit = ((size_t)row << self->shift) + cohort;
    self->pleasure[cohort] += (int64_t)(pleasure * RECEPTION_UNIT);
    self->now[bit / 64] |= (uint64_t)(acts & ACT_PLAY_7S) << bit % 64;
}
_Static_assert(ACT_PLAY_7S == 1, "the mark is the act's own bit");

struct reception_count reception_count(const struct reception *self, uint32_t cohort);
/* An interval ends, the next begins: it is now the one before. */
void reception_turn(struct reception *self);
/* What `viewers` rows have; loading makes room. */
void reception_visit(struct reception *self, size_t viewers, struct visitor *v);

#endif
