/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tastes.h"

void tastes_by_topic(const struct world *world, const struct packed16 *packed, double *weight)
{
    float taste[VECTOR_DIM];
    vector_unpack(taste, packed);
    for (int32_t k = 0; k < world->topics.count; k++) {
        double along = (double)vector_dot(taste, world->topics.topic[k].vector);
        weight[k] = along > 0 ? along * along : 0;
    }
}
