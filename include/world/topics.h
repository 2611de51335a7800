/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The K topics of the platform (docs/ODD.md 7.1): a unit vector each, an audience weight (Zipf)
 * and its own economics. Immutable after topics_init.
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

extern const struct schema_table topics_table; /* "topics" */
struct topics_parameters {
    int64_t count;          /* of the built-in list; beyond it topics get numbers */
    struct name_list names; /* when not empty, instead of count */
    double zipf;            /* exponent of the audience weights */
    double spread;          /* exponent on the economics: 0 = all topics alike, 1 = as listed */
};

/* Topics in the order of their audience. Vectors are random and then pushed apart, so that no
 * two are much alike or opposed. Two topics of one name: STATUS_BAD_INPUT. */
enum status topics_init(struct topics *self, const struct parameters *parameters,
                        struct seed seed) MUST_CHECK;
void topics_free(struct topics *self);
/* The index of a topic; -1 = none of that name. */
int32_t topics_find(const struct topics *self, const char *name);
/* The topic whose vector has the largest product with x[VECTOR_DIM]; the first of equal ones.
 */
uint8_t topics_nearest(const struct topics *self, const float *x);

#endif
