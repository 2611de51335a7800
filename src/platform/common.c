/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/memory.h"
#include "core.h"

enum status common_make(struct platform *self)
{
    const struct learner *learner = self->learner;
    size_t floats = learner ? learner->common_floats : 0;
    if (!floats) return STATUS_OK;
    self->common = memory_alloc(floats, sizeof(*self->common));
    if (!self->common) return STATUS_NO_MEMORY;
    if (learner->common_init) learner->common_init(self->learner_parameters, self->common);
    for (uint32_t s = 0; s < self->world->shards.count; s++) {
        self->shard[s].gathered = memory_alloc(floats, sizeof(float));
        if (!self->shard[s].gathered) return STATUS_NO_MEMORY;
    }
    return STATUS_OK;
}

void common_free(struct platform *self)
{
    for (uint32_t s = 0; self->shard && s < self->world->shards.count; s++)
        memory_free(self->shard[s].gathered);
    memory_free(self->common);
}

/* The first shard's sums are the ones that the others are added to. */
void common_close(struct platform *self)
{
    const struct learner *learner = self->learner;
    if (!self->common) return;
    float *sum = self->shard[0].gathered;
    for (uint32_t s = 1; s < self->world->shards.count; s++) {
        float *more = self->shard[s].gathered;
        for (uint32_t k = 0; k < learner->common_floats; k++) sum[k] += more[k];
        memset(more, 0, learner->common_floats * sizeof(*more));
    }
    learner->common_step(self->learner_parameters, self->common, sum);
    memset(sum, 0, learner->common_floats * sizeof(*sum));
}
