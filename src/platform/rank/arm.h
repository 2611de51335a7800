/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A video as an arm of a bandit: an impression pays 1 when it was a long view (18 s or to the
 * end), else 0. What is known of the arm is a Beta distribution: `prior` impressions with a
 * common share of long views, then those that were counted.
 *
 * Each group of viewers (learner `arms`) has a distribution of its own. It begins with `prior`
 * impressions at the whole audience's mean (empirical Bayes: Efron & Morris 1975), so a group
 * that was never shown the video is as unsure of it as of a new one, wherever the mean is.
 * Viewers without a group go by the whole audience's distribution.
 */
#ifndef PLATFORM_RANK_ARM_H
#define PLATFORM_RANK_ARM_H

#include "platform/learn/arms.h"

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

/* Standard deviation of a Beta distribution that is as sure as after n impressions. */
static inline float arm_spread(float mean, float n)
{
    float variance = mean * (1.0f - mean) / (n + 1.0f);
    return variance > 0 ? sqrtf(variance) : 0; /* no share of a broken checkpoint makes a NaN */
}

static inline float arm_deviation(const struct video_counters *c, float prior)
{
    return arm_spread(arm_mean(c, prior), (float)c->impressions + prior);
}

/* Mean for a group of viewers: its own impressions, and `prior` ones with the share `all` of
 * the whole audience. */
static inline float arm_group_mean(struct arms_count own, float all, float prior)
{
    return (own.watched + prior * all) / (own.shown + prior);
}

/* Mean of the video at a place for viewers of a group, or none: the item's bias is the whole
 * audience's. */
static inline float arm_mean_at(const struct snapshot *snapshot, uint32_t place, int group,
                                float prior)
{
    const float all = snapshot->item[place].bias;
    if (group == ARMS_NONE) return all;
    return arm_group_mean(arms_count(snapshot, place, group), all, prior);
}

#endif
