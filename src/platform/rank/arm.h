/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A video as an arm of a bandit: an impression pays 1 when it was a long view (18 s or to the
 * end), else 0. What is known of the arm is a Beta distribution: `prior` impressions with a
 * common share of long views, then those that were counted.
 */
#ifndef PLATFORM_RANK_ARM_H
#define PLATFORM_RANK_ARM_H

#include "platform/ranker.h"

#define LONG_VIEWS 0.3f /* share of long views to begin with: V KR-A, personalised 33.7 % */

/* Mean of the Beta distribution; prior > 0, in impressions. */
static inline float arm_mean(const struct video_counters *c, float prior)
{
    return ((float)c->plays_18s + prior * LONG_VIEWS) / ((float)c->impressions + prior);
}

#define ARM_PRIOR 50.0f /* impressions after which a video's own share counts half */

/* What it is beyond the usual share of long views. */
static inline float arm_lead(const struct video_counters *c)
{
    return arm_mean(c, ARM_PRIOR) - LONG_VIEWS;
}

/* Its standard deviation: sqrt(m (1 - m) / (n + 1)). */
static inline float arm_deviation(const struct video_counters *c, float prior)
{
    float mean = arm_mean(c, prior);
    return sqrtf(mean * (1.0f - mean) / ((float)c->impressions + prior + 1.0f));
}

#endif
