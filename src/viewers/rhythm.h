/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The rhythm of a week: how likely an app is opened at each hour, as a rate with mean 1 a day.
 *
 * A session's time is a point of a non-homogeneous Poisson process whose rate is the viewer's
 * own rate times this. Its integral is linear between whole hours, so a point is drawn exactly
 * by inverting it (Çinlar 1975, ch. 4): t' with Lambda(t') = Lambda(t) + E / rate, E
 * exponential.
 */
#ifndef VIEWERS_RHYTHM_H
#define VIEWERS_RHYTHM_H

#include "base/schema.h"
#include "engine/time.h"

#define RHYTHM_HOURS 168

struct rhythm {
    double
        sum[RHYTHM_HOURS + 1]; /* integral from Monday midnight, in mean days; sum[168] = 7 */
};

/* Weights of the 24 hours and the 7 days (Monday first), >= 0; short lists repeat. A week of
 * zeros counts as flat. */
void rhythm_init(struct rhythm *self, const struct float_list *hours,
                 const struct float_list *days);
/* The integral from 0 to `when` >= 0, in mean days. */
double rhythm_integral(const struct rhythm *self, sim_time when);
/* The instant at which the integral from `from` reaches `amount` >= 0 mean days; later than
 * `from` by at least 1 ms. TIME_NEVER beyond 10^5 days. */
sim_time rhythm_after(const struct rhythm *self, sim_time from, double amount);

#endif
