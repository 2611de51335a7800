/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The match of a viewer and a video (docs/ODD.md 7.2):
 *     M = (w_a cos + w_q (q - 1/2) + w_h h - w_m m (1 - tolerance) - w_s satiation + eps
 *          + w_l [same region] + w_ai [AI] + w_ar [AR/VR] - offset) * scale
 * so that a random video has mean 0 and a typical personalised one mean 1. The noise eps
 * belongs to the pair: the same two always get on equally well.
 */
#ifndef VIEWERS_MATCH_H
#define VIEWERS_MATCH_H

#include "state.h"

/* What does not depend on the moment: raw match without satiation and noise. content = the
 * video's vector as floats. */
static inline float match_lasting(const struct match_parameters *p, const float *theta,
                                  const float *content, const struct video *video,
                                  uint8_t tolerance)
{
    float intolerance = 1.0f - (float)tolerance * (1.0f / 255.0f);

    return (float)p->cosine * vector_dot(theta, content) +
           (float)p->quality * (video->quality - 0.5f) + (float)p->hook * video->hook -
           (float)p->commercial * video->commercial * intolerance;
}

/* What the video is made with is liked or disliked. 0 unless somebody set a weight. The scale
 * is derived without it: it would take away an aversion that all share. */
static inline float match_technology(const struct match_parameters *p,
                                     const struct video *video)
{
    float raw = 0.0f;

    if (video->flags & VIDEO_AI) raw += (float)p->ai;
    if (video->format == VIDEO_AR) raw += (float)p->ar;
    return raw;
}
static inline bool match_minds_technology(const struct match_parameters *p)
{
    return p->ai != 0 || p->ar != 0;
}

/* What is local is liked: `local` when the video's creator lives in the region of the viewer of
 * that birth name, else 0. About 60 ns: for those who know that `local` is not 0. */
float match_local(const struct viewers *self, uint64_t viewer, const struct video *video);

/* The noise of eight pairs, lane i of the words for pair i: the sum of four uniforms, which is
 * close to normal, with sd p->noise. */
static inline void match_noise_eight(const struct match_parameters *p,
                                     const uint32_t word[4][8], float noise[8])
{
    float scale = (float)p->noise * 1.7320508f;

    for (int i = 0; i < 8; i++) {
        float sum = (word_uniformf(word[0][i]) + word_uniformf(word[1][i])) +
                    (word_uniformf(word[2][i]) + word_uniformf(word[3][i]));
        noise[i] = scale * (sum - 2.0f);
    }
}

#endif
