/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A network of M/M/1 stations (Jackson 1957) on the engine, whose steady state is known: the
 * check that the engine simulates what it is told to.
 *
 * Customers come to each station from outside as a Poisson process, wait first come first
 * served, are served for an exponential time of mean 1, then leave the network with chance
 * `leave` or go on to a uniformly drawn station, where they arrive after a constant delay of
 * one window. A constant delay changes nothing in the product form (Kelly 1979, chapter 3), so
 * with a station's load rho each holds rho / (1 - rho) customers on average and a visit lasts
 * 1 / (1 - rho). The network starts in that steady state, transfers under way included: no
 * warm-up is needed.
 */
#ifndef ENGINE_MM1_H
#define ENGINE_MM1_H

#include "base/status.h"
#include "engine/team.h"

struct mm1_options {
    uint32_t stations;
    double utilisation; /* rho, the share of time a station is busy, (0, 1) */
    double leave;       /* chance to leave the network after a service, (0, 1] */
    double window;      /* the delay of a transfer, in mean service times; (0, 1000] */
    double duration;    /* in mean service times; whole windows are run */
    uint32_t shards;    /* power of two */
    uint64_t seed;
};

struct mm1_result {
    uint64_t events, customers;   /* customers: visits to stations that began */
    double number;                /* time average of the customers at a station */
    double sojourn;               /* mean length of the visits, in mean service times */
    uint64_t pending, state_hash; /* the hash does not depend on threads or shards */
    double seconds;               /* wall, without the set-up */
};

enum status mm1_run(const struct mm1_options *options, struct team *team,
                    struct mm1_result *result, struct errors *errors) MUST_CHECK;

#define MM1_UNIT 1000000 /* ms of the mean service time */

#endif
