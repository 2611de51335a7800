/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The K topics of the platform (MODEL section 1): a unit vector each, an audience weight (Zipf) and
 * its own economics. Immutable after topics_init.
 */
#ifndef WORLD_TOPICS_H
#define WORLD_TOPICS_H

#include "base/parameters.h"
#include "base/vector16.h"
#include "engine/stream.h"

#define TOPICS_MAX 64

struct topic {
    char name[SCHEMA_NAME_SIZE];
    float vector[VECTOR_DIM];
    double weight;       /* share of audience interest; sums to 1 */
    double cpm_factor;   /* multiplies revenue.ads.cpm; audience-weighted mean 1 */
    double gift_factor;  /* multiplies the propensity to tip; audience-weighted mean 1 */
    double basket;       /* currency an order, for commerce */
    double course_price; /* currency */
    double risk;         /* multiplies the prevalence of violations */
};

struct topics {
    int32_t count;
    struct topic *topic;            /* owned */
    struct categorical by_audience; /* owned */
};

extern const struct schema_table topics_table; /* "topics": names, count, zipf, spread of economics */

enum status topics_init(struct topics *self, const struct parameters *parameters,
                        struct seed seed) MUST_CHECK;
void topics_free(struct topics *self);
int32_t topics_find(const struct topics *self, const char *name); /* -1 = none */

#endif
