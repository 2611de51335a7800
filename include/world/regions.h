/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Regions: where viewers and creators live. Shares fall by rank (Zipf). Nobody's row keeps a
 * region: it is drawn from the birth name, the same each time it is asked for.
 */
#ifndef WORLD_REGIONS_H
#define WORLD_REGIONS_H

#include "base/parameters.h"
#include "engine/stream.h"

#define REGIONS_MAX 64

struct regions {
    uint32_t count;
    struct stream_key key;
    float edge[REGIONS_MAX]; /* summed shares up to and with a region; the last is 1 */
};

extern const struct schema_table regions_table; /* "regions" */
struct regions_parameters {
    int64_t count;
    double zipf; /* exponent of the shares; 0 = all alike */
};

void regions_init(struct regions *self, const struct parameters *parameters, struct seed seed);
/* The region of whoever has that birth name: 0..count - 1, the largest first; about 20 ns. */
uint32_t regions_of(const struct regions *self, uint64_t name);

#endif
