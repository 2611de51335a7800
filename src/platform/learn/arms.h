/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the learner `arms` keeps, as its rankers read it.
 *
 * Session: a profile, then the viewer's group, ARMS_NONE while there is none. Block: a word a
 * group, in its lower half the impressions of the video among that group, in the upper one the
 * long views of these.
 */
#ifndef PLATFORM_LEARN_ARMS_H
#define PLATFORM_LEARN_ARMS_H

#include "platform/ranker.h"
#include "profile.h"

#define ARMS_CUTS 3 /* at most */
#define ARMS_GROUPS (1 << ARMS_CUTS)
#define ARMS_NONE (-1)
#define ARMS_GROUP PROFILE_END
#define ARMS_SESSION (PROFILE_END + 1)
#define ARMS_MOST 65535.0f /* impressions of a group that are counted one by one */

/* The group whose counts the feed may go by; ARMS_NONE for who is not known or may not be. */
static inline int arms_group(const struct request *request)
{
    if (!request->personal) return ARMS_NONE;
    return maths_whole(request->session[ARMS_GROUP], ARMS_NONE, ARMS_GROUPS - 1);
}

/* Impressions of a video among a group of viewers, and how many of them were long views. */
struct arms_count {
    float shown, watched; /* watched <= shown */
};

static inline struct arms_count arms_count(const struct snapshot *snapshot, uint32_t place,
                                           int group)
{
    uint32_t word = snapshot_block(snapshot, place)[group];
    uint32_t shown = word & 0xffff, watched = word >> 16;
    return (struct arms_count){(float)shown, (float)(watched < shown ? watched : shown)};
}

#endif
