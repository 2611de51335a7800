/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a price does to the chance that somebody buys. It falls exponentially with the price,
 * at a pace that is the viewer's own: so there is a best price, as there is none where demand
 * is a power of the price and the power is below one.
 */
#ifndef REVENUE_DEMAND_H
#define REVENUE_DEMAND_H

#include <stddef.h>

#include "base/maths.h"
#include "base/schema.h"
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

/* The schema row of `price_response` of a stream that sells pieces. */
#define DEMAND_RESPONSE_ROW(parameters, world)                                                 \
    {                                                                                          \
        .path = "price_response", .type = SCHEMA_FLOAT, .unit = "1", .low = 0, .high = 20,     \
        .initial = "1.0",                                                                      \
        .meaning =                                                                             \
            "how a price of x times the ordinary one is answered: the chance to buy is "       \
            "multiplied by e^(-price_response s (x - 1)); s = the viewer's price "             \
            "sensitivity",                                                                     \
        .source = "A (as subscription's)", .plausible_low = 0.5, .plausible_high = 3,          \
        .when = SCHEMA_WINDOW, .moves = "rows money", .sign = -1, .from = "0.0", .to = "3.0",  \
        .needs = world, .offset = offsetof(parameters, price_response)                         \
    }

#endif
