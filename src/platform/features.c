/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the platform extracts from a video at upload: its content with noise, a unit vector
 * again.
 */
#include "core.h"

/* x~ = (x + s e) / |x + s e| with e normal of expected length 1. */
struct packed16 features_extract(const struct platform *self, const struct video *video)
{
    struct stream draw = stream_open(self->extract_key, video->name, 0);
    float scale = (float)self->parameters->extraction_noise * 0.25f; /* 1 / sqrt(16) */
    struct packed16 feature;
    float x[VECTOR_DIM];
    vector_unpack(x, &video->content);
    for (int i = 0; i < VECTOR_DIM; i++) x[i] += scale * (float)stream_normal(&draw);
    vector_normalise(x);
    vector_pack(&feature, x);
    return feature;
}

void features_mark(uint64_t name, uint8_t mark[2])
{
    uint32_t fold = name_fold(name) * UINT32_C(0x9E3779B1);
    mark[0] = (uint8_t)((fold >> 16) * SEEN_BITS >> 16);
    mark[1] = (uint8_t)((fold & 0xffff) * SEEN_BITS >> 16);
}
