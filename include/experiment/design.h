/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The points of a sweep, one after another, in a fixed order; memory does not depend on their
 * number.
 *
 * - grid: all combinations, the last axis fastest; those that break a condition are left out.
 * - random: independent uniform draws, addressed by axis and occasion, so that an axis more
 *   shifts no other's; drawn again until the conditions hold.
 * - latin_hypercube (McKay, Beckman and Conover 1979, Technometrics 21(2)): each axis is cut
 *   into `points` slices and every slice is used once; the order of slices is a permutation by
 *   a Feistel network. Points that break a condition are left out.
 * - sobol, halton: GSL's sequences (Bratley and Fox 1988; Halton 1960), from their start; those
 *   that break a condition are passed over until there are `points`.
 */
#ifndef EXPERIMENT_DESIGN_H
#define EXPERIMENT_DESIGN_H

#include "engine/stream.h"
#include "experiment/sweep.h"

struct design {
    const struct sweep *sweep; /* borrowed */
    struct stream_key key;
    uint64_t tried, taken, grid;
    void *sequence; /* owned; gsl_qrng */
};

/* `sweep` has been checked. STATUS_BAD_INPUT when a grid has more than SWEEP_POINTS_MOST points
 * or a sequence is not made for so many axes (Sobol: 40). Free it whatever comes. */
enum status design_begin(struct design *self, const struct sweep *sweep,
                         struct errors *errors) MUST_CHECK;
/* The next point; *more is false behind the last one. STATUS_BAD_INPUT when no point, or too
 * few, fulfil the conditions. */
enum status design_next(struct design *self, struct sweep_point *point, bool *more,
                        struct errors *errors) MUST_CHECK;
void design_free(struct design *self);

/* The place of `index` in a permutation of 0..n-1, one for each `name`; O(1). */
uint64_t design_permute(struct stream_key key, uint64_t name, uint64_t index, uint64_t n);

#endif
