/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Satiation: a decaying average of what was just watched. It subtracts from the match along its
 * own direction (rebounding: Leqi et al. 2021) and fades with a half-life of hours; while no
 * session is open it rests in the viewer's row and the fading is made up for at the next
 * opening.
 */
#ifndef VIEWERS_SATIATION_H
#define VIEWERS_SATIATION_H

#include "state.h"

#define SATIATION_ONE 64 /* 1.0 at rest */

/* Moves the average toward what was watched; attention in [0, 1]. */
static inline void satiation_absorb(float *satiation, const float *content, float gain,
                                    float attention)
{
    vector_scale(satiation, 1.0f - gain);
    vector_add(satiation, gain * attention, content);
}

/* How much of it a video meets, >= 0. */
static inline float satiation_met(const float *satiation, const float *content)
{
    float met = vector_dot(satiation, content);

    return met > 0.0f ? met : 0.0f;
}

/* From rest, `away` ms after it was put there. */
void satiation_wake(const struct satiation_parameters *p, const int8_t *rest, sim_time away,
                    float *satiation);
/* To rest: rounded to 1/64, saturated. */
void satiation_lay(const float *satiation, int8_t *rest);

#endif
