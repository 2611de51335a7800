/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Vectors of d = 16 floats, and their 16-bit form at rest.
 *
 * At rest a vector is 16 int16 in units of 2^-14 (range +-2): 32 bytes, half a cache line, and a
 * dot product of two of them is an exact integer, the same for every instruction set. In a running
 * session it is 16 floats. Sums over lanes have one fixed order (8+8, 4+4, 2+2, 1+1).
 */
#ifndef BASE_VECTOR16_H
#define BASE_VECTOR16_H

#include <stdint.h>

#define VECTOR_DIM 16
#define VECTOR_ONE 16384 /* 1.0 at rest */

struct packed16 {
    int16_t lane[VECTOR_DIM];
};

static inline float vector_dot(const float *a, const float *b);
static inline void vector_unpack(float *out, const struct packed16 *in);
static inline void vector_pack(struct packed16 *out, const float *in); /* rounds, saturates */
/* y += scale * x */
static inline void vector_add(float *y, float scale, const float *x);
static inline void vector_scale(float *y, float scale);
/* Scales to unit length; leaves a vector shorter than 1e-6 alone. */
static inline void vector_normalise(float *y);
/* Exact integer dot product in units of 2^-28. */
static inline int32_t packed_dot(const struct packed16 *a, const struct packed16 *b);

#endif
