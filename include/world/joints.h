/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Joint videos: a creator's video that a partner's followers find in their follow feed too.
 * Written by growth/ at the close, read by platform/ at the same close, which puts a new one on
 * the list of the partner's newest videos and takes off one that has left.
 *
 * Empty, and of no cost, unless the channel that makes them is in use.
 */
#ifndef WORLD_JOINTS_H
#define WORLD_JOINTS_H

#include <stddef.h>
#include <stdint.h>

#include "engine/time.h"

struct joint {
    uint64_t name;    /* of the video, whose row may be used again */
    sim_time since;   /* the close at which it came on the list */
    uint32_t video;   /* number */
    uint32_t partner; /* creator number */
};

struct joint_list {
    const struct joint *row; /* by the video's shard, oldest first */
    size_t count;
};

#endif
