/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/design.h"

#include <inttypes.h>
#include <string.h>

#include <gsl/gsl_qrng.h>

/* Draws for each point that is wanted before the conditions count as too narrow. */
#define TRIES_MOST 1000

static const struct purpose purpose = {"experiment.design", PURPOSE_LUCK};

static uint64_t wanted(const struct design *self)
{
    return (uint64_t)self->sweep->options->points;
}

static enum status count_grid(struct design *self, struct errors *errors)
{
    self->grid = 1;
    for (size_t i = 0; i < self->sweep->axes; i++) {
        self->grid *= sweep_levels(self->sweep, i);
        if (self->grid > SWEEP_POINTS_MOST)
            return errors_add(errors, STATUS_BAD_INPUT,
                              "%s: the grid has more than %d points; take fewer steps, or "
                              "design = \"sobol\" with points = N",
                              self->sweep->path, SWEEP_POINTS_MOST);
    }
    return STATUS_OK;
}

enum status design_begin(struct design *self, const struct sweep *sweep, struct errors *errors)
{
    *self = (struct design){.sweep = sweep};
    self->key = stream_key((struct seed){.seed = (uint32_t)sweep->options->seed}, &purpose);
    int32_t design = sweep->options->design;
    if (design == SWEEP_GRID) return count_grid(self, errors);
    if (design != SWEEP_SOBOL && design != SWEEP_HALTON) return STATUS_OK;
    const gsl_qrng_type *type = design == SWEEP_SOBOL ? gsl_qrng_sobol : gsl_qrng_halton;
    self->sequence = gsl_qrng_alloc(type, (unsigned)sweep->axes);
    return self->sequence ? STATUS_OK : STATUS_NO_MEMORY;
}

void design_free(struct design *self)
{
    if (self->sequence) gsl_qrng_free(self->sequence);
    *self = (struct design){0};
}

/* Both halves of a number are mixed into each other, four times; what falls out of range is
 * mixed again. */
uint64_t design_permute(struct stream_key key, uint64_t name, uint64_t index, uint64_t n)
{
    uint32_t half = 1;
    while (half < 31 && UINT64_C(1) << 2 * half < n) half++;
    uint64_t mask = (UINT64_C(1) << half) - 1;
    do {
        uint64_t left = index >> half, right = index & mask;
        for (uint32_t round = 0; round < 4; round++) {
            uint64_t mixed = stream_block(key, name, (uint32_t)right, round).word[0];
            uint64_t next = left ^ (mixed & mask);
            left = right;
            right = next;
        }
        index = left << half | right;
    } while (index >= n);
    return index;
}

static double draw(const struct design *self, size_t axis, uint64_t occasion)
{
    uint64_t name = name_of(self->sweep->axis[axis].path, 0);
    struct stream_words w = stream_block(self->key, name, (uint32_t)occasion,
                                         (uint32_t)(occasion >> 32));
    return words_uniform(w.word[0], w.word[1]);
}

static double slice(const struct design *self, size_t axis, uint64_t index)
{
    uint64_t name = name_of(self->sweep->axis[axis].path, 1);
    uint64_t place = design_permute(self->key, name, index, wanted(self));
    return ((double)place + draw(self, axis, index)) / (double)wanted(self);
}

static void make_point(struct design *self, struct sweep_point *point)
{
    const struct sweep *sweep = self->sweep;
    double u[SWEEP_AXES_MOST] = {0};
    uint64_t index = self->tried++, rest = index;
    if (self->sequence) gsl_qrng_get(self->sequence, u);
    for (size_t i = sweep->axes; i-- > 0;) {
        if (sweep->options->design == SWEEP_GRID) {
            uint64_t levels = sweep_levels(sweep, i);
            sweep_level(sweep, i, rest % levels, point->value[i]);
            rest /= levels;
            continue;
        }
        if (sweep->options->design == SWEEP_RANDOM) u[i] = draw(self, i, index);
        if (sweep->options->design == SWEEP_LATIN_HYPERCUBE) u[i] = slice(self, i, index);
        sweep_value(sweep, i, u[i], point->value[i]);
    }
}

/* Candidates that there may be at all. */
static uint64_t tries_most(const struct design *self)
{
    if (self->sweep->options->design == SWEEP_GRID) return self->grid;
    if (self->sweep->options->design == SWEEP_LATIN_HYPERCUBE) return wanted(self);
    return self->taken == wanted(self) ? self->tried : TRIES_MOST * wanted(self);
}

static enum status end(const struct design *self, struct errors *errors)
{
    bool fixed = self->sweep->options->design == SWEEP_RANDOM || self->sequence;
    if (self->taken && (!fixed || self->taken == wanted(self))) return STATUS_OK;
    return errors_add(errors, STATUS_BAD_INPUT,
                      "%s: only %" PRIu64 " of %" PRIu64
                      " points that were tried fulfil the conditions of sweep.where",
                      self->sweep->path, self->taken, self->tried);
}

enum status design_next(struct design *self, struct sweep_point *point, bool *more,
                        struct errors *errors)
{
    *more = false;
    while (self->tried < tries_most(self)) {
        make_point(self, point);
        if (!sweep_admits(self->sweep, point)) continue;
        point->number = self->taken++;
        *more = true;
        return STATUS_OK;
    }
    return end(self, errors);
}
