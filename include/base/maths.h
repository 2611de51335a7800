/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * exp, log, sigmoid and friends of our own.
 *
 * Nothing that feeds state calls libm's transcendental functions: one binary gives other bits on
 * machines with and without FMA (ENGINE.md section 6). These are polynomials over + - * only
 * (Cephes, Moshier 1989), inline, branch-free where they are hot, so that loops over them
 * vectorise and give the same bits for scalar, SSE2 and AVX2 code. Float versions: error <= 2 ulp
 * on the range named with each; double versions: <= 1e-15 relative.
 */
#ifndef BASE_MATHS_H
#define BASE_MATHS_H

#include <math.h> /* only for what is exact: sqrt, floor, fabs, isnan; never exp, log, pow, sin */
#include <stdint.h>
#include <string.h>

/* Float, hot path. expf_own: x in [-87, 88], clamped outside. logf_own: x > 0 normal floats. */
static inline float maths_expf(float x);
static inline float maths_logf(float x);
/* 1 / (1 + exp(-x)); any finite x. */
static inline float maths_sigmoidf(float x);

/* Double, for set-up, creators, platform. Ranges: exp [-708, 709]; log > 0; cos/sin |x| < 1e6. */
double maths_exp(double x);
double maths_log(double x);
double maths_pow(double x, double y); /* x > 0 */
double maths_sin(double x);
double maths_cos(double x);
double maths_lgamma(double x);          /* x > 0 */
double maths_normal_quantile(double p); /* 0 < p < 1; Wichura 1988, AS 241 PPND16 */
double maths_normal_cdf(double x);

#endif
