/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Growth: the channels in use, and the cascades of shares.
 *
 * Channels are named by `growth.channels` and numbered in the order of their registry, whatever
 * the order of the list. Each share of a video is a node of a tree: its parent is the viewer
 * whose share brought the video. Trees are collected in the video's shard and closed when they
 * have been silent for `growth.cascades.silence` days or their video has left the catalogue.
 */
#ifndef GROWTH_GROWTH_H
#define GROWTH_GROWTH_H

#include "growth/channel.h"

struct growth;

extern const struct schema_table *const growth_tables[]; /* NULL-terminated */
extern const struct member *const growth_channels[];     /* NULL-terminated, built in */

/* A finished tree of shares. */
struct cascade {
    uint32_t root_video;   /* number; by now it may name another video */
    uint32_t root_ordinal; /* its ordinal of birth in its shard, which nothing else has */
    uint32_t depth;        /* of the deepest sharer; 0 = nobody shared it on */
    uint64_t size;         /* sharers, the root included; each viewer counts once a video */
    double virality; /* mean distance of two sharers (Goel et al. 2015); 0 when size = 1 */
};

struct growth_services {
    void *sink;
    /* Called serially at the close; NULL = nobody wants them. */
    void (*cascade)(void *sink, const struct cascade *row);
};

/* Needs world->parameters, registries and team; the tables may be empty. STATUS_BAD_INPUT, with
 * a line in errors, when a name is unknown or there are too many. */
enum status growth_init(struct growth **self, struct world *world,
                        const struct growth_services *services,
                        struct errors *errors) MUST_CHECK;
void growth_free(struct growth *self); /* NULL is fine */
/* After viewers, creators and videos have been populated: makes room. Not after a load. */
enum status growth_populate(struct growth *self) MUST_CHECK;

/* act_service.shared: a viewer shared what it watched. `self` is a struct growth. */
void growth_shared(void *self, struct moment *moment);
/* Video phase: a block of the log; then, once a shard, the shares that came to it. */
void growth_rows(struct growth *self, uint32_t shard, uint32_t thread,
                 const struct impression *rows, size_t n);
void growth_shares(struct growth *self, uint32_t shard);
/* For creators/: buys promotion in the creators phase. */
struct promotion_service growth_promotion(struct growth *self);
/* The close of a window, before revenue: orders end, finished cascades leave, room is made.
 * Also returns what failed inside the window (STATUS_FAULT: more was served than an order had
 * left). Uses the team. */
enum status growth_close(struct growth *self) MUST_CHECK;
/* The end of the run: every open cascade leaves. */
enum status growth_finish(struct growth *self) MUST_CHECK;

/* Names of the channels in use, by number; valid as long as self. */
const char *const *growth_names(const struct growth *self, size_t *count);
/* Counts since the start. */
struct growth_figures {
    uint64_t shares;   /* nodes of trees, finished or not */
    uint64_t cascades; /* finished, of any size */
};
struct growth_figures growth_figures(const struct growth *self);

/* Bytes of the trees of shares and of who follows whom. */
size_t growth_bytes(const struct growth *self);
void growth_visit(struct growth *self, struct visitor *v);

#endif
