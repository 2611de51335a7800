/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Inequality of a list of amounts: Gini coefficient and top shares, summed in ascending order.
 */
#ifndef MEASURE_INEQUALITY_H
#define MEASURE_INEQUALITY_H

#include "measure/rows.h"
#include "world/world.h"

struct inequality {
    double gini;        /* 0 = all equal, towards 1 = one has all; NaN when the sum is 0 */
    double top1, top10; /* share of the sum that the largest 1 % and 10 % hold (at least one) */
};

/* Sorts `amount` (n values >= 0) in place. Gini = sum_i (2i - n - 1) x_i / (n sum x), x
 * ascending, i from 1 (Sen 1973); {0, 0, 0, 1} gives 0.75. */
struct inequality inequality_of(uint64_t *amount, size_t n);

/* Fills three cells, Gini and the two top shares, from the amounts that `collect` finds in the
 * world; it writes them to `out`, or only counts them when that is NULL. Without memory the
 * cells stay as they are. */
enum status inequality_sample(const struct world *world,
                              size_t (*collect)(const struct world *world, uint64_t *out),
                              struct cell *cells) MUST_CHECK;

#endif
