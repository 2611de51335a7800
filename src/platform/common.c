/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/memory.h"
#include "core.h"

enum status common_make(struct platform *self)
{
    const struct learner *learner = self->learner;
    size_t floats = learner ? learner->common_floats : 0;
    if (!floats) return STATUS_OK;
    self->common = memory_alloc(self->models * floats, sizeof(*self->common));
    if (!self->common) return STATUS_NO_MEMORY;
    for (uint32_t m = 0; learner->common_init && m < self->models; m++)
        learner->common_init(self->learner_parameters, common_of(self, m));
    for (uint32_t s = 0; s < self->world->shards.count; s++) {
        self->shard[s].gathered = memory_alloc(self->models * floats, sizeof(float));
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
    const size_t floats = self->models * learner->common_floats;
    float *sum = self->shard[0].gathered;
    for (uint32_t s = 1; s < self->world->shards.count; s++) {
        float *more = self->shard[s].gathered;
        for (size_t k = 0; k < floats; k++) sum[k] += more[k];
        memset(more, 0, floats * sizeof(*more));
    }
    for (uint32_t m = 0; m < self->models; m++)
        learner->common_step(self->learner_parameters, common_of(self, m),
                             sum + (size_t)m * learner->common_floats);
    memset(sum, 0, floats * sizeof(*sum));
}
