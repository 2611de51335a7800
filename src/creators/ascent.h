/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Uphill by one's own tries: each period all levers are set a little to one side or the other
 * of where they stand, at random, and what the period brought beyond the expected pulls each to
 * the side that was tried (simultaneous perturbation: Spall 1992, IEEE Trans. Autom. Control
 * 37; momentum: Polyak 1964). Surprise is measured in its own usual size, so no unit is in it
 * and one lucky week cannot carry anything away.
 */
#ifndef CREATORS_ASCENT_H
#define CREATORS_ASCENT_H

#include "engine/stream.h"

#define ASCENT_LEVERS 4

/* Floats only: lives in a strategy's memory. Zeroed = all levers at 0, nothing learnt. */
struct ascent {
    float centre[ASCENT_LEVERS];
    float side[ASCENT_LEVERS]; /* that was tried last: -1, 1; 0 = none */
    float pull[ASCENT_LEVERS]; /* smoothed slope, surprises a probe */
    float usual;               /* size of a surprise */
};

struct ascent_lever {
    double low, high; /* equal: the lever is not moved */
    double probe;     /* distance of a try */
};

struct ascent_pace {
    double step;     /* probes a surprise */
    double momentum; /* share of the last pull that is kept, below 1 */
};

/* What the last try brought beyond the expected. Centres move at most a probe. */
void ascent_learn(struct ascent *self, const struct ascent_lever *lever, int n,
                  const struct ascent_pace *pace, double surprise);
/* The next try, within the levers' ranges. */
void ascent_try(struct ascent *self, const struct ascent_lever *lever, int n,
                struct stream *draw, float *out);

#endif
