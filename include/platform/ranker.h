/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rankers: what order candidates come in.
 *
 * The common case is linear: score = product(viewer's vector, item's vector) + bias(item),
 * where the vectors come from the learner that the ranker names and the bias is asked for when
 * an item enters the snapshot or was shown since. A ranker that wants more gives `score`.
 */
#ifndef PLATFORM_RANKER_H
#define PLATFORM_RANKER_H

#include "base/member.h"
#include "platform/request.h"
#include "world/video.h"

/* What a ranker may know of a video when its bias is made. */
struct item_facts {
    const struct video_counters *counters;
    const struct packed16 *feature; /* as extracted */
    float learned;                  /* the learner's bias of it; 0 without a learner */
    uint64_t name;
    uint32_t duration_ms;
    uint8_t topic, flags; /* enum video_flag but VIDEO_VIOLATING */
    double heat_rate;     /* decay of counters->heat, per ms */
    const float *common;  /* what the learner keeps for all; NULL = nothing */
};

struct ranker {
    struct member about;
    const char *learner; /* whose vectors it uses; NULL = none: nothing is personal */
    bool omniscient;     /* reads the truth: an upper bound, not a ranker one could build */
    /* Weight of the product of vectors (each of length about 1) in the score, given what the
     * learner keeps for all. NULL = 1. */
    float (*weight)(const void *parameters, const float *common);
    /* The score that no viewer changes; must not depend on time but through the counters (items
     * that nobody was shown keep theirs). NULL = 0. */
    float (*bias)(const void *parameters, const struct item_facts *facts);
    /* A second figure that no viewer changes, e.g. how little is known of the item: what the
     * snapshot has as `learned`, so only of rankers whose learner has nothing to publish. Made
     * with the bias. NULL = none. */
    float (*extra)(const void *parameters, const struct item_facts *facts);
    /* Scores n places; NULL = linear. */
    void (*score)(const void *parameters, const struct request *request, const uint32_t *place,
                  size_t n, float *score);
    /* The part of a score that is there because little is known, of one that `score` has given,
     * for people who look inside. NULL = all of what it adds to the bias when the ranker has no
     * learner, else none. */
    float (*uncertain)(const void *parameters, const struct request *request, uint32_t place,
                       float score);
};

#endif
