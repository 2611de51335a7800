/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the parts of a sweep's reading share.
 */
#ifndef EXPERIMENT_SWEEP_PARTS_H
#define EXPERIMENT_SWEEP_PARTS_H

#include "experiment/sweep.h"

/* "FILE:LINE" of the n-th setting of that name. */
void sweep_where(const struct sweep *self, const char *name, size_t n, char *out, size_t size);

/* Was row `name` of the n-th element of a list set? */
bool sweep_given(const struct parameters *parameters, const char *list, size_t n,
                 const char *name);

/* Reads the conditions. `scenario` has the values of what is no axis. */
enum status sweep_read_conditions(struct sweep *self, const struct parameters *scenario,
                                  struct errors *errors) MUST_CHECK;

#endif
