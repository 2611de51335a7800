/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a price does to the chance that somebody buys. It falls exponentially with the price,
 * at a pace that is the viewer's own: so there is a best price, as there is none where demand
 * is a power of the price and the power is below one.
 */
#ifndef REVENUE_DEMAND_H
#define REVENUE_DEMAND_H

#include "base/maths.h"
#include "world/viewer.h"

/* What multiplies the viewer's chance when it is asked `dear` times the ordinary price (1 = as
 * ever): e^(-response s (dear - 1)), s = its price sensitivity in [0, 1]. */
static inline double demand_at(double response, const struct viewer *viewer, double dear)
{
    return maths_exp(-response * viewer->price_sensitivity / 255 * (dear - 1));
}

/* A bound of demand_at over all viewers and prices, kept for the response that was last asked
 * for; no state of the run. Zeroed = of a response of 0. */
struct demand_bound {
    double response, most;
};

static inline double demand_most(struct demand_bound *self, double response)
{
    if (self->response != response || self->most < 1)
        *self = (struct demand_bound){response, 1.0001 * maths_exp(response)};
    return self->most;
}

#endif
