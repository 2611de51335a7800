/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The purse: what a viewer may still spend this month. Every 30 days, each on a day of its own,
 * it is filled up from outside (outside -> viewers in the books of the shard); the sum of the
 * purses is the balance of the viewers' account at every close.
 */
#ifndef VIEWERS_PURSE_H
#define VIEWERS_PURSE_H

#include "state.h"

/* A month's money of an income class 0..4, micro-units; at most a billion
 * (currency). */
int64_t purse_month(const struct purse_parameters *p, uint8_t income);
/* Fills a purse up and books it. By the owner of the shard. */
void purse_fill(const struct viewers *self, uint32_t number, struct viewer *viewer);
/* Several processes: the books of all shards know what went into purses since. */
enum status purses_tell(const struct viewers *self) MUST_CHECK;
/* Whether `day` is the viewer's own of the month. */
#define PURSE_DAYS 30
static inline bool purse_day(const struct viewer *viewer, int32_t day)
{
    return (int32_t)((viewer_name(viewer) >> 8) % PURSE_DAYS) == day % PURSE_DAYS;
}

#endif
