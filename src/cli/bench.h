/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the benches share.
 */
#ifndef CLI_BENCH_H
#define CLI_BENCH_H

#include <stdint.h>

/* Median of n >= 1 values, which it sorts. */
double bench_median(double *values, uint32_t n);

#endif
