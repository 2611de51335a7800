/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Multiplicative weights (Hedge: Freund & Schapire 1999, Games Econ. Behav. 29): shares of
 * options grow with e^(rate * gain). Whoever plays so does over time nearly as well as with the
 * best single option, whatever the others do: after T rounds with gains in [0, 1] the regret is
 * at most ln(n)/(rate T) + rate/8 a round.
 */
#ifndef CREATORS_NO_REGRET_H
#define CREATORS_NO_REGRET_H

#include "engine/stream.h"

/* Shares of n options by the logarithms of their weights; a part `explore` in [0, 1] is dealt
 * out evenly. They sum to 1. */
void no_regret_shares(const float *weight, int n, double explore, double *share);
/* An option by its share. */
int no_regret_draw(const double *share, int n, struct stream *draw);
/* All gains are known. The largest weight is brought back to 0, none falls below -60. */
void no_regret_learn(float *weight, int n, double rate, const double *gain);
/* Only the gain of the option that was played is known: the caller divides it by the share that
 * the option had, so that its mean is right (Exp3: Auer, Cesa-Bianchi, Freund & Schapire 2002,
 * SIAM J. Comput. 32); step = rate * gain / share. */
void no_regret_learn_played(float *weight, int n, int option, double step);

#endif
