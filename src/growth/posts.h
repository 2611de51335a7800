/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What creators have in the feed, as growth channels look at it: by the rows of a desk's shard.
 */
#ifndef GROWTH_POSTS_H
#define GROWTH_POSTS_H

#include "growth/channel.h"

/* Videos that a creator's row remembers. */
#define POSTS (sizeof((struct creator){0}.videos) / sizeof(uint32_t))

/* Whether a video (number, or ENTITY_NONE) that a creator's row names is in the feed, and still
 * the creator's: the row of one that has left is used again. */
bool posts_has(const struct channel_desk *desk, uint32_t creator, uint32_t video);
/* The newest video in the feed that everybody may watch; ENTITY_NONE = none. */
uint32_t posts_open(const struct channel_desk *desk, uint32_t creator);
/* The newest one that entered the feed at the last close; ENTITY_NONE = none. What was there
 * when the run began is no news. */
uint32_t posts_news(const struct channel_desk *desk, uint32_t creator);

#endif
