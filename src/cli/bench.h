/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the benches share.
 */
#ifndef CLI_BENCH_H
#define CLI_BENCH_H

#include <stdint.h>

/* What `bench loop` sets before the command line does: the world of scenarios/million.cfg, as
 * "path=value", up to NULL. */
extern const char *const bench_world[];

/* Median of n >= 1 values, which it sorts. */
double bench_median(double *values, uint32_t n);

#endif
