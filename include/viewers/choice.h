/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a person does with one video that it is shown: how long it watches, which acts follow.
 *
 * A choice model is a pure function of the scene and of seven random words that belong to this
 * impression (viewer, day, session, position): it keeps no memory and draws nothing else, so
 * that two scenarios meet the same people in the same moods. Its state is what it derives from
 * its parameters. Choosing is the hottest call of a run: a few dozen nanoseconds.
 */
#ifndef VIEWERS_CHOICE_H
#define VIEWERS_CHOICE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/member.h"
#include "world/activity.h"

#define CHOICE_WORDS 7

struct choice_scene {
    float match;      /* M: a random video has mean 0, a typical personalised one 1 */
    float duration_s; /* > 0 */
    bool followed;    /* the viewer follows the creator */
    bool violating;   /* the video breaks the rules (what viewers may notice and report) */
    uint32_t word[CHOICE_WORDS]; /* independent, uniform on 32 bits */
    /* ln(-ln u) of the uniform u that word 0 is: what a Weibull or Gumbel variate is made of
     * (maths_logf of minus maths_logf of word_uniformf), at hand since four come at the price
     * of one. Not independent of word 0. */
    float log_exponential;
};

struct choice_outcome {
    float watch_s; /* >= 0; looping counts */
    uint16_t acts; /* ACT_PLAY_7S .. ACT_REPORT */
};

struct choice {
    struct member about;
    /* Derives `state` (about.state_size bytes) from the values of about.parameters' struct
     * (NULL when it has none): at the start and whenever a dated change may have touched them.
     */
    void (*prepare)(void *state, const void *parameters);
    void (*choose)(const void *state, const struct choice_scene *scene,
                   struct choice_outcome *outcome);
};

/* The acts that follow from watching alone: plays, completion. */
static inline uint16_t choice_plays(float watch_s, float duration_s)
{
    unsigned whole = watch_s >= duration_s, long_enough = watch_s >= 7.0f;
    unsigned longer = watch_s >= 18.0f;

    return (uint16_t)((whole | long_enough) * ACT_PLAY_7S | (whole | longer) * ACT_PLAY_18S |
                      whole * ACT_COMPLETE);
}

#endif
