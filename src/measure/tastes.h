/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A viewer's true taste as shares of topics: for metrics only, the platform never sees it.
 */
#ifndef MEASURE_TASTES_H
#define MEASURE_TASTES_H

#include "world/world.h"

/* weight[k] = the square of theta . t_k where it is positive, else 0, for all topics: in an
 * orthonormal system of topics these are the shares of the unit vector's length. They do not
 * sum to 1. */
void tastes_by_topic(const struct world *world, const struct packed16 *packed, double *weight);

#endif
