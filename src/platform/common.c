/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/memory.h"
#include "core.h"

enum status common_make(struct platform *self)
{
    if (!self->wide.common) return STATUS_OK;
    self->common = memory_alloc(self->wide.common, sizeof(*self->common));
    if (!self->common) return STATUS_NO_MEMORY;
    for (uint32_t m = 0; m < self->models; m++) {
        struct scheme *scheme = &self->scheme[m];
        const struct learner *learner = scheme->learner;
        if (!learner || !learner->common_floats) continue;
        scheme->common = self->common + scheme->common_at;
        if (learner->common_init && m < self->learnt)
            learner->common_init(scheme->learner_parameters, scheme->common);
    }
    for (uint32_t s = 0; s < self->world->shards.count; s++) {
        self->shard[s].gathered = memory_alloc(self->wide.common, sizeof(float));
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
    const size_t floats = self->wide.common;
    if (!floats) return;
    float *sum = self->shard[0].gathered;
    for (uint32_t s = 1; s < self->world->shards.count; s++) {
        float *more = self->shard[s].gathered;
        for (size_t k = 0; k < floats; k++) sum[k] += more[k];
        memset(more, 0, floats * sizeof(*more));
    }
    for (uint32_t m = 0; m < self->learnt; m++) {
        const struct scheme *scheme = &self->scheme[m];
        if (scheme->common)
            scheme->learner->common_step(scheme->learner_parameters, scheme->common,
                                         sum + scheme->common_at);
    }
    memset(sum, 0, floats * sizeof(*sum));
}

void common_video(struct platform *self, uint32_t s, uint32_t row)
{
    const struct video_shard *videos = &self->world->videos[s];
    for (uint32_t m = 0; m < self->learnt; m++) {
        const struct scheme *scheme = &self->scheme[m];
        if (scheme->learner && scheme->learner->video_floats)
            scheme->learner->video_init(scheme->learner_parameters, videos->row[row].name,
                                        &videos->feature[row], rows_learned(self, m, s, row));
    }
}
