/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Taste: a unit vector theta that moves on the sphere, toward what is watched with pleasure,
 * away from what is skipped, and at random with the years.
 */
#ifndef VIEWERS_TASTE_H
#define VIEWERS_TASTE_H

#include "population.h"

/* theta += step * (x - (theta.x) theta), step = pull * pleasure; length changes in the second
 * order only and is put right at the session's end. */
static inline void taste_pull(float *theta, const float *content, float step)
{
    float along = vector_dot(theta, content);

    vector_scale(theta, 1.0f - step * along);
    vector_add(theta, step, content);
}

/* What an impression is to taste: +1 watched long or in full, -1/2 skipped at once, else 0. */
static inline float taste_lesson(float watch_s, uint16_t acts)
{
    int whole = (acts & ACT_PLAY_18S) != 0, brief = watch_s < 2.0f;

    return 0.5f * (float)(2 * whole - (brief & ~whole)); /* no branch: they are coin tosses */
}

/* A random step for `days` of life: E(theta . theta') = 2^(-days / half_life). Drawn at (name,
 * occasion). Leaves theta at unit length. */
void taste_wander(const struct viewers *self, float *theta, uint64_t name, uint32_t occasion,
                  double days);

/* A newborn's taste: a mixture of a few topics, drawn by audience, with Zipf shares. */
void taste_birth(const struct viewers *self, struct stream *s, float *theta,
                 struct interests *interests);
/* What a taste that was not drawn is made of: as many topics as a drawn one, those nearest to
 * it, nearest first, with the same shares. */
void taste_interests(const struct viewers *self, const struct packed16 *taste,
                     struct interests *interests);

#endif
