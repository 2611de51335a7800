/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How widely something is spread over n classes, and how far two spreads are apart.
 */
#ifndef MEASURE_ENTROPY_H
#define MEASURE_ENTROPY_H

#include <stddef.h>

/* Shannon entropy in nats of n weights >= 0, which need not sum to 1: ln n when all are alike,
 * 0 when one has all. NaN when they sum to 0. */
double entropy_of(const double *weight, size_t n);

/* Kullback-Leibler divergence of q from p in nats, sum p ln(p / q~), with q mixed with a little
 * of p, q~ = .99 q + .01 p, so that it stays finite (Steck 2018, RecSys, eq. 7). Both are
 * weights >= 0 that need not sum to 1; 0 when they are alike, at most ln 100. NaN when either
 * sums to 0. */
double entropy_divergence(const double *p, const double *q, size_t n);

#endif
